// Memory for fibers' stacks, each with a guard page below it.
#pragma once

#include <cstddef>
#include <vector>

namespace monograph::simt {

/// The stacks of one block's threads.
class StackBlock {
 public:
  /// MemoryError when the system grants no room.
  explicit StackBlock(unsigned count);
  ~StackBlock();
  StackBlock(StackBlock&& other) noexcept;
  StackBlock& operator=(StackBlock&& other) noexcept;

  unsigned count() const noexcept { return count_; }
  std::byte* stack(unsigned i) const noexcept;  ///< lowest address
  static std::size_t bytes() noexcept;          ///< of one stack
  /// Forgets what abandoned threads left: a sanitizer would still guard their frames.
  void clean() const noexcept;

 private:
  std::byte* base_ = nullptr;
  unsigned count_ = 0;
};

}  // namespace monograph::simt
