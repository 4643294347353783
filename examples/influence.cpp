// An algorithm of one's own: opinions spread along edges, stubborn nodes hold theirs. Shows a branch, a
// parameter set per run, one executable run twice without compiling again, and a result stored as an
// attribute of the graph.
#include <monograph/monograph.h>

#include <cstdio>

using namespace monograph;

Program influence() {
  ProgramBuilder p("influence");
  GraphRef g = p.graph();
  Value threshold = p.parameter(
      "threshold", 0.5, {.doc = "how strong an opinion must be to be passed on", .minimum = 0, .maximum = 1});
  Value stubborn = g.node_index() < 2;
  Variable opinion = p.variable(where(stubborn, 1.0, g.full(0.0)));
  p.loop(10, [&] {
    Value voiced = where(opinion >= threshold, opinion, 0.0);
    Value heard = g.neighbor_agg(voiced, Aggregate::Mean, {.direction = Direction::Both});
    opinion = where(stubborn, opinion, 0.5 * opinion + 0.5 * heard);
    p.break_if(all(opinion >= threshold));
  });
  p.output("convinced", count(opinion >= threshold));
  p.store_node("opinion", opinion);
  return p.build();
}

int main() {
  Graph graph = read_graph("gen:karate");
  Session session;
  Executable spread = session.compile(influence());
  const auto eager =
      session.run(spread, graph, Parameters().set("threshold", 0.05)).scalar<std::int64_t>("convinced");
  const auto wary =
      session.run(spread, graph, Parameters().set("threshold", 0.9)).scalar<std::int64_t>("convinced");
  std::printf("convinced: %lld of %lld with a low threshold, %lld with a high one\n",
              static_cast<long long>(eager), static_cast<long long>(graph.node_count()),
              static_cast<long long>(wary));
  return eager > wary && graph.node_attribute("opinion") ? 0 : 1;
}
