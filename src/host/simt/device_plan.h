// The groups of plans as kernels that can be launched.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "host/codegen/device_loop.h"
#include "host/codegen/device_step.h"
#include "host/codegen/object_compiler.h"
#include "host/cpu/program.h"
#include "host/simt/runtime.h"

namespace monograph::simt {

/// Where device text comes from: the codegen floor, but for tests.
struct DeviceSource {
  std::function<std::string()> prelude = codegen::device_stage_prelude;
  std::function<codegen::DeviceGroup(const plan::Stage&, const std::string& group)> group =
      [](const plan::Stage& stage, const std::string& name) {
        return codegen::emit_device_group(stage, name);
      };
  /// Loops that are one kernel each, where they can be (codegen::emit_device_loop); empty: all run step by
  /// step.
  std::function<codegen::DeviceLoop(const plan::Plan&, plan::BlockIndex, std::size_t step,
                                    const std::string& group)>
      loop = {};
  /// As the texts are emitted. Groups that compute only active rows do not come from `group`.
  codegen::DeviceOptions options = {};
  bool always_active = false;  ///< active rows are marked in each iteration, whatever that costs
};
/// `loops`: those that can be one kernel each are.
DeviceSource device_source(bool loops, codegen::DeviceOptions options, bool always_active = false);

struct DeviceKernel {
  Kernel kernel;
  codegen::DeviceKernel shape;
};

/// A plan whose groups are compiled, and what else has kernels: those of each step, in the order of their
/// launch.
class DevicePlan {
 public:
  explicit DevicePlan(std::shared_ptr<const plan::Plan> plan);

  const cpu::PlanProgram& program() const { return *program_; }
  const std::shared_ptr<const cpu::PlanProgram>& shared_program() const { return program_; }
  std::span<const DeviceKernel> kernels(plan::BlockIndex block, std::size_t step) const {
    return kernels_[block][step];
  }
  /// Null: the step has no kernels.
  const codegen::DeviceStep* step(plan::BlockIndex block, std::size_t step) const {
    const auto& s = steps_[block][step];
    return s ? &*s : nullptr;
  }
  /// Of a step that is a loop: its kernel, where it is one.
  const DeviceKernel* loop(plan::BlockIndex block, std::size_t step) const {
    const auto& all = kernels_[block][step];
    const bool is_loop = program_->plan().blocks[block].steps[step].kind == plan::Step::Kind::While;
    return is_loop && !all.empty() ? &all[0] : nullptr;
  }
  const codegen::DeviceOptions& options() const { return options_; }
  double compile_ms() const { return compile_ms_; }

 private:
  friend class DeviceCompiler;
  std::shared_ptr<const cpu::PlanProgram> program_;
  std::vector<std::vector<std::vector<DeviceKernel>>> kernels_;         // [block][step]
  std::vector<std::vector<std::optional<codegen::DeviceStep>>> steps_;  // [block][step]
  codegen::DeviceOptions options_;
  double compile_ms_ = 0;
};

/// Compiles the steps of plans that have kernels: equal ones once, many in one text, several texts at once.
class DeviceCompiler {
 public:
  DeviceCompiler(DeviceSource source, std::shared_ptr<codegen::ObjectStore> store, int threads,
                 codegen::Stop cancel);

  /// Empty when there is a compiler, else why not.
  std::string missing();
  /// DeviceError when there is no compiler; InternalError when device text does not compile. Cancelled.
  void compile(std::span<DevicePlan* const> plans);

 private:
  struct Group;
  struct Shard;
  class Groups;
  std::vector<Group> groups_of(std::span<DevicePlan* const> plans) const;
  codegen::CompileRequest request(const Shard& shard) const;
  void compile(std::vector<Shard>& shards);

  DeviceSource source_;
  codegen::ObjectCompiler compiler_;
  int threads_;
};

}  // namespace monograph::simt
