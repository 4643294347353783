// What the CUDA runtime hands out, each with an owner that gives it back, and its errors as exceptions.
#pragma once

#include <string_view>
#include <utility>

#include "host/cuda/runtime.h"

namespace monograph::cuda {

/// MemoryError when the device (or pinned host memory) is full, RuntimeError for every other failure: the
/// call that failed, and the runtime's name and text of the error.
void check(Runtime& runtime, Status status, std::string_view call);
/// `MONOGRAPH_CUDA(runtime, launch(exec, stream))`: the failing expression is in the error.
#define MONOGRAPH_CUDA(runtime, call) ::monograph::cuda::check((runtime), (runtime).call, #call)

/// Owns one handle. Giving it back may fail where the device is lost; there is nobody left to tell.
template <class T, Status (Runtime::*give_back)(T)>
class Owned {
 public:
  Owned() = default;
  Owned(Runtime& runtime, T handle) : runtime_(&runtime), handle_(handle) {}
  Owned(Owned&& other) noexcept : runtime_(other.runtime_), handle_(std::exchange(other.handle_, T{})) {}
  Owned& operator=(Owned&& other) noexcept {
    std::swap(runtime_, other.runtime_), std::swap(handle_, other.handle_);
    return *this;
  }
  ~Owned() {
    if (handle_) (runtime_->*give_back)(handle_);
  }

  T get() const noexcept { return handle_; }
  explicit operator bool() const noexcept { return handle_ != T{}; }

 private:
  Runtime* runtime_ = nullptr;
  T handle_{};
};

using OwnedStream = Owned<Stream, &Runtime::destroy_stream>;
using OwnedEvent = Owned<Event, &Runtime::destroy_event>;
using OwnedLibrary = Owned<Library, &Runtime::unload_library>;
using OwnedGraph = Owned<CudaGraph, &Runtime::destroy_graph>;
using OwnedExec = Owned<CudaGraphExec, &Runtime::destroy_exec>;
using DeviceMemory = Owned<void*, &Runtime::release>;
using PinnedMemory = Owned<void*, &Runtime::release_pinned>;

OwnedStream make_stream(Runtime& runtime);
OwnedEvent make_event(Runtime& runtime);
OwnedLibrary load_library(Runtime& runtime, std::span<const std::byte> cubin);
OwnedGraph make_graph(Runtime& runtime);
OwnedExec instantiate(Runtime& runtime, CudaGraph graph);
/// Nothing for 0 bytes. `purpose` is in the MemoryError, with what the device has left.
DeviceMemory allocate(Runtime& runtime, std::size_t bytes, std::string_view purpose);
PinnedMemory allocate_pinned(Runtime& runtime, std::size_t bytes, std::string_view purpose);

/// "1.5 GiB".
std::string bytes_text(std::size_t bytes);

}  // namespace monograph::cuda
