// The most frequent label among the neighbours of a node, on the CPU: shared by tiles and by compiled plans.
// Needs candidates.cuh before it. No includes: it is part of generated text.
//
// Votes lie in a workspace as labels (and, behind them, weights). Few are compared with each other all at once, which
// has no branch to guess wrong; more go through a table.
#ifndef MONOGRAPH_HOST_MODES_CUH
#define MONOGRAPH_HOST_MODES_CUH

#if defined(__clang__)
#define MG_INDEPENDENT _Pragma("clang loop vectorize(assume_safety)")
#else
#define MG_INDEPENDENT _Pragma("GCC ivdep")
#endif

static constexpr int mg_mode_compared = 64;   // up to so many votes are compared with each other
static constexpr int mg_mode_quadratic = 32;  // up to so many weighted votes are added up label by label

// ---- workspace: labels, weights, table
// Slots of the table for that many votes: a power of two, at most half full.
MG_FN int mg_mode_table_bits(long long votes) {
  int bits = 6;
  while ((1ll << bits) < 2 * votes) ++bits;
  return bits;
}
// Bytes of workspace (aligned to 8) for a node with that many edges.
MG_FN long long mg_mode_bytes(long long edges) {
  const long long votes = edges + 1;
  return 16 * (votes + mg_mode_compared) + (votes > mg_mode_quadratic ? 8ll << mg_mode_table_bits(votes) : 0);
}
MG_FN unsigned char* mg_mode_table(unsigned char* workspace, long long votes) { return workspace + 16 * votes; }
// Weights of votes that lie in a workspace.
template <class A>
MG_FN A* mg_mode_weights(unsigned char* workspace, long long votes) {
  return reinterpret_cast<A*>(workspace + 8 * votes);
}
MG_FN mg_u64 mg_mode_place(mg_u64 label, int bits) { return (label * 0x9e3779b97f4a7c15ull) >> (64 - bits); }

// ---- votes of weight 1
template <class L>
MG_FN int mg_mode_count(const L* labels, int n, L label) {
  int count = 0;
  for (long long i = 0; i < n; ++i) count += labels[i] == label;  // 64 bits: an index that wraps makes no vectors
  return count;
}
// Very few votes: each label counted by itself.
template <class L>
MG_FN L mg_mode_of_few(const L* labels, long long n, int ties, L own) {
  L best = labels[0];
  int most = 0;
  for (long long i = 0; i < n; ++i) {
    const L label = labels[i];
    int votes = 0;
    for (long long k = 0; k < n; ++k) votes += labels[k] == label;
    const bool wins = votes > most || (votes == most && mg_mode_tie(label, best, ties, own));
    most = wins ? votes : most;
    best = wins ? label : best;
  }
  return best;
}
// Up to `lanes` votes, each label counted by itself. What lies beyond n in the workspace
// counts like any label: it has no votes of its own.
template <int lanes, class L>
MG_FN L mg_mode_by_comparing(const L* labels, int n, int ties, L own) {
  L mine[lanes];
  int votes[lanes];
  for (int i = 0; i < lanes; ++i) mine[i] = labels[i], votes[i] = 0;
  for (int k = 0; k < n; ++k) {
    const L label = labels[k];
    for (int i = 0; i < lanes; ++i) votes[i] += mine[i] == label;
  }
  int most = 0;
  for (int i = 0; i < lanes; ++i) most = votes[i] > most ? votes[i] : most;
  if (ties == mg_ties_keep && mg_mode_count(labels, n, own) == most) return own;
  L best = ties == mg_ties_highest ? mg_lowest<L>() : mg_highest<L>();
  if (ties == mg_ties_highest)
    for (int i = 0; i < lanes; ++i) best = votes[i] == most && mine[i] > best ? mine[i] : best;
  else
    for (int i = 0; i < lanes; ++i) best = votes[i] == most && mine[i] < best ? mine[i] : best;
  return best;
}
// Counts only grow, so whoever is ahead after the last vote was ahead when its own last vote came. A slot of the table
// is a 32-bit label above its votes, 0 where free.
MG_FN int mg_mode_by_table(const int* labels, int n, int ties, int own, unsigned char* table) {
  const int bits = mg_mode_table_bits(n);
  const mg_u64 mask = (mg_u64(1) << bits) - 1;
  mg_u64* slots = reinterpret_cast<mg_u64*>(table);
  for (mg_u64 s = 0; s <= mask; ++s) slots[s] = 0;
  int best = labels[0];
  unsigned most = 0;
  for (int i = 0; i < n; ++i) {
    const mg_u32 label = mg_u32(labels[i]);
    mg_u64 s = mg_mode_place(label, bits);
    while (slots[s] != 0 && mg_u32(slots[s] >> 32) != label) s = (s + 1) & mask;
    const mg_u32 votes = mg_u32(slots[s]) + 1;
    slots[s] = mg_u64(label) << 32 | votes;
    if (votes < most || (votes == most && !mg_mode_tie(labels[i], best, ties, own))) continue;
    best = labels[i], most = votes;
  }
  return best;
}

// ---- any labels: a table of 1 + their number among the distinct ones, which move to the front of `labels`; 0 is free
template <class L>
MG_FN mg_u64 mg_mode_slot(const unsigned* table, int bits, const L* distinct, L label) {
  const mg_u64 mask = (mg_u64(1) << bits) - 1;
  mg_u64 slot = mg_mode_place(mg_u64(label), bits);
  while (table[slot] != 0 && distinct[table[slot] - 1] != label) slot = (slot + 1) & mask;
  return slot;
}
// Adds up `weight(i)` of every vote by label, into `totals`, which weights may lie in.
template <class L, class A, class Weight>
L mg_mode_by_adding_up(L* labels, A* totals, long long n, int ties, L own, unsigned char* workspace,
                       const Weight& weight) {
  const int bits = mg_mode_table_bits(n);
  unsigned* table = reinterpret_cast<unsigned*>(workspace);
  for (long long i = 0; i < 1ll << bits; ++i) table[i] = 0;
  unsigned distinct = 0;
  for (long long i = 0; i < n; ++i) {
    const L label = labels[i];
    const A w = weight(i);
    unsigned& place = table[mg_mode_slot(table, bits, labels, label)];
    if (place == 0) {
      labels[distinct] = label, totals[distinct] = A(0);
      place = ++distinct;
    }
    totals[place - 1] = mg_add(totals[place - 1], w);
  }
  L best = labels[0];
  A most = totals[0];
  for (unsigned i = 1; i < distinct; ++i)
    if (mg_mode_ahead(labels[i], totals[i], best, most, ties, own)) best = labels[i], most = totals[i];
  return best;
}

// The winner of n votes of weight 1, which lie in `workspace` as labels; n == 0: `own`. They are overwritten.
template <class L>
MG_FN L mg_mode_of(unsigned char* workspace, long long n, int ties, L own) {
  L* labels = reinterpret_cast<L*>(workspace);
  if (n == 0) return own;
  if (n == 1 || (n == 2 && labels[0] == labels[1])) return labels[0];
  if (n == 2) return mg_mode_tie(labels[1], labels[0], ties, own) ? labels[1] : labels[0];
  const int few = int(n);
  if (n <= 8) return mg_mode_of_few(labels, n, ties, own);
  if (n < 0x7fffffff && 2ll * mg_mode_count(labels, few, own) > n) return own;  // as most nodes soon have it
  if (n <= 16) return mg_mode_by_comparing<16>(labels, few, ties, own);
  if (n <= 32) return mg_mode_by_comparing<32>(labels, few, ties, own);
  if (n <= mg_mode_compared) return mg_mode_by_comparing<mg_mode_compared>(labels, few, ties, own);
  if constexpr (sizeof(L) == 4)
    if (n < 0x7fffffff) return mg_mode_by_table(labels, few, ties, own, mg_mode_table(workspace, n));
  return mg_mode_by_adding_up(labels, mg_mode_weights<long long>(workspace, n), n, ties, own,
                              mg_mode_table(workspace, n), [](long long) { return 1ll; });
}

// ---- weighted votes
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
// The winner of n votes, labels at the start of `workspace`, weights at mg_mode_weights(workspace, n). Overwrites both.
template <class L, class A>
L mg_weighted_mode_of(unsigned char* workspace, long long n, int ties, L own) {
  L* labels = reinterpret_cast<L*>(workspace);
  A* weights = mg_mode_weights<A>(workspace, n);
  if (n == 0) return own;
  if (n <= mg_mode_quadratic) return mg_weighted_mode_by_adding(labels, weights, n, ties, own);
  return mg_mode_by_adding_up(labels, weights, n, ties, own, mg_mode_table(workspace, n),
                              [weights](long long i) { return weights[i]; });
}

// ---- of a row
template <class V, class Value>
MG_FN void mg_mode_collect(V* into, long long first, long long last, const Value& value) {
  MG_INDEPENDENT
  for (long long k = first; k < last; ++k) into[k - first] = V(value(k));
}
// The most frequent label among the edges k in [first, last) of one row array, label(k), and [first2, last2) of
// another (both directions; else empty), label2(k). `workspace`: mg_mode_bytes of all of them.
template <class L, class Label, class Label2>
MG_FN L mg_mode_row(long long first, long long last, const Label& label, long long first2, long long last2,
                    const Label2& label2, int ties, bool include_self, L own, unsigned char* workspace) {
  L* labels = reinterpret_cast<L*>(workspace);
  long long n = last - first;
  mg_mode_collect(labels, first, last, label);
  if (first2 < last2) mg_mode_collect(labels + n, first2, last2, label2), n += last2 - first2;
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
  const long long n = last - first, all = n + (last2 - first2);
  mg_mode_collect(labels, first, last, label), mg_mode_collect(weights, first, last, weight);
  mg_mode_collect(labels + n, first2, last2, label2), mg_mode_collect(weights + n, first2, last2, weight2);
  if (include_self) labels[all] = own, weights[all] = A(1);
  return mg_weighted_mode_of<L, A>(workspace, votes, ties, own);
}
#undef MG_INDEPENDENT

#endif
