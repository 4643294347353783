#include "host/ops/signature.h"
#include "host/ops/simple_view.h"

namespace monograph::ops {
namespace {

std::vector<Type> infer(const InferContext&) { return {nodes_of(ScalarType::I64)}; }

void evaluate(EvalContext& c) {
  const SimpleView view(c.run.graph());
  std::int32_t v = 0;
  for (std::int64_t& r : c.out<std::int64_t>()) r = static_cast<std::int64_t>(view.row(v++).size());
}

}  // namespace

extern const OpDef neighbor_count{.name = "graph.neighbor_count",
                                  .doc =
                                      "how many other nodes are adjacent to each, in whichever direction, "
                                      "i64[V]; parallel edges count once",
                                  .access = Access::Whole,
                                  .walks = true,
                                  .infer = infer,
                                  .evaluate = evaluate};

}  // namespace monograph::ops
