// The same questions in the language of linear algebra, as LAGraph asks them: Mattson et al.: LAGraph, 2019,
// on SuiteSparse:GraphBLAS, Davis 2019. Built where libgraphblas is installed; nothing but these tests uses
// it.
#include <complex>
extern "C" {  // its header does not say so
#include <GraphBLAS.h>
}
#include <gtest/gtest.h>
#include <monograph/algorithms.h>
#include <monograph/io.h>
#include <monograph/session.h>

#include <cmath>
#include <limits>

#include "algorithms/checkers.h"
#include "algorithms/shapes.h"

namespace monograph::test {
namespace {

#define EXPECT_GRB(call) EXPECT_EQ(call, GrB_SUCCESS)

struct Vector {
  GrB_Vector v = nullptr;
  Vector(GrB_Type type, GrB_Index n) { EXPECT_GRB(GrB_Vector_new(&v, type, n)); }
  ~Vector() { GrB_Vector_free(&v); }
  Vector(const Vector&) = delete;
  /// Elements, `otherwise` where there is none.
  std::vector<double> numbers(double otherwise) const {
    GrB_Index n = 0;
    EXPECT_GRB(GrB_Vector_size(&n, v));
    std::vector<double> x(n, otherwise);
    for (GrB_Index i = 0; i < n; ++i) GrB_Vector_extractElement_FP64(&x[i], v, i);
    return x;
  }
};

/// The adjacency matrix: row = source. Several edges with the same ends are one, with `dup` of their weights.
struct Matrix {
  GrB_Matrix a = nullptr;
  Matrix(const Graph& g, GrB_BinaryOp dup, bool below_diagonal = false) {
    const auto n = static_cast<GrB_Index>(g.node_count());
    std::vector<GrB_Index> rows, columns;
    std::vector<double> weights;
    for (const Edge& e : stored_edges(g)) {
      if (below_diagonal && e.source <= e.target) continue;
      rows.push_back(static_cast<GrB_Index>(e.source)), columns.push_back(static_cast<GrB_Index>(e.target));
      weights.push_back(e.weight);
    }
    EXPECT_GRB(GrB_Matrix_new(&a, GrB_FP64, n, n));
    if (rows.empty()) return;
    EXPECT_GRB(GrB_Matrix_build_FP64(a, rows.data(), columns.data(), weights.data(), rows.size(), dup));
  }
  ~Matrix() { GrB_Matrix_free(&a); }
  Matrix(const Matrix&) = delete;
};

class GraphBlas : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { EXPECT_GRB(GrB_init(GrB_NONBLOCKING)); }
  static void TearDownTestSuite() { GrB_finalize(); }
  Session session{{.cpu_tier = CpuTier::Tiles}};

  std::vector<Shape> graphs() {
    std::vector<Shape> all;
    for (Shape& s : shapes())
      if (s.graph.node_count() > 0) all.push_back(std::move(s));
    return all;
  }
};

}  // namespace

// push: the frontier through the rows, masked by what has no level yet
TEST_F(GraphBlas, BreadthFirstSearch) {
  for (const auto& [name, g] : graphs()) {
    const auto n = static_cast<GrB_Index>(g.node_count());
    const Matrix m(g, GrB_FIRST_FP64);
    const Vector level(GrB_INT64, n), front(GrB_BOOL, n);
    EXPECT_GRB(GrB_Vector_setElement_BOOL(front.v, true, 0));
    GrB_Index reached = 1;
    for (std::int64_t depth = 0; reached > 0; ++depth) {
      EXPECT_GRB(GrB_Vector_assign_INT64(level.v, front.v, nullptr, depth, GrB_ALL, n, GrB_DESC_S));
      EXPECT_GRB(GrB_vxm(front.v, level.v, nullptr, GxB_ANY_PAIR_BOOL, front.v, m.a, GrB_DESC_RSC));
      EXPECT_GRB(GrB_Vector_nvals(&reached, front.v));
    }
    const Result r = session.run(bfs(), g);
    const std::vector<double> want =
        level.numbers(static_cast<double>(std::numeric_limits<std::int64_t>::max()));
    for (std::size_t v = 0; v < n; ++v)
      EXPECT_EQ(static_cast<double>(r.column<std::int64_t>("level")[v]), want[v]) << name << ' ' << v;
  }
}

// d = min(d, d min.plus A) until nothing is shorter
TEST_F(GraphBlas, ShortestPaths) {
  for (const auto& [name, g] : graphs()) {
    const auto n = static_cast<GrB_Index>(g.node_count());
    const Matrix m(g, GrB_MIN_FP64);
    const Vector distance(GrB_FP64, n);
    EXPECT_GRB(GrB_Vector_setElement_FP64(distance.v, 0, 0));
    for (GrB_Index round = 0; round < n; ++round)
      EXPECT_GRB(
          GrB_vxm(distance.v, nullptr, GrB_MIN_FP64, GrB_MIN_PLUS_SEMIRING_FP64, distance.v, m.a, nullptr));
    const Result r = session.run(sssp(), g);
    const std::vector<double> want = distance.numbers(std::numeric_limits<double>::infinity());
    for (std::size_t v = 0; v < n; ++v)
      EXPECT_EQ(r.column<double>("distance")[v], want[v]) << name << ' ' << v;
  }
}

// f = min(f, min.second over A and its transpose)
TEST_F(GraphBlas, WeaklyConnectedComponents) {
  for (const auto& [name, g] : graphs()) {
    const auto n = static_cast<GrB_Index>(g.node_count());
    const Matrix m(g, GrB_FIRST_FP64);
    const Vector label(GrB_FP64, n);
    for (GrB_Index v = 0; v < n; ++v)
      EXPECT_GRB(GrB_Vector_setElement_FP64(label.v, static_cast<double>(v), v));
    for (GrB_Index round = 0; round < n; ++round) {
      EXPECT_GRB(
          GrB_mxv(label.v, nullptr, GrB_MIN_FP64, GrB_MIN_SECOND_SEMIRING_FP64, m.a, label.v, nullptr));
      EXPECT_GRB(GrB_vxm(label.v, nullptr, GrB_MIN_FP64, GrB_MIN_FIRST_SEMIRING_FP64, label.v, m.a, nullptr));
    }
    const Result r = session.run(wcc(), g);
    const std::vector<double> want = label.numbers(-1);
    for (std::size_t v = 0; v < n; ++v)
      EXPECT_EQ(r.column<std::int32_t>("component")[v], static_cast<std::int32_t>(want[v]))
          << name << ' ' << v;
  }
}

// C<L> = L plus.pair L', LAGraph's Sandia_LL; of the undirected ones, where L is half of all
TEST_F(GraphBlas, TriangleCount) {
  for (const auto& [name, g] : graphs()) {
    if (!g.undirected()) continue;
    const Matrix lower(g, GrB_FIRST_FP64, true), count(g, GrB_FIRST_FP64, true);
    EXPECT_GRB(GrB_mxm(count.a, lower.a, nullptr, GxB_PLUS_PAIR_FP64, lower.a, lower.a, GrB_DESC_RST1));
    double want = 0;
    EXPECT_GRB(GrB_Matrix_reduce_FP64(&want, nullptr, GrB_PLUS_MONOID_FP64, count.a, nullptr));
    const Result r = session.run(triangle_count(), g);
    EXPECT_EQ(static_cast<double>(r.scalar<std::int64_t>("triangles")), want) << name;
  }
}

// r = (1 - d)/n + d * (A^T (r / out) + dangling / n), with each of several edges counted
TEST_F(GraphBlas, PageRank) {
  for (auto& [name, weighted] : graphs()) {
    Graph g = weighted;
    Column ones(ScalarType::F64, g.edge_count());
    std::fill(ones.span<double>().begin(), ones.span<double>().end(), 1.0);
    g.set_edge_attribute("weight", ones);
    const auto n = static_cast<GrB_Index>(g.node_count());
    const Matrix m(g, GrB_PLUS_FP64);
    const Vector out(GrB_FP64, n), rank(GrB_FP64, n), share(GrB_FP64, n);
    EXPECT_GRB(GrB_Matrix_reduce_Monoid(out.v, nullptr, nullptr, GrB_PLUS_MONOID_FP64, m.a, nullptr));
    EXPECT_GRB(
        GrB_Vector_assign_FP64(rank.v, nullptr, nullptr, 1.0 / static_cast<double>(n), GrB_ALL, n, nullptr));
    for (int round = 0; round < 60; ++round) {
      EXPECT_GRB(
          GrB_Vector_eWiseMult_BinaryOp(share.v, nullptr, nullptr, GrB_DIV_FP64, rank.v, out.v, nullptr));
      double all = 0, followed = 0;
      const Vector moving(GrB_FP64, n);
      EXPECT_GRB(
          GrB_Vector_eWiseMult_BinaryOp(moving.v, nullptr, nullptr, GrB_FIRST_FP64, rank.v, out.v, nullptr));
      EXPECT_GRB(GrB_Vector_reduce_FP64(&all, nullptr, GrB_PLUS_MONOID_FP64, rank.v, nullptr));
      EXPECT_GRB(GrB_Vector_reduce_FP64(&followed, nullptr, GrB_PLUS_MONOID_FP64, moving.v, nullptr));
      const double start = (0.15 + 0.85 * (all - followed)) / static_cast<double>(n);
      EXPECT_GRB(GrB_Vector_apply_BinaryOp1st_FP64(share.v, nullptr, nullptr, GrB_TIMES_FP64, 0.85, share.v,
                                                   nullptr));
      EXPECT_GRB(GrB_Vector_assign_FP64(rank.v, nullptr, nullptr, start, GrB_ALL, n, nullptr));
      EXPECT_GRB(
          GrB_vxm(rank.v, nullptr, GrB_PLUS_FP64, GrB_PLUS_TIMES_SEMIRING_FP64, share.v, m.a, nullptr));
    }
    const Result r = session.run(pagerank(), g, Parameters().set("tolerance", 0).set("max_iterations", 60));
    EXPECT_EQ(near(r.column<double>("rank"), rank.numbers(0), 1e-10), "") << name;
  }
}

}  // namespace monograph::test
