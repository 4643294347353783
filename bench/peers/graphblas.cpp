// The algorithms of LAGraph on SuiteSparse:GraphBLAS, written anew. Mattson et al.: LAGraph, 2019; Davis:
// Algorithm 1000: SuiteSparse:GraphBLAS, 2019. What LAGraph counts as a property of the graph (degrees, the
// transpose) is computed before the clock starts.
#include <limits>
#include <map>
#include <numeric>

#include "bench/peers/graphblas_network.h"
#include "bench/peers/peer.h"

namespace monograph::bench::peers {
namespace {

class Entrant : public Contestant {
 public:
  Entrant(const Network& network, const Question& q, std::string method)
      : net(network), question(q), method_(std::move(method)) {}
  void run() final {
    MONOGRAPH_GRB(GxB_Global_Option_set_INT32(GxB_GLOBAL_NTHREADS, question.threads));
    compute();
  }
  std::string method() const final { return method_; }

 protected:
  virtual void compute() = 0;
  const Network& net;
  const Question question;

 private:
  std::string method_;
};

/// Push, and pull while the front is large: Beamer's rule as LAGraph has it.
class Bfs final : public Entrant {
 public:
  Bfs(const Network& network, const Question& q)
      : Entrant(network, q, "direction-optimising, any.secondi"),
        parent_(GrB_INT32, net.n),
        level_(GrB_INT64, net.n) {}
  Answer answer() const override {
    return {{"level", column<std::int64_t>(level_, std::numeric_limits<std::int64_t>::max())},
            {"parent", column<std::int32_t>(parent_, -1)}};
  }

 private:
  void compute() override {
    const GrB_Index n = net.n, source = static_cast<GrB_Index>(question.source);
    Vector parent(GrB_INT32, n), level(GrB_INT64, n), front(GrB_INT32, n);
    MONOGRAPH_GRB(GxB_Vector_Option_set_INT32(parent, GxB_SPARSITY_CONTROL, GxB_BITMAP + GxB_FULL));
    MONOGRAPH_GRB(GxB_Vector_Option_set_INT32(level, GxB_SPARSITY_CONTROL, GxB_BITMAP + GxB_FULL));
    MONOGRAPH_GRB(GrB_Vector_setElement_INT32(parent, question.source, source));
    MONOGRAPH_GRB(GrB_Vector_setElement_INT64(level, 0, source));
    MONOGRAPH_GRB(GrB_Vector_setElement_INT32(front, question.source, source));
    Direction direction{net, static_cast<double>(net.graph.edge_count())};
    GrB_Index size = 1, before = 0;
    for (std::int64_t depth = 1; size > 0; ++depth) {
      const bool push = direction.push(front, size, before);
      MONOGRAPH_GRB(GxB_Vector_Option_set_INT32(front, GxB_SPARSITY_CONTROL, push ? GxB_SPARSE : GxB_BITMAP));
      if (push)
        MONOGRAPH_GRB(GrB_vxm(front, parent, nullptr, GxB_ANY_SECONDI_INT32, front, net.a, GrB_DESC_RSC));
      else
        MONOGRAPH_GRB(GrB_mxv(front, parent, nullptr, GxB_ANY_SECONDI_INT32, net.in(), front, GrB_DESC_RSC));
      before = size;
      MONOGRAPH_GRB(GrB_Vector_nvals(&size, front));
      if (size == 0) break;
      MONOGRAPH_GRB(GrB_Vector_assign(parent, front, nullptr, front, GrB_ALL, n, GrB_DESC_S));
      MONOGRAPH_GRB(GrB_Vector_assign_INT64(level, front, nullptr, depth, GrB_ALL, n, GrB_DESC_S));
    }
    parent_.swap(parent), level_.swap(level);
  }

  struct Direction {
    const Network& net;
    double unexplored;
    bool pushing = true, pulled = false;
    bool push(GrB_Vector front, GrB_Index size, GrB_Index before) {
      const auto nodes = static_cast<double>(net.n), now = static_cast<double>(size);
      if (!pushing) {
        pushing = size < before && now <= nodes / 512;
      } else if (pulled) {
        pushing = !(size > before && now > nodes / 8);
      } else if (unexplored >= nodes) {
        const double leaving = edges_of(front);
        unexplored -= leaving;
        pushing = !(size > before && leaving > unexplored / 8);
      }
      pulled |= !pushing;
      return pushing;
    }
    double edges_of(GrB_Vector front) const {
      const Vector degrees(GrB_INT64, net.n);
      double sum = 0;
      MONOGRAPH_GRB(GrB_Vector_assign(degrees, front, nullptr, net.degree, GrB_ALL, net.n, GrB_DESC_RS));
      MONOGRAPH_GRB(GrB_Vector_reduce_FP64(&sum, nullptr, GrB_PLUS_MONOID_FP64, degrees, nullptr));
      return sum;
    }
  };
  Vector parent_, level_;
};

/// Graphalytics' PageRank: mass of sinks spread evenly.
class PageRank final : public Entrant {
 public:
  PageRank(const Network& network, const Question& q)
      : Entrant(network, q, "plus.second, f64"),
        rank_(GrB_FP64, net.n),
        scaled_degree_(GrB_FP64, net.n),
        sinks_(GrB_BOOL, net.n) {
    MONOGRAPH_GRB(
        GrB_Vector_assign_FP64(scaled_degree_, nullptr, nullptr, 1 / kDamping, GrB_ALL, net.n, nullptr));
    MONOGRAPH_GRB(GrB_Vector_apply_BinaryOp2nd_FP64(scaled_degree_, net.degree, nullptr, GrB_TIMES_FP64,
                                                    net.degree, 1 / kDamping, GrB_DESC_S));
    MONOGRAPH_GRB(GrB_Vector_assign_BOOL(sinks_, net.degree, nullptr, true, GrB_ALL, net.n, GrB_DESC_SC));
    MONOGRAPH_GRB(GrB_Vector_nvals(&sink_count_, sinks_));
  }
  Answer answer() const override { return {{"rank", column<double>(rank_, 0)}}; }

 private:
  static constexpr double kDamping = 0.85;
  void compute() override {
    const GrB_Index n = net.n;
    const auto nodes = static_cast<double>(n);
    Vector rank(GrB_FP64, n), old(GrB_FP64, n), share(GrB_FP64, n), at_sinks(GrB_FP64, n);
    MONOGRAPH_GRB(GrB_Vector_assign_FP64(rank, nullptr, nullptr, 1 / nodes, GrB_ALL, n, nullptr));
    for (std::int64_t i = 0; i < question.iterations; ++i) {
      double dangling = 0, change = 0;
      if (sink_count_ > 0) {
        MONOGRAPH_GRB(GrB_Vector_assign(at_sinks, sinks_, nullptr, rank, GrB_ALL, n, GrB_DESC_RS));
        MONOGRAPH_GRB(GrB_Vector_reduce_FP64(&dangling, nullptr, GrB_PLUS_MONOID_FP64, at_sinks, nullptr));
      }
      old.swap(rank);
      MONOGRAPH_GRB(
          GrB_Vector_eWiseMult_BinaryOp(share, nullptr, nullptr, GrB_DIV_FP64, old, scaled_degree_, nullptr));
      MONOGRAPH_GRB(GrB_Vector_assign_FP64(
          rank, nullptr, nullptr, (1 - kDamping + kDamping * dangling) / nodes, GrB_ALL, n, nullptr));
      MONOGRAPH_GRB(GrB_mxv(rank, nullptr, GrB_PLUS_FP64, GxB_PLUS_SECOND_FP64, net.in(), share, nullptr));
      MONOGRAPH_GRB(GrB_Vector_assign(old, nullptr, GrB_MINUS_FP64, rank, GrB_ALL, n, nullptr));
      MONOGRAPH_GRB(GrB_Vector_apply(old, nullptr, nullptr, GrB_ABS_FP64, old, nullptr));
      MONOGRAPH_GRB(GrB_Vector_reduce_FP64(&change, nullptr, GrB_PLUS_MONOID_FP64, old, nullptr));
    }
    rank_.swap(rank);
  }
  Vector rank_, scaled_degree_, sinks_;
  GrB_Index sink_count_ = 0;
};

/// Zhang, Azad, Hu: FastSV, 2020, on the first four neighbours of each node, and then on what is outside of
/// the largest component found: LAGraph's FastSV6.
class FastSv final : public Entrant {
 public:
  FastSv(const Network& network, const Question& q)
      : Entrant(network, q, "FastSV on a sample, then on the rest"), parent_(GrB_UINT64, net.n) {}
  Answer answer() const override {
    const Column wide = column<std::int64_t>(parent_, -1);
    Column narrow(ScalarType::I32, wide.size());
    const auto from = wide.span<std::int64_t>();
    std::transform(from.begin(), from.end(), narrow.span<std::int32_t>().begin(),
                   [](std::int64_t x) { return static_cast<std::int32_t>(x); });
    return {{"component", narrow}};
  }

 private:
  static constexpr std::int64_t kSampled = 4, kAsked = 864;

  struct Forest {
    explicit Forest(GrB_Index n)
        : n(n),
          parent(GrB_UINT64, n),
          least(GrB_UINT64, n),
          grandparent(GrB_UINT64, n),
          next(GrB_UINT64, n),
          same(GrB_BOOL, n),
          hooks(GrB_BOOL, n),
          parents(n) {
      std::iota(parents.begin(), parents.end(), GrB_Index{0});
      for (const GrB_Vector v : {GrB_Vector(parent), GrB_Vector(least), GrB_Vector(grandparent)})
        MONOGRAPH_GRB(GrB_Vector_build_UINT64(v, parents.data(), parents.data(), n, GrB_FIRST_UINT64));
    }
    void grow(GrB_Matrix a) {
      const GrB_Semiring min_second = GrB_MIN_SECOND_SEMIRING_UINT64;
      for (bool done = false; !done;) {
        MONOGRAPH_GRB(GrB_mxv(least, nullptr, GrB_MIN_UINT64, min_second, a, grandparent, nullptr));
        hook();
        MONOGRAPH_GRB(GrB_Vector_eWiseAdd_BinaryOp(parent, nullptr, GrB_MIN_UINT64, GrB_MIN_UINT64, least,
                                                   grandparent, nullptr));
        GrB_Index count = n;
        MONOGRAPH_GRB(GrB_Vector_extractTuples_UINT64(nullptr, parents.data(), &count, parent));
        MONOGRAPH_GRB(GrB_Vector_extract(next, nullptr, nullptr, parent, parents.data(), n, nullptr));
        MONOGRAPH_GRB(
            GrB_Vector_eWiseMult_BinaryOp(same, nullptr, nullptr, GrB_EQ_UINT64, next, grandparent, nullptr));
        MONOGRAPH_GRB(GrB_Vector_reduce_BOOL(&done, nullptr, GrB_LAND_MONOID_BOOL, same, nullptr));
        grandparent.swap(next);
      }
    }
    /// parent(parents(j)) = min with least(j), as a product with the matrix of ones at (parents(j), j).
    void hook() {
      Csr columns(n, n);
      std::iota(columns.offsets, columns.offsets + n + 1, GrB_Index{0});
      std::copy(parents.begin(), parents.end(), columns.columns);
      void* one = std::malloc(sizeof(bool));
      *static_cast<bool*>(one) = true;
      MONOGRAPH_GRB(GxB_Matrix_pack_CSC(hooks, &columns.offsets, &columns.columns, &one, columns.offset_bytes,
                                        columns.column_bytes, sizeof(bool), true, false, nullptr));
      MONOGRAPH_GRB(
          GrB_mxv(parent, nullptr, GrB_MIN_UINT64, GrB_MIN_SECOND_SEMIRING_UINT64, hooks, least, nullptr));
    }
    GrB_Index n;
    Vector parent, least, grandparent, next, same;
    Matrix hooks;
    std::vector<GrB_Index> parents;
  };

  void compute() override {
    Forest forest(net.n);
    const Adjacency out = net.graph.out();
    if (net.graph.edge_count() > static_cast<std::int64_t>(net.n) * kSampled * 2) {
      Matrix few(GrB_BOOL, net.n), rest(GrB_BOOL, net.n);
      keep(few, [&](GrB_Index v, GrB_Index* to) { return first_few(out, v, to); });
      forest.grow(few);
      const GrB_Index largest = frequent(forest.parents);
      keep(rest, [&](GrB_Index v, GrB_Index* to) { return outside(out, v, forest.parents, largest, to); });
      forest.grow(rest);
    } else {
      forest.grow(net.a);
    }
    parent_.swap(forest.parent);
  }

  static GrB_Index first_few(const Adjacency& out, GrB_Index v, GrB_Index* to) {
    const std::int64_t size = std::min(out.offsets[v + 1] - out.offsets[v], kSampled);
    for (std::int64_t i = 0; i < size && to; ++i)
      to[i] = static_cast<GrB_Index>(out.neighbors[static_cast<std::size_t>(out.offsets[v] + i)]);
    return static_cast<GrB_Index>(size);
  }
  /// The edges of a node outside of the largest component; those into it are one.
  static GrB_Index outside(const Adjacency& out, GrB_Index v, const std::vector<GrB_Index>& parents,
                           GrB_Index largest, GrB_Index* to) {
    if (parents[v] == largest) return 0;
    GrB_Index size = 0;
    bool inside = false;
    for (std::int64_t k = out.offsets[v]; k < out.offsets[v + 1]; ++k) {
      const auto u = static_cast<GrB_Index>(out.neighbors[static_cast<std::size_t>(k)]);
      if (parents[u] == largest) {
        if (std::exchange(inside, true)) continue;
      }
      if (to) to[size] = u;
      ++size;
    }
    return size;
  }
  static GrB_Index frequent(const std::vector<GrB_Index>& parents) {
    std::map<GrB_Index, int> votes;
    std::uint64_t state = 1;
    for (std::int64_t i = 0; i < kAsked; ++i) {
      state = state * 6364136223846793005u + 1442695040888963407u;
      ++votes[parents[(state >> 33) % parents.size()]];
    }
    return std::max_element(votes.begin(), votes.end(),
                            [](const auto& a, const auto& b) { return a.second < b.second; })
        ->first;
  }
  /// Rows of what `row` keeps: it gives how many, and writes them where it is told a place.
  template <class Row>
  void keep(Matrix& m, const Row& row) const {
    const auto n = static_cast<std::int64_t>(net.n);
    std::vector<GrB_Index> offsets(net.n + 1, 0);
#pragma omp parallel for schedule(dynamic, 1024) num_threads(question.threads)
    for (std::int64_t v = 0; v < n; ++v)
      offsets[static_cast<std::size_t>(v) + 1] = row(static_cast<GrB_Index>(v), nullptr);
    std::partial_sum(offsets.begin(), offsets.end(), offsets.begin());
    Csr rows(net.n, offsets.back());
    std::copy(offsets.begin(), offsets.end(), rows.offsets);
    GrB_Index* const columns = rows.columns;
#pragma omp parallel for schedule(dynamic, 1024) num_threads(question.threads)
    for (std::int64_t v = 0; v < n; ++v)
      row(static_cast<GrB_Index>(v), columns + offsets[static_cast<std::size_t>(v)]);
    m.take_rows(rows);
  }
  Vector parent_;
};

/// C<L> = L plus.pair U', of nodes in the order of their degrees where some have many: LAGraph's Sandia_LUT.
class Triangles final : public Entrant {
 public:
  Triangles(const Network& network, const Question& q)
      : Entrant(network, q, "Sandia_LUT, sorted by degree if skewed") {}
  Answer answer() const override {
    const std::int64_t triangles[] = {count_};
    return {{"triangles", Column::of(std::span<const std::int64_t>(triangles))}};
  }

 private:
  void compute() override {
    const GrB_Index n = net.n;
    Matrix sorted(GrB_BOOL, n), lower(GrB_BOOL, n), upper(GrB_BOOL, n), count(GrB_INT64, n);
    GrB_Matrix a = net.a;
    if (const auto order = by_degree(); !order.empty()) {
      MONOGRAPH_GRB(
          GrB_Matrix_extract(sorted, nullptr, nullptr, a, order.data(), n, order.data(), n, nullptr));
      a = sorted;
    }
    MONOGRAPH_GRB(GrB_Matrix_select_INT64(lower, nullptr, nullptr, GrB_TRIL, a, -1, nullptr));
    MONOGRAPH_GRB(GrB_Matrix_select_INT64(upper, nullptr, nullptr, GrB_TRIU, a, 1, nullptr));
    MONOGRAPH_GRB(GrB_mxm(count, lower, nullptr, GxB_PLUS_PAIR_INT64, lower, upper, GrB_DESC_ST1));
    MONOGRAPH_GRB(GrB_Matrix_reduce_INT64(&count_, nullptr, GrB_PLUS_MONOID_INT64, count, nullptr));
  }
  /// Nodes from few neighbours to many; nothing where the mean is not far from the median.
  std::vector<GrB_Index> by_degree() const {
    const auto offsets = net.graph.out().offsets;
    const auto degree = [&](GrB_Index v) { return offsets[v + 1] - offsets[v]; };
    std::vector<GrB_Index> order(net.n);
    std::iota(order.begin(), order.end(), GrB_Index{0});
    std::sort(order.begin(), order.end(),
              [&](GrB_Index a, GrB_Index b) { return std::pair(degree(a), a) < std::pair(degree(b), b); });
    const auto mean = static_cast<double>(net.graph.edge_count()) / static_cast<double>(net.n);
    const auto median = static_cast<double>(degree(order[net.n / 2]));
    if (mean <= 4 * median) order.clear();
    return order;
  }
  std::int64_t count_ = 0;
};

/// A any.second diag(labels) brings each node its neighbours' labels; then each row is sorted.
class Cdlp final : public Entrant {
 public:
  Cdlp(const Network& network, const Question& q)
      : Entrant(network, q, "labels by any.second, rows sorted"), label_(net.n) {}
  Answer answer() const override { return {{"label", Column::of(std::span<const std::int32_t>(label_))}}; }

 private:
  void compute() override {
    std::iota(label_.begin(), label_.end(), 0);
    bool changed = true;
    for (std::int64_t i = 0; i < question.iterations && changed; ++i) changed = pass();
  }
  bool pass() {
    Vector labels(GrB_INT32, net.n);
    const std::size_t bytes = label_.size() * sizeof(std::int32_t);
    void* values = std::malloc(bytes);
    std::copy(label_.begin(), label_.end(), static_cast<std::int32_t*>(values));
    MONOGRAPH_GRB(GxB_Vector_pack_Full(labels, &values, bytes, false, nullptr));
    Matrix diagonal(GrB_INT32, net.n), seen(GrB_INT32, net.n);
    MONOGRAPH_GRB(GxB_Matrix_diag(diagonal, labels, 0, nullptr));
    MONOGRAPH_GRB(GrB_mxm(seen, nullptr, nullptr, GxB_ANY_SECOND_INT32, net.a, diagonal, nullptr));
    Csr rows;
    GrB_Index value_bytes = 0;
    bool iso = false;
    MONOGRAPH_GRB(GxB_Matrix_unpack_CSR(seen, &rows.offsets, &rows.columns, &values, &rows.offset_bytes,
                                        &rows.column_bytes, &value_bytes, &iso, nullptr, nullptr));
    const std::unique_ptr<void, void (*)(void*)> owner(values, std::free);
    return iso ? all_see(*static_cast<std::int32_t*>(values), rows)
               : vote(rows, static_cast<std::int32_t*>(values));
  }
  bool all_see(std::int32_t label, const Csr& rows) {
    std::int64_t changed = 0;
    for (std::size_t v = 0; v < label_.size(); ++v)
      if (rows.offsets[v] < rows.offsets[v + 1]) changed += std::exchange(label_[v], label) != label;
    return changed > 0;
  }
  bool vote(const Csr& rows, std::int32_t* seen) {
    std::int64_t changed = 0;
    const auto n = static_cast<std::int64_t>(net.n);
    const GrB_Index* const offsets = rows.offsets;
#pragma omp parallel for schedule(dynamic, 1024) num_threads(question.threads) reduction(+ : changed)
    for (std::int64_t v = 0; v < n; ++v) {
      const auto at = static_cast<std::size_t>(v);
      std::int32_t* const first = seen + offsets[at];
      std::int32_t* const last = seen + offsets[at + 1];
      if (first == last) continue;
      std::sort(first, last);
      const std::int32_t next = mode(first, last);
      changed += std::exchange(label_[at], next) != next;
    }
    return changed > 0;
  }
  static std::int32_t mode(const std::int32_t* first, const std::int32_t* last) {
    std::int32_t best = *first;
    for (std::ptrdiff_t most = 0; first != last;) {
      const std::int32_t* const end = std::upper_bound(first, last, *first);
      if (end - first > most) most = end - first, best = *first;
      first = end;
    }
    return best;
  }
  std::vector<std::int32_t> label_;
};

class GraphBlas final : public Peer {
 public:
  explicit GraphBlas(const Graph& g) : network_(g) {}
  std::unique_ptr<Contestant> enter(const Question& q) override {
    if (q.algorithm == "bfs") return std::make_unique<Bfs>(network_, q);
    if (q.algorithm == "pagerank" && q.setting == "iterations")
      return std::make_unique<PageRank>(network_, q);
    if (!network_.graph.undirected()) return nullptr;
    if (q.algorithm == "wcc") return std::make_unique<FastSv>(network_, q);
    if (q.algorithm == "triangle_count") return std::make_unique<Triangles>(network_, q);
    if (q.algorithm == "cdlp") return std::make_unique<Cdlp>(network_, q);
    return nullptr;
  }

 private:
  Network network_;
};

}  // namespace

PeerInfo graphblas_peer() {
  return {.name = "graphblas",
          .version = std::to_string(GxB_IMPLEMENTATION_MAJOR) + "." +
                     std::to_string(GxB_IMPLEMENTATION_MINOR) + "." + std::to_string(GxB_IMPLEMENTATION_SUB),
          .missing = "",
          .open = [](const Graph& g) -> std::unique_ptr<Peer> {
            static const GrB_Info ready = GrB_init(GrB_NONBLOCKING);  // once in a process
            check(ready, "GrB_init");
            return std::make_unique<GraphBlas>(g);
          }};
}

}  // namespace monograph::bench::peers
