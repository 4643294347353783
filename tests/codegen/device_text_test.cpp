// From table rows to the device: every row at every type, and groups around a neighbour sum, as text that
// NVRTC compiles for sm_80 and sm_90 and that, compiled for the CPU and run through the shim, has the
// reference's bits.
#include "host/codegen/device_text.h"

#include <bit>
#include <limits>
#include <random>
#include <regex>

#include "graphs.h"
#include "host/cuda/cubin.h"
#include "host/cuda/nvrtc.h"
#include "host/ir/builder.h"
#include "host/ops/canonical.h"
#include "host/ops/dispatch.h"
#include "stage_runner.h"

namespace monograph {
namespace {

using ir::Builder;
using ir::ValueId;
using ops::OpId;

constexpr ScalarType kTypes[] = {ScalarType::Bool, ScalarType::I32, ScalarType::I64, ScalarType::F32,
                                 ScalarType::F64};

using Group = test::StageText;

Group make_group(Builder& b, ir::RegionIndex r, std::vector<ValueId> results, const std::string& name) {
  b.set_results(r, std::move(results));
  return test::stage_text(b.program(), r, name);
}

// -------------------------------------------------------------------------------------------------
// element-wise rows

/// Region over columns a, b, c of type t and a condition: all rows that take t, cast to every type.
Group all_rows(ScalarType t, Domain over) {
  Builder b("rows");
  const auto column = [&](ScalarType s) { return Type{.scalar = s, .domain = over}; };
  const auto r = b.add_region({column(t), column(t), column(t), column(ScalarType::Bool)});
  std::vector<ValueId> results;
  for (const ops::ScalarInfo& row : ops::scalar_table()) {
    if (!ops::allows(row.allowed, t)) continue;
    std::vector<ValueId> operands;
    if (row.operands == ops::Operands::Select) operands.push_back(ValueId::argument(3));
    for (std::uint32_t i = 0; operands.size() < static_cast<std::size_t>(row.arity); ++i)
      operands.push_back(ValueId::argument(i));
    if (row.result != ops::ResultRule::Target) {
      results.push_back(b.emit(r, ops::scalar_id(row.op), operands));
      continue;
    }
    for (ScalarType to : kTypes)
      results.push_back(b.emit(r, ops::scalar_id(row.op), operands, {scalar_of(to)}));
  }
  return make_group(b, r, results,
                    "rows_" + std::string(to_string(t)) + (over == Domain::Edges ? "_edges" : ""));
}

/// All pairs as a and b, with c and the condition drawn at random.
test::Values all_pairs(ScalarType t, Domain over) {
  return ops::dispatch(t, [&]<class T>(std::type_identity<T>) {
    const std::vector<T> values = test::adversarial<T>();
    const auto n = static_cast<std::int64_t>(values.size() * values.size());
    const Type type{.scalar = t, .domain = over};
    test::Values columns(3, {type, Column(t, n)});
    columns.push_back({with_scalar(type, ScalarType::Bool), Column(ScalarType::Bool, n)});
    std::mt19937 random(7);
    for (std::int64_t i = 0; i < n; ++i) {
      const auto k = static_cast<std::size_t>(i);
      columns[0].column.set(i, Constant::of<T>(values[k / values.size()]));
      columns[1].column.set(i, Constant::of<T>(values[k % values.size()]));
      columns[2].column.set(i, Constant::of<T>(values[random() % values.size()]));
      columns[3].column.set(i, Constant::of<bool>(random() % 2));
    }
    return columns;
  });
}

/// A graph with `n` nodes and as many edges, a ring: only its counts matter to element-wise code.
Graph ring(std::int64_t n) {
  EdgeList edges;
  edges.ids = NodeIds::dense(n);
  for (std::int32_t v = 0; v < n; ++v)
    edges.source.push_back(v), edges.target.push_back((v + 1) % static_cast<int>(n));
  return Graph::from_edges(std::move(edges));
}

// ------------------------------------------------------------------------------------------------- neighbour
// sums

ops::Attr choice(OpId op, std::size_t attr, std::string_view name) {
  const auto& names = ops::def(op).attrs[attr].names;
  const auto at = std::find(names.begin(), names.end(), name);
  EXPECT_NE(at, names.end()) << name;
  return ops::EnumValue{static_cast<std::uint8_t>(at - names.begin())};
}

ValueId aggregate(Builder& b, ir::RegionIndex r, ValueId x, std::string_view agg,
                  std::string_view direction = "in", bool include_self = false,
                  ValueId weights = ValueId::none(), ValueId fill = ValueId::none()) {
  constexpr auto op = OpId::NeighborAgg;
  return b.emit(r, op, {x, weights, fill}, {choice(op, 0, agg), choice(op, 1, direction), include_self});
}

ValueId call(Builder& b, ir::RegionIndex r, ops::ScalarOp op, std::vector<ValueId> operands) {
  return b.emit(r, ops::scalar_id(op), std::move(operands));
}

/// (1 - damping) / n + damping * in_sum(rank / outdegree), with the plain sum as a second result.
Group pagerank_body() {
  Builder b("pagerank");
  const auto r =
      b.add_region({nodes_of(ScalarType::F64), nodes_of(ScalarType::F64), scalar_of(ScalarType::F64)});
  const ValueId damping = ValueId::argument(2);
  const ValueId n = b.emit(r, ops::scalar_id(ops::ScalarOp::Cast), {b.emit(r, OpId::NodeCount, {})},
                           {scalar_of(ScalarType::F64)});
  const ValueId share = call(b, r, ops::ScalarOp::Div, {ValueId::argument(0), ValueId::argument(1)});
  const ValueId sum = aggregate(b, r, share, "sum");
  const ValueId rest = call(b, r, ops::ScalarOp::Sub, {b.constant(r, Constant::of(1.0)), damping});
  const ValueId base = call(b, r, ops::ScalarOp::Div, {rest, n});
  const ValueId next = call(b, r, ops::ScalarOp::Add, {base, call(b, r, ops::ScalarOp::Mul, {damping, sum})});
  return make_group(b, r, {next, sum}, "pagerank");
}

/// sum of w * (x * s) over neighbours, then * t: the multiplier at the neighbour and the one at the centre
/// differ.
Group weighted(ScalarType t, std::string_view direction) {
  Builder b("weighted");
  const auto r = b.add_region({nodes_of(t), nodes_of(t), edges_of(t)});
  const ValueId x = call(b, r, ops::ScalarOp::Mul, {ValueId::argument(0), ValueId::argument(1)});
  const ValueId sum = aggregate(b, r, x, "sum", direction, false, ValueId::argument(2));
  const ValueId s = b.emit(r, ops::scalar_id(ops::ScalarOp::Cast), {ValueId::argument(1)},
                           {scalar_of(b.type(r, sum).scalar)});
  return make_group(b, r, {call(b, r, ops::ScalarOp::Mul, {sum, s})},
                    "weighted_" + std::string(to_string(t)) + "_" + std::string(direction));
}

/// Any monoid over one column and a scalar that shifts it (or, for bool, is or-ed to it).
Group plain(std::string_view agg, ScalarType t, bool include_self, bool fill) {
  Builder b("plain");
  const auto r = b.add_region({nodes_of(t), scalar_of(t)});
  const auto shift = t == ScalarType::Bool ? ops::ScalarOp::Xor : ops::ScalarOp::Add;
  const ValueId x = call(b, r, shift, {ValueId::argument(0), ValueId::argument(1)});
  const ValueId value = aggregate(b, r, x, agg, "in", include_self, ValueId::none(),
                                  fill ? ValueId::argument(1) : ValueId::none());
  return make_group(b, r, {value},
                    std::string(agg) + "_" + std::string(to_string(t)) +
                        (include_self ? "_self"
                         : fill       ? "_fill"
                                      : ""));
}

std::vector<Group> neighbour_groups() {
  using enum ScalarType;
  std::vector<Group> groups{pagerank_body(), weighted(F64, "in"), weighted(F32, "out"), weighted(I32, "in")};
  for (ScalarType t : {I32, I64, F32, F64})
    for (const char* agg : {"sum", "prod", "min", "max"}) groups.push_back(plain(agg, t, false, false));
  for (const char* agg : {"any", "all", "count", "sum"}) groups.push_back(plain(agg, Bool, false, false));
  groups.push_back(plain("min", F64, false, true));
  groups.push_back(plain("max", I32, false, true));
  groups.push_back(plain("sum", F64, true, false));
  groups.push_back(plain("all", Bool, true, false));
  return groups;
}

// ------------------------------------------------------------------------------------------------- tests

std::string text_of(std::span<const Group> groups) {
  std::string text = codegen::device_stage_prelude();
  for (const Group& g : groups) text += g.device.text;
  return text;
}

std::vector<Group> row_groups() {
  std::vector<Group> groups;
  for (ScalarType t : kTypes) groups.push_back(all_rows(t, Domain::Nodes));
  groups.push_back(all_rows(ScalarType::I32, Domain::Edges));
  return groups;
}

TEST(DeviceText, EveryRowAtEveryTypeHasTheBitsOfTheReference) {
  MONOGRAPH_NEEDS_COMPILER();
  const std::vector<Group> groups = row_groups();
  const simt::Module module = test::build(text_of(groups));
  std::size_t pairs = 0;
  for (const Group& g : groups) {
    const Type t = g.region.args[0];
    const test::Values args = all_pairs(t.scalar, t.domain);
    test::RegionRun run(ring(args[0].column.size()));
    const test::Values expected = test::evaluate(g.region, args, run);
    test::DeviceRun device(run.graph(), g.stage);
    const test::Values got = test::launch(module, g, args, device, run.graph(), {.seed = 3});
    for (std::size_t i = 0; i < expected.size(); ++i)
      EXPECT_TRUE(test::same_bits(expected[i].column, got[i].column))
          << to_string(t) << " " << ops::def(g.region.nodes[i].op).name;
    pairs += expected.size();
  }
  EXPECT_GE(pairs, 150u);  // rows times types: none may fall out unseen
}

TEST(DeviceText, NeighbourGroupsHaveTheBitsOfTheReferenceUnderEveryInterleaving) {
  MONOGRAPH_NEEDS_COMPILER();
  const std::vector<Group> groups = neighbour_groups();
  const simt::Module module = test::build(text_of(groups));
  for (const test::NamedGraph& named : test::graphs())
    for (const Group& g : groups) {
      test::RegionRun run(named.graph);
      test::Values args;
      for (const Type& t : g.region.args)
        args.push_back(test::random_value(t, run.count(t), static_cast<std::uint32_t>(args.size() + 1),
                                          named.graph.edge_count() < 1000));
      const test::Values expected = test::evaluate(g.region, args, run);
      const bool every = named.graph.edge_count() < 1000 || &g < &groups[3];  // long rows cost seconds
      for (std::uint64_t seed = 1; seed <= (every ? 3 : 1); ++seed) {
        test::DeviceRun device(run.graph(), g.stage);
        const test::Values got =
            test::launch(module, g, args, device, run.graph(), {.seed = seed - 1, .in_place = seed == 2});
        for (std::size_t i = 0; i < expected.size(); ++i)
          EXPECT_TRUE(test::same_bits(expected[i].column, got[i].column))
              << named.name << " " << g.device.kernels[0].name << " seed " << seed - 1;
      }
    }
}

/// The two values that no pass may confuse: the multiplier at the neighbour, and at the centre.
TEST(DeviceText, AMultiplierAtTheNeighbourIsNotOneAtTheCentre) {
  MONOGRAPH_NEEDS_COMPILER();
  Builder b("two");
  const auto r = b.add_region({nodes_of(ScalarType::F64), nodes_of(ScalarType::F64)});
  const ValueId inner =
      aggregate(b, r, call(b, r, ops::ScalarOp::Mul, {ValueId::argument(0), ValueId::argument(1)}), "sum");
  const Group at_neighbour = make_group(b, r, {inner}, "neighbour");
  const auto q = b.add_region({nodes_of(ScalarType::F64), nodes_of(ScalarType::F64)});
  const ValueId outer =
      call(b, q, ops::ScalarOp::Mul, {aggregate(b, q, ValueId::argument(0), "sum"), ValueId::argument(1)});
  const Group at_centre = make_group(b, q, {outer}, "centre");
  const Group both[] = {at_neighbour, at_centre};
  const simt::Module module = test::build(text_of(both));
  test::RegionRun run(test::from_pairs(3, {{0, 1}, {1, 2}}));
  const auto column = [](std::vector<double> v) {
    return ops::Value{nodes_of(ScalarType::F64), Column::of<double>(v)};
  };
  const test::Values args{column({1, 2, 3}), column({.5, 1, 1.5})};
  const auto got = [&](const Group& g) {
    test::DeviceRun device(run.graph(), g.stage);
    return test::launch(module, g, args, device, run.graph(), {.seed = 1})[0].column;
  };
  EXPECT_TRUE(test::same_bits(column({0, .5, 2}).column, got(at_neighbour)));
  EXPECT_TRUE(test::same_bits(column({0, 1, 3}).column, got(at_centre)));
}

/// More leaves than a leaf has elements: the second level, and the third.
TEST(DeviceText, ManyLeavesHaveTheColumnShape) {
  MONOGRAPH_NEEDS_COMPILER();
  const simt::Module module =
      test::build(codegen::device_stage_prelude() +
                  "extern \"C\" __global__ void total(mg_words* partial, mg_i64 leaves, "
                  "double* out) {\n  const double t = "
                  "mg_column_total<mg_monoid_sum>(partial, leaves);\n  if (threadIdx.x "
                  "== 0) *out = t;\n}\nMG_KERNEL_ENTRY(total)\n");
  simt::Emulator emulator;
  const auto sum = ops::monoid_of<double>(ops::MonoidKind::Sum);
  for (const std::int64_t leaves : {0, 1, 2, 33, 1023, 1024, 1025, 9000, 1024 * 1024 + 1}) {
    std::vector<double> words(static_cast<std::size_t>(2 * leaves + 2), -1.0);  // 16 bytes each
    const auto value = [](std::int64_t i) { return 1.0 / static_cast<double>(i % 9973 + 1) - 0.001; };
    for (std::int64_t i = 0; i < leaves; ++i) words[static_cast<std::size_t>(2 * i)] = value(i);
    double out = -1.0;
    void *partial = words.data(), *place = &out;
    long long count = leaves;
    void* arguments[] = {&partial, &count, &place};
    const auto ended =
        emulator.launch(module.kernel("total"), {.block = {256, 1, 1}, .arguments = arguments, .seed = 1});
    ASSERT_TRUE(ended.ok()) << ended.error;
    EXPECT_EQ(std::bit_cast<std::uint64_t>(out),
              std::bit_cast<std::uint64_t>(ops::column_fold<double>(leaves, value, sum)))
        << leaves << " leaves";
  }
}

TEST(DeviceText, LiteralsKeepTheirBits) {
  EXPECT_EQ(codegen::device_literal(Constant::of(0.5)), "0x1p-1");
  EXPECT_EQ(codegen::device_literal(Constant::of(-0.0)), "(-0x0p+0)");
  EXPECT_EQ(codegen::device_literal(Constant::of(1.5f)), "0x1.8p+0f");
  EXPECT_EQ(codegen::device_literal(Constant::of(std::numeric_limits<double>::infinity())),
            "mg_from_bits<double>(0x7ff0000000000000ull)");
  EXPECT_EQ(codegen::device_literal(Constant::of(std::int32_t{-2147483647 - 1})), "int(-2147483648ll)");
  MONOGRAPH_NEEDS_COMPILER();
  Builder b("literals");  // every awkward constant through a compiler and back
  const auto r = b.add_region();
  std::vector<ValueId> results;
  for (ScalarType t : kTypes)
    ops::dispatch(t, [&]<class T>(std::type_identity<T>) {
      for (T x : test::adversarial<T>())
        results.push_back(b.emit(r, OpId::Full, {}, {Constant::of<T>(x), nodes_of(t)}));
    });
  const Group g = make_group(b, r, results, "literals");
  const simt::Module module = test::build(text_of(std::span(&g, 1)));
  test::RegionRun run(ring(1));
  test::DeviceRun device(run.graph(), g.stage);
  const test::Values got = test::launch(module, g, {}, device, run.graph(), {});
  for (std::size_t i = 0; i < results.size(); ++i)
    EXPECT_EQ(got[i].column.at(0), std::get<Constant>(g.region.nodes[i].attrs[0]));
}

/// What is not one kernel never gets here: it has no stage. The rest has a text.
TEST(DeviceText, WhatHasAStageHasAText) {
  const auto outcome = [](auto make) -> std::string {
    Builder b("some");
    const auto r =
        b.add_region({nodes_of(ScalarType::F64), edges_of(ScalarType::F64), nodes_of(ScalarType::I32)});
    try {
      return make_group(b, r, make(b, r), "some").device.kernels.at(0).name;
    } catch (const CompileError& error) {
      return error.what();
    }
  };
  using R = ir::RegionIndex;
  EXPECT_EQ(outcome([](Builder& b, R r) {
              const ValueId a = aggregate(b, r, ValueId::argument(0), "sum");
              return std::vector{aggregate(b, r, a, "sum")};
            }),
            "graph.neighbor_agg: expected an operation that can be part of a group");
  EXPECT_EQ(outcome([](Builder& b, R r) {
              const ValueId a = aggregate(b, r, ValueId::argument(0), "sum");
              return std::vector{a, aggregate(b, r, ValueId::argument(0), "max", "out")};
            }),
            "mg_some_in_sum_f64");
  EXPECT_EQ(
      outcome([](Builder& b, R r) { return std::vector{aggregate(b, r, ValueId::argument(2), "mode")}; }),
      "mg_some_in_mode_i32");
  EXPECT_EQ(outcome([](Builder& b, R r) {
              return std::vector{aggregate(b, r, ValueId::argument(0), "argmin", "both")};
            }),
            "mg_some_both_argmin_i32");
  EXPECT_EQ(outcome([](Builder&, R) {
              return std::vector{ValueId::argument(0), ValueId::argument(1)};
            }),
            "control.fused: expected one domain in a group, got f64[V] and f64[E]");
  EXPECT_EQ(outcome([](Builder& b, R r) {
              return std::vector{b.emit(r, OpId::GatherSrc, {ValueId::argument(0)})};
            }),
            "mg_some_map_f64");
}

// ------------------------------------------------------------------------------------------------- the
// device compiler

class Nvrtc : public ::testing::TestWithParam<int> {
 public:
  static const cuda::Nvrtc::Lookup& nvrtc() {
    static const auto found = cuda::Nvrtc::find();
    return found;
  }
  /// Compiles and finds every kernel in the cubin; what ptxas says of it.
  std::string compile(std::span<const Group> groups) {
    const auto result = nvrtc().nvrtc->compile(
        {.source = text_of(groups), .architecture = GetParam(), .options = {"--ptxas-options=-v"}});
    EXPECT_TRUE(result.ok()) << result.reason << "\n" << result.log;
    EXPECT_EQ(result.log.find("warning"), std::string::npos) << result.log;
    const auto report = cuda::inspect_cubin(result.cubin);
    EXPECT_TRUE(report.ok()) << report.reason;
    EXPECT_EQ(report.kernels.size(), groups.size());
    for (const Group& g : groups)
      EXPECT_TRUE(std::ranges::binary_search(report.kernels, g.device.kernels[0].name));
    return result.log;
  }

 protected:
  void SetUp() override {
    if (!nvrtc().nvrtc) GTEST_SKIP() << nvrtc().reason;
  }
};

TEST_P(Nvrtc, CompilesEveryRowAtEveryType) { compile(row_groups()); }

/// Per kernel: registers per thread, and bytes that do not fit into them. With more than 64 registers less
/// than half of the threads that a multiprocessor can hold would run.
TEST_P(Nvrtc, NeighbourGroupsKeepToTheirBudgetOfRegisters) {
  const std::vector<Group> groups = neighbour_groups();
  const std::string log = compile(groups);
  const auto numbers = [&](const char* pattern) {
    std::vector<int> found;
    const std::regex r(pattern);
    for (std::sregex_iterator i(log.begin(), log.end(), r), end; i != end; ++i)
      found.push_back(std::stoi((*i)[1]));
    return found;
  };
  const std::vector<int> registers = numbers("Used ([0-9]+) registers"),
                         spilled = numbers("([0-9]+) bytes spill stores");
  ASSERT_EQ(registers.size(), groups.size()) << log;
  ASSERT_EQ(spilled.size(), groups.size()) << log;
  EXPECT_LE(std::ranges::max(registers), 64) << log;
  EXPECT_LE(std::ranges::max(spilled), 64) << log;
}
INSTANTIATE_TEST_SUITE_P(DeviceText, Nvrtc, ::testing::Values(80, 90, 100, 120),
                         [](const auto& info) { return "sm_" + std::to_string(info.param); });

}  // namespace
}  // namespace monograph
