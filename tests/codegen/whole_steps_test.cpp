// Sorts, triangles and labels by score as device code: the oracle's bits, whatever the order of threads.
#include <gtest/gtest.h>
#include <monograph/order.h>

#include <cmath>
#include <limits>
#include <random>

#include "host/codegen/device_step.h"
#include "host/plan/compile.h"
#include "on_both.h"
#include "unit/test_programs.h"

namespace monograph::test {
namespace {

using monograph::testing::program_of;

/// Many equal numbers, and all kinds of them.
Graph column_of(std::int64_t nodes) {
  Graph g = Graph::from_edges({.source = {}, .target = {}, .attributes = {}, .ids = NodeIds::dense(nodes)});
  constexpr double kInf = std::numeric_limits<double>::infinity();
  const double odd[] = {-0.0, 0.0, kInf, -kInf, std::nan(""), -std::nan("")};
  std::mt19937 random(5);
  std::vector<double> x;
  for (std::int64_t v = 0; v < nodes; ++v)
    x.push_back(random() % 9 == 0 ? odd[random() % 6] : (static_cast<double>(random() % 4000) - 2000) / 7);
  g.set_node_attribute("x", Column::of(std::span<const double>(x)));
  return g;
}

Program sorts() {
  return program_of("sorts", [](ProgramBuilder& p, GraphRef g) {
    const Value x = g.load_node("x"), narrow = as_f32(x);
    p.output("argsort", argsort(x));
    p.output("sort", monograph::sort(as_i32(x), true));
    p.output("rank", monograph::rank(narrow, RankTies::Highest, true));
    p.output("frequency", frequency(as_i32(x)));
    p.output("first", is_first(x > 0.0));
    p.output("top", top_k(x > 0.0, 40));
  });
}

TEST(WholeSteps, SortsOfAnySize) {
  MONOGRAPH_NEEDS_COMPILER();
  OnBoth both(sorts());
  for (const std::int64_t nodes : {0, 1, 31, 257, 1025, 2100}) both.expect_same(column_of(nodes));
}

TEST(WholeSteps, RoomOfASortIsWhatKernelsUse) {
  const plan::Plan plan = *plan::compile(sorts().ir()).plan;
  std::int64_t most = 0;
  for (std::size_t i = 0; i < plan.blocks[0].steps.size(); ++i)
    if (const auto step = codegen::device_step(plan, 0, i))
      most = std::max(most, step->partial_bytes(5000, 0));
  EXPECT_EQ(most, 5 * 1024 + 2 * 8 * 5000) << "a number per digit and chunk, two orders";
}

/// A hub with a loop, double edges, edges and their reverse, rows of one, of a few, of more than 32
/// neighbours.
Graph tangle(bool undirected) {
  EdgeList list{
      .source = {}, .target = {}, .attributes = {}, .ids = NodeIds::dense(300), .undirected = undirected};
  std::mt19937 random(2);
  for (int i = 0; i < 1200; ++i) {
    const auto any = [&](unsigned n) { return static_cast<std::int32_t>(random() % n); };
    const std::int32_t from = i % 6 == 0 ? 3 : any(300), to = i % 3 ? any(40) : any(250);
    list.source.push_back(from), list.target.push_back(to);
    if (i % 7 == 0) list.source.push_back(to), list.target.push_back(from);
  }
  list.source.push_back(3), list.target.push_back(3);
  Graph g = Graph::from_edges(std::move(list));
  std::vector<double> w;
  for (std::int64_t e = 0; e < g.edge_count(); ++e) w.push_back(1.0 / static_cast<double>(e % 17 + 1) - 0.1);
  g.set_edge_attribute("weight", Column::of(std::span<const double>(w)));
  return g;
}

TEST(WholeSteps, RowsOfATangle) {
  MONOGRAPH_NEEDS_COMPILER();
  OnBoth both(program_of("rows", [](ProgramBuilder& p, GraphRef g) {
    const Value w = g.load_edge("weight"), v = g.node_index(), x = 1.0 / as_f64(v + 1);
    p.output("neighbours", g.neighbor_count());
    p.output("common", g.common_neighbors());
    p.output("each", g.triangles());
    p.output("once", g.triangles(Triangles::Once));
    p.output("arcs", g.triangles(Triangles::Arcs));
    p.output("at", g.neighbor_at(v, safe_mod(v, 5), Direction::Both));
    p.output("picked", g.pick_neighbor(v, random(1, as_i64(v)), Direction::In, w));
    for (const auto d : {Direction::In, Direction::Out, Direction::Both})
      p.output("best" + std::to_string(static_cast<int>(d)),
               g.best_label(safe_mod(v, 50) - 2, x, x, 3.0, {.direction = d, .weights = w}));
    p.output("alone", g.best_label(as_i64(v), x, x, 3.0, {.direction = Direction::Both}));
  }));
  both.expect_same(tangle(false));
  both.expect_same(tangle(true));
}

}  // namespace
}  // namespace monograph::test
