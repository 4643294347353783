#include "host/ops/label_mode.h"
#include "host/ops/signature.h"

namespace monograph::ops {
namespace {

enum : std::size_t { kDirection, kTies, kIncludeSelf };

constexpr OperandSpec kOperands[] = {
    {"labels", "i32[V] or i64[V]"},
    {"weights", "numeric [E]: the label with the greatest total wins", OperandKind::Optional}};
constexpr AttrSpec kAttrs[] = {
    direction_attr(Direction::In),
    enum_attr(
        "ties",
        "which of several labels with the same total: the lowest, the highest, or the node's own (else the "
        "lowest)",
        kTiesNames, 0),
    include_self_attr()};

void evaluate(EvalContext& c) {
  const Neighborhoods at(c.run.graph(), c.enumeration<Direction>(kDirection));
  evaluate_label_mode(
      c, at, {.ties = c.enumeration<Ties>(kTies), .include_self = std::get<bool>(c.attrs[kIncludeSelf])});
}

}  // namespace

extern const OpDef neighbor_mode{
    .name = "graph.neighbor_mode",
    .doc = "the most frequent label among each node's neighbours, [V]; the own label where there is none",
    .access = Access::Segmented,
    .operands = kOperands,
    .attrs = kAttrs,
    .infer = infer_label_mode,
    .evaluate = evaluate};

}  // namespace monograph::ops
