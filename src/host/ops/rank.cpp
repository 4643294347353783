#include "host/ops/sorted.h"

namespace monograph::ops {
namespace {

enum class RankTies : std::uint8_t { Ordinal, Lowest, Highest };
constexpr std::string_view kRankTiesNames[] = {"ordinal", "lowest", "highest"};

constexpr OperandSpec kOperands[] = {kSortedOperand};
constexpr AttrSpec kAttrs[] = {
    enum_attr("ties", "equal elements have places of their own, or all the lowest or highest of these",
              kRankTiesNames, 0),
    descending_attr(false)};

std::vector<Type> infer(const InferContext& c) {
  return {with_scalar(column_operand(c, 0), ScalarType::I64)};
}

void evaluate(EvalContext& c) {
  const auto ties = c.enumeration<RankTies>(0);
  const auto out = c.out<std::int64_t>();
  dispatch(c.in(0).type.scalar, [&]<class T>(std::type_identity<T>) {
    const auto order = order_of(c.in<T>(0), std::get<bool>(c.attrs[1]));
    for_each_run<T>(c.in<T>(0), order, [&](std::size_t first, std::size_t last) {
      for (std::size_t k = first; k < last; ++k)
        out[static_cast<std::size_t>(order[k])] =
            static_cast<std::int64_t>(ties == RankTies::Ordinal  ? k
                                      : ties == RankTies::Lowest ? first
                                                                 : last - 1);
    });
  });
}

}  // namespace

extern const OpDef rank{.name = "core.rank",
                        .doc = "the place of each element in the order, from 0, i64 over x's domain",
                        .access = Access::Whole,
                        .operands = kOperands,
                        .attrs = kAttrs,
                        .infer = infer,
                        .evaluate = evaluate};

}  // namespace monograph::ops
