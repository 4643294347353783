// Radix sort of a column by any number of blocks, and what follows from the order of elements: ranks, frequencies, the first
// few. 8 bits of the key at a time, least significant first, stable: what is sorted are the numbers of the elements. Chunks of
// elements are counted by digit, then each chunk knows where its elements of a digit go.
// Whole blocks of mg_block_threads call these, with all their threads. Needs schedules.cuh before it.
#ifndef MONOGRAPH_DEVICE_SORTS_CUH
#define MONOGRAPH_DEVICE_SORTS_CUH

// each(i) for the elements of a column that are this thread's.
template <class Each>
MG_DEVICE void mg_for_elements(mg_grid grid, mg_i64 count, const Each& each) {
  const mg_i64 threads = mg_i64(grid.blocks) * mg_block_threads;
  for (mg_i64 i = mg_i64(grid.block) * mg_block_threads + threadIdx.x; i < count; i += threads) each(i);
}
MG_DEVICE void mg_fail_at(mg_failure& failed, mg_i64 element, mg_i64 index) {
  if (mg_u64(element) < failed.note) failed.note = mg_u64(element), failed.index = index;
}

// ---- passes
static constexpr int mg_digits = 256;
static_assert(mg_digits == mg_block_threads, "a thread per digit");
static constexpr mg_i64 mg_most_chunks = 256;

MG_DEVICE mg_i64 mg_chunk_size(mg_i64 count) { return (mg_leaves(count) + mg_most_chunks - 1) / mg_most_chunks * mg_column_leaf; }
MG_DEVICE mg_i64 mg_chunks_of(mg_i64 count) {
  return count == 0 ? 0 : (count + mg_chunk_size(count) - 1) / mg_chunk_size(count);
}
// In mg_device::partial. N: numbers of elements.
template <class N>
struct mg_sort_room {
  unsigned* counts;  // [chunk][digit]
  N* order[2];       // of pass p in order[p % 2]
};
template <class N>
MG_DEVICE mg_sort_room<N> mg_sort_room_of(const mg_device* run, mg_i64 count) {
  mg_sort_room<N> room;
  room.counts = reinterpret_cast<unsigned*>(run->partial);
  room.order[0] = reinterpret_cast<N*>(room.counts + mg_chunks_of(count) * mg_digits);
  room.order[1] = room.order[0] + count;
  return room;
}
template <int Pass, class N>
MG_DEVICE mg_i64 mg_element_at(const mg_sort_room<N>& room, mg_i64 k) {
  return Pass == 0 ? k : mg_i64(__ldcg(room.order[(Pass + 1) % 2] + k));
}

// `arena`: a number per digit. digit(i) of element i is in [0, mg_digits).
template <int Pass, class N, class Digit>
MG_DEVICE void mg_radix_count(mg_grid grid, const mg_sort_room<N>& room, mg_i64 count, unsigned char* arena, const Digit& digit) {
  const mg_i64 size = mg_chunk_size(count);
  unsigned* const found = reinterpret_cast<unsigned*>(arena);
  for (mg_i64 chunk = grid.block; chunk < mg_chunks_of(count); chunk += grid.blocks) {
    found[threadIdx.x] = 0;
    __syncthreads();
    const mg_i64 first = chunk * size, end = first + size < count ? first + size : count;
    for (mg_i64 k = first + threadIdx.x; k < end; k += mg_block_threads)
      atomicAdd(found + digit(mg_element_at<Pass>(room, k)), 1u);
    __syncthreads();
    room.counts[chunk * mg_digits + threadIdx.x] = found[threadIdx.x];
    __syncthreads();
  }
}

// How many elements with the digits of the threads come before a chunk: all of lesser digits, and those of earlier chunks.
template <class P>
MG_DEVICE P mg_digit_begin(const unsigned* counts, mg_i64 chunk, mg_i64 chunks, P* sums) {
  P before = 0, all = 0;
  for (mg_i64 c = 0; c < chunks; ++c) {
    const unsigned n = __ldcg(counts + c * mg_digits + threadIdx.x);
    if (c < chunk) before += n;
    all += n;
  }
  sums[threadIdx.x] = all;
  __syncthreads();
  for (unsigned step = 1; step < unsigned(mg_digits); step *= 2) {
    const P other = threadIdx.x >= step ? sums[threadIdx.x - step] : 0;
    __syncthreads();
    sums[threadIdx.x] += other;
    __syncthreads();
  }
  const P lesser = sums[threadIdx.x] - all;
  __syncthreads();
  return lesser + before;
}

// A block takes 1024 elements at a time, a warp 128 of them that follow each other. `arena`: an unsigned N per warp and digit.
static constexpr int mg_warps = mg_block_threads / 32, mg_rounds = mg_column_leaf / mg_block_threads;
template <int Pass, class N, class Digit>
MG_DEVICE void mg_radix_place(mg_grid grid, const mg_sort_room<N>& room, mg_i64 count, unsigned char* arena,
                              const Digit& digit_of) {
  typedef mg_unsigned<N> P;
  const mg_i64 size = mg_chunk_size(count), chunks = mg_chunks_of(count);
  P* const places = reinterpret_cast<P*>(arena);
  P* const mine = places + mg_warp() * mg_digits;
  for (mg_i64 chunk = grid.block; chunk < chunks; chunk += grid.blocks) {
    P begin = mg_digit_begin(room.counts, chunk, chunks, places);
    const mg_i64 first = chunk * size, end = first + size < count ? first + size : count;
    for (mg_i64 part = first; part < end; part += mg_column_leaf) {
      for (int w = 0; w < mg_warps; ++w) places[w * mg_digits + threadIdx.x] = 0;
      __syncthreads();
      N element[mg_rounds];
      int digit[mg_rounds];
      P rank[mg_rounds];
      for (int r = 0; r < mg_rounds; ++r) {
        const mg_i64 k = part + mg_warp() * (32 * mg_rounds) + r * 32 + mg_lane();
        element[r] = k < end ? N(mg_element_at<Pass>(room, k)) : N(-1);
        digit[r] = k < end ? digit_of(mg_i64(element[r])) : mg_digits;
        const unsigned alike = __match_any_sync(MG_ALL_LANES, digit[r]);
        const unsigned before = unsigned(__popc(alike & ((1u << mg_lane()) - 1u)));
        const P known = k < end ? mine[digit[r]] : 0;
        __syncwarp();
        if (k < end && before == 0) mine[digit[r]] = known + unsigned(__popc(alike));
        __syncwarp();
        rank[r] = known + before;
      }
      __syncthreads();
      for (int w = 0; w < mg_warps; ++w) {
        const P n = places[w * mg_digits + threadIdx.x];
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

// ---- the order of a column, as mg_order_key has it: as many passes as its elements have bytes
template <int Pass, class T>
MG_DEVICE int mg_key_digit(const T* x, mg_i64 i, bool descending) {
  return int(mg_order_key<T>(x[i], descending) >> (8 * Pass)) & (mg_digits - 1);
}
template <int Pass, class T>
MG_DEVICE void mg_sort_count(mg_grid grid, mg_device* run, mg_i64 count, const T* x, bool descending, unsigned char* arena) {
  mg_radix_count<Pass>(grid, mg_sort_room_of<mg_i64>(run, count), count, arena,
                       [&](mg_i64 i) { return mg_key_digit<Pass>(x, i, descending); });
}
template <int Pass, class T>
MG_DEVICE void mg_sort_place(mg_grid grid, mg_device* run, mg_i64 count, const T* x, bool descending, unsigned char* arena) {
  mg_radix_place<Pass>(grid, mg_sort_room_of<mg_i64>(run, count), count, arena,
                       [&](mg_i64 i) { return mg_key_digit<Pass>(x, i, descending); });
}

// Elements by their place.
template <class T>
struct mg_sorted {
  const mg_i64* order;
  const T* x;
  mg_i64 count;
  bool descending;
  MG_DEVICE mg_sorted(const mg_device* run, mg_i64 count, const T* x, bool descending)
      : order(mg_sort_room_of<mg_i64>(run, count).order[(sizeof(T) - 1) % 2]), x(x), count(count), descending(descending) {}
  MG_DEVICE mg_i64 at(mg_i64 k) const { return __ldcg(order + k); }
  MG_DEVICE mg_unsigned<T> key(mg_i64 k) const { return mg_order_key<T>(x[at(k)], descending); }
  // The first place whose element equals that of place k, and the first behind whose element does not.
  MG_DEVICE mg_i64 lowest(mg_i64 k) const {
    const mg_unsigned<T> mine = key(k);
    mg_i64 low = 0, high = k;
    while (low < high) {
      const mg_i64 middle = low + (high - low) / 2;
      if (key(middle) < mine) low = middle + 1;
      else high = middle;
    }
    return low;
  }
  MG_DEVICE mg_i64 behind(mg_i64 k) const {
    const mg_unsigned<T> mine = key(k);
    mg_i64 low = k + 1, high = count;
    while (low < high) {
      const mg_i64 middle = low + (high - low) / 2;
      if (key(middle) > mine) high = middle;
      else low = middle + 1;
    }
    return low;
  }
};

// What follows from the order: one of these is the last kernel.
template <class T>
MG_DEVICE void mg_put_order(mg_grid grid, const mg_sorted<T>& s, mg_i64* out) {
  mg_for_elements(grid, s.count, [&](mg_i64 k) { out[k] = s.at(k); });
}
template <class T>
MG_DEVICE void mg_put_sorted(mg_grid grid, const mg_sorted<T>& s, T* out) {
  mg_for_elements(grid, s.count, [&](mg_i64 k) { out[k] = s.x[s.at(k)]; });
}
template <class T>
MG_DEVICE void mg_put_first(mg_grid grid, const mg_sorted<T>& s, mg_i64 wanted, mg_i64* out) {
  mg_for_elements(grid, wanted, [&](mg_i64 k) { out[k] = k < s.count ? s.at(k) : -1; });
}
static constexpr int mg_rank_ordinal = 0, mg_rank_lowest = 1, mg_rank_highest = 2;
template <int Ties, class T>
MG_DEVICE void mg_put_rank(mg_grid grid, const mg_sorted<T>& s, mg_i64* out) {
  mg_for_elements(grid, s.count, [&](mg_i64 k) {
    out[s.at(k)] = Ties == mg_rank_ordinal ? k : Ties == mg_rank_lowest ? s.lowest(k) : s.behind(k) - 1;
  });
}
template <class T>
MG_DEVICE void mg_put_frequency(mg_grid grid, const mg_sorted<T>& s, mg_i64* out) {
  mg_for_elements(grid, s.count, [&](mg_i64 k) { out[s.at(k)] = s.behind(k) - s.lowest(k); });
}
template <class T>
MG_DEVICE void mg_put_is_first(mg_grid grid, const mg_sorted<T>& s, bool* out) {
  mg_for_elements(grid, s.count, [&](mg_i64 k) { out[s.at(k)] = s.lowest(k) == k; });
}

// ---- counts
template <class T>
MG_DEVICE void mg_fill(mg_grid grid, mg_i64 count, T value, T* out) {
  mg_for_elements(grid, count, [&](mg_i64 i) { out[i] = value; });
}
MG_DEVICE void mg_count_one(mg_i64* place, mg_i64 n) { atomicAdd(reinterpret_cast<mg_u64*>(place), mg_u64(n)); }
template <class I>
MG_DEVICE void mg_bincount(mg_grid grid, mg_i64 count, const I* index, mg_i64 places, mg_i64* out) {
  mg_for_elements(grid, count, [&](mg_i64 i) {
    const mg_i64 place = index[i];
    if (place >= 0 && place < places) mg_count_one(out + place, 1);
  });
}

#endif
