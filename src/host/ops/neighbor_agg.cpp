#include <optional>

#include "host/ops/arg_extreme.h"
#include "host/ops/label_mode.h"

namespace monograph::ops {
namespace {

enum class Agg : std::uint8_t {
  Sum,
  Mean,
  Min,
  Max,
  Prod,
  Count,
  Any,
  All,
  Mode,
  ArgMin,
  ArgMax,
  BitOr,
  BitAnd
};
constexpr std::string_view kAggNames[] = {"sum", "mean", "min",    "max",    "prod",   "count",  "any",
                                          "all", "mode", "argmin", "argmax", "bit_or", "bit_and"};
enum : std::size_t { kX, kWeights, kFill };
enum : std::size_t { kAgg, kDirection, kIncludeSelf };

constexpr OperandSpec kOperands[] = {
    {"x", "a column over the nodes"},
    {"weights",
     "[E], of x's element type: multiplies the neighbour's value; not for count, any, all, bit_or, bit_and",
     OperandKind::Optional},
    {"fill", "a scalar of x's type: min and max of an empty neighbourhood; default the identity",
     OperandKind::Optional}};
constexpr AttrSpec kAttrs[] = {
    {.name = "agg",
     .kind = AttrKind::Enum,
     .doc = "mean: f64, or f32 of f32; count, any, all: of bool; mode: of integer "
            "labels; argmin, argmax: index of "
            "the neighbour, i32, -1 if there is none; bit_or, bit_and: of integers",
     .names = kAggNames},
    direction_attr(Direction::In),
    include_self_attr()};

/// The monoid that an aggregate is, if it is one. Count is the sum of a bool column.
constexpr std::optional<MonoidKind> monoid_kind(Agg agg) {
  switch (agg) {
    case Agg::Sum:
    case Agg::Count:
      return MonoidKind::Sum;
    case Agg::Prod:
      return MonoidKind::Prod;
    case Agg::Min:
      return MonoidKind::Min;
    case Agg::Max:
      return MonoidKind::Max;
    case Agg::Any:
      return MonoidKind::Any;
    case Agg::All:
      return MonoidKind::All;
    case Agg::BitOr:
      return MonoidKind::BitOr;
    case Agg::BitAnd:
      return MonoidKind::BitAnd;
    default:
      return {};
  }
}

constexpr bool is_logical(Agg agg) { return agg == Agg::Count || agg == Agg::Any || agg == Agg::All; }
constexpr bool is_bitwise(Agg agg) { return agg == Agg::BitOr || agg == Agg::BitAnd; }

// ------------------------------------------------------------------------------------------------- type rule

void check_elements(const InferContext& c, Agg agg) {
  const std::string why = " for aggregate " + std::string(kAggNames[static_cast<std::size_t>(agg)]);
  if (is_logical(agg))
    expect_elements(c, kX, Allowed::Bool, why + " (compare first; graph.degree counts neighbours)");
  else if (is_bitwise(agg))
    expect_elements(c, kX, Allowed::Int, why);
  else if (agg != Agg::Sum && agg != Agg::Mean)
    expect_elements(c, kX, Allowed::Num, why);
}

void check_weights(const InferContext& c, Agg agg) {
  if (!c.has(kWeights)) return;
  if (is_logical(agg) || is_bitwise(agg))
    c.fail("no weights with aggregate " + std::string(kAggNames[static_cast<std::size_t>(agg)]),
           to_string(c.operand(kWeights)));
  edges_operand(c, kWeights);
  expect_elements(c, kWeights, Allowed::Num);
  if (c.operand(kWeights).scalar != c.operand(kX).scalar)
    c.fail("weights of x's element type (convert one with cast)",
           to_string(c.operand(kX)) + " and " + to_string(c.operand(kWeights)));
}

void check_fill(const InferContext& c, Agg agg) {
  if (!c.has(kFill)) return;
  if (agg != Agg::Min && agg != Agg::Max)
    c.fail("fill only with aggregate min or max", std::string(kAggNames[static_cast<std::size_t>(agg)]));
  expect_scalar(c, kFill, c.operand(kX).scalar);
}

ScalarType result_type(Agg agg, ScalarType x) {
  if (const auto kind = monoid_kind(agg)) return accumulator_type(*kind, x);
  if (agg == Agg::Mean) return x == ScalarType::F32 ? x : ScalarType::F64;
  return ScalarType::I32;  // argmin, argmax: a node index
}

std::vector<Type> infer(const InferContext& c) {
  const auto agg = c.enumeration<Agg>(kAgg);
  nodes_operand(c, kX);
  check_fill(c, agg);
  if (agg == Agg::Mode) return infer_label_mode(c);
  check_elements(c, agg);
  check_weights(c, agg);
  return {nodes_of(result_type(agg, c.operand(kX).scalar))};
}

// ----------------------------------------------------------------------------------------------------
// meaning

/// x[u] * weights[edge], or x[u], in type T: what a neighbour contributes.
template <class T>
struct Contribution {
  std::span<const T> x;
  std::optional<std::span<const T>> weights;

  explicit Contribution(const EvalContext& c) : x(c.in<T>(kX)) {
    if (c.has(kWeights)) weights = c.in<T>(kWeights);
  }
  T operator()(std::int32_t u, std::int64_t edge) const {
    const T value = element(x, u);
    return weights ? Row<ScalarOp::Mul>::run<T, T>(value, element(*weights, edge), T{}) : value;
  }
};

template <class T, class R>
void aggregate(EvalContext& c, const Neighborhoods& at, MonoidKind kind) {
  const Contribution<T> from(c);
  const auto m = monoid_of<R>(kind);
  const bool self = std::get<bool>(c.attrs[kIncludeSelf]);
  const R fill = c.has(kFill) ? static_cast<R>(c.in<T>(kFill)[0]) : m.identity;
  const auto value = [&](std::int32_t u, std::int64_t edge) { return static_cast<R>(from(u, edge)); };
  std::int32_t v = 0;
  for (R& r : c.out<R>()) {
    r = at.size(v) == 0 && !self ? fill : at.fold<R>(v, value, m);
    if (self) r = m.combine(r, static_cast<R>(element(from.x, v)));
    ++v;
  }
}

/// Elements of T as reals of type R, summed and divided by the sum of weights, or by the number of
/// neighbours.
template <class T, class R>
void average(EvalContext& c, const Neighborhoods& at) {
  const Contribution<T> from(c);
  const auto sum = monoid_of<R>(MonoidKind::Sum);
  const R self = std::get<bool>(c.attrs[kIncludeSelf]) ? R(1) : R(0);
  const auto weight = [&](std::int32_t, std::int64_t edge) {
    return static_cast<R>(element(*from.weights, edge));
  };
  const auto value = [&](std::int32_t u, std::int64_t edge) {
    const R x = static_cast<R>(element(from.x, u));
    return from.weights ? x * weight(u, edge) : x;
  };
  std::int32_t v = 0;
  for (R& r : c.out<R>()) {
    R total = at.fold<R>(v, value, sum);
    R count = from.weights ? at.fold<R>(v, weight, sum) : static_cast<R>(at.size(v));
    if (self != 0) total += static_cast<R>(element(from.x, v)), count += self;
    r = count == 0 ? R(0) : total / count;
    ++v;
  }
}

template <class T>
void find_extreme(EvalContext& c, const Neighborhoods& at, bool smallest) {
  const Contribution<T> from(c);
  const bool self = std::get<bool>(c.attrs[kIncludeSelf]);
  std::int32_t v = 0;
  for (std::int32_t& r : c.out<std::int32_t>()) {
    Extreme<T> best{smallest};
    at.for_each(v, [&](std::int32_t u, std::int64_t edge) { best.offer(from(u, edge), u); });
    if (self) best.offer(element(from.x, v), v);
    r = static_cast<std::int32_t>(best.index);
    ++v;
  }
}

void evaluate(EvalContext& c) {
  const auto agg = c.enumeration<Agg>(kAgg);
  const Neighborhoods at(c.run.graph(), c.enumeration<Direction>(kDirection));
  if (agg == Agg::Mode)
    return evaluate_label_mode(c, at, {.include_self = std::get<bool>(c.attrs[kIncludeSelf])});
  dispatch(c.in(kX).type.scalar, [&]<class T>(std::type_identity<T>) {
    if (agg == Agg::Mean)
      return average<T, std::conditional_t<std::is_same_v<T, float>, float, double>>(c, at);
    if (const auto kind = monoid_kind(agg))
      return dispatch(c.results[0].type.scalar,
                      [&]<class R>(std::type_identity<R>) { aggregate<T, R>(c, at, *kind); });
    find_extreme<T>(c, at, agg == Agg::ArgMin);
  });
}

}  // namespace

extern const OpDef neighbor_agg{
    .name = "graph.neighbor_agg",
    .doc =
        "the neighbours' values combined, [V] -> [V]. Empty neighbourhood: sum, count, mean 0, prod 1, any "
        "false, "
        "all true, min and max fill, mode the own value. Mean divides by the sum of weights (0 where that is "
        "0). "
        "Float sums and products have the row shape; with both, the in-row's result joins the out-row's",
    .access = Access::Segmented,
    .operands = kOperands,
    .attrs = kAttrs,
    .infer = infer,
    .evaluate = evaluate};

}  // namespace monograph::ops
