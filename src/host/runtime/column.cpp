// Storage of columns: aligned, zeroed, shared between copies until one of them is written.
#include <monograph/graph.h>
#include <sys/mman.h>

#include <atomic>
#include <cstring>
#include <limits>
#include <new>
#include <utility>

namespace monograph {
namespace {

constexpr std::size_t kCacheLine = 64;
constexpr std::size_t kHugePage = std::size_t{2} << 20;
constexpr std::size_t kHugeFrom = 2 * kHugePage;

std::size_t round_up(std::size_t bytes, std::size_t to) { return (bytes + to - 1) / to * to; }

[[noreturn]] void out_of_memory(std::size_t bytes) {
  throw MemoryError("out of memory: a column of " + std::to_string(bytes) + " bytes does not fit");
}

std::shared_ptr<std::byte[]> small_buffer(std::size_t bytes) {
  constexpr std::align_val_t alignment{kCacheLine};
  const auto padded = round_up(bytes, kCacheLine);
  void* p = ::operator new(padded, alignment, std::nothrow);
  if (!p) out_of_memory(bytes);
  std::memset(p, 0, padded);
  return {static_cast<std::byte*>(p), [](std::byte* q) { ::operator delete(q, alignment); }};
}

/// Fresh pages are zero and untouched: no pass over memory, and each page lands near the thread that first
/// writes it.
std::shared_ptr<std::byte[]> huge_buffer(std::size_t bytes) {
  const auto length = round_up(bytes, kHugePage);
  void* p = ::mmap(nullptr, length + kHugePage, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (p == MAP_FAILED) out_of_memory(bytes);
  auto* begin = static_cast<std::byte*>(p);
  const auto skip =
      round_up(reinterpret_cast<std::uintptr_t>(begin), kHugePage) - reinterpret_cast<std::uintptr_t>(begin);
  if (skip > 0) ::munmap(begin, skip);
  if (skip < kHugePage) ::munmap(begin + skip + length, kHugePage - skip);
  ::madvise(begin + skip, length, MADV_HUGEPAGE);  // advice: where it is refused, small pages serve
  return {begin + skip, [length](std::byte* q) { ::munmap(q, length); }};
}

std::shared_ptr<std::byte[]> zeroed_buffer(std::size_t bytes) {
  if (bytes == 0) return {};
  return bytes < kHugeFrom ? small_buffer(bytes) : huge_buffer(bytes);
}

}  // namespace

Column::Column(ScalarType type, std::int64_t size) : type_(type), size_(size) {
  if (size < 0) throw InternalError("a column cannot have " + std::to_string(size) + " elements");
  if (size > std::numeric_limits<std::int64_t>::max() / 16)
    throw MemoryError("out of memory: a column of " + std::to_string(size) + " elements does not fit");
  data_ = zeroed_buffer(static_cast<std::size_t>(bytes()));
}

Column Column::in_storage(ScalarType type, std::int64_t size, std::shared_ptr<std::byte[]> storage) {
  if (size < 0) throw InternalError("a column cannot have " + std::to_string(size) + " elements");
  if (reinterpret_cast<std::uintptr_t>(storage.get()) % kCacheLine != 0)
    throw InternalError("the storage of a column is aligned to 64 bytes");
  Column column;
  column.type_ = type;
  column.size_ = size;
  if (size > 0) column.data_ = std::move(storage);
  return column;
}

void* Column::data() {
  if (data_ && data_.use_count() > 1) {
    auto own = zeroed_buffer(static_cast<std::size_t>(bytes()));
    std::memcpy(own.get(), data_.get(), static_cast<std::size_t>(bytes()));
    data_ = std::move(own);
  }
  std::atomic_thread_fence(
      std::memory_order_acquire);  // pairs with the release of a copy dropped by another thread
  return data_.get();
}

void Column::expect(ScalarType asked) const {
  if (asked != type_)
    throw InternalError("a column of " + std::string(to_string(type_)) + " was asked for elements of " +
                        std::string(to_string(asked)));
}

Constant Column::at(std::int64_t i) const {
  if (i < 0 || i >= size_)
    throw InternalError("element " + std::to_string(i) + " of a column of " + std::to_string(size_) +
                        " elements");
  Constant c{type_, 0};
  std::memcpy(&c.bits, data_.get() + i * size_of(type_), static_cast<std::size_t>(size_of(type_)));
  return c;
}

void Column::set(std::int64_t i, const Constant& value) {
  expect(value.type);
  if (i < 0 || i >= size_)
    throw InternalError("element " + std::to_string(i) + " of a column of " + std::to_string(size_) +
                        " elements");
  std::memcpy(static_cast<std::byte*>(data()) + i * size_of(type_), &value.bits,
              static_cast<std::size_t>(size_of(type_)));
}

}  // namespace monograph
