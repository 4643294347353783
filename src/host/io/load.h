// A file's bytes in memory: read whole, checked, decompressed.
//
// Read, not mapped: a mapped file that another process truncates kills the reader, and a private copy cannot
// change between a check and its use.
#pragma once

#include <monograph/io.h>

#include <cstdlib>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace monograph::io {

/// Bytes that grow without being copied where the system can move pages, and without being zeroed.
class Bytes {
 public:
  const char* data() const { return data_.get(); }
  char* data() { return data_.get(); }
  std::size_t size() const { return size_; }
  /// Makes room for `size` bytes; throws std::bad_alloc.
  void reserve(std::size_t size);
  void set_size(std::size_t size) { size_ = size; }

 private:
  struct Free {
    void operator()(char* p) const { std::free(p); }
  };
  std::unique_ptr<char, Free> data_;
  std::size_t size_ = 0, capacity_ = 0;
};

/// Calls the user's progress function for loading (the first half) and parsing (the second half).
class Progress {
 public:
  Progress(const ReadOptions& options, std::int64_t file_bytes)
      : callback_(options.progress), total_(file_bytes) {}
  void loaded(std::int64_t bytes) const {
    if (callback_) callback_(bytes / 2, total_);
  }
  void parsed(double fraction) const {
    if (callback_)
      callback_(total_ / 2 + static_cast<std::int64_t>(fraction * static_cast<double>(total_ - total_ / 2)),
                total_);
  }

 private:
  std::function<void(std::int64_t, std::int64_t)> callback_;
  std::int64_t total_;
};

enum class Content { Text, Binary };

/// What a file holds, and how far its reading got.
struct Loaded {
  Progress progress;
  Bytes bytes;
};
/// Reads the whole file, and decompresses what is compressed. InputError: cannot be read, is a directory, is
/// no text where text is expected, damaged, changes meanwhile.
Loaded load(const std::string& path, Content content, const ReadOptions& options);

/// InputError when a zero byte is near the beginning: it is in no text, but in nearly every other file (and
/// in endless devices).
void expect_text(const Bytes& bytes, const std::string& path);
/// The path without ".gz" or ".zst".
std::string_view without_compression(std::string_view path);
/// That end: ".gz", ".zst" or "".
std::string_view compression_of(std::string_view path);
/// "text", shortened and with control characters escaped, in double quotes.
std::string quoted(std::string_view text);

}  // namespace monograph::io
