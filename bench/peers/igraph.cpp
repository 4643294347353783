// igraph. Csardi, Nepusz: The igraph software package for complex network research, 2006. One thread.
#include <igraph/igraph.h>
#include <monograph/error.h>

#include <functional>
#include <limits>

#include "bench/peers/peer.h"

namespace monograph::bench::peers {
namespace {

void check(igraph_error_t code, const char* call) {
  if (code != IGRAPH_SUCCESS)
    throw RuntimeError(std::string("igraph: ") + call + ": " + igraph_strerror(code));
}
#define MONOGRAPH_IGRAPH(call) check(call, #call)

class Integers {
 public:
  Integers() { MONOGRAPH_IGRAPH(igraph_vector_int_init(&v_, 0)); }
  ~Integers() { igraph_vector_int_destroy(&v_); }
  Integers(const Integers&) = delete;
  Integers& operator=(const Integers&) = delete;
  void add(igraph_integer_t x) { MONOGRAPH_IGRAPH(igraph_vector_int_push_back(&v_, x)); }
  igraph_vector_int_t* get() { return &v_; }
  std::int64_t size() const { return igraph_vector_int_size(&v_); }
  std::int64_t at(std::int64_t i) const { return VECTOR(v_)[i]; }

 private:
  igraph_vector_int_t v_;
};

class Numbers {
 public:
  Numbers() { MONOGRAPH_IGRAPH(igraph_vector_init(&v_, 0)); }
  ~Numbers() { igraph_vector_destroy(&v_); }
  Numbers(const Numbers&) = delete;
  Numbers& operator=(const Numbers&) = delete;
  void add(double x) { MONOGRAPH_IGRAPH(igraph_vector_push_back(&v_, x)); }
  igraph_vector_t* get() { return &v_; }
  std::int64_t size() const { return igraph_vector_size(&v_); }
  double at(std::int64_t i) const { return VECTOR(v_)[i]; }

 private:
  igraph_vector_t v_;
};

template <class T, class Source>
Column column(const Source& x, double scale = 1) {
  Column c(scalar_type_of<T>, x.size());
  const auto to = c.template span<T>();
  for (std::int64_t i = 0; i < x.size(); ++i)
    if constexpr (std::is_floating_point_v<T>)
      to[static_cast<std::size_t>(i)] = x.at(i) * scale;
    else
      to[static_cast<std::size_t>(i)] = static_cast<T>(x.at(i));
  return c;
}

/// The graph in igraph's form: an undirected edge once.
struct Network {
  explicit Network(const Graph& g) : directed(!g.undirected()), nodes(g.node_count()) {
    const Adjacency out = g.out();
    const auto weight = g.edge_attribute("weight")->span<double>();
    Integers ends;
    for (std::int32_t u = 0; u < g.node_count(); ++u)
      for (auto k = out.offsets[static_cast<std::size_t>(u)];
           k < out.offsets[static_cast<std::size_t>(u) + 1]; ++k) {
        const std::int32_t v = out.neighbors[static_cast<std::size_t>(k)];
        if (!directed && u > v) continue;
        ends.add(u), ends.add(v), weights.add(weight[static_cast<std::size_t>(out.edge(k))]);
      }
    MONOGRAPH_IGRAPH(igraph_create(&graph, ends.get(), nodes, directed));
  }
  ~Network() { igraph_destroy(&graph); }
  Network(const Network&) = delete;
  Network& operator=(const Network&) = delete;
  const bool directed;
  const std::int64_t nodes;
  igraph_t graph;
  Numbers weights;
};

/// A call that leaves integers or numbers behind.
template <class Storage>
class Call final : public Contestant {
 public:
  Call(std::string method, std::function<void(Storage&)> run, std::function<Answer(const Storage&)> answer)
      : method_(std::move(method)), run_(std::move(run)), answer_(std::move(answer)) {}
  void run() override { run_(storage_); }
  Answer answer() const override { return answer_(storage_); }
  std::string method() const override { return method_; }

 private:
  std::string method_;
  std::function<void(Storage&)> run_;
  std::function<Answer(const Storage&)> answer_;
  Storage storage_;
};

using Entrant = std::unique_ptr<Contestant>;

Entrant pagerank(Network& n, const Question&) {
  return std::make_unique<Call<Numbers>>(
      "PRPACK: Gauss-Seidel until the error is 1e-10",
      [&n](Numbers& x) {
        MONOGRAPH_IGRAPH(igraph_pagerank(&n.graph, IGRAPH_PAGERANK_ALGO_PRPACK, x.get(), nullptr,
                                         igraph_vss_all(), n.directed, 0.85, nullptr, nullptr));
      },
      [](const Numbers& x) {
        return Answer{{"rank", column<double>(x)}};
      });
}

Entrant components(Network& n, const Question&) {
  return std::make_unique<Call<Integers>>(
      "breadth-first search",
      [&n](Integers& x) {
        MONOGRAPH_IGRAPH(igraph_connected_components(&n.graph, x.get(), nullptr, nullptr, IGRAPH_WEAK));
      },
      [](const Integers& x) {
        return Answer{{"component", column<std::int32_t>(x)}};
      });
}

Entrant labels(Network& n, const Question&) {
  return std::make_unique<Call<Integers>>(
      "asynchronous, in random order",
      [&n](Integers& x) {
        MONOGRAPH_IGRAPH(
            igraph_community_label_propagation(&n.graph, x.get(), IGRAPH_ALL, nullptr, nullptr, nullptr));
      },
      [](const Integers& x) {
        return Answer{{"label", column<std::int32_t>(x)}};
      });
}

struct Search {
  Integers order, layers, parents;
};

/// Levels from the layers, which are pieces of the order.
Answer levels(const Network& n, const Search& s) {
  Column level(ScalarType::I64, n.nodes), parent = column<std::int32_t>(s.parents);
  const auto to = level.span<std::int64_t>();
  std::fill(to.begin(), to.end(), std::numeric_limits<std::int64_t>::max());
  for (std::int64_t d = 0; d + 1 < s.layers.size(); ++d)
    for (std::int64_t i = s.layers.at(d); i < s.layers.at(d + 1); ++i)
      to[static_cast<std::size_t>(s.order.at(i))] = d;
  const auto parents = parent.span<std::int32_t>();
  for (std::size_t v = 0; v < parents.size();
       ++v)  // its own mark for the source and for those not reached is -1
    parents[v] = to[v] == 0 ? static_cast<std::int32_t>(v) : std::max(parents[v], -1);
  return {{"level", level}, {"parent", parent}};
}

Entrant bfs(Network& n, const Question& q) {
  return std::make_unique<Call<Search>>(
      "igraph_bfs_simple: layers and parents",
      [&n, source = q.source](Search& s) {
        MONOGRAPH_IGRAPH(
            igraph_bfs_simple(&n.graph, source, IGRAPH_OUT, s.order.get(), s.layers.get(), s.parents.get()));
      },
      [&n](const Search& s) { return levels(n, s); });
}

struct Matrix {
  Matrix() { MONOGRAPH_IGRAPH(igraph_matrix_init(&m, 0, 0)); }
  ~Matrix() { igraph_matrix_destroy(&m); }
  Matrix(const Matrix&) = delete;
  Matrix& operator=(const Matrix&) = delete;
  std::int64_t size() const { return igraph_matrix_size(&m); }
  double at(std::int64_t i) const { return MATRIX(m, 0, i); }
  igraph_matrix_t m;
};

Entrant sssp(Network& n, const Question& q) {
  return std::make_unique<Call<Matrix>>(
      "Dijkstra with a heap; distances only",
      [&n, source = q.source](Matrix& m) {
        MONOGRAPH_IGRAPH(igraph_distances_dijkstra(&n.graph, &m.m, igraph_vss_1(source), igraph_vss_all(),
                                                   n.weights.get(), IGRAPH_OUT));
      },
      [](const Matrix& m) {
        return Answer{{"distance", column<double>(m)}};
      });
}

Entrant cores(Network& n, const Question&) {
  return std::make_unique<Call<Integers>>(
      "Batagelj and Zaversnik",
      [&n](Integers& x) { MONOGRAPH_IGRAPH(igraph_coreness(&n.graph, x.get(), IGRAPH_ALL)); },
      [](const Integers& x) {
        return Answer{{"core", column<std::int64_t>(x)}};
      });
}

Answer triangles_of(const Numbers& x) {
  double sum = 0;
  for (std::int64_t i = 0; i < x.size(); ++i) sum += x.at(i);
  const std::int64_t triangles[] = {static_cast<std::int64_t>(sum / 3 + 0.5)};
  return {{"triangles", Column::of(std::span<const std::int64_t>(triangles))}};
}

Entrant triangles(Network& n, const Question&) {
  return std::make_unique<Call<Numbers>>(
      "at each node",
      [&n](Numbers& x) { MONOGRAPH_IGRAPH(igraph_adjacent_triangles(&n.graph, x.get(), igraph_vss_all())); },
      triangles_of);
}

Entrant clustering(Network& n, const Question&) {
  return std::make_unique<Call<Numbers>>(
      "igraph_transitivity_local_undirected",
      [&n](Numbers& x) {
        MONOGRAPH_IGRAPH(igraph_transitivity_local_undirected(&n.graph, x.get(), igraph_vss_all(),
                                                              IGRAPH_TRANSITIVITY_ZERO));
      },
      [](const Numbers& x) {
        return Answer{{"lcc", column<double>(x)}};
      });
}

/// Its sum over unordered pairs is half of ours; ours is scaled up from the sample to all sources.
Entrant betweenness(Network& n, const Question& q) {
  auto sources = std::make_shared<Integers>();
  for (const std::int32_t s : q.sources) sources->add(s);
  const double scale =
      (n.directed ? 1.0 : 2.0) * static_cast<double>(n.nodes) / static_cast<double>(q.sources.size());
  return std::make_unique<Call<Numbers>>(
      "Brandes from the same " + std::to_string(q.sources.size()) + " sources",
      [&n, sources](Numbers& x) {
        MONOGRAPH_IGRAPH(igraph_betweenness_subset(&n.graph, x.get(), igraph_vss_all(), n.directed,
                                                   igraph_vss_vector(sources->get()), igraph_vss_all(),
                                                   nullptr));
      },
      [scale](const Numbers& x) {
        return Answer{{"betweenness", column<double>(x, scale)}};
      });
}

struct Known {
  std::string_view algorithm, setting;
  Entrant (*enter)(Network&, const Question&);
};
constexpr Known kKnown[] = {{"pagerank", "converged", pagerank},
                            {"wcc", "", components},
                            {"message_pass", "", labels},
                            {"bfs", "", bfs},
                            {"sssp", "", sssp},
                            {"k_core", "", cores},
                            {"triangle_count", "", triangles},
                            {"lcc", "", clustering},
                            {"betweenness", "sampled", betweenness}};

class Igraph final : public Peer {
 public:
  explicit Igraph(const Graph& g) : network_(g) {}
  Entrant enter(const Question& q) override {
    for (const Known& k : kKnown)
      if (k.algorithm == q.algorithm && k.setting == q.setting) return k.enter(network_, q);
    return nullptr;
  }

 private:
  Network network_;
};

}  // namespace

PeerInfo igraph_peer() {
  return {.name = "igraph",
          .version = IGRAPH_VERSION,
          .one_thread = true,
          .missing = "",
          .open = [](const Graph& g) -> std::unique_ptr<Peer> {
            igraph_set_error_handler(igraph_error_handler_ignore);
            return std::make_unique<Igraph>(g);
          }};
}

}  // namespace monograph::bench::peers
