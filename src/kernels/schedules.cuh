// How the threads of a block share rows of neighbours. What an edge contributes is a function edge(side, row, k) of the
// direction's row arrays, the row and the edge's position in them; a schedule knows rows and warps, and nothing of operations.
// A stage is a function of a virtual block (mg_grid), so that the same text is a kernel of its own and a part of a kernel that
// runs a whole loop.
// Each lane of a warp has a row of its own (`here`: or none), and does it alone when it is short; the long ones among the 32
// are done by all lanes together, one after another. So whole warps call these, with all their lanes.
// Needs device_prelude.cuh, scalar_math.cuh, shapes.cuh, values.cuh, candidates.cuh and device_run.cuh before it.
#ifndef MONOGRAPH_SCHEDULES_CUH
#define MONOGRAPH_SCHEDULES_CUH

#define MG_DEVICE __device__ __forceinline__
#define MG_ALL_LANES 0xffffffffu
static constexpr int mg_block_threads = 256;

MG_DEVICE int mg_lane() { return int(threadIdx.x & 31u); }
MG_DEVICE int mg_warp() { return int(threadIdx.x / 32u); }

// The block that a stage runs as, and how many there are of it: any number is right.
struct mg_grid {
  unsigned block, blocks;
};
// Nothing is left to do for the kernel: the same for all its threads.
MG_DEVICE bool mg_done(const mg_device* run) { return run->done && *run->done != 0; }

// ---- loads of columns: `static` what no thread of this launch writes, `state` what it may. What is static may come through
// the cache that is not coherent; and the compiler may load it once, or never.
#if defined(__CUDA_ARCH__)
#define MG_LOAD_STATIC(T, word, instruction, constraint)                              \
  MG_DEVICE T mg_ld_static(const T* place) {                                          \
    word value;                                                                       \
    asm("ld.global.nc." instruction " %0, [%1];" : "=" constraint(value) : "l"(place)); \
    return T(value);                                                                  \
  }
MG_LOAD_STATIC(bool, unsigned, "u8", "r")
MG_LOAD_STATIC(int, int, "s32", "r")
MG_LOAD_STATIC(mg_i64, mg_i64, "s64", "l")
MG_LOAD_STATIC(float, float, "f32", "f")
MG_LOAD_STATIC(double, double, "f64", "d")
#undef MG_LOAD_STATIC
#else
template <class T>
MG_DEVICE T mg_ld_static(const T* place) {
  return *place;
}
#endif
template <class T>
MG_DEVICE T mg_ld_state(const T* place) {
  return *place;
}
// Element i of a stage's argument: static where its bit of `Static` is set.
template <mg_u64 Static, int Argument, class T>
MG_DEVICE T mg_load(const T* column, mg_i64 i) {
  if constexpr (Argument < 64 && (Static >> (Argument & 63) & 1u) != 0) return mg_ld_static(column + i);
  else return mg_ld_state(column + i);
}
// The graph is never written.
MG_DEVICE int mg_neighbor(const mg_device_rows& side, mg_i64 k) { return mg_ld_static(side.neighbors + k); }
MG_DEVICE mg_i64 mg_edge(const mg_device_rows& side, mg_i64 k) { return side.edges ? mg_ld_static(side.edges + k) : k; }

template <class T>
MG_DEVICE T mg_from_lane(T value, int lane) {
  return __shfl_sync(MG_ALL_LANES, value, lane);
}
MG_DEVICE bool mg_from_lane(bool value, int lane) { return __shfl_sync(MG_ALL_LANES, int(value), lane) != 0; }

template <class T>
MG_DEVICE T mg_scalar(const mg_value* place) {
  mg_value value = *place;
  return mg_get<T>(value);
}
template <class T>
MG_DEVICE void mg_set_scalar(mg_value* place, T value) {
  mg_get<T>(*place) = value;
}

struct mg_extent {
  mg_i64 first, last;
  MG_FN mg_i64 length() const { return last - first; }
};
MG_DEVICE mg_extent mg_extent_of(const mg_device_rows& side, mg_i64 row, bool here) {
  if (!here) return {0, 0};
  return {mg_ld_static(side.offsets + row), mg_ld_static(side.offsets + row + 1)};
}
MG_DEVICE mg_extent mg_from_lane(mg_extent e, int lane) {
  return {mg_from_lane(e.first, lane), mg_from_lane(e.last, lane)};
}

// each(owner lane) for every lane in whose row the whole warp has to help; by all lanes.
template <class Each>
MG_DEVICE void mg_for_shared_rows(bool shared, const Each& each) {
  for (unsigned rest = __ballot_sync(MG_ALL_LANES, shared); rest; rest &= rest - 1) each(__ffs(int(rest)) - 1);
}

// ---- folds, in the row shape of shapes.cuh
static_assert(mg_thread_row <= mg_row_segment, "a row of one thread is one segment");
template <class M, class T, class Edge>
MG_DEVICE T mg_thread_fold(const mg_device_rows& side, mg_i64 row, mg_extent e, const Edge& edge) {
  T total = M::template identity<T>();
  for (mg_i64 k = e.first; k < e.last; ++k) total = M::combine(total, T(edge(side, row, k)));
  return total;
}

// Lanes fetch 32 edges at once, then all of them combine the 32 values in edge order, so the order of additions, and with
// it every bit, is that of one thread that takes segment after segment.
template <class M, class T, class Edge>
MG_DEVICE T mg_warp_fold(const mg_device_rows& side, mg_i64 row, mg_extent e, const Edge& edge) {
  T total = M::template identity<T>();
  for (mg_i64 begin = e.first; begin < e.last; begin += mg_row_segment) {
    const mg_i64 end = begin + mg_row_segment < e.last ? begin + mg_row_segment : e.last;
    T part = M::template identity<T>();
    for (mg_i64 k = begin; k < end; k += 32) {
      const T mine = k + mg_lane() < end ? T(edge(side, row, k + mg_lane())) : M::template identity<T>();
      const int count = end - k < 32 ? int(end - k) : 32;
      for (int j = 0; j < count; ++j) part = M::combine(part, mg_from_lane(mine, j));
    }
    total = begin == e.first ? part : M::combine(total, part);
  }
  return total;
}

// What is the same in any order: each lane combines its edges, then the lanes do. In all lanes.
template <class M, class T, class Edge>
MG_DEVICE T mg_warp_combine(const mg_device_rows& side, mg_i64 row, mg_extent e, const Edge& edge) {
  T mine = M::template identity<T>();
  for (mg_i64 k = e.first + mg_lane(); k < e.last; k += 32) mine = M::combine(mine, T(edge(side, row, k)));
  for (int bit = 16; bit > 0; bit /= 2) mine = M::combine(mine, mg_from_lane(mine, mg_lane() ^ bit));
  return mine;
}
// Ordered: sums and products of floats.
template <class M, class T, bool Ordered, class Edge>
MG_DEVICE T mg_warp_row(const mg_device_rows& side, mg_i64 row, mg_extent e, const Edge& edge) {
  if constexpr (Ordered) return mg_warp_fold<M, T>(side, row, e, edge);
  else return mg_warp_combine<M, T>(side, row, e, edge);
}

template <class M, class T, bool Ordered = true, class Edge>
MG_DEVICE T mg_fold_rows(const mg_device_rows& side, mg_i64 row, bool here, const Edge& edge) {
  const mg_extent mine = mg_extent_of(side, row, here);
  const bool shared = mine.length() > mg_thread_row;
  T total = M::template identity<T>();
  if (!shared) total = mg_thread_fold<M, T>(side, row, mine, edge);
  mg_for_shared_rows(shared, [&](int owner) {
    const T value = mg_warp_row<M, T, Ordered>(side, mg_from_lane(row, owner), mg_from_lane(mine, owner), edge);
    if (mg_lane() == owner) total = value;
  });
  return total;
}

// ---- folds that the first edge decides, in the order of the row, that does not yield the identity (plan/early_exit.h): what
// stands behind it is not looked at. By a thread, or 32 edges at a time.
template <class M, class T, class Edge>
MG_DEVICE T mg_thread_first(const mg_device_rows& side, mg_i64 row, mg_extent e, const Edge& edge) {
  const T nothing = M::template identity<T>();
  for (mg_i64 k = e.first; k < e.last; ++k) {
    const T value = T(edge(side, row, k));
    if (value != nothing) return value;
  }
  return nothing;
}
// In all lanes.
template <class M, class T, class Edge>
MG_DEVICE T mg_warp_first(const mg_device_rows& side, mg_i64 row, mg_extent e, const Edge& edge) {
  const T nothing = M::template identity<T>();
  for (mg_i64 begin = e.first; begin < e.last; begin += 32) {
    const mg_i64 k = begin + mg_lane();
    const T mine = k < e.last ? T(edge(side, row, k)) : nothing;
    const unsigned found = __ballot_sync(MG_ALL_LANES, mine != nothing);
    if (found != 0) return mg_from_lane(mine, __ffs(int(found)) - 1);
  }
  return nothing;
}
template <class M, class T, class Edge>
MG_DEVICE T mg_first_rows(const mg_device_rows& side, mg_i64 row, bool here, const Edge& edge) {
  const mg_extent mine = mg_extent_of(side, row, here);
  const bool shared = mine.length() > mg_thread_row;
  T total = M::template identity<T>();
  if (!shared) total = mg_thread_first<M, T>(side, row, mine, edge);
  mg_for_shared_rows(shared, [&](int owner) {
    const T value = mg_warp_first<M, T>(side, mg_from_lane(row, owner), mg_from_lane(mine, owner), edge);
    if (mg_lane() == owner) total = value;
  });
  return total;
}

// ---- extremes
template <bool Smallest, class T>
MG_DEVICE mg_extreme<Smallest, T> mg_from_lane(const mg_extreme<Smallest, T>& e, int lane) {
  mg_extreme<Smallest, T> other;
  other.value = mg_from_lane(e.value, lane), other.index = mg_from_lane(e.index, lane);
  return other;
}

// The best of the edges, as their neighbours; in all lanes.
template <bool Smallest, class T, class Edge>
MG_DEVICE mg_extreme<Smallest, T> mg_warp_extreme(const mg_device_rows& side, mg_i64 row, mg_extent e, const Edge& edge) {
  mg_extreme<Smallest, T> part;
  for (mg_i64 k = e.first + mg_lane(); k < e.last; k += 32) part.offer(edge(side, row, k), mg_neighbor(side, k));
  for (int bit = 16; bit > 0; bit /= 2) part.offer(mg_from_lane(part, mg_lane() ^ bit));
  return part;
}
// Offers every edge of the row, as its neighbour.
template <bool Smallest, class T, class Edge>
MG_DEVICE void mg_arg_rows(const mg_device_rows& side, mg_i64 row, bool here, const Edge& edge,
                           mg_extreme<Smallest, T>& best) {
  const mg_extent mine = mg_extent_of(side, row, here);
  const bool shared = mine.length() > mg_thread_row;
  if (!shared)
    for (mg_i64 k = mine.first; k < mine.last; ++k) best.offer(edge(side, row, k), mg_neighbor(side, k));
  mg_for_shared_rows(shared, [&](int owner) {
    const mg_extreme<Smallest, T> part =
        mg_warp_extreme<Smallest, T>(side, mg_from_lane(row, owner), mg_from_lane(mine, owner), edge);
    if (mg_lane() == owner) best.offer(part);
  });
}

// ---- edges and checks
// The source of the edge at CSR position `e`, by the offsets of the rows that leave the nodes.
MG_DEVICE int mg_edge_source(const mg_device_rows& out, mg_i64 nodes, mg_i64 e) {
  mg_i64 low = 0, high = nodes;  // offsets[low] <= e < offsets[high]
  while (high - low > 1) {
    const mg_i64 middle = low + (high - low) / 2;
    if (mg_ld_static(out.offsets + middle) <= e) low = middle;
    else high = middle;
  }
  return int(low);
}

// The least note stays, with its index. Rare, so a lock does.
MG_DEVICE void mg_report(mg_device* run, const mg_failure& failed) {
  if (failed.note == ~0ull) return;
  while (atomicCAS(&run->reporting, 0, 1) != 0) {
  }
  __threadfence();
  if (failed.note < __ldcg(&run->failed)) run->failed = failed.note, run->failed_index = failed.index;
  __threadfence();
  atomicExch(&run->reporting, 0);
}

#endif
