// Operations outside of groups that work on whole columns: checks and scatters, by any number of blocks. A failed check is
// noted as its element alone: the step says what it was.
// Whole blocks of mg_block_threads call these, with all their threads. Needs schedules.cuh before it.
#ifndef MONOGRAPH_DEVICE_STEPS_CUH
#define MONOGRAPH_DEVICE_STEPS_CUH

// each(i) for the elements of a column that are this thread's.
template <class Each>
MG_DEVICE void mg_for_elements(mg_grid grid, mg_i64 count, const Each& each) {
  const mg_i64 threads = mg_i64(grid.blocks) * mg_block_threads;
  for (mg_i64 i = mg_i64(grid.block) * mg_block_threads + threadIdx.x; i < count; i += threads) each(i);
}
MG_DEVICE void mg_fail_at(mg_failure& failed, mg_i64 element, mg_i64 index) {
  if (mg_u64(element) < failed.note) failed.note = mg_u64(element), failed.index = index;
}

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
// the order of their targets first. Radix sort, 8 bits of the target at a time, stable: what is sorted are the numbers of
// the elements. Chunks of elements are counted by digit, then each chunk knows where its elements of a digit go.
static constexpr int mg_digits = 256;
static_assert(mg_digits == mg_block_threads, "a thread per digit");
static constexpr mg_i64 mg_most_chunks = 256;

MG_DEVICE mg_i64 mg_chunk_size(mg_i64 count) { return (mg_leaves(count) + mg_most_chunks - 1) / mg_most_chunks * mg_column_leaf; }
MG_DEVICE mg_i64 mg_chunks_of(mg_i64 count) {
  return count == 0 ? 0 : (count + mg_chunk_size(count) - 1) / mg_chunk_size(count);
}
// In mg_device::partial.
struct mg_scatter_room {
  unsigned* counts;  // [chunk][digit]
  int* order[2];     // numbers of elements: of pass p in order[p % 2]
};
MG_DEVICE mg_scatter_room mg_scatter_room_of(const mg_device* run) {
  mg_scatter_room room;
  room.counts = reinterpret_cast<unsigned*>(run->partial);
  room.order[0] = reinterpret_cast<int*>(room.counts + mg_chunks_of(run->nodes) * mg_digits);
  room.order[1] = room.order[0] + run->nodes;
  return room;
}
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
template <int Pass>
MG_DEVICE mg_i64 mg_element_at(const mg_scatter_room& room, mg_i64 k) {
  return Pass == 0 ? k : mg_i64(__ldcg(room.order[(Pass + 1) % 2] + k));
}
template <int Pass, class I>
MG_DEVICE int mg_digit(const I* at, mg_i64 i, mg_i64 nodes) {
  return int(mg_target(at, i, nodes) >> (8 * Pass)) & (mg_digits - 1);
}

// `arena`: a number per digit.
template <int Pass, class I>
MG_DEVICE void mg_scatter_count(mg_grid grid, mg_device* run, const I* at, unsigned char* arena) {
  const mg_i64 nodes = run->nodes, size = mg_chunk_size(nodes);
  if (Pass >= mg_scatter_passes(nodes)) return;
  const mg_scatter_room room = mg_scatter_room_of(run);
  unsigned* const found = reinterpret_cast<unsigned*>(arena);
  mg_failure failed;
  for (mg_i64 chunk = grid.block; chunk < mg_chunks_of(nodes); chunk += grid.blocks) {
    found[threadIdx.x] = 0;
    __syncthreads();
    const mg_i64 first = chunk * size, end = first + size < nodes ? first + size : nodes;
    for (mg_i64 k = first + threadIdx.x; k < end; k += mg_block_threads) {
      const mg_i64 i = mg_element_at<Pass>(room, k), v = at[i];
      if (Pass == 0 && (v < 0 || v >= nodes)) mg_fail_at(failed, i, v);
      atomicAdd(found + mg_digit<Pass>(at, i, nodes), 1u);
    }
    __syncthreads();
    room.counts[chunk * mg_digits + threadIdx.x] = found[threadIdx.x];
    __syncthreads();
  }
  if (Pass == 0) mg_report(run, failed);
}

// How many elements with the digits of the threads come before a chunk: all of lesser digits, and those of earlier chunks.
MG_DEVICE unsigned mg_digit_begin(const unsigned* counts, mg_i64 chunk, mg_i64 chunks, unsigned* sums) {
  unsigned before = 0, all = 0;
  for (mg_i64 c = 0; c < chunks; ++c) {
    const unsigned n = __ldcg(counts + c * mg_digits + threadIdx.x);
    if (c < chunk) before += n;
    all += n;
  }
  sums[threadIdx.x] = all;
  __syncthreads();
  for (unsigned step = 1; step < unsigned(mg_digits); step *= 2) {
    const unsigned other = threadIdx.x >= step ? sums[threadIdx.x - step] : 0;
    __syncthreads();
    sums[threadIdx.x] += other;
    __syncthreads();
  }
  const unsigned lesser = sums[threadIdx.x] - all;
  __syncthreads();
  return lesser + before;
}

// A block takes 1024 elements at a time, a warp 128 of them that follow each other. `arena`: a number per warp and digit.
static constexpr int mg_warps = mg_block_threads / 32, mg_rounds = mg_column_leaf / mg_block_threads;
template <int Pass, class I>
MG_DEVICE void mg_scatter_place(mg_grid grid, mg_device* run, const I* at, unsigned char* arena) {
  const mg_i64 nodes = run->nodes, size = mg_chunk_size(nodes), chunks = mg_chunks_of(nodes);
  if (Pass >= mg_scatter_passes(nodes)) return;
  const mg_scatter_room room = mg_scatter_room_of(run);
  unsigned* const places = reinterpret_cast<unsigned*>(arena);
  unsigned* const mine = places + mg_warp() * mg_digits;
  for (mg_i64 chunk = grid.block; chunk < chunks; chunk += grid.blocks) {
    unsigned begin = mg_digit_begin(room.counts, chunk, chunks, places);
    const mg_i64 first = chunk * size, end = first + size < nodes ? first + size : nodes;
    for (mg_i64 part = first; part < end; part += mg_column_leaf) {
      for (int w = 0; w < mg_warps; ++w) places[w * mg_digits + threadIdx.x] = 0;
      __syncthreads();
      int element[mg_rounds], digit[mg_rounds];
      unsigned rank[mg_rounds];
      for (int r = 0; r < mg_rounds; ++r) {
        const mg_i64 k = part + mg_warp() * (32 * mg_rounds) + r * 32 + mg_lane();
        element[r] = k < end ? int(mg_element_at<Pass>(room, k)) : -1;
        digit[r] = k < end ? mg_digit<Pass>(at, element[r], nodes) : mg_digits;
        const unsigned alike = __match_any_sync(MG_ALL_LANES, digit[r]);
        const unsigned before = unsigned(__popc(alike & ((1u << mg_lane()) - 1u)));
        const unsigned known = k < end ? mine[digit[r]] : 0;
        __syncwarp();
        if (k < end && before == 0) mine[digit[r]] = known + unsigned(__popc(alike));
        __syncwarp();
        rank[r] = known + before;
      }
      __syncthreads();
      for (int w = 0; w < mg_warps; ++w) {
        const unsigned n = places[w * mg_digits + threadIdx.x];
        places[w * mg_digits + threadIdx.x] = begin;
        begin += n;
      }
      __syncthreads();
      for (int r = 0; r < mg_rounds; ++r)
        if (element[r] >= 0) room.order[Pass % 2][mine[digit[r]] + rank[r]] = element[r];
      __syncthreads();
    }
  }
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
  const int* const order = mg_scatter_room_of(run).order[(mg_scatter_passes(nodes) - 1) % 2];
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
