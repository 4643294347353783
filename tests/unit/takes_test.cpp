// Takes are members of groups: what they read, and which failure is reported, is as if they stood alone.
#include <gtest/gtest.h>
#include <monograph/io.h>
#include <monograph/program.h>

#include "host/passes/passes.h"
#include "host/plan/compile.h"
#include "host/plan/plan.h"
#include "unit/regressions.h"

using namespace monograph;
using monograph::testing::every_way;
using monograph::testing::Way;

namespace {

/// Every column of the result, or the error.
std::string outcome(const Way& way, const Program& p, const Graph& g) {
  Session session(way.options);
  std::string s;
  try {
    const Executable e = session.compile(p);
    for (int turn = 0; turn < 2; ++turn) {
      const Result r = session.run(e, g);
      for (const Output& o : r.outputs())
        for (std::int64_t i = 0; i < o.column.size(); ++i)
          s += o.name + " " + to_string(o.column.at(i)) + "\n";
    }
  } catch (const RuntimeError& error) {
    s = error.what();
  }
  return s;
}

/// The same everywhere; of a program that fails, with `part` in its message.
void expect_everywhere(const Program& p, const Graph& g, const std::string& part, bool native = false) {
  std::string want;
  for (const Way& way : every_way(native)) {
    const std::string got = outcome(way, p, g);
    if (want.empty()) want = got;
    EXPECT_EQ(got, want) << way.name;
  }
  EXPECT_NE(want.find(part), std::string::npos) << want;
}

/// Groups of the program as it is compiled at the highest level.
std::size_t groups(const Program& p) {
  std::size_t count = 0;
  const ir::Program fused = passes::run(p.ir());
  for (const ir::Region& r : fused.regions)
    for (const ir::Node& n : r.nodes) count += n.op == ir::OpId::Fused;
  return count;
}
std::size_t takes_outside(const Program& p) {
  std::size_t count = 0;
  const plan::Plan plan = *plan::compile(p.ir()).plan;
  for (const plan::Block& b : plan.blocks)
    for (const plan::Step& s : b.steps)
      count += plan.program.regions[b.region].nodes[s.node].op == ir::OpId::Take;
  return count;
}

Graph graph() { return read_graph("gen:rmat:6:4"); }  // 64 nodes

}  // namespace

TEST(Takes, AreMembersOfGroups) {
  ProgramBuilder p("member");
  const GraphRef g = p.graph();
  const Value x = g.degree(Direction::In) + 1;
  const Value parent = safe_idiv(g.node_index(), 2);
  const Value y = take(x, parent) * 2;
  p.output("y", y);
  p.output("sum", sum(take(x, take(parent, parent)) + y));
  const Program program = p.build();
  EXPECT_EQ(takes_outside(program), 0u);
  EXPECT_LE(groups(program), 3u) << "two columns that are read whole, and what reads them";
  expect_everywhere(program, graph(), "y 2", true);
}

TEST(Takes, ReadColumnsThatEveryGroupComputesForItself) {
  ProgramBuilder p("lazy");
  const GraphRef g = p.graph();
  const Value i = g.node_index();
  p.output("back", take(i, g.node_count() - 1 - as_i64(i)) + i);
  p.output("ones", take(g.full(p.constant(1.5)), i));
  expect_everywhere(p.build(), graph(), "back 63", true);
}

TEST(Takes, OverEdgesAndFixedColumns) {
  ProgramBuilder p("domains");
  const GraphRef g = p.graph();
  const Value d = g.degree(Direction::Out);
  const Value source = take(d, g.edge_src()), target = take(d, g.edge_dst());
  p.output("ratio", safe_div(as_f64(source), as_f64(target), 0.0));
  p.output("sums", g.reduce_edges(source + target, EdgeEnd::Dst, Monoid::Sum));
  p.output("both", g.reduce_edges(source - target, EdgeEnd::Both, Monoid::Max));
  p.output("first", take(d, p.iota(7)));
  expect_everywhere(p.build(), graph(), "first", true);
}

TEST(Takes, OfSeveralInAGroupTheFirstInTheProgramFails) {
  for (const bool late_first : {false, true}) {
    ProgramBuilder p("several");
    const GraphRef g = p.graph();
    const Value d = g.degree(Direction::Out), i = g.node_index();
    const auto late = [&] { return take(d, i + 7); };   // 57 is the first that fails
    const auto early = [&] { return take(d, i - 3); };  // 0
    const Value a = late_first ? late() : early();
    const Value b = late_first ? early() : late();
    p.output("sum", a + b);
    expect_everywhere(
        p.build(), graph(),
        late_first ? "index[57] is 64, but there are 64 nodes" : "index[0] is -3, but there are 64 nodes",
        true);
  }
}

/// A check that fails, a take that fails: whichever stands first.
TEST(Takes, KeepTheirPlaceAmongChecks) {
  for (int where = 0; where < 4; ++where) {
    ProgramBuilder p("order");
    const GraphRef g = p.graph();
    const Value d = g.degree(Direction::Out), i = as_i64(g.node_index());
    const Value before = take(d, i);
    const Value zero = min(before, 0);  // what follows from it could be in its group
    if (where == 0) p.check(i == 5, "five");
    if (where == 1) p.output("quotient", idiv(d, i));
    p.output("far", take(d, i + 9 + zero));
    if (where == 2) p.check(i == 5, "five");
    if (where == 3) p.output("scattered", scatter_reduce(d, i - 1, Monoid::Max));
    p.output("near", take(d, i - 1 + zero));
    const std::string want[] = {"five at index 5", "idiv: division by zero at index 0", "index[55] is 64",
                                "index[55] is 64"};
    expect_everywhere(p.build(), graph(), want[where], where == 2);
  }
}

TEST(Takes, WhoseResultNobodyReadsCheckAsWell) {
  for (const bool alone : {false, true}) {
    ProgramBuilder p("unused");
    const GraphRef g = p.graph();
    const Value i = g.node_index();
    take(g.degree(Direction::Out), i + 1);
    p.output("index", alone ? g.node_count() : as_i64(i * 2));
    expect_everywhere(p.build(), graph(), "index[63] is 64", true);
  }
}

TEST(Takes, FailInTheIterationInWhichTheyAre) {
  ProgramBuilder p("loop");
  const GraphRef g = p.graph();
  Variable x = p.variable(g.degree(Direction::Out));
  Variable i = p.variable(g.node_index());
  p.loop(10, [&] {
    const Value near = take(x, i);
    x = near + take(x, max(i - 1, 0));
    i = i + 1 - as_i32(as_i64(i) + 2 < g.node_count());  // the last two move on
  });
  p.output("x", x);
  expect_everywhere(p.build(), graph(), "iteration 1", true);
}

TEST(Takes, NothingOverwritesTheColumnThatTheyRead) {
  ProgramBuilder p("in place");
  const GraphRef g = p.graph();
  Variable x = p.variable(as_i64(g.node_index()) * 3 + 1);
  Variable y = p.variable(as_i64(g.node_index()));
  p.loop(5, [&] {
    const Value back = g.node_count() - 1 - as_i64(g.node_index());
    const Value old = x;
    x = take(old, back) + y;
    y = take(y, safe_mod(old + back, g.node_count()));
  });
  p.output("x", x);
  p.output("y", y);
  expect_everywhere(p.build(), graph(), "x ", true);
}

TEST(Takes, OfTheGraphAloneAreKeptForTheNextRun) {
  ProgramBuilder p("once");
  const GraphRef g = p.graph();
  const Value d = g.degree(Direction::Out);
  p.output("parent", take(d, safe_idiv(g.node_index(), 2)) + p.parameter("shift", std::int64_t{1}));
  const Program program = p.build();
  const plan::Plan plan = *plan::compile(program.ir()).plan;
  EXPECT_TRUE(std::ranges::any_of(plan.blocks[0].steps, &plan::Step::once));
  expect_everywhere(program, graph(), "parent", true);
}

TEST(Takes, FailWhereTheResultTakesThePlaceOfTheIndices) {
  const std::string head = R"(program "p" {
  %k = core.constant value=30:i32
  %i = core.node_index
  %far = core.add %i, %k
)",
                    tail = R"(  attr.output %pe name="pe" role=value
}
)";
  for (const char* code :
       {"  %pe = graph.take %i, %far\n",
        "  %idx = graph.scatter_reduce %far, %i monoid=min\n  %pe = graph.take %i, %idx\n"})
    expect_everywhere(Program::from_text(head + code + tail), read_graph("gen:karate"),
                      "index[4] is 34, but there are 34 nodes", true);
}
