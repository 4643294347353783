// Label slow: a hub with a million edges, and a path of a million nodes.
#include <gtest/gtest.h>
#include <monograph/algorithms.h>
#include <monograph/io.h>

#include "algorithms/checkers.h"
#include "algorithms/shapes.h"

namespace monograph::test {
namespace {

Graph large(const std::string& generator) {
  Graph g = read_graph(generator + ":weights=1..5", {.undirected = true});
  add_node_attributes(g);
  return g;
}

void expect_right(const Graph& g, std::initializer_list<const char*> names) {
  Session session({.cpu_tier = CpuTier::Native});
  for (const char* name : names) {
    const Result r = session.run(find_algorithm(name)->make(), g);
    EXPECT_EQ(checker_of(name)(g, r), "") << name;
  }
}

TEST(Large, AHubWithAMillionEdges) {
  expect_right(
      large("gen:star:1000001"),
      {"attribute_propagation", "bfs", "cdlp", "colouring", "degree", "hits", "k_core", "katz",
       "label_propagation", "maximal_independent_set", "message_pass", "minimum_spanning_forest", "pagerank",
       "personalized_pagerank", "scc", "sssp", "triangle_count", "wcc", "weighted_degree"});
}

// Each takes as many rounds as there are nodes: for loops that keep an active set.
TEST(Large, DISABLED_APathOfAMillionNodes) {
  expect_right(large("gen:path:1000000"), {"bfs", "sssp", "wcc"});
}

}  // namespace
}  // namespace monograph::test
