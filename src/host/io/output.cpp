#include "host/io/output.h"

#include <fcntl.h>
#include <monograph/error.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <ostream>
#include <utility>

namespace monograph::io {
namespace {

template <class F>
std::string_view float_text(F value, char (&buffer)[64]) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "Infinity" : "-Infinity";
  return {buffer,
          static_cast<std::size_t>(std::to_chars(buffer, buffer + sizeof buffer, value).ptr - buffer)};
}

/// The file that a chain of links names, so that renaming replaces the file and not the link.
std::string resolved(const std::string& path) {
  std::error_code error;
  const auto target = std::filesystem::canonical(path, error);
  return error ? path : target.string();
}

}  // namespace

Output& Output::number(std::int64_t value) {
  char buffer[24];
  return text(
      {buffer, static_cast<std::size_t>(std::to_chars(buffer, buffer + sizeof buffer, value).ptr - buffer)});
}
Output& Output::number(double value) {
  char buffer[64];
  return text(float_text(value, buffer));
}
Output& Output::number(float value) {
  char buffer[64];
  return text(float_text(value, buffer));
}

Output& Output::bytes(std::string_view s) {
  for (; !s.empty(); s.remove_prefix(std::min(s.size(), kPiece))) text(s.substr(0, kPiece));
  return *this;
}

void Output::flush() {
  put(buffer_);
  buffer_.clear();
}

void StreamOutput::put(std::string_view piece) {
  stream_.write(piece.data(), static_cast<std::streamsize>(piece.size()));
}

void StreamOutput::commit() {
  flush();
  stream_.flush();
  if (!stream_) throw InputError("cannot write the result: the output stream failed");
}

FileOutput::FileOutput(const std::string& path) : path_(path), target_(resolved(path)) {
  struct stat status;
  const bool exists = ::stat(target_.c_str(), &status) == 0;
  if (exists && S_ISDIR(status.st_mode))
    throw InputError({path_}, "expected a file to write, found a directory");
  if (exists && !S_ISREG(status.st_mode))
    fd_ = ::open(target_.c_str(), O_WRONLY | O_CLOEXEC);
  else
    open_beside();
  if (fd_ < 0) fail("cannot write");
  if (exists && !temporary_.empty()) static_cast<void>(::fchmod(fd_, status.st_mode & 07777));
  encoder_ = encoder_for(path_);
}

void FileOutput::open_beside() {
  const auto stem = target_ + ".tmp-" + std::to_string(::getpid()) + "-";
  for (int attempt = 0; attempt < 1000; ++attempt) {
    const auto name = stem + std::to_string(attempt);
    fd_ = ::open(name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (fd_ >= 0) {
      temporary_ = name;
      return;
    }
    if (errno != EEXIST) return;
  }
}

FileOutput::~FileOutput() {
  if (fd_ >= 0) ::close(fd_);
  if (!temporary_.empty()) ::unlink(temporary_.c_str());
}

void FileOutput::complete() {
  flush();
  if (encoder_) {
    std::string rest;
    encoder_->encode({}, true, rest);
    write_bytes(rest);
  }
  if (!temporary_.empty() && ::fsync(fd_) != 0) fail("cannot write");
  const int closed = ::close(std::exchange(fd_, -1));
  if (closed != 0) fail("cannot write");
}

void FileOutput::publish() {
  if (temporary_.empty()) return;
  if (::rename(temporary_.c_str(), target_.c_str()) != 0) fail("cannot write");
  temporary_.clear();
}

void FileOutput::put(std::string_view piece) {
  if (!encoder_) return write_bytes(piece);
  std::string compressed;
  encoder_->encode(piece, false, compressed);
  write_bytes(compressed);
}

void FileOutput::write_bytes(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto n = ::write(fd_, bytes.data(), bytes.size());
    if (n < 0 && errno != EINTR) fail("cannot write");
    if (n > 0) bytes.remove_prefix(static_cast<std::size_t>(n));
  }
}

void FileOutput::fail(std::string_view what) const {
  const int error = errno;
  const std::string hint = error == ENOENT ? " (does its directory exist?)" : "";
  throw InputError({path_}, std::string(what) + ": " + std::strerror(error) + hint);
}

}  // namespace monograph::io
