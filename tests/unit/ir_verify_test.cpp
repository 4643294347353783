// The verifier rejects each broken invariant, by its own message.
#include <gtest/gtest.h>
#include <monograph/error.h>

#include "unit/ir_samples.h"

namespace monograph::ir {
namespace {

/// A correct program made wrong in one way.
struct Broken {
  const char* name;
  void (*damage)(Program&);
  const char* message;  ///< what the error must contain
};

// In kLoopText: nodes of region 0, of the loop's body (1), of the two branches (2, 3).
enum : std::size_t { kTrue, kLimit, kIndex, kCast, kLoad, kWhile, kOutput, kOutput2 };
enum : std::size_t { kAgg, kLt, kIf };

Node& entry(Program& p, std::size_t node) { return p.regions[0].nodes[node]; }
Node& body(Program& p, std::size_t node) { return p.regions[1].nodes[node]; }

const Broken kBroken[] = {
    {"NoRegion", [](Program& p) { p.regions.clear(); }, "at least one region"},
    {"EntryWithArguments", [](Program& p) { p.regions[0].args.push_back({}); },
     "no arguments and no results"},
    {"EntryWithResults",
     [](Program& p) {
       p.regions[0].results = {{kTrue, 0}};
     },
     "no arguments and no results"},
    {"RegionsOutOfOrder",
     [](Program& p) {
       std::swap(p.regions[2], p.regions[3]);
       std::swap(body(p, kIf).regions[0], body(p, kIf).regions[1]);
     },
     "not in preorder"},
    {"RegionWithTwoOwners", [](Program& p) { body(p, kIf).regions[1] = 2; }, "two owners"},
    {"RegionInsideItself", [](Program& p) { body(p, kIf).regions[0] = 1; }, "two owners"},
    {"RegionThatDoesNotExist", [](Program& p) { entry(p, kWhile).regions[0] = 9; }, "not in preorder"},
    {"RegionWithoutOwner", [](Program& p) { p.regions.emplace_back(); }, "region 4 has no owner"},
    {"UnknownOperation", [](Program& p) { entry(p, kCast).op = static_cast<OpId>(9999); },
     "unknown operation"},
    {"OperandOfALaterNode",
     [](Program& p) {
       entry(p, kCast).operands[0] = {kLoad, 0};
     },
     "operand 0 names no argument and no earlier value"},
    {"OperandOfItself",
     [](Program& p) {
       entry(p, kCast).operands[0] = {kCast, 0};
     },
     "operand 0 names no argument and no earlier value"},
    {"OperandOfAMissingResult",
     [](Program& p) {
       entry(p, kOutput).operands[0] = {kWhile, 3};
     },
     "operand 0 names no argument and no earlier value"},
    {"OperandOfAMissingArgument", [](Program& p) { body(p, kAgg).operands[0] = ValueId::argument(4); },
     "operand 0 names no argument and no earlier value"},
    {"RequiredOperandAbsent", [](Program& p) { body(p, kAgg).operands[0] = ValueId::none(); },
     "operand 0 is missing"},
    {"VariadicOperandAbsent", [](Program& p) { entry(p, kWhile).operands[3] = ValueId::none(); },
     "operand 3 is missing"},
    {"TooFewOperands", [](Program& p) { p.regions[2].nodes[0].operands.pop_back(); },
     "wrong number of operands"},
    {"TooManyOperands", [](Program& p) { p.regions[2].nodes[0].operands.push_back(ValueId::argument(0)); },
     "wrong number of operands"},
    {"TooFewForVariadic", [](Program& p) { entry(p, kWhile).operands.resize(1); },
     "wrong number of operands"},
    {"ResultOfRegionMissing",
     [](Program& p) {
       p.regions[2].results[0] = {1, 0};
     },
     "result names no argument and no earlier value"},
    {"ResultOfRegionAbsent", [](Program& p) { p.regions[2].results[0] = ValueId::none(); },
     "result is missing"},
    {"TooFewAttributes", [](Program& p) { entry(p, kCast).attrs.clear(); }, "wrong number of attributes"},
    {"RequiredAttributeAbsent", [](Program& p) { entry(p, kCast).attrs[0] = {}; }, "attribute to is missing"},
    {"DefaultedAttributeAbsent", [](Program& p) { entry(p, kOutput).attrs[1] = {}; },
     "attribute role is missing"},
    {"AttributeOfAnotherKind", [](Program& p) { entry(p, kWhile).attrs[0] = true; },
     "attribute carried is missing"},
    {"EnumeratorOutOfRange", [](Program& p) { body(p, kAgg).attrs[1] = ops::EnumValue{3}; },
     "attribute direction is missing or of the wrong kind"},
    {"TooFewRegions", [](Program& p) { entry(p, kWhile).regions.clear(); }, "wrong number of regions"},
    {"TypeNotInferred", [](Program& p) { entry(p, kIndex).results[0].scalar = ScalarType::I64; },
     "recorded result types are not the inferred ones"},
    {"ResultTooMany", [](Program& p) { entry(p, kOutput).results.push_back({}); },
     "recorded result types are not the inferred ones"},
    {"WidthOfArgument",
     [](Program& p) {
       p.regions.push_back({.args = {{.width = 2}}, .nodes = {}, .results = {}});
       p.regions.push_back(p.regions.back());
       p.regions[0].nodes.push_back(testing::make_node(OpId::If, {{kTrue, 0}}, {}, {4, 5}));
     },
     "only width 1 and graph 0"},
};

class VerifyRejects : public ::testing::TestWithParam<Broken> {};

TEST_P(VerifyRejects, WithItsOwnMessage) {
  Program p = parse(testing::kLoopText);
  EXPECT_NO_THROW(verify(p));
  GetParam().damage(p);
  try {
    verify(p);
    FAIL() << "accepted";
  } catch (const InternalError& e) {
    EXPECT_NE(std::string(e.what()).find(GetParam().message), std::string::npos) << e.what();
  }
}

INSTANTIATE_TEST_SUITE_P(Invariants, VerifyRejects, ::testing::ValuesIn(kBroken),
                         [](const auto& info) { return std::string(info.param.name); });

TEST(Verify, LengthsBelongToFixedDomains) {
  Program p = parse("program \"p\" { %0 = core.iota length=4 }");
  p.regions[0].nodes[0].results[0].length = 5;
  EXPECT_THROW(verify(p), InternalError);
}

// What a user can do wrong is a CompileError with the user's line, not an internal one.
TEST(Verify, EffectsOfTheUserAreCompileErrors) {
  Program p = parse(testing::kLoopText);
  Node output = entry(p, kOutput);
  output.where = {{"main.cpp", 7, 3}};
  p.regions[0].nodes.push_back(output);
  try {
    verify(p);
    FAIL() << "accepted";
  } catch (const CompileError& e) {
    EXPECT_STREQ(e.what(), "main.cpp:7:3: attr.output: expected a new name, got \"x\" a second time");
  }
}

TEST(Verify, TwoStoresOfOneNameAreFineOverDifferentDomains) {
  const std::string head = "program \"p\" { %0 = core.node_index %1 = graph.gather_src %0 ";
  EXPECT_NO_THROW(parse(head + "attr.store_node %0 name=\"a\" attr.store_edge %1 name=\"a\" }"));
  EXPECT_THROW(parse(head + "attr.store_node %0 name=\"a\" attr.store_node %0 name=\"a\" }"), CompileError);
}

}  // namespace
}  // namespace monograph::ir
