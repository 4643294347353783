// The table of formats, which one a path means, and what several formats share.
#include "host/io/format.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <new>
#include <stdexcept>

#include "host/base/nearest.h"
#include "host/base/ranges.h"
#include "host/io/binary.h"
#include "host/io/generators.h"

namespace monograph {
namespace io {
namespace {

constexpr auto kFormats = std::to_array<const Format*>({
#define MONOGRAPH_FORMAT(name) &name##_format,
#include "host/io/format_list.def"
#undef MONOGRAPH_FORMAT
});

enum class Ability { ReadGraph, WriteGraph, WriteResult };

bool can(const Format& format, Ability ability) {
  switch (ability) {
    case Ability::ReadGraph:
      return format.read != nullptr || format.read_binary != nullptr;
    case Ability::WriteGraph:
      return format.write != nullptr;
    case Ability::WriteResult:
      return format.write_result != nullptr;
  }
  return false;
}

std::string_view verb(Ability ability) {
  return ability == Ability::ReadGraph    ? "read graphs"
         : ability == Ability::WriteGraph ? "write graphs"
                                          : "write results";
}

std::string names_that(Ability ability) {
  std::string names;
  for (const auto* format : kFormats)
    if (can(*format, ability)) names += (names.empty() ? "" : ", ") + std::string(format->name);
  return names;
}

const Format& by_name(const std::string& name, Ability ability) {
  std::vector<std::string_view> names;
  for (const auto* format : kFormats) {
    if (format->name == name && can(*format, ability)) return *format;
    names.push_back(format->name);
  }
  if (std::ranges::find(names, name) != names.end())
    throw UsageError("format '" + name + "' does not " + std::string(verb(ability)) +
                     " (these do: " + names_that(ability) + ")");
  const auto near = base::nearest(name, names);
  throw UsageError("unknown format '" + name + "'" +
                   (near.empty() ? "" : " (did you mean '" + std::string(near) + "'?)") + ": formats that " +
                   std::string(verb(ability)) + " are " + names_that(ability));
}

/// ".mtx" of "dir/a.mtx.gz"; "" when there is none.
std::string extension_of(std::string_view path) {
  path = without_compression(path);
  const auto name = path.substr(path.rfind('/') + 1);
  const auto dot = name.rfind('.');
  if (dot == name.npos || dot == 0) return "";
  std::string extension(name.substr(dot));
  std::ranges::transform(extension, extension.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return extension;
}

bool claims(const Format& format, std::string_view extension) {
  auto rest = format.extensions;
  while (!extension.empty() && !rest.empty()) {
    const auto end = std::min(rest.find(' '), rest.size());
    if (rest.substr(0, end) == extension) return true;
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return false;
}

const Format* by_extension(const std::string& path, Ability ability) {
  const auto extension = extension_of(path);
  const auto found = std::ranges::find_if(
      kFormats, [&](const Format* f) { return claims(*f, extension) && can(*f, ability); });
  return found == kFormats.end() ? nullptr : *found;
}

[[noreturn]] void fail_extension(const std::string& path, Ability ability) {
  const auto extension = extension_of(path);
  throw InputError({path}, "expected an extension that names a format, found " +
                               (extension.empty() ? "none" : quoted(extension)) +
                               " (name the format: " + names_that(ability) + ")");
}

bool begins_with_banner(const Text& text) {
  constexpr std::string_view kBanner = "%%matrixmarket";
  return std::ranges::equal(std::string_view(text.begin(), std::min(text.size(), kBanner.size())), kBanner,
                            {}, [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
}

const Format& format_of(const Text& text, const ReadOptions& options) {
  if (!options.format.empty()) return by_name(options.format, Ability::ReadGraph);
  if (begins_with_banner(text)) return matrix_market_format;
  const auto* format = by_extension(text.path(), Ability::ReadGraph);
  if (!format) fail_extension(text.path(), Ability::ReadGraph);
  return *format;
}

void check_options(const ReadOptions& options) {
  if (options.skip_lines < 0)
    throw UsageError("skip_lines must be 0 or more, not " + std::to_string(options.skip_lines));
  const auto c = static_cast<unsigned char>(options.delimiter);
  if (c && (std::isalnum(c) || c == '-' || c == '+' || c == '.' || c == '"' || c == '\n' || c == '\r'))
    throw UsageError("a delimiter cannot be " + quoted({&options.delimiter, 1}) +
                     ", which is part of the fields");
}

/// The format of a file that is no text, by name or by the path; null for text.
const Format* binary_format(const std::string& path, const ReadOptions& options) {
  const Format* format = options.format.empty() ? by_extension(path, Ability::ReadGraph)
                                                : &by_name(options.format, Ability::ReadGraph);
  return format && format->read_binary ? format : nullptr;
}

Graph read_file(const std::string& path, const ReadOptions& options) {
  check_options(options);
  if (const Format* format = binary_format(path, options)) {
    check_binary_options(path, options);
    const Binary file(path, options, format->mapped ? Binary::Access::Map : Binary::Access::Read);
    return format->read_binary(file, options);
  }
  const Text text(path, options);
  return format_of(text, options).read(text, options);
}

/// The format to write, by name or by the path.
const Format& writer_of(const std::string& path, const std::string& format) {
  if (!format.empty()) return by_name(format, Ability::WriteGraph);
  const auto* by_path = by_extension(path, Ability::WriteGraph);
  if (!by_path) fail_extension(path, Ability::WriteGraph);
  return *by_path;
}

std::int64_t nodes_without_edges(const Graph& graph) {
  const auto out = graph.out();
  std::vector<bool> has_edge(static_cast<std::size_t>(graph.node_count()), false);
  for (std::size_t v = 0; v < has_edge.size(); ++v)
    if (out.offsets[v] != out.offsets[v + 1]) has_edge[v] = true;
  for (const std::int32_t u : out.neighbors) has_edge[static_cast<std::size_t>(u)] = true;
  return std::ranges::count(has_edge, false);
}

/// Ids that are no more than positions, counted from 0 or 1.
bool are_positions(const NodeIds& ids) {
  return ids.size() == 0 || (!ids.is_text() && ids.is_dense() && ids.number(0) >= 0 && ids.number(0) <= 1);
}

bool is_among(std::string_view word, std::string_view words) {
  for (std::size_t at = 0; (at = words.find(word, at)) != words.npos; ++at) {
    const auto end = at + word.size();
    if ((at == 0 || words[at - 1] == ' ') && (end == words.size() || words[end] == ' ')) return true;
  }
  return false;
}

/// Those that are no weights of edges, which have a phrase of their own.
void name_attributes(const Graph& graph, const Keeps& keeps, std::vector<std::string>& lost) {
  for (const std::string& name : graph.node_attribute_names())
    if (name.empty() || !is_among(name, keeps.node_attributes))
      lost.push_back("the attribute '" + name + "' of nodes");
  for (const std::string& name : graph.edge_attribute_names())
    if (name != "weight") lost.push_back("the attribute '" + name + "' of edges");
}

void check_columns(const NodeIds& ids, std::span<const ResultColumn> columns) {
  for (const auto& c : columns)
    if (c.column.size() != ids.size())
      throw InputError("result column '" + c.name + "' has " + std::to_string(c.column.size()) +
                       " values, but there are " + std::to_string(ids.size()) + " nodes");
}

}  // namespace

Graph make_graph(EdgeList edges, const ReadOptions& options, const std::function<void()>& poll) {
  edges.undirected = options.undirected.value_or(edges.undirected);
  edges.multi_edges = options.multi_edges;
  edges.self_loops = options.self_loops;
  return Graph::from_edges(std::move(edges), poll);
}

void put_element(Output& out, const Column& column, std::int64_t i) {
  const auto value = column.at(i);
  switch (value.type) {
    case ScalarType::Bool:
      out.number(std::int64_t{value.as<bool>()});
      return;
    case ScalarType::I32:
      out.number(std::int64_t{value.as<std::int32_t>()});
      return;
    case ScalarType::I64:
      out.number(value.as<std::int64_t>());
      return;
    case ScalarType::F32:
      out.number(value.as<float>());
      return;
    case ScalarType::F64:
      out.number(value.as<double>());
      return;
  }
}

void put_id(Output& out, const NodeIds& ids, std::int32_t index) {
  if (!ids.is_text()) {
    out.number(ids.number(index));
    return;
  }
  const std::string id = ids.text(index);
  if (id.find_first_of("\n\r") != id.npos)
    throw InputError("the node id " + quoted(id) + " has a line end in it: no text format can hold it");
  const bool comment = id.starts_with('#') || id.starts_with('%') || id.starts_with('/');
  if (!id.empty() && !comment && id.find_first_of(" \t,;\"") == id.npos) {
    out.text(id);
    return;
  }
  out.text('"');
  for (const char c : id) out.text(c == '"' ? std::string_view("\"\"") : std::string_view(&c, 1));
  out.text('"');
}

std::int32_t node_at(const NodeIds& ids, const ResultColumn& column, std::int64_t i) {
  if (!is_integer(column.column.type()))
    throw InputError("result column '" + column.name + "' is to hold nodes, but its type is " +
                     std::string(to_string(column.column.type())));
  const auto value = column.column.at(i);
  const auto index = value.type == ScalarType::I32 ? value.as<std::int32_t>() : value.as<std::int64_t>();
  if (index < -1 || index >= ids.size())
    throw InputError("result column '" + column.name + "' of node " + ids.text(static_cast<std::int32_t>(i)) +
                     ": expected a node index or -1, found " + std::to_string(index));
  return static_cast<std::int32_t>(index);
}

void put_result(Output& out, const NodeIds& ids, const ResultColumn& column, std::int64_t i) {
  if (column.role == Role::Value) return put_element(out, column.column, i);
  const auto index = node_at(ids, column, i);
  if (index < 0)
    out.number(std::int64_t{-1});
  else
    put_id(out, ids, index);
}

}  // namespace io

std::span<const FormatInfo> formats() {
  static const auto infos = [] {
    std::array<FormatInfo, io::kFormats.size()> all;
    std::ranges::transform(io::kFormats, all.begin(), [](const io::Format* f) {
      return FormatInfo{f->name,
                        f->extensions,
                        f->doc,
                        io::can(*f, io::Ability::ReadGraph),
                        f->write != nullptr,
                        f->write_result != nullptr};
    });
    return all;
  }();
  return infos;
}

Graph read_graph(const std::string& path_or_generator, const ReadOptions& options) {
  const base::Range range(base::Phase::Load);
  try {
    return io::is_generator(path_or_generator) ? io::generate(path_or_generator, options)
                                               : io::read_file(path_or_generator, options);
  } catch (const std::bad_alloc&) {
    throw MemoryError("out of memory while reading " + path_or_generator);
  } catch (const std::length_error&) {
    throw MemoryError("out of memory while reading " + path_or_generator);
  }
}

void write_graph(const Graph& graph, const std::string& path, const std::string& format) {
  io::writer_of(path, format).write(graph, path);
}

std::vector<std::string> losses(const Graph& graph, const std::string& path, const std::string& format) {
  const io::Keeps keeps = io::writer_of(path, format).keeps;
  std::vector<std::string> lost;
  if (const auto count = keeps.nodes ? 0 : io::nodes_without_edges(graph); count > 0)
    lost.push_back(std::to_string(count) + (count == 1 ? " node" : " nodes") + " without edges");
  if (!keeps.ids && !io::are_positions(graph.ids()))
    lost.push_back("the ids of nodes (they are numbered from " + std::to_string(keeps.first_id) +
                   " in the order of their ids)");
  if (!keeps.weights && graph.edge_attribute("weight")) lost.push_back("the weights of edges");
  if (!keeps.attributes) io::name_attributes(graph, keeps, lost);
  if (!keeps.direction && graph.undirected())
    lost.push_back(std::string("that the graph is undirected (it lists each edge ") +
                   (keeps.both_directions ? "in both directions)" : "once)"));
  return lost;
}

void write_result(std::ostream& stream, const NodeIds& ids, std::span<const ResultColumn> columns,
                  const std::string& format) {
  const auto& writer = io::by_name(format, io::Ability::WriteResult);
  io::check_columns(ids, columns);
  io::StreamOutput out(stream);
  writer.write_result(out, ids, columns);
  out.commit();
}

void write_result(const std::string& path, const NodeIds& ids, std::span<const ResultColumn> columns,
                  const std::string& format) {
  const auto* by_path = io::by_extension(path, io::Ability::WriteResult);
  const auto& writer = !format.empty() ? io::by_name(format, io::Ability::WriteResult)
                       : by_path       ? *by_path
                                       : io::text_format;
  io::check_columns(ids, columns);
  io::FileOutput out(path);
  writer.write_result(out, ids, columns);
  out.commit();
}

void write_file(const std::string& path, std::string_view bytes) {
  io::FileOutput out(path);
  out.text(bytes);
  out.commit();
}

std::string element_text(const NodeIds& ids, const ResultColumn& column, std::int64_t i) {
  io::StringOutput out;
  if (column.role == Role::Node && io::node_at(ids, column, i) >= 0)
    return ids.text(io::node_at(ids, column, i));
  io::put_result(out, ids, column, i);
  return out.take();
}

}  // namespace monograph
