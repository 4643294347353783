// What a run of a plan has besides its groups: which loop goes on, how each one ended, what the host wants and sees of it.
// Needs device_run.cuh before it. No includes: NVRTC compiles this too, and host code sees the same layout.
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
// Nanoseconds of a clock that all processors share.
#ifdef MG_SIMT
inline unsigned long long mg_now() {
  static unsigned long long now = 0;  // each look is due
  return __atomic_add_fetch(&now, MG_LOOK_NS, __ATOMIC_RELAXED);
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
#endif

#endif
