// What the edges at one node combine to, and what leaves of a column combine to, on the CPU: shared by tiles and by
// compiled plans, so that both add in the order of shapes.cuh. A monoid M is a struct with identity<T>() and
// combine<T>(a, b). An edge's value comes from a function of its position in the row arrays.
// Needs candidates.cuh and host_run.cuh before it. No includes: it is part of generated text.
#ifndef MONOGRAPH_HOST_ROWS_CUH
#define MONOGRAPH_HOST_ROWS_CUH

// ---- folds of rows
// The definition: segments, each from the identity, added in order.
template <class M, class T, class Edge>
MG_FN T mg_fold_segment(long long first, long long last, const Edge& edge) {
  T part = M::template identity<T>();
  for (long long k = first; k < last; ++k) part = M::combine(part, T(edge(k)));
  return part;
}
template <class M, class T, class Edge>
MG_FN T mg_fold_segments(long long first, long long last, const Edge& edge) {
  if (last - first <= mg_row_segment) return mg_fold_segment<M, T>(first, last, edge);
  T total = mg_fold_segment<M, T>(first, first + mg_row_segment, edge);
  for (first += mg_row_segment; last - first > mg_row_segment; first += mg_row_segment)
    total = M::combine(total, mg_fold_segment<M, T>(first, first + mg_row_segment, edge));
  return M::combine(total, mg_fold_segment<M, T>(first, last, edge));
}
// Least or greatest float by the machine's own comparison, which is the monoid's unless there is a NaN, or zeros, whose
// sign it ignores: then by definition.
template <class M, bool Smallest, class T, class Edge>
MG_FN T mg_fold_ordered(long long first, long long last, const Edge& edge) {
  T best = M::template identity<T>();
  int unordered = 0;
  for (long long k = first; k < last; ++k) {
    const T x = T(edge(k));
    unordered |= x != x;
    best = Smallest ? (x < best ? x : best) : (x > best ? x : best);
  }
  if (unordered != 0 || best == T(0)) return mg_fold_segments<M, T>(first, last, edge);
  return best;
}
// Where the order of edges does not matter: four at once, so that none waits for the one before it. Vectors would be
// put together from loads of single elements, which takes twice as long; the asm, which does nothing, keeps g++ from it.
template <class M, class T, class Edge>
MG_FN T mg_fold_any_order(long long first, long long last, const Edge& edge) {
  T a = M::template identity<T>(), b = a, c = a, d = a;
  for (; last - first >= 4; first += 4) {
    a = M::combine(a, T(edge(first)));
    b = M::combine(b, T(edge(first + 1)));
    c = M::combine(c, T(edge(first + 2)));
    d = M::combine(d, T(edge(first + 3)));
    __asm__("" : "+r"(a), "+r"(b), "+r"(c), "+r"(d));
  }
  a = M::combine(M::combine(a, b), M::combine(c, d));
  for (; first < last; ++first) {
    a = M::combine(a, T(edge(first)));
    __asm__("" : "+r"(a));
  }
  return a;
}
// Where the first value that is not the identity decides (host/plan/early_exit.h).
template <class M, class T, class Edge>
MG_FN T mg_fold_first(long long first, long long last, const Edge& edge) {
  const T nothing = M::template identity<T>();
  for (; first < last; ++first) {
    const T x = T(edge(first));
    if (x != nothing) return x;
  }
  return nothing;
}
// A row of one segment.
template <class M, class T, class Edge>
MG_FN T mg_fold_short(long long first, long long last, const Edge& edge) {
  if constexpr (!mg_is_float<T>::value) return mg_fold_any_order<M, T>(first, last, edge);
  else if (M::template identity<T>() == mg_highest<T>()) return mg_fold_ordered<M, true, T>(first, last, edge);
  else if (M::template identity<T>() == mg_lowest<T>()) return mg_fold_ordered<M, false, T>(first, last, edge);
  else return mg_fold_segment<M, T>(first, last, edge);
}
// edge(k) for k in [first, last) in row shape; the identity without edges. Of both directions: combine the in-row's
// result with the out-row's.
template <class M, class T, class Edge>
MG_FN T mg_fold_row(long long first, long long last, const Edge& edge) {
  if constexpr (mg_is_float<T>::value) {  // which monoid it is shows in its identity
    if (M::template identity<T>() == mg_highest<T>()) return mg_fold_ordered<M, true, T>(first, last, edge);
    if (M::template identity<T>() == mg_lowest<T>()) return mg_fold_ordered<M, false, T>(first, last, edge);
  }
  return mg_fold_segments<M, T>(first, last, edge);
}
// The hub at `row`, whose segments were folded before: see host_run.cuh.
template <class M, class T>
MG_FN T mg_fold_hub(const mg_rows& rows, long long row, const unsigned char* partials) {
  long long low = 0, high = rows.hub_count;
  while (high - low > 1) {
    const long long middle = low + (high - low) / 2;
    if (rows.hubs[middle] <= row) low = middle;
    else high = middle;
  }
  const auto part = [partials](long long segment) { return *reinterpret_cast<const T*>(partials + 8 * segment); };
  T total = part(rows.hub_segments[low]);
  for (long long s = rows.hub_segments[low] + 1; s < rows.hub_segments[low + 1]; ++s) total = M::combine(total, part(s));
  return total;
}
MG_FN bool mg_is_hub(const mg_rows& rows, long long row) {
  return rows.hub_count > 0 && rows.offsets[row + 1] - rows.offsets[row] > mg_hub_edges;
}

// ---- extremes of rows
// Offers every edge of a row; the node itself, where it takes part, is offered afterwards.
template <bool Smallest, class T, class Edge>
MG_FN void mg_arg_row(long long first, long long last, const int* neighbors, const Edge& edge,
                      mg_extreme<Smallest, T>& best) {
  for (long long k = first; k < last; ++k) best.offer(edge(k), neighbors[k]);
}

// ---- columns
// Lanes of a leaf combined by halving.
template <class M, class A>
MG_FN A mg_halve_lanes(A* lane) {
  for (int half = mg_column_lanes / 2; half > 0; half /= 2)
    for (int i = 0; i < half; ++i) lane[i] = M::combine(lane[i], lane[i + half]);
  return lane[0];
}
// One leaf: at(0), ..., at(count - 1), count at most mg_column_leaf.
template <class M, class A, class At>
MG_FN A mg_leaf(int count, const At& at) {
  A lane[mg_column_lanes];
  for (int j = 0; j < mg_column_lanes; ++j) lane[j] = M::template identity<A>();
  int i = 0;
  for (; i + mg_column_lanes <= count; i += mg_column_lanes)
    for (int j = 0; j < mg_column_lanes; ++j) lane[j] = M::combine(lane[j], A(at(i + j)));
  for (int j = 0; i + j < count; ++j) lane[j] = M::combine(lane[j], A(at(i + j)));
  return mg_halve_lanes<M, A>(lane);
}

// Partial results of leaves: 16 bytes each.
template <class P>
MG_FN P& mg_partial(unsigned char* partial, long long leaf) {
  static_assert(sizeof(P) <= 16, "a partial result has 16 bytes");
  return *reinterpret_cast<P*>(partial + 16 * leaf);
}
// The value of a column whose leaves are in `partial`, which is overwritten; the identity without leaves.
template <class M, class A>
A mg_column_finish(unsigned char* partial, long long leaves) {
  while (leaves > 1) {
    const long long above = (leaves + mg_column_leaf - 1) / mg_column_leaf;
    for (long long l = 0; l < above; ++l) {
      const long long first = l * mg_column_leaf, rest = leaves - first;
      mg_partial<A>(partial, l) = mg_leaf<M, A>(rest < mg_column_leaf ? int(rest) : mg_column_leaf,
                                                [&](int i) { return mg_partial<A>(partial, first + i); });
    }
    leaves = above;
  }
  return leaves == 0 ? M::template identity<A>() : mg_partial<A>(partial, 0);
}
// The index of the extreme of a column, -1 without any: partial results are mg_extreme<Smallest, T>.
template <bool Smallest, class T>
long long mg_column_extreme(unsigned char* partial, long long leaves) {
  mg_extreme<Smallest, T> best;
  for (long long l = 0; l < leaves; ++l) best.offer(mg_partial<mg_extreme<Smallest, T>>(partial, l));
  return best.index;
}

#endif
