// Rows that enter nodes, made on the device of those that leave them.
#include <gtest/gtest.h>

#include <random>

#include "cuda/host_bulk.h"
#include "cuda/simulated_sessions.h"
#include "host/cuda/residents.h"

namespace monograph::test {
namespace {

constexpr std::size_t kPlenty = std::size_t{1} << 30;

Graph random_graph(std::int64_t nodes, std::size_t edges, bool undirected) {
  std::mt19937 random(static_cast<unsigned>(edges));
  EdgeList list{.source = {}, .target = {}, .attributes = {}, .ids = NodeIds::dense(nodes)};
  list.undirected = undirected;
  for (std::size_t e = 0; e < edges; ++e) {
    list.source.push_back(static_cast<std::int32_t>(random() % static_cast<unsigned>(nodes)));
    list.target.push_back(static_cast<std::int32_t>(random() % static_cast<unsigned>(nodes)));
  }
  return Graph::from_edges(std::move(list));
}

template <class T>
bool equal(const T* there, std::span<const T> here) {
  return std::equal(here.begin(), here.end(), there);
}

TEST(DeviceTranspose, GivesTheRowsOfTheHost) {
  for (const bool undirected : {false, true})
    for (const auto& [nodes, edges] : {std::pair{1, 3}, {50, 20}, {40, 700}, {9000, 300}})
      for (const bool leaving : {false, true}) {
        SCOPED_TRACE(std::to_string(nodes) + " nodes, " + std::to_string(edges) + " edges");
        const Graph graph = random_graph(nodes, static_cast<std::size_t>(edges), undirected);
        FakeRuntime runtime;
        {
          cuda::Staging staging(runtime, 0, 256);
          cuda::ResidentGraph rows(graph, &host_bulk());
          const auto missing = rows.missing(true, leaving);
          const auto held = rows.hold(staging, true, leaving, cuda::EdgesIn::Device, [] { return kPlenty; });
          EXPECT_EQ(held.transposes, 1);
          EXPECT_EQ(held.arrays, leaving ? 6 : 3);
          EXPECT_EQ(graph.csc_builds(), 0) << "the host was not asked for them";
          EXPECT_EQ(rows.device_bytes(), missing.offsets + missing.edges) << "as was said before";
          EXPECT_EQ(runtime.used_memory(), rows.device_bytes()) << "nothing else stays";
          const Adjacency in = graph.in();
          EXPECT_TRUE(
              equal(rows.in().offsets,
                    std::span(reinterpret_cast<const long long*>(in.offsets.data()), in.offsets.size())));
          EXPECT_TRUE(equal(rows.in().neighbors, in.neighbors));
          for (std::size_t e = 0; e < in.neighbors.size(); ++e)
            EXPECT_EQ(rows.in().edges[e],
                      in.edges.empty() ? static_cast<long long>(e) : static_cast<long long>(in.edges[e]));
        }
        EXPECT_EQ(runtime.alive(), 0u);
      }
}

TEST(DeviceTranspose, TheHostMakesThemWhereThereIsNoRoomOrNoBulkOrItHasThem) {
  const auto transposes = [](const Graph& graph, const cuda::Bulk* bulk, cuda::EdgesIn where,
                             std::size_t room) {
    FakeRuntime runtime;
    cuda::Staging staging(runtime, 0, 256);
    cuda::ResidentGraph rows(graph, bulk);
    const auto held = rows.hold(staging, true, false, where, [room] { return room; });
    EXPECT_EQ(rows.transposed_there(), held.transposes == 1);
    EXPECT_LE(runtime.most_memory(), std::max(room, rows.device_bytes()));
    return held.transposes;
  };
  using enum cuda::EdgesIn;
  EXPECT_EQ(transposes(random_graph(40, 200, false), &host_bulk(), Device, kPlenty), 1);
  EXPECT_EQ(transposes(random_graph(40, 200, false), nullptr, Device, kPlenty), 0);
  EXPECT_EQ(transposes(random_graph(40, 200, false), &host_bulk(), Host, kPlenty), 0);
  EXPECT_EQ(transposes(random_graph(40, 200, false), &host_bulk(), Device, 200 * 12 + 41 * 8), 0);
  EXPECT_EQ(transposes(random_graph(40, 0, false), &host_bulk(), Device, kPlenty), 0);
  const Graph known = random_graph(40, 200, false);
  static_cast<void>(known.in());
  EXPECT_EQ(transposes(known, &host_bulk(), Device, kPlenty), 0);
}

TEST(DeviceTranspose, ASessionCountsIt) {
  MONOGRAPH_NEEDS_SIMULATION();
  SimulatedMachine m;
  Session session = simulated(m);
  const Graph graph = random_graph(60, 400, false);
  const Result first = session.run(algorithm("pagerank"), graph);
  EXPECT_EQ(graph.csc_builds(), 0);
  EXPECT_EQ(first.csr_builds, 1);
  EXPECT_EQ(first.csr_hits, 0);
  const Result second = session.run(algorithm("pagerank"), graph);
  EXPECT_EQ(second.csr_builds, 0);
  EXPECT_EQ(second.csr_hits, 1);
  const Result want = reference(algorithm("pagerank"), graph);
  expect_same(first, want);
  expect_same(second, want);

  SimulatedMachine none;
  none.runtime.bulk_machine = nullptr;
  const Graph other = random_graph(60, 400, false);
  const Result result = simulated(none).run(algorithm("pagerank"), other);
  EXPECT_EQ(other.csc_builds(), 1);
  EXPECT_EQ(result.csr_builds, 1);
}

}  // namespace
}  // namespace monograph::test
