// What decides on a device which loop goes on and which branch is taken: kernels of one thread between the groups of a
// plan. Needs device_run.cuh before it. No includes: NVRTC compiles this too, and host code sees the same layout.
#ifndef MONOGRAPH_CONTROL_CUH
#define MONOGRAPH_CONTROL_CUH

// A scalar of the run: its value stands at the beginning of the cell.
typedef long long mg_cell;

// Groups that run at once: each has a run state of its own, for the room in it.
#define MG_LANES 4

// In the host's memory: what both sides see while a run goes on.
struct mg_watch {
  int stop;         // written by the host: no loop goes on
  long long begun;  // written by the device: the iteration of an outermost loop that it is at
};
// The device looks there that seldom: each look takes as long as a small kernel.
#define MG_LOOK_NS 50000ull

// When a step was done: for those who ask where the time of a run goes.
struct mg_stamp {
  int site;             // the step's number among those that are stamped, plus 1
  long long iteration;  // of the loop that it is in; of a loop: how many it has behind it; -1: in none
  unsigned long long ns;
};

// Written by the host before each launch, read by it afterwards.
struct mg_control {
  mg_device run[MG_LANES];
  long long iterations;       // of the last outermost loop
  int finished;               // its condition ended it, not its limit; 1 without a loop
  int failed_site;            // of the first failed check: its step's number; -1: none
  unsigned long long failed;  // as in mg_device, of that step
  long long failed_index;
  long long stopped;          // the iteration before which the host's wish to stop was seen; -1: it was not
  unsigned long long looked;  // when
  mg_watch* watch;            // null: nobody watches
  mg_cell* moving;            // room for scalars that change all at once
  // Of a loop whose body is there several times: it has ended, and what stands behind the end in the present round does
  // nothing. The loop's number, or 0. Each mg_device of `run` points at it.
  int done;
  int phase;                  // how many of its bodies ran in that round; 0: all
  // The last stamps of the run; null: none are taken.
  mg_stamp* ring;
  unsigned long long ring_rows, stamped;  // its length, and how many were taken
};

// Columns whose memory changes hands in each iteration: what is slot k's next is in the memory of slot k + 1, of the last
// slot's in that of slot 0.
struct mg_cycle {
  long long bytes;
  int length;
  unsigned char* const* place;  // of each slot before the first iteration
};

// What one control kernel works on: scalars by their cells.
struct mg_site {
  int go, most;              // bool, i64: whether to go on, and how often at most
  int iteration;             // i64: the number of the present iteration
  int iterations, finished;  // i64, bool: where a loop leaves how it ended
  int outermost;             // and whether the run reports that
  int number, lane;          // of a step with checks
  int moves;                 // how many
  const int* move;           // pairs (to, from), all at once
  int loop;                  // the loop's number in mg_control::done; 0: it never says so
  int phase;                 // when the loop ends here
  int stamp;                 // as mg_stamp::site; 0: it takes none
  int cycles;                // how many
  const mg_cycle* cycle;
  // A column that is copied.
  unsigned char* to;
  const unsigned char* from;
  long long bytes;
};

#if defined(__CUDACC__) || defined(MG_SIMT)
#if defined(MG_SIMT) || defined(MG_CONDITIONS_IN_MEMORY)
// The handle is the address of the condition.
__device__ __forceinline__ void mg_set_condition(unsigned long long handle, unsigned value) {
  if (handle) *(volatile unsigned*)handle = value;
}
#else
#ifdef __CUDACC_RTC__
extern "C" __device__ void cudaGraphSetConditional(unsigned long long handle, unsigned value);
#endif
// No handle: what it would decide is known.
__device__ __forceinline__ void mg_set_condition(unsigned long long handle, unsigned value) {
  if (handle) cudaGraphSetConditional(handle, value);
}
#endif

// Nanoseconds of a clock that all processors share.
#ifdef MG_SIMT
inline unsigned long long mg_now() {
  static thread_local unsigned long long now = 0;  // each look is due
  return now += MG_LOOK_NS;
}
#else
__device__ __forceinline__ unsigned long long mg_now() {
  unsigned long long now;
  asm volatile("mov.u64 %0, %%globaltimer;" : "=l"(now));
  return now;
}
#endif

// Tells the host where the run is, and whether it wants it to stop.
__device__ __forceinline__ bool mg_told_to_stop(mg_control* control, const mg_site* site, long long iteration) {
  if (!control->watch) return false;
  const unsigned long long now = mg_now();
  if (now - control->looked < MG_LOOK_NS) return false;
  control->looked = now;
  volatile mg_watch* const watch = control->watch;
  if (site->outermost) watch->begun = iteration;
  return watch->stop != 0;
}

__device__ __forceinline__ void mg_take_stamp(mg_control* control, int site, long long iteration) {
  if (site == 0) return;
  mg_stamp* const stamp = control->ring + atomicAdd(&control->stamped, 1ull) % control->ring_rows;
  stamp->site = site, stamp->iteration = iteration, stamp->ns = mg_now();
}

__device__ __forceinline__ bool mg_cell_bool(const mg_cell* cell) { return *(const unsigned char*)cell != 0; }

__device__ __forceinline__ void mg_move_cells(mg_control* control, mg_cell* cells, const mg_site* site) {
  for (int k = 0; k < site->moves; ++k) control->moving[k] = cells[site->move[2 * k + 1]];
  for (int k = 0; k < site->moves; ++k) cells[site->move[2 * k]] = control->moving[k];
}

// Whether the body runs (again); else what the loop leaves. A failed check ends every loop, and so does the host.
__device__ __forceinline__ void mg_decide(mg_control* control, mg_cell* cells, const mg_site* site, bool go,
                                          long long iteration, unsigned long long handle) {
  bool again = go && iteration < cells[site->most] && control->failed_site < 0 && control->stopped < 0;
  if (again && mg_told_to_stop(control, site, iteration)) control->stopped = iteration, again = false;
  mg_set_condition(handle, again);
  mg_take_stamp(control, site->stamp, iteration);
  cells[site->iteration] = iteration;
  if (again) return;
  cells[site->iterations] = iteration;
  *(unsigned char*)(cells + site->finished) = !go;
  if (site->outermost) control->iterations = iteration, control->finished = !go;
  control->done = site->loop, control->phase = site->phase;
}

// Before a loop. In a round that is over it does not begin.
extern "C" __global__ void mg_control_enter(mg_control* control, mg_cell* cells, const mg_site* site,
                                            unsigned long long handle) {
  if (control->done) return mg_set_condition(handle, 0);
  const bool go = mg_cell_bool(cells + site->go);
  mg_move_cells(control, cells, site);
  mg_decide(control, cells, site, go, 0, handle);
}
MG_KERNEL_ENTRY(mg_control_enter)

// The last kernel of a loop's body. The condition is set in any case: where an earlier body of the round ended the loop,
// this must not leave it open.
extern "C" __global__ void mg_control_next(mg_control* control, mg_cell* cells, const mg_site* site,
                                           unsigned long long handle) {
  if (control->done) return mg_set_condition(handle, 0);
  const bool go = mg_cell_bool(cells + site->go);
  mg_move_cells(control, cells, site);
  mg_decide(control, cells, site, go, cells[site->iteration] + 1, handle);
}
MG_KERNEL_ENTRY(mg_control_next)

// After a loop that says when it is done: what stands behind it runs again.
extern "C" __global__ void mg_control_leave(mg_control* control, mg_cell*, const mg_site* site, unsigned long long) {
  if (control->done == site->loop) control->done = 0;
}
MG_KERNEL_ENTRY(mg_control_leave)

// Before a branch.
extern "C" __global__ void mg_control_branch(mg_control* control, mg_cell* cells, const mg_site* site,
                                             unsigned long long handle) {
  mg_set_condition(handle, !control->done && mg_cell_bool(cells + site->go));
}
MG_KERNEL_ENTRY(mg_control_branch)

// At the end of a branch.
extern "C" __global__ void mg_control_move(mg_control* control, mg_cell* cells, const mg_site* site,
                                           unsigned long long) {
  if (!control->done) mg_move_cells(control, cells, site);
}
MG_KERNEL_ENTRY(mg_control_move)

// After a step with checks: the first that fails is the one that is reported, with the iterations around it.
extern "C" __global__ void mg_control_note(mg_control* control, mg_cell* cells, const mg_site* site,
                                           unsigned long long) {
  const mg_device& run = control->run[site->lane];
  if (run.failed == ~0ull || control->failed_site >= 0 || control->done) return;
  control->failed_site = site->number;
  control->failed = run.failed, control->failed_index = run.failed_index;
  mg_move_cells(control, cells, site);
}
MG_KERNEL_ENTRY(mg_control_note)

// After a step.
extern "C" __global__ void mg_control_stamp(mg_control* control, mg_cell* cells, const mg_site* site,
                                            unsigned long long) {
  if (!control->done) mg_take_stamp(control, site->stamp, site->iteration < 0 ? -1 : cells[site->iteration]);
}
MG_KERNEL_ENTRY(mg_control_stamp)

// ---- columns, by any number of blocks
// each(word) for this thread's words of so many bytes, then each(byte) for those at the end that fill none.
template <class Word, class Byte>
__device__ __forceinline__ void mg_for_bytes(long long bytes, const Word& word, const Byte& byte) {
  const long long first = (long long)blockIdx.x * blockDim.x + threadIdx.x, step = (long long)gridDim.x * blockDim.x;
  const long long words = bytes / 8;
  for (long long i = first; i < words; i += step) word(i);
  for (long long i = 8 * words + first; i < bytes; i += step) byte(i);
}

// A copy where a copy node would not ask whether the round is over.
extern "C" __global__ void mg_control_copy(mg_control* control, mg_cell*, const mg_site* site, unsigned long long) {
  if (control->done) return;
  unsigned char* const to = site->to;
  const unsigned char* const from = site->from;
  mg_for_bytes(
      site->bytes, [&](long long i) { ((unsigned long long*)to)[i] = ((const unsigned long long*)from)[i]; },
      [&](long long i) { to[i] = from[i]; });
}
MG_KERNEL_ENTRY(mg_control_copy)

// Element i of all columns of a cycle, back to the memory of their slots after `phase` iterations.
template <class T>
__device__ __forceinline__ void mg_turn_back(const mg_cycle& cycle, int phase, long long i) {
  int circles = cycle.length;  // as many as the greatest common divisor of the two says
  for (int rest = phase; rest != 0;) {
    const int next = circles % rest;
    circles = rest, rest = next;
  }
  for (int first = 0; first < circles; ++first) {
    const T kept = ((const T*)cycle.place[first])[i];
    int at = first;
    for (int from = (at + phase) % cycle.length; from != first; from = (at + phase) % cycle.length) {
      ((T*)cycle.place[at])[i] = ((const T*)cycle.place[from])[i];
      at = from;
    }
    ((T*)cycle.place[at])[i] = kept;
  }
}
// After a loop whose columns take turns, where it ended within a round. Before mg_control_leave.
extern "C" __global__ void mg_control_settle(mg_control* control, mg_cell*, const mg_site* site, unsigned long long) {
  if (control->done != site->loop) return;
  for (int k = 0; k < site->cycles; ++k) {
    const mg_cycle cycle = site->cycle[k];
    const int phase = control->phase % cycle.length;
    if (phase == 0) continue;
    mg_for_bytes(
        cycle.bytes, [&](long long i) { mg_turn_back<unsigned long long>(cycle, phase, i); },
        [&](long long i) { mg_turn_back<unsigned char>(cycle, phase, i); });
  }
}
MG_KERNEL_ENTRY(mg_control_settle)
#endif

#endif
