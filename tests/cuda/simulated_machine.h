// A machine whose one device is simulated, for sessions to run on: the fake runtime, with kernels compiled
// for the CPU and run thread by thread in an order of its own. Everything above the runtime is what a real
// device has: engine, graph builder, generated kernels.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "cuda/fake_runtime.h"
#include "host/runtime/machine.h"

namespace monograph::test {

class SimulatedMachine {
 public:
  /// `seed` of the orders of nodes and threads, another one in each launch of a kernel.
  explicit SimulatedMachine(unsigned seed = 1);

  FakeRuntime runtime;
  // What its compiler plays.
  std::string compiler_version = "13.0";
  std::string compiler_missing;  ///< why there is none
  std::string compiler_fails;    ///< of every text: a log
  std::string image_damage;      ///< what it finds wrong with an image that was kept
  std::string image_end;         ///< of what it makes: with another one it makes something else
  std::size_t staging = 1 << 12;
  /// What its figures say: of these a way follows.
  cuda::DeviceFigures figures{.kernel_ns = 1000, .round_ns = 50000};
  std::vector<cuda::Protocol> proven;
  /// Every loop that can be is one kernel: of one block, or of several.
  void take_tier(cuda::Tier tier) {
    proven = {tier == cuda::Tier::Block ? cuda::Protocol::BlockLoop : cuda::Protocol::GridLoop};
    figures.block_bytes_per_us = figures.bytes_per_us = 1'000'000'000;
  }

  int texts = 0;                        ///< given to the compiler so far
  int launches = 0;                     ///< of kernels
  std::map<std::string, int> launched;  ///< by their names

  /// To begin sessions on; this must outlive them.
  runtime::Machine machine();
  /// Why kernels cannot be compiled here; empty when they can.
  static std::string missing();

 private:
  class Compiler;
  void launch(const FakeNode& node);
  cuda::Survey survey_;
  std::uint64_t order_;
};

}  // namespace monograph::test
