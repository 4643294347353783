// Where writers write: a stream, or a file that appears only when it is complete.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <memory>
#include <string>
#include <string_view>

#include "host/io/encoder.h"

namespace monograph::io {

/// Collects text and passes it on in large pieces.
class Output {
 public:
  virtual ~Output() = default;
  Output& text(std::string_view s) {
    buffer_ += s;
    if (buffer_.size() >= kPiece) flush();
    return *this;
  }
  /// Bytes of any length, a piece at a time.
  Output& bytes(std::string_view s);
  Output& text(char c) { return text(std::string_view(&c, 1)); }
  Output& number(std::int64_t value);
  /// The fewest digits that read back the same; Infinity, -Infinity, NaN.
  Output& number(double value);
  Output& number(float value);

 protected:
  void flush();
  virtual void put(std::string_view piece) = 0;

 private:
  static constexpr std::size_t kPiece = std::size_t{1} << 16;
  std::string buffer_;
};

class StringOutput : public Output {
 public:
  std::string take() { return flush(), std::move(result_); }

 private:
  void put(std::string_view piece) override { result_ += piece; }
  std::string result_;
};

class StreamOutput : public Output {
 public:
  explicit StreamOutput(std::ostream& stream) : stream_(stream) {}
  /// InputError when the stream did not take everything.
  void commit();

 private:
  void put(std::string_view piece) override;
  std::ostream& stream_;
};

/// A file. Until `publish` its text is in a file beside it, which goes away if `publish` is not reached. What
/// is no regular file (a pipe, /dev/stdout) is written directly. InputError: cannot be written.
class FileOutput : public Output {
 public:
  explicit FileOutput(const std::string& path);
  ~FileOutput() override;
  FileOutput(const FileOutput&) = delete;
  FileOutput& operator=(const FileOutput&) = delete;
  /// Writes what is left and waits until the disk has it: after this only the renaming can fail.
  void complete();
  /// Gives the complete file its name.
  void publish();
  /// Both; files that belong together are all completed before the first is published.
  void commit() { complete(), publish(); }

 private:
  void open_beside();
  void put(std::string_view piece) override;
  void write_bytes(std::string_view bytes);
  [[noreturn]] void fail(std::string_view what) const;

  std::string path_;       // as the user gave it
  std::string target_;     // where it is after links
  std::string temporary_;  // "" when written directly, or published
  int fd_ = -1;
  std::unique_ptr<Encoder> encoder_;
};

}  // namespace monograph::io
