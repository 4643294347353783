#include "host/cuda/kernel_compiler.h"

#include <algorithm>
#include <atomic>
#include <thread>

#include "host/cuda/cubin.h"

namespace monograph::cuda {

NvrtcCompiler::NvrtcCompiler(int architecture, int threads, std::string version, std::string missing,
                             std::function<Nvrtc::Lookup()> find)
    : architecture_(architecture),
      threads_(threads),
      version_(std::move(version)),
      missing_(std::move(missing)),
      find_(std::move(find)) {}

std::string NvrtcCompiler::target() const {
  std::string target = "cubin sm_" + std::to_string(architecture_);
  for (const char* option : kNvrtcOptions) target += std::string(" ") + option;
  return target;
}

std::vector<CodeImage> NvrtcCompiler::compile(std::span<const std::string> texts) {
  std::vector<CodeImage> images(texts.size());
  if (!nvrtc_ && missing_.empty()) {
    Nvrtc::Lookup found = find_();
    nvrtc_ = std::move(found.nvrtc), missing_ = std::move(found.reason);
  }
  if (!nvrtc_) {
    for (CodeImage& image : images) image.reason = missing_;
    return images;
  }
  std::atomic<std::size_t> next = 0;
  const auto work = [&] {
    for (std::size_t i = next++; i < texts.size(); i = next++) {
      NvrtcResult made = nvrtc_->compile({.source = texts[i], .architecture = architecture_});
      images[i] = {std::move(made.cubin), std::move(made.reason), std::move(made.log)};
    }
  };
  std::vector<std::jthread> others;
  const auto wanted = std::min(static_cast<std::size_t>(std::max(threads_, 1)), texts.size());
  for (std::size_t t = 1; t < wanted; ++t) others.emplace_back(work);
  work();
  others.clear();
  return images;
}

std::string NvrtcCompiler::damage(std::span<const std::byte> image) const {
  return inspect_cubin(image).reason;
}

}  // namespace monograph::cuda
