#include "host/io/edge_lines.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <limits>

#include "host/io/format.h"

namespace monograph::io {
namespace {

constexpr std::array<std::string_view, 9> kSourceNames = {"source", "src",        "from", "start",  "u",
                                                          "node1",  "fromnodeid", "id1",  "from_id"};
constexpr std::array<std::string_view, 11> kTargetNames = {
    "target", "dst", "to", "end", "v", "node2", "tonodeid", "id2", "to_id", "dest", "destination"};

std::string_view without_quotes(std::string_view field) {
  return field.size() >= 2 && field.front() == '"' && field.back() == '"' ? field.substr(1, field.size() - 2)
                                                                          : field;
}

bool is_one_of(std::string_view field, std::span<const std::string_view> names) {
  std::string lower(without_quotes(field));
  std::ranges::transform(lower, lower.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return std::ranges::find(names, lower) != names.end();
}

bool looks_like_number(std::string_view field) {
  field = without_quotes(field);
  if (field.starts_with('-') || field.starts_with('+') || field.starts_with('.')) field.remove_prefix(1);
  return !field.empty() && field[0] >= '0' && field[0] <= '9';
}

/// The delimiter of a line: what stands outside quotes, a tab before a comma before a semicolon. Numbers need
/// no strict tabs: blanks do.
char sniff(std::string_view line, Ids ids) {
  bool tab = false, comma = false, semicolon = false, inside = false;
  for (const char c : line) {
    if (c == '"') inside = !inside;
    if (inside) continue;
    tab |= c == '\t';
    comma |= c == ',';
    semicolon |= c == ';';
  }
  if (tab && (ids == Ids::Text || (!comma && !semicolon))) return ids == Ids::Text ? '\t' : 0;
  return comma ? ',' : semicolon ? ';' : 0;
}

}  // namespace

EdgeLines::EdgeLines(const Text& text, const ReadOptions& options) : cursor_(text), line_(text.begin()) {
  for (int i = 0; i < options.skip_lines; ++i) cursor_.skip_line();
  if (!cursor_.next_line()) return;
  line_ = first_line_ = cursor_.place();
  settle_columns(options);
}

EdgeLines::EdgeLines(const EdgeLines& other, std::string_view lines)
    : cursor_(other.cursor_.text(), lines, other.cursor_.delimiter()),
      line_(lines.data()),
      first_line_(other.first_line_),
      columns_(other.columns_) {}

EdgeLines EdgeLines::over(std::string_view lines) const { return {*this, lines}; }

void EdgeLines::settle_columns(const ReadOptions& options) {
  const char asked = options.delimiter == ' ' ? '\0' : options.delimiter;
  cursor_.set_delimiter(options.delimiter ? asked : sniff(cursor_.rest_of_line(), options.ids));
  columns_ = cursor_.count_fields(line_);
  if (columns_ != 2 && columns_ != 3)
    cursor_.text().fail(
        line_,
        "expected 2 or 3 columns (source target [weight]), found " + std::to_string(columns_) +
            (columns_ == 1 ? " (is the delimiter another one?)" : " (keep the columns of the edges only)"));
  if (is_header(options)) cursor_.skip_line();
}

/// Names of columns are no ids: both are known names, or they are no numbers although numbers are expected
/// and more lines follow (which then have to hold numbers).
bool EdgeLines::is_header(const ReadOptions& options) const {
  Cursor fields = cursor_;
  const auto first = fields.peek();
  std::deque<std::string> storage;
  if (first.empty()) return false;
  fields.word(storage);
  if (!fields.next_field()) return false;
  const auto second = fields.peek();
  if (is_one_of(first, kSourceNames) && is_one_of(second, kTargetNames)) return true;
  if (options.ids == Ids::Text || looks_like_number(first) || looks_like_number(second)) return false;
  fields.skip_line();
  return fields.next_line();
}

void EdgeLines::fail_columns() {
  const auto& text = cursor_.text();
  text.fail(cursor_.place(), "expected " + std::to_string(columns_) + " columns as in line " +
                                 std::to_string(text.locate(first_line_).line) + ", found " +
                                 std::to_string(cursor_.count_fields(line_)) +
                                 " (every line needs the same: source target [weight])");
}

void add_weights(EdgeList& edges, bool weighted, std::span<const double> weight) {
  if (weighted) edges.attributes.push_back({"weight", Column::of<double>(weight)});
}

void check_node_count(std::size_t count, const Text& text) {
  if (count > static_cast<std::size_t>(std::numeric_limits<std::int32_t>::max()))
    throw InputError({text.path()}, "expected at most 2147483647 nodes, found " + std::to_string(count));
}

namespace {

std::vector<std::int32_t> positions(const NumberIndex& index, UnsetVector<std::int64_t>& ids) {
  std::vector<std::int32_t> found(ids.size());
  std::ranges::transform(ids, found.begin(), [&](std::int64_t id) { return index.find(id); });
  ids = {};  // of a large file, not both are kept
  return found;
}

template <class Occurring>
Graph read_occurring(const Text& text, const ReadOptions& options) {
  Occurring nodes;
  std::deque<std::string> storage;
  ReadOptions own = options;
  if (!Occurring::kParallel) own.threads = 1;
  auto listed = list_edges<typename Occurring::List>(
      text, own, [&](Cursor& cursor) { return nodes.read(cursor, storage); });
  EdgeList edges;
  edges.ids = nodes.number(text, listed.source, listed.target, edges.source, edges.target);
  add_weights(edges, listed.weighted, listed.weight);
  return make_graph(std::move(edges), options, text.poll());
}

}  // namespace

NodeIds OccurringNumbers::number(const Text& text, List& a, List& b, std::vector<std::int32_t>& a_out,
                                 std::vector<std::int32_t>& b_out) {
  auto ids = distinct_ids(a, b);
  check_node_count(ids.size(), text);
  const NumberIndex index(std::move(ids));
  text.progress().parsed(1);  // each of these is a while on a large file
  a_out = positions(index, a);
  text.progress().parsed(1);
  b_out = positions(index, b);
  return index.node_ids();
}

NodeIds OccurringText::number(const Text& text, List& a, List& b, std::vector<std::int32_t>& a_out,
                              std::vector<std::int32_t>& b_out) {
  check_node_count(index_.size(), text);
  auto ids = index_.sort({&a, &b});
  a_out = std::move(a);
  b_out = std::move(b);
  return ids;
}

Graph read_edge_list(const Text& text, const ReadOptions& options) {
  return options.ids == Ids::Text ? read_occurring<OccurringText>(text, options)
                                  : read_occurring<OccurringNumbers>(text, options);
}

}  // namespace monograph::io
