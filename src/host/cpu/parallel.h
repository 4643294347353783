// Threads (OpenMP) behind one function, so that nothing else knows of them.
#pragma once

#include <cstdint>

namespace monograph::cpu {

/// Threads that a run may use when it asks for `wanted` (0: all that there are).
int thread_count(int wanted);

/// body(context, chunk, thread) for each chunk in [0, chunks), on `threads` threads, whoever is free taking
/// the next.
void parallel_for(int threads, std::int64_t chunks,
                  void (*body)(void* context, std::int64_t chunk, int thread), void* context);

}  // namespace monograph::cpu
