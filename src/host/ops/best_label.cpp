#include <algorithm>

#include "host/ops/neighborhood.h"
#include "host/ops/node_column.h"

namespace monograph::ops {
namespace {

enum : std::size_t { kLabels, kNodeCost, kLabelCost, kFactor, kWeights };

constexpr OperandSpec kOperands[] = {
    {"labels", "i32[V] or i64[V]"},
    {"node_cost", "f64[V]: what the node adds to the cost of its own label"},
    {"label_cost", "f64[V]: of label c in element c; labels outside of 0..V-1 cost 0"},
    {"factor", "f64"},
    {"weights", "f64[E]; 1 each without", OperandKind::Optional}};
constexpr AttrSpec kAttrs[] = {direction_attr(Direction::In)};

std::vector<Type> infer(const InferContext& c) {
  nodes_operand(c, kLabels);
  expect_elements(c, kLabels, Allowed::Int, " (labels)");
  for (const std::size_t i : {kNodeCost, kLabelCost})
    c.expect(c.operand(i) == nodes_of(ScalarType::F64), "f64[V]", i);
  expect_scalar(c, kFactor, ScalarType::F64);
  if (c.has(kWeights)) c.expect(c.operand(kWeights) == edges_of(ScalarType::F64), "f64[E]", kWeights);
  return {c.operand(kLabels)};
}

struct Vote {
  std::int64_t label;
  double weight;
};

/// The label for node v; the votes are sorted by label and the own one is among them.
std::int64_t best(const EvalContext& c, std::size_t v, std::span<const Vote> votes, std::int64_t own) {
  const auto cost = c.in<double>(kLabelCost);
  const double mine = c.in<double>(kNodeCost)[v], share = c.in<double>(kFactor)[0] * mine;
  const auto score = [&](std::int64_t label, double total) {
    const bool known = label >= 0 && static_cast<std::size_t>(label) < cost.size();
    const double all = known ? cost[static_cast<std::size_t>(label)] : 0;
    return total - share * (label == own ? all - mine : all);
  };
  std::int64_t winner = own;
  double most = 0;
  for (const bool of_own : {true, false})  // the own label first: others have to be better
    for (std::size_t i = 0; i < votes.size();) {
      const std::int64_t label = votes[i].label;
      double total = 0;
      for (; i < votes.size() && votes[i].label == label; ++i) total += votes[i].weight;
      if ((label == own) != of_own) continue;
      const double points = score(label, total);
      if (of_own || points > most || (most != most && points == points)) winner = label, most = points;
    }
  return winner;
}

template <class L>
void elect(EvalContext& c) {
  const Neighborhoods at(c.run.graph(), c.enumeration<Direction>(0));
  const auto labels = c.in<L>(kLabels);
  const auto out = c.out<L>();
  std::vector<Vote> votes;
  for (std::size_t v = 0; v < out.size(); ++v) {
    votes.assign(1, {labels[v], 0});
    at.for_each(static_cast<std::int32_t>(v), [&](std::int32_t u, std::int64_t edge) {
      const double weight = c.has(kWeights) ? element(c.in<double>(kWeights), edge) : 1;
      if (static_cast<std::size_t>(u) != v) votes.push_back({element(labels, u), weight});
    });
    std::ranges::stable_sort(votes, {}, &Vote::label);
    out[v] = static_cast<L>(best(c, v, votes, labels[v]));
  }
}

void evaluate(EvalContext& c) {
  if (c.in(kLabels).type.scalar == ScalarType::I32)
    elect<std::int32_t>(c);
  else
    elect<std::int64_t>(c);
}

}  // namespace

extern const OpDef best_label{
    .name = "graph.best_label",
    .doc =
        "of the neighbours' labels and the own one that with the highest score, [V]: the weight of the edges "
        "to "
        "neighbours with it, added in neighbour order, less factor * node_cost[v] * (label_cost[label], of "
        "the "
        "own label less node_cost[v]); self-loops do not count. The own label stays unless another scores "
        "higher, of others the lowest wins, a NaN is below all numbers",
    .access = Access::Whole,
    .operands = kOperands,
    .attrs = kAttrs,
    .walks = true,
    .infer = infer,
    .evaluate = evaluate};

}  // namespace monograph::ops
