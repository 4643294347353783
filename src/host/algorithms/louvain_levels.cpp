// The levels of the Louvain method: one run of the program `louvain` each, on the graph of the communities of
// the one before. That graph is made here, between two runs: its nodes and edges are fewer from level to
// level, and no program makes a graph.
#include <monograph/algorithms.h>

#include <utility>

namespace monograph {
namespace {

/// Weights in which an undirected self-loop counts from both of its ends, as `contract` leaves them.
Graph with_counted_loops(const Graph& graph, bool already) {
  Graph g = graph;
  Column weight(ScalarType::F64, g.edge_count());
  const Column* stored = g.edge_attribute("weight");
  if (stored && stored->type() != ScalarType::F64)
    throw InputError("louvain: expected edge attribute weight in f64, found " +
                     std::string(to_string(stored->type())));
  const Adjacency out = g.out();
  const auto to = weight.span<double>();
  for (std::size_t v = 0; v < static_cast<std::size_t>(g.node_count()); ++v)
    for (auto e = static_cast<std::size_t>(out.offsets[v]); e < static_cast<std::size_t>(out.offsets[v + 1]);
         ++e) {
      const bool twice = !already && g.undirected() && static_cast<std::size_t>(out.neighbors[e]) == v;
      to[e] = (stored ? stored->span<double>()[e] : 1.0) * (twice ? 2.0 : 1.0);
    }
  g.set_edge_attribute("weight", std::move(weight));
  return g;
}

bool given_true(const Parameters& parameters, const std::string& name) {
  const auto constant = parameters.constants().find(name);
  const auto text = parameters.texts().find(name);
  return (constant != parameters.constants().end() && constant->second == Constant::of(true)) ||
         (text != parameters.texts().end() && text->second == "true");
}

/// What one run of the program gives, said of the levels' last.
Program last_level() {
  ProgramBuilder p("louvain");
  p.output_nodes("community", p.graph().load_node("community", ScalarType::I32));
  p.output("modularity", p.parameter("modularity", 0.0));
  return p.build();
}

/// The smallest node of each community, from its number.
Column smallest_members(const std::vector<std::int32_t>& number) {
  std::vector<std::int32_t> first(number.size(), -1);
  Column column(ScalarType::I32, static_cast<std::int64_t>(number.size()));
  const auto names = column.span<std::int32_t>();
  for (std::size_t v = 0; v < number.size(); ++v) {
    std::int32_t& name = first[static_cast<std::size_t>(number[v])];
    if (name < 0) name = static_cast<std::int32_t>(v);
    names[v] = name;
  }
  return column;
}

}  // namespace

CommunityLevels louvain_levels(Session& session, const Graph& graph, const Parameters& parameters,
                               const RunOptions& options) {
  const Executable level = session.compile(louvain());
  Parameters given = parameters;
  Graph g = with_counted_loops(graph, given_true(parameters, "contracted"));
  given = Parameters(given).set("contracted", true);
  std::vector<std::int32_t> number(
      static_cast<std::size_t>(graph.node_count()));  // of each node of `graph` in g
  for (std::size_t v = 0; v < number.size(); ++v) number[v] = static_cast<std::int32_t>(v);
  CommunityLevels all;
  while (true) {
    const Result r = session.run(level, g, given, options);
    const Contraction next = contract(g, r.output("community").column, "weight");
    const bool last = next.graph.node_count() == g.node_count();  // nobody moved
    if (last && !all.levels.empty()) return all;
    const auto member = next.members.span<std::int32_t>();
    for (std::int32_t& n : number) n = member[static_cast<std::size_t>(n)];
    all.levels.push_back(smallest_members(number));
    all.modularity.push_back(r.scalar<double>("modularity"));
    if (last) return all;
    g = next.graph;
  }
}

Result run_louvain(Session& session, const Graph& graph, const Parameters& parameters,
                   const RunOptions& options) {
  const CommunityLevels all = louvain_levels(session, graph, parameters, options);
  Graph g = graph;
  g.set_node_attribute("community", all.levels.back());
  Result r = session.run(last_level(), g, Parameters().set("modularity", all.modularity.back()), options);
  r.iterations = static_cast<std::int64_t>(all.levels.size());
  return r;
}

}  // namespace monograph
