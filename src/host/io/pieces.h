// A text in pieces that end at line ends, for several threads. Where the pieces are depends on the text
// alone, so nothing that is made of them depends on how many threads there are.
#pragma once

#include <algorithm>
#include <functional>
#include <new>
#include <string_view>
#include <utility>
#include <vector>

#include "host/io/text.h"

namespace monograph::io {

/// Elements that are not zeroed before they are written: fresh pages then belong to the thread that fills
/// them.
template <class T>
struct Unset : std::allocator<T> {
  template <class U>
  struct rebind {
    using other = Unset<U>;
  };
  template <class U>
  void construct(U* p) noexcept {
    ::new (static_cast<void*>(p)) U;
  }
  template <class U, class... Args>
  void construct(U* p, Args&&... args) {
    ::new (static_cast<void*>(p)) U(std::forward<Args>(args)...);
  }
};
template <class T>
using UnsetVector = std::vector<T, Unset<T>>;

/// Calls work(0) .. work(count - 1) on up to `threads` threads, the caller's among them; `report` is called
/// on the caller's, between pieces of its own, with how many are done. What `report` throws ends it all, and
/// of what `work` throws, that of the smallest number, for which every smaller one has been tried.
void for_each_piece(std::size_t count, int threads, const std::function<void(std::size_t)>& work,
                    const std::function<void(std::size_t done)>& report);

/// A text from a place on, in pieces, with room for what their lines say.
class Pieces {
 public:
  /// `shortest` is the least number of bytes of a line that says something, with its end.
  Pieces(const Text& text, const char* from, std::size_t shortest, const ReadOptions& options);

  std::size_t size() const { return pieces_.size(); }
  std::string_view operator[](std::size_t i) const { return pieces_[i]; }
  /// Elements for the lines of piece i begin here; those of all pieces end at `room`.
  std::size_t first(std::size_t i) const { return first_[i]; }
  std::size_t room() const { return first_.back(); }
  /// Calls work(i) for each piece, as for_each_piece, and reports how far the text is parsed.
  void run(const std::function<void(std::size_t)>& work) const;

  /// Elements that were written from first(i) on, count[i] of them, become neighbours.
  template <class Vector>
  void close_gaps(Vector& v, const std::vector<std::size_t>& count) const {
    std::size_t to = 0;
    for (std::size_t i = 0; i < size(); to += count[i], ++i)
      if (to != first_[i])
        std::copy_n(v.begin() + static_cast<std::ptrdiff_t>(first_[i]), count[i],
                    v.begin() + static_cast<std::ptrdiff_t>(to));
    v.resize(to);
  }

 private:
  const Text& text_;
  int threads_;
  std::vector<std::string_view> pieces_;
  std::vector<std::size_t> first_;
};

}  // namespace monograph::io
