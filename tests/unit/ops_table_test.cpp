// The table of operations as a whole: complete, well-formed, and every entry tested by name.
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "ops_harness.h"

namespace monograph::ops::testing {
namespace {

/// The text of all tests of operations but this one.
std::string tests_of_operations() {
  std::stringstream text;
  for (const auto& f : std::filesystem::directory_iterator(MONOGRAPH_SOURCE_DIR "/tests/unit"))
    if (const auto name = f.path().filename().string();
        name.starts_with("ops_") && name.ends_with("_test.cpp") && name != "ops_table_test.cpp")
      text << std::ifstream(f.path()).rdbuf();
  return text.str();
}

TEST(OpTable, EveryOperationIsDefinedOnceAndFoundByName) {
  std::set<std::string_view> names;
  for (std::size_t i = 0; i < op_table().size(); ++i) {
    const OpDef& op = *op_table()[i];
    EXPECT_TRUE(names.insert(op.name).second) << op.name;
    EXPECT_EQ(find_op(op.name), static_cast<OpId>(i)) << op.name;
    EXPECT_TRUE(op.name.starts_with("core.") || op.name.starts_with("graph.") ||
                op.name.starts_with("attr.") || op.name.starts_with("control."))
        << op.name;
  }
  EXPECT_EQ(find_op("graph.neighbour_agg"), std::nullopt);
  EXPECT_EQ(nearest_op("graph.neighbour_agg"), "graph.neighbor_agg");
}

TEST(OpTable, EveryOperationHasDocTypeRuleAndOneMeaning) {
  for (const OpDef* op : op_table()) {
    EXPECT_FALSE(op->doc.empty()) << op->name;
    EXPECT_NE(op->infer, nullptr) << op->name;
    EXPECT_NE(op->evaluate == nullptr, op->expand == nullptr) << op->name;
    EXPECT_EQ(op->regions > 0, op->access == Access::Control) << op->name;
  }
}

TEST(OpTable, EverySignatureIsWellFormed) {
  for (const OpDef* op : op_table()) {
    std::set<std::string_view> names;
    bool optional = false;
    for (std::size_t i = 0; i < op->operands.size(); ++i) {
      const OperandSpec& o = op->operands[i];
      EXPECT_TRUE(names.insert(o.name).second && !o.doc.empty()) << op->name << " " << o.name;
      EXPECT_TRUE(o.kind != OperandKind::Variadic || i + 1 == op->operands.size()) << op->name;
      EXPECT_FALSE(optional && o.kind == OperandKind::Required) << op->name << ": required after optional";
      optional |= o.kind == OperandKind::Optional;
    }
    for (const AttrSpec& a : op->attrs) {
      EXPECT_TRUE(names.insert(a.name).second && !a.doc.empty()) << op->name << " " << a.name;
      EXPECT_EQ(a.kind == AttrKind::Enum, !a.names.empty()) << op->name << " " << a.name;
      EXPECT_FALSE(a.required && a.fallback.index() != 0) << op->name << " " << a.name;
    }
    if (op->effect == Effect::Write) {  // the verifier tells writes apart by it
      ASSERT_FALSE(op->attrs.empty()) << op->name;
      EXPECT_EQ(op->attrs[0].name, "name") << op->name;
    }
  }
}

TEST(OpTable, EveryOperationIsRunByATest) {
  const std::string text = tests_of_operations();
  const auto expect_mentioned = [&](const std::string& what) {
    EXPECT_TRUE(text.find(what + ",") != text.npos || text.find(what + ")") != text.npos)
        << "no test runs " << what;
  };
#define MONOGRAPH_OP(Kind, symbol) expect_mentioned("OpId::" #Kind);
#include "host/ops/op_list.def"
#define MONOGRAPH_SCALAR_OP(Kind, ...) expect_mentioned("ScalarOp::" #Kind);
#include <monograph/scalar_ops.def>
}

TEST(OpTable, MonoidsAreTheirRows) {
  for (const MonoidInfo& m : monoid_table()) {
    EXPECT_EQ(&info(m.kind), &m) << m.name;
    EXPECT_TRUE(info(m.combine).traits & Associative) << m.name;
    EXPECT_TRUE(info(m.combine).traits & Commutative) << m.name;
    EXPECT_FALSE(m.doc.empty());
  }
}

}  // namespace
}  // namespace monograph::ops::testing
