// Monograph's own binary rows, laid out to be mapped: every column begins at a multiple of 64 bytes.
//
//    0  magic: 89 "MCSR" 0d 0a 1a, which a transfer as text would damage
//    8  u32  version, 1
//   12  u32  01020304 in the byte order of everything that follows
//   16  u64  bytes of the file
//   24  i64  nodes V
//   32  i64  stored edges E
//   40  u32  flags: 1 undirected (both directions are stored)
//   44  u32  sections
//   48  i64  the first id, where ids have no gaps
//   56  u64  checksum of the header (with 0 here) and the table of sections
//   64  sections, 64 bytes each: u32 kind, u32 element type, u64 offset, u64 bytes, u64 checksum,
//       u64 where in the section of names its name begins, u64 bytes of its name, 16 bytes of 0
//
// then the sections themselves in that order, bytes of 0 between them.
#include <algorithm>
#include <array>
#include <bit>
#include <limits>
#include <utility>

#include "host/base/nearest.h"
#include "host/io/binary.h"
#include "host/io/checksum.h"
#include "host/io/format.h"

namespace monograph::io {
namespace {

static_assert(std::endian::native == std::endian::little,
              "elsewhere: swap bytes where the order mark differs");

constexpr std::string_view kMagic = "\x89MCSR\r\n\x1a";
constexpr std::uint32_t kVersion = 1, kByteOrder = 0x01020304, kUndirected = 1;
constexpr std::size_t kLine = 64;
constexpr std::uint32_t kMostSections = 1 << 16;

enum Kind : std::uint32_t {
  Names,
  Offsets,
  Neighbors,
  NodeAttribute,
  EdgeAttribute,
  IdNumbers,
  IdEnds,
  IdBytes
};
constexpr std::uint32_t kKinds = 8;

struct Header {
  std::array<char, 8> magic{};
  std::uint32_t version = kVersion, order = kByteOrder;
  std::uint64_t bytes = 0;
  std::int64_t nodes = 0, edges = 0;
  std::uint32_t flags = 0, sections = 0;
  std::int64_t first_id = 0;
  std::uint64_t checksum = 0;
};
struct Section {
  std::uint32_t kind = 0, type = 0;
  std::uint64_t offset = 0, bytes = 0, checksum = 0, name_at = 0, name_bytes = 0, reserved[2] = {};
};
static_assert(sizeof(Header) == kLine && sizeof(Section) == kLine);

std::uint64_t padded(std::uint64_t bytes) { return (bytes + kLine - 1) / kLine * kLine; }

template <class T>
std::string_view bytes_of(const T& value) {
  return {reinterpret_cast<const char*>(&value), sizeof value};
}

std::uint64_t checksum_of(Header header, std::string_view table) {
  header.checksum = 0;
  return checksum(std::string(bytes_of(header)).append(table));
}

// Reading ------------------------------------------------------------------------------------------------

class Reader {
 public:
  explicit Reader(const Binary& file) : file_(file) {}

  Graph read(const ReadOptions& options) {
    read_header();
    read_table();
    check_sections();
    NodeIds ids = read_ids();
    const bool undirected = header_.flags & kUndirected;
    Column offsets = column(only(Offsets)), neighbors = column(only(Neighbors));
    return plain(options, undirected)
               ? with_attributes(Graph::from_rows(std::move(offsets), std::move(neighbors), std::move(ids),
                                                  undirected, file_.poll()))
               : rebuilt(options, offsets, neighbors, std::move(ids));
  }

 private:
  void read_header() {
    if (!file_.bytes().starts_with(kMagic))
      file_.fail(0, "89 \"MCSR\" 0d 0a 1a", "other bytes", "is it a .mcsr?");
    if (file_.size() < kLine)
      file_.fail(file_.size(), "a header of 64 bytes", "the end of the file", "is the file complete?");
    header_ = file_.at<Header>(0);
    if (header_.order != kByteOrder)
      file_.fail(12, "the byte order of this machine", "another", "convert it on the machine that wrote it");
    if (header_.version == 0 || header_.version > kVersion)
      file_.fail(8, "version 1", std::to_string(header_.version),
                 "written by a later version of this program?");
    if (header_.bytes != file_.size())
      file_.fail(16, std::to_string(header_.bytes) + " bytes in the file", std::to_string(file_.size()),
                 "is the file complete?");
    if (header_.sections > kMostSections || header_.sections > file_.size() / kLine - 1)
      file_.fail(44, "as many sections as the file has room for", std::to_string(header_.sections));
  }

  void read_table() {
    const auto table = file_.bytes().substr(kLine, header_.sections * kLine);
    if (const auto sum = checksum_of(header_, table); sum != header_.checksum)
      file_.fail(56, "the checksum of the header", "another", "the file is damaged");
    if (header_.nodes < 0 || header_.nodes > std::numeric_limits<std::int32_t>::max())
      file_.fail(24, "a number of nodes in 0..2147483647", std::to_string(header_.nodes));
    if (header_.edges < 0) file_.fail(32, "a number of edges", std::to_string(header_.edges));
    if (header_.flags > kUndirected) file_.fail(40, "flags 0 or 1", std::to_string(header_.flags));
    sections_.resize(header_.sections);
    for (std::size_t i = 0; i < sections_.size(); ++i) sections_[i] = file_.at<Section>(kLine * (i + 1));
  }

  std::size_t place(const Section& s) const {
    return kLine * (static_cast<std::size_t>(&s - sections_.data()) + 1);
  }

  /// Where each is, how long it has to be, and what its checksum says.
  void check_sections() {
    std::uint64_t next = kLine * (1 + sections_.size());
    for (const Section& s : sections_) {
      const std::size_t at = place(s);
      if (s.kind >= kKinds) file_.fail(at, "a kind of section in 0..7", std::to_string(s.kind));
      if (s.type > static_cast<std::uint32_t>(ScalarType::F64))
        file_.fail(at + 4, "an element type in 0..4", std::to_string(s.type));
      if (s.offset != next || s.bytes > file_.size() - s.offset)
        file_.fail(at + 8, "a section that begins at byte " + std::to_string(next) + " and ends in the file",
                   std::to_string(s.bytes) + " bytes at " + std::to_string(s.offset));
      next = std::min<std::uint64_t>(padded(s.offset + s.bytes), file_.size());
      check_length(s);
      file_.progress().parsed(static_cast<double>(next) / static_cast<double>(file_.size()));
      if (checksum(bytes(s)) != s.checksum)
        file_.fail(s.offset, "the checksum of the section of " + std::to_string(s.bytes) + " bytes",
                   "another", "the file is damaged");
      check_padding(s.offset + s.bytes, next);
    }
    if (next != file_.size()) file_.fail(next, "the end of the file", "more");
  }

  void check_padding(std::uint64_t from, std::uint64_t to) const {
    const auto gap = file_.bytes().substr(from, to - from);
    if (const auto at = gap.find_first_not_of('\0'); at != gap.npos)
      file_.fail(from + at, "a byte of 0 between sections", "another", "the file is damaged");
  }

  void check_length(const Section& s) const {
    const auto nodes = static_cast<std::uint64_t>(header_.nodes),
               edges = static_cast<std::uint64_t>(header_.edges);
    const auto size = static_cast<std::uint64_t>(size_of(static_cast<ScalarType>(s.type)));
    const auto is = [&](ScalarType type) { return s.type == static_cast<std::uint32_t>(type); };
    const bool fits = s.kind == Names || s.kind == IdBytes ? is(ScalarType::Bool)
                      : s.kind == Offsets || s.kind == IdEnds
                          ? is(ScalarType::I64) && s.bytes == (nodes + (s.kind == Offsets)) * 8
                      : s.kind == Neighbors ? is(ScalarType::I32) && s.bytes / 4 == edges && s.bytes % 4 == 0
                      : s.kind == IdNumbers ? is(ScalarType::I64) && s.bytes == nodes * 8
                      : s.kind == NodeAttribute ? s.bytes == nodes * size
                                                : s.bytes / size == edges && s.bytes % size == 0;
    if (!fits)
      file_.fail(place(s) + 16,
                 "a section for " + std::to_string(nodes) + " nodes and " + std::to_string(edges) + " edges",
                 std::to_string(s.bytes) + " bytes of type " + std::to_string(s.type) + ", kind " +
                     std::to_string(s.kind));
  }

  std::string_view bytes(const Section& s) const { return file_.bytes().substr(s.offset, s.bytes); }

  const Section* find(Kind kind) const {
    const Section* found = nullptr;
    for (const Section& s : sections_) {
      if (s.kind != kind) continue;
      if (found) file_.fail(place(s), "one section of kind " + std::to_string(kind), "two");
      found = &s;
    }
    return found;
  }
  const Section& only(Kind kind) const {
    const Section* found = find(kind);
    if (!found) file_.fail(44, "a section of kind " + std::to_string(kind), "none");
    return *found;
  }

  Column column(const Section& s) const {
    const auto type = static_cast<ScalarType>(s.type);
    if (type == ScalarType::Bool)
      if (const auto at = bytes(s).find_first_not_of(std::string_view("\0\1", 2));
          at != std::string_view::npos)
        file_.fail(s.offset + at, "0 or 1", "another byte");
    return Column::in_storage(type, static_cast<std::int64_t>(s.bytes) / size_of(type),
                              {file_.storage(), file_.storage().get() + s.offset});
  }

  std::string name(const Section& s) const {
    const std::string_view names = bytes(only(Names));
    if (s.name_at > names.size() || s.name_bytes > names.size() - s.name_at)
      file_.fail(place(s) + 32, "a name in the section of names", "one that is outside of it");
    return std::string(names.substr(s.name_at, s.name_bytes));
  }

  NodeIds read_ids() const {
    const Section *numbers = find(IdNumbers), *ends = find(IdEnds);
    if (numbers && ends) file_.fail(place(*ends), "ids once", "numbers and text");
    try {
      if (numbers) {
        const Column ids = column(*numbers);
        const auto all = ids.span<std::int64_t>();
        return NodeIds::sparse({all.begin(), all.end()});
      }
      return ends ? text_ids(*ends, only(IdBytes)) : NodeIds::dense(header_.nodes, header_.first_id);
    } catch (const InputError& e) {
      throw InputError({file_.path()}, e.what());
    }
  }

  NodeIds text_ids(const Section& where, const Section& section) const {
    const Column ends = column(where);
    const std::string_view text = bytes(section);
    std::vector<std::string> ids;
    std::int64_t begin = 0;
    for (const std::int64_t end : ends.span<std::int64_t>()) {
      if (end < begin || end > static_cast<std::int64_t>(text.size()))
        file_.fail(where.offset + 8 * ids.size(), "the end of an id within the section of ids",
                   std::to_string(end));
      ids.emplace_back(text.substr(static_cast<std::size_t>(begin), static_cast<std::size_t>(end - begin)));
      begin = end;
    }
    return NodeIds::strings(std::move(ids));
  }

  /// Whether the rows can be taken as they are.
  static bool plain(const ReadOptions& options, bool undirected) {
    return options.multi_edges == MultiEdges::Keep && options.self_loops == SelfLoops::Keep &&
           options.undirected.value_or(undirected) == undirected;
  }

  Graph with_attributes(Graph graph) const {
    for (const Section& s : sections_) {
      if (s.kind == NodeAttribute) graph.set_node_attribute(name(s), column(s));
      if (s.kind == EdgeAttribute) graph.set_edge_attribute(name(s), column(s));
    }
    return graph;
  }

  Graph rebuilt(const ReadOptions& options, const Column& offsets, const Column& neighbors,
                NodeIds ids) const {
    StoredRows rows{.offsets = offsets.span<std::int64_t>(),
                    .neighbors = neighbors.span<std::int32_t>(),
                    .ids = std::move(ids),
                    .undirected = (header_.flags & kUndirected) != 0};
    for (const Section& s : sections_)
      if (s.kind == EdgeAttribute) rows.edges.push_back({name(s), column(s)});
    Graph graph = make_graph(std::move(rows), options, file_.poll());
    for (const Section& s : sections_)
      if (s.kind == NodeAttribute) graph.set_node_attribute(name(s), column(s));
    return graph;
  }

  const Binary& file_;
  Header header_;
  std::vector<Section> sections_;
};

Graph read_mcsr(const Binary& file, const ReadOptions& options) {
  try {
    return Reader(file).read(options);
  } catch (const InputError& e) {
    if (std::string_view(e.what()).starts_with(file.path())) throw;
    throw InputError({file.path()}, e.what());
  }
}

// Writing ------------------------------------------------------------------------------------------------

class Writer {
 public:
  explicit Writer(const Graph& graph) : graph_(graph) {
    header_.nodes = graph.node_count();
    header_.edges = graph.edge_count();
    header_.flags = graph.undirected() ? kUndirected : 0;
    const auto rows = graph.out();
    add(Offsets, ScalarType::I64, view(rows.offsets));
    add(Neighbors, ScalarType::I32, view(rows.neighbors));
    add_ids();
    for (const auto& name : graph.node_attribute_names())
      add(NodeAttribute, *graph.node_attribute(name), name);
    for (const auto& name : graph.edge_attribute_names())
      add(EdgeAttribute, *graph.edge_attribute(name), name);
    add(Names, ScalarType::Bool, names_);
  }

  void write(const std::string& path) {
    place_sections();
    const std::string_view table(reinterpret_cast<const char*>(sections_.data()), sections_.size() * kLine);
    header_.checksum = checksum_of(header_, table);
    FileOutput out(path);
    out.text(bytes_of(header_)).bytes(table);
    for (std::size_t i = 0; i < sections_.size(); ++i) {
      out.bytes(contents_[i]);
      if (i + 1 < sections_.size())
        out.text(std::string(padded(contents_[i].size()) - contents_[i].size(), '\0'));
    }
    out.commit();
  }

 private:
  template <class T>
  static std::string_view view(std::span<const T> values) {
    return {reinterpret_cast<const char*>(values.data()), values.size_bytes()};
  }

  void add(Kind kind, ScalarType type, std::string_view content, std::string_view name = "") {
    Section s;
    s.kind = kind;
    s.type = static_cast<std::uint32_t>(type);
    s.name_at = names_.size();
    s.name_bytes = name.size();
    names_ += name;
    sections_.push_back(s);
    contents_.push_back(content);
  }
  void add(Kind kind, const Column& column, const std::string& name) {
    add(kind, column.type(),
        {static_cast<const char*>(column.data()), static_cast<std::size_t>(column.bytes())}, name);
  }

  void add_ids() {
    const NodeIds& ids = graph_.ids();
    const auto count = static_cast<std::int32_t>(ids.size());
    if (ids.is_dense()) {
      header_.first_id = count ? ids.number(0) : 0;
      return;
    }
    for (std::int32_t v = 0; v < count; ++v) {
      if (ids.is_text()) id_text_ += ids.text(v);
      id_numbers_.push_back(ids.is_text() ? static_cast<std::int64_t>(id_text_.size()) : ids.number(v));
    }
    add(ids.is_text() ? IdEnds : IdNumbers, ScalarType::I64,
        view(std::span<const std::int64_t>(id_numbers_)));
    if (ids.is_text()) add(IdBytes, ScalarType::Bool, id_text_);
  }

  void place_sections() {
    contents_.back() = names_;
    std::uint64_t next = kLine * (1 + sections_.size());
    for (std::size_t i = 0; i < sections_.size(); ++i) {
      sections_[i].offset = next;
      sections_[i].bytes = contents_[i].size();
      sections_[i].checksum = checksum(contents_[i]);
      header_.bytes = next + contents_[i].size();
      next = padded(header_.bytes);
    }
    header_.sections = static_cast<std::uint32_t>(sections_.size());
    std::ranges::copy(kMagic, header_.magic.begin());
  }

  const Graph& graph_;
  Header header_;
  std::vector<Section> sections_;
  std::vector<std::string_view> contents_;
  std::string names_, id_text_;
  std::vector<std::int64_t> id_numbers_;
};

void write_mcsr(const Graph& graph, const std::string& path) { Writer(graph).write(path); }

}  // namespace

constinit const Format mcsr_format = {
    "mcsr",
    ".mcsr",
    "Monograph's own: rows, ids and attributes with checksums, mapped instead of read",
    nullptr,
    write_mcsr,
    nullptr,
    {.nodes = true, .direction = true, .attributes = true},
    read_mcsr,
    true};

}  // namespace monograph::io
