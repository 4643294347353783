// Operations outside of groups that work on whole columns: checks and scatters, by any number of blocks. A failed check is
// noted as its element alone: the step says what it was.
// Whole blocks of mg_block_threads call these, with all their threads. Needs device_sorts.cuh before it.
#ifndef MONOGRAPH_DEVICE_STEPS_CUH
#define MONOGRAPH_DEVICE_STEPS_CUH

// ---- checks
MG_DEVICE void mg_check_column(mg_grid grid, mg_device* run, const bool* bad, mg_i64 count) {
  mg_failure failed;
  mg_for_elements(grid, count, [&](mg_i64 i) {
    if (bad[i]) mg_fail_at(failed, i, i);
  });
  mg_report(run, failed);
}
MG_DEVICE void mg_check_scalar(mg_grid grid, mg_device* run, const mg_value* bad) {
  mg_failure failed;
  if (grid.block == 0 && threadIdx.x == 0 && mg_scalar<bool>(bad)) mg_fail_at(failed, 0, 0);
  mg_report(run, failed);
}

// ---- scatters whose result is the same in any order: all elements at once
template <class M> struct mg_is_sum { static constexpr bool value = false; };
template <> struct mg_is_sum<mg_monoid_sum> { static constexpr bool value = true; };

template <class M, class R>
MG_DEVICE void mg_offer(R* place, R value) {
  if constexpr (sizeof(R) == 1) {  // any, all: whoever changes the byte writes the same
    const R identity = M::template identity<R>(), next = M::combine(identity, value);
    if (next != identity) *place = next;
  } else if constexpr (mg_is_sum<M>::value) {
    atomicAdd(reinterpret_cast<mg_u64*>(place), mg_bits(value));
  } else {  // what changes nothing need not be written
    mg_unsigned<R>* const word = reinterpret_cast<mg_unsigned<R>*>(place);
    for (mg_unsigned<R> known = __ldcg(word);;) {
      const mg_unsigned<R> next = mg_bits<R>(M::combine(mg_from_bits<R>(known), value));
      if (next == known) return;
      const mg_unsigned<R> found = atomicCAS(word, known, next);
      if (found == known) return;
      known = found;
    }
  }
}
template <class M, class R>
MG_DEVICE void mg_scatter_empty(mg_grid grid, mg_device* run, R* out) {
  mg_for_elements(grid, run->nodes, [&](mg_i64 v) { out[v] = M::template identity<R>(); });
}
template <class M, class R, class T, class I>
MG_DEVICE void mg_scatter_offer(mg_grid grid, mg_device* run, const T* x, const I* at, R* out) {
  mg_failure failed;
  mg_for_elements(grid, run->nodes, [&](mg_i64 i) {
    const mg_i64 v = at[i];
    if (v < 0 || v >= run->nodes) mg_fail_at(failed, i, v);
    else mg_offer<M, R>(out + v, R(x[i]));
  });
  mg_report(run, failed);
}

// ---- scatters of float sums and products: elements that meet form a row in ascending order, and so they are brought into
// the order of their targets first.
MG_DEVICE mg_sort_room<int> mg_scatter_room(const mg_device* run) { return mg_sort_room_of<int>(run, run->nodes); }
// Of the digits of all targets, how many may differ; the first counts always, so that there is an order.
MG_DEVICE int mg_scatter_passes(mg_i64 nodes) {
  int passes = 1;
  while (passes < 4 && (nodes - 1) >> (8 * passes)) ++passes;
  return passes;
}
// Nothing is read outside of the columns, also where an index is out of range.
template <class I>
MG_DEVICE mg_i64 mg_target(const I* at, mg_i64 i, mg_i64 nodes) {
  const mg_i64 v = at[i];
  return v < 0 || v >= nodes ? 0 : v;
}
template <int Pass, class I>
MG_DEVICE int mg_target_digit(const I* at, mg_i64 i, mg_i64 nodes) {
  return int(mg_target(at, i, nodes) >> (8 * Pass)) & (mg_digits - 1);
}

template <int Pass, class I>
MG_DEVICE void mg_scatter_count(mg_grid grid, mg_device* run, const I* at, unsigned char* arena) {
  const mg_i64 nodes = run->nodes;
  if (Pass >= mg_scatter_passes(nodes)) return;
  mg_failure failed;
  mg_radix_count<Pass>(grid, mg_scatter_room(run), nodes, arena, [&](mg_i64 i) {
    const mg_i64 v = at[i];
    if (Pass == 0 && (v < 0 || v >= nodes)) mg_fail_at(failed, i, v);
    return mg_target_digit<Pass>(at, i, nodes);
  });
  if (Pass == 0) mg_report(run, failed);
}
template <int Pass, class I>
MG_DEVICE void mg_scatter_place(mg_grid grid, mg_device* run, const I* at, unsigned char* arena) {
  const mg_i64 nodes = run->nodes;
  if (Pass >= mg_scatter_passes(nodes)) return;
  mg_radix_place<Pass>(grid, mg_scatter_room(run), nodes, arena,
                       [&](mg_i64 i) { return mg_target_digit<Pass>(at, i, nodes); });
}

// The first place whose element goes to `v` or to a later node.
template <class I>
MG_DEVICE mg_i64 mg_place_of(const int* order, const I* at, mg_i64 v, mg_i64 nodes) {
  mg_i64 low = 0, high = nodes;
  while (low < high) {
    const mg_i64 middle = low + (high - low) / 2;
    if (mg_target(at, __ldcg(order + middle), nodes) < v) low = middle + 1;
    else high = middle;
  }
  return low;
}
template <class M, class R, class T, class I>
MG_DEVICE void mg_scatter_fold(mg_grid grid, mg_device* run, const T* x, const I* at, R* out) {
  const mg_i64 nodes = run->nodes;
  const int* const order = mg_scatter_room(run).order[(mg_scatter_passes(nodes) - 1) % 2];
  const mg_device_rows rows = {};
  const auto edge = [&](const mg_device_rows&, mg_i64, mg_i64 k) { return R(x[__ldcg(order + k)]); };
  for (mg_i64 leaf = grid.block; leaf < mg_leaves(nodes); leaf += grid.blocks)
    for (mg_i64 part = leaf * mg_column_leaf; part < (leaf + 1) * mg_column_leaf && part < nodes; part += mg_block_threads) {
      const mg_i64 v = part + threadIdx.x;
      const bool here = v < nodes;
      mg_extent mine = {0, 0};
      if (here) mine = {mg_place_of(order, at, v, nodes), mg_place_of(order, at, v + 1, nodes)};
      const bool shared = mine.length() > mg_thread_row;
      R total = M::template identity<R>();
      if (!shared) total = mg_thread_fold<M, R>(rows, v, mine, edge);
      mg_for_shared_rows(shared, [&](int owner) {
        const R value = mg_warp_fold<M, R>(rows, v, mg_from_lane(mine, owner), edge);
        if (mg_lane() == owner) total = value;
      });
      if (here) out[v] = total;
    }
}

#endif
