// What the edges at one node combine to, and what leaves of a column combine to, on the CPU: shared by tiles and by
// compiled plans, so that both add in the order of shapes.cuh. A monoid M is a struct with identity<T>() and
// combine<T>(a, b). An edge's value comes from a function of its position in the row arrays.
// Needs scalar_math.cuh and shapes.cuh before it. No includes: it is part of generated text.
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

// ---- extremes: of rows and of columns
// The best candidate so far. NaN is skipped; of equal values the lowest index stays.
template <bool Smallest, class T>
struct mg_extreme {
  T value = T(0);
  long long index = -1;
  MG_FN void offer(T candidate, long long at) {
    if (candidate != candidate) return;
    const bool ahead = Smallest ? candidate < value : candidate > value;
    if (index < 0 || ahead || (candidate == value && at < index)) value = candidate, index = at;
  }
  MG_FN void offer(const mg_extreme& other) {
    if (other.index >= 0) offer(other.value, other.index);
  }
};
// Offers every edge of a row; the node itself, where it takes part, is offered afterwards.
template <bool Smallest, class T, class Edge>
MG_FN void mg_arg_row(long long first, long long last, const int* neighbors, const Edge& edge,
                      mg_extreme<Smallest, T>& best) {
  for (long long k = first; k < last; ++k) best.offer(edge(k), neighbors[k]);
}

// ---- the most frequent label
// As ops::Ties.
static constexpr int mg_ties_lowest = 0, mg_ties_highest = 1, mg_ties_keep = 2;
static constexpr int mg_mode_counted = 255;   // up to so many votes, counting the likely labels beats a table
static constexpr int mg_mode_quadratic = 32;  // up to so many weighted votes, adding up each label does

template <class L>
MG_FN bool mg_mode_tie(L label, L best, int ties, L own) {
  if (ties == mg_ties_highest) return label > best;
  if (ties == mg_ties_keep) return label == own || (best != own && label < best);
  return label < best;
}
// Is `label` with `total` ahead of `best` with `most`? A total order over labels; a NaN total is below all others.
template <class L, class A>
MG_FN bool mg_mode_ahead(L label, A total, L best, A most, int ties, L own) {
  if (total > most || (most != most && total == total)) return true;
  if (total < most || (total != total && most == most)) return false;
  return mg_mode_tie(label, best, ties, own);
}

// Slots of the table for that many votes: a power of two, at most half full.
MG_FN int mg_mode_table_bits(long long votes) {
  int bits = 6;
  while ((1ll << bits) < 2 * votes) ++bits;
  return bits;
}
// Bytes of workspace (aligned to 8) for a node with that many edges.
MG_FN long long mg_mode_bytes(long long edges) {
  const long long votes = edges + 1;
  return 16 * votes + (votes > mg_mode_quadratic ? 4ll << mg_mode_table_bits(votes) : 0);
}
MG_FN unsigned* mg_mode_table(unsigned char* workspace, long long votes) {
  return reinterpret_cast<unsigned*>(workspace + 16 * votes);
}
// Where `label` is, or would be, in a table of 1 + its number among the distinct labels; 0 is free.
template <class L>
MG_FN mg_u64 mg_mode_slot(const unsigned* table, int bits, const L* distinct, L label) {
  const mg_u64 mask = (mg_u64(1) << bits) - 1;
  mg_u64 slot = (mg_u64(label) * 0x9e3779b97f4a7c15ull) >> (64 - bits);
  while (table[slot] != 0 && distinct[table[slot] - 1] != label) slot = (slot + 1) & mask;
  return slot;
}
MG_FN void mg_mode_clear(unsigned* table, int bits) {
  for (long long i = 0; i < 1ll << bits; ++i) table[i] = 0;
}

template <class L>
MG_FN long long mg_mode_count(const L* labels, long long n, L label) {
  long long count = 0;
  for (long long i = 0; i < n; ++i) count += labels[i] == label;
  return count;
}
// How often a label can occur at most, from a small table in which several labels may share a place; only labels that
// may still win are counted.
template <class L>
MG_FN unsigned mg_mode_place(L label) {
  const mg_u64 bits = mg_u64(label);
  return (mg_u32(bits ^ (bits >> 32)) * 0x9e3779b1u) >> 24;
}
// The winner where no label occurs twice.
template <class L>
MG_FN L mg_mode_of_distinct(const L* labels, long long n, int ties, L own) {
  if (ties == mg_ties_keep && mg_mode_count(labels, n, own) > 0) return own;
  L best = labels[0];
  if (ties == mg_ties_highest)
    for (long long i = 1; i < n; ++i) best = labels[i] > best ? labels[i] : best;
  else
    for (long long i = 1; i < n; ++i) best = labels[i] < best ? labels[i] : best;
  return best;
}
template <class L>
L mg_mode_by_counting(const L* labels, long long n, int ties, L own) {
  unsigned char seen[256];  // per place
  for (int i = 0; i < 256; ++i) seen[i] = 0;
  int bound = 0;
  for (long long i = 0; i < n; ++i) {
    const int count = ++seen[mg_mode_place(labels[i])];
    bound = count > bound ? count : bound;
  }
  if (bound == 1) return mg_mode_of_distinct(labels, n, ties, own);
  L best = labels[0];
  long long most = 0;
  // those that may occur most often first; the others only where that was several labels in one place
  for (int exact = 1; exact >= 0; --exact) {
    for (long long i = 0; i < n; ++i) {
      const L label = labels[i];
      const int at_most = seen[mg_mode_place(label)];
      if (exact ? at_most != bound : at_most < most || at_most == bound) continue;
      if (most > 0 && (label == best || (at_most == most && !mg_mode_tie(label, best, ties, own)))) continue;
      const long long count = mg_mode_count(labels, n, label);
      if (mg_mode_ahead(label, count, best, most, ties, own)) best = label, most = count;
    }
    if (most == bound) break;
    if (most == 1 && bound == 2) return mg_mode_of_distinct(labels, n, ties, own);
  }
  return best;
}
// Counts only grow, so whoever is ahead after the last vote was ahead when its own last vote came. Distinct labels
// move to the front of `labels`, counts to `totals`.
template <class L>
L mg_mode_by_table(L* labels, long long* totals, long long n, int ties, L own, unsigned* table) {
  const int bits = mg_mode_table_bits(n);
  mg_mode_clear(table, bits);
  unsigned distinct = 0;
  L best = labels[0];
  long long most = 0;
  for (long long i = 0; i < n; ++i) {
    const L label = labels[i];
    unsigned& place = table[mg_mode_slot(table, bits, labels, label)];
    if (place == 0) {
      labels[distinct] = label, totals[distinct] = 0;
      place = ++distinct;
    }
    const long long total = ++totals[place - 1];
    if (mg_mode_ahead(label, total, best, most, ties, own)) best = label, most = total;
  }
  return best;
}
// The winner of n votes of weight 1, which lie in `workspace` as labels; n == 0: `own`. They are overwritten.
template <class L>
L mg_mode_of(unsigned char* workspace, long long n, int ties, L own) {
  L* labels = reinterpret_cast<L*>(workspace);
  if (n == 0) return own;
  if (n == 1 || (n == 2 && labels[0] == labels[1])) return labels[0];
  if (n == 2) return mg_mode_tie(labels[1], labels[0], ties, own) ? labels[1] : labels[0];
  if (2 * mg_mode_count(labels, n, own) > n) return own;
  if (n <= mg_mode_counted) return mg_mode_by_counting(labels, n, ties, own);
  return mg_mode_by_table(labels, reinterpret_cast<long long*>(workspace + 8 * n), n, ties, own,
                          mg_mode_table(workspace, n));
}

template <class L, class A>
L mg_weighted_mode_by_adding(const L* labels, const A* weights, long long n, int ties, L own) {
  L best{};
  A most{};
  for (long long i = 0; i < n; ++i) {
    A total = A(0);
    for (long long j = 0; j < n; ++j)
      if (labels[j] == labels[i]) total = mg_add(total, weights[j]);
    if (i == 0 || mg_mode_ahead(labels[i], total, best, most, ties, own)) best = labels[i], most = total;
  }
  return best;
}
template <class L, class A>
L mg_weighted_mode_by_table(L* labels, A* weights, long long n, int ties, L own, unsigned* table) {
  const int bits = mg_mode_table_bits(n);
  mg_mode_clear(table, bits);
  unsigned distinct = 0;
  for (long long i = 0; i < n; ++i) {
    const L label = labels[i];
    const A weight = weights[i];
    unsigned& place = table[mg_mode_slot(table, bits, labels, label)];
    if (place == 0) {
      labels[distinct] = label, weights[distinct] = A(0);
      place = ++distinct;
    }
    weights[place - 1] = mg_add(weights[place - 1], weight);
  }
  L best = labels[0];
  A most = weights[0];
  for (unsigned i = 1; i < distinct; ++i)
    if (mg_mode_ahead(labels[i], weights[i], best, most, ties, own)) best = labels[i], most = weights[i];
  return best;
}
// Weights of votes that lie in a workspace.
template <class A>
MG_FN A* mg_mode_weights(unsigned char* workspace, long long votes) {
  return reinterpret_cast<A*>(workspace + 8 * votes);
}
// The winner of n votes, labels at the start of `workspace`, weights at mg_mode_weights(workspace, n). Overwrites both.
template <class L, class A>
L mg_weighted_mode_of(unsigned char* workspace, long long n, int ties, L own) {
  L* labels = reinterpret_cast<L*>(workspace);
  A* weights = mg_mode_weights<A>(workspace, n);
  if (n == 0) return own;
  if (n <= mg_mode_quadratic) return mg_weighted_mode_by_adding(labels, weights, n, ties, own);
  return mg_weighted_mode_by_table(labels, weights, n, ties, own, mg_mode_table(workspace, n));
}

// The most frequent label among the edges k in [first, last) of one row array, label(k), and [first2, last2) of
// another (both directions; else empty), label2(k). `workspace`: mg_mode_bytes of all of them.
template <class L, class Label, class Label2>
MG_FN L mg_mode_row(long long first, long long last, const Label& label, long long first2, long long last2,
                    const Label2& label2, int ties, bool include_self, L own, unsigned char* workspace) {
  L* labels = reinterpret_cast<L*>(workspace);
  long long n = 0;
  for (long long k = first; k < last; ++k) labels[n++] = label(k);
  for (long long k = first2; k < last2; ++k) labels[n++] = label2(k);
  if (include_self) labels[n++] = own;
  return mg_mode_of<L>(workspace, n, ties, own);
}
// The same by greatest total of weights of type A; the node itself has weight 1.
template <class L, class A, class Label, class Weight, class Label2, class Weight2>
MG_FN L mg_weighted_mode_row(long long first, long long last, const Label& label, const Weight& weight,
                             long long first2, long long last2, const Label2& label2, const Weight2& weight2,
                             int ties, bool include_self, L own, unsigned char* workspace) {
  const long long votes = (last - first) + (last2 - first2) + (include_self ? 1 : 0);
  L* labels = reinterpret_cast<L*>(workspace);
  A* weights = mg_mode_weights<A>(workspace, votes);
  long long n = 0;
  for (long long k = first; k < last; ++k, ++n) labels[n] = label(k), weights[n] = A(weight(k));
  for (long long k = first2; k < last2; ++k, ++n) labels[n] = label2(k), weights[n] = A(weight2(k));
  if (include_self) labels[n] = own, weights[n] = A(1);
  return mg_weighted_mode_of<L, A>(workspace, votes, ties, own);
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
