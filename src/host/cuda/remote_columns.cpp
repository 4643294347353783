#include "host/cuda/remote_columns.h"

#include <algorithm>
#include <cstring>

namespace monograph::cuda {

const RemoteColumns::Entry* RemoteColumns::find(std::size_t output) const {
  const auto known = std::ranges::find(entries_, output, &Entry::output);
  return known == entries_.end() ? nullptr : &*known;
}

void RemoteColumns::fetch(Entry& e) {
  if (e.here) return;
  if (lost_) std::rethrow_exception(lost_);
  Column column(e.type, e.size);
  if (e.size > 0) staging_->to_host(column.data(), e.data, static_cast<std::size_t>(column.bytes()));
  e.fetched = std::move(column), e.here = true;
}

Column RemoteColumns::column(std::size_t output) {
  const std::lock_guard lock(mutex_);
  Entry& e = entry(output);
  fetch(e);
  return e.fetched;
}

void RemoteColumns::read(std::size_t output, std::int64_t first, std::int64_t count, void* to) {
  const std::lock_guard lock(mutex_);
  Entry& e = entry(output);
  if (lost_ && !e.here) std::rethrow_exception(lost_);
  const auto width = static_cast<std::size_t>(size_of(e.type));
  const std::size_t offset = width * static_cast<std::size_t>(first),
                    bytes = width * static_cast<std::size_t>(count);
  if (bytes == 0) return;
  if (e.here)
    std::memcpy(to, static_cast<const std::byte*>(std::as_const(e.fetched).data()) + offset, bytes);
  else
    staging_->to_host(to, static_cast<const std::byte*>(e.data) + offset, bytes);
}

const void* RemoteColumns::where(std::size_t output) const {
  const std::lock_guard lock(mutex_);
  return left_ ? nullptr : find(output)->data;
}

void RemoteColumns::leave() noexcept {
  const std::lock_guard lock(mutex_);
  if (left_) return;
  left_ = true;
  try {
    for (Entry& e : entries_) fetch(e);
  } catch (...) {
    lost_ = std::current_exception();
  }
  staging_.reset();  // a result may outlive the session, its pinned memory need not
}

}  // namespace monograph::cuda
