// Results of a run that still lie in a device's memory. Whoever holds a result may ask for its columns at any
// time, from any thread: what was not fetched when the memory is used again, is fetched then.
#pragma once

#include <monograph/graph.h>

#include <exception>
#include <memory>
#include <mutex>
#include <vector>

#include "host/cuda/staging.h"

namespace monograph::cuda {

class RemoteColumns {
 public:
  explicit RemoteColumns(std::shared_ptr<Staging> staging) : staging_(std::move(staging)) {}

  void add(std::size_t output, const void* data, ScalarType type, std::int64_t size) {
    entries_.push_back({output, data, type, size, {}, false});
  }
  bool empty() const { return entries_.empty(); }
  bool holds(std::size_t output) const { return find(output) != nullptr; }

  /// The whole column of an output; fetched once. MemoryError; RuntimeError when the device was lost before.
  Column column(std::size_t output);
  /// Elements [first, first + count) into `to`, without fetching the rest.
  void read(std::size_t output, std::int64_t first, std::int64_t count, void* to);
  std::int64_t size(std::size_t output) const { return find(output)->size; }
  /// Its memory on the device; null once that is used for something else.
  const void* where(std::size_t output) const;

  /// The memory is about to be used again. What cannot be fetched any more is said to whoever asks for it.
  void leave() noexcept;

 private:
  struct Entry {
    std::size_t output;
    const void* data;
    ScalarType type;
    std::int64_t size;
    Column fetched;
    bool here;
  };
  const Entry* find(std::size_t output) const;
  Entry& entry(std::size_t output) { return const_cast<Entry&>(*find(output)); }
  void fetch(Entry& e);

  std::shared_ptr<Staging> staging_;
  mutable std::mutex mutex_;  // of what follows
  std::vector<Entry> entries_;
  bool left_ = false;
  std::exception_ptr lost_;
};

}  // namespace monograph::cuda
