// How the threads of a launch share the work of a group. A group is a struct with the group's element-wise code as
// members; a schedule knows indices, rows and warps, and nothing of operations. Blocks are whole warps, any grid does.
#ifndef MONOGRAPH_SCHEDULES_CUH
#define MONOGRAPH_SCHEDULES_CUH

typedef long long mg_i64;

#define MG_ALL_LANES 0xffffffffu
// Rows up to this length are one thread's work; longer ones are shared by a warp.
static constexpr mg_i64 mg_thread_row = 32;

__device__ __forceinline__ mg_i64 mg_thread_index() { return mg_i64(blockIdx.x) * blockDim.x + threadIdx.x; }
__device__ __forceinline__ mg_i64 mg_thread_count() { return mg_i64(gridDim.x) * blockDim.x; }

// group.element(i) for every i in [0, n).
template <class Group>
__device__ __forceinline__ void mg_map(mg_i64 n, const Group& group) {
  for (mg_i64 i = mg_thread_index(); i < n; i += mg_thread_count()) group.element(i);
}

template <class T>
__device__ __forceinline__ T mg_from_lane(T value, int lane) {
  return __shfl_sync(MG_ALL_LANES, value, lane);
}
__device__ __forceinline__ bool mg_from_lane(bool value, int lane) {
  return __shfl_sync(MG_ALL_LANES, int(value), lane) != 0;
}

// group.edge(k) of a row's edges k in [first, last) combined in the row shape of shapes.cuh, by one thread: so short a
// row is one segment.
static_assert(mg_thread_row <= mg_row_segment, "a row of one thread is one segment");
template <class M, class R, class Group>
__device__ __forceinline__ R mg_thread_fold(mg_i64 first, mg_i64 last, const Group& group) {
  R total = M::template identity<R>();
  for (mg_i64 k = first; k < last; ++k) total = M::combine(total, R(group.edge(k)));
  return total;
}

// A row of any length by a whole warp: lanes fetch 32 edges at once, then all of them combine the 32 values in edge order,
// so the order of additions, and with it every bit, is that of one thread that takes segment after segment.
template <class M, class R, class Group>
__device__ __forceinline__ R mg_warp_fold(mg_i64 first, mg_i64 last, const Group& group) {
  const int lane = int(threadIdx.x & 31u);
  R total = M::template identity<R>();
  for (mg_i64 begin = first; begin < last; begin += mg_row_segment) {
    const mg_i64 end = begin + mg_row_segment < last ? begin + mg_row_segment : last;
    R part = M::template identity<R>();
    for (mg_i64 k = begin; k < end; k += 32) {
      const R mine = k + lane < end ? R(group.edge(k + lane)) : M::template identity<R>();
      const int count = end - k < 32 ? int(end - k) : 32;
      for (int j = 0; j < count; ++j) part = M::combine(part, mg_from_lane(mine, j));
    }
    total = begin == first ? part : M::combine(total, part);
  }
  return total;
}

// group.row(i, combined, degree) for every row i in [0, n) of a CSR or CSC with n + 1 offsets. Each lane has a row of
// its own; then the warp does the long ones among its 32 together.
template <class M, class R, class Group>
__device__ __forceinline__ void mg_pull_rows(const mg_i64* offsets, mg_i64 n, const Group& group) {
  const mg_i64 lane = threadIdx.x & 31u;
  for (mg_i64 base = mg_thread_index() - lane; base < n; base += mg_thread_count()) {
    const mg_i64 i = base + lane;
    const mg_i64 first = i < n ? offsets[i] : 0, last = i < n ? offsets[i + 1] : 0;
    R value = M::template identity<R>();
    if (last - first <= mg_thread_row) value = mg_thread_fold<M, R>(first, last, group);
    for (unsigned rest = __ballot_sync(MG_ALL_LANES, last - first > mg_thread_row); rest; rest &= rest - 1) {
      const int owner = __ffs(int(rest)) - 1;
      const R shared = mg_warp_fold<M, R>(mg_from_lane(first, owner), mg_from_lane(last, owner), group);
      if (lane == owner) value = shared;
    }
    if (i < n) group.row(i, value, last - first);
  }
}

#endif
