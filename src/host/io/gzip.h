// Gzip in memory.
#pragma once

#include "host/io/text.h"

namespace monograph::io {

bool is_gzip(const Bytes& bytes);
/// Decompresses; members that follow each other are one text, as gzip has it. InputError with the offset in
/// the compressed file where the data is damaged or ends. `poll` is called now and then, and may throw.
Bytes gunzip(const Bytes& compressed, const std::string& path, const std::function<void()>& poll);

/// Compresses piece by piece, appending to a buffer.
class GzipEncoder {
 public:
  GzipEncoder();
  ~GzipEncoder();
  GzipEncoder(const GzipEncoder&) = delete;
  GzipEncoder& operator=(const GzipEncoder&) = delete;
  void encode(std::string_view text, bool last, std::string& out);

 private:
  struct Stream;
  std::unique_ptr<Stream> stream_;
};

}  // namespace monograph::io
