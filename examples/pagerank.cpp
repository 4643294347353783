// PageRank written from its formula, and run on Zachary's karate club.
#include <monograph/monograph.h>

#include <cmath>
#include <cstdio>

using namespace monograph;

// [README]
Program my_pagerank() {
  ProgramBuilder p("pagerank");
  GraphRef g = p.graph();
  Value d = p.parameter("damping", 0.85);
  Value n = as_f64(g.node_count());
  Value out = as_f64(g.degree());
  Variable rank = p.variable(g.full(1.0 / n));
  p.until_converged(rank, {.tolerance = 1e-9, .norm = Norm::L1, .max_iterations = 100}, [&] {
    Value followed = g.in_sum(safe_div(rank, out, 0.0));
    Value dangling = sum(where(out == 0.0, rank, 0.0));
    rank = (1.0 - d) / n + d * (followed + dangling / n);
  });
  p.output("rank", rank);
  return p.build();
}
// [/README]

int main() {
  Graph graph = read_graph("gen:karate");
  Session session;
  Result result = session.run(my_pagerank(), graph);
  double total = 0;
  for (double r : result.column<double>("rank")) total += r;
  std::printf("%lld nodes, %lld iterations, ranks sum to %.12f\n", static_cast<long long>(graph.node_count()),
              static_cast<long long>(result.iterations), total);
  return std::abs(total - 1) < 1e-12 && result.converged ? 0 : 1;
}
