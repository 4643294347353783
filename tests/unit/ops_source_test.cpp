// Sources, attributes and outputs.
#include <cmath>
#include <limits>

#include "ops_harness.h"

namespace monograph::ops::testing {
namespace {

using I32s = std::vector<std::int32_t>;
using I64s = std::vector<std::int64_t>;
using F64s = std::vector<double>;

TEST(Sources, Constant) {
  const Value v = run(OpId::Constant, {}, {{"value", Constant::of(-0.0)}});
  EXPECT_EQ(v.type, scalar_of(ScalarType::F64));
  EXPECT_EQ(v.column.at(0), Constant::of(-0.0));
}

TEST(Sources, FullAndBroadcastFillADomain) {
  FakeRun r(small_graph());
  const Value v = run(r, OpId::Full, {},
                      {{"value", Constant::of(std::int32_t{7})}, {"domain", nodes_of(ScalarType::F64)}});
  EXPECT_EQ(v.type, nodes_of(ScalarType::I32));
  EXPECT_EQ(list<std::int32_t>(v), I32s(6, 7));
  EXPECT_EQ(list<double>(run(r, OpId::Broadcast, {scalar(2.5)}, {{"over", edges_of(ScalarType::Bool)}})),
            F64s(8, 2.5));
  EXPECT_EQ(run(r, OpId::Broadcast, {scalar(true)}, {{"over", fixed_of(ScalarType::F64, 0)}}).column.size(),
            0);
  const auto column = [&] { run(r, OpId::Broadcast, {v}, {{"over", nodes_of(ScalarType::F64)}}); };
  EXPECT_EQ(error_of<CompileError>(column),
            "here.cpp:7: core.broadcast: expected a scalar as operand x, got i32[V]");
}

TEST(Sources, IotaAndIndices) {
  EXPECT_EQ(list<std::int64_t>(run(OpId::Iota, {}, {{"length", std::int64_t{4}}})), (I64s{0, 1, 2, 3}));
  EXPECT_EQ(run(OpId::Iota, {}, {{"length", std::int64_t{0}}}).type, fixed_of(ScalarType::I64, 0));
  EXPECT_EQ(error_of<CompileError>([] {
              run(OpId::Iota, {}, {{"length", std::int64_t{-1}}});
            }),
            "here.cpp:7: core.iota: expected a length of 0 or more, got -1");
  FakeRun r(small_graph());
  EXPECT_EQ(list<std::int32_t>(run(r, OpId::NodeIndex, {})), (I32s{0, 1, 2, 3, 4, 5}));
  EXPECT_EQ(list<std::int64_t>(run(r, OpId::NodeCount, {})), I64s{6});
  EXPECT_EQ(list<std::int64_t>(run(r, OpId::EdgeCount, {})), I64s{8});
  FakeRun undirected(graph_of(3, {{0, 1}, {2, 2}}, true));
  EXPECT_EQ(list<std::int64_t>(run(undirected, OpId::EdgeCount, {})), I64s{3});
  EXPECT_EQ(run(OpId::NodeIndex, {}).column.size(), 0);
}

TEST(Sources, ParameterIsWhatTheRunSays) {
  FakeRun r;
  r.parameters["damping"] = Constant::of(0.5);
  const NamedAttrs attrs{{"name", "damping"},
                         {"default", Constant::of(0.85)},
                         {"minimum", Constant::of(0.0)},
                         {"maximum", Constant::of(1.0)},
                         {"doc", "how far"}};
  EXPECT_EQ(list<double>(run(r, OpId::Parameter, {}, attrs)), F64s{0.5});
}

TEST(Sources, ParameterDeclarationsAreChecked) {
  const auto declare = [](const NamedAttrs& attrs) {
    return error_of<CompileError>([&] {
      FakeRun r;
      r.parameters["p"] = Constant::of(std::int64_t{1});
      run(r, OpId::Parameter, {}, attrs);
    });
  };
  const Constant five = Constant::of(std::int64_t{5});
  EXPECT_EQ(declare({{"name", ""}, {"default", five}}),
            "here.cpp:7: core.parameter: expected a name, got an empty string");
  EXPECT_EQ(declare({{"name", "p"}, {"default", five}, {"minimum", Constant::of(1.0)}}),
            "here.cpp:7: core.parameter: expected minimum of the default's type i64, got f64");
  EXPECT_EQ(declare({{"name", "p"}, {"default", five}, {"maximum", Constant::of(std::int64_t{4})}}),
            "here.cpp:7: core.parameter: expected a default within the limits, got 5 with maximum 4");
  EXPECT_EQ(declare({{"name", "p"}, {"default", five}, {"role", "node"}}),
            "here.cpp:7: core.parameter: expected an i32 node index as default of a node parameter, got i64");
}

// ---- attributes
Graph with_attributes() {
  Graph g = small_graph();
  const double weight[] = {2, 3, 5, 7, 11, 17, 13, 19};
  g.set_edge_attribute("weight", Column::of<double>(weight));
  const std::int64_t big[] = {1, -2, (std::int64_t{1} << 53) + 1, 4, 5, 6};
  g.set_node_attribute("big", Column::of<std::int64_t>(big));
  const bool flag[] = {true, false, true, false, false, true};
  g.set_node_attribute("flag", Column::of<bool>(flag));
  const std::int32_t small[] = {1, 2, 3, 4, 5, -6};
  g.set_node_attribute("small", Column::of<std::int32_t>(small));
  const float half[] = {0.5F, 1.5F, 2.5F, 3.5F, 4.5F, 5.5F};
  g.set_node_attribute("half", Column::of<float>(half));
  return g;
}

TEST(Attributes, LoadWidens) {
  FakeRun r(with_attributes());
  const auto load = [&](const char* name, ScalarType type) {
    return run(r, OpId::LoadNode, {}, {{"name", name}, {"type", scalar_of(type)}});
  };
  EXPECT_EQ(list<double>(run(r, OpId::LoadEdge, {}, {{"name", "weight"}})),
            (F64s{2, 3, 5, 7, 11, 17, 13, 19}));
  EXPECT_EQ(list<std::int64_t>(load("small", ScalarType::I64)), (I64s{1, 2, 3, 4, 5, -6}));
  EXPECT_EQ(list<double>(load("small", ScalarType::F64)), (F64s{1, 2, 3, 4, 5, -6}));
  EXPECT_EQ(list<double>(load("half", ScalarType::F64)), (F64s{0.5, 1.5, 2.5, 3.5, 4.5, 5.5}));
  EXPECT_EQ(list<double>(load("big", ScalarType::F64)), (F64s{1, -2, std::ldexp(1.0, 53), 4, 5, 6}));
  EXPECT_EQ(list<std::int32_t>(load("flag", ScalarType::I32)), (I32s{1, 0, 1, 0, 0, 1}));
  EXPECT_EQ(list<bool>(load("flag", ScalarType::Bool)),
            (std::vector<bool>{true, false, true, false, false, true}));
}

TEST(Attributes, NarrowingIsAnInputError) {
  FakeRun r(with_attributes());
  const std::vector<std::pair<const char*, ScalarType>> narrowing{
      {"big", ScalarType::I32},  {"big", ScalarType::F32},  {"small", ScalarType::F32},
      {"half", ScalarType::I64}, {"half", ScalarType::I32}, {"small", ScalarType::Bool}};
  for (const auto& attempt : narrowing) {
    const char* name = attempt.first;
    const ScalarType type = attempt.second;
    const std::string message = error_of<InputError>([&] {
      run(r, OpId::LoadNode, {}, {{"name", name}, {"type", scalar_of(type)}});
    });
    EXPECT_NE(message.find("holds " + std::string(to_string(r.graph().node_attribute(name)->type()))),
              std::string::npos)
        << message;
    EXPECT_NE(message.find("widen to " + std::string(to_string(type))), std::string::npos) << message;
  }
}

TEST(Attributes, MissingOnes) {
  FakeRun r(with_attributes());
  EXPECT_EQ(error_of<InputError>([&] {
              run(r, OpId::LoadEdge, {}, {{"name", "cost"}});
            }),
            "here.cpp:7: attr.load_edge: there is no edge attribute \"cost\"; the graph has \"weight\"");
  FakeRun bare(small_graph());
  EXPECT_EQ(error_of<InputError>([&] {
              run(bare, OpId::LoadNode, {}, {{"name", "x"}});
            }),
            "here.cpp:7: attr.load_node: there is no node attribute \"x\"; the graph has none");
  EXPECT_EQ(list<double>(run(bare, OpId::LoadNode, {}, {{"name", "x"}, {"default", Constant::of(1.5)}})),
            F64s(6, 1.5));
  EXPECT_EQ(list<double>(run(r, OpId::LoadEdge, {}, {{"name", "weight"}, {"default", Constant::of(1.5)}}))[0],
            2);
  EXPECT_EQ(error_of<CompileError>([&] {
              run(bare, OpId::LoadNode, {}, {{"name", "x"}, {"default", Constant::of(true)}});
            }),
            "here.cpp:7: attr.load_node: expected a default of f64, got bool");
}

TEST(Attributes, LoadedColumnsAreSharedNotCopied) {
  FakeRun r(with_attributes());
  const Value v = run(r, OpId::LoadEdge, {}, {{"name", "weight"}});
  EXPECT_EQ(v.column.data(), r.graph().edge_attribute("weight")->data());
}

TEST(Attributes, StoresAndOutputs) {
  FakeRun r(small_graph());
  const Value x = nodes<std::int32_t>({1, 2, 3, 4, 5, 6}), w = edges<bool>(std::vector<bool>(8, true));
  EXPECT_TRUE(run_all(r, OpId::StoreNode, {x}, {std::string("x")}).empty());
  EXPECT_TRUE(run_all(r, OpId::StoreEdge, {w}, {std::string("w")}).empty());
  EXPECT_TRUE(run_all(r, OpId::Output, {x}, {std::string("out"), EnumValue{1}}).empty());
  EXPECT_EQ(list<std::int32_t>(r.stores.at("x")), (I32s{1, 2, 3, 4, 5, 6}));
  EXPECT_EQ(r.stores.at("w").type, edges_of(ScalarType::Bool));
  EXPECT_EQ(r.outputs.at("out").second, Role::Node);
  EXPECT_EQ(r.outputs.at("out").first.type, nodes_of(ScalarType::I32));

  EXPECT_EQ(error_of<CompileError>([&] { run_all(r, OpId::StoreNode, {w}, {std::string("x")}); }),
            "here.cpp:7: attr.store_node: expected a column over the nodes [V] as operand x, got bool[E]");
  EXPECT_EQ(error_of<CompileError>([&] { run_all(r, OpId::StoreEdge, {x}, {std::string("x")}); }),
            "here.cpp:7: attr.store_edge: expected a column over the edges [E] as operand x, got i32[V]");
  EXPECT_EQ(error_of<CompileError>([&] {
              run_all(r, OpId::Output, {scalar(1.0)}, {std::string("x"), EnumValue{1}});
            }),
            "here.cpp:7: attr.output: expected elements of i32 or i64 (node indices) as operand x, got f64");
}

}  // namespace
}  // namespace monograph::ops::testing
