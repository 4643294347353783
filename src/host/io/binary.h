// A file that is no text: its bytes, and errors that name the byte.
#pragma once

#include <cstring>
#include <span>
#include <type_traits>

#include "host/io/load.h"

namespace monograph::io {

class Binary {
 public:
  enum class Access { Read, Map };
  /// Reads the whole file as `load` does, or maps it where it can: what is written to memory stays in memory.
  Binary(std::string path, const ReadOptions& options, Access access);

  const std::string& path() const { return path_; }
  std::string_view bytes() const { return {reinterpret_cast<const char*>(storage_.get()), size_}; }
  std::size_t size() const { return size_; }
  /// Owns the bytes, which begin at a multiple of 64.
  const std::shared_ptr<std::byte[]>& storage() const { return storage_; }
  const Progress& progress() const { return progress_; }
  /// Says again, to who may want to stop, that all was read.
  std::function<void()> poll() const {
    return [this] { progress_.parsed(1); };
  }

  /// The value at a byte, in this machine's order. The caller has checked that it is in the file.
  template <class T>
  T at(std::size_t offset) const {
    static_assert(std::is_trivially_copyable_v<T>);
    T value;
    std::memcpy(&value, storage_.get() + offset, sizeof value);
    return value;
  }
  /// "file: byte 17: expected ..., found ... (hint)"
  [[noreturn]] void fail(std::size_t offset, const std::string& expected, const std::string& found,
                         const std::string& hint = "") const;

 private:
  bool map();
  std::string path_;
  Progress progress_;
  std::shared_ptr<std::byte[]> storage_;
  std::size_t size_ = 0;
};

/// UsageError for options that mean nothing where a file is no text.
void check_binary_options(const std::string& path, const ReadOptions& options);

}  // namespace monograph::io
