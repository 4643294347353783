// A whole loop of a plan as one kernel: what it finds in device memory, and what it moves.
// No includes: NVRTC compiles this too, and host code sees the same layout. Needs device_run.cuh and grid_barrier.cuh before
// it, on the device also schedules.cuh.
#ifndef MONOGRAPH_DEVICE_LOOP_CUH
#define MONOGRAPH_DEVICE_LOOP_CUH

// Loops inside of each other that one kernel runs.
#define MG_LOOP_DEPTH 8

// Written by the host before each launch, read by it afterwards.
struct mg_loop {
  mg_device* lanes;     // run states with room of their own: so many groups of a wave run without waiting for each other
  int lane_count;
  union mg_value* scalars;     // by slot; those that the loop writes have their last values afterwards
  void** columns;       // by slot; every column is at its place again afterwards
  mg_barrier barrier;   // zeros
  long long iterations; // of the loop itself, not of those inside
  int finished;         // its condition ended it, not its limit
  // The group with the check that failed, by block and step of the plan; block -1 before each launch, and where none did.
  // What failed is in its lane; `iteration` has the numbers of the iterations, from the outermost loop, `depth` of them.
  int failed_block, failed_step, failed_lane, depth;
  long long iteration[MG_LOOP_DEPTH];
};

#if defined(__CUDACC__) || defined(MG_SIMT)
MG_DEVICE mg_i64 mg_first_of(mg_grid grid) { return mg_i64(grid.block) * mg_block_threads + threadIdx.x; }
MG_DEVICE mg_i64 mg_stride_of(mg_grid grid) { return mg_i64(grid.blocks) * mg_block_threads; }

// In a barrier, while all wait: has the group that ran on the lane failed a check? It is one of `iterations`, from the
// outermost loop.
template <class... Iterations>
MG_DEVICE void mg_note(mg_loop* loop, int block, int step, int lane, int depth, Iterations... iterations) {
  if (loop->lanes[lane].failed == ~0ull) return;
  const mg_i64 all[] = {iterations...};
  for (int d = 0; d < depth; ++d) loop->iteration[d] = all[d];
  loop->failed_block = block, loop->failed_step = step, loop->failed_lane = lane, loop->depth = depth;
}

// By all threads of all blocks; others see it after a barrier of the grid.
template <class T>
MG_DEVICE void mg_copy_column(mg_grid grid, void* to, const void* from, mg_i64 n) {
  for (mg_i64 i = mg_first_of(grid); i < n; i += mg_stride_of(grid))
    static_cast<T*>(to)[i] = static_cast<const T*>(from)[i];
}
// Columns that have exchanged their memory go back to their places: each element by one thread, which reads all before it
// writes any.
template <class T, int N>
MG_DEVICE void mg_bring_home(mg_grid grid, mg_i64 n, void* const (&home)[N], void* const (&now)[N]) {
  bool away = false;
  for (int k = 0; k < N; ++k) away = away || home[k] != now[k];
  if (!away) return;
  for (mg_i64 i = mg_first_of(grid); i < n; i += mg_stride_of(grid)) {
    T value[N];
    for (int k = 0; k < N; ++k) value[k] = static_cast<const T*>(now[k])[i];
    for (int k = 0; k < N; ++k) static_cast<T*>(home[k])[i] = value[k];
  }
}
#endif

#endif
