// A file's text in memory, with the errors that name a place in it.
#pragma once

#include "host/io/load.h"

namespace monograph::io {

class Text {
 public:
  /// Reads the whole file, as `load` does.
  Text(std::string path, const ReadOptions& options);

  const std::string& path() const { return path_; }
  /// The text without a byte order mark; `*end()` is a line end, so scanning a line needs no other check.
  const char* begin() const { return begin_; }
  const char* end() const { return bytes_.data() + bytes_.size(); }
  std::size_t size() const { return static_cast<std::size_t>(end() - begin()); }
  const Progress& progress() const { return progress_; }
  /// Says again, to who may want to stop, that all was read.
  std::function<void()> poll() const {
    return [this] { progress_.parsed(1); };
  }

  /// Line and column of a place in the text.
  Location locate(const char* place) const;
  /// "file:line:column: message"
  [[noreturn]] void fail(const char* place, const std::string& message) const;

 private:
  Text(std::string path, Loaded loaded);

  std::string path_;
  Progress progress_;
  Bytes bytes_;
  const char* begin_ = nullptr;
};

}  // namespace monograph::io
