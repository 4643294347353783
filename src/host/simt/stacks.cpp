#include "host/simt/stacks.h"

#include <monograph/error.h>
#include <sys/mman.h>

#include <string>
#include <utility>

#if defined(__SANITIZE_ADDRESS__)
#define MONOGRAPH_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define MONOGRAPH_ASAN 1
#endif
#endif
#if defined(MONOGRAPH_ASAN)
#include <sanitizer/asan_interface.h>
#endif

namespace monograph::simt {
namespace {

constexpr std::size_t kGuard = 64 * 1024;  // a whole page, whatever the page size
#if defined(MONOGRAPH_ASAN)
constexpr std::size_t kStack = 256 * 1024;  // redzones make frames larger
#else
constexpr std::size_t kStack = 64 * 1024;
#endif
constexpr std::size_t kStride = kGuard + kStack;

}  // namespace

StackBlock::StackBlock(unsigned count) : count_(count) {
  const std::size_t all = kStride * count;
  void* memory = mmap(nullptr, all, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  bool granted = memory != MAP_FAILED;
  if (granted) base_ = static_cast<std::byte*>(memory);
  for (unsigned i = 0; granted && i < count; ++i)
    granted = mprotect(stack(i), kStack, PROT_READ | PROT_WRITE) == 0;
  if (granted) return;
  if (base_) munmap(base_, all);
  throw MemoryError("no room for the stacks of " + std::to_string(count) + " emulated threads (" +
                    std::to_string(all >> 20) + " MiB); fewer resident blocks need less");
}

StackBlock::~StackBlock() {
  if (base_) munmap(base_, kStride * count_);
}

StackBlock::StackBlock(StackBlock&& other) noexcept
    : base_(std::exchange(other.base_, nullptr)), count_(std::exchange(other.count_, 0)) {}

StackBlock& StackBlock::operator=(StackBlock&& other) noexcept {
  std::swap(base_, other.base_);
  std::swap(count_, other.count_);
  return *this;
}

std::byte* StackBlock::stack(unsigned i) const noexcept { return base_ + kStride * i + kGuard; }
std::size_t StackBlock::bytes() noexcept { return kStack; }

void StackBlock::clean() const noexcept {
#if defined(MONOGRAPH_ASAN)
  for (unsigned i = 0; i < count_; ++i) ASAN_UNPOISON_MEMORY_REGION(stack(i), kStack);
#endif
}

}  // namespace monograph::simt
