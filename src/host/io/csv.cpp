// Comma- and tab-separated tables with a header row (RFC 4180 quoting), of edges or of results.
#include "host/io/edge_lines.h"
#include "host/io/format.h"

namespace monograph::io {
namespace {

/// A column's name, quoted where a reader would split it.
void put_name(Output& out, const std::string& name) { put_id(out, NodeIds::strings({name}), 0); }

template <char kDelimiter>
void write_edges(const Graph& graph, const std::string& path) {
  const Column* weight = graph.edge_attribute("weight");
  FileOutput out(path);
  out.text("source").text(kDelimiter).text("target");
  if (weight) out.text(kDelimiter).text("weight");
  out.text('\n');
  for_each_written(graph, Triangle::Upper, [&](std::int32_t source, std::int32_t target, std::int64_t edge) {
    put_id(out, graph.ids(), source);
    put_id(out.text(kDelimiter), graph.ids(), target);
    if (weight) put_element(out.text(kDelimiter), *weight, edge);
    out.text('\n');
  });
  out.commit();
}

template <char kDelimiter>
void write_rows(Output& out, const NodeIds& ids, std::span<const ResultColumn> columns) {
  out.text("id");
  for (const auto& c : columns) put_name(out.text(kDelimiter), c.name);
  out.text('\n');
  for (std::int32_t v = 0; v < ids.size(); ++v) {
    put_id(out, ids, v);
    for (const auto& c : columns) put_result(out.text(kDelimiter), ids, c, v);
    out.text('\n');
  }
}

}  // namespace

constinit const Format csv_format = {
    "csv",
    ".csv",
    "comma-separated: source,target[,weight] for graphs, id,value... for results",
    read_edge_list,
    write_edges<','>,
    write_rows<','>};
constinit const Format tsv_format = {
    "tsv", ".tsv", "tab-separated: the columns of csv", read_edge_list, write_edges<'\t'>, write_rows<'\t'>};

}  // namespace monograph::io
