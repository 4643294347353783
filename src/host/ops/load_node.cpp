#include "host/ops/attribute.h"

namespace monograph::ops {
namespace {

std::vector<Type> infer(const InferContext& c) { return infer_load(c, Domain::Nodes); }
void evaluate(EvalContext& c) { evaluate_load(c, Domain::Nodes); }

}  // namespace

extern const OpDef load_node{
    .name = "attr.load_node",
    .doc = "a node attribute of the graph, [V]; without a default the graph must have it",
    .access = Access::Source,
    .attrs = kLoadAttrs,
    .bound = true,
    .infer = infer,
    .evaluate = evaluate,
    .bind = bind_load<Domain::Nodes>};

}  // namespace monograph::ops
