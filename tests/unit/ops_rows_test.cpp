// Operations that walk rows in ways of their own, by hand: chosen neighbours, triangles, labels by score.
#include <limits>

#include "ops_harness.h"

namespace monograph::ops::testing {
namespace {

using I32s = std::vector<std::int32_t>;
using I64s = std::vector<std::int64_t>;
using F64s = std::vector<double>;

/// Two triangles 0 1 2 and 1 2 3, a tail to 4, 5 alone; a double edge, an edge and its reverse, a self-loop.
/// In CSR order: 0->1 0->1 1->0 1->2 2->0 2->2 2->3 3->1 4->3.
Graph two_triangles() {
  return graph_of(6, {{0, 1}, {1, 0}, {1, 2}, {2, 0}, {2, 2}, {0, 1}, {2, 3}, {3, 1}, {4, 3}});
}

TEST(NeighborAt, CountsFromZero) {
  FakeRun r(two_triangles());
  const auto at = [&](const I32s& node, const I64s& k, const char* direction) {
    return list<std::int64_t>(run(r, OpId::NeighborAt, {fixed(node), fixed(k)}, {{"direction", direction}}));
  };
  EXPECT_EQ(at({0, 1, 2, 3, 4, 5}, {1, 1, 2, 1, 0, 0}, "out"), (I64s{1, 2, 3, -1, 3, -1}));
  EXPECT_EQ(at({1, 1, 3}, {0, 2, 1}, "in"), (I64s{0, 3, 4}));
  EXPECT_EQ(at({3, 3, 3, 3}, {0, 1, 2, 3}, "both"), (I64s{2, 4, 1, -1}));
  EXPECT_EQ(at({-1, 6, 2}, {0, 0, -1}, "out"), (I64s{-1, -1, -1}));
  EXPECT_EQ(list<std::int64_t>(run(r, OpId::NeighborAt,
                                   {nodes<std::int64_t>({0, 0, 0, 0, 0, 0}), nodes<std::int32_t>(I32s(6))})),
            I64s(6, 1));
  EXPECT_THROW(run(r, OpId::NeighborAt, {fixed<std::int64_t>({1}), fixed<std::int64_t>({1, 2})}),
               CompileError);
  EXPECT_THROW(run(r, OpId::NeighborAt, {scalar(1), scalar(1)}), CompileError);
}

TEST(PickNeighbor, EvenlyOrByWeight) {
  FakeRun r(two_triangles());
  const auto pick = [&](const I64s& node, const F64s& u, const std::optional<F64s>& w = {}) {
    Operands in{fixed(node), fixed(u)};
    if (w) in.push_back(edges(*w));
    return list<std::int64_t>(run(r, OpId::PickNeighbor, in));
  };
  EXPECT_EQ(pick({2, 2, 2, 2, 2, 5, -1, 6}, {0.5, 0.99, 1, -1, kNan, 0, 0, 0}),
            (I64s{2, 3, 3, 0, 0, -1, -1, -1}));
  const F64s weights{1, 1, 1, 1, 1, 0, 3, kNan, -1};  // of 2: to 0 1, to itself 0, to 3 3
  EXPECT_EQ(pick({2, 2, 2, 2, 3, 4}, {0.24, 0.25, 0, 1, 0.5, 0.5}, weights), (I64s{0, 3, 0, 3, -1, -1}));
  EXPECT_THROW(run(r, OpId::PickNeighbor, {fixed<std::int64_t>({1}), fixed<float>({1})}), CompileError);
}

TEST(SimpleView, LoopsAndParallelEdgesDoNotCount) {
  FakeRun r(two_triangles());
  EXPECT_EQ(list<std::int64_t>(run(r, OpId::NeighborCount)), (I64s{2, 3, 3, 3, 1, 0}));
  EXPECT_EQ(list<std::int64_t>(run(r, OpId::CommonNeighbors)), (I64s{1, 1, 1, 2, 1, 0, 1, 1, 0}));
}

TEST(Triangles, AtEachCornerOrAtOneOrTheEdgesOpposite) {
  FakeRun r(two_triangles());
  const auto count = [&](const char* how) {
    return list<std::int64_t>(run(r, OpId::Triangles, {}, {{"count", how}}));
  };
  EXPECT_EQ(count("each"), (I64s{1, 2, 2, 1, 0, 0}));
  EXPECT_EQ(count("once"), (I64s{1, 0, 0, 1, 0, 0}));  // 0 has 4 edges, 1 and 2 have 5, 3 has 3
  EXPECT_EQ(count("arcs"), (I64s{1, 2, 3, 1, 0, 0}));
}

TEST(Triangles, OfAnUndirectedGraph) {
  // every pair of 0..3
  FakeRun r(graph_of(5, {{0, 1}, {0, 2}, {0, 3}, {1, 2}, {1, 3}, {2, 3}, {2, 3}, {3, 3}}, true));
  const auto count = [&](const char* how) {
    return list<std::int64_t>(run(r, OpId::Triangles, {}, {{"count", how}}));
  };
  EXPECT_EQ(count("each"), (I64s{3, 3, 3, 3, 0}));
  EXPECT_EQ(count("once"), (I64s{3, 1, 0, 0, 0}));
  EXPECT_EQ(count("arcs"), (I64s{6, 6, 6, 6, 0}));
  FakeRun none;
  EXPECT_EQ(list<std::int64_t>(run(none, OpId::Triangles)), I64s());
}

I64s best(RunContext& r, const I64s& labels, const F64s& node_cost, const F64s& label_cost, double factor,
          const std::optional<F64s>& weights = {}, const char* direction = "in") {
  Operands in{nodes(labels), nodes(node_cost), nodes(label_cost), scalar(factor)};
  if (weights) in.push_back(edges(*weights));
  return list<std::int64_t>(run(r, OpId::BestLabel, in, {{"direction", direction}}));
}

TEST(BestLabel, TheFirstMovesOfLouvain) {
  FakeRun r(graph_of(6, {{0, 1}, {0, 2}, {1, 2}, {2, 3}, {3, 4}, {3, 5}, {4, 5}}, true));
  const F64s degree{2, 2, 3, 3, 2, 2};
  EXPECT_EQ(best(r, {0, 1, 2, 3, 4, 5}, degree, degree, 1.0 / 14), (I64s{1, 0, 0, 4, 5, 4}));
}

TEST(BestLabel, TheOwnStaysAndOthersGoToTheLowest) {
  FakeRun r(graph_of(3, {{0, 1}, {0, 2}}, true));
  const F64s none{0, 0, 0};
  EXPECT_EQ(best(r, {7, 7, 3}, none, none, 0), (I64s{7, 7, 7}));
  EXPECT_EQ(best(r, {9, 7, 3}, none, none, 0), (I64s{3, 9, 9}));
  EXPECT_EQ(best(r, {-9, 7, 1ll << 40}, none, none, 0), (I64s{7, -9, -9}));
  // a label that costs NaN is worse than anything, the own one too
  EXPECT_EQ(best(r, {0, 1, 1}, {1, 1, 1}, {0, kNan, 0}, 1), (I64s{0, 0, 0}));
  // weights: 0-1 is -1, 0-2 is 0, and nothing is better than to stay
  EXPECT_EQ(best(r, {0, 1, 2}, none, none, 0, F64s{-1, 0, -1, 0}), (I64s{0, 1, 2}));
}

TEST(BestLabel, OfTheDirectionAskedForAndWithoutLoops) {
  FakeRun r(graph_of(3, {{0, 0}, {0, 0}, {0, 1}, {2, 1}}));
  const F64s none{0, 0, 0};
  EXPECT_EQ(best(r, {5, 6, 7}, none, none, 0), (I64s{5, 5, 7}));
  EXPECT_EQ(best(r, {5, 6, 7}, none, none, 0, {}, "out"), (I64s{6, 6, 6}));
  EXPECT_EQ(best(r, {5, 6, 7}, none, none, 0, {}, "both"), (I64s{6, 5, 6}));
  const Value narrow =
      run(r, OpId::BestLabel, {nodes<std::int32_t>({5, 6, 7}), nodes(none), nodes(none), scalar(0.0)});
  EXPECT_EQ(list<std::int32_t>(narrow), (I32s{5, 5, 7}));
}

}  // namespace
}  // namespace monograph::ops::testing
