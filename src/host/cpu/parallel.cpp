#include "host/cpu/parallel.h"

#include <omp.h>

namespace monograph::cpu {

int thread_count(int wanted) { return wanted > 0 ? wanted : omp_get_max_threads(); }

void parallel_for(int threads, std::int64_t chunks,
                  void (*body)(void* context, std::int64_t chunk, int thread), void* context) {
#pragma omp parallel for schedule(dynamic, 1) num_threads(threads)
  for (std::int64_t c = 0; c < chunks; ++c) body(context, c, omp_get_thread_num());
}

}  // namespace monograph::cpu
