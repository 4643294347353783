#include "host/plan/active_set.h"

#include <algorithm>
#include <cmath>
#include <set>

namespace monograph::plan {
namespace {

using Kind = Operation::Kind;
using ops::ScalarOp;

/// Why a loop has no active set.
struct NoSet {
  std::string reason;
};

class Analysis {
 public:
  Analysis(const Plan& plan, const Step& loop) : plan_(plan), body_(plan.blocks[loop.blocks[0]]) {}

  ActiveSet run() {
    find_group();
    find_column();
    check_inputs();
    find_directions();
    set_.settles = settles();
    if (stage_.reductions.size() > kChangesAtMost) throw NoSet{"its group has many reductions"};
    for (const Reduction& r : stage_.reductions) set_.changes.push_back(change_of(r));
    set_.offers = offers();
    return std::move(set_);
  }

 private:
  const Operation& op(Register r) const { return stage_.code[r]; }

  // ---- the shape of the loop
  void find_group() {
    if (body_.steps.size() != 1 || body_.steps[0].kind != Step::Kind::Group)
      throw NoSet{"its body is more than one group"};
    group_ = &body_.steps[0];
    stage_ = lower(plan_.program, plan_.program.regions[body_.region].nodes[group_->node].regions[0]);
    if (stage_.domain.domain != Domain::Nodes || stage_.aggregates.empty())
      throw NoSet{"its group combines no neighbourhoods"};
    for (const Operation& o : stage_.code)
      if (o.kind == Kind::Take) throw NoSet{"it takes elements by computed indices"};
  }

  /// The one column that changes: the group reads it as an argument and yields its next value in other
  /// memory, which the end of the iteration exchanges.
  void find_column() {
    int columns = 0;
    for (std::uint32_t k = 0; k < stage_.results.size(); ++k)
      if (stage_.result_types[k].domain != Domain::Scalar) set_.result = k, ++columns;
    if (columns != 1) throw NoSet{"it changes " + std::to_string(columns) + " columns at once"};
    const SlotId now = group_->out[set_.result];
    const Move* back = nullptr;
    for (const Move& m : body_.leave)
      if (plan_.slots[m.to].type.domain != Domain::Scalar) {
        if (back) throw NoSet{"columns change places"};
        back = &m;
      }
    if (!back || back->from != now || !back->take)
      throw NoSet{"its column is not the next iteration's input"};
    const auto at = std::ranges::find(group_->in, back->to);
    if (at == group_->in.end() || std::ranges::count(group_->in, back->to) != 1)
      throw NoSet{"its column is not the next iteration's input"};
    set_.argument = static_cast<std::uint32_t>(at - group_->in.begin());
    set_.type = stage_.arguments[set_.argument].scalar;
  }

  /// Nothing else that a row reads may change from one iteration to the next.
  void check_inputs() {
    std::set<SlotId> varying(group_->out.begin(), group_->out.end());
    varying.insert(body_.arguments[0]);
    for (const Move& m : body_.leave) varying.insert(m.to);
    for (std::uint32_t a = 0; a < group_->in.size(); ++a)
      if (a != set_.argument && varying.contains(group_->in[a]))
        throw NoSet{group_->in[a] == body_.arguments[0] ? "its rows read the number of the iteration"
                                                        : "its rows read another value that changes"};
  }

  void find_directions() {
    for (const Aggregate& a : stage_.aggregates) {
      if (a.kind == Aggregate::Kind::Count) continue;
      set_.reads_in |= a.direction != ops::Direction::Out;
      set_.reads_out |= a.direction != ops::Direction::In;
    }
    if (!set_.reads_in && !set_.reads_out) throw NoSet{"its group combines no neighbourhoods"};
  }

  // ---- what a register depends on
  bool is_own(Register r) const {
    return op(r).kind == Kind::Argument && op(r).index == set_.argument && op(r).place == Place::Row;
  }
  bool is_neighbors(Register r) const {
    return op(r).kind == Kind::Argument && op(r).index == set_.argument && op(r).place == Place::Neighbor;
  }

  /// Does row (or edge) code up to `r` read the row's own value of the column?
  bool reads_own(Register r) const {
    if (r == kNoRegister) return false;
    if (is_own(r)) return true;
    if (op(r).kind == Kind::Aggregate) return reads_own(stage_.aggregates[op(r).index]);
    for (int k = 0; k < op(r).arity; ++k)
      if (reads_own(op(r).in[static_cast<std::size_t>(k)])) return true;
    return false;
  }
  /// Without edges the label of a mode is the row's own; but then the row is never active.
  bool reads_own(const Aggregate& a) const {
    const bool joins = a.include_self || (a.kind == Aggregate::Kind::Mode && a.ties == ops::Ties::Keep);
    return (joins && reads_own(a.own)) || reads_own(a.value) || reads_own(a.weight);
  }

  Register next() const { return stage_.results[set_.result]; }

  /// combine(own, rest), where combining twice is combining once: the register of `rest`.
  std::optional<Register> rest_of_combination() const {
    const Operation& o = op(next());
    if (o.kind != Kind::Scalar || o.arity != 2) return {};
    if (o.scalar != ScalarOp::Min && o.scalar != ScalarOp::Max && o.scalar != ScalarOp::And &&
        o.scalar != ScalarOp::Or)
      return {};
    for (std::size_t k = 0; k < 2; ++k)
      if (is_own(o.in[k])) return o.in[1 - k];
    return {};
  }

  bool settles() const {
    const auto rest = rest_of_combination();
    return !reads_own(rest ? *rest : next());
  }

  // ---- reductions
  ActiveSet::Change change_of(const Reduction& r) const {
    using Change = ActiveSet::Change::Kind;
    const Operation& o = op(r.value);
    const bool counts = r.kind == Reduction::Kind::Fold && o.type == ScalarType::Bool &&
                        (r.monoid == ops::MonoidKind::Any || r.monoid == ops::MonoidKind::Sum);
    const bool compares = o.kind == Kind::Scalar && o.arity == 2 &&
                          ((o.in[0] == next() && is_own(o.in[1])) || (o.in[1] == next() && is_own(o.in[0])));
    if (counts && compares) {
      const bool next_first = o.in[0] == next();
      if (o.scalar == ScalarOp::Ne || o.scalar == ScalarOp::Xor) return {Change::Differs};
      if (o.scalar == ScalarOp::Lt) return {next_first ? Change::Less : Change::Greater};
      if (o.scalar == ScalarOp::Gt) return {next_first ? Change::Greater : Change::Less};
    }
    throw NoSet{"it combines the values of all rows, not only whether they changed"};
  }

  // ---- offers
  static std::optional<ops::MonoidKind> fold_of(ScalarOp combine) {
    switch (combine) {
      case ScalarOp::Min:
        return ops::MonoidKind::Min;
      case ScalarOp::Max:
        return ops::MonoidKind::Max;
      case ScalarOp::Or:
        return ops::MonoidKind::Any;
      case ScalarOp::And:
        return ops::MonoidKind::All;
      default:
        return {};
    }
  }

  std::optional<ActiveSet::Offers> offers() const {
    const auto rest = rest_of_combination();
    if (!rest || !set_.settles || stage_.aggregates.size() != 1) return {};
    const Aggregate& a = stage_.aggregates[0];
    const auto monoid = fold_of(op(next()).scalar);
    if (a.kind != Aggregate::Kind::Fold || a.monoid != *monoid || a.include_self) return {};
    const auto is_fold = [&](Register r) { return op(r).kind == Kind::Aggregate; };
    if (!keeps_order(*rest, *monoid, is_fold)) return {};
    const bool bounded = keeps_order(a.value, *monoid, [&](Register r) { return is_neighbors(r); });
    return ActiveSet::Offers{.combine = *monoid, .bounded = bounded, .uniform = is_uniform(a)};
  }

  bool is_uniform(const Aggregate& a) const {
    for (Register r = a.edge.begin; r < a.edge.end; ++r)
      if (op(r).place == Place::Edge || op(r).place == Place::Row) return false;
    return true;
  }

  std::optional<double> finite(Register r) const {
    if (op(r).kind != Kind::Constant || !is_float(op(r).type)) return {};
    const double c =
        op(r).type == ScalarType::F32 ? double(op(r).constant.as<float>()) : op(r).constant.as<double>();
    return std::isfinite(c) ? std::optional(c) : std::nullopt;
  }
  std::optional<std::int64_t> integer(Register r) const {
    if (op(r).kind != Kind::Constant || !is_integer(op(r).type)) return {};
    return op(r).type == ScalarType::I32 ? std::int64_t{op(r).constant.as<std::int32_t>()}
                                         : op(r).constant.as<std::int64_t>();
  }

  /// Is `r` a function of a leaf that maps the better of two values to the better of their images, bit for
  /// bit? Adding a finite float is one (NaN stays NaN, and wins). Adding to an integer wraps, except where
  /// the program itself keeps the last value apart, as searches do with "unreachable".
  template <class Leaf>
  bool keeps_order(Register r, ops::MonoidKind monoid, const Leaf& is_leaf) const {
    if (is_leaf(r)) return true;
    const Operation& o = op(r);
    if (o.kind != Kind::Scalar) return false;
    if (o.scalar == ScalarOp::Add && is_float(o.type)) {
      if (finite(o.in[1])) return keeps_order(o.in[0], monoid, is_leaf);
      return finite(o.in[0]) && keeps_order(o.in[1], monoid, is_leaf);
    }
    return o.scalar == ScalarOp::Where && guarded_step(o, monoid) &&
           keeps_order(op(o.in[2]).in[integer(op(o.in[2]).in[0]) ? 1 : 0], monoid, is_leaf);
  }

  /// where(x == last, last, x + 1) for least values, with x - 1 for greatest.
  bool guarded_step(const Operation& o, ops::MonoidKind monoid) const {
    const Operation &test = op(o.in[0]), &step = op(o.in[2]);
    if (monoid != ops::MonoidKind::Min && monoid != ops::MonoidKind::Max) return false;
    if (test.kind != Kind::Scalar || test.scalar != ScalarOp::Eq || step.kind != Kind::Scalar ||
        step.scalar != ScalarOp::Add || !is_integer(o.type))
      return false;
    const Constant last_one = ops::identity(monoid, o.type);
    const std::int64_t last =
        o.type == ScalarType::I32 ? std::int64_t{last_one.as<std::int32_t>()} : last_one.as<std::int64_t>();
    const std::size_t x_of_test = integer(test.in[0]) ? 1 : 0, x_of_step = integer(step.in[0]) ? 1 : 0;
    const auto guard = integer(test.in[1 - x_of_test]), by = integer(step.in[1 - x_of_step]);
    return guard == last && integer(o.in[1]) == last && test.in[x_of_test] == step.in[x_of_step] &&
           by == (monoid == ops::MonoidKind::Min ? 1 : -1);
  }

  const Plan& plan_;
  const Block& body_;
  const Step* group_ = nullptr;
  Stage stage_;
  ActiveSet set_;
};

}  // namespace

ActiveSetAnswer active_set(const Plan& plan, BlockIndex block, std::size_t step) {
  try {
    return {Analysis(plan, plan.blocks[block].steps[step]).run(), {}};
  } catch (const NoSet& no) {
    return {{}, no.reason};
  }
}

}  // namespace monograph::plan
