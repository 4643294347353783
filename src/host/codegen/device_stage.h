// A fused group as device code: kernels that compile under NVRTC, under nvcc, and with the SIMT shim.
//
// Every kernel of a group has the same parameters, in this order:
//   mg_device* run              the run's state, in device memory (kernels/device_run.cuh)
//   one pointer per argument    a column's elements, or the mg_value of a scalar
//   one pointer per result      likewise; a result may have the memory of an argument that is read at its own
//   row only
//   const mg_value* iteration   where the group computes only active rows (DeviceOptions::active)
// so whoever launches them needs to know slots, and nothing of operations.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "host/plan/active_set.h"
#include "host/plan/stage.h"

namespace monograph::codegen {

struct DeviceKernel {
  std::string name;  ///< extern "C": says group, operation and type, as profilers show it
  /// How many blocks are of use for that many rows of the stage's domain: one per so many rows, at least one;
  /// any number is right. 0: one block, whatever the rows.
  std::int64_t rows_per_block = 0;
  unsigned block_threads = 256;
  std::uint32_t shared_bytes = 0;  ///< dynamic
};

struct DeviceGroup {
  std::string text;                   ///< needs device_stage_prelude() before it
  std::vector<DeviceKernel> kernels;  ///< to be launched in this order, each after the one before it is done
};

struct DeviceOptions {
  /// Rows of more than 32 edges are cut into pieces, which a stage of its own takes before the others
  /// (long_rows.h): no warp has a hub to itself. Needs the tables of mg_device::long_in and long_out, and
  /// room in mg_device::pieces.
  bool balanced = false;
  /// Groups that are the bodies of loops with an active set compute only the rows that read a changed one.
  /// Needs mg_device::active, and the rows in which readers are found: of a directed graph those of the other
  /// direction.
  bool active = false;
};

/// A stage as device functions, of which kernels are made:
///   template <mg_u64 Static> void NAME_stage(mg_grid, unsigned char* arena, mg_device* run, arguments,
///   results)
/// by all threads of each block of the grid, whatever their number. `Static`: a bit for each argument that
/// nothing writes while the kernel runs. It ends in a barrier of the block, so the arena can be used again.
struct StageFunction {
  std::string name;                ///< without "_stage": of the kernel that is nothing else
  std::string text;                ///< needs device_stage_prelude() before it
  std::string parameters;          ///< of arguments and results, each after a comma, and the iteration
  std::string arguments;           ///< the same as a kernel's own parameters are called
  bool has_rows = false;           ///< false: block 0 alone does it, with one thread
  std::uint32_t shared_bytes = 0;  ///< of the arena, aligned to 16
};
/// To be called in this order, with a barrier of the grid between them. `group` is part of their names. Any
/// stage that `lower` makes has some. `active`: null, or of the loop whose body it is, where only those rows
/// are to be computed.
std::vector<StageFunction> emit_stage_functions(const plan::Stage& stage, const std::string& group,
                                                DeviceOptions options = {},
                                                const plan::ActiveSet* active = nullptr);
/// Arguments that a kernel of that stage alone never writes: those that it gathers.
std::uint64_t static_arguments(const plan::Stage& stage);

/// The same as kernels.
DeviceGroup emit_device_group(const plan::Stage& stage, const std::string& group, DeviceOptions options = {},
                              const plan::ActiveSet* active = nullptr);
/// Everything that groups build on: the same for all of them.
std::string device_stage_prelude();

}  // namespace monograph::codegen
