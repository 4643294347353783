#include "host/cuda/nvrtc.h"

#include <algorithm>
#include <cstdlib>
#include <sstream>

#include "host/codegen/shared_object.h"
#include "host/cuda/cubin.h"

namespace monograph::cuda {
namespace {

constexpr int kMinimumMajor = 13;
// NVRTC's C interface, as its manual states it; only what is used here.
using Program = struct OpaqueProgram*;
using Status = int;  // 0 is success

}  // namespace

struct Nvrtc::Functions {
  codegen::SharedObject library;
  Status (*version)(int* major, int* minor);
  Status (*architecture_count)(int* count);
  Status (*architectures)(int* out);
  const char* (*error_string)(Status);
  Status (*create)(Program* program, const char* source, const char* name, int headers,
                   const char* const* texts, const char* const* names);
  Status (*destroy)(Program* program);
  Status (*compile)(Program program, int count, const char* const* options);
  Status (*log_size)(Program program, std::size_t* bytes);
  Status (*log)(Program program, char* out);
  Status (*cubin_size)(Program program, std::size_t* bytes);
  Status (*cubin)(Program program, char* out);

  /// False, naming the missing one, when the library lacks a function.
  bool load(std::string& reason) {
    const auto get = [&](auto& function, const char* name) {
      function = reinterpret_cast<std::remove_reference_t<decltype(function)>>(library.symbol(name));
      if (!function && reason.empty()) reason = std::string("has no function ") + name;
      return function != nullptr;
    };
    return get(version, "nvrtcVersion") && get(architecture_count, "nvrtcGetNumSupportedArchs") &&
           get(architectures, "nvrtcGetSupportedArchs") && get(error_string, "nvrtcGetErrorString") &&
           get(create, "nvrtcCreateProgram") && get(destroy, "nvrtcDestroyProgram") &&
           get(compile, "nvrtcCompileProgram") && get(log_size, "nvrtcGetProgramLogSize") &&
           get(log, "nvrtcGetProgramLog") && get(cubin_size, "nvrtcGetCUBINSize") &&
           get(cubin, "nvrtcGetCUBIN");
  }
};

namespace {

std::vector<std::string> default_libraries() {
  std::vector<std::string> roots, libraries{"libnvrtc.so.13"};
  for (const char* name : {"CUDA_PATH", "CUDA_HOME", "CUDAToolkit_ROOT"})
    if (const char* value = std::getenv(name); value && *value) roots.push_back(value);
#if defined(MONOGRAPH_NVRTC_DIR)
  libraries.push_back(MONOGRAPH_NVRTC_DIR "/libnvrtc.so");
#endif
  roots.insert(roots.end(), {"/usr/local/cuda", "/opt/cuda"});
  for (const std::string& root : roots)
    for (const char* folder : {"/lib64", "/lib", "/targets/x86_64-linux/lib", "/targets/sbsa-linux/lib"})
      libraries.push_back(root + folder + "/libnvrtc.so");
  libraries.push_back("libnvrtc.so");
  return libraries;
}

std::string first_error(const std::string& log) {
  std::istringstream lines(log);
  for (std::string line; std::getline(lines, line);)
    if (line.find("error") != std::string::npos) return line;
  return {};
}

/// One program of NVRTC, destroyed with this object.
template <class Functions>
class Compilation {
 public:
  Compilation(const Functions& f, const NvrtcRequest& request) : f_(f) {
    status_ = f_.create(&program_, request.source.c_str(), request.name.c_str(), 0, nullptr, nullptr);
  }
  ~Compilation() {
    if (program_) f_.destroy(&program_);
  }
  Compilation(const Compilation&) = delete;
  Compilation& operator=(const Compilation&) = delete;

  bool compile(const std::vector<std::string>& options) {
    std::vector<const char*> pointers;
    for (const std::string& o : options) pointers.push_back(o.c_str());
    if (status_ == 0) status_ = f_.compile(program_, static_cast<int>(pointers.size()), pointers.data());
    return status_ == 0;
  }
  std::string log() const {
    std::size_t bytes = 0;
    if (!program_ || f_.log_size(program_, &bytes) != 0 || bytes < 2) return {};
    std::string text(bytes, '\0');
    f_.log(program_, text.data());
    text.resize(bytes - 1);  // without the closing zero
    return text;
  }
  std::vector<std::byte> cubin() {
    std::size_t bytes = 0;
    status_ = f_.cubin_size(program_, &bytes);
    std::vector<std::byte> out(bytes);
    if (status_ == 0 && bytes) status_ = f_.cubin(program_, reinterpret_cast<char*>(out.data()));
    return out;
  }
  std::string status() const { return f_.error_string(status_); }
  bool failed() const { return status_ != 0; }

 private:
  const Functions& f_;
  Program program_ = nullptr;
  Status status_ = 0;
};

}  // namespace

Nvrtc::Lookup Nvrtc::find() { return find(default_libraries()); }

Nvrtc::Lookup Nvrtc::find(std::span<const std::string> libraries) {
  std::string refused;
  for (const std::string& name : libraries) {
    auto functions = std::make_shared<Functions>();
    std::string reason;
    functions->library = codegen::SharedObject::open(name, reason, true);
    if (!functions->library) continue;
    Nvrtc nvrtc;
    if (!functions->load(reason)) {
      refused += "; " + name + " " + reason;
      continue;
    }
    functions->version(&nvrtc.major_, &nvrtc.minor_);
    if (nvrtc.major_ < kMinimumMajor) {
      refused += "; " + name + " is NVRTC " + std::to_string(nvrtc.major_) + "." +
                 std::to_string(nvrtc.minor_) + ", 13.0 is needed";
      continue;
    }
    int count = 0;
    functions->architecture_count(&count);
    nvrtc.architectures_.resize(static_cast<std::size_t>(std::max(count, 0)));
    functions->architectures(nvrtc.architectures_.data());
    nvrtc.functions_ = std::move(functions);
    return {std::move(nvrtc), {}};
  }
  return {{},
          "NVRTC (libnvrtc.so.13, part of the CUDA toolkit) was not found; CUDA_PATH names the toolkit" +
              refused};
}

NvrtcResult Nvrtc::compile(const NvrtcRequest& request) const {
  NvrtcResult result;
  const auto failed = [&](std::string reason) {
    result.reason = std::move(reason);
    result.source = request.source;
    result.cubin.clear();
    return result;
  };
  const std::string target = "sm_" + std::to_string(request.architecture);
  if (!std::ranges::binary_search(architectures_, request.architecture))
    return failed("NVRTC " + std::to_string(major_) + "." + std::to_string(minor_) + " cannot compile for " +
                  target);
  std::vector<std::string> options{"--gpu-architecture=" + target};
  options.insert(options.end(), std::begin(kNvrtcOptions), std::end(kNvrtcOptions));
  options.insert(options.end(), request.options.begin(), request.options.end());
  Compilation compilation(*functions_, request);
  const bool compiled = compilation.compile(options);
  result.log = compilation.log();
  if (!compiled) {
    const std::string error = first_error(result.log);
    return failed("NVRTC for " + target + ": " + compilation.status() + (error.empty() ? "" : ": " + error));
  }
  result.cubin = compilation.cubin();
  if (compilation.failed()) return failed("NVRTC for " + target + ": " + compilation.status());
  const CubinReport report = inspect_cubin(result.cubin);
  if (!report.ok()) return failed("NVRTC for " + target + " made a damaged cubin: " + report.reason);
  return result;
}

}  // namespace monograph::cuda
