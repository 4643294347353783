#include "equivalence/suite.h"

#include <monograph/error.h>

#include <cmath>
#include <cstring>
#include <limits>
#include <random>

#include "host/passes/passes.h"
#include "unit/test_programs.h"

namespace monograph::testing {
namespace {

Graph with_attributes(EdgeList list) {
  Graph g = Graph::from_edges(std::move(list));
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  const double odd[] = {0.25, -0.0, 1.0 / 3, kInfinity, -kInfinity, std::nan(""), 1e300, -7.5, 3};
  std::vector<double> w, x;
  for (std::int64_t e = 0; e < g.edge_count(); ++e) w.push_back(0.25 * static_cast<double>(e % 7) + 1.0 / 3);
  for (std::int64_t v = 0; v < g.node_count(); ++v)
    x.push_back(v % 5 == 4 ? odd[static_cast<std::size_t>(v / 5) % std::size(odd)]
                           : 1.0 / static_cast<double>(v % 97 + 1) - 0.25);
  g.set_edge_attribute("weight", Column::of(std::span<const double>(w)));
  g.set_node_attribute("x", Column::of(std::span<const double>(x)));
  add_algorithm_attributes(g);
  return g;
}

EdgeList random_edges(std::int32_t nodes, int edges, std::uint32_t seed, bool undirected) {
  std::mt19937 random(seed);
  EdgeList list{
      .source = {}, .target = {}, .attributes = {}, .ids = NodeIds::dense(nodes), .undirected = undirected};
  const auto pick = [&] { return static_cast<std::int32_t>(random() % static_cast<std::uint32_t>(nodes)); };
  for (int i = 0; i < edges; ++i) {
    list.source.push_back(pick());
    list.target.push_back(i % 3 == 0 ? list.source.back() / 2 : pick());
  }
  return list;
}

/// A node that everybody points at, and back: rows of three segments.
EdgeList hub(std::int32_t nodes) {
  EdgeList list{.source = {}, .target = {}, .attributes = {}, .ids = NodeIds::dense(nodes)};
  for (std::int32_t v = 1; v < nodes; ++v)
    for (int both = 0; both < 2; ++both) {
      list.source.push_back(both ? v : 0);
      list.target.push_back(both ? 0 : v);
    }
  return list;
}

void add_cpu(std::vector<Way>& all) {
  const auto add = [&](const std::string& name, SessionOptions options, bool slow = false) {
    options.backend = "cpu";
    all.push_back({.name = "cpu " + name, .options = std::move(options), .slow = slow});
  };
  for (int level = 0; level < 3; ++level)
    add("tiles, level " + std::to_string(level), {.level = level, .cpu_tier = CpuTier::Tiles});
  add("tiles, 3 threads", {.cpu_tier = CpuTier::Tiles, .threads = 3});
  add("tiles, active rows", {.cpu_tier = CpuTier::Tiles, .active_rows = ActiveRows::Always});
  for (const auto& pass : passes::pass_table())
    if (pass.level > 0 && pass.level != passes::kFastMath)
      add("tiles, without " + std::string(pass.name),
          {.disabled = {std::string(pass.name)}, .cpu_tier = CpuTier::Tiles});
  add("native, level 2", {.cpu_tier = CpuTier::Native, .active_rows = ActiveRows::Always}, true);
  add("native, level 0, 3 threads", {.level = 0, .cpu_tier = CpuTier::Native, .threads = 3}, true);
}

/// Threads are in another order in each launch, and a program runs twice on each graph.
void add_simt(std::vector<Way>& all) {
  const auto add = [&](const std::string& name, SessionOptions options, bool slow = false) {
    options.backend = "simt";
    all.push_back({.name = "simt " + name, .options = options, .slow = slow, .most_edges = 20000});
  };
  const ActiveRows always = ActiveRows::Always;
  add("level 0", {.level = 0, .active_rows = ActiveRows::Never, .simt_seed = 1});
  add("level 2", {.level = 2, .active_rows = always, .simt_seed = 3});
  add("loops, level 2", {.level = 2, .active_rows = always, .simt_seed = 6, .simt_loops = true}, true);
  add("balanced, level 2", {.level = 2, .active_rows = always, .simt_seed = 7, .simt_balanced = true}, true);
}

/// `only` that one, or all where it is empty.
void add_simulated_cuda(std::vector<Way>& all, const std::string& only) {
  using S = Way::Simulated;
  const auto add = [&](const std::string& name, S simulated, std::int64_t most_edges, int level = 2,
                       ActiveRows active = ActiveRows::Always) {
    if (!only.empty() && only != name) return;
    all.push_back({.name = "cuda simulated, " + name,
                   .options = {.backend = "cuda", .level = level, .active_rows = active},
                   .simulated = simulated,
                   .most_edges = most_edges});
  };
  add("level 0", S::Plain, 20000, 0, ActiveRows::Never);
  add("level 2", S::Plain, 20000, 2, ActiveRows::Auto);
  add("unrolled", S::Unrolled, 200);
  add("block", S::Block, 200);
  add("grid", S::Grid, 200);
  add("cut", S::Cut, 8700);  // the hub, and what is small
  add("cut grid", S::CutGrid, 200);
}

}  // namespace

std::vector<NamedGraph> adversarial_graphs() {
  return {
      {"directed, mixed", with_attributes({.source = {0, 0, 1, 2, 2, 3, 3},
                                           .target = {1, 1, 2, 2, 0, 4, 0},
                                           .attributes = {},
                                           .ids = NodeIds::dense(6)})},
      {"no nodes", with_attributes({.source = {}, .target = {}, .attributes = {}, .ids = NodeIds::dense(0)})},
      {"one node", with_attributes({.source = {}, .target = {}, .attributes = {}, .ids = NodeIds::dense(1)})},
      {"one loop",
       with_attributes({.source = {0}, .target = {0}, .attributes = {}, .ids = NodeIds::dense(1)})},
      {"undirected", with_attributes(random_edges(40, 90, 1, true))},
      {"three leaves", with_attributes(random_edges(2100, 9000, 2, false))},
      {"a hub", with_attributes(hub(4300))},
      {"many rows", with_attributes(random_edges(33000, 30000, 3, false))}};
}

std::vector<Way> ways(const std::vector<std::string>& backends) {
  std::vector<Way> all;
  for (const std::string& name : backends)
    if (name == "cpu")
      add_cpu(all);
    else if (name == "simt")
      add_simt(all);
    else if (name.starts_with(kSimulatedCuda))
      add_simulated_cuda(all, name.substr(std::min(name.size(), std::strlen(kSimulatedCuda) + 1)));
    else
      all.push_back({.name = name, .options = {.backend = name}});
  return all;
}

namespace {

template <class T>
void one_nan(Column& c) {
  for (T& x : c.span<T>())
    if (x != x) x = std::numeric_limits<T>::quiet_NaN();
}

Column with_one_nan(Column c) {
  if (c.type() == ScalarType::F32) one_nan<float>(c);
  if (c.type() == ScalarType::F64) one_nan<double>(c);
  return c;
}

std::string difference(const Outcome::Part& got, const Outcome::Part& want) {
  const Column &a = got.column, &b = want.column;
  if (got.name != want.name || a.size() != b.size())
    return "got " + got.name + " of " + std::to_string(a.size()) + " elements, expected " + want.name +
           " of " + std::to_string(b.size());
  if (std::memcmp(a.data(), b.data(), static_cast<std::size_t>(a.bytes())) == 0) return "";
  std::int64_t i = 0;
  while (a.at(i).bits == b.at(i).bits) ++i;
  return got.name + "[" + std::to_string(i) + "]: got " + to_string(a.at(i)) + ", expected " +
         to_string(b.at(i));
}

/// Algorithms that search from every node do so from three.
Parameters quick_parameters(const Program& program) {
  Parameters parameters;
  for (const ParameterInfo& p : program.parameters())
    if (p.name == "samples") parameters.set(p.name, 3);
  return parameters;
}

}  // namespace

Outcome outcome(Session& session, const Executable& executable, const Graph& graph) {
  Outcome all;
  try {
    Graph mine = graph;
    const Result r = session.run(executable, mine, quick_parameters(executable.program()));
    const auto add = [&](const std::string& name, const Type& type, const Column& c) {
      all.parts.push_back({name + " " + to_string(type), with_one_nan(c)});
    };
    for (const Output& o : r.outputs()) add(o.name, o.type, o.column);
    for (const std::string& n : mine.node_attribute_names())
      add("node attribute " + n, nodes_of(mine.node_attribute(n)->type()), *mine.node_attribute(n));
    for (const std::string& n : mine.edge_attribute_names())
      add("edge attribute " + n, edges_of(mine.edge_attribute(n)->type()), *mine.edge_attribute(n));
    all.end = std::to_string(r.iterations) + " iterations" + (r.converged ? ", converged" : "");
  } catch (const Error& error) {
    all.end = "failed (" + std::to_string(static_cast<int>(error.kind())) + "): " + error.what();
  }
  return all;
}

std::string difference(const Outcome& got, const Outcome& want) {
  if (got.end != want.end) return "got \"" + got.end + "\", expected \"" + want.end + "\"";
  if (got.parts.size() != want.parts.size())
    return "got " + std::to_string(got.parts.size()) + " columns, expected " +
           std::to_string(want.parts.size());
  for (std::size_t i = 0; i < want.parts.size(); ++i)
    if (std::string d = difference(got.parts[i], want.parts[i]); !d.empty()) return d;
  return "";
}

}  // namespace monograph::testing
