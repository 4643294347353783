#include "host/ops/dispatch.h"
#include "host/ops/neighborhood.h"
#include "host/ops/signature.h"

namespace monograph::ops {
namespace {

constexpr OperandSpec kOperands[] = {
    {"e", "a column over the edges"},
    {"fill", "a scalar, for nodes without edges; default the identity", OperandKind::Optional}};
constexpr AttrSpec kAttrs[] = {{.name = "at",
                                .kind = AttrKind::Enum,
                                .doc = "which end collects: src: edges leaving a node; dst: edges entering "
                                       "it; both: entering, then leaving (on "
                                       "an undirected graph each incident edge once)",
                                .names = kEdgeEndNames},
                               monoid_attr()};

std::vector<Type> infer(const InferContext& c) {
  const auto kind = c.enumeration<MonoidKind>(1);
  edges_operand(c, 0);
  expect_monoid(c, 0, kind);
  const ScalarType result = accumulator_type(kind, c.operand(0).scalar);
  if (c.has(1) && c.operand(1) != scalar_of(c.operand(0).scalar)) expect_scalar(c, 1, result);
  return {nodes_of(result)};
}

Direction direction_of(EdgeEnd at) {
  return at == EdgeEnd::Src ? Direction::Out : at == EdgeEnd::Dst ? Direction::In : Direction::Both;
}

template <class T, class R>
void reduce(std::span<const T> e, const Neighborhoods& at, const Monoid<R>& m, R fill, std::span<R> out) {
  const auto value = [&](std::int32_t, std::int64_t edge) { return static_cast<R>(element(e, edge)); };
  std::int32_t v = 0;
  for (R& r : out) {
    r = at.size(v) == 0 ? fill : at.fold<R>(v, value, m);
    ++v;
  }
}

/// The only element of an optional operand in the result's type, or `otherwise`.
template <class R>
R scalar_or(const EvalContext& c, std::size_t i, R otherwise) {
  if (!c.has(i)) return otherwise;
  return dispatch(c.in(i).type.scalar,
                  [&]<class T>(std::type_identity<T>) { return static_cast<R>(c.in<T>(i)[0]); });
}

void evaluate(EvalContext& c) {
  const Neighborhoods at(c.run.graph(), direction_of(c.enumeration<EdgeEnd>(0)));
  dispatch(c.in(0).type.scalar, [&]<class T>(std::type_identity<T>) {
    dispatch(c.results[0].type.scalar, [&]<class R>(std::type_identity<R>) {
      const auto m = monoid_of<R>(c.enumeration<MonoidKind>(1));
      reduce<T, R>(c.in<T>(0), at, m, scalar_or(c, 1, m.identity), c.out<R>());
    });
  });
}

}  // namespace

extern const OpDef reduce_edges{.name = "graph.reduce_edges",
                                .doc =
                                    "the edges at each node combined: [E] -> [V]. Sums of bool and i32 are "
                                    "i64; float sums and products have "
                                    "the row shape",
                                .access = Access::Segmented,
                                .operands = kOperands,
                                .attrs = kAttrs,
                                .infer = infer,
                                .evaluate = evaluate};

}  // namespace monograph::ops
