// Who makes machine code of device text: NVRTC, and in tests a compiler whose code the test can run. The rest
// of this floor knows only that text goes in and an image for one device comes out.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "host/cuda/nvrtc.h"

namespace monograph::cuda {

/// What the driver loads, or why there is none.
struct CodeImage {
  std::vector<std::byte> bytes;
  std::string reason = {};  ///< empty when it is there; else one line
  std::string log = {};     ///< the compiler's
};

class KernelCompiler {
 public:
  virtual ~KernelCompiler() = default;
  /// What decides the code beside text and compiler: the architecture and the options.
  virtual std::string target() const = 0;
  /// Of the compiler; empty when it is missing.
  virtual std::string version() const = 0;
  /// Why there is no compiler; empty when there is.
  virtual std::string missing() const = 0;
  /// An image per text, in their order; several texts at once. A text that does not compile is no exception.
  virtual std::vector<CodeImage> compile(std::span<const std::string> texts) = 0;
  /// What is wrong with an image that was kept; empty when it is sound. Never reads outside of it.
  virtual std::string damage(std::span<const std::byte> image) const = 0;
};

/// NVRTC for one architecture. It is opened when the first text is to be compiled: what is cached needs none.
class NvrtcCompiler final : public KernelCompiler {
 public:
  /// `version` and `missing` as the survey of the machine found them.
  NvrtcCompiler(
      int architecture, int threads, std::string version, std::string missing,
      std::function<Nvrtc::Lookup()> find = [] { return Nvrtc::find(); });
  std::string target() const override;
  std::string version() const override { return version_; }
  std::string missing() const override { return missing_; }
  std::vector<CodeImage> compile(std::span<const std::string> texts) override;
  std::string damage(std::span<const std::byte> image) const override;

 private:
  int architecture_, threads_;
  std::string version_, missing_;
  std::function<Nvrtc::Lookup()> find_;
  std::optional<Nvrtc> nvrtc_;
};

}  // namespace monograph::cuda
