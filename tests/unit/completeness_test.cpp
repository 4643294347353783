// An operation is complete when it is documented, one of the test programs runs it, and every backend agrees
// on it.
#include <gtest/gtest.h>
#include <monograph/order.h>
#include <monograph/session.h>

#include <algorithm>
#include <set>

#include "host/cuda/plan_graph.h"
#include "host/ir/program.h"
#include "host/passes/passes.h"
#include "host/plan/compile.h"
#include "unit/test_programs.h"

using namespace monograph;
using monograph::testing::every_program;

namespace {

std::vector<Graph> graphs() {
  const auto with_attributes = [](EdgeList list) {
    Graph g = Graph::from_edges(std::move(list));
    std::vector<double> w, x;
    for (std::int64_t e = 0; e < g.edge_count(); ++e) w.push_back(0.25 * static_cast<double>(e % 7));
    for (std::int64_t v = 0; v < g.node_count(); ++v) x.push_back(static_cast<double>((v * 7) % 5) - 1.5);
    g.set_edge_attribute("weight", Column::of(std::span<const double>(w)));
    g.set_node_attribute("x", Column::of(std::span<const double>(x)));
    monograph::testing::add_algorithm_attributes(g);
    return g;
  };
  // directed with a self-loop, a double edge, a sink and an isolated node; undirected; one node; none
  return {with_attributes({.source = {0, 0, 1, 2, 2, 3, 3},
                           .target = {1, 1, 2, 2, 0, 4, 0},
                           .attributes = {},
                           .ids = NodeIds::dense(6)}),
          with_attributes({.source = {0, 1, 2, 3},
                           .target = {1, 2, 0, 4},
                           .attributes = {},
                           .ids = NodeIds::dense(5),
                           .undirected = true}),
          with_attributes({.source = {0}, .target = {0}, .attributes = {}, .ids = NodeIds::dense(1)}),
          with_attributes({.source = {}, .target = {}, .attributes = {}, .ids = NodeIds::dense(0)})};
}

}  // namespace

TEST(Completeness, EveryOperationIsDocumented) {
  for (const ops::OpDef* d : ops::op_table()) {
    EXPECT_FALSE(d->doc.empty()) << d->name;
    for (const auto& operand : d->operands)
      EXPECT_FALSE(operand.doc.empty()) << d->name << " " << operand.name;
    for (const auto& attr : d->attrs) EXPECT_FALSE(attr.doc.empty()) << d->name << " " << attr.name;
    EXPECT_TRUE(d->infer) << d->name;
    EXPECT_NE(d->evaluate == nullptr, d->expand == nullptr)
        << d->name << " has one meaning, not none and not two";
    EXPECT_EQ(ops::find_op(d->name).has_value(), true) << d->name;
  }
}

TEST(Completeness, EveryOperationIsRun) {
  std::set<std::string_view> used;
  for (const Program& p : every_program())
    for (const ir::Region& r : p.ir().regions)
      for (const ir::Node& n : r.nodes) used.insert(ops::def(n.op).name);
  for (const ops::OpDef* d : ops::op_table())
    EXPECT_TRUE(used.contains(d->name)) << d->name << " is in no test program (tests/unit/test_programs.h)";
}

// One meaning everywhere: as written, after every pass, after text and JSON, on every backend that can run
// here.
TEST(Completeness, EveryFormAndEveryBackendAgreesWithTheReference) {
  for (const Program& program : every_program()) {
    std::vector<std::pair<std::string, Program>> forms{{"text", Program::from_text(program.to_text())},
                                                       {"json", Program::from_json(program.to_json())},
                                                       {"all passes", Program(passes::run(program.ir()))}};
    for (const auto& pass : passes::pass_table())
      if (pass.level != passes::kFastMath) forms.emplace_back(pass.name, Program(pass.run(program.ir())));
    for (const BackendInfo& b : backends())
      if (b.available && b.name != "reference") forms.emplace_back(b.name, program);
    for (const Graph& graph : graphs()) {
      Session reference({.backend = "reference"});
      Graph mine = graph;
      const Result want = reference.run(reference.compile(program), mine);
      EXPECT_FALSE(want.outputs().empty());
      for (const auto& entry : forms) {
        const auto& form = entry.first;
        const Program& p = entry.second;
        const bool is_backend =
            std::ranges::any_of(backends(), [&](const BackendInfo& b) { return b.name == form; });
        Session session({.backend = is_backend ? form : "reference"});
        Graph again = graph;
        const Result got = session.run(session.compile(p), again);
        ASSERT_EQ(got.outputs().size(), want.outputs().size());
        for (std::size_t i = 0; i < want.outputs().size(); ++i)
          for (std::int64_t k = 0; k < want.outputs()[i].column.size(); ++k)
            EXPECT_EQ(to_string(got.outputs()[i].column.at(k)), to_string(want.outputs()[i].column.at(k)))
                << form << " " << program.name() << " " << want.outputs()[i].name << "[" << k << "]";
      }
    }
  }
}

// Whatever runs runs on a device: no step of any plan is left to the host.
TEST(Completeness, EveryProgramHasDeviceCode) {
  std::vector<Program> all = every_program();
  for (Program& p : monograph::testing::further_algorithms()) all.push_back(std::move(p));
  for (const Program& program : all)
    for (const int level : {0, 1, 2}) {
      passes::PassOptions options;
      options.level = level;
      EXPECT_EQ(cuda::objection(*plan::compile(program.ir(), options).plan), "")
          << program.name() << " at level " << level;
    }
}

// The public enumerations are attributes by position: each must name what the operation's signature names
// there.
TEST(Completeness, PublicEnumerationsNameTheAttributesOfTheSignatures) {
  const auto names = [](std::string_view op, std::string_view attr) {
    for (const ops::AttrSpec& spec : ops::def(ops::find_op(op).value()).attrs)
      if (spec.name == attr) return std::vector<std::string_view>(spec.names.begin(), spec.names.end());
    return std::vector<std::string_view>();
  };
  using Names = std::vector<std::string_view>;
  static_assert(static_cast<int>(Monoid::BitAnd) == 7 && static_cast<int>(Normalize::MinMax) == 2 &&
                static_cast<int>(Direction::Both) == 2 && static_cast<int>(EdgeEnd::Both) == 2 &&
                static_cast<int>(Aggregate::BitAnd) == 12 && static_cast<int>(Ties::Keep) == 2 &&
                static_cast<int>(Triangles::Arcs) == 2 && static_cast<int>(RankTies::Highest) == 2);
  const Names monoids{"sum", "prod", "min", "max", "any", "all", "bit_or", "bit_and"};
  EXPECT_EQ(names("core.reduce", "monoid"), monoids);
  EXPECT_EQ(names("graph.reduce_edges", "monoid"), monoids);
  EXPECT_EQ(names("graph.scatter_reduce", "monoid"), monoids);
  EXPECT_EQ(names("core.normalize", "mode"), (Names{"sum", "max", "minmax"}));
  EXPECT_EQ(names("graph.degree", "direction"), (Names{"in", "out", "both"}));
  EXPECT_EQ(names("graph.reduce_edges", "at"), (Names{"src", "dst", "both"}));
  EXPECT_EQ(names("graph.neighbor_agg", "agg"),
            (Names{"sum", "mean", "min", "max", "prod", "count", "any", "all", "mode", "argmin", "argmax",
                   "bit_or", "bit_and"}));
  EXPECT_EQ(names("graph.triangles", "count"), (Names{"each", "once", "arcs"}));
  EXPECT_EQ(names("core.rank", "ties"), (Names{"ordinal", "lowest", "highest"}));
  EXPECT_EQ(names("graph.neighbor_mode", "ties"), (Names{"lowest", "highest", "keep"}));
}
