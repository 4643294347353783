#include "host/codegen/device_step.h"

#include <monograph/error.h>

#include <algorithm>

#include "host/codegen/stage_text.h"
#include "host/codegen/whole_step.h"
#include "host/ops/canonical.h"
#include "host/ops/op_def.h"

namespace monograph::codegen {
namespace {

using ops::MonoidKind;

constexpr int kPasses = 4;                  // of 8 bits: all of a node's number
constexpr std::int64_t kPartialBytes = 16;  // mg_words

std::int64_t leaves(std::int64_t rows) {
  return (rows + scalar::mg_column_leaf - 1) / scalar::mg_column_leaf;
}

/// Float sums and products: their value depends on the order of what meets.
bool is_ordered(const DeviceStep& s) {
  return is_float(s.result) && (s.monoid == MonoidKind::Sum || s.monoid == MonoidKind::Prod);
}

std::vector<StepCall> check_calls(const DeviceStep& s, const StepWords& w) {
  if (s.operand.domain == Domain::Scalar)
    return {{.text = "mg_check_scalar(" + w.grid + ", " + w.run + ", " + w.in[0] + ")"}};
  const std::string rows = s.rows.domain == Domain::Nodes   ? w.run + "->nodes"
                           : s.rows.domain == Domain::Edges ? w.run + "->edges"
                                                            : std::to_string(s.rows.length);
  return {{.text = "mg_check_column(" + w.grid + ", " + w.run + ", " + w.in[0] + ", " + rows + ")",
           .rows_per_block = scalar::mg_column_leaf}};
}

std::vector<StepCall> scatter_calls(const DeviceStep& s, const StepWords& w) {
  const std::string types = "<" + monoid_name(s.monoid) + ", " + type_word(s.result) + ">(" + w.grid + ", " +
                            w.run,
                    elements = ", " + w.in[0] + ", " + w.in[1] + ", " + w.out + ")";
  const auto rows = scalar::mg_column_leaf;
  if (!is_ordered(s))
    return {
        {.part = "_empty", .text = "mg_scatter_empty" + types + ", " + w.out + ")", .rows_per_block = rows},
        {.part = "_offer", .text = "mg_scatter_offer" + types + elements, .rows_per_block = rows}};
  std::vector<StepCall> calls;
  for (int pass = 0; pass < kPasses; ++pass) {
    const std::string p = std::to_string(pass),
                      call = "<" + p + ">(" + w.grid + ", " + w.run + ", " + w.in[1] + ", " + w.arena + ")",
                      condition = pass == 0 ? "" : "mg_scatter_passes(" + w.run + "->nodes) > " + p;
    for (const auto& [name, bytes] :
         {std::pair("count", kDigitBytes), std::pair("place", kBlockThreads / 32 * kDigitBytes)})
      calls.push_back({.part = "_" + std::string(name) + p,
                       .text = "mg_scatter_" + std::string(name) + call,
                       .condition = condition,
                       .rows_per_block = rows,
                       .shared_bytes = bytes});
  }
  calls.push_back({.part = "_fold", .text = "mg_scatter_fold" + types + elements, .rows_per_block = rows});
  return calls;
}

KernelHead kernel_head(const DeviceStep& s, const std::string& name) {
  switch (s.kind) {
    case DeviceStep::Kind::Check:
      return {.name = "mg_" + name + "_check",
              .parameters = std::string("mg_device* run, const ") +
                            (s.operand.domain == Domain::Scalar ? "mg_value" : "bool") + "* a0",
              .operands = 1};
    case DeviceStep::Kind::Scatter:
      return {.name = "mg_" + name + "_scatter_" + std::string(ops::info(s.monoid).name) + "_" +
                      std::string(to_string(s.result)),
              .parameters = "mg_device* run, const " + type_word(s.element) + "* a0, const " +
                            type_word(s.index) + "* a1, " + type_word(s.result) + "* r0",
              .operands = 2};
    default:
      return whole_head(s, name);
  }
}

/// One kernel per call, all with the parameters of the step.
DeviceGroup kernels_of(const DeviceStep& step, const std::string& name) {
  KernelHead head = kernel_head(step, name);
  StepWords words{.grid = "mg_grid{blockIdx.x, gridDim.x}", .run = "run", .arena = "arena", .out = "r0"};
  for (std::size_t i = 0; i < head.operands; ++i) words.in.push_back("a" + std::to_string(i));
  KernelText text(std::move(head));
  for (const StepCall& call : step_calls(step, words))
    text.kernel(call.part, call.text, call.rows_per_block, call.shared_bytes);
  return std::move(text).finish();
}

DeviceStep whole_step(const ir::Node& n, const plan::Plan& plan, const plan::Step& s) {
  DeviceStep d{.kind = DeviceStep::Kind::Whole, .op = n.op, .attrs = n.attrs};
  for (const plan::SlotId in : s.in)
    d.operands.push_back(in == plan::kNoSlot ? std::nullopt : std::optional(plan.slots[in].type));
  d.gives = plan.slots[s.out[0]].type;
  d.rows = whole_rows(d);
  return d;
}

DeviceStep group_step(plan::Stage stage, std::optional<ActiveRows> active) {
  DeviceStep s{.kind = DeviceStep::Kind::Group, .rows = stage.domain};
  s.can_fail = std::ranges::any_of(
      stage.code, [](const plan::Operation& o) { return o.kind == plan::Operation::Kind::Take; });
  s.stage = std::move(stage), s.active = std::move(active);
  return s;
}

}  // namespace

std::int64_t DeviceStep::row_count(std::int64_t nodes, std::int64_t edges) const {
  return rows.domain == Domain::Scalar ? 0 : ops::element_count(rows, nodes, edges);
}

std::int64_t DeviceStep::partial_bytes(std::int64_t nodes, std::int64_t edges) const {
  if (kind == Kind::Group)
    return kPartialBytes * leaves(row_count(nodes, edges)) *
           static_cast<std::int64_t>(stage.reductions.size());
  if (kind == Kind::Whole) return whole_room(*this, nodes, edges);
  return kind == Kind::Scatter && is_ordered(*this) ? sort_room(nodes, size_of(ScalarType::I32)) : 0;
}

/// Two slots per edge and direction that some mode walks. Where one direction is walked as rows that enter
/// and one as rows that leave, both have tables: also of an undirected graph.
std::int64_t DeviceStep::vote_bytes(std::int64_t edges, bool undirected) const {
  std::int64_t enter = 0, leave = 0;
  const auto elect = [&](ops::Direction d) {
    if (d != ops::Direction::Out) enter = 1;
    if (d == ops::Direction::Out || (d == ops::Direction::Both && !undirected)) leave = 1;
  };
  for (const plan::Aggregate& a : stage.aggregates)
    if (a.kind == plan::Aggregate::Kind::Mode) elect(a.direction);
  if (kind == Kind::Whole && op == ops::OpId::BestLabel) elect(*ops::walked(ops::def(op), attrs));
  return 2 * 8 * (enter + leave) * edges;
}

std::optional<DeviceStep> device_step(const plan::Plan& plan, plan::BlockIndex block, std::size_t step) {
  const plan::Block& b = plan.blocks[block];
  const plan::Step& s = b.steps[step];
  const ir::Node& n = plan.program.regions[b.region].nodes[s.node];
  const auto type = [&](plan::SlotId slot) { return plan.slots[slot].type; };
  if (s.kind == plan::Step::Kind::Group)
    return group_step(plan::lower(plan.program, n.regions[0]), active_rows(plan, block));
  if (s.kind != plan::Step::Kind::Host) return {};
  if (n.op == ops::OpId::Check)
    return DeviceStep{
        .kind = DeviceStep::Kind::Check, .rows = type(s.in[0]), .can_fail = true, .operand = type(s.in[0])};
  if (ops::def(n.op).access == ops::Access::Whole) return whole_step(n, plan, s);
  if (n.op != ops::OpId::ScatterReduce) return {};
  return DeviceStep{.kind = DeviceStep::Kind::Scatter,
                    .rows = nodes_of(ScalarType::Bool),
                    .can_fail = true,
                    .monoid = static_cast<MonoidKind>(std::get<ops::EnumValue>(n.attrs[0]).index),
                    .element = type(s.in[0]).scalar,
                    .index = type(s.in[1]).scalar,
                    .result = type(s.out[0]).scalar};
}

std::vector<StepCall> step_calls(const DeviceStep& step, const StepWords& words) {
  switch (step.kind) {
    case DeviceStep::Kind::Check:
      return check_calls(step, words);
    case DeviceStep::Kind::Scatter:
      return scatter_calls(step, words);
    case DeviceStep::Kind::Whole:
      return whole_calls(step, words);
    case DeviceStep::Kind::Group:
      break;
  }
  throw InternalError("a group is no list of calls: emit_stage_functions");
}

DeviceGroup emit_device_step(const DeviceStep& step, const std::string& name, DeviceOptions options) {
  if (step.kind != DeviceStep::Kind::Group) return kernels_of(step, name);
  const bool active = options.active && step.active;
  return emit_device_group(step.stage, name, options, active ? &step.active->set : nullptr);
}

}  // namespace monograph::codegen
