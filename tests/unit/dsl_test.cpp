// The DSL: what programs record, checked by what they compute on the reference backend.
#include <gtest/gtest.h>
#include <monograph/algorithms.h>
#include <monograph/session.h>

#include <cmath>
#include <limits>

using namespace monograph;

namespace {

Graph graph_of(std::int32_t nodes, std::vector<std::pair<std::int32_t, std::int32_t>> edges,
               std::vector<double> weights = {}) {
  EdgeList list;
  for (auto [s, t] : edges) list.source.push_back(s), list.target.push_back(t);
  list.ids = NodeIds::dense(nodes);
  if (!weights.empty()) list.attributes.push_back({"weight", Column::of(std::span<const double>(weights))});
  return Graph::from_edges(std::move(list));
}

Graph path3() { return graph_of(3, {{0, 1}, {1, 2}}); }

template <class T>
std::vector<T> column(const Result& r, const std::string& name) {
  const auto s = r.column<T>(name);
  return {s.begin(), s.end()};
}

Result run(ProgramBuilder& p, const Graph& g, const Parameters& parameters = {}) {
  const Program program = p.build();
  // every program of this file also survives its text and JSON forms
  EXPECT_EQ(Program::from_text(program.to_text()), program);
  EXPECT_EQ(Program::from_json(program.to_json()), program);
  return Session().run(program, g, parameters);
}

template <class F>
std::string message_of(F f) {
  try {
    f();
  } catch (const Error& e) {
    return e.what();
  }
  return "no error";
}

}  // namespace

TEST(Dsl, MultiplierAtTheNeighbourAndAtTheCentreDiffer) {
  EdgeList list{.source = {0, 1}, .target = {1, 2}, .ids = NodeIds::dense(3)};
  Graph g = Graph::from_edges(std::move(list));
  g.set_node_attribute("x", Column::of(std::span<const double>(std::vector<double>{1, 2, 3})));
  g.set_node_attribute("s", Column::of(std::span<const double>(std::vector<double>{.5, 1, 1.5})));
  ProgramBuilder p("scales");
  GraphRef r = p.graph();
  Value x = r.load_node("x"), s = r.load_node("s");
  p.output("inside", r.in_sum(x * s));
  p.output("outside", r.in_sum(x) * s);
  const Result result = run(p, g);
  EXPECT_EQ(column<double>(result, "inside"), (std::vector<double>{0, .5, 2}));
  EXPECT_EQ(column<double>(result, "outside"), (std::vector<double>{0, 1, 3}));
}

TEST(Dsl, SwapIteratedThreeTimesSwaps) {
  ProgramBuilder p("swap");
  Variable a = p.variable(p.graph().full(1.0)), b = p.variable(p.graph().full(2.0));
  p.loop(3, [&] { swap(a, b); });
  p.output("a", a);
  p.output("b", b);
  const Result r = run(p, path3());
  EXPECT_EQ(column<double>(r, "a"), (std::vector<double>{2, 2, 2}));
  EXPECT_EQ(column<double>(r, "b"), (std::vector<double>{1, 1, 1}));
  EXPECT_EQ(r.iterations, 3);
  EXPECT_FALSE(r.converged) << "a counted loop is ended by its count";
}

TEST(Dsl, LiteralsTakeTheTypeOfTheOtherOperand) {
  ProgramBuilder p("literals");
  GraphRef g = p.graph();
  p.output("i", g.node_index() + 1);
  p.output("f", as_f32(g.node_index()) * 0.5);
  p.output("inverse", 1.0 / g.node_count());
  p.output("chosen", where(g.node_index() == 1, 1, 2.5));
  const Result r = run(p, path3());
  EXPECT_EQ(column<std::int32_t>(r, "i"), (std::vector<std::int32_t>{1, 2, 3}));
  EXPECT_EQ(column<float>(r, "f"), (std::vector<float>{0, .5f, 1}));
  EXPECT_DOUBLE_EQ(r.scalar<double>("inverse"), 1.0 / 3);
  EXPECT_EQ(column<double>(r, "chosen"), (std::vector<double>{2.5, 1, 2.5}));
}

TEST(Dsl, BreakKeepsWhatIsAssignedAtThatPoint) {
  ProgramBuilder p("break");
  Variable x = p.variable(0), y = p.variable(0);
  const LoopResult loop = p.loop(10, [&] {
    x = x + 1;
    p.break_if(x == 4);
    y = y + 1;
  });
  p.output("x", x);
  p.output("y", y);
  p.output("iterations", loop.iterations);
  p.output("finished", loop.finished);
  const Result r = run(p, path3());
  EXPECT_EQ(r.scalar<std::int64_t>("x"), 4);
  EXPECT_EQ(r.scalar<std::int64_t>("y"), 3);
  EXPECT_EQ(r.scalar<std::int64_t>("iterations"), 4);
  EXPECT_TRUE(r.scalar<bool>("finished"));
}

TEST(Dsl, ContinueSkipsTheRestOfTheBody) {
  ProgramBuilder p("continue");
  Variable odd = p.variable(0), all_of_them = p.variable(0);
  p.loop(7, [&] {
    all_of_them = all_of_them + 1;
    p.continue_if(safe_mod(p.iteration(), 2) == 0);
    odd = odd + 1;
  });
  p.output("odd", odd);
  p.output("all", all_of_them);
  const Result r = run(p, path3());
  EXPECT_EQ(r.scalar<std::int64_t>("odd"), 3);
  EXPECT_EQ(r.scalar<std::int64_t>("all"), 7);
}

// The same control flow in plain C++, statement by statement, is what the program must compute.
TEST(Dsl, NestedLoopsBranchesBreaksAndContinuesAgreeWithCpp) {
  ProgramBuilder p("nest");
  Variable a = p.variable(0), b = p.variable(1), c = p.variable(0);
  p.loop(6, [&] {
    const Value outer = p.iteration();
    p.if_else(
        safe_mod(outer, 3) == 1,
        [&] {
          b = b * 2;
          p.continue_if(b > 6);
          c = c + 100;
        },
        [&] { a = a + outer; });
    c = c + 1;
    p.while_loop([&] { return a < 40; }, 5,
                 [&] {
                   a = a + b;
                   p.if_else(a > 20, [&] {
                     c = c + 10;
                     p.break_if(safe_mod(a, 2) == 0);
                     b = b + 1;
                   });
                   c = c + a;
                 });
    p.break_if(c > 600);
    a = a - 7;
  });
  p.output("a", a);
  p.output("b", b);
  p.output("c", c);
  const Result r = run(p, path3());

  std::int64_t x = 0, y = 1, z = 0;
  for (std::int64_t outer = 0; outer < 6; ++outer) {
    if (outer % 3 == 1) {
      y = y * 2;
      if (y > 6) continue;
      z = z + 100;
    } else {
      x = x + outer;
    }
    z = z + 1;
    for (int i = 0; i < 5 && x < 40; ++i) {
      x = x + y;
      if (x > 20) {
        z = z + 10;
        if (x % 2 == 0) break;
        y = y + 1;
      }
      z = z + x;
    }
    if (z > 600) break;
    x = x - 7;
  }
  EXPECT_EQ(r.scalar<std::int64_t>("a"), x);
  EXPECT_EQ(r.scalar<std::int64_t>("b"), y);
  EXPECT_EQ(r.scalar<std::int64_t>("c"), z);
}

TEST(Dsl, WhileTestsBeforeTheFirstIteration) {
  ProgramBuilder p("while");
  Variable x = p.variable(5);
  const LoopResult loop = p.while_loop([&] { return x < 5; }, 100, [&] { x = x + 1; });
  p.output("x", x);
  p.output("iterations", loop.iterations);
  const Result r = run(p, path3());
  EXPECT_EQ(r.scalar<std::int64_t>("x"), 5);
  EXPECT_EQ(r.scalar<std::int64_t>("iterations"), 0);
  EXPECT_TRUE(r.converged);
}

TEST(Dsl, ConvergenceIsTestedEveryFewIterations) {
  for (const int every : {1, 4}) {
    ProgramBuilder p("halve");
    Variable x = p.variable(p.graph().full(1.0));
    p.until_converged(x, {.tolerance = 0.02, .norm = Norm::Max, .max_iterations = 100, .check_every = every},
                      [&] { x = x * 0.5; });
    p.output("x", x);
    const Result r = run(p, path3());
    EXPECT_EQ(r.iterations, every == 1 ? 6 : 8) << "1/64 is the first change below 0.02";
    EXPECT_TRUE(r.converged);
  }
}

TEST(Dsl, ToleranceZeroRunsEveryIterationAndNanDoesNotConverge) {
  ProgramBuilder p("still");
  Value tolerance = p.parameter("tolerance", 0.0);
  Variable x = p.variable(p.graph().full(p.parameter("start", 1.0)));
  p.until_converged(x, {.tolerance = tolerance, .max_iterations = 9}, [&] { x = x * 1.0; });
  p.output("x", x);
  const Program program = p.build();
  Session session;
  EXPECT_EQ(session.run(program, path3()).iterations, 9);
  const Result nan =
      session.run(program, path3(),
                  Parameters().set("start", std::numeric_limits<double>::quiet_NaN()).set("tolerance", 1.0));
  EXPECT_EQ(nan.iterations, 9);
  EXPECT_FALSE(nan.converged);
  EXPECT_EQ(session.run(program, path3(), Parameters().set("tolerance", 1e-9)).iterations, 1);
}

TEST(Dsl, ChecksNameOperationLineIterationAndIndex) {
  ProgramBuilder p("divide");
  Variable x = p.variable(p.graph().node_index() + 2), y = p.variable(p.graph().node_index());
  p.loop(5, [&] {
    x = x - 1;
    y = idiv(10, x);
  });
  p.output("y", y);
  const Program program = p.build();
  const std::string message = message_of([&] { Session().run(program, path3()); });
  EXPECT_NE(message.find("dsl_test.cpp:"), std::string::npos) << message;
  EXPECT_NE(message.find("idiv: division by zero"), std::string::npos) << message;
  EXPECT_NE(message.find("index 0"), std::string::npos) << message;
  EXPECT_NE(message.find("iteration 1"), std::string::npos) << message;
  EXPECT_THROW(Session().run(program, path3()), RuntimeError);
}

TEST(Dsl, TypeErrorsNameOperationExpectedGotAndLine) {
  ProgramBuilder p("wrong");
  GraphRef g = p.graph();
  const auto expect = [](const std::string& message, std::initializer_list<const char*> parts) {
    for (const char* part : parts)
      EXPECT_NE(message.find(part), std::string::npos) << part << " in: " << message;
  };
  expect(message_of([&] { as_f64(g.node_index()) + g.node_index(); }),
         {"dsl_test.cpp:", "core.add", "f64[V]", "i32[V]", "expected"});
  expect(message_of([&] { g.full(1.0) + g.full_edges(1.0); }), {"core.add", "f64[V]", "f64[E]"});
  expect(message_of([&] { g.node_index() + 0.5; }), {"fits i32", "0.5"});
  expect(message_of([&] { (g.full(1.0) < 2.0) + 1; }), {"bool"});
  expect(message_of([&] { g.in_sum(g.full_edges(1.0)); }), {"graph.neighbor_agg", "f64[E]"});
  expect(message_of([&] { p.break_if(true); }), {"break_if", "inside a loop"});
  expect(message_of([&] {
           Variable v = p.variable(1.0);
           v = g.full(2.0);
         }),
         {"variable", "f64", "f64[V]"});
  expect(message_of([&] {
           Value inside = p.constant(0);
           p.loop(2, [&] { inside = g.node_index() + 1; });
           p.output("late", inside);
         }),
         {"loop or branch that has ended"});
  expect(message_of([&] { ProgramBuilder("empty").build(); }), {"build", "output"});
  ProgramBuilder other("other");
  expect(message_of([&] { g.full(1.0) + other.graph().full(1.0); }), {"two builders"});
}

TEST(Dsl, ParametersAreBoundPerRunAndChecked) {
  ProgramBuilder p("parameters");
  Value d = p.parameter("damping", 0.85, {.minimum = 0, .maximum = 1});
  Value k = p.parameter("count", 3);
  Value source = p.node_parameter("source");
  p.output("d", d);
  p.output("k", k);
  p.output_nodes("source", source);
  const Program program = p.build();
  Graph g = Graph::from_edges({.source = {0}, .target = {1}, .ids = NodeIds::sparse({7, 100})});
  Session s;
  EXPECT_EQ(s.run(program, g).scalar<double>("d"), 0.85);
  EXPECT_EQ(s.run(program, g, Parameters().set("damping", 1)).scalar<double>("d"), 1.0);
  EXPECT_EQ(s.run(program, g, Parameters().set_text("source", "100")).scalar<std::int32_t>("source"), 1);
  EXPECT_EQ(s.run(program, g, Parameters().set("count", 4.0)).scalar<std::int64_t>("k"), 4);
  EXPECT_NE(
      message_of([&] { s.run(program, g, Parameters().set("dampin", 1)); }).find("did you mean \"damping\""),
      std::string::npos);
  EXPECT_THROW(s.run(program, g, Parameters().set("damping", 1.5)), UsageError);
  EXPECT_THROW(s.run(program, g, Parameters().set("count", 1.5)), UsageError);
  EXPECT_THROW(s.run(program, g, Parameters().set_text("count", "many")), UsageError);
  EXPECT_THROW(s.run(program, g, Parameters().set("source", 8)), UsageError);
}

TEST(Dsl, StoresReachTheGraphOnlyWhenTheRunSucceeds) {
  ProgramBuilder p("store");
  GraphRef r = p.graph();
  p.store_node("twice", r.node_index() * 2);
  p.check(p.parameter("fail", false), "asked to fail");
  Session s;
  const Executable e = s.compile(p.build());
  Graph g = path3();
  EXPECT_THROW(s.run(e, g, Parameters().set("fail", true)), RuntimeError);
  EXPECT_EQ(g.node_attribute("twice"), nullptr);
  s.run(e, g);
  ASSERT_NE(g.node_attribute("twice"), nullptr);
  EXPECT_EQ(g.node_attribute("twice")->span<std::int32_t>()[2], 4);
  const Graph constant = path3();
  EXPECT_THROW(s.run(e, constant), InputError);
}

TEST(Dsl, CancellationAndProgressBetweenIterations) {
  ProgramBuilder p("long");
  Variable x = p.variable(0);
  p.loop(std::int64_t{1} << 40, [&] { x = x + 1; });
  p.output("x", x);
  RunOptions options;
  options.progress = [&](std::int64_t i) {
    if (i == 17) options.cancel.cancel();
  };
  EXPECT_THROW(Session().run(p.build(), path3(), {}, options), Cancelled);
}

TEST(Dsl, TwoGraphsInTurnAndTheSameProgramTwiceGiveTheSameBits) {
  Session s;
  const Executable e = s.compile(pagerank());
  const Graph a = graph_of(5, {{0, 1}, {1, 2}, {2, 0}, {2, 3}, {3, 4}, {4, 2}}),
              b = graph_of(3, {{0, 1}, {0, 2}});
  const auto first = column<double>(s.run(e, a), "rank"), other = column<double>(s.run(e, b), "rank");
  EXPECT_EQ(column<double>(s.run(e, a), "rank"), first);
  EXPECT_EQ(column<double>(s.run(e, b), "rank"), other);
  EXPECT_EQ(other.size(), 3u);
}

TEST(Dsl, ConditionsMayNeitherLeaveNorCountTheLoopsAroundThem) {
  const auto inner = [](const std::function<Value(ProgramBuilder&)>& condition) {
    return message_of([&] {
      ProgramBuilder p("condition");
      Variable x = p.variable(0);
      p.loop(2, [&] { p.while_loop([&] { return condition(p); }, 10, [&] { x = x + 1; }); });
    });
  };
  EXPECT_NE(
      inner([](ProgramBuilder& p) { return p.break_if(true), p.constant(true); }).find("in a condition"),
      std::string::npos);
  EXPECT_NE(inner([](ProgramBuilder& p) { return p.iteration() < 3; }).find("in a condition"),
            std::string::npos);
  // a loop of its own inside the condition may be left
  EXPECT_EQ(inner([](ProgramBuilder& p) {
              p.loop(3, [&] { p.break_if(p.iteration() == 1); });
              return p.constant(false);
            }),
            "no error");
}

TEST(Dsl, NestingIsLimitedWhereItIsWritten) {
  ProgramBuilder p("deep");
  Variable x = p.variable(0);
  const std::string message = message_of([&] {
    p.loop(2, [&] {
      for (int i = 0; i < 64; ++i) p.break_if(x == i);
    });
  });
  EXPECT_NE(message.find("at most 64 deep"), std::string::npos) << message;
  EXPECT_NE(message.find("dsl_test.cpp:"), std::string::npos) << message;

  ProgramBuilder q("just right");
  Variable y = q.variable(0);
  q.loop(2, [&] {
    for (int i = 0; i < 63; ++i) q.break_if(y == i + 1);
    y = y + 1;
  });
  q.output("y", y);
  EXPECT_EQ(run(q, path3()).scalar<std::int64_t>("y"), 1);
}

TEST(Dsl, ANumberIsAnIndexWhateverIsTaken) {
  ProgramBuilder p("take");
  const Value x = as_f64(p.graph().node_index()) * 1.5;
  p.output("last", take(x, 2));
  EXPECT_EQ(run(p, path3()).scalar<double>("last"), 3.0);
}

TEST(Dsl, AMissingAttributeIsReportedBeforeAnythingRuns) {
  ProgramBuilder p("late");
  GraphRef g = p.graph();
  Variable x = p.variable(g.full(0.0));
  p.loop(0, [&] { x = g.load_node("nowhere"); });  // never reached
  p.output("x", x);
  const Program program = p.build();
  Session s;
  const std::string message = message_of([&] { s.run(program, path3()); });
  EXPECT_NE(message.find("\"nowhere\""), std::string::npos) << message;
  EXPECT_NE(message.find("dsl_test.cpp:"), std::string::npos) << message;
  EXPECT_THROW(s.check(s.compile(program), path3()), InputError);
}

TEST(Dsl, ResultsAreReadInTheirOwnType) {
  ProgramBuilder p("types");
  p.output("n", p.graph().node_count());
  p.output("column", p.graph().node_index());
  const Result r = run(p, path3());
  EXPECT_THROW(r.scalar<double>("n"), UsageError);
  EXPECT_THROW(r.scalar<std::int32_t>("column"), UsageError);
  EXPECT_THROW(r.column<double>("column"), UsageError);
  EXPECT_EQ(r.scalar<std::int64_t>("n"), 3);
}

TEST(Dsl, BoundsAndConversionsOfParametersLoseNothing) {
  ProgramBuilder p("exact");
  EXPECT_THROW(p.parameter("k", 1, {.maximum = 1e19}), CompileError);
  EXPECT_THROW(p.parameter("k", 1, {.minimum = 0.5}), CompileError);
  p.output("d", p.parameter("d", 1.0));
  p.output("n", p.parameter("n", 1, {.maximum = 9007199254740992.0}));
  const Program program = p.build();
  Session s;
  const Graph g = path3();
  EXPECT_THROW(s.run(program, g, Parameters().set("d", std::int64_t{9007199254740993})), UsageError);
  EXPECT_THROW(s.run(program, g, Parameters().set("n", 9223372036854775808.0)), UsageError);
  EXPECT_THROW(s.run(program, g, Parameters().set("n", std::int64_t{9007199254740993})), UsageError);
  EXPECT_EQ(s.run(program, g, Parameters().set("d", 3)).scalar<double>("d"), 3.0);
}

TEST(Dsl, OutputsInsideOfLoopsNameTheRule) {
  ProgramBuilder p("inside");
  const std::string message = message_of([&] { p.loop(2, [&] { p.output("n", p.graph().node_count()); }); });
  EXPECT_NE(message.find("top level"), std::string::npos) << message;
}

TEST(Dsl, ProgramsReadFromAFileFailWithTheirLine) {
  const Program text = Program::from_text(
      "program \"p\" {\n  %0 = core.node_index\n  %1 = core.constant value=7:i32\n  %2 = core.add %0, %1\n"
      "  %3 = graph.take %0, %2\n  attr.output %3 name=\"x\"\n}\n",
      "take.mg");
  EXPECT_NE(message_of([&] { Session().run(text, path3()); }).find("take.mg:5"), std::string::npos);
  const Program json = Program::from_json(R"({"monograph":"program","version":1,"name":"p","body":[
    {"id":"x","op":"attr.load_node","attrs":{"name":"color"}},{"op":"attr.output","in":["x"],"attrs":{"name":"x"}}]})",
                                          "color.json");
  EXPECT_NE(message_of([&] { Session().run(json, path3()); }).find("color.json: /body/0"), std::string::npos);
}
