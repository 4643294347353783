// A barrier of all blocks of a launch, which must all be resident at once: a cooperative launch, or one block.
//
// What makes it one, step by step:
//   1  A block arrives with thread 0, after a block barrier: what its threads stored before happens before that thread's fence.
//   2  The generation is read before arriving. It changes only when all blocks have arrived, so it is the present one.
//   3  Fence, then arrive: the release of a block. All arrivals are read-modify-writes of one word: a release sequence.
//   4  The last to arrive fences, and so has acquired what every block released. It alone runs `publish`: all others wait.
//   5  It resets the count before it opens the next generation: whoever arrives there finds 0.
//   6  Others read the generation past the first cache until it differs, then fence: the acquire. A second block barrier
//      passes that on to the other threads. Loads after it are ordinary loads; only what is read through the cache that is not
//      coherent (mg_ld_static) must never be written in this launch.
// Generations wrap around after 2^32 barriers; a block is never more than one behind.
// Host code sees the layout; needs schedules.cuh before it on the device.
#ifndef MONOGRAPH_GRID_BARRIER_CUH
#define MONOGRAPH_GRID_BARRIER_CUH

// Zeros at first; `arrived` is 0 again after each barrier.
struct mg_barrier {
  unsigned arrived, generation;
};

#if defined(__CUDACC__) || defined(MG_SIMT)
#if defined(__CUDA_ARCH__)
MG_DEVICE unsigned mg_ld_relaxed(const unsigned* place) {
  unsigned value;
  asm volatile("ld.relaxed.gpu.global.u32 %0, [%1];" : "=r"(value) : "l"(place) : "memory");
  return value;
}
#else
MG_DEVICE unsigned mg_ld_relaxed(const unsigned* place) { return __ldcv(place); }
#endif

// By all threads of all blocks. `publish` runs once, by one thread, when all have arrived and none has gone on.
template <class Publish>
MG_DEVICE void mg_grid_barrier(mg_barrier* barrier, mg_grid grid, const Publish& publish) {
  __syncthreads();
  if (threadIdx.x == 0) {
    if (grid.blocks == 1) {
      publish();
    } else {
      const unsigned generation = mg_ld_relaxed(&barrier->generation);
      __threadfence();
      if (atomicAdd(&barrier->arrived, 1u) == grid.blocks - 1) {
        __threadfence();
        publish();
        barrier->arrived = 0;
        __threadfence();
        atomicExch(&barrier->generation, generation + 1);
      } else {
        while (mg_ld_relaxed(&barrier->generation) == generation) __nanosleep(20);
        __threadfence();
      }
    }
  }
  __syncthreads();
}
MG_DEVICE void mg_grid_barrier(mg_barrier* barrier, mg_grid grid) {
  mg_grid_barrier(barrier, grid, [] {});
}
#endif

#endif
