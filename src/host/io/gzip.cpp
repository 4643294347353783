#include "host/io/gzip.h"

#include <monograph/error.h>
#include <zlib.h>

#include <algorithm>
#include <limits>
#include <new>
#include <utility>

namespace monograph::io {
namespace {

constexpr int kGzip = 15 + 16;  // largest window, gzip wrapping
constexpr std::size_t kPiece = std::size_t{1} << 18;
constexpr std::size_t kLargestInput = std::numeric_limits<uInt>::max() / 2;

class Inflater {
 public:
  Inflater(const Bytes& compressed, const std::string& path) : input_(compressed), path_(path) {
    if (::inflateInit2(&stream_, kGzip) != Z_OK) throw std::bad_alloc();
  }
  ~Inflater() { ::inflateEnd(&stream_); }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;

  Bytes run(const std::function<void(const Bytes&)>& begun, const std::function<void()>& poll) {
    Bytes out;
    bool first = true;
    do {
      ::inflateReset(&stream_);
      for (bool end = false; !end; poll()) {
        end = step(out);
        if (std::exchange(first, false)) begun(out);
      }
      skip_padding();
    } while (offset_ < input_.size());
    return out;
  }

 private:
  /// One call of inflate; true at the end of a member.
  bool step(Bytes& out) {
    out.reserve(out.size() + kPiece);
    const auto available = std::min(input_.size() - offset_, kLargestInput);
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(input_.data())) + offset_;
    stream_.avail_in = static_cast<uInt>(available);
    stream_.next_out = reinterpret_cast<Bytef*>(out.data() + out.size());
    stream_.avail_out = static_cast<uInt>(kPiece);
    const int code = ::inflate(&stream_, Z_NO_FLUSH);
    offset_ += available - stream_.avail_in;
    out.set_size(out.size() + kPiece - stream_.avail_out);
    if (code == Z_STREAM_END) return true;
    if (code == Z_MEM_ERROR) throw std::bad_alloc();
    if (code != Z_OK && code != Z_BUF_ERROR) fail_damaged();
    if (offset_ == input_.size() && stream_.avail_out > 0) fail_truncated();
    return false;
  }

  /// Zeros after the last member are tape padding.
  void skip_padding() {
    std::size_t end = offset_;
    while (end < input_.size() && input_.data()[end] == 0) ++end;
    if (end == input_.size()) offset_ = end;
  }

  [[noreturn]] void fail_damaged() const {
    throw InputError({path_}, "damaged gzip data at offset " + std::to_string(offset_) + ": " +
                                  (stream_.msg ? stream_.msg : "not a gzip stream") +
                                  " (copy or download it again)");
  }
  [[noreturn]] void fail_truncated() const {
    throw InputError({path_}, "truncated gzip data: it ends at offset " + std::to_string(offset_) +
                                  " before its end mark (copy or download it again)");
  }

  const Bytes& input_;
  const std::string& path_;
  std::size_t offset_ = 0;
  z_stream stream_{};
};

class GzipEncoder : public Encoder {
 public:
  GzipEncoder() {
    if (::deflateInit2(&z_, Z_DEFAULT_COMPRESSION, Z_DEFLATED, kGzip, 8, Z_DEFAULT_STRATEGY) != Z_OK)
      throw std::bad_alloc();
  }
  ~GzipEncoder() override { ::deflateEnd(&z_); }
  GzipEncoder(const GzipEncoder&) = delete;
  GzipEncoder& operator=(const GzipEncoder&) = delete;

  void encode(std::string_view text, bool last, std::string& out) override {
    z_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
    z_.avail_in = static_cast<uInt>(text.size());
    do {
      const auto used = out.size();
      out.resize(used + kPiece);
      z_.next_out = reinterpret_cast<Bytef*>(out.data() + used);
      z_.avail_out = static_cast<uInt>(kPiece);
      ::deflate(&z_, last ? Z_FINISH : Z_NO_FLUSH);
      out.resize(used + kPiece - z_.avail_out);
    } while (z_.avail_out == 0);
  }

 private:
  z_stream z_{};
};

}  // namespace

bool is_gzip(const Bytes& bytes) {
  return bytes.size() >= 2 && bytes.data()[0] == '\x1f' && bytes.data()[1] == '\x8b';
}

Bytes gunzip(const Bytes& compressed, const std::string& path, const std::function<void(const Bytes&)>& begun,
             const std::function<void()>& poll) {
  return Inflater(compressed, path).run(begun, poll);
}

std::unique_ptr<Encoder> gzip_encoder() { return std::make_unique<GzipEncoder>(); }
}  // namespace monograph::io
