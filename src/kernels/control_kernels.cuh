// What decides on a device which loop goes on and which branch is taken: kernels of one thread between the groups of a
// plan. Needs control.cuh before it.
#ifndef MONOGRAPH_CONTROL_KERNELS_CUH
#define MONOGRAPH_CONTROL_KERNELS_CUH

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
