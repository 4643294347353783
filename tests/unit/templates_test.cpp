// Templates: what matches, what does not, and that a replacement gives what was asked for.
#include "host/plan/templates.h"

#include <gtest/gtest.h>
#include <monograph/algorithms.h>
#include <monograph/error.h>
#include <monograph/io.h>
#include <monograph/plan.h>
#include <monograph/session.h>

#include "host/plan/compile.h"

namespace monograph {
namespace {

/// Components by least labels.
Program least_labels() {
  ProgramBuilder p("least_labels");
  const GraphRef g = p.graph();
  Variable component = p.variable(g.node_index());
  Variable changed = p.variable(true);
  p.while_loop([&] { return changed.value(); }, g.node_count() + 1,
               [&] {
                 const Value next = min(
                     component, g.neighbor_agg(component, Aggregate::Min, {.direction = Direction::Both}));
                 changed = any(next != component);
                 component = next;
               });
  p.output_nodes("component", component);
  return p.build();
}

/// The same in other words: another name, operands in another order, a
/// value that nobody uses.
Program components(bool both) {
  ProgramBuilder p("mine");
  const GraphRef g = p.graph();
  Variable label = p.variable(g.node_index());
  Variable go_on = p.variable(true);
  p.while_loop([&] { return go_on.value(); }, 1 + g.node_count(),
               [&] {
                 const Value unused = g.in_sum(label * 2);
                 const Value least = g.neighbor_agg(label, Aggregate::Min,
                                                    {.direction = both ? Direction::Both : Direction::In});
                 const Value next = min(least, label);
                 go_on = any(label != next);
                 label = next;
               });
  p.output_nodes("component", label);
  return p.build();
}

/// The same by pointer jumping: a label is a node, whose label is at least as good. On a path this takes the
/// logarithm of the rounds.
Program jumping() {
  ProgramBuilder p("jumping");
  const GraphRef g = p.graph();
  Variable label = p.variable(g.node_index());
  Variable changed = p.variable(true);
  p.while_loop([&] { return changed.value(); }, g.node_count() + 1,
               [&] {
                 const Value near =
                     min(label, g.neighbor_agg(label, Aggregate::Min, {.direction = Direction::Both}));
                 const Value next = min(near, take(near, near));
                 changed = any(next != label);
                 label = next;
               });
  p.output_nodes("component", label);
  return p.build();
}

plan::Templates registry() {
  plan::Templates templates;
  templates.add("components by pointer jumping", least_labels().ir(), jumping().ir());
  return templates;
}

TEST(Templates, MatchWhatAProgramSaysNotHowItIsWritten) {
  const ir::Program known = least_labels().ir(), mine = components(true).ir();
  EXPECT_NE(ir::hash(mine), ir::hash(known));
  EXPECT_EQ(plan::canonical_hash(mine), plan::canonical_hash(known));
  const plan::Templates templates = registry();
  ASSERT_TRUE(templates.match(mine));
  EXPECT_EQ(templates.match(mine)->name, "components by pointer jumping");
  EXPECT_FALSE(templates.match(components(false).ir())) << "one direction is another algorithm";
  for (const AlgorithmInfo& a : algorithms()) EXPECT_EQ(templates.match(a.make().ir()), nullptr) << a.name;
  EXPECT_FALSE(plan::Templates().match(known)) << "nothing is replaced that was not registered";
}

TEST(Templates, ParametersCountByTypeAndDefault) {
  const auto program = [](auto value) {
    ProgramBuilder p("p");
    p.output("y", cast(p.parameter("x", value), ScalarType::F64));
    return plan::canonical_hash(p.build().ir());
  };
  EXPECT_EQ(program(1.5), program(1.5));
  EXPECT_NE(program(1.5), program(2.5));
  EXPECT_NE(program(1.0), program(1));
}

TEST(Templates, AReplacementGivesWhatWasAskedFor) {
  const plan::Templates templates = registry();
  const Program asked = components(true), other = components(false);
  const plan::Compiled kept = plan::compile(other.ir(), {}, nullptr, templates);
  EXPECT_EQ(kept.replaced_by, "");
  EXPECT_EQ(*kept.plan, *plan::compile(other.ir()).plan);
  for (const int level : {0, 2}) {
    const plan::Compiled replaced = plan::compile(asked.ir(), {.level = level}, nullptr, templates);
    EXPECT_EQ(replaced.replaced_by, "components by pointer jumping");
    EXPECT_EQ(replaced.plan->source_hash, jumping().hash());
    Session session({.backend = "cpu", .cpu_tier = CpuTier::Tiles, .cache = CacheUse::Off});
    const Executable executable = session.load(Plan(*replaced.plan));
    for (const char* source : {"gen:path:100", "gen:karate", "gen:rmat:8:1", "gen:rmat:8:2", "gen:star:5"}) {
      const Graph graph = read_graph(source);
      const Result expected = session.run(asked, graph), r = session.run(executable, graph);
      EXPECT_TRUE(
          std::ranges::equal(r.column<std::int32_t>("component"), expected.column<std::int32_t>("component")))
          << source;
      EXPECT_LE(r.iterations, expected.iterations) << source;
      EXPECT_LT(r.iterations, 12) << source;  // a path of 100 nodes takes 100 by labels alone
    }
  }
}

TEST(Templates, RefuseWhatCannotStandInForAnother) {
  plan::Templates templates = registry();
  const ir::Program wcc = find_algorithm("wcc")->make().ir(), cdlp = find_algorithm("cdlp")->make().ir();
  EXPECT_THROW(templates.add("twice", components(true).ir(), jumping().ir()), UsageError);
  try {
    templates.add("labels", cdlp, wcc);
    FAIL() << "another interface";
  } catch (const CompileError& error) {
    EXPECT_NE(std::string(error.what()).find("template labels: expected a replacement with"),
              std::string::npos)
        << error.what();
    EXPECT_NE(std::string(error.what()).find("\"label\""), std::string::npos) << error.what();
  }
}

}  // namespace
}  // namespace monograph
