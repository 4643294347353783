// Tiles give the reference's bits: every program of the tests and every algorithm, group by group, on graphs
// of awkward shapes.
#include <monograph/algorithms.h>

#include "cpu/tile_harness.h"
#include "host/passes/passes.h"
#include "host/plan/plan.h"
#include "unit/test_programs.h"

namespace monograph::cpu::test {
namespace {

/// Of each operation a group of its own, and groups as the optimiser makes them.
std::vector<ir::Program> groupings(const ir::Program& p) {
  return {plan::build(passes::run(p, {.level = 0})).program,
          plan::build(passes::run(p, {.level = 2})).program};
}

void expect_same(const Program& p, const std::string& name, const Graph& graph) {
  for (const ir::Program& fused : groupings(p.ir()))
    for (const int threads : {1, 3}) {
      SCOPED_TRACE(p.name() + " on " + name + ", threads: " + std::to_string(threads));
      EXPECT_GT(compare_groups(fused, graph, threads).groups, 0);
      if (::testing::Test::HasFailure()) return;
    }
}

class Tiles : public ::testing::TestWithParam<std::size_t> {};

TEST_P(Tiles, GiveTheReferencesBitsOnTestPrograms) {
  const auto& [name, graph] = awkward_graphs()[GetParam()];
  for (const Program& p : testing::test_programs()) {
    expect_same(p, name, graph);
    if (HasFailure()) return;
  }
}

INSTANTIATE_TEST_SUITE_P(Graphs, Tiles, ::testing::Range<std::size_t>(0, 10));

}  // namespace
}  // namespace monograph::cpu::test
