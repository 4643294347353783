// Your own CSR in, spans out: no file, no copies beyond the graph's own.
#include <monograph/monograph.h>

#include <cstdint>
#include <cstdio>
#include <vector>

using namespace monograph;

int main() {
  // 0 -> 1 -> 2, with weights
  const std::vector<std::int64_t> row_offsets{0, 1, 2, 2};
  const std::vector<std::int32_t> column_indices{1, 2};
  const std::vector<double> weights{0.5, 1.25};
  const Graph graph =
      Graph::from_csr(row_offsets, column_indices, {{"weight", Column::of(std::span(weights))}});

  Session session;
  const Result result = session.run(sssp(), graph, Parameters().set("source", 0));
  const std::span<const double> distance = result.column<double>("distance");
  std::printf("distances from 0: %g %g %g\n", distance[0], distance[1], distance[2]);
  return distance[2] == 1.75 ? 0 : 1;
}
