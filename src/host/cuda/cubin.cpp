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

}  // namespace

CubinReport inspect_cubin(std::span<const std::byte> cubin) {
  constexpr std::string_view prefix = ".text.";
  CubinReport report;
  const auto damaged = [&](std::string reason) {
    report.reason = std::move(reason);
    report.kernels.clear();
    return report;
  };
  const auto header = read<Header>(cubin, 0);
  if (!header) return damaged("it is shorter than an ELF header");
  if (std::string reason = check(*header); !reason.empty()) return damaged(reason);
  std::vector<Section> sections;
  for (std::uint64_t i = 0; i < header->section_count; ++i) {
    const auto section = read<Section>(cubin, header->section_offset + i * sizeof(Section));
    if (!section || !content(cubin, *section))
      return damaged("section " + std::to_string(i) + " lies outside the file");
    sections.push_back(*section);
  }
  if (header->names_index >= sections.size()) return damaged("it has no table of section names");
  const auto names = *content(cubin, sections[header->names_index]);
  for (const Section& section : sections) {
    const std::string_view name = text_at(names, section.name);
    if (!name.starts_with(prefix)) continue;
    if (section.size == 0) return damaged("kernel " + std::string(name.substr(prefix.size())) + " is empty");
    report.kernels.emplace_back(name.substr(prefix.size()));
  }
  if (report.kernels.empty()) return damaged("it holds no kernel");
  std::ranges::sort(report.kernels);
  return report;
}

}  // namespace monograph::cuda
