#include "cpu/tile_harness.h"

#include <monograph/error.h>

#include <atomic>
#include <cstring>
#include <random>
#include <thread>

#include "host/cpu/tiles_kernels.h"
#include "host/ir/evaluation.h"
#include "host/ops/dispatch.h"
#include "host/plan/stage.h"

namespace monograph::cpu::test {

using scalar::mg_chunks;
using scalar::mg_i64;
using scalar::mg_run;
using scalar::mg_value;

namespace {

constexpr unsigned char kGarbage = 0xcd;
constexpr std::size_t kGuard = 256;  // bytes behind a workspace that must stay as they are

std::vector<mg_i64> copied(std::span<const std::int64_t> x) { return {x.begin(), x.end()}; }

std::int64_t longest_row(const Graph& g) {
  std::int64_t longest = 0;
  for (std::int64_t v = 0; v < g.node_count(); ++v) {
    const auto i = static_cast<std::size_t>(v);
    longest = std::max(
        longest, g.in().offsets[i + 1] - g.in().offsets[i] + g.out().offsets[i + 1] - g.out().offsets[i]);
  }
  return longest;
}

}  // namespace

TileRun::TileRun(const Graph& graph, const plan::Stage& stage, int threads)
    : stage_(stage),
      program_(stage),
      baseline_(stage, {&baseline::kMaps, &baseline::kRows}),
      threads_(threads),
      nodes_(graph.node_count()),
      edges_(graph.edge_count()) {
  run_.undirected = graph.undirected();
  run_.nodes = nodes_, run_.edges = edges_;
  offsets_[0] = copied(graph.in().offsets), offsets_[1] = copied(graph.out().offsets);
  positions_ = copied(graph.in().edges);
  run_.in = {offsets_[0].data(), graph.in().neighbors.data(),
             positions_.empty() ? nullptr : positions_.data()};
  run_.out = {offsets_[1].data(), graph.out().neighbors.data(), nullptr};
  add_chunks(nodes_, node_bounds_, run_.by_node);
  add_chunks(edges_, edge_bounds_, run_.by_edge);
  run_.by_in = run_.by_out = run_.by_both = run_.by_node;
  run_.parallel = parallel;
  run_.failed = ~0ull;
  add_workspaces(stage, graph);
}

/// One thread: all rows at once. More: every leaf by itself.
void TileRun::add_chunks(std::int64_t rows, std::vector<mg_i64>& bounds, mg_chunks& chunks) {
  bounds.push_back(0);
  for (std::int64_t r = 1024; threads_ > 1 && r < rows; r += 1024) bounds.push_back(r);
  bounds.push_back(rows);
  chunks = {bounds.data(), static_cast<mg_i64>(bounds.size()) - 1};
}

void TileRun::add_workspaces(const plan::Stage& stage, const Graph& graph) {
  const TileProgram* const alone[] = {&program_};
  workspace_bytes_ = workspace_bytes(alone, longest_row(graph));
  for (int t = 0; t < threads_; ++t)
    workspaces_.emplace_back(static_cast<std::size_t>(workspace_bytes_) + kGuard, kGarbage);
  run_.workspace = workspaces_[0].data();
  run_.workspace_bytes = workspace_bytes_;
  const std::int64_t rows = ops::element_count(stage.domain, nodes_, edges_);
  partial_.assign(static_cast<std::size_t>(16 * ((rows + 1023) / 1024)) * stage.reductions.size() + 16,
                  kGarbage);
  run_.partial = partial_.data();
}

void TileRun::expect_workspaces_kept() const {
  for (const auto& w : workspaces_)
    for (std::size_t i = w.size() - kGuard; i < w.size(); ++i)
      ASSERT_EQ(w[i], kGarbage) << "a workspace was overrun";
}

void TileRun::parallel(mg_run* run, mg_i64 chunks, void (*body)(void*, mg_i64, unsigned char*),
                       void* context) {
  TileRun& self = *reinterpret_cast<TileRun*>(run);
  std::atomic<mg_i64> next = 0;
  const auto work = [&](std::size_t thread) {
    for (mg_i64 c = next++; c < chunks; c = next++) body(context, c, self.workspaces_[thread].data());
  };
  std::vector<std::jthread> threads;
  for (std::size_t t = 1; t < static_cast<std::size_t>(self.threads_); ++t) threads.emplace_back(work, t);
  work(0);
}

void TileRun::bind(const Values& arguments, bool in_place) {
  const std::size_t slots = arguments.size() + stage_.results.size();
  columns_.assign(slots, nullptr), scalars_.assign(slots, {}), kept_.assign(slots, {});
  in_.clear(), out_.clear(), results_.clear();
  for (std::size_t a = 0; a < arguments.size(); ++a) {
    in_.push_back(static_cast<std::uint32_t>(a));
    kept_[a] = arguments[a].column;
    columns_[a] = kept_[a].data();  // a copy of its own
    if (arguments[a].type.domain == Domain::Scalar && kept_[a].size() > 0)
      scalars_[a].l = static_cast<mg_i64>(kept_[a].at(0).bits);
  }
  std::vector<bool> taken(arguments.size());
  for (std::size_t k = 0; k < stage_.results.size(); ++k) {
    std::size_t slot = arguments.size() + k;
    const Type& t = stage_.result_types[k];
    kept_[slot] = Column(t.scalar, ops::element_count(t, nodes_, edges_));
    if (kept_[slot].size() > 0)
      std::memset(kept_[slot].data(), kGarbage, static_cast<std::size_t>(kept_[slot].bytes()));
    for (std::size_t a = arguments.size(); in_place && a-- > 0;)
      if (!taken[a] && stage_.arguments[a] == t && t.domain != Domain::Scalar &&
          !stage_.gathers(static_cast<std::uint32_t>(a))) {
        taken[a] = true, slot = a;
        break;
      }
    columns_[slot] = kept_[slot].data();
    out_.push_back(static_cast<std::uint32_t>(slot));
  }
  run_.column = columns_.data(), run_.scalar = scalars_.data();
}

bool TileRun::run(const Values& arguments, bool in_place) {
  bind(arguments, in_place);
  run_.failed = ~0ull;
  const bool ok = (in_place ? baseline_ : program_).run(run_, in_, out_);
  expect_workspaces_kept();
  for (std::size_t k = 0; k < out_.size(); ++k) {
    Value v{stage_.result_types[k], kept_[out_[k]]};
    if (v.type.domain == Domain::Scalar) {
      Constant c{v.type.scalar, static_cast<std::uint64_t>(scalars_[out_[k]].l)};
      if (size_of(v.type.scalar) < 8) c.bits &= (1ull << (8 * size_of(v.type.scalar))) - 1;
      v.column.set(0, c);
    }
    results_.push_back(std::move(v));
  }
  return ok;
}

::testing::AssertionResult same_bits(const Value& expected, const Value& actual) {
  if (expected.type != actual.type)
    return ::testing::AssertionFailure() << "another type: " << to_string(actual.type);
  if (expected.column.size() != actual.column.size())
    return ::testing::AssertionFailure() << "another length";
  return ops::dispatch(expected.type.scalar, [&]<class T>(std::type_identity<T>) {
    const auto e = expected.column.span<T>(), a = actual.column.span<T>();
    for (std::size_t i = 0; i < e.size(); ++i)
      if (!((e[i] != e[i] && a[i] != a[i]) || std::memcmp(&e[i], &a[i], sizeof(T)) == 0))
        return ::testing::AssertionFailure()
               << "element " << i << ": expected " << to_string(Constant::of(e[i])) << ", got "
               << to_string(Constant::of(a[i]));
    return ::testing::AssertionSuccess();
  });
}

// ---- the walk

namespace {

class Walker {
 public:
  Walker(const ir::Program& p, ops::RunContext& run, int threads)
      : program_(p), run_(run), threads_(threads) {}

  Values region(ir::RegionIndex index, Values args) {
    const ir::Region& r = program_.regions[index];
    std::vector<Values> values(r.nodes.size());
    const auto at = [&](ir::ValueId v) -> const Value* {
      if (v.is_none()) return nullptr;
      return v.is_argument() ? &args[v.result] : &values[v.node][v.result];
    };
    for (std::size_t i = 0; i < r.nodes.size(); ++i) {
      std::vector<const Value*> operands;
      for (ir::ValueId v : r.nodes[i].operands) operands.push_back(at(v));
      values[i] = node(r.nodes[i], operands);
    }
    Values results;
    for (ir::ValueId v : r.results) results.push_back(*at(v));
    return results;
  }

  int groups = 0;

 private:
  Values node(const ir::Node& n, const std::vector<const Value*>& operands) {
    if (n.op == ops::OpId::Fused) return group(n, operands);
    const ops::OpDef& def = ops::def(n.op);
    Values results;
    for (const Type& t : n.results)
      results.push_back(
          {t, Column(t.scalar, ops::element_count(t, run_.graph().node_count(), run_.graph().edge_count()))});
    ops::EvalContext context = ir::evaluation_of(n, operands, results, run_);
    context.region = [&](std::size_t i, Values args) { return region(n.regions.at(i), std::move(args)); };
    def.evaluate(context);
    return results;
  }

  Values group(const ir::Node& n, const std::vector<const Value*>& operands) {
    Values args;
    for (const Value* v : operands) args.push_back(*v);
    ++groups;
    auto& [stage, tiles] = of(n);
    std::string error;
    Values expected;
    try {
      expected = region(n.regions[0], args);
    } catch (const RuntimeError& e) {
      error = e.what();
    }
    for (const bool in_place : {false, true}) {
      const bool ok = tiles->run(args, in_place);
      EXPECT_EQ(ok, error.empty()) << error;
      if (const auto at = error.find("index["); at != std::string::npos) {
        EXPECT_EQ(tiles->failed() & ((1ull << 40) - 1), std::stoull(error.substr(at + 6))) << error;
      }
      for (std::size_t k = 0; ok && k < expected.size(); ++k)
        EXPECT_TRUE(same_bits(expected[k], tiles->results()[k]))
            << "result " << k << (in_place ? " in place" : "") << " of the group at node "
            << &n - program_.regions[0].nodes.data() << " of " << ir::print(program_);
    }
    if (!error.empty()) throw RuntimeError(error);
    return expected;
  }

  std::pair<plan::Stage, std::unique_ptr<TileRun>>& of(const ir::Node& n) {
    auto& known = tiles_[&n];
    if (!known.second) {
      known.first = plan::lower(program_, n.regions[0]);
      known.second = std::make_unique<TileRun>(run_.graph(), known.first, threads_);
    }
    return known;
  }

  const ir::Program& program_;
  ops::RunContext& run_;
  int threads_;
  std::map<const ir::Node*, std::pair<plan::Stage, std::unique_ptr<TileRun>>> tiles_;
};

}  // namespace

Walk compare_groups(const ir::Program& program, const Graph& graph, int threads) {
  std::map<std::string, Constant, std::less<>> parameters;
  for (const ir::ParameterDecl& p : ir::parameters(program)) parameters[p.name] = p.fallback;
  const RunOptions options;
  runtime::RunState state(graph, std::move(parameters), options);
  Walker walker(program, state, threads);
  Walk walk;
  try {
    walker.region(0, {});
  } catch (const RuntimeError& e) {
    walk.error = e.what();
  }
  walk.groups = walker.groups;
  return walk;
}

// ---- graphs

namespace {

template <class T>
Column column_of(std::mt19937& random, std::int64_t n) {
  std::vector<T> x;
  std::vector<T> special{T(0), T(1)};
  if constexpr (std::is_floating_point_v<T>) {
    const T inf = std::numeric_limits<T>::infinity();
    special = {T(0),
               -T(0),
               inf,
               -inf,
               std::numeric_limits<T>::quiet_NaN(),
               std::numeric_limits<T>::denorm_min(),
               std::numeric_limits<T>::max(),
               T(0.1)};
  } else if constexpr (!std::is_same_v<T, bool>) {
    special = {T(0), T(1), T(-1), std::numeric_limits<T>::min(), std::numeric_limits<T>::max()};
  }
  for (std::int64_t i = 0; i < n; ++i) {
    const auto r = random();
    if (r % 37 == 0)
      x.push_back(special[(r / 37) % special.size()]);
    else if constexpr (std::is_floating_point_v<T>)
      x.push_back(static_cast<T>(static_cast<double>(r) / 4294967296.0 * 3 - 1));
    else
      x.push_back(static_cast<T>(r % 7));
  }
  Column c(scalar_type_of<T>, n);
  for (std::size_t i = 0; i < x.size(); ++i)
    c.set(static_cast<std::int64_t>(i), Constant::of(static_cast<T>(x[i])));
  return c;
}

Graph graph_of(std::int32_t nodes, std::vector<std::pair<int, int>> edges, bool undirected) {
  EdgeList list;
  list.ids = NodeIds::dense(nodes);
  list.undirected = undirected;
  for (const auto& [u, v] : edges) list.source.push_back(u), list.target.push_back(v);
  Graph g = Graph::from_edges(std::move(list));
  std::mt19937 random(static_cast<std::uint32_t>(nodes) * 2 + undirected);
  const std::int64_t e = g.edge_count();
  const auto add = [&]<class T>(std::type_identity<T>, const std::string& type) {
    for (const std::string name : {"x", "y", "z"}) {
      g.set_node_attribute(name + type, column_of<T>(random, nodes));
      g.set_edge_attribute(name + type, column_of<T>(random, e));
    }
  };
  for (const ScalarType t :
       {ScalarType::Bool, ScalarType::I32, ScalarType::I64, ScalarType::F32, ScalarType::F64})
    ops::dispatch(t, [&](auto type) { add(type, std::string(to_string(t))); });
  g.set_node_attribute("x", column_of<double>(random, nodes));
  g.set_edge_attribute("weight", column_of<double>(random, e));
  return g;
}

/// Node 0 is a hub of several segments either way; self-loops, several edges, isolated nodes, several leaves.
std::vector<std::pair<int, int>> hub_edges(int nodes) {
  std::mt19937 random(7);
  const auto node = [&] { return static_cast<int>(random() % static_cast<unsigned>(nodes - 100)); };
  std::vector<std::pair<int, int>> edges;
  for (int i = 0; i < 13000; ++i) edges.emplace_back(node(), 0);
  for (int i = 0; i < 5000; ++i) edges.emplace_back(0, node());
  for (int i = 0; i < 4 * nodes; ++i) edges.emplace_back(node(), node());
  for (int i = 0; i < 1030; ++i) edges.emplace_back(17, i % 40 + 20), edges.emplace_back(node(), 1500);
  for (int i = 0; i < 50; ++i) edges.emplace_back(i, i), edges.emplace_back(i, i);
  return edges;
}

}  // namespace

const std::vector<std::pair<std::string, Graph>>& awkward_graphs() {
  static const auto graphs = [] {
    std::vector<std::pair<std::string, Graph>> all;
    for (const bool undirected : {false, true}) {
      const std::string kind = undirected ? ", undirected" : ", directed";
      const auto add = [&](const std::string& name, int nodes, std::vector<std::pair<int, int>> edges) {
        all.emplace_back(name + kind, graph_of(nodes, std::move(edges), undirected));
      };
      add("no nodes", 0, {});
      add("one node", 1, {});
      add("one node, one loop", 1, {{0, 0}});
      add("small", 7,
          {{0, 1}, {1, 0}, {1, 2}, {1, 2}, {1, 2}, {3, 1}, {4, 1}, {3, 3}, {6, 0}, {6, 1}, {6, 2}, {6, 3}});
      add("hub", 3300, hub_edges(3300));
    }
    return all;
  }();
  return graphs;
}

}  // namespace monograph::cpu::test
