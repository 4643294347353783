// Every algorithm on every shape, on the reference and on the cpu: results that independent checkers accept.
#include "algorithms/shapes.h"

#include <gtest/gtest.h>
#include <monograph/algorithms.h>

#include "algorithms/checkers.h"

namespace monograph::test {
namespace {

const std::vector<Shape>& all_shapes() {
  static const std::vector<Shape> all = shapes();
  return all;
}

/// One session for all shapes: what is compiled once is used on all.
Session& session(const std::string& backend) {
  static Session reference({.backend = "reference"}), cpu({.backend = "cpu", .cpu_tier = CpuTier::Tiles});
  return backend == "cpu" ? cpu : reference;
}

class Shapes : public ::testing::TestWithParam<std::size_t> {};

TEST_P(Shapes, EveryAlgorithmIsRight) {
  const Graph& graph = all_shapes()[GetParam()].graph;
  for (const AlgorithmInfo& a : algorithms()) {
    const Checker check = checker_of(a.name);
    ASSERT_NE(check, nullptr) << a.name << " has no checker (tests/algorithms/checkers.h)";
    for (const std::string backend : {"reference", "cpu"}) {
      const Result r = session(backend).run(a.make(), graph);
      for (const Output& o : r.outputs())
        EXPECT_EQ(o.column.size(), o.type.domain == Domain::Nodes   ? graph.node_count()
                                   : o.type.domain == Domain::Edges ? graph.edge_count()
                                                                    : 1)
            << a.name << ' ' << o.name;
      EXPECT_EQ(check(graph, r), "") << a.name << " on " << backend;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Algorithms, Shapes, ::testing::Range<std::size_t>(0, all_shapes().size()),
                         [](const auto& shape) {
                           std::string name = all_shapes()[shape.param].name;
                           std::replace(name.begin(), name.end(), ' ', '_');
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

}  // namespace
}  // namespace monograph::test
