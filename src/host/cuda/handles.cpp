#include "host/cuda/handles.h"

#include <monograph/error.h>

#include <cstdio>

namespace monograph::cuda {

void check(Runtime& runtime, Status status, std::string_view call) {
  if (status == Status::Success) return;
  const std::string message = "CUDA: " + std::string(call) + ": " + runtime.error_name(status) + " (" +
                              runtime.error_text(status) + ")";
  if (status == Status::OutOfMemory) throw MemoryError(message);
  throw RuntimeError(message);
}

OwnedStream make_stream(Runtime& runtime) {
  Stream stream = nullptr;
  MONOGRAPH_CUDA(runtime, create_stream(stream));
  return {runtime, stream};
}

OwnedEvent make_event(Runtime& runtime) {
  Event event = nullptr;
  MONOGRAPH_CUDA(runtime, create_event(event));
  return {runtime, event};
}

OwnedLibrary load_library(Runtime& runtime, std::span<const std::byte> cubin) {
  Library library = nullptr;
  MONOGRAPH_CUDA(runtime, load_library(library, cubin));
  return {runtime, library};
}

OwnedGraph make_graph(Runtime& runtime) {
  CudaGraph graph = nullptr;
  MONOGRAPH_CUDA(runtime, create_graph(graph));
  return {runtime, graph};
}

OwnedExec instantiate(Runtime& runtime, CudaGraph graph) {
  CudaGraphExec exec = nullptr;
  MONOGRAPH_CUDA(runtime, instantiate(exec, graph));
  return {runtime, exec};
}

DeviceMemory allocate(Runtime& runtime, std::size_t bytes, std::string_view purpose) {
  if (bytes == 0) return {};
  void* memory = nullptr;
  const Status status = runtime.allocate(memory, bytes);
  if (status == Status::OutOfMemory) {
    std::size_t free = 0, total = 0;
    const bool known = runtime.memory_info(free, total) == Status::Success;
    throw MemoryError("out of device memory: " + std::string(purpose) + " needs " + bytes_text(bytes) +
                      (known ? ", " + bytes_text(free) + " of " + bytes_text(total) + " are free" : "") +
                      "; end other programs on the device, or run on --backend cpu");
  }
  check(runtime, status, "allocate(memory, bytes)");
  return {runtime, memory};
}

PinnedMemory allocate_pinned(Runtime& runtime, std::size_t bytes, std::string_view purpose) {
  if (bytes == 0) return {};
  void* memory = nullptr;
  const Status status = runtime.allocate_pinned(memory, bytes);
  if (status == Status::OutOfMemory)
    throw MemoryError("out of pinned host memory: " + std::string(purpose) + " needs " + bytes_text(bytes));
  check(runtime, status, "allocate_pinned(memory, bytes)");
  return {runtime, memory};
}

std::string bytes_text(std::size_t bytes) {
  constexpr const char* kUnits[] = {"bytes", "KiB", "MiB", "GiB", "TiB"};
  double value = static_cast<double>(bytes);
  std::size_t unit = 0;
  for (; value >= 1024 && unit + 1 < std::size(kUnits); ++unit) value /= 1024;
  char text[48];
  std::snprintf(text, sizeof text, unit == 0 ? "%.0f %s" : "%.1f %s", value, kUnits[unit]);
  return text;
}

}  // namespace monograph::cuda
