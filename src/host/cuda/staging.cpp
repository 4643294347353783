#include "host/cuda/staging.h"

#include <algorithm>
#include <cstring>

#include "host/base/ranges.h"

namespace monograph::cuda {
namespace {

std::byte* at(void* base, std::size_t offset) { return static_cast<std::byte*>(base) + offset; }
const std::byte* at(const void* base, std::size_t offset) {
  return static_cast<const std::byte*>(base) + offset;
}

}  // namespace

void Staging::open() {
  MONOGRAPH_CUDA(runtime_, set_device(device_));  // whichever thread this is
  for (Half& half : halves_) {
    if (!half.stream) half.stream = make_stream(runtime_);
    if (!half.memory) half.memory = allocate_pinned(runtime_, piece_, "staging");
  }
}

/// After a failure, copies may still be on their way.
void Staging::settle() noexcept {
  for (const Half& half : halves_)
    if (half.stream) static_cast<void>(runtime_.synchronize(half.stream.get()));
}

void Staging::to_device(void* to, const void* from, std::size_t bytes) {
  const std::lock_guard lock(mutex_);
  try {
    upload(to, from, bytes);
  } catch (...) {
    settle();
    throw;
  }
}

void Staging::to_host(void* to, const void* from, std::size_t bytes) {
  const base::Range range(base::Phase::Download);
  const std::lock_guard lock(mutex_);
  try {
    download(to, from, bytes);
  } catch (...) {
    settle();
    throw;
  }
}

void Staging::upload(void* to, const void* from, std::size_t bytes) {
  if (bytes > 0) open();
  for (std::size_t first = 0, turn = 0; first < bytes; first += piece_, ++turn) {
    Half& half = halves_[turn % 2];
    const std::size_t count = std::min(piece_, bytes - first);
    if (turn >= 2) MONOGRAPH_CUDA(runtime_, synchronize(half.stream.get()));  // before it is filled again
    std::memcpy(half.memory.get(), at(from, first), count);
    MONOGRAPH_CUDA(runtime_, copy_async(at(to, first), half.memory.get(), count, half.stream.get()));
  }
  for (std::size_t turn = 0; turn < 2 && turn * piece_ < bytes; ++turn)
    MONOGRAPH_CUDA(runtime_, synchronize(halves_[turn].stream.get()));
}

/// The next piece is on its way while this one is copied out.
void Staging::download(void* to, const void* from, std::size_t bytes) {
  if (bytes > 0) open();
  const auto fetch = [&](std::size_t turn) {
    const std::size_t first = turn * piece_;
    if (first >= bytes) return;
    const Half& half = halves_[turn % 2];
    MONOGRAPH_CUDA(runtime_, copy_async(half.memory.get(), at(from, first), std::min(piece_, bytes - first),
                                        half.stream.get()));
  };
  fetch(0);
  for (std::size_t turn = 0, first = 0; first < bytes; ++turn, first += piece_) {
    fetch(turn + 1);
    const Half& half = halves_[turn % 2];
    MONOGRAPH_CUDA(runtime_, synchronize(half.stream.get()));
    std::memcpy(at(to, first), half.memory.get(), std::min(piece_, bytes - first));
  }
}

}  // namespace monograph::cuda
