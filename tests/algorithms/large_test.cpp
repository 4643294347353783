// Label slow: a hub with a million edges, a path of a million nodes, and one of a thousand where each step
// takes longer.
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

void expect_right(Session& session, const Graph& g, const std::string& name) {
  const Result r = session.run(find_algorithm(name)->make(), g);
  EXPECT_EQ(checker_of(name)(g, r), "") << name;
}

Session& compiled() {
  static Session session({.backend = "cpu", .cpu_tier = CpuTier::Native});
  return session;
}

std::string name_of(const testing::TestParamInfo<const char*>& info) { return info.param; }

// Not here: betweenness, closeness and harmonic search from every node; louvain, modularity and random_walk
// as below.
class LargeHub : public testing::TestWithParam<const char*> {};
TEST_P(LargeHub, OfAMillionEdges) {
  static const Graph star = large("gen:star:1000001");
  expect_right(compiled(), star, GetParam());
}
INSTANTIATE_TEST_SUITE_P(Algorithms, LargeHub,
                         testing::Values("attribute_propagation", "bfs", "cdlp", "colouring", "degree",
                                         "eigenvector", "hits", "jaccard", "k_core", "katz",
                                         "label_propagation", "lcc", "maximal_independent_set",
                                         "message_pass", "minimum_spanning_forest", "pagerank",
                                         "personalized_pagerank", "scc", "sssp", "triangle_count", "wcc",
                                         "weighted_degree"),
                         name_of);

// Not here: betweenness, closeness, harmonic, k_core and scc take a pass over the graph per hop or per layer
// that is peeled, which are as many as nodes; hits does not converge in its 1000 iterations, for the
// eigenvalues of a path lie too near each other; checkers of louvain and modularity compare all pairs of
// nodes, that of random_walk all walks, and that of label_propagation takes as many passes as it does.
class LargePath : public testing::TestWithParam<const char*> {};
TEST_P(LargePath, OfAMillionNodes) {
  static const Graph path = large("gen:path:1000000");
  expect_right(compiled(), path, GetParam());
}
INSTANTIATE_TEST_SUITE_P(Algorithms, LargePath,
                         testing::Values("attribute_propagation", "bfs", "cdlp", "colouring", "degree",
                                         "eigenvector", "jaccard", "katz", "lcc", "maximal_independent_set",
                                         "message_pass", "minimum_spanning_forest", "pagerank",
                                         "personalized_pagerank", "sssp", "triangle_count", "wcc",
                                         "weighted_degree"),
                         name_of);

// Not here: betweenness, closeness and harmonic search from every node, eigenvector and hits walk a thousand
// times over it, each of which takes simt more than a minute.
class LargeSteps : public testing::TestWithParam<const char*> {};
TEST_P(LargeSteps, OfAPathOfAThousandNodes) {
  static const Graph path = large("gen:path:1000");
  for (const char* backend : {"reference", "simt"}) {
    SCOPED_TRACE(backend);
    Session session({.backend = backend});
    expect_right(session, path, GetParam());
  }
}
INSTANTIATE_TEST_SUITE_P(Algorithms, LargeSteps,
                         testing::Values("attribute_propagation", "bfs", "cdlp", "colouring", "degree",
                                         "jaccard", "k_core", "katz", "label_propagation", "lcc", "louvain",
                                         "maximal_independent_set", "message_pass", "minimum_spanning_forest",
                                         "modularity", "pagerank", "personalized_pagerank", "random_walk",
                                         "scc", "sssp", "triangle_count", "wcc", "weighted_degree"),
                         name_of);

}  // namespace
}  // namespace monograph::test
