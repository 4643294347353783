// Bugs that an older compiler of this kind had in its rewrites, each with a test that fails on it. Expected
// values are worked out by hand; every program runs as it was written, after each pass alone, and after each
// prefix of them all, and as the cpu backend runs it.
#include "host/ir/builder.h"
#include "regressions.h"

using namespace monograph;

namespace {

struct Form {
  std::string name;
  ir::Program program;
  SessionOptions options = {.backend = "reference"};
};

std::vector<Form> every_form(const ir::Program& p) {
  std::vector<Form> forms{{"as written", p}};
  ir::Program so_far = p;
  for (const auto& pass : passes::pass_table()) {
    if (pass.level == passes::kFastMath) continue;
    forms.push_back({std::string(pass.name), pass.run(p)});
    so_far = pass.run(so_far);
    forms.push_back({"everything up to " + std::string(pass.name), so_far});
  }
  for (const monograph::testing::Way& way : monograph::testing::every_way())
    forms.push_back({way.name, p, way.options});
  return forms;
}

Result run(const Form& form, const Graph& g) { return Session(form.options).run(Program(form.program), g); }

template <class T>
std::vector<T> column_of(const Result& r, const std::string& name) {
  for (const Output& o : r.outputs()) {
    if (o.name != name) continue;
    const std::span<const T> values = o.column.span<T>();
    return {values.begin(), values.end()};
  }
  ADD_FAILURE() << "no output " << name;
  return {};
}

/// 0 -> 1 -> 2, with node attributes x = 1, 2, 3 and s = 0.5, 1, 1.5.
Graph path() {
  Graph g =
      Graph::from_edges({.source = {0, 1}, .target = {1, 2}, .attributes = {}, .ids = NodeIds::dense(3)});
  const std::vector<double> x{1, 2, 3}, s{0.5, 1, 1.5};
  g.set_node_attribute("x", Column::of(std::span<const double>(x)));
  g.set_node_attribute("s", Column::of(std::span<const double>(s)));
  return g;
}

using Reals = std::vector<double>;

std::size_t loops_in(const ir::Program& p) {
  std::size_t n = 0;
  for (const ir::Region& r : p.regions)
    for (const ir::Node& node : r.nodes) n += node.op == ir::OpId::While;
  return n;
}

}  // namespace

TEST(RegressionOfPasses, Bug01OperandsOfOperationsThatDoNotCommuteAreNotPutInOrder) {
  ProgramBuilder b("orders");
  const GraphRef g = b.graph();
  const Value x = g.load_node("x"), s = g.load_node("s");
  b.output("x-s", x - s), b.output("s-x", s - x);
  b.output("x/s", x / s), b.output("s/x", s / x);
  b.output("x<s", x < s), b.output("s<x", s < x);
  b.output("x^s", pow(x, s)), b.output("s^x", pow(s, x));
  for (const Form& form : every_form(b.build().ir())) {
    SCOPED_TRACE(form.name);
    const Result r = run(form, path());
    EXPECT_EQ(column_of<double>(r, "x-s"), (Reals{0.5, 1, 1.5}));
    EXPECT_EQ(column_of<double>(r, "s-x"), (Reals{-0.5, -1, -1.5}));
    EXPECT_EQ(column_of<double>(r, "x/s"), (Reals{2, 2, 2}));
    EXPECT_EQ(column_of<double>(r, "s/x"), (Reals{0.5, 0.5, 0.5}));
    EXPECT_EQ(column_of<bool>(r, "x<s"), (std::vector<bool>{false, false, false}));
    EXPECT_EQ(column_of<bool>(r, "s<x"), (std::vector<bool>{true, true, true}));
    EXPECT_EQ(column_of<double>(r, "x^s")[1], 2);
    EXPECT_EQ(column_of<double>(r, "s^x")[1], 1);
  }
}

TEST(RegressionOfPasses, Bug02AFactorAtTheNeighbourIsNotOneAtTheCentre) {
  ProgramBuilder b("factors");
  const GraphRef g = b.graph();
  const Value x = g.load_node("x"), s = g.load_node("s");
  b.output("neighbour", g.in_sum(x * s)), b.output("centre", g.in_sum(x) * s);
  Variable inner = b.variable(x), outer = b.variable(x);
  b.loop(2, [&] {
    inner = g.in_sum(inner * s) + 1.0;
    outer = g.in_sum(outer) * s + 1.0;
  });
  b.output("inner", inner), b.output("outer", outer);
  for (const Form& form : every_form(b.build().ir())) {
    SCOPED_TRACE(form.name);
    const Result r = run(form, path());
    EXPECT_EQ(column_of<double>(r, "neighbour"), (Reals{0, 0.5, 2}));
    EXPECT_EQ(column_of<double>(r, "centre"), (Reals{0, 1, 3}));
    EXPECT_EQ(column_of<double>(r, "inner"), (Reals{1, 1.5, 2.5}));  // 1 1.5 3 after one
    EXPECT_EQ(column_of<double>(r, "outer"), (Reals{1, 2, 4}));      // 1 2 4 after one
  }
}

TEST(RegressionOfPasses, Bug02AnAggregateKeepsItsKind) {
  ProgramBuilder b("kinds");
  const GraphRef g = b.graph();
  const Value x = g.load_node("x") * 2.0;
  for (const auto& [name, agg] : {std::pair("sum", Aggregate::Sum), std::pair("mean", Aggregate::Mean),
                                  std::pair("min", Aggregate::Min), std::pair("max", Aggregate::Max)})
    b.output(name, g.neighbor_agg(x, agg, {.direction = Direction::Both, .include_self = true}) * 0.5);
  for (const Form& form : every_form(b.build().ir())) {
    SCOPED_TRACE(form.name);
    const Result r = run(form, path());
    EXPECT_EQ(column_of<double>(r, "sum"), (Reals{3, 6, 5}));
    EXPECT_EQ(column_of<double>(r, "mean"), (Reals{1.5, 2, 2.5}));
    EXPECT_EQ(column_of<double>(r, "min"), (Reals{1, 1, 2}));
    EXPECT_EQ(column_of<double>(r, "max"), (Reals{2, 3, 3}));
  }
}

TEST(RegressionOfPasses, Bug05EachIterationReadsTheOneBefore) {
  ProgramBuilder b("iterations");
  const GraphRef g = b.graph();
  Variable y = b.variable(g.load_node("x")), total = b.variable(b.constant(0.0));
  const LoopResult done = b.loop(3, [&] {
    const Value half = y * 0.5;  // gathered: moves to the iteration before
    const Value mass = sum(y);   // summed: so does this
    total = total + mass;
    y = g.in_sum(half) + mass;
  });
  b.output("y", y), b.output("total", total), b.output("iterations", done.iterations);
  for (const Form& form : every_form(b.build().ir())) {
    SCOPED_TRACE(form.name);
    const Result r = run(form, path());
    // 1 2 3 -> 6 6.5 7 -> 19.5 22.5 22.75 -> 64.75 74.5 76
    EXPECT_EQ(column_of<double>(r, "y"), (Reals{64.75, 74.5, 76}));
    EXPECT_EQ(column_of<double>(r, "total"), Reals{6 + 19.5 + 64.75});
    EXPECT_EQ(column_of<std::int64_t>(r, "iterations"), std::vector<std::int64_t>{3});
    EXPECT_EQ(r.iterations, 3);
  }
}

TEST(RegressionOfPasses, Bug04CarriedValuesChangeAllAtOnce) {
  ProgramBuilder b("swap");
  const GraphRef g = b.graph();
  Variable a = b.variable(g.load_node("x")), c = b.variable(g.load_node("s")),
           n = b.variable(b.constant(0.0));
  b.loop(3, [&] {
    n = n + reduce_max(a);  // of x, of s, of x
    const Value seen = g.in_sum(a * 2.0);
    b.check(seen < 0.0, "never");
    swap(a, c);
  });
  b.output("a", a), b.output("c", c), b.output("n", n);
  for (const Form& form : every_form(b.build().ir())) {
    SCOPED_TRACE(form.name);
    const Result r = run(form, path());
    EXPECT_EQ(column_of<double>(r, "a"), (Reals{0.5, 1, 1.5}));
    EXPECT_EQ(column_of<double>(r, "c"), (Reals{1, 2, 3}));
    EXPECT_EQ(column_of<double>(r, "n"), Reals{3 + 1.5 + 3});
  }
}

TEST(RegressionOfPasses, Bug07LoopsStayAndStayInOrder) {
  ProgramBuilder b("order");
  const GraphRef g = b.graph();
  Variable y = b.variable(g.load_node("x"));
  b.loop(2, [&] { y = y + 1.0; });
  b.loop(3, [&] {
    y = y * 2.0;
    b.loop(2, [&] { y = y - 1.0; });
  });
  Variable unread = b.variable(y);  // but the run reports the course of its loop
  b.while_loop([&] { return reduce_max(unread) < 100.0; }, 9, [&] { unread = unread * unread; });
  b.output("y", y);
  for (const Form& form : every_form(b.build().ir())) {
    SCOPED_TRACE(form.name);
    EXPECT_EQ(loops_in(form.program), 4u);
    const Result r = run(form, path());
    // 3 4 5 -> 4 6 8 -> 6 10 14 -> 10 18 26
    EXPECT_EQ(column_of<double>(r, "y"), (Reals{10, 18, 26}));
    EXPECT_EQ(r.iterations, 1);
    EXPECT_TRUE(r.converged);
  }
}
