#include "host/io/pieces.h"

#include <sys/mman.h>

#include <algorithm>
#include <atomic>
#include <cstring>
#include <exception>
#include <mutex>
#include <system_error>
#include <thread>

namespace monograph::io {
namespace {

constexpr std::size_t kPiece = std::size_t{1} << 20;

/// What the threads of one for_each_piece share.
class Work {
 public:
  Work(std::size_t count, const std::function<void(std::size_t)>& work) : count_(count), work_(work) {}

  /// Takes the next piece; false when there is none left, or the end has come.
  bool step() {
    const std::size_t i = next_.fetch_add(1);
    if (i >= count_ || ended_) return false;
    try {
      work_(i);
    } catch (...) {
      keep(i, std::current_exception());
      return false;
    }
    ++done_;
    return true;
  }
  void end() { ended_ = true; }
  std::size_t done() const { return done_; }
  void rethrow() const {
    if (error_) std::rethrow_exception(error_);
  }

 private:
  /// Pieces are taken in order, so every smaller one is done or being worked on.
  void keep(std::size_t i, std::exception_ptr error) {
    const std::lock_guard lock(mutex_);
    if (error_ && failed_ < i) return;
    failed_ = i;
    error_ = std::move(error);
    ended_ = true;
  }

  const std::size_t count_;
  const std::function<void(std::size_t)>& work_;
  std::atomic<std::size_t> next_ = 0, done_ = 0;
  std::atomic<bool> ended_ = false;
  std::mutex mutex_;
  std::exception_ptr error_;
  std::size_t failed_ = 0;
};

int thread_count(int asked, std::size_t pieces) {
  const auto cores = std::max(1u, std::thread::hardware_concurrency());
  const auto most = asked > 0 ? static_cast<std::size_t>(asked) : cores;
  return static_cast<int>(std::clamp<std::size_t>(pieces, 1, most));
}

}  // namespace

namespace {

constexpr std::size_t kHugePage = std::size_t{2} << 20;
constexpr std::size_t kHugeFrom = 2 * kHugePage;

}  // namespace

void* allocate_large(std::size_t bytes) {
  if (bytes < kHugeFrom) return ::operator new(bytes);
  void* p = ::operator new (bytes, std::align_val_t{kHugePage});
  ::madvise(p, bytes, MADV_HUGEPAGE);  // advice: where it is refused, small pages serve
  return p;
}

void free_large(void* p, std::size_t bytes) {
  if (bytes < kHugeFrom)
    ::operator delete(p);
  else
    ::operator delete (p, std::align_val_t{kHugePage});
}

void for_each_piece(std::size_t count, int threads, const std::function<void(std::size_t)>& work,
                    const std::function<void(std::size_t)>& report) {
  Work shared(count, work);
  std::vector<std::jthread> helpers;
  try {
    for (int t = 1; t < thread_count(threads, count); ++t)
      helpers.emplace_back([&shared] {
        while (shared.step()) {
        }
      });
  } catch (const std::system_error&) {  // no more threads here: those that there are do it
  }
  try {
    while (shared.step()) report(shared.done());
  } catch (...) {
    shared.end();
    throw;  // the helpers are waited for first
  }
  helpers.clear();
  shared.rethrow();
}

Pieces::Pieces(const Text& text, const char* from, std::size_t shortest, const ReadOptions& options)
    : text_(text), threads_(options.threads) {
  while (from < text.end()) {
    const auto left = static_cast<std::size_t>(text.end() - from);
    const char* to = text.end();
    if (left > kPiece) to = static_cast<const char*>(std::memchr(from + kPiece, '\n', left - kPiece + 1)) + 1;
    to = std::min(to, text.end());
    pieces_.emplace_back(from, static_cast<std::size_t>(to - from));
    from = to;
  }
  first_.resize(pieces_.size() + 1);
  for_each_piece(
      pieces_.size(), threads_,
      [&](std::size_t i) {
        const auto lines = static_cast<std::size_t>(std::ranges::count(pieces_[i], '\n')) + 1;
        first_[i + 1] = std::min(lines, pieces_[i].size() / shortest + 1);
      },
      [&](std::size_t) { text_.progress().parsed(0); });
  for (std::size_t i = 0; i < pieces_.size(); ++i) first_[i + 1] += first_[i];
}

void Pieces::run(const std::function<void(std::size_t)>& work) const {
  const auto whole = static_cast<double>(std::max<std::size_t>(pieces_.size(), 1));
  for_each_piece(pieces_.size(), threads_, work,
                 [&](std::size_t done) { text_.progress().parsed(static_cast<double>(done) / whole); });
}

}  // namespace monograph::io
