// From a group's region to a Stage. Every value is lowered at the places where it is needed: the same column
// may be read at the row, at its neighbours, and at the ends of an edge.
#include <monograph/error.h>

#include <algorithm>
#include <map>
#include <optional>

#include "host/plan/aggregates.h"
#include "host/plan/stage.h"

namespace monograph::plan {
namespace {

using ir::Node;
using ir::Region;
using ir::ValueId;
using ops::OpId;
using Kind = Operation::Kind;

/// From where a value is seen. Row: the stage's own element. Center: in edge code, the node that aggregates.
enum class Spot : std::uint8_t { Row, Neighbor, Source, Center, Edge };
constexpr std::size_t kSpots = 5;
// Compiled code has a tile of each on the stack.
constexpr std::size_t kAggregatesAtMost = 256;

Place place_of(Spot s) {
  switch (s) {
    case Spot::Neighbor:
      return Place::Neighbor;
    case Spot::Source:
      return Place::Source;
    case Spot::Edge:
      return Place::Edge;
    default:
      return Place::Row;
  }
}

class Lowering {
 public:
  explicit Lowering(const Region& region) : region_(region) {}

  Stage run() {
    stage_.arguments = region_.args;
    for (ValueId v : region_.results) stage_.result_types.push_back(type(v));
    find_domain();
    find_late();
    find_aggregates();
    emit_entry();
    emit_edges();
    emit_rows();
    emit_finish();
    verify_takes();
    if (stage_.aggregates.size() > kAggregatesAtMost)
      throw CompileError({}, "control.fused: a group has " + std::to_string(stage_.aggregates.size()) +
                                 " aggregates, at most " + std::to_string(kAggregatesAtMost) +
                                 " are possible");
    for (ValueId v : region_.results) stage_.results.push_back(result(v));
    return std::move(stage_);
  }

 private:
  /// The registers of one range of code, by value and spot.
  using Registers = std::map<std::pair<Spot, ValueId>, Register>;
  using Needed = std::array<std::vector<bool>, kSpots>;

  const Type& type(ValueId v) const { return ir::type_of(region_, v); }
  bool is_scalar_value(ValueId v) const { return type(v).domain == Domain::Scalar; }

  [[noreturn]] void fail(const Node& n, const std::string& what) const {
    throw CompileError(ir::location_of(n), std::string(ops::def(n.op).name) + ": " + what);
  }
  /// A take over the rows checks each of them, whoever needs its result.
  bool checks_rows(const Node& n) const {
    return n.op == OpId::Take && n.results[0].domain == stage_.domain.domain;
  }
  static bool is_reduction(const Node& n) {
    return n.op == OpId::Reduce || n.op == OpId::ArgMin || n.op == OpId::ArgMax;
  }

  // ---- what the group is
  void see(const Type& t, const Node* at) {
    if (t.domain == Domain::Scalar) return;
    if (stage_.domain.domain == Domain::Scalar) stage_.domain = with_scalar(t, ScalarType::F64);
    if (with_scalar(t, ScalarType::F64) == stage_.domain) return;
    const std::string what =
        "expected one domain in a group, got " + to_string(stage_.domain) + " and " + to_string(t);
    if (at) fail(*at, what);
    throw CompileError({}, "control.fused: " + what);
  }

  void find_domain() {
    stage_.domain = scalar_of(ScalarType::F64);
    for (ValueId v : region_.results) see(type(v), v.is_argument() ? nullptr : &region_.nodes[v.node]);
    for (const Node& n : region_.nodes)
      if (is_reduction(n)) see(type(n.operands[0]), &n);
    if (stage_.domain.domain != Domain::Scalar) return;
    for (const Node& n : region_.nodes)  // a group that only checks
      if (n.op == OpId::Take) see(n.results[0], &n);
  }

  /// Scalars that follow from a reduction of this group: finish code.
  void find_late() {
    late_.resize(region_.nodes.size());
    for (std::size_t i = 0; i < late_.size(); ++i) {
      const Node& n = region_.nodes[i];
      if (n.results.empty() || n.results[0].domain != Domain::Scalar) continue;
      const bool reduces = is_reduction(n) && !is_scalar_value(n.operands[0]);
      late_[i] = reduces || std::ranges::any_of(n.operands, [&](ValueId v) {
                   return !v.is_none() && !v.is_argument() && late_[v.node];
                 });
    }
  }
  bool is_late(ValueId v) const { return !v.is_argument() && late_[v.node]; }

  /// A check that the group would make for some elements only, or for none, is an error of the program. Each
  /// row is looked at, and of a group over nodes that aggregates, each edge.
  void verify_takes() const {
    std::vector<bool> made(region_.nodes.size());
    for (const Operation& o : stage_.code)
      if (o.kind == Kind::Take && (checks_rows(region_.nodes[o.node]) || o.place == Place::Edge))
        made[o.node] = true;
    for (std::size_t i = 0; i < made.size(); ++i)
      if (region_.nodes[i].op == OpId::Take && !made[i])
        fail(region_.nodes[i],
             "expected indices over the rows of the group, or over edges that it aggregates");
  }

  // ---- emission
  Register append(Operation o) {
    stage_.code.push_back(o);
    return static_cast<Register>(stage_.code.size() - 1);
  }
  Register here() const { return static_cast<Register>(stage_.code.size()); }

  Register constant(const Constant& c, std::uint32_t node) {
    return append({.kind = Kind::Constant, .type = c.type, .constant = c, .node = node});
  }
  Register scalar(ops::ScalarOp op, ScalarType operand, ScalarType result, std::initializer_list<Register> in,
                  std::uint32_t node) {
    Operation o{.kind = Kind::Scalar, .type = result, .operand = operand, .scalar = op, .node = node};
    for (Register r : in) o.in[o.arity++] = r;
    return append(o);
  }
  Register cast(Register r, ScalarType to, std::uint32_t node) {
    const ScalarType from = stage_.code[r].type;
    return from == to ? r : scalar(ops::ScalarOp::Cast, from, to, {r}, node);
  }

  Register row_op(const Node& n, std::uint32_t at, const std::array<Register, 3>& in) {
    const ops::ScalarOp op = ops::scalar_op(n.op);
    const bool select = ops::info(op).operands == ops::Operands::Select;
    Operation o{.kind = Kind::Scalar,
                .type = n.results[0].scalar,
                .operand = type(n.operands[select ? 1 : 0]).scalar,
                .scalar = op,
                .arity = static_cast<std::uint8_t>(n.operands.size()),
                .node = at};
    o.in = in;
    return append(o);
  }

  // ---- entry and finish: scalars
  Register scalar_register(ValueId v) const {
    const auto it = scalars_.find(v);
    if (it == scalars_.end()) throw CompileError({}, "control.fused: a scalar is needed before it is known");
    return it->second;
  }

  /// A scalar node whose operands are known; empty when it is no scalar code.
  Register scalar_node(const Node& n, std::uint32_t at) {
    switch (n.op) {
      case OpId::Constant:
        return constant(std::get<Constant>(n.attrs[0]), at);
      case OpId::NodeCount:
        return append({.kind = Kind::NodeCount, .type = ScalarType::I64, .node = at});
      case OpId::EdgeCount:
        return append({.kind = Kind::EdgeCount, .type = ScalarType::I64, .node = at});
      case OpId::Reduce:  // of a scalar: the scalar itself
        return cast(scalar_register(n.operands[0]), n.results[0].scalar, at);
      default:
        break;
    }
    if (!ops::is_scalar(n.op)) fail(n, "expected an operation that can be part of a group");
    std::array<Register, 3> in{kNoRegister, kNoRegister, kNoRegister};
    for (std::size_t i = 0; i < n.operands.size(); ++i) in[i] = scalar_register(n.operands[i]);
    return row_op(n, at, in);
  }

  void emit_entry() {
    stage_.entry.begin = here();
    for (std::uint32_t i = 0; i < region_.args.size(); ++i)
      if (region_.args[i].domain == Domain::Scalar)
        scalars_[ValueId::argument(i)] =
            append({.kind = Kind::Argument, .type = region_.args[i].scalar, .index = i});
    for (std::uint32_t i = 0; i < region_.nodes.size(); ++i) {
      const Node& n = region_.nodes[i];
      if (n.results.empty()) fail(n, "expected an operation with a result in a group");
      if (n.results[0].domain != Domain::Scalar || late_[i]) continue;
      scalars_[{i, 0}] = scalar_node(n, i);
    }
    stage_.entry.end = here();
  }

  void emit_finish() {
    stage_.finish.begin = here();
    for (std::uint32_t i = 0; i < region_.nodes.size(); ++i) {
      const Node& n = region_.nodes[i];
      if (!late_[i]) continue;
      if (is_reduction(n) && !is_scalar_value(n.operands[0]))
        scalars_[{i, 0}] = append(
            {.kind = Kind::Reduction, .type = n.results[0].scalar, .index = add_reduction(n), .node = i});
      else
        scalars_[{i, 0}] = scalar_node(n, i);
    }
    stage_.finish.end = here();
  }

  std::uint32_t add_reduction(const Node& n) {
    Reduction r{.type = n.results[0].scalar, .value = row_register(n.operands[0])};
    r.accumulator = r.type;
    if (n.op == OpId::Reduce) {
      r.monoid = static_cast<ops::MonoidKind>(std::get<ops::EnumValue>(n.attrs[0]).index);
      const bool adds = r.monoid == ops::MonoidKind::Sum || r.monoid == ops::MonoidKind::Prod;
      if (adds && r.type == ScalarType::F32) r.accumulator = ScalarType::F64;
    } else {
      r.kind = n.op == OpId::ArgMin ? Reduction::Kind::ArgMin : Reduction::Kind::ArgMax;
      r.accumulator = type(n.operands[0]).scalar;
    }
    stage_.reductions.push_back(r);
    return static_cast<std::uint32_t>(stage_.reductions.size() - 1);
  }

  // ---- columns
  static std::vector<bool>& at(Needed& needed, Spot s) { return needed[static_cast<std::size_t>(s)]; }
  void need(Needed& needed, Spot s, ValueId v) const {
    if (!v.is_none() && !v.is_argument() && !is_scalar_value(v)) at(needed, s)[v.node] = true;
  }
  Needed nothing() const {
    Needed n;
    n.fill(std::vector<bool>(region_.nodes.size()));
    return n;
  }

  /// From where `gather`'s operand is seen when the edge is seen from `s`.
  Spot end_of(OpId gather, Spot s) const {
    const bool source = gather == OpId::GatherSrc || gather == OpId::EdgeSrc;
    if (s == Spot::Row) return source ? Spot::Source : Spot::Neighbor;
    if (direction_ == ops::Direction::Both)  // the same code runs for edges that enter and that leave
      throw CompileError({}, "control.fused: " + std::string(ops::def(gather).name) +
                                 " in a group: expected edges walked in one direction, got both");
    return source == (direction_ == ops::Direction::In) ? Spot::Neighbor : Spot::Center;
  }

  /// Marks what `needed` needs in turn; later nodes first.
  void close(Needed& needed) const {
    for (std::size_t i = region_.nodes.size(); i-- > 0;)
      for (std::size_t k = 0; k < kSpots; ++k)
        if (needed[k][i]) need_operands(needed, static_cast<Spot>(k), region_.nodes[i]);
  }

  void need_operands(Needed& needed, Spot s, const Node& n) const {
    if (const auto a = read_aggregate(region_, n)) return need(needed, s, a->own);
    if (n.op == OpId::Take) return need(needed, s, n.operands[1]);
    const bool gathers = n.op == OpId::GatherSrc || n.op == OpId::GatherDst;
    for (ValueId v : n.operands) need(needed, gathers ? end_of(n.op, s) : s, v);
  }

  Register column(Registers& known, Spot s, ValueId v, std::uint32_t for_node) {
    if (v.is_none()) return kNoRegister;
    if (is_scalar_value(v)) return scalar_register(v);
    if (const auto it = known.find({s, v}); it != known.end()) return it->second;
    if (!v.is_argument()) throw CompileError({}, "control.fused: a column is needed before it is known");
    const Type& t = type(v);
    const bool edge = t.domain == Domain::Edges,
               at_edge = s == Spot::Edge || (s == Spot::Row && over_edges());
    if (edge != at_edge)
      throw CompileError({}, "control.fused: a column of " + to_string(t) + " is read elsewhere");
    const Register r = append({.kind = Kind::Argument,
                               .type = t.scalar,
                               .place = place_of(s),
                               .index = v.result,
                               .node = for_node});
    return known[{s, v}] = r;
  }
  bool over_edges() const { return stage_.domain.domain == Domain::Edges; }

  Register index(Spot s, ScalarType t, std::uint32_t node) {
    return append({.kind = Kind::Index, .type = t, .place = place_of(s), .node = node});
  }

  Register column_node(Registers& known, Spot s, std::uint32_t i) {
    const Node& n = region_.nodes[i];
    switch (n.op) {
      case OpId::Full:
        return constant(std::get<Constant>(n.attrs[0]), i);
      case OpId::Broadcast:
        return scalar_register(n.operands[0]);
      case OpId::NodeIndex:
      case OpId::Iota:
        return index(s, n.results[0].scalar, i);
      case OpId::EdgeSrc:
      case OpId::EdgeDst:
        return index(end_of(n.op, s), ScalarType::I32, i);
      case OpId::GatherSrc:
      case OpId::GatherDst:
        return column(known, end_of(n.op, s), n.operands[0], i);
      case OpId::Take:
        return take(known, s, n, i);
      default:
        break;
    }
    if (!ops::is_scalar(n.op)) fail(n, "expected an operation that can be part of a group");
    std::array<Register, 3> in{kNoRegister, kNoRegister, kNoRegister};
    for (std::size_t k = 0; k < n.operands.size(); ++k) in[k] = column(known, s, n.operands[k], i);
    return row_op(n, i, in);
  }

  Register take(Registers& known, Spot s, const Node& n, std::uint32_t i) {
    if (!n.operands[0].is_argument()) fail(n, "expected x to come from outside of the group");
    Operation o{.kind = Kind::Take,
                .type = n.results[0].scalar,
                .place = place_of(s),
                .arity = 1,
                .index = n.operands[0].result,
                .node = i};
    o.in[0] = column(known, s, n.operands[1], i);
    return append(o);
  }

  void emit_columns(Registers& known, const Needed& needed) {
    for (std::uint32_t i = 0; i < region_.nodes.size(); ++i)
      for (std::size_t k = 0; k < kSpots; ++k)
        if (needed[k][i]) {
          const auto s = static_cast<Spot>(k);
          const bool aggregates = aggregate_of_[i] && s == Spot::Row;
          known[{s, ValueId{i, 0}}] = aggregates ? aggregate_result(i) : column_node(known, s, i);
        }
  }

  // ---- aggregates
  void find_aggregates() {
    aggregate_of_.resize(region_.nodes.size());
    for (std::uint32_t i = 0; i < region_.nodes.size(); ++i)
      aggregate_of_[i] = read_aggregate(region_, region_.nodes[i]);
  }

  void emit_edges() {
    rows_ = nothing();
    for (ValueId v : region_.results) need(rows_, Spot::Row, v);
    for (const Node& n : region_.nodes)
      if (is_reduction(n)) need(rows_, Spot::Row, n.operands[0]);
    for (std::uint32_t i = 0; i < region_.nodes.size(); ++i)
      if (checks_rows(region_.nodes[i])) need(rows_, Spot::Row, {i, 0});
    close(rows_);
    for (std::uint32_t i = 0; i < region_.nodes.size(); ++i)
      if (aggregate_of_[i] && at(rows_, Spot::Row)[i]) emit_edge(i);
  }

  /// The neighbour's or edge's contribution, times its weight, as the type in which it is combined.
  void emit_edge(std::uint32_t i) {
    const AggregateNode& a = *aggregate_of_[i];
    direction_ = a.direction;
    Aggregate out{
        .kind = a.kind, .direction = a.direction, .monoid = a.monoid, .type = a.type, .ties = a.ties};
    out.total = a.total;
    out.include_self = a.include_self && a.kind != Aggregate::Kind::Fold;
    Needed needed = nothing();
    const Spot from = a.at_edges ? Spot::Edge : Spot::Neighbor;
    need(needed, from, a.value);
    need(needed, Spot::Edge, a.weight);
    close(needed);
    Registers known;
    out.edge.begin = here();
    emit_columns(known, needed);
    Register value = column(known, from, a.value, i), weight = column(known, Spot::Edge, a.weight, i);
    if (a.kind == Aggregate::Kind::Mode) {
      out.weight = weight == kNoRegister ? weight : cast(weight, a.total, i);
    } else if (value != kNoRegister) {
      if (a.convert_first) value = cast(value, a.type, i);
      if (weight != kNoRegister) {
        if (a.convert_first) weight = cast(weight, a.type, i);
        const ScalarType t = stage_.code[value].type;
        value = scalar(ops::ScalarOp::Mul, t, t, {value, weight}, i);
      }
      if (a.kind == Aggregate::Kind::Fold) value = cast(value, a.type, i);
    }
    out.value = value;
    out.edge.end = here();
    aggregates_of_[i].push_back(add(out));
    if (a.mean) emit_divisor(i, a);
  }

  /// What a mean divides by: the sum of weights, or the number of neighbours.
  void emit_divisor(std::uint32_t i, const AggregateNode& a) {
    Aggregate out{.kind = Aggregate::Kind::Count, .direction = a.direction, .type = ScalarType::I64};
    out.edge = {here(), here()};
    if (!a.weight.is_none()) {
      out.kind = Aggregate::Kind::Fold, out.monoid = ops::MonoidKind::Sum, out.type = a.type;
      Needed needed = nothing();
      need(needed, Spot::Edge, a.weight);
      close(needed);
      Registers known;
      emit_columns(known, needed);
      out.value = cast(column(known, Spot::Edge, a.weight, i), a.type, i);
      out.edge.end = here();
    }
    aggregates_of_[i].push_back(add(out));
  }

  std::uint32_t add(const Aggregate& a) {
    if (!stage_.aggregates.empty() && stage_.domain.domain != Domain::Nodes)
      throw CompileError({}, "control.fused: an aggregation needs a group over the nodes");
    stage_.aggregates.push_back(a);
    return static_cast<std::uint32_t>(stage_.aggregates.size() - 1);
  }

  void emit_rows() {
    stage_.row.begin = here();
    emit_columns(row_registers_, rows_);
    for (ValueId v : region_.results)
      if (!is_scalar_value(v)) row_register(v);
    for (const Node& n : region_.nodes)
      if (is_reduction(n) && !is_scalar_value(n.operands[0])) row_register(n.operands[0]);
    stage_.row.end = here();
  }
  Register row_register(ValueId v) { return column(row_registers_, Spot::Row, v, 0); }

  Register aggregate_value(std::uint32_t i, std::size_t which, Register own = kNoRegister) {
    const std::uint32_t number = aggregates_of_[i][which];
    stage_.aggregates[number].own = own;
    return append(
        {.kind = Kind::Aggregate, .type = stage_.aggregates[number].type, .index = number, .node = i});
  }

  /// Row code around the combined neighbourhood: the own value joins, or a fill stands for an empty one.
  Register aggregate_result(std::uint32_t i) {
    const AggregateNode& a = *aggregate_of_[i];
    Register own = a.own.is_none() ? kNoRegister : column(row_registers_, Spot::Row, a.own, i);
    if (a.kind != Aggregate::Kind::Fold) return aggregate_value(i, 0, own);
    Register total = aggregate_value(i, 0);
    if (a.mean) return mean(i, a, total, own);
    if (a.include_self)
      return scalar(ops::info(a.monoid).combine, a.type, a.type, {total, cast(own, a.type, i)}, i);
    if (a.fill.is_none()) return total;
    const Register fill = cast(scalar_register(a.fill), a.type, i);
    const Register degree = add_degree(i, a.direction);
    const Register zero = constant(Constant::of(std::int64_t{0}), i);
    const Register empty = scalar(ops::ScalarOp::Eq, ScalarType::I64, ScalarType::Bool, {degree, zero}, i);
    return scalar(ops::ScalarOp::Where, a.type, a.type, {empty, fill, total}, i);
  }

  Register add_degree(std::uint32_t i, ops::Direction direction) {
    const std::uint32_t number =
        add({.kind = Aggregate::Kind::Count, .direction = direction, .type = ScalarType::I64, .edge = {}});
    return append({.kind = Kind::Aggregate, .type = ScalarType::I64, .index = number, .node = i});
  }

  Register mean(std::uint32_t i, const AggregateNode& a, Register total, Register own) {
    Register count = cast(aggregate_value(i, 1), a.type, i);
    if (a.include_self) {
      const bool wide = a.type == ScalarType::F64;
      total = scalar(ops::ScalarOp::Add, a.type, a.type, {total, cast(own, a.type, i)}, i);
      const Register one = constant(wide ? Constant::of(1.0) : Constant::of(1.0f), i);
      count = scalar(ops::ScalarOp::Add, a.type, a.type, {count, one}, i);
    }
    const Register zero = constant(a.type == ScalarType::F64 ? Constant::of(0.0) : Constant::of(0.0f), i);
    return scalar(ops::ScalarOp::SafeDiv, a.type, a.type, {total, count, zero}, i);
  }

  Register result(ValueId v) { return is_scalar_value(v) ? scalar_register(v) : row_register(v); }

  const Region& region_;
  Stage stage_;
  std::vector<bool> late_;
  std::vector<std::optional<AggregateNode>> aggregate_of_;             // per node
  std::map<std::uint32_t, std::vector<std::uint32_t>> aggregates_of_;  // node -> aggregates of the stage
  std::map<ValueId, Register> scalars_;
  Registers row_registers_;
  Needed rows_;
  ops::Direction direction_{};
};

}  // namespace

Stage lower(const ir::Program& program, ir::RegionIndex group) {
  return Lowering(program.regions.at(group)).run();
}

}  // namespace monograph::plan
