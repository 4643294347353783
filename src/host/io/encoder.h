// What compresses a file while it is written.
#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace monograph::io {

/// Compresses piece by piece, appending to a buffer.
class Encoder {
 public:
  virtual ~Encoder() = default;
  virtual void encode(std::string_view text, bool last, std::string& out) = 0;
};

/// By the end of the path: ".gz", ".zst"; null for any other.
std::unique_ptr<Encoder> encoder_for(std::string_view path);

}  // namespace monograph::io
