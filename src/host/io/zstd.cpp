#include "host/io/zstd.h"

#include <monograph/error.h>
#include <zstd.h>

#include <cstring>
#include <new>

namespace monograph::io {
namespace {

constexpr std::size_t kPiece = std::size_t{1} << 18;
constexpr int kLevel = 3;
constexpr std::string_view kMagic = "\x28\xb5\x2f\xfd";

class Decoder {
 public:
  Decoder(const Bytes& compressed, const std::string& path)
      : path_(path),
        stream_(ZSTD_createDStream(), ZSTD_freeDStream),
        in_{compressed.data(), compressed.size(), 0} {
    if (!stream_) throw std::bad_alloc();
  }

  Bytes run(const std::function<void(const Bytes&)>& begun, const std::function<void()>& poll) {
    Bytes out;
    for (bool first = true;; first = false) {
      const std::size_t left = step(out);
      if (first) begun(out);
      if (left == 0 && in_.pos == in_.size) return out;
      poll();
    }
  }

 private:
  /// One call; 0 at the end of a frame.
  std::size_t step(Bytes& out) {
    out.reserve(out.size() + kPiece);
    ZSTD_outBuffer to{out.data() + out.size(), kPiece, 0};
    const std::size_t left = ZSTD_decompressStream(stream_.get(), &to, &in_);
    out.set_size(out.size() + to.pos);
    if (ZSTD_isError(left)) fail_damaged(left);
    if (left != 0 && in_.pos == in_.size && to.pos < to.size) fail_truncated();
    return left;
  }

  [[noreturn]] void fail_damaged(std::size_t code) const {
    throw InputError({path_}, "damaged zstd data at offset " + std::to_string(in_.pos) + ": " +
                                  ZSTD_getErrorName(code) + " (copy or download it again)");
  }
  [[noreturn]] void fail_truncated() const {
    throw InputError({path_}, "truncated zstd data: it ends at offset " + std::to_string(in_.size) +
                                  " before its end mark (copy or download it again)");
  }

  const std::string& path_;
  std::unique_ptr<ZSTD_DStream, std::size_t (*)(ZSTD_DStream*)> stream_;
  ZSTD_inBuffer in_;
};

class ZstdEncoder : public Encoder {
 public:
  ZstdEncoder() : context_(ZSTD_createCCtx(), ZSTD_freeCCtx) {
    if (!context_) throw std::bad_alloc();
    ZSTD_CCtx_setParameter(context_.get(), ZSTD_c_compressionLevel, kLevel);
    ZSTD_CCtx_setParameter(context_.get(), ZSTD_c_checksumFlag, 1);
  }
  void encode(std::string_view text, bool last, std::string& out) override {
    ZSTD_inBuffer in{text.data(), text.size(), 0};
    for (;;) {
      const auto used = out.size();
      out.resize(used + kPiece);
      ZSTD_outBuffer to{out.data() + used, kPiece, 0};
      const auto left = ZSTD_compressStream2(context_.get(), &to, &in, last ? ZSTD_e_end : ZSTD_e_continue);
      out.resize(used + to.pos);
      if (ZSTD_isError(left)) throw std::bad_alloc();  // nothing else can go wrong here
      if (last ? left == 0 : in.pos == in.size) return;
    }
  }

 private:
  std::unique_ptr<ZSTD_CCtx, std::size_t (*)(ZSTD_CCtx*)> context_;
};

}  // namespace

bool is_zstd(const Bytes& bytes) { return std::string_view(bytes.data(), bytes.size()).starts_with(kMagic); }

Bytes unzstd(const Bytes& compressed, const std::string& path, const std::function<void(const Bytes&)>& begun,
             const std::function<void()>& poll) {
  return Decoder(compressed, path).run(begun, poll);
}

std::unique_ptr<Encoder> zstd_encoder() { return std::make_unique<ZstdEncoder>(); }

}  // namespace monograph::io
