#include "host/ops/label_mode.h"

#include <algorithm>

#include "host/ops/dispatch.h"
#include "host/ops/scalar_math.h"
#include "host/ops/signature.h"

namespace monograph::ops {
namespace {

template <class L, class W>
struct Vote {
  L label;
  W weight;
};

template <class W>
bool less_total(W a, W b) {
  return a < b || (a != a && b == b);
}
template <class W>
bool same_total(W a, W b) {
  return !less_total(a, b) && !less_total(b, a);
}

/// The winner among votes (at least one), which are sorted by label.
template <class L, class W>
L winner(std::span<const Vote<L, W>> votes, Ties ties, L own) {
  L best{};
  W most{};
  for (std::size_t i = 0; i < votes.size();) {
    const L label = votes[i].label;
    W total{};
    const bool first = i == 0;
    for (; i < votes.size() && votes[i].label == label; ++i) total = scalar::mg_add(total, votes[i].weight);
    const bool tie_goes_here = ties == Ties::Highest || (ties == Ties::Keep && label == own);
    if (first || less_total(most, total) || (tie_goes_here && same_total(most, total)))
      best = label, most = total;
  }
  return best;
}

/// Labels L, weights of type W summed in type A; no weights: every edge counts 1.
template <class L, class W, class A>
void elect(EvalContext& c, const Neighborhoods& at, ModeRule rule) {
  const auto labels = c.in<L>(0);
  const bool weighted = c.has(1);
  const auto weights = weighted ? c.in<W>(1) : std::span<const W>{};
  const auto out = c.out<L>();
  std::vector<Vote<L, A>> votes;
  for (std::size_t v = 0; v < out.size(); ++v) {
    votes.clear();
    at.for_each(static_cast<std::int32_t>(v), [&](std::int32_t u, std::int64_t edge) {
      votes.push_back({element(labels, u), weighted ? static_cast<A>(element(weights, edge)) : A(1)});
    });
    if (rule.include_self || votes.empty()) votes.push_back({labels[v], A(1)});
    // stable: weights of one label keep the neighbours' order
    std::ranges::stable_sort(votes, {}, &Vote<L, A>::label);
    out[v] = winner<L, A>(votes, rule.ties, labels[v]);
  }
}

template <class L>
void elect_by_weight(EvalContext& c, const Neighborhoods& at, ModeRule rule) {
  switch (c.has(1) ? c.in(1).type.scalar : ScalarType::I64) {
    case ScalarType::I32:
      return elect<L, std::int32_t, std::int64_t>(c, at, rule);
    case ScalarType::F32:
      return elect<L, float, float>(c, at, rule);
    case ScalarType::F64:
      return elect<L, double, double>(c, at, rule);
    default:
      return elect<L, std::int64_t, std::int64_t>(c, at, rule);
  }
}

}  // namespace

std::vector<Type> infer_label_mode(const InferContext& c) {
  nodes_operand(c, 0);
  expect_elements(c, 0, Allowed::Int, " (labels)");
  if (c.has(1)) {
    edges_operand(c, 1);
    expect_elements(c, 1, Allowed::Num);
  }
  return {c.operand(0)};
}

void evaluate_label_mode(EvalContext& c, const Neighborhoods& at, ModeRule rule) {
  if (c.in(0).type.scalar == ScalarType::I32)
    elect_by_weight<std::int32_t>(c, at, rule);
  else
    elect_by_weight<std::int64_t>(c, at, rule);
}

}  // namespace monograph::ops
