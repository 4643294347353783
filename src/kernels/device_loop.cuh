// A whole loop of a plan as one kernel: what it finds in device memory, and what it moves.
// No includes: NVRTC compiles this too, and host code sees the same layout. Needs device_run.cuh, control.cuh and
// grid_barrier.cuh before it, on the device also schedules.cuh.
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
  // Of a loop that stands in a CUDA graph: the run that it is part of, and of its site there where its failures are noted
  // (`number`, `move`) and whether it is an `outermost` one. Else null: nobody watches.
  mg_control* control;
  const mg_site* site;
  // The host wants the run to stop: seen in iteration `stopped`; obeyed by all blocks when they look for the `stop_at`-th
  // time. All ones before each launch.
  unsigned long long stop_at;
  long long stopped;
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

// Does the loop begin? Not where a check failed before it, or the run is stopped, or its round is over. No block changes
// that before all have asked.
MG_DEVICE bool mg_loop_begins(const mg_loop* loop) {
  const mg_control* const control = loop->control;
  return !control || (control->failed_site < 0 && control->stopped < 0 && !control->done);
}
// Before a barrier of the grid. What the host wants is said to all blocks here, for their next look: one that has not read
// `stop_at` after the barrier before, and reads it late, must do as the others did.
MG_DEVICE void mg_look(mg_loop* loop, mg_grid grid, mg_i64 outer, mg_i64 iteration, mg_u64 look) {
  if (grid.block != 0 || threadIdx.x != 0 || !loop->control || loop->stop_at != ~0ull) return;
  if (mg_told_to_stop(loop->control, loop->site, outer)) loop->stop_at = look + 1, loop->stopped = iteration;
}
// In an iteration without a barrier: now and then there is one, so that the host is heard. True: the run ends.
MG_DEVICE bool mg_pause(mg_loop* loop, mg_grid grid, mg_i64 outer, mg_i64 iteration, mg_u64& looks) {
  if (iteration % 256 != 0 || !loop->control) return false;
  mg_look(loop, grid, outer, iteration, ++looks);
  mg_grid_barrier(&loop->barrier, grid);
  return looks >= loop->stop_at;
}
// A check of a scalar failed, which all blocks see: in a barrier, while all wait.
template <class... Iterations>
MG_DEVICE void mg_fail_scalar(mg_loop* loop, int block, int step, int depth, Iterations... iterations) {
  loop->lanes[0].failed = 0, loop->lanes[0].failed_index = 0;
  mg_note(loop, block, step, 0, depth, iterations...);
}
// At the end, by one thread: what the run has to know.
MG_DEVICE void mg_leave_loop(mg_loop* loop) {
  mg_control* const control = loop->control;
  if (!control) return;
  if (loop->stop_at != ~0ull) control->stopped = loop->stopped;
  if (loop->failed_block >= 0) {
    const mg_device& lane = loop->lanes[loop->failed_lane];
    control->failed_site = loop->site->number;
    control->failed = lane.failed, control->failed_index = lane.failed_index;
    mg_move_cells(control, reinterpret_cast<mg_cell*>(loop->scalars), loop->site);
  } else if (loop->site->outermost) {
    control->iterations = loop->iterations, control->finished = loop->finished;
  }
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
