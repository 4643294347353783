// Steps of a plan that run as kernels: groups, and the operations outside of groups that work on whole
// columns (checks, scatters, and those of Access::Whole). What is neither leaves the run (outputs, stores) or
// decides what runs (loops, branches).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "host/codegen/device_active.h"
#include "host/codegen/device_stage.h"
#include "host/ops/op_def.h"
#include "host/plan/plan.h"

namespace monograph::codegen {

struct DeviceStep {
  enum class Kind : std::uint8_t { Group, Check, Scatter, Whole };
  Kind kind{};
  Type rows = {};          ///< blocks of its kernels share the elements of this domain; a scalar: one block
  bool can_fail = false;   ///< it may note a failed check in mg_device::failed
  plan::Stage stage = {};  ///< of a group
  /// Of a group that need not compute all rows, where DeviceOptions::active says so.
  std::optional<ActiveRows> active = {};
  Type operand = {};         ///< Check: what is looked at
  ops::MonoidKind monoid{};  ///< Scatter
  ScalarType element{}, index{}, result{};
  ops::OpId op{};  ///< Whole
  std::vector<ops::Attr> attrs = {};
  std::vector<std::optional<Type>> operands = {};  ///< of Whole; empty where absent
  Type gives = {};                                 ///< of Whole

  std::int64_t row_count(std::int64_t nodes, std::int64_t edges) const;
  /// What mg_device::partial and mg_device::votes need to have room for.
  std::int64_t partial_bytes(std::int64_t nodes, std::int64_t edges) const;
  std::int64_t vote_bytes(std::int64_t edges, bool undirected) const;
};

/// Nothing when the step has no kernels.
std::optional<DeviceStep> device_step(const plan::Plan& plan, plan::BlockIndex block, std::size_t step);

/// One call of what a step that is no group consists of, by all threads of all blocks; between calls they
/// wait for each other.
struct StepCall {
  std::string part = {};       ///< of a kernel's name
  std::string text = {};       ///< without its semicolon
  std::string condition = {};  ///< where it has any effect; empty: everywhere
  std::int64_t rows_per_block = 0;
  std::uint32_t shared_bytes = 0;  ///< of the arena
};
/// How what the calls work on is spelled: the pointers to operands (nullptr where one is absent) and result,
/// and `run`, an mg_device*.
struct StepWords {
  std::string grid, run, arena;
  std::vector<std::string> in = {};
  std::string out = {};
};
/// Of a step that is no group.
std::vector<StepCall> step_calls(const DeviceStep& step, const StepWords& words);

/// The kernels of a step; `name` is part of their names. Needs device_stage_prelude() before it. Of a step
/// that is no group: its kernels have the same parameters as those of groups, and a failed check is noted as
/// its element alone.
DeviceGroup emit_device_step(const DeviceStep& step, const std::string& name, DeviceOptions options = {});

}  // namespace monograph::codegen
