// What the algorithms on GraphBLAS stand on: its objects with owners, and a graph as a matrix.
#pragma once

#include <complex>
extern "C" {  // its header does not say so
#include <GraphBLAS.h>
}
#include <monograph/error.h>
#include <monograph/graph.h>

#include <algorithm>
#include <cstdlib>
#include <string>
#include <utility>

namespace monograph::bench::peers {
namespace {

inline void check(GrB_Info info, const char* call) {
  if (info != GrB_SUCCESS && info != GrB_NO_VALUE)
    throw RuntimeError(std::string("GraphBLAS: ") + call + ": error " + std::to_string(info));
}
#define MONOGRAPH_GRB(call) check(call, #call)

class Vector {
 public:
  Vector(GrB_Type type, GrB_Index n) { MONOGRAPH_GRB(GrB_Vector_new(&v_, type, n)); }
  ~Vector() { GrB_Vector_free(&v_); }
  Vector(const Vector&) = delete;
  Vector& operator=(const Vector&) = delete;
  operator GrB_Vector() const { return v_; }  // NOLINT: stands for it
  void swap(Vector& other) { std::swap(v_, other.v_); }

 private:
  GrB_Vector v_ = nullptr;
};

/// Arrays that GraphBLAS takes over and gives back without a copy: rows of a matrix.
struct Csr {
  GrB_Index *offsets = nullptr, *columns = nullptr, offset_bytes = 0, column_bytes = 0;
  Csr() = default;
  Csr(GrB_Index rows, GrB_Index entries)
      : offsets(static_cast<GrB_Index*>(std::malloc((rows + 1) * sizeof(GrB_Index)))),
        columns(static_cast<GrB_Index*>(std::malloc(std::max<GrB_Index>(entries, 1) * sizeof(GrB_Index)))),
        offset_bytes((rows + 1) * sizeof(GrB_Index)),
        column_bytes(std::max<GrB_Index>(entries, 1) * sizeof(GrB_Index)) {
    if (!offsets || !columns) throw MemoryError("GraphBLAS: not enough memory for its form of the graph");
  }
  ~Csr() { std::free(offsets), std::free(columns); }
  Csr(const Csr&) = delete;
  Csr& operator=(const Csr&) = delete;
};

class Matrix {
 public:
  Matrix(GrB_Type type, GrB_Index n) { MONOGRAPH_GRB(GrB_Matrix_new(&a_, type, n, n)); }
  ~Matrix() { GrB_Matrix_free(&a_); }
  Matrix(const Matrix&) = delete;
  Matrix& operator=(const Matrix&) = delete;
  operator GrB_Matrix() const { return a_; }  // NOLINT: stands for it
  /// A pattern of ones (bool).
  void take_rows(Csr& rows) {
    void* one = std::malloc(sizeof(bool));
    *static_cast<bool*>(one) = true;
    MONOGRAPH_GRB(GxB_Matrix_pack_CSR(a_, &rows.offsets, &rows.columns, &one, rows.offset_bytes,
                                      rows.column_bytes, sizeof(bool), true, false, nullptr));
  }

 private:
  GrB_Matrix a_ = nullptr;
};

/// The adjacency matrix, row = source, and what LAGraph keeps of a graph.
struct Network {
  explicit Network(const Graph& g)
      : graph(g),
        n(static_cast<GrB_Index>(g.node_count())),
        a(GrB_BOOL, n),
        transposed(GrB_BOOL, n),
        degree(GrB_INT64, n) {
    fill(a, g.out());
    if (!g.undirected()) fill(transposed, g.in());
    const auto offsets = g.out().offsets;
    for (GrB_Index v = 0; v < n; ++v)
      if (offsets[v + 1] > offsets[v])
        MONOGRAPH_GRB(GrB_Vector_setElement_INT64(degree, offsets[v + 1] - offsets[v], v));
    MONOGRAPH_GRB(GrB_Vector_wait(degree, GrB_MATERIALIZE));
  }
  static void fill(Matrix& m, const Adjacency& from) {
    Csr rows(from.offsets.size() - 1, from.neighbors.size());
    std::copy(from.offsets.begin(), from.offsets.end(), rows.offsets);
    std::copy(from.neighbors.begin(), from.neighbors.end(), rows.columns);
    m.take_rows(rows);
  }
  GrB_Matrix in() const { return graph.undirected() ? a : transposed; }
  const Graph& graph;
  const GrB_Index n;
  Matrix a, transposed;
  Vector degree;
};

/// Elements of a vector; `otherwise` where it has none.
template <class T>
Column column(GrB_Vector v, T otherwise) {
  GrB_Index n = 0;
  MONOGRAPH_GRB(GrB_Vector_size(&n, v));
  Column c(scalar_type_of<T>, static_cast<std::int64_t>(n));
  const auto to = c.span<T>();
  std::fill(to.begin(), to.end(), otherwise);
  for (GrB_Index i = 0; i < n; ++i) {
    if constexpr (std::is_same_v<T, double>)
      MONOGRAPH_GRB(GrB_Vector_extractElement_FP64(&to[i], v, i));
    else if constexpr (std::is_same_v<T, std::int64_t>)
      MONOGRAPH_GRB(GrB_Vector_extractElement_INT64(&to[i], v, i));
    else
      MONOGRAPH_GRB(GrB_Vector_extractElement_INT32(&to[i], v, i));
  }
  return c;
}

}  // namespace
}  // namespace monograph::bench::peers
