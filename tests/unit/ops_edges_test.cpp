// Degree, gathers, edge reductions, take and scatter: by hand on the small graph.
#include <limits>

#include "ops_harness.h"

namespace monograph::ops::testing {
namespace {

using I32s = std::vector<std::int32_t>;
using I64s = std::vector<std::int64_t>;
using F64s = std::vector<double>;

// 0->1 0->1 0->2 1->1 1->3 2->0 2->3 5->2
const F64s kWeights{2, 3, 5, 7, 11, 17, 13, 19};

TEST(Degree, CountsEdges) {
  FakeRun r(small_graph());
  const auto degree = [&](const char* d) {
    return list<std::int64_t>(run(r, OpId::Degree, {}, {{"direction", d}}));
  };
  EXPECT_EQ(degree("out"), (I64s{3, 2, 2, 0, 0, 1}));
  EXPECT_EQ(degree("in"), (I64s{1, 3, 2, 2, 0, 0}));
  EXPECT_EQ(degree("both"), (I64s{4, 5, 4, 2, 0, 1}));
  EXPECT_EQ(list<std::int64_t>(run(r, OpId::Degree, {})), degree("out"));
}

TEST(Degree, SumsWeights) {
  FakeRun r(small_graph());
  const auto degree = [&](const char* d) {
    return list<double>(run(r, OpId::Degree, {edges(kWeights)}, {{"direction", d}}));
  };
  EXPECT_EQ(degree("out"), (F64s{10, 18, 30, 0, 0, 19}));
  EXPECT_EQ(degree("in"), (F64s{17, 12, 24, 24, 0, 0}));
  EXPECT_EQ(degree("both"), (F64s{27, 30, 54, 24, 0, 19}));
  EXPECT_EQ(run(r, OpId::Degree, {edges<std::int32_t>(I32s(8, 1))}).type, nodes_of(ScalarType::I64));
  EXPECT_EQ(list<std::int64_t>(run(r, OpId::Degree, {edges<bool>(std::vector<bool>(8, true))})),
            (I64s{3, 2, 2, 0, 0, 1}));
  EXPECT_EQ(error_of<CompileError>([&] { run(r, OpId::Degree, {nodes<double>(F64s(6))}); }),
            "here.cpp:7: graph.degree: expected a column over the edges [E] as operand weights, got f64[V]");
}

TEST(Degree, UndirectedBothIsEachEdgeOnce) {
  FakeRun r(graph_of(3, {{0, 1}, {1, 1}, {0, 1}}, true));
  for (const char* d : {"in", "out", "both"})
    EXPECT_EQ(list<std::int64_t>(run(r, OpId::Degree, {}, {{"direction", d}})), (I64s{2, 3, 0})) << d;
}

TEST(Edges, EndsAndGathers) {
  FakeRun r(small_graph());
  EXPECT_EQ(list<std::int32_t>(run(r, OpId::EdgeSrc, {})), (I32s{0, 0, 0, 1, 1, 2, 2, 5}));
  EXPECT_EQ(list<std::int32_t>(run(r, OpId::EdgeDst, {})), (I32s{1, 1, 2, 1, 3, 0, 3, 2}));
  const Value x = nodes<double>({10, 11, 12, 13, 14, 15});
  EXPECT_EQ(list<double>(run(r, OpId::GatherSrc, {x})), (F64s{10, 10, 10, 11, 11, 12, 12, 15}));
  EXPECT_EQ(list<double>(run(r, OpId::GatherDst, {x})), (F64s{11, 11, 12, 11, 13, 10, 13, 12}));
  EXPECT_EQ(run(r, OpId::GatherDst, {nodes<bool>(std::vector<bool>(6))}).type, edges_of(ScalarType::Bool));
  EXPECT_EQ(error_of<CompileError>([&] { run(r, OpId::GatherSrc, {edges(kWeights)}); }),
            "here.cpp:7: graph.gather_src: expected a column over the nodes [V] as operand x, got f64[E]");
  FakeRun none;
  EXPECT_EQ(run(none, OpId::EdgeSrc, {}).column.size(), 0);
  EXPECT_EQ(run(none, OpId::GatherDst, {nodes<double>({})}).column.size(), 0);
}

TEST(ReduceEdges, ByHand) {
  FakeRun r(small_graph());
  const auto reduced = [&](const char* at, const char* monoid, std::optional<Value> fill = {}) {
    return list<double>(run(r, OpId::ReduceEdges, {edges(kWeights), fill}, {{"at", at}, {"monoid", monoid}}));
  };
  EXPECT_EQ(reduced("src", "sum"), (F64s{10, 18, 30, 0, 0, 19}));
  EXPECT_EQ(reduced("dst", "sum"), (F64s{17, 12, 24, 24, 0, 0}));
  EXPECT_EQ(reduced("both", "sum"), (F64s{27, 30, 54, 24, 0, 19}));
  EXPECT_EQ(reduced("src", "prod"), (F64s{30, 77, 221, 1, 1, 19}));
  EXPECT_EQ(reduced("dst", "min"), (F64s{17, 2, 5, 11, kInf, kInf}));
  EXPECT_EQ(reduced("both", "max"), (F64s{17, 11, 19, 13, -kInf, 19}));
  EXPECT_EQ(reduced("dst", "min", scalar(-1.0)), (F64s{17, 2, 5, 11, -1, -1}));
  EXPECT_EQ(reduced("both", "min", scalar(-1.0)), (F64s{2, 2, 5, 11, -1, 19}));
  EXPECT_EQ(reduced("src", "sum", scalar(-1.0)), (F64s{10, 18, 30, -1, -1, 19}));
}

TEST(ReduceEdges, TypesAndFill) {
  FakeRun r(small_graph());
  const Value flags = edges<bool>({true, false, true, false, false, true, true, false});
  const auto out = [&](const char* monoid) {
    return run(r, OpId::ReduceEdges, {flags}, {{"at", "src"}, {"monoid", monoid}});
  };
  EXPECT_EQ(list<std::int64_t>(out("sum")), (I64s{2, 0, 2, 0, 0, 0}));
  EXPECT_EQ(list<bool>(out("any")), (std::vector<bool>{true, false, true, false, false, false}));
  EXPECT_EQ(list<bool>(out("all")), (std::vector<bool>{false, false, true, true, true, false}));
  const Value ints = edges<std::int32_t>(I32s(8, 2147483647));
  const auto sums = [&](const Value& fill) {
    return list<std::int64_t>(run(r, OpId::ReduceEdges, {ints, fill}, {{"at", "src"}, {"monoid", "sum"}}));
  };
  const I64s expected{3 * 2147483647ll, 2 * 2147483647ll, 2 * 2147483647ll, -1, -1, 2147483647ll};
  EXPECT_EQ(sums(scalar(-1)), expected);  // a fill of the element type widens like the elements
  EXPECT_EQ(sums(scalar(std::int64_t{-1})), expected);
  EXPECT_EQ(error_of<CompileError>([&] { sums(scalar(1.0)); }),
            "here.cpp:7: graph.reduce_edges: expected a scalar of i64 as operand fill, got f64");
  EXPECT_THROW(run(r, OpId::ReduceEdges, {flags}, {{"at", "src"}, {"monoid", "min"}}), CompileError);
}

TEST(ReduceEdges, UndirectedEdgesKeepTheirOwnValue) {
  Graph g = graph_of(3, {{0, 1}, {1, 2}}, true);  // stored 0->1 1->0 1->2 2->1
  FakeRun r(g);
  const Value e = edges<double>({1, 10, 100, 1000});
  const auto reduced = [&](const char* at) {
    return list<double>(run(r, OpId::ReduceEdges, {e}, {{"at", at}, {"monoid", "sum"}}));
  };
  EXPECT_EQ(reduced("src"), (F64s{1, 110, 1000}));
  EXPECT_EQ(reduced("dst"), (F64s{10, 1001, 100}));
  EXPECT_EQ(reduced("both"), reduced("dst"));
}

// ---- the row shape; bits from a second implementation in another language
std::vector<double> sawtooth(std::int64_t n) {
  std::vector<double> x;
  for (std::int64_t i = 0; i < n; ++i) x.push_back(static_cast<double>(i * 7919 % 10007) / 10007);
  return x;
}

TEST(RowShape, SegmentsOf4096FromTheRowsStart) {
  constexpr std::int32_t kLeaves = 14000;
  std::vector<EdgeSpec> star{{0, 0}};  // a row before it, so that the long one does not begin at a multiple
  for (std::int32_t i = 0; i < kLeaves; ++i) star.push_back({1, i + 2});
  FakeRun r(graph_of(kLeaves + 2, star));
  F64s e = sawtooth(kLeaves);
  e.insert(e.begin(), 0.5);
  const Value sums = run(r, OpId::ReduceEdges, {edges(e)}, {{"at", "src"}, {"monoid", "sum"}});
  EXPECT_EQ(list<double>(sums)[1], 0x1.b583cefc16000p+12);
  EXPECT_NE(list<double>(sums)[1], 0x1.b583cefc16003p+12);  // what one plain loop gives
  const std::vector<float> f(e.begin(), e.end());
  const Value floats = run(r, OpId::ReduceEdges, {edges(f)}, {{"at", "src"}, {"monoid", "sum"}});
  EXPECT_EQ(list<float>(floats)[1], 0x1.b583d4p+12F);  // in f32 throughout; f64 rounded: 0x1.b583cep+12
}

TEST(RowShape, ScatteredElementsFormARow) {
  constexpr std::int32_t kCount = 14000;
  FakeRun r(graph_of(kCount, {}));
  const Value out = run(r, OpId::ScatterReduce,
                        {nodes(sawtooth(kCount)), nodes<std::int32_t>(I32s(kCount, 7))}, {{"monoid", "sum"}});
  EXPECT_EQ(list<double>(out)[7], 0x1.b583cefc16000p+12);
}

// ---- indices
TEST(Take, FollowsTheIndexDomain) {
  FakeRun r(small_graph());
  const Value x = nodes<double>({10, 11, 12, 13, 14, 15});
  EXPECT_EQ(list<double>(run(r, OpId::Take, {x, nodes<std::int32_t>({5, 4, 3, 2, 1, 0})})),
            (F64s{15, 14, 13, 12, 11, 10}));
  EXPECT_EQ(list<double>(run(r, OpId::Take, {x, fixed<std::int64_t>({2, 2})})), (F64s{12, 12}));
  EXPECT_EQ(run(r, OpId::Take, {x, scalar(3)}).type, scalar_of(ScalarType::F64));
  EXPECT_EQ(run(r, OpId::Take, {x, edges<std::int32_t>(I32s(8, 1))}).type, edges_of(ScalarType::F64));
  EXPECT_EQ(error_of<RuntimeError>([&] {
              run(r, OpId::Take, {x, fixed<std::int32_t>({0, 6, -1})});
            }),
            "here.cpp:7: graph.take: index[1] is 6, but there are 6 nodes");
  EXPECT_EQ(error_of<RuntimeError>([&] {
              run(r, OpId::Take, {x, scalar(std::int64_t{-1})});
            }),
            "here.cpp:7: graph.take: index[0] is -1, but there are 6 nodes");
  EXPECT_EQ(error_of<CompileError>([&] {
              run(r, OpId::Take, {x, scalar(1.0)});
            }),
            "here.cpp:7: graph.take: expected elements of i32 or i64 as operand index, got f64");
  FakeRun none;
  EXPECT_EQ(run(none, OpId::Take, {nodes<double>({}), nodes<std::int32_t>({})}).column.size(), 0);
  EXPECT_THROW(run(none, OpId::Take, {nodes<double>({}), scalar(0)}), RuntimeError);
}

TEST(ScatterReduce, CombinesWhatMeets) {
  FakeRun r(small_graph());
  const Value index = nodes<std::int32_t>({1, 1, 3, 1, 3, 0});
  const Value x = nodes<double>({1, 2, 3, 4, 5, 6});
  const auto scatter = [&](const char* m) {
    return list<double>(run(r, OpId::ScatterReduce, {x, index}, {{"monoid", m}}));
  };
  EXPECT_EQ(scatter("sum"), (F64s{6, 7, 0, 8, 0, 0}));
  EXPECT_EQ(scatter("prod"), (F64s{6, 8, 1, 15, 1, 1}));
  EXPECT_EQ(scatter("min"), (F64s{6, 1, kInf, 3, kInf, kInf}));
  EXPECT_EQ(scatter("max"), (F64s{6, 4, -kInf, 5, -kInf, -kInf}));
  const Value wide = nodes<std::int64_t>({1, 1, 3, 1, 3, 0});
  EXPECT_EQ(list<std::int64_t>(run(r, OpId::ScatterReduce, {nodes<std::int32_t>({1, 2, 3, 4, 5, 6}), wide},
                                   {{"monoid", "sum"}})),
            (I64s{6, 7, 0, 8, 0, 0}));
  EXPECT_EQ(error_of<RuntimeError>([&] {
              run(r, OpId::ScatterReduce, {x, nodes<std::int64_t>({0, 0, 0, 9, 0, 0})}, {{"monoid", "sum"}});
            }),
            "here.cpp:7: graph.scatter_reduce: index[3] is 9, but there are 6 nodes");
  EXPECT_EQ(
      error_of<CompileError>([&] {
        run(r, OpId::ScatterReduce, {x, scalar(1)}, {{"monoid", "sum"}});
      }),
      "here.cpp:7: graph.scatter_reduce: expected a column over the nodes [V] as operand index, got i32");
}

}  // namespace
}  // namespace monograph::ops::testing
