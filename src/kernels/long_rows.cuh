// Rows of more than mg_thread_row edges, in a stage of their own before the others: each is cut into segments
// of mg_row_segment edges (shapes.cuh), a warp takes a segment, whatever row it is of, and what it combines
// to lies in mg_device::pieces. The stage that follows finds it there and combines the pieces of a row in
// order. So a hub is the work of many warps, and the additions of floats are those of one thread. The most
// frequent label of a long row is the work of one warp, and lies at the row's first piece. Needs
// schedules.cuh, device_columns.cuh and device_modes.cuh before it.
#ifndef MONOGRAPH_LONG_ROWS_CUH
#define MONOGRAPH_LONG_ROWS_CUH

MG_DEVICE mg_i64 mg_piece_count(const mg_long_rows& l) {
  return l.count > 0 ? mg_ld_static(l.first + l.count) : 0;
}
// Of an aggregate of the group, of the rows that enter or leave.
MG_DEVICE mg_words* mg_pieces(const mg_device* run, int aggregate, bool out) {
  const mg_i64 ins = mg_piece_count(run->long_in), outs = mg_piece_count(run->long_out);
  return reinterpret_cast<mg_words*>(run->pieces) + aggregate * (ins + outs) + (out ? ins : 0);
}
// Which of the long rows `row` is: it is one.
MG_DEVICE mg_i64 mg_long_row(const mg_long_rows& l, mg_i64 row) {
  mg_i64 low = 0, high = l.count;
  while (high - low > 1) {
    const mg_i64 middle = low + (high - low) / 2;
    if (mg_ld_static(l.rows + middle) <= row)
      low = middle;
    else
      high = middle;
  }
  return low;
}

// each(row, its edges in the piece, number of the piece), by a warp.
template <class Each>
MG_DEVICE void mg_for_pieces(mg_grid grid, const mg_device_rows& side, const mg_long_rows& l,
                             const Each& each) {
  constexpr int warps = mg_block_threads / 32;
  const mg_i64 pieces = mg_piece_count(l), stride = mg_i64(grid.blocks) * warps;
  for (mg_i64 p = mg_i64(grid.block) * warps + mg_warp(); p < pieces; p += stride) {
    const int which = mg_ld_static(l.of + p);
    const mg_i64 row = mg_ld_static(l.rows + which), segment = p - mg_ld_static(l.first + which);
    const mg_extent all = mg_extent_of(side, row, true);
    const mg_i64 first = all.first + segment * mg_row_segment, last = first + mg_row_segment;
    each(row, mg_extent{first, last < all.last ? last : all.last}, p);
  }
}
// each(row, number of its first piece), by a warp.
template <class Each>
MG_DEVICE void mg_for_long_rows(mg_grid grid, const mg_long_rows& l, const Each& each) {
  constexpr int warps = mg_block_threads / 32;
  for (mg_i64 r = mg_i64(grid.block) * warps + mg_warp(); r < l.count; r += mg_i64(grid.blocks) * warps)
    each(mg_i64(mg_ld_static(l.rows + r)), mg_ld_static(l.first + r));
}

// Which long rows are combined: a function of the row, the same for all lanes.
struct mg_every_row {
  MG_DEVICE bool operator()(mg_i64) const { return true; }
};

// ---- folds
template <class M, class T, bool Ordered, class Edge, class Wanted = mg_every_row>
MG_DEVICE void mg_fold_pieces(mg_grid grid, const mg_device_rows& side, const mg_long_rows& l,
                              mg_words* pieces, const Edge& edge, const Wanted& wanted = Wanted()) {
  mg_for_pieces(grid, side, l, [&](mg_i64 row, mg_extent part, mg_i64 piece) {
    if (!wanted(row)) return;
    const T total = mg_warp_row<M, T, Ordered>(side, row, part, edge);
    if (mg_lane() == 0) pieces[piece].value = mg_word_of(total);
  });
}
template <class M, class T, class Edge>
MG_DEVICE T mg_fold_cut_rows(const mg_device_rows& side, const mg_long_rows& l, const mg_words* pieces,
                             mg_i64 row, bool here, const Edge& edge) {
  const mg_extent mine = mg_extent_of(side, row, here);
  if (mine.length() <= mg_thread_row) return mg_thread_fold<M, T>(side, row, mine, edge);
  const mg_i64 which = mg_long_row(l, row), end = mg_ld_static(l.first + which + 1);
  mg_i64 p = mg_ld_static(l.first + which);
  T total = mg_value_of<T>(mg_ld_state(&pieces[p].value));
  while (++p < end) total = M::combine(total, mg_value_of<T>(mg_ld_state(&pieces[p].value)));
  return total;
}

// ---- extremes
template <bool Smallest, class T, class Edge, class Wanted = mg_every_row>
MG_DEVICE void mg_arg_pieces(mg_grid grid, const mg_device_rows& side, const mg_long_rows& l,
                             mg_words* pieces, const Edge& edge, const Wanted& wanted = Wanted()) {
  mg_for_pieces(grid, side, l, [&](mg_i64 row, mg_extent part, mg_i64 piece) {
    if (!wanted(row)) return;
    const mg_extreme<Smallest, T> best = mg_warp_extreme<Smallest, T>(side, row, part, edge);
    if (mg_lane() == 0) pieces[piece] = mg_free_extreme<Smallest, T>::pack(best);
  });
}
template <bool Smallest, class T, class Edge>
MG_DEVICE void mg_arg_cut_rows(const mg_device_rows& side, const mg_long_rows& l, const mg_words* pieces,
                               mg_i64 row, bool here, const Edge& edge, mg_extreme<Smallest, T>& best) {
  const mg_extent mine = mg_extent_of(side, row, here);
  if (mine.length() <= mg_thread_row) {
    for (mg_i64 k = mine.first; k < mine.last; ++k) best.offer(edge(side, row, k), mg_neighbor(side, k));
    return;
  }
  const mg_i64 which = mg_long_row(l, row);
  for (mg_i64 p = mg_ld_static(l.first + which); p < mg_ld_static(l.first + which + 1); ++p)
    best.offer(
        mg_free_extreme<Smallest, T>::unpack({mg_ld_state(&pieces[p].value), mg_ld_state(&pieces[p].index)}));
}

// ---- modes: of one direction. `own` is a function of the row.
template <class L, class A, class Label, class Weight, class Own, class Wanted = mg_every_row>
MG_DEVICE void mg_mode_long_rows(mg_grid grid, mg_device* run, bool out, mg_i64 behind, mg_words* pieces,
                                 const Label& label, const Weight& weight, int ties, bool include_self,
                                 const Own& own, const Wanted& wanted = Wanted()) {
  const mg_device_rows side = out ? run->out : run->in;
  const auto start = [&](mg_i64, L mine) { return mg_winner<L, A>(mine, ties, include_self); };
  const mg_election<L, A, Label, Weight, decltype(start)> election{side, side, label, weight, start};
  mg_for_long_rows(grid, out ? run->long_out : run->long_in, [&](mg_i64 row, mg_i64 piece) {
    if (!wanted(row)) return;
    const mg_extent edges = mg_extent_of(side, row, true);
    unsigned long long* const words = run->votes + (out ? behind : 0) + 2 * edges.first;
    const L best = election.by_table({words, words, 2 * edges.length()}, {row, edges, {0, 0}}, own(row));
    if (mg_lane() == 0) pieces[piece].value = mg_word_of(best);
  });
}
// Rows of two directions are not cut.
template <class L, class A, class Label, class Weight>
MG_DEVICE L mg_mode_cut_rows(mg_device* run, bool out, bool both, mg_i64 behind, const mg_words* pieces,
                             mg_i64 row, bool here, const Label& label, const Weight& weight, int ties,
                             bool include_self, L own) {
  const mg_long_rows& l = out ? run->long_out : run->long_in;
  const bool cut = !both && mg_extent_of(out ? run->out : run->in, row, here).length() > mg_thread_row;
  const L winner =
      mg_mode_rows<L, A>(run, out, both, behind, row, here && !cut, label, weight, ties, include_self, own);
  return cut ? mg_value_of<L>(mg_ld_state(&pieces[mg_ld_static(l.first + mg_long_row(l, row))].value))
             : winner;
}

#endif
