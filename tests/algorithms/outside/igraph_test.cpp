// igraph's answers to the same questions. Csardi, Nepusz: The igraph software package for complex network
// research, 2006. Built where libigraph is installed; nothing but these tests uses it.
#include <gtest/gtest.h>
#include <igraph/igraph.h>
#include <monograph/algorithms.h>
#include <monograph/io.h>
#include <monograph/session.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <memory>
#include <numeric>

#include "algorithms/checkers.h"
#include "algorithms/shapes.h"

namespace monograph::test {
namespace {

using Numbers = std::vector<double>;

class Vector {
 public:
  Vector() { igraph_vector_init(&v_, 0); }
  explicit Vector(const Numbers& x) : Vector() {
    for (const double e : x) igraph_vector_push_back(&v_, e);
  }
  ~Vector() { igraph_vector_destroy(&v_); }
  Vector(const Vector&) = delete;
  igraph_vector_t* get() { return &v_; }
  Numbers numbers() const {
    Numbers x;
    for (igraph_integer_t i = 0; i < igraph_vector_size(&v_); ++i) x.push_back(igraph_vector_get(&v_, i));
    return x;
  }

 private:
  igraph_vector_t v_;
};

class Integers {
 public:
  Integers() { igraph_vector_int_init(&v_, 0); }
  ~Integers() { igraph_vector_int_destroy(&v_); }
  Integers(const Integers&) = delete;
  void add(igraph_integer_t x) { igraph_vector_int_push_back(&v_, x); }
  igraph_vector_int_t* get() { return &v_; }
  std::vector<std::int64_t> numbers() const {
    std::vector<std::int64_t> x;
    for (igraph_integer_t i = 0; i < igraph_vector_int_size(&v_); ++i)
      x.push_back(igraph_vector_int_get(&v_, i));
    return x;
  }

 private:
  igraph_vector_int_t v_;
};

/// One of ours as one of igraph's: an undirected edge once, weights in the order of edges.
class Peer {
 public:
  explicit Peer(const Graph& g) {
    Integers ends;
    Numbers weights;
    for (const Edge& e : stored_edges(g)) {
      if (g.undirected() && e.source > e.target) continue;
      ends.add(e.source), ends.add(e.target), weights.push_back(e.weight);
    }
    igraph_create(&g_, ends.get(), g.node_count(), !g.undirected());
    weights_ = std::make_unique<Vector>(weights);
  }
  ~Peer() { igraph_destroy(&g_); }
  Peer(const Peer&) = delete;
  const igraph_t* get() const { return &g_; }
  igraph_vector_t* weights() const { return weights_->get(); }

 private:
  igraph_t g_;
  std::unique_ptr<Vector> weights_;
};

std::vector<Shape> graphs() {
  std::vector<Shape> all;
  const auto add = [&](const std::string& name, Graph g) {
    if (!g.edge_attribute("weight")) {
      Column ones(ScalarType::F64, g.edge_count());
      std::fill(ones.span<double>().begin(), ones.span<double>().end(), 1.0);
      g.set_edge_attribute("weight", ones);
    }
    add_node_attributes(g);
    all.push_back({name, std::move(g)});
  };
  add("karate", read_graph("gen:karate"));
  Ends ring;
  for (std::int32_t v = 0; v < 300; ++v) ring.emplace_back(v, (v + 1) % 300);
  for (const auto& [u, v] : random_ends(300, 400, 3, true))
    if (std::abs(u - v) != 1 && std::abs(u - v) != 299) ring.emplace_back(u, v);
  add("a ring with chords, undirected", with_attributes(300, ring, true));
  add("a ring with chords, directed", with_attributes(300, ring));
  add("random, directed", with_attributes(80, random_ends(80, 400, 5, true)));
  add("random, undirected", with_attributes(80, random_ends(80, 200, 6, true), true));
  const std::string folder = MONOGRAPH_SHARED_DATA;
  for (const std::string name : {"small/dolphins.mtx", "small/polbooks.mtx"})
    if (std::filesystem::exists(folder + "/" + name)) add(name, read_graph(folder + "/" + name));
  return all;
}

/// Each test asks one question of both, on every graph.
template <class Ask>
void on_every_graph(const Ask& ask) {
  static const std::vector<Shape> all = graphs();
  static Session session({.cpu_tier = CpuTier::Tiles});
  for (const Shape& s : all) {
    SCOPED_TRACE(s.name);
    ask(s.graph, Peer(s.graph), session);
  }
}

Numbers as_numbers(const Result& r, std::string_view name) {
  const Column& c = r.output(name).column;
  Numbers x;
  for (std::int64_t i = 0; i < c.size(); ++i)
    x.push_back(c.type() == ScalarType::F64   ? c.at(i).as<double>()
                : c.type() == ScalarType::I64 ? static_cast<double>(c.at(i).as<std::int64_t>())
                                              : static_cast<double>(c.at(i).as<std::int32_t>()));
  return x;
}

Numbers scaled(Numbers x, double by) {
  for (double& e : x) e *= by;
  return x;
}

Numbers unit(Numbers x) {
  return scaled(x, 1 / std::sqrt(std::inner_product(x.begin(), x.end(), x.begin(), 0.0)));
}

template <class T>
bool same_partition(std::span<const T> a, const std::vector<std::int64_t>& b) {
  std::map<T, std::int64_t> there;
  std::map<std::int64_t, T> back;
  for (std::size_t v = 0; v < b.size(); ++v)
    if (there.emplace(a[v], b[v]).first->second != b[v] || back.emplace(b[v], a[v]).first->second != a[v])
      return false;
  return a.size() == b.size();
}

const Parameters kExact = Parameters().set("tolerance", 1e-14).set("max_iterations", 100000);

}  // namespace

TEST(Igraph, PageRank) {
  on_every_graph([](const Graph& g, const Peer& peer, Session& s) {
    Vector want;
    igraph_pagerank(peer.get(), IGRAPH_PAGERANK_ALGO_PRPACK, want.get(), nullptr, igraph_vss_all(), true,
                    0.85, nullptr, nullptr);
    EXPECT_EQ(near(as_numbers(s.run(pagerank(), g, kExact), "rank"), want.numbers(), 1e-8), "");
  });
}

TEST(Igraph, PersonalizedPageRank) {
  on_every_graph([](const Graph& g, const Peer& peer, Session& s) {
    const auto restart = g.node_attribute("restart")->span<double>();
    Vector want, reset(Numbers(restart.begin(), restart.end()));
    igraph_personalized_pagerank(peer.get(), IGRAPH_PAGERANK_ALGO_PRPACK, want.get(), nullptr,
                                 igraph_vss_all(), true, 0.85, reset.get(), nullptr, nullptr);
    EXPECT_EQ(near(as_numbers(s.run(personalized_pagerank(), g, kExact), "rank"), want.numbers(), 1e-8), "");
  });
}

TEST(Igraph, BreadthFirstSearch) {
  on_every_graph([](const Graph& g, const Peer& peer, Session& s) {
    igraph_matrix_t m;
    igraph_matrix_init(&m, 0, 0);
    igraph_distances(peer.get(), &m, igraph_vss_1(0), igraph_vss_all(), IGRAPH_OUT);
    const Result r = s.run(bfs(), g);
    const auto level = r.column<std::int64_t>("level");
    for (std::size_t v = 0; v < level.size(); ++v) {
      const double want = MATRIX(m, 0, static_cast<igraph_integer_t>(v));
      if (std::isinf(want))
        EXPECT_EQ(level[v], std::numeric_limits<std::int64_t>::max());
      else
        EXPECT_EQ(static_cast<double>(level[v]), want);
    }
    igraph_matrix_destroy(&m);
  });
}

TEST(Igraph, ShortestPaths) {
  on_every_graph([](const Graph& g, const Peer& peer, Session& s) {
    igraph_matrix_t m;
    igraph_matrix_init(&m, 0, 0);
    igraph_distances_dijkstra(peer.get(), &m, igraph_vss_1(0), igraph_vss_all(), peer.weights(), IGRAPH_OUT);
    Numbers want;
    for (igraph_integer_t v = 0; v < g.node_count(); ++v) want.push_back(MATRIX(m, 0, v));
    EXPECT_EQ(near(as_numbers(s.run(sssp(), g), "distance"), want), "");
    igraph_matrix_destroy(&m);
  });
}

TEST(Igraph, Components) {
  on_every_graph([](const Graph& g, const Peer& peer, Session& s) {
    for (const auto mode : {IGRAPH_WEAK, IGRAPH_STRONG}) {
      Integers want;
      igraph_connected_components(peer.get(), want.get(), nullptr, nullptr, mode);
      const Result r = s.run(mode == IGRAPH_WEAK ? wcc() : scc(), g);
      EXPECT_TRUE(same_partition(r.column<std::int32_t>("component"), want.numbers()));
    }
  });
}

TEST(Igraph, CoreNumbers) {
  on_every_graph([](const Graph& g, const Peer& peer, Session& s) {
    Integers want;
    igraph_coreness(peer.get(), want.get(), IGRAPH_ALL);
    const Result r = s.run(k_core(), g);
    const auto core = r.column<std::int64_t>("core");
    EXPECT_EQ(std::vector<std::int64_t>(core.begin(), core.end()), want.numbers());
  });
}

TEST(Igraph, Betweenness) {
  on_every_graph([](const Graph& g, const Peer& peer, Session& s) {
    Vector want;
    igraph_betweenness(peer.get(), want.get(), igraph_vss_all(), true, nullptr);
    const Result r = s.run(betweenness(), g, Parameters().set("normalized", false));
    EXPECT_EQ(near(as_numbers(r, "betweenness"), scaled(want.numbers(), g.undirected() ? 2 : 1)), "");
  });
}

TEST(Igraph, HubsAndAuthorities) {
  on_every_graph([](const Graph& g, const Peer& peer, Session& s) {
    Vector hub, authority;
    igraph_arpack_options_t options;
    igraph_arpack_options_init(&options);
    igraph_hub_and_authority_scores(peer.get(), hub.get(), authority.get(), nullptr, true, nullptr, &options);
    const Result r = s.run(hits(), g, kExact);
    EXPECT_EQ(near(as_numbers(r, "hub"), unit(hub.numbers()), 1e-7), "");
    EXPECT_EQ(near(as_numbers(r, "authority"), unit(authority.numbers()), 1e-7), "");
  });
}

TEST(Igraph, EigenvectorCentrality) {
  on_every_graph([](const Graph& g, const Peer& peer, Session& s) {
    Vector want;
    igraph_arpack_options_t options;
    igraph_arpack_options_init(&options);
    igraph_eigenvector_centrality(peer.get(), want.get(), nullptr, true, true, nullptr, &options);
    EXPECT_EQ(near(as_numbers(s.run(eigenvector(), g, kExact), "eigenvector"), unit(want.numbers()), 1e-7),
              "");
  });
}

TEST(Igraph, Strength) {
  on_every_graph([](const Graph& g, const Peer& peer, Session& s) {
    Vector want;
    igraph_strength(peer.get(), want.get(), igraph_vss_all(), IGRAPH_ALL, true, peer.weights());
    EXPECT_EQ(near(as_numbers(s.run(weighted_degree(), g), "weighted_degree"), want.numbers()), "");
  });
}

TEST(Igraph, MinimumSpanningForest) {
  on_every_graph([](const Graph& g, const Peer& peer, Session& s) {
    Integers edges;
    igraph_minimum_spanning_tree(peer.get(), edges.get(), peer.weights());
    double want = 0;
    for (const std::int64_t e : edges.numbers()) want += igraph_vector_get(peer.weights(), e);
    EXPECT_NEAR(s.run(minimum_spanning_forest(), g).scalar<double>("total"), want, 1e-9 * want);
  });
}

// ours weighs by the share of nodes that reach a node, which igraph leaves to its user
TEST(Igraph, Closeness) {
  on_every_graph([](const Graph& g, const Peer& peer, Session& s) {
    Vector want;
    Integers reached;
    igraph_closeness(peer.get(), want.get(), reached.get(), nullptr, igraph_vss_all(), IGRAPH_IN, nullptr,
                     true);
    Numbers weighed = want.numbers();
    for (std::size_t v = 0; v < weighed.size(); ++v) {
      const double share =
          static_cast<double>(reached.numbers()[v]) / static_cast<double>(g.node_count() - 1);
      weighed[v] = share == 0 ? 0 : weighed[v] * share;
    }
    EXPECT_EQ(near(as_numbers(s.run(closeness(), g), "closeness"), weighed), "");
  });
}

TEST(Igraph, Harmonic) {
  on_every_graph([](const Graph& g, const Peer& peer, Session& s) {
    Vector want;
    igraph_harmonic_centrality(peer.get(), want.get(), igraph_vss_all(), IGRAPH_IN, nullptr, true);
    EXPECT_EQ(near(as_numbers(s.run(harmonic(), g), "harmonic"), want.numbers()), "");
  });
}

TEST(Igraph, TrianglesAndClustering) {
  on_every_graph([](const Graph& g, const Peer& peer, Session& s) {
    Vector triangles, clustering;
    igraph_adjacent_triangles(peer.get(), triangles.get(), igraph_vss_all());
    const Numbers each = triangles.numbers();
    const double total = std::accumulate(each.begin(), each.end(), 0.0) / 3;
    EXPECT_EQ(static_cast<double>(s.run(triangle_count(), g).scalar<std::int64_t>("triangles")), total);
    if (!g.undirected()) return;  // it has no directed clustering
    igraph_transitivity_local_undirected(peer.get(), clustering.get(), igraph_vss_all(),
                                         IGRAPH_TRANSITIVITY_ZERO);
    EXPECT_EQ(near(as_numbers(s.run(lcc(), g), "lcc"), clustering.numbers()), "");
  });
}

TEST(Igraph, Jaccard) {
  on_every_graph([](const Graph& g, const Peer& peer, Session& s) {
    Integers pairs;
    for (const Edge& e : stored_edges(g)) pairs.add(e.source), pairs.add(e.target);
    Vector want;
    igraph_similarity_jaccard_pairs(peer.get(), want.get(), pairs.get(), IGRAPH_ALL, false);
    EXPECT_EQ(near(as_numbers(s.run(jaccard(), g), "jaccard"), want.numbers()), "");
  });
}

// neither finds the largest: within a few hundredths of each other
TEST(Igraph, Louvain) {
  on_every_graph([](const Graph& g, const Peer& peer, Session& s) {
    if (!g.undirected()) return;
    Integers membership;
    Vector levels;
    igraph_community_multilevel(peer.get(), peer.weights(), 1.0, membership.get(), nullptr, levels.get());
    EXPECT_GT(run_louvain(s, g).scalar<double>("modularity"), levels.numbers().back() - 0.03);
  });
}

TEST(Igraph, Modularity) {
  on_every_graph([](const Graph& g, const Peer& peer, Session& s) {
    Integers membership;
    for (const std::int64_t c : g.node_attribute("community")->span<std::int64_t>()) membership.add(c);
    double want = 0;
    igraph_modularity(peer.get(), membership.get(), peer.weights(), 0.8, true, &want);
    EXPECT_NEAR(s.run(modularity(), g, Parameters().set("resolution", 0.8)).scalar<double>("modularity"),
                want, 1e-12);
  });
}

}  // namespace monograph::test
