#include <monograph/io.h>

#include <algorithm>
#include <cstdio>
#include <vector>

#include "cli/command.h"
#include "cli/execute.h"
#include "cli/options.h"
#include "cli/result_view.h"

namespace monograph::cli {
namespace {

struct InfoArguments {
  GraphOptions graph;
  bool json = false;
};

void add_to_info(CLI::App& app, InfoArguments& options) {
  add_graph_options(app, options.graph);
  add_json_option(app, options.json);
}

struct Degrees {
  std::int64_t min = 0, max = 0;
  double mean = 0;
};

struct Facts {
  std::int64_t self_loops = 0;
  std::int64_t multi_edges = 0;  ///< edges beyond the first between the same ends
  std::int64_t isolated = 0;     ///< nodes without any edge
  Degrees out, in;
};

Degrees summarize(const std::vector<std::int64_t>& degree) {
  if (degree.empty()) return {};
  const auto [low, high] = std::minmax_element(degree.begin(), degree.end());
  std::int64_t total = 0;
  for (std::int64_t d : degree) total += d;
  return {*low, *high, static_cast<double>(total) / static_cast<double>(degree.size())};
}

// One walk over the rows; in-degrees are counted rather than taken from a transpose, which costs as much as
// the graph.
Facts examine(const Graph& graph) {
  const Adjacency adjacency = graph.out();
  const auto nodes = static_cast<std::size_t>(graph.node_count());
  std::vector<std::int64_t> out(nodes), in(nodes);
  Facts facts;
  std::int64_t repeated_loops = 0;
  for (std::size_t v = 0; v < nodes; ++v) {
    const auto begin = static_cast<std::size_t>(adjacency.offsets[v]);
    const auto end = static_cast<std::size_t>(adjacency.offsets[v + 1]);
    out[v] = static_cast<std::int64_t>(end - begin);
    for (std::size_t k = begin; k < end; ++k) {
      const auto target = static_cast<std::size_t>(adjacency.neighbors[k]);
      const bool loop = target == v,
                 repeated = k > begin && adjacency.neighbors[k - 1] == adjacency.neighbors[k];
      ++in[target];
      facts.self_loops += loop;
      facts.multi_edges += repeated;
      repeated_loops += loop && repeated;
    }
  }
  if (graph.undirected()) facts.multi_edges = (facts.multi_edges + repeated_loops) / 2;
  for (std::size_t v = 0; v < nodes; ++v) facts.isolated += out[v] == 0 && in[v] == 0;
  facts.out = summarize(out);
  facts.in = summarize(in);
  return facts;
}

std::string hexadecimal(std::uint64_t value) {
  char text[20];
  std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(value));
  return text;
}

Json degrees_json(const Degrees& d) { return {{"min", d.min}, {"mean", d.mean}, {"max", d.max}}; }

Json id_json(const Graph& graph, std::int64_t index) {
  const auto i = static_cast<std::int32_t>(index);
  if (graph.ids().is_text()) return graph.ids().text(i);
  return graph.ids().number(i);
}

Json attributes_json(const Graph& graph) {
  Json json = {{"node", Json::object()}, {"edge", Json::object()}};
  for (const std::string& name : graph.node_attribute_names())
    json["node"][name] = to_string(graph.node_attribute(name)->type());
  for (const std::string& name : graph.edge_attribute_names())
    json["edge"][name] = to_string(graph.edge_attribute(name)->type());
  return json;
}

Json facts_json(const Graph& graph) {
  const Facts facts = examine(graph);
  const bool empty = graph.node_count() == 0;
  return {{"nodes", graph.node_count()},
          {"edges", listed_edge_count(graph)},
          {"stored_edges", graph.edge_count()},
          {"undirected", graph.undirected()},
          {"self_loops", facts.self_loops},
          {"multi_edges", facts.multi_edges},
          {"isolated", facts.isolated},
          {"out_degree", degrees_json(facts.out)},
          {"in_degree", degrees_json(facts.in)},
          {"first_id", empty ? Json() : id_json(graph, 0)},
          {"last_id", empty ? Json() : id_json(graph, graph.node_count() - 1)},
          {"attributes", attributes_json(graph)},
          {"fingerprint", hexadecimal(graph.fingerprint())}};
}

std::string plain(const Json& value) {
  if (value.is_null()) return "none";
  if (value.is_string()) return value.get<std::string>();
  if (value.is_boolean()) return value.get<bool>() ? "yes" : "no";
  if (value.is_number_float()) {
    char text[32];
    std::snprintf(text, sizeof text, "%.6g", value.get<double>());
    return text;
  }
  if (!value.is_object()) return value.dump();
  std::string text;
  for (const auto& [name, part] : value.items())
    text +=
        (text.empty() ? "" : ", ") + name + " " + (part.is_object() ? "{" + plain(part) + "}" : plain(part));
  return text.empty() ? "none" : text;
}

// The same facts as lines: "self_loops" becomes "self loops".
std::string lines(const Json& facts) {
  std::string text;
  for (const auto& [name, value] : facts.items()) {
    if (name == "attributes") {
      text +=
          "node attributes  " + plain(value["node"]) + "\nedge attributes  " + plain(value["edge"]) + '\n';
      continue;
    }
    std::string label = name;
    std::replace(label.begin(), label.end(), '_', ' ');
    label.resize(std::max<std::size_t>(label.size(), 15), ' ');
    text += label + "  " + plain(value) + '\n';
  }
  return text;
}

int run_info(const InfoArguments& options, Terminal& terminal) {
  Json facts = facts_json(load_graph(options.graph, terminal));
  // of a .properties file: what a run of each algorithm takes where it is not told otherwise
  for (const StatedParameter& p : stated_parameters(options.graph.source))
    facts["parameters"][p.algorithm][p.name] = p.value;
  terminal.out << (options.json ? pretty(facts) : lines(facts));
  return 0;
}

}  // namespace

extern const Command info_command;
const Command info_command = {"info", "Describe a graph",
                              "monograph info --graph web.mtx.gz\n"
                              "monograph info --graph graph500-22.properties\n"
                              "monograph info --graph gen:rmat:10:16 --json\n",
                              bind<InfoArguments, add_to_info, run_info>};

}  // namespace monograph::cli
