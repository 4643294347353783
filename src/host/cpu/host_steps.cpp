// Steps that are no kernel: checks, outputs, stores, scatters, whole columns. What may stand in a loop works
// in place, without allocation; the rest, and every failure, goes through the operation's own definition.
#include <monograph/error.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "host/cpu/instance.h"
#include "host/cpu/scatter.h"
#include "host/ir/evaluation.h"
#include "host/ops/index_check.h"

namespace monograph::cpu {

using plan::SlotId;
using plan::Step;

namespace {

/// A scalar slot's value, as a column of one element.
Column column_of(const scalar::mg_value& v, ScalarType t) {
  Column c(t, 1);
  std::memcpy(c.data(), &v, static_cast<std::size_t>(size_of(t)));
  return c;
}

}  // namespace

bool Instance::host(plan::BlockIndex index, std::size_t at) {
  const Step& s = program_->plan().blocks[index].steps[at];
  try {
    if (s.kind == Step::Kind::Group) fail_check(index, at);
    host_step(index, at);
    return true;
  } catch (...) {
    run_.stopped = std::current_exception();
    return false;
  }
}

void Instance::host_step(plan::BlockIndex index, std::size_t at) {
  const Step& s = program_->plan().blocks[index].steps[at];
  const ir::Node& n = program_->node(index, s);
  switch (n.op) {
    case ops::OpId::Check:
      if (nothing_bad(s)) return;
      break;
    case ops::OpId::ScatterReduce:
      if (scatter_in_place(n, s)) return;
      break;
    default:
      if (ops::def(n.op).access == ops::Access::Whole && whole_in_place(n, s)) return;
      break;
  }
  generic_step(index, at);
}

bool Instance::nothing_bad(const Step& s) const {
  const SlotId bad = s.in[0];
  if (slot(bad).type.domain == Domain::Scalar) return !scalars_[bad].b;
  const auto* elements_of = static_cast<const unsigned char*>(columns_[bad]);
  const std::int64_t n = elements(slot(bad).type);
  unsigned char any = 0;
  for (std::int64_t i = 0; i < n; ++i) any |= elements_of[i];
  return any == 0;
}

/// False when an index is out of range: then the definition says so.
bool Instance::scatter_in_place(const ir::Node& n, const Step& s) {
  Scatter job{.monoid = static_cast<ops::MonoidKind>(std::get<ops::EnumValue>(n.attrs[0]).index),
              .element = slot(s.in[0]).type.scalar,
              .index = slot(s.in[1]).type.scalar,
              .x = columns_[s.in[0]],
              .at = columns_[s.in[1]],
              .out = columns_[s.out[0]]};
  if (has_row_shape(job.monoid, job.element))
    job.counts = static_cast<std::int32_t*>(scatter_room_[0].data()), job.sums = scatter_room_[1].data();
  return scatter(job, run_, threads_);
}

bool Instance::whole_in_place(const ir::Node& n, const Step& s) {
  std::array<WholeValue, 8> in;
  for (std::size_t i = 0; i < s.in.size(); ++i) {
    if (s.in[i] == plan::kNoSlot) continue;
    const Type& t = slot(s.in[i]).type;
    const void* data = t.domain == Domain::Scalar ? &scalars_[s.in[i]] : columns_[s.in[i]];
    in.at(i) = {t, data, elements(t)};
  }
  const Type& t = slot(s.out[0]).type;
  return whole_.run({.node = n,
                     .in = std::span(in).first(s.in.size()),
                     .type = t,
                     .out = columns_[s.out[0]],
                     .size = elements(t)});
}

/// Memory that scatters need beside their results.
void Instance::make_scatter_room() {
  for (const plan::Block& b : program_->plan().blocks)
    for (const Step& s : b.steps) {
      const ir::Node& n = program_->plan().program.regions[b.region].nodes[s.node];
      if (n.op != ops::OpId::ScatterReduce || !scatter_room_.empty()) continue;
      const auto monoid = static_cast<ops::MonoidKind>(std::get<ops::EnumValue>(n.attrs[0]).index);
      if (!has_row_shape(monoid, slot(s.in[0]).type.scalar)) continue;
      scatter_room_.push_back(make_column(nodes_of(ScalarType::I32)));
      scatter_room_.push_back(make_column(nodes_of(ScalarType::F64)));
    }
}

/// The value of a slot as a column: the storage itself where it is the program's own.
ops::Value Instance::value_of(SlotId s) {
  const Type& t = slot(s).type;
  if (t.domain == Domain::Scalar) return {t, column_of(scalars_[s], t.scalar)};
  if (slot(s).kind == plan::Slot::Kind::Attribute) return {t, attributes_[s]};
  for (const Column& m : memory_)
    if (m.data() == columns_[s] && m.size() > 0) return {t, m};
  return {t, Column(t.scalar, elements(t))};
}

void Instance::set_value(SlotId s, const Column& value) {
  const Type& t = slot(s).type;
  void* to = t.domain == Domain::Scalar ? static_cast<void*>(&scalars_[s]) : columns_[s];
  if (value.bytes() > 0) std::memcpy(to, value.data(), static_cast<std::size_t>(value.bytes()));
}

/// By the operation's definition, on columns of its own. What leaves the run shares the memory of its slot
/// where no later step writes there.
void Instance::generic_step(plan::BlockIndex index, std::size_t at) {
  const Step& s = program_->plan().blocks[index].steps[at];
  const ir::Node& n = program_->node(index, s);
  const ops::OpDef& def = ops::def(n.op);
  std::vector<ops::Value> in, results;
  for (SlotId i : s.in) in.push_back(i == plan::kNoSlot ? ops::Value{} : value_of(i));
  if (def.effect == ops::Effect::Write && !program_->step(index, at).gives)
    in[0].column.data();  // a copy of its own
  std::vector<const ops::Value*> operands;
  for (std::size_t i = 0; i < in.size(); ++i) operands.push_back(s.in[i] == plan::kNoSlot ? nullptr : &in[i]);
  for (SlotId o : s.out) {
    const Type& t = slot(o).type;
    results.push_back({t, make_column(t)});
  }
  ops::EvalContext c = ir::evaluation_of(n, operands, results, *run_.context);
  def.evaluate(c);
  for (std::size_t i = 0; i < results.size(); ++i) set_value(s.out[i], results[i].column);
}

/// Says what is wrong, as the definition of the operation that failed inside of a group does.
void Instance::fail_check(plan::BlockIndex index, std::size_t at) {
  const Step& s = program_->plan().blocks[index].steps[at];
  const auto which = static_cast<std::size_t>(run_.failed >> 40);
  const auto element = static_cast<std::int64_t>(run_.failed & ((1ull << 40) - 1));
  const ir::Region& group = program_->plan().program.regions[program_->node(index, s).regions[0]];
  const ir::Node& n = group.nodes.at(which);
  ops::fail_index(ir::evaluation_of(n, {}, {}, *run_.context), element, run_.failed_index, run_.nodes);
}

}  // namespace monograph::cpu
