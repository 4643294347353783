// The most frequent label of a neighbourhood: what neighbor_mode and neighbor_agg with mode share.
#pragma once

#include "host/ops/neighborhood.h"

namespace monograph::ops {

struct ModeRule {
  Ties ties = Ties::Lowest;
  bool include_self = false;
};

/// Checks labels (operand 0: i32[V] or i64[V]) and weights (operand 1: numeric [E]) and gives the labels'
/// type.
std::vector<Type> infer_label_mode(const InferContext& c);
/// result[v] = the label of greatest weight total (of count without weights) among v's neighbours; its own
/// label where it has none. Weights of one label are added in neighbour order; a NaN total is less than any
/// other.
void evaluate_label_mode(EvalContext& c, const Neighborhoods& at, ModeRule rule);

}  // namespace monograph::ops
