// What device text compiled for the CPU and the runtime that runs it agree on. Compiled on both sides: as
// part of the library, and as text in front of every generated kernel, so it includes nothing.
#ifndef MG_SIMT_ABI_H
#define MG_SIMT_ABI_H

struct mg_simt_dim {
  unsigned x, y, z;
};

// The CUDA thread that runs now.
struct mg_simt_thread {
  mg_simt_dim thread_index, block_index, block_size, grid_size;
  unsigned char* shared;  // the block's dynamic shared memory
};

enum mg_simt_collective {
  mg_simt_sync_warp,
  mg_simt_shuffle,  // parameter: the lane whose value is wanted
  mg_simt_ballot,
  mg_simt_match_any,
  mg_simt_match_all,
  mg_simt_reduce_add,
  mg_simt_reduce_min_signed,
  mg_simt_reduce_max_signed,
  mg_simt_reduce_min,
  mg_simt_reduce_max,
  mg_simt_reduce_and,
  mg_simt_reduce_or,
  mg_simt_reduce_xor,
  mg_simt_barrier_plain,  // of the whole block, from here on
  mg_simt_barrier_count,
  mg_simt_barrier_and,
  mg_simt_barrier_or
};

// What the runtime offers to the thread `self`. Every call may run other threads before it returns; `line` is
// the caller's line in the text.
struct mg_simt_api {
  // Waits for all lanes of `mask`; returns what this lane gets.
  unsigned long long (*collect)(mg_simt_thread* self, mg_simt_collective kind, unsigned mask,
                                unsigned long long value, unsigned parameter, int line);
  // Waits for all threads of the block; returns the number (count), conjunction or disjunction of the
  // predicates.
  int (*barrier)(mg_simt_thread* self, mg_simt_collective kind, int predicate, int line);
  // Another thread may run here. `progress` is 0 where this thread only waits for others.
  void (*pause)(mg_simt_thread* self, int progress, int line);
};

#endif
