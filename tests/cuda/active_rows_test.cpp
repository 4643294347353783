// Loops of which an iteration computes only the rows that read a changed one, in sessions on a simulated
// device: in every tier, with the rows that they need, and without them where there is no room.
#include <gtest/gtest.h>
#include <monograph/error.h>

#include "cuda/simulated_sessions.h"
#include "host/cuda/graph_text.h"
#include "host/plan/compile.h"
#include "unit/active_programs.h"

namespace monograph::test {
namespace {

using cuda::Tier;

std::vector<Program> programs() {
  std::vector<Program> all{monograph::testing::repeated_searches()};
  for (monograph::testing::ActiveCase& c : monograph::testing::active_cases())
    if (c.name == "core" || c.name == "average") all.push_back(c.program);
  return all;
}

/// The equivalence suite has the other forms of loops.
TEST(CudaActiveRows, NobodyNotices) {
  MONOGRAPH_NEEDS_SIMULATION();
  const std::vector<Program> all = programs();
  const std::vector<Graph> odd = monograph::testing::odd_graphs();
  for (const Tier tier : {Tier::Graph, Tier::Grid}) {
    SimulatedMachine m;
    if (tier == Tier::Grid) m.take_tier(tier);
    Session session = simulated(m, {.active_rows = ActiveRows::Always});
    session.compile(all);
    for (const Program& p : all)
      for (const Graph& g : {odd[5], odd[7]})
        EXPECT_TRUE(monograph::testing::active_outcome(session, p, g) ==
                    monograph::testing::active_outcome({.backend = "reference"}, p, g))
            << p.name() << ", tier " << static_cast<int>(tier) << ", " << g.node_count() << " nodes";
  }
}

std::uint64_t bytes_of(const Graph& graph, SessionOptions options) {
  SimulatedMachine m;
  m.runtime.bulk_machine = nullptr;
  const Result result = simulated(m, options).run(bfs(), graph);
  EXPECT_EQ(static_cast<std::size_t>(result.device_bytes), m.runtime.most_memory());
  return static_cast<std::uint64_t>(result.device_bytes);
}

/// Of a directed graph those of the other direction; else the same ones. Two bytes per node in any case.
TEST(CudaActiveRows, ReadersAreFoundInRowsThatAreThere) {
  MONOGRAPH_NEEDS_SIMULATION();
  constexpr std::uint64_t kNodes = 1024;
  for (const bool undirected : {false, true}) {
    std::vector<std::int32_t> from, to;
    for (std::int32_t v = 0; v < static_cast<std::int32_t>(kNodes); ++v)
      from.push_back(v), to.push_back(v * 7 % static_cast<std::int32_t>(kNodes));
    const Graph graph = monograph::testing::odd_graph(kNodes, from, to, undirected);
    const std::uint64_t with = bytes_of(graph, {}),
                        without = bytes_of(graph, {.active_rows = ActiveRows::Never});
    EXPECT_EQ(with - without, 2 * kNodes + (undirected ? 0 : 8 * (kNodes + 1) + 4 * kNodes));
    SimulatedMachine m;
    m.runtime.bulk_machine = nullptr;
    Session tight = simulated(m, {.device_memory = with - 1});
    const Result result = tight.run(bfs(), graph);
    EXPECT_EQ(static_cast<std::uint64_t>(result.device_bytes), without) << "all rows then";
    expect_same(result, reference(bfs(), graph));
  }
}

TEST(CudaActiveRows, ExplainSaysWhatALoopComputes) {
  const auto shown = [](const Program& p, cpu::ActiveRows rows) {
    return cuda::graph_text(*plan::compile(p.ir()).plan, {.options = {.active_rows = rows}});
  };
  const std::string search = shown(bfs(), cpu::ActiveRows::Auto);
  EXPECT_NE(search.find(" computes the rows that read a changed one, after iterations that change few\n"),
            std::string::npos)
      << search;
  EXPECT_NE(shown(pagerank(), cpu::ActiveRows::Auto).find(" computes all rows each time: "),
            std::string::npos);
  EXPECT_NE(shown(spreading(), cpu::ActiveRows::Auto)
                .find(" all rows each time: it adds up floats, and does not ask whether they change"),
            std::string::npos);
  EXPECT_EQ(shown(bfs(), cpu::ActiveRows::Never).find(" computes "), std::string::npos);
}

}  // namespace
}  // namespace monograph::test
