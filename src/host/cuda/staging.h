// Copies between columns of the host and of a device, piece by piece through two pieces of pinned memory: the
// driver copies one while the host fills or empties the other.
#pragma once

#include <cstddef>
#include <mutex>

#include "host/cuda/handles.h"

namespace monograph::cuda {

/// May be used from several threads, one after another.
class Staging {
 public:
  static constexpr std::size_t kPiece = std::size_t{4} << 20;
  /// Takes nothing of the machine until the first copy.
  Staging(Runtime& runtime, int device, std::size_t piece = kPiece)
      : runtime_(runtime), device_(device), piece_(piece) {}

  /// Both return when the copy is done. MemoryError, RuntimeError.
  void to_device(void* to, const void* from, std::size_t bytes);
  void to_host(void* to, const void* from, std::size_t bytes);
  Runtime& runtime() const { return runtime_; }

 private:
  struct Half {
    PinnedMemory memory;
    OwnedStream stream;
  };
  void open();
  void settle() noexcept;
  void upload(void* to, const void* from, std::size_t bytes);
  void download(void* to, const void* from, std::size_t bytes);

  Runtime& runtime_;
  int device_;
  std::size_t piece_;
  std::mutex mutex_;
  Half halves_[2];
};

}  // namespace monograph::cuda
