#include "host/ops/signature.h"
#include "host/ops/simple_view.h"

namespace monograph::ops {
namespace {

std::vector<Type> infer(const InferContext&) { return {edges_of(ScalarType::I64)}; }

void evaluate(EvalContext& c) {
  const SimpleView view(c.run.graph());
  const Neighborhoods out(c.run.graph(), Direction::Out);
  const auto result = c.out<std::int64_t>();
  for (std::int32_t v = 0; v < c.run.graph().node_count(); ++v)
    out.for_each(v, [&](std::int32_t u, std::int64_t edge) {
      result[static_cast<std::size_t>(edge)] = static_cast<std::int64_t>(view.common(u, v).size());
    });
}

}  // namespace

extern const OpDef common_neighbors{.name = "graph.common_neighbors",
                                    .doc =
                                        "how many nodes are adjacent to both ends of each edge, in whichever "
                                        "direction, i64[E]; an end is not, "
                                        "and a self-loop has 0",
                                    .access = Access::Whole,
                                    .walks = true,
                                    .infer = infer,
                                    .evaluate = evaluate};

}  // namespace monograph::ops
