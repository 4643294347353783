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

// Not a take, but of the same kind: a group that would mean something else than its operations one by one.
TEST(Groups, DoNotReadOneEndOfEdgesThatTheyWalkInBothDirections) {
  const Program p = Program::from_text(R"(program "p" {
  %x = attr.load_node name="x" type=i64
  %g = control.fused %x {
    (%x: i64[V]) {
      %d = graph.gather_dst %x
      %s = graph.reduce_edges %d at=both monoid=min
      yield %s
    }
  }
  attr.output %g name="s"
}
)");
  EXPECT_THROW(plan::lower(p.ir(), 1), CompileError);
}

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

/// As only a program file may hold them: compiled code declared what a failing take writes to behind its use.
TEST(Takes, InEdgeCodeCompileAndNameTheirElement) {
  const std::string head = R"(program "p" {
  %x = core.node_index
  %i = attr.load_edge name="i" type=i64
  %g = control.fused %x, %i {
    (%x: i32[V], %i: i64[E]) {
)",
                    tail = R"(
      yield %s
    }
  }
  attr.output %g name="s"
}
)";
  Graph g = graph();
  std::vector<std::int64_t> index;
  for (std::int64_t e = 0; e < g.edge_count(); ++e) index.push_back(e % 60);
  // at level 0 the group stays as it is written
  const Way compiled{"compiled, level 0",
                     {.backend = "cpu", .level = 0, .cpu_tier = CpuTier::Native, .cache = CacheUse::Off}};
  const auto expect = [&](const std::string& body, const std::string& part) {
    g.set_edge_attribute("i", Column::of(std::span<const std::int64_t>(index)));
    const Program p = Program::from_text(head + body + tail);
    expect_everywhere(p, g, part, true);
    EXPECT_NE(outcome(compiled, p, g).find(part), std::string::npos) << body;
  };
  const std::string over_edges = "%t = graph.take %x, %i\n %s = graph.reduce_edges %t at=dst monoid=sum";
  const std::string at_ends =
      "%two = core.constant value=2:i32\n %j = core.mul %x, %two\n %t = graph.take %x, %j\n"
      " %a = graph.gather_src %t\n %b = graph.gather_dst %t\n %c = core.sub %a, %b\n"
      " %s = graph.reduce_edges %c at=dst monoid=sum";
  expect(over_edges, "s 0");
  const Result ran = Session(compiled.options).run(Program::from_text(head + over_edges + tail), g);
  EXPECT_TRUE(ran.tier == "native" || ran.tier_reason.find("no C++ compiler") != std::string::npos)
      << ran.tier_reason;
  index[77] = 64, index[100] = -1;
  expect(over_edges, "index[77] is 64, but there are 64 nodes");
  expect(at_ends, "index[32] is 64, but there are 64 nodes");
}

TEST(Takes, ThatAGroupWouldNotMakeForAllElementsAreRefused) {
  const Program p = Program::from_text(R"(program "p" {
  %x = attr.load_node name="x" type=i64
  %g = control.fused %x {
    (%x: i64[V]) {
      %t = graph.take %x, %x
      %s = graph.gather_src %t
      %r = core.reduce %s monoid=sum
      yield %s, %r
    }
  }
  attr.output %g:1 name="s"
}
)");
  EXPECT_THROW(plan::lower(p.ir(), 1), CompileError) << "of nodes without edges nobody looks at the index";
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
