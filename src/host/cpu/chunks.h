// Ranges of elements for threads, without allocation.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>

#include "host/cpu/parallel.h"

namespace monograph::cpu {

/// Below this, one thread is done before a second has woken up.
inline constexpr std::int64_t kSmallest = 16384;

/// One per thread where there is enough to do.
inline std::int64_t chunk_count(int threads, std::int64_t count) {
  return count < kSmallest ? 1 : std::min<std::int64_t>(threads, count);
}

/// body(chunk, begin, end) for each of chunk_count(threads, count) ranges, in ascending order of elements.
template <class Body>
void for_chunks(int threads, std::int64_t count, const Body& body) {
  const std::int64_t chunks = chunk_count(threads, count);
  if (chunks == 1) return body(0, 0, count);
  struct Call {
    const Body* body;
    std::int64_t count, chunks;
  } call{&body, count, chunks};
  parallel_for(
      threads, chunks,
      [](void* context, std::int64_t chunk, int) {
        const Call& c = *static_cast<const Call*>(context);
        (*c.body)(chunk, c.count * chunk / c.chunks, c.count * (chunk + 1) / c.chunks);
      },
      &call);
}

/// body(thread, begin, end) for pieces of `size` elements, whoever is free taking the next: for work that is
/// uneven.
template <class Body>
void for_pieces(int threads, std::int64_t count, std::int64_t size, const Body& body) {
  const std::int64_t pieces = (count + size - 1) / size;
  if (threads == 1 || pieces <= 1) return body(0, std::int64_t{0}, count);
  struct Call {
    const Body* body;
    std::int64_t count, size;
  } call{&body, count, size};
  parallel_for(
      threads, pieces,
      [](void* context, std::int64_t piece, int thread) {
        const Call& c = *static_cast<const Call*>(context);
        (*c.body)(thread, piece * c.size, std::min(c.count, (piece + 1) * c.size));
      },
      &call);
}

}  // namespace monograph::cpu
