#include "cli/node_files.h"

#include <monograph/error.h>
#include <monograph/io.h>

#include <charconv>
#include <fstream>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "host/base/printable.h"

namespace monograph::cli {
namespace {

std::pair<std::string, std::string> name_and_file(const std::string& option, const std::string& text) {
  const std::size_t equals = text.find('=');
  if (equals == std::string::npos || equals == 0 || equals + 1 == text.size())
    throw UsageError(option + ": expected NAME=FILE, found \"" + base::printable(text) + "\"");
  return {text.substr(0, equals), text.substr(equals + 1)};
}

/// A NumPy array, by its first bytes.
bool is_array(const std::string& path) {
  constexpr std::string_view kMagic = "\x93NUMPY";
  std::string start(kMagic.size(), '\0');
  std::ifstream file(path, std::ios::binary);
  return file.read(start.data(), std::ssize(start)) && start == kMagic;
}

std::string in_quotes(std::string_view text) { return "\"" + base::printable(text) + "\""; }

/// The text of each node, in index order.
std::vector<std::string_view> by_node(const ValueTable& table, const std::string& path, const NodeIds& ids) {
  std::vector<std::string_view> texts(static_cast<std::size_t>(ids.size()));
  std::vector<bool> given(texts.size(), false);
  for (const ValueTable::Entry& e : table.entries) {
    const std::optional<std::int32_t> v = ids.find(e.id);
    if (!v) throw InputError({path}, "expected ids of nodes of the graph, found " + in_quotes(e.id));
    texts[static_cast<std::size_t>(*v)] = e.value;
    given[static_cast<std::size_t>(*v)] = true;
  }
  for (std::size_t v = 0; v < given.size(); ++v)
    if (!given[v])
      throw InputError({path}, "expected a line for each node of the graph, found none for " +
                                   in_quotes(ids.text(static_cast<std::int32_t>(v))));
  return texts;
}

template <class T>
bool parse(std::string_view text, T& value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size();
}

Column numbers(const std::vector<std::string_view>& texts, const std::string& path, const NodeIds& ids) {
  Column whole(ScalarType::I64, static_cast<std::int64_t>(texts.size())), real(ScalarType::F64, whole.size());
  const auto integers = whole.span<std::int64_t>();
  const auto reals = real.span<double>();
  bool all_whole = true;
  for (std::size_t v = 0; v < texts.size(); ++v) {
    all_whole = all_whole && parse(texts[v], integers[v]);
    if (!parse(texts[v], reals[v]))
      throw InputError({path}, "expected numbers, found " + in_quotes(texts[v]) + " for node " +
                                   in_quotes(ids.text(static_cast<std::int32_t>(v))) +
                                   " (--node-labels takes any text)");
  }
  return all_whole ? whole : real;
}

Column labels(const std::vector<std::string_view>& texts) {
  Column column(ScalarType::I64, static_cast<std::int64_t>(texts.size()));
  const auto first = column.span<std::int64_t>();
  std::unordered_map<std::string_view, std::int64_t> seen;
  for (std::size_t v = 0; v < texts.size(); ++v)
    first[v] = seen.emplace(texts[v], static_cast<std::int64_t>(v)).first->second;
  return column;
}

}  // namespace

void add_node_file_options(CLI::App& app, NodeFiles& files) {
  app.add_option(
         "--node-attribute", files.values,
         "Node attribute NAME from a file with lines \"id number\", one for each node, or from a .npy in the "
         "order of ids; may be repeated")
      ->allow_extra_args(false)
      ->type_name("NAME=FILE");
  app.add_option("--node-labels", files.labels,
                 "Lines with any text, such as the result of cdlp: nodes with the same text belong together")
      ->allow_extra_args(false)
      ->type_name("NAME=FILE");
}

void check_node_files(const NodeFiles& files) {
  for (const std::string& text : files.values) name_and_file("--node-attribute", text);
  for (const std::string& text : files.labels) name_and_file("--node-labels", text);
}

void read_node_files(const NodeFiles& files, Graph& graph) {
  for (const std::string& text : files.values) {
    const auto [name, path] = name_and_file("--node-attribute", text);
    if (path.ends_with(".npy") || is_array(path)) {
      graph.set_node_attribute(name, read_column(path));
      continue;
    }
    const ValueTable table = read_values(path);
    graph.set_node_attribute(name, numbers(by_node(table, path, graph.ids()), path, graph.ids()));
  }
  for (const std::string& text : files.labels) {
    const auto [name, path] = name_and_file("--node-labels", text);
    if (is_array(path)) throw InputError({path}, "expected labels as text, found a NumPy array");
    const ValueTable table = read_values(path);
    graph.set_node_attribute(name, labels(by_node(table, path, graph.ids())));
  }
}

}  // namespace monograph::cli
