// NVRTC, NVIDIA's run-time compiler, opened when it is wanted: device text in, machine code (cubin) for one
// architecture out. Needs no GPU and no driver. A machine without it is an ordinary state and comes back as a
// value.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace monograph::cuda {

/// Of every compilation, beside the architecture: they decide what the code means. (177: a text need not use
/// every constant of its prelude.)
inline constexpr const char* kNvrtcOptions[] = {"--std=c++20", "--fmad=false", "--diag-suppress=177"};

struct NvrtcRequest {
  std::string name = "device.cu";         ///< how errors call the text
  std::string source = {};                ///< header-free CUDA C++20
  int architecture = 90;                  ///< compute capability * 10: 80, 90, 100, 120
  std::vector<std::string> options = {};  ///< beyond those that decide what the code means
};

struct NvrtcResult {
  std::vector<std::byte> cubin;  ///< empty when something failed
  std::string reason;  ///< empty when the cubin is there; else one line: what failed, and the first error
  std::string log;     ///< what the compiler said, warnings too
  std::string source;  ///< the text that did not compile, kept for the report; empty on success
  bool ok() const noexcept { return reason.empty(); }
};

class Nvrtc {
 public:
  struct Lookup;
  /// Looks through the loader's own search, then CUDA_PATH, CUDA_HOME and CUDAToolkit_ROOT, then where the
  /// toolkit was when Monograph was built, then /usr/local/cuda and /opt/cuda.
  static Lookup find();
  /// The first of these libraries (paths or bare names) that is NVRTC 13.0 or newer.
  static Lookup find(std::span<const std::string> libraries);

  int major() const noexcept { return major_; }
  int minor() const noexcept { return minor_; }
  /// Ascending: 75, 80, ...
  const std::vector<int>& architectures() const noexcept { return architectures_; }
  /// Safe to call from several threads at once. A multiplication and an addition are never contracted, so
  /// that floats have the same bits as on the CPU. The cubin is checked (see cubin.h) before it is handed
  /// out.
  NvrtcResult compile(const NvrtcRequest& request) const;

 private:
  struct Functions;
  std::shared_ptr<const Functions> functions_;
  int major_ = 0, minor_ = 0;
  std::vector<int> architectures_;
};

struct Nvrtc::Lookup {
  std::optional<Nvrtc> nvrtc;
  std::string reason;  ///< why there is none
};

}  // namespace monograph::cuda
