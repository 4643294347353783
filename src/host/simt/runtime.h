// Runs kernels compiled for the CPU: one fiber per CUDA thread, interleaved at random, with CUDA's rules
// checked.
//
// A wrong kernel is an ordinary outcome here, reported in the result: threads of a block that wait at
// different barriers, a lane that a warp collective names and that never comes, threads that wait for each
// other for ever. What is not modelled: the memory model (stores become visible at once), time, and threads
// in step.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "host/codegen/shared_object.h"
#include "host/simt/simt_abi.h"

namespace monograph::simt {

/// A kernel ready to run: its `..._simt` entry, and how the text learns which thread runs.
struct Kernel {
  std::string name;
  using Attach = mg_simt_thread**(const mg_simt_api*);
  void (*entry)(void** arguments) = nullptr;
  Attach* attach = nullptr;
  codegen::SharedObject keep;  ///< the text's shared object
  explicit operator bool() const noexcept { return entry && attach; }
};

struct Launch {
  mg_simt_dim grid{1, 1, 1},
      block{1, 1, 1};            ///< block: at most 1024 threads, a multiple of 32 where warps matter
  std::size_t shared_bytes = 0;  ///< per block; starts as NaN in every float and double of it
  std::span<void* const> arguments = {};  ///< as for cudaLaunchKernel: the address of each argument
  std::uint64_t seed = 0;        ///< of the interleaving; 0: threads in order, as far as barriers let them
  unsigned resident_blocks = 1;  ///< blocks that run interleaved; the whole grid for a grid barrier
};

struct LaunchResult {
  std::string error;           ///< one line, empty when every thread came to its end
  std::uint64_t switches = 0;  ///< how often a thread was taken up
  bool ok() const noexcept { return error.empty(); }
};

/// Owns the stacks. One launch at a time; several emulators may run in several threads.
class Emulator {
 public:
  Emulator();
  ~Emulator();
  Emulator(Emulator&&) noexcept;
  Emulator& operator=(Emulator&&) noexcept;
  /// Runs to the end, or to the first violation. MemoryError when there is no room for the stacks.
  LaunchResult launch(const Kernel& kernel, const Launch& launch);

 private:
  class Scheduler;
  struct Stacks;
  std::unique_ptr<Stacks> stacks_;
};

}  // namespace monograph::simt
