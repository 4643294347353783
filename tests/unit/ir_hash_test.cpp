// The hash of a program is its content: stable for ever, blind to names and source lines.
#include <gtest/gtest.h>

#include <set>

#include "unit/ir_samples.h"

namespace monograph::ir {
namespace {

// If this fails, every cache and every recorded fingerprint is void: change the hash only knowingly.
TEST(Hash, IsPinned) { EXPECT_EQ(hash(parse(testing::kLoopText)).text(), "745999bfbc8ec56217c30e3e32ac7252"); }

TEST(Hash, IgnoresNameAndLines) {
  Program p = parse(testing::kLoopText);
  const base::Hash128 before = hash(p);
  p.name = "another";
  for (Region& r : p.regions)
    for (Node& n : r.nodes) n.where = {{"a.cpp", 1, 2}};
  EXPECT_EQ(hash(p), before);
}

TEST(Hash, TellsEveryChangeOfContent) {
  using Change = void (*)(Program&);
  const Change changes[] = {
      [](Program&) {},
      [](Program& p) { p.regions[0].nodes[0].attrs[0] = Constant::of(false); },
      [](Program& p) { p.regions[0].nodes[1].attrs[1] = Constant::of(std::int64_t{11}); },
      [](Program& p) { p.regions[0].nodes[1].attrs[1] = Constant::of(10.0); },
      [](Program& p) { p.regions[0].nodes[1].attrs[2] = {}; },
      [](Program& p) { p.regions[0].nodes[3].attrs[0] = scalar_of(ScalarType::F32); },
      [](Program& p) { p.regions[0].nodes[4].attrs[0] = std::string("cost"); },
      [](Program& p) { p.regions[0].nodes[6].attrs[0] = std::string("y"); },
      [](Program& p) { p.regions[0].nodes[7].operands[0].result = 0; },
      [](Program& p) { p.regions[1].args[3] = scalar_of(ScalarType::I32); },
      [](Program& p) { p.regions[1].nodes[0].operands[1] = ValueId::none(); },
      [](Program& p) { p.regions[1].nodes[0].attrs[1] = ops::EnumValue{1}; },
      [](Program& p) { p.regions[1].nodes[0].attrs[2] = true; },
      [](Program& p) { p.regions[2].nodes[0].op = ops::scalar_id(ops::ScalarOp::Add); },
      [](Program& p) { std::swap(p.regions[2].nodes[0].operands[0], p.regions[2].nodes[0].operands[1]); },
      [](Program& p) { p.regions[3].results[0] = ValueId::argument(0); },
      [](Program& p) { std::swap(p.regions[2], p.regions[3]); },
      [](Program& p) { p.regions[0].nodes.pop_back(); },
  };
  std::set<base::Hash128> seen;
  for (const Change change : changes) {
    Program p = parse(testing::kLoopText);
    change(p);
    EXPECT_TRUE(seen.insert(hash(p)).second) << print(p);
  }
}

TEST(Hash, OfARegionIsItsOwnContent) {
  const Program p = parse(R"(program "p" {
    %0 = core.constant value=true:bool
    %1 = core.node_count
    %2 = control.if %0, %1 {
      (%x: i64) { %0 = core.neg %x yield %0 }
      (%y: i64) { %0 = core.neg %y yield %0 }
    }
  })");
  EXPECT_EQ(hash(p, 1), hash(p, 2));
  EXPECT_NE(hash(p, 0), hash(p, 1));
}

TEST(Hash, OfRandomProgramsDiffer) {
  std::set<base::Hash128> seen;
  for (std::uint64_t seed = 0; seed < 200; ++seed)
    EXPECT_TRUE(seen.insert(hash(testing::RandomProgram(seed).make())).second) << seed;
}

}  // namespace
}  // namespace monograph::ir
