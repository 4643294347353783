#include "host/cuda/cubin.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string_view>

namespace monograph::cuda {
namespace {

constexpr std::uint16_t kMachineCuda = 190;
constexpr std::uint32_t kNoBits = 8;  // a section without bytes in the file

// ELF64, little endian, as the System V ABI lays it out.
struct Header {
  unsigned char ident[16];
  std::uint16_t type, machine;
  std::uint32_t version;
  std::uint64_t entry, program_offset, section_offset;
  std::uint32_t flags;
  std::uint16_t header_size, program_entry_size, program_count, section_entry_size, section_count,
      names_index;
};
struct Section {
  std::uint32_t name, type;
  std::uint64_t flags, address, offset, size;
  std::uint32_t link, info;
  std::uint64_t alignment, entry_size;
};
static_assert(sizeof(Header) == 64 && sizeof(Section) == 64);

struct Symbol {
  std::uint32_t name;
  unsigned char info, other;
  std::uint16_t section;
  std::uint64_t value, size;
};
static_assert(sizeof(Symbol) == 24);

template <class T>
std::optional<T> read(std::span<const std::byte> bytes, std::uint64_t offset) {
  if (offset > bytes.size() || bytes.size() - offset < sizeof(T)) return std::nullopt;
  T value;
  std::memcpy(&value, bytes.data() + offset, sizeof(T));
  return value;
}

std::optional<std::span<const std::byte>> content(std::span<const std::byte> file, const Section& s) {
  if (s.type == kNoBits) return std::span<const std::byte>();
  if (s.offset > file.size() || file.size() - s.offset < s.size) return std::nullopt;
  return file.subspan(s.offset, s.size);
}

std::string_view text_at(std::span<const std::byte> table, std::uint32_t offset) {
  if (offset >= table.size()) return {};
  const std::string_view rest(reinterpret_cast<const char*>(table.data()) + offset, table.size() - offset);
  const auto end = rest.find('\0');
  return end == std::string_view::npos ? std::string_view() : rest.substr(0, end);
}

// ".nv.info": records of a format, an attribute, and two bytes, which are the size of what follows in
// format 4.
constexpr unsigned char kSized = 4, kRegisters = 0x2f, kFrameSize = 0x11;
struct Attribute {
  unsigned char format, attribute;
  std::uint16_t size;
};
struct OfKernel {
  std::uint32_t symbol, value;
};

/// each(attribute, symbol, value) for what is said of kernels.
template <class Each>
void for_attributes(std::span<const std::byte> info, const Each& each) {
  for (std::uint64_t at = 0;;) {
    const auto record = read<Attribute>(info, at);
    if (!record) return;
    const auto of = read<OfKernel>(info, at + sizeof(Attribute));
    if (record->format == kSized && record->size == sizeof(OfKernel) && of)
      each(record->attribute, of->symbol, of->value);
    at += sizeof(Attribute) + (record->format == kSized ? record->size : 0);
  }
}

std::string check(const Header& h) {
  if (std::memcmp(h.ident,
                  "\x7f"
                  "ELF",
                  4) != 0)
    return "it is no ELF file";
  if (h.ident[4] != 2 || h.ident[5] != 1) return "it is not 64-bit little-endian";
  if (h.machine != kMachineCuda)
    return "it is for machine " + std::to_string(h.machine) + ", not for CUDA (190)";
  if (h.section_entry_size != sizeof(Section)) return "its section table has entries of a wrong size";
  return {};
}

/// A file whose sections lie inside of it.
class Cubin {
 public:
  explicit Cubin(std::span<const std::byte> file) : file_(file) {}

  /// Why it is damaged, or "".
  std::string open() {
    const auto header = read<Header>(file_, 0);
    if (!header) return "it is shorter than an ELF header";
    if (std::string reason = check(*header); !reason.empty()) return reason;
    for (std::uint64_t i = 0; i < header->section_count; ++i) {
      const auto section = read<Section>(file_, header->section_offset + i * sizeof(Section));
      if (!section || !content(file_, *section))
        return "section " + std::to_string(i) + " lies outside the file";
      sections_.push_back(*section);
    }
    if (header->names_index >= sections_.size()) return "it has no table of section names";
    names_ = bytes(sections_[header->names_index]);
    return {};
  }

  const std::vector<Section>& sections() const { return sections_; }
  std::string_view name(const Section& s) const { return text_at(names_, s.name); }
  std::span<const std::byte> bytes(const Section& s) const { return *content(file_, s); }
  std::span<const std::byte> find(std::string_view wanted) const {
    for (const Section& s : sections_)
      if (name(s) == wanted) return bytes(s);
    return {};
  }
  std::string_view symbol(std::uint32_t index) const {
    const auto s = read<Symbol>(find(".symtab"), index * sizeof(Symbol));
    return s ? text_at(find(".strtab"), s->name) : std::string_view();
  }

 private:
  std::span<const std::byte> file_, names_;
  std::vector<Section> sections_;
};

void find_uses(const Cubin& cubin, CubinReport& report) {
  report.uses.resize(report.kernels.size());
  for_attributes(cubin.find(".nv.info"),
                 [&](unsigned char attribute, std::uint32_t symbol, std::uint32_t value) {
                   if (attribute != kRegisters && attribute != kFrameSize) return;
                   const auto at = std::ranges::lower_bound(report.kernels, cubin.symbol(symbol));
                   if (at == report.kernels.end() || *at != cubin.symbol(symbol)) return;
                   KernelUse& use = report.uses[static_cast<std::size_t>(at - report.kernels.begin())];
                   (attribute == kRegisters ? use.registers : use.stack_bytes) = value;
                 });
}

}  // namespace

CubinReport inspect_cubin(std::span<const std::byte> file) {
  constexpr std::string_view prefix = ".text.";
  CubinReport report;
  const auto damaged = [&](std::string reason) {
    report.reason = std::move(reason);
    report.kernels.clear();
    return report;
  };
  Cubin cubin(file);
  if (std::string reason = cubin.open(); !reason.empty()) return damaged(reason);
  for (const Section& section : cubin.sections()) {
    const std::string_view name = cubin.name(section);
    if (!name.starts_with(prefix)) continue;
    if (section.size == 0) return damaged("kernel " + std::string(name.substr(prefix.size())) + " is empty");
    report.kernels.emplace_back(name.substr(prefix.size()));
  }
  if (report.kernels.empty()) return damaged("it holds no kernel");
  std::ranges::sort(report.kernels);
  find_uses(cubin, report);
  return report;
}

}  // namespace monograph::cuda
