#include "host/ops/attribute.h"

namespace monograph::ops {
namespace {

std::vector<Type> infer(const InferContext& c) { return infer_load(c, Domain::Edges); }
void evaluate(EvalContext& c) { evaluate_load(c, Domain::Edges); }

}  // namespace

extern const OpDef load_edge{
    .name = "attr.load_edge",
    .doc = "an edge attribute of the graph, [E]; without a default the graph must have it",
    .access = Access::Source,
    .attrs = kLoadAttrs,
    .bound = true,
    .infer = infer,
    .evaluate = evaluate,
    .bind = bind_load<Domain::Edges>};

}  // namespace monograph::ops
