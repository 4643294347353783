// What decides on a device which loop goes on and which branch is taken: kernels of one thread between the groups of a
// plan. Needs device_run.cuh before it. No includes: NVRTC compiles this too, and host code sees the same layout.
#ifndef MONOGRAPH_CONTROL_CUH
#define MONOGRAPH_CONTROL_CUH

// A scalar of the run: its value stands at the beginning of the cell.
typedef long long mg_cell;

// Groups that run at once: each has a run state of its own, for the room in it.
#define MG_LANES 4

// Written by the host before each launch, read by it afterwards.
struct mg_control {
  mg_device run[MG_LANES];
  long long iterations;       // of the last outermost loop
  int finished;               // its condition ended it, not its limit; 1 without a loop
  int failed_site;            // of the first failed check: its group's number; -1: none
  unsigned long long failed;  // as in mg_device, of that group
  mg_cell* moving;            // room for scalars that change all at once
};

// What one control kernel works on: scalars by their cells.
struct mg_site {
  int go, most;              // bool, i64: whether to go on, and how often at most
  int iteration;             // i64: the number of the present iteration
  int iterations, finished;  // i64, bool: where a loop leaves how it ended
  int outermost;             // and whether the run reports that
  int number, lane;          // of a group with checks
  int moves;                 // how many
  const int* move;           // pairs (to, from), all at once
};

#if defined(__CUDACC__) || defined(MG_SIMT)
#ifdef MG_SIMT
// The handle is the address of the condition.
inline void mg_set_condition(unsigned long long handle, unsigned value) { *(unsigned*)handle = value; }
#else
#ifdef __CUDACC_RTC__
extern "C" __device__ void cudaGraphSetConditional(unsigned long long handle, unsigned value);
#endif
__device__ __forceinline__ void mg_set_condition(unsigned long long handle, unsigned value) {
  cudaGraphSetConditional(handle, value);
}
#endif

__device__ __forceinline__ bool mg_cell_bool(const mg_cell* cell) { return *(const unsigned char*)cell != 0; }

__device__ __forceinline__ void mg_move_cells(mg_control* control, mg_cell* cells, const mg_site* site) {
  for (int k = 0; k < site->moves; ++k) control->moving[k] = cells[site->move[2 * k + 1]];
  for (int k = 0; k < site->moves; ++k) cells[site->move[2 * k]] = control->moving[k];
}

// Whether the body runs (again); else what the loop leaves. A failed check ends every loop.
__device__ __forceinline__ void mg_decide(mg_control* control, mg_cell* cells, const mg_site* site, bool go,
                                          long long iteration, unsigned long long handle) {
  const bool again = go && iteration < cells[site->most] && control->failed_site < 0;
  mg_set_condition(handle, again);
  cells[site->iteration] = iteration;
  if (again) return;
  cells[site->iterations] = iteration;
  *(unsigned char*)(cells + site->finished) = !go;
  if (site->outermost) control->iterations = iteration, control->finished = !go;
}

// Before a loop.
extern "C" __global__ void mg_control_enter(mg_control* control, mg_cell* cells, const mg_site* site,
                                            unsigned long long handle) {
  const bool go = mg_cell_bool(cells + site->go);
  mg_move_cells(control, cells, site);
  mg_decide(control, cells, site, go, 0, handle);
}
MG_KERNEL_ENTRY(mg_control_enter)

// The last kernel of a loop's body.
extern "C" __global__ void mg_control_next(mg_control* control, mg_cell* cells, const mg_site* site,
                                           unsigned long long handle) {
  const bool go = mg_cell_bool(cells + site->go);
  mg_move_cells(control, cells, site);
  mg_decide(control, cells, site, go, cells[site->iteration] + 1, handle);
}
MG_KERNEL_ENTRY(mg_control_next)

// Before a branch.
extern "C" __global__ void mg_control_branch(mg_control*, mg_cell* cells, const mg_site* site,
                                             unsigned long long handle) {
  mg_set_condition(handle, mg_cell_bool(cells + site->go));
}
MG_KERNEL_ENTRY(mg_control_branch)

// At the end of a branch.
extern "C" __global__ void mg_control_move(mg_control* control, mg_cell* cells, const mg_site* site,
                                           unsigned long long) {
  mg_move_cells(control, cells, site);
}
MG_KERNEL_ENTRY(mg_control_move)

// After a group with checks: the first that fails is the one that is reported.
extern "C" __global__ void mg_control_note(mg_control* control, mg_cell*, const mg_site* site, unsigned long long) {
  const unsigned long long failed = control->run[site->lane].failed;
  if (failed == ~0ull || control->failed_site >= 0) return;
  control->failed_site = site->number;
  control->failed = failed;
}
MG_KERNEL_ENTRY(mg_control_note)
#endif

#endif
