// Steps that are no kernel: checks, outputs, stores, scatters. What may stand in a loop works in place,
// without allocation; the rest, and every failure, goes through the operation's own definition.
#include <monograph/error.h>

#include <algorithm>
#include <cstring>

#include "host/cpu/instance.h"
#include "host/ir/evaluation.h"
#include "host/ops/dispatch.h"
#include "host/ops/index_check.h"
#include "host/ops/monoid.h"

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

/// Is the order in which elements meet without effect on the bits?
bool order_free(ops::MonoidKind kind, ScalarType t) {
  return !is_float(t) || (kind != ops::MonoidKind::Sum && kind != ops::MonoidKind::Prod);
}

template <class T, class R, class I>
bool scatter(const T* x, const I* index, R* out, std::int64_t rows, std::int64_t nodes,
             ops::MonoidKind kind) {
  const auto m = ops::monoid_of<R>(kind);
  std::fill_n(out, nodes, m.identity);
  for (std::int64_t i = 0; i < rows; ++i) {
    if (index[i] < 0 || index[i] >= nodes) return false;
    R& to = out[index[i]];
    to = m.combine(to, static_cast<R>(x[i]));
  }
  return true;
}

template <class T, class I>
bool take(const T* x, const I* index, T* out, std::int64_t rows, std::int64_t nodes) {
  for (std::int64_t i = 0; i < rows; ++i) {
    if (index[i] < 0 || index[i] >= nodes) return false;
    out[i] = x[index[i]];
  }
  return true;
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
    case ops::OpId::Take:
      if (take_in_place(s)) return;
      break;
    case ops::OpId::ScatterReduce:
      if (scatter_in_place(n, s)) return;
      break;
    default:
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

/// False when an index is out of range, or is no column: then the definition says so.
bool Instance::take_in_place(const Step& s) {
  const Type &x = slot(s.in[0]).type, &index = slot(s.in[1]).type;
  if (index.domain == Domain::Scalar) return false;
  return ops::dispatch(x.scalar, [&]<class T>(std::type_identity<T>) {
    const auto run = [&]<class I>(const I* i) {
      return take(static_cast<const T*>(columns_[s.in[0]]), i, static_cast<T*>(columns_[s.out[0]]),
                  elements(index), elements(x));
    };
    return index.scalar == ScalarType::I32 ? run(static_cast<const std::int32_t*>(columns_[s.in[1]]))
                                           : run(static_cast<const std::int64_t*>(columns_[s.in[1]]));
  });
}

bool Instance::scatter_in_place(const ir::Node& n, const Step& s) {
  const auto kind = static_cast<ops::MonoidKind>(std::get<ops::EnumValue>(n.attrs[0]).index);
  const Type &x = slot(s.in[0]).type, &index = slot(s.in[1]).type, &out = slot(s.out[0]).type;
  if (!order_free(kind, out.scalar)) return false;
  return ops::dispatch(x.scalar, [&]<class T>(std::type_identity<T>) {
    return ops::dispatch(out.scalar, [&]<class R>(std::type_identity<R>) {
      const auto run = [&]<class I>(const I* i) {
        return scatter(static_cast<const T*>(columns_[s.in[0]]), i, static_cast<R*>(columns_[s.out[0]]),
                       elements(index), elements(out), kind);
      };
      return index.scalar == ScalarType::I32 ? run(static_cast<const std::int32_t*>(columns_[s.in[1]]))
                                             : run(static_cast<const std::int64_t*>(columns_[s.in[1]]));
    });
  });
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
