// What the kernels of a graph read and nothing writes, in device memory: put there piece by piece while the
// graph is built, so that nobody has to know beforehand how much it is.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "host/cuda/handles.h"

namespace monograph::cuda {

class DeviceTables {
 public:
  explicit DeviceTables(Runtime& runtime) : runtime_(runtime) {}

  /// Where `values` will lie, once uploaded. MemoryError.
  template <class T>
  const T* put(std::span<const T> values) {
    return static_cast<const T*>(put(values.data(), values.size_bytes()));
  }
  void upload();
  std::size_t bytes() const;  ///< of device memory

 private:
  struct Piece {
    DeviceMemory memory;
    std::vector<std::byte> content;
    std::size_t used = 0;
  };
  const void* put(const void* from, std::size_t bytes);

  Runtime& runtime_;
  std::vector<Piece> pieces_;
};

}  // namespace monograph::cuda
