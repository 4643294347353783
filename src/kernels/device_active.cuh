// Loops of which an iteration computes only the rows that read a changed one (host/plan/active_set.h): a byte per row and
// parity says for which iteration it was marked. Marks are made in the bytes that the next iteration reads, so no thread reads
// what another one writes; several may write one byte, all of them the same value. Nothing is cleared, and nothing has to be
// at first: an old mark, or garbage, makes a row be computed that need not be, which yields what it yielded before. So a loop
// that begins again, or another one, may find whatever is there.
// Whole blocks of mg_block_threads call these, with all their threads. Needs device_columns.cuh before it.
#ifndef MONOGRAPH_DEVICE_ACTIVE_CUH
#define MONOGRAPH_DEVICE_ACTIVE_CUH

// A mark is a byte that is written anywhere in memory, and found by a walk of its own; what it spares is a gather in the next
// iteration. Rows mark their readers while so many of those walks cost no more than a pass over all edges.
static constexpr mg_u64 mg_mark_weight = 8;

// What an iteration does: the same for all its threads, since what it follows from is written by the last block alone, which
// is the last because all have asked.
struct mg_turn {
  bool all;    // every row is computed; else those that were marked
  bool marks;  // rows that change mark those that read them
  const unsigned char* now;
  unsigned char* next;
  unsigned char stamp;  // of this iteration; the next one's is one more
};
// Of the first iteration nothing is known. It marks nothing either: in many loops it changes every row.
MG_DEVICE mg_turn mg_turn_of(const mg_device* run, const mg_value* iteration) {
  const mg_i64 i = mg_scalar<mg_i64>(iteration);
  const mg_marked_rows& active = run->active;
  unsigned char* const even = active.stamps;
  unsigned char* const odd = even + run->nodes;
  return {i == 0 || !active.marked, active.always || (i > 0 && active.quiet), i % 2 ? odd : even, i % 2 ? even : odd,
          (unsigned char)(i)};
}
MG_DEVICE bool mg_awake(const mg_turn& turn, mg_i64 row, bool there) {
  return there && (turn.all || mg_ld_state(turn.now + row) == turn.stamp);
}

MG_DEVICE void mg_mark(const mg_turn& turn, mg_i64 row) { turn.next[row] = (unsigned char)(turn.stamp + 1); }
// The rows that are neighbours of `row` on a side, where it has changed. The whole warp helps with long ones.
MG_DEVICE void mg_mark_side(const mg_turn& turn, const mg_device_rows& side, mg_i64 row, bool changed, mg_u64& reach) {
  const mg_extent mine = mg_extent_of(side, row, changed);
  reach += mg_u64(mine.length());
  if (!turn.marks) return;
  const bool shared = mine.length() > mg_thread_row;
  if (!shared)
    for (mg_i64 k = mine.first; k < mine.last; ++k) mg_mark(turn, mg_neighbor(side, k));
  mg_for_shared_rows(shared, [&](int owner) {
    const mg_extent e = mg_from_lane(mine, owner);
    for (mg_i64 k = e.first + mg_lane(); k < e.last; k += 32) mg_mark(turn, mg_neighbor(side, k));
  });
}
// After a row was computed (`here`), from `now` to `next`. In, Out, Settles: as plan::ActiveSet. The row itself is computed
// again unless it has settled; at NaN in any case, since that counts as a change as long as it stays. Where both directions
// are one, readers are found in the rows that are read.
template <bool In, bool Out, bool Settles, class T>
MG_DEVICE void mg_mark_readers(const mg_device* run, const mg_turn& turn, mg_i64 row, bool here, T now, T next, mg_u64& reach) {
  const bool changed = here && mg_word_of(now) != mg_word_of(next);
  if (turn.marks && here && ((changed && !Settles) || next != next)) mg_mark(turn, row);
  if (In) mg_mark_side(turn, run->undirected ? run->in : run->out, row, changed, reach);
  if (Out && !(In && run->undirected)) mg_mark_side(turn, run->undirected ? run->out : run->in, row, changed, reach);
}

// Before the last block is found.
MG_DEVICE void mg_add_reach(mg_device* run, mg_u64 reach) {
  for (int bit = 16; bit > 0; bit /= 2) reach += mg_from_lane(reach, mg_lane() ^ bit);
  if (mg_lane() == 0 && reach != 0) atomicAdd(&run->active.reach, reach);
}
// By one thread of the last block.
MG_DEVICE void mg_end_turn(mg_device* run, const mg_turn& turn) {
  run->active.marked = turn.marks;
  run->active.quiet = __ldcg(&run->active.reach) * mg_mark_weight <= mg_u64(run->edges);
  run->active.reach = 0;
}

#endif
