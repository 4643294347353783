// Edge lists as SNAP and the GAP benchmark have them: "source target" or "source target weight", between
// blanks.
#include "host/io/edge_lines.h"
#include "host/io/format.h"

namespace monograph::io {
namespace {

void write_edges(const Graph& graph, const std::string& path, const Column* weight) {
  FileOutput out(path);
  for_each_written(graph, Triangle::Upper, [&](std::int32_t source, std::int32_t target, std::int64_t edge) {
    put_id(out, graph.ids(), source);
    put_id(out.text(' '), graph.ids(), target);
    if (weight) put_element(out.text(' '), *weight, edge);
    out.text('\n');
  });
  out.commit();
}

void write_edge_list(const Graph& graph, const std::string& path) { write_edges(graph, path, nullptr); }

void write_weighted_edge_list(const Graph& graph, const std::string& path) {
  const Column* weight = graph.edge_attribute("weight");
  if (!weight)
    throw InputError({path},
                     "expected a graph with the edge attribute 'weight', found one without (use .el)");
  write_edges(graph, path, weight);
}

}  // namespace

constinit const Format edge_list_format = {
    "el",
    ".el .txt .edges",
    "edge list: source target [weight]; comments, any delimiter, header row; written without weights",
    read_edge_list,
    write_edge_list,
    nullptr,
    {.weights = false}};
constinit const Format weighted_edge_list_format = {
    "wel",  ".wel", "edge list with weights: source target weight", read_edge_list, write_weighted_edge_list,
    nullptr};

}  // namespace monograph::io
