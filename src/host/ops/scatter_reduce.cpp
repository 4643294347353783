#include "host/ops/canonical.h"
#include "host/ops/dispatch.h"
#include "host/ops/index_check.h"
#include "host/ops/signature.h"

namespace monograph::ops {
namespace {

constexpr OperandSpec kOperands[] = {{"x", "a column over the nodes"},
                                     {"index", "i32[V] or i64[V]: where each element of x goes"}};
constexpr AttrSpec kAttrs[] = {monoid_attr()};

std::vector<Type> infer(const InferContext& c) {
  const auto kind = c.enumeration<MonoidKind>(0);
  nodes_operand(c, 0);
  expect_monoid(c, 0, kind);
  nodes_operand(c, 1);
  expect_elements(c, 1, Allowed::Int);
  return {nodes_of(accumulator_type(kind, c.operand(0).scalar))};
}

/// For each node the positions whose index names it, ascending: rows like those of a graph.
template <class I>
std::vector<std::vector<std::size_t>> landings(std::span<const I> index, std::size_t nodes) {
  std::vector<std::vector<std::size_t>> rows(nodes);
  for (std::size_t i = 0; i < index.size(); ++i) rows[static_cast<std::size_t>(index[i])].push_back(i);
  return rows;
}

template <class I>
void scatter(EvalContext& c) {
  const auto index = c.in<I>(1);
  const auto nodes = c.results[0].column.size();
  check_indices(c, index, nodes);
  const auto rows = landings(index, static_cast<std::size_t>(nodes));
  dispatch(c.in(0).type.scalar, [&]<class T>(std::type_identity<T>) {
    dispatch(c.results[0].type.scalar, [&]<class R>(std::type_identity<R>) {
      const auto m = monoid_of<R>(c.enumeration<MonoidKind>(0));
      const auto x = c.in<T>(0);
      const auto out = c.out<R>();
      for (std::size_t v = 0; v < rows.size(); ++v)
        out[v] = row_fold<R>(
            static_cast<std::int64_t>(rows[v].size()),
            [&](std::int64_t i) { return static_cast<R>(x[rows[v][static_cast<std::size_t>(i)]]); }, m);
    });
  });
}

void evaluate(EvalContext& c) {
  if (c.in(1).type.scalar == ScalarType::I32)
    scatter<std::int32_t>(c);
  else
    scatter<std::int64_t>(c);
}

}  // namespace

extern const OpDef scatter_reduce{
    .name = "graph.scatter_reduce",
    .doc =
        "all x[i] whose index[i] is v combined, [V]; the identity where there is none. Elements that meet "
        "form a "
        "row in ascending i (row shape); an index outside of 0..V-1 stops the run",
    .access = Access::Scatter,
    .effect = Effect::Check,
    .operands = kOperands,
    .attrs = kAttrs,
    .infer = infer,
    .evaluate = evaluate};

}  // namespace monograph::ops
