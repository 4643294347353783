// Plans as bytes and JSON: what goes out comes back, and hostile input ends in PlanError, never in anything
// else.
#include <gtest/gtest.h>
#include <monograph/algorithms.h>
#include <monograph/error.h>
#include <monograph/plan.h>
#include <monograph/version.h>

#include <nlohmann/json.hpp>
#include <random>

#include "host/base/binary_archive.h"
#include "host/base/container.h"
#include "host/passes/passes.h"
#include "host/plan/archive.h"
#include "host/plan/forms.h"
#include "unit/ir_samples.h"

namespace monograph::plan {
namespace {

Plan plan_of(const ir::Program& p, int level = 2) {
  Plan plan = build(passes::run(p, {.level = level}));
  plan.source_hash = ir::hash(p).text();
  plan.level = level;
  return plan;
}
Plan algorithm(std::string_view name) { return plan_of(find_algorithm(std::string(name))->make().ir()); }

/// What is inside of an envelope, to be damaged below the checksum.
std::string content(const Plan& plan) { return base::unseal(to_bytes(plan), kPlanFormat, "plan"); }

template <class F>
std::string message(F f) {
  try {
    f();
  } catch (const PlanError& error) {
    EXPECT_EQ(error.kind(), ErrorKind::Plan);
    EXPECT_EQ(std::string_view(error.what()).find('\n'), std::string_view::npos)
        << "one line: " << error.what();
    return error.what();
  }
  return "no error";
}
std::string reading(const std::string& bytes) {
  return message([&] { from_bytes(bytes, "p.bin"); });
}

TEST(PlanForms, EveryAlgorithmComesBackOnEveryLevel) {
  for (const AlgorithmInfo& a : algorithms())
    for (const int level : {0, 1, 2}) {
      SCOPED_TRACE(std::string(a.name) + " level " + std::to_string(level));
      const Plan plan = plan_of(a.make().ir(), level);
      const Plan binary = from_bytes(to_bytes(plan)), json = from_json(to_json(plan));
      EXPECT_EQ(binary, plan);
      EXPECT_EQ(json, plan);
      EXPECT_EQ(hash(binary), hash(plan));
      EXPECT_EQ(to_bytes(binary), to_bytes(plan));
      EXPECT_EQ(to_json(json), to_json(plan));
      EXPECT_EQ(ir::print(binary.program, true), ir::print(plan.program, true)) << "source lines are kept";
    }
}

TEST(PlanForms, RandomProgramsComeBack) {
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    SCOPED_TRACE(seed);
    const Plan plan = plan_of(ir::testing::RandomProgram(seed).make());
    EXPECT_EQ(from_bytes(to_bytes(plan)), plan);
    EXPECT_EQ(from_json(to_json(plan)), plan);
  }
}

TEST(PlanForms, EveryBitFlippedAndEveryTruncationIsAPlanError) {
  const std::string bytes = to_bytes(algorithm("degree"));
  for (std::size_t i = 0; i < 8 * bytes.size(); ++i) {
    std::string damaged = bytes;
    damaged[i / 8] = static_cast<char>(damaged[i / 8] ^ 1 << i % 8);
    EXPECT_NE(reading(damaged), "no error") << "bit " << i;
  }
  for (std::size_t n = 0; n < bytes.size(); ++n) EXPECT_NE(reading(bytes.substr(0, n)), "no error") << n;
  for (const char* tail : {"x", "\n"}) EXPECT_NE(reading(bytes + tail), "no error");
  EXPECT_NE(reading(bytes + bytes), "no error");
}

// Below the checksum, as somebody would who means it: an error, or a plan that holds what verify says.
TEST(PlanForms, EveryByteChangedBelowTheChecksumIsAPlanErrorOrAPlan) {
  const std::string inside = content(algorithm("degree"));
  std::size_t plans = 0;
  for (std::size_t i = 0; i < inside.size(); ++i)
    for (const int change : {1, 2, 0x80, 0xff}) {
      std::string damaged = inside;
      damaged[i] = static_cast<char>(damaged[i] ^ change);
      try {
        verify(from_bytes(base::seal(damaged, kPlanFormat)));
        ++plans;
      } catch (const PlanError&) {
      }
    }
  EXPECT_GT(plans, 0u) << "names and texts may be others";
  EXPECT_LT(plans, inside.size() * 3);
  for (std::size_t n = 0; n < inside.size(); ++n)
    EXPECT_NE(reading(base::seal(inside.substr(0, n), kPlanFormat)), "no error") << n;
  EXPECT_NE(reading(base::seal(inside + std::string(1, '\0'), kPlanFormat)).find("expected the end"),
            std::string::npos);
}

TEST(PlanForms, RandomDamageIsAPlanErrorOrAPlan) {
  std::mt19937_64 random(1);
  const auto below = [&](std::size_t n) { return random() % n; };
  std::vector<std::string> samples;
  for (const char* name : {"pagerank", "sssp", "cdlp"}) samples.push_back(content(algorithm(name)));
  for (int i = 0; i < 3000; ++i) {
    std::string s = samples[below(samples.size())];
    for (std::size_t n = 1 + below(4); n > 0; --n) {
      const std::size_t at = below(s.size()), length = std::min(below(12), s.size() - at);
      switch (below(4)) {
        case 0:
          s[at] = static_cast<char>(random());
          break;
        case 1:
          s.erase(at, length);
          break;
        case 2:
          s.insert(below(s.size()), s.substr(at, length));
          break;
        default:
          s.replace(at, length, std::string(length, below(2) ? '\xff' : '\0'));
      }
    }
    try {
      verify(from_bytes(base::seal(s, kPlanFormat)));
    } catch (const PlanError&) {
    }
  }
}

TEST(PlanForms, ANewerFormatSaysSo) {
  std::string bytes = to_bytes(algorithm("degree"));
  bytes[8] = 9;
  EXPECT_EQ(reading(bytes), std::string("p.bin: byte 8: expected a plan of format 1 to " +
                                        std::to_string(kPlanFormat) + " (library ") +
                                version() + "), found format 9, written by library " + version());
  nlohmann::json json = nlohmann::json::parse(to_json(algorithm("degree")));
  json["version"] = 9;
  json["library"] = "7.0.0";
  json["what is new"] = true;
  EXPECT_EQ(
      message([&] { from_json(json.dump(), "p.json"); }),
      std::string("p.json: expected a plan of version 1 to " + std::to_string(kPlanFormat) + " (library ") +
          version() + "), found version 9, written by library \"7.0.0\"");
}

TEST(PlanForms, ErrorsSayWhatWasExpectedFoundAndWhere) {
  EXPECT_EQ(reading("hello"), "p.bin: byte 0: expected a plan, found other bytes");
  EXPECT_EQ(reading(""), "p.bin: byte 0: expected a plan, found other bytes");
  std::string bytes = to_bytes(algorithm("degree"));
  EXPECT_NE(reading(bytes.substr(0, 30)).find("byte 30: expected a header of 56 bytes"), std::string::npos);
  bytes[70] = static_cast<char>(bytes[70] ^ 4);
  EXPECT_NE(reading(bytes).find("byte 40: expected checksum "), std::string::npos);
  const auto broken = [](const char* path, const nlohmann::json& value) {
    nlohmann::json json = nlohmann::json::parse(to_json(algorithm("degree")));
    json[nlohmann::json::json_pointer(path)] = value;
    return message([&] { from_json(json.dump(), "p.json"); });
  };
  EXPECT_EQ(broken("/blocks/0/steps/0/kind", "jump"),
            "p.json: /blocks/0/steps/0/kind: expected group, host, while or if, found \"jump\"");
  EXPECT_EQ(broken("/monograph", "program"), "p.json: expected \"monograph\": \"plan\", found \"program\"");
  EXPECT_NE(
      broken("/slots/0/type", "f65").find("/slots/0/type: expected a type such as f64[V], found \"f65\""),
      std::string::npos);
  EXPECT_EQ(message([] { from_json("{", "p.json"); }).rfind("p.json:1:2: expected JSON", 0), 0u);
  EXPECT_EQ(broken("/version", -1), "p.json: /version: expected an integer from 0 of 32 bits, found -1");
  for (const int level : {-1, 3, 7})
    EXPECT_EQ(broken("/level", level),
              "p.json: /level: expected a level: 0, 1 or 2, found " + std::to_string(level));
  for (const char* digest : {"0123", "0123456789abcdef0123456789abcdeF", "mine"})
    EXPECT_EQ(
        broken("/source_hash", digest),
        "p.json: /source_hash: expected a digest: 32 digits 0-9a-f, found \"" + std::string(digest) + "\"");
  for (const char* library : {"", "other", "1.2", "1..2", "1.2.3.4", "v1.2.3"})
    EXPECT_EQ(broken("/library", library), "p.json: /library: expected the version of a library, such as \"" +
                                               std::string(version()) + "\", found \"" + library + "\"");
  for (const char* library : {"1.2.3", "10.20.30-rc1"}) EXPECT_EQ(broken("/library", library), "no error");
}

TEST(PlanForms, LevelAndDigestAreCheckedInTheBinaryFormToo) {
  Plan plan = algorithm("degree");
  plan.level = 7;
  EXPECT_NE(reading(to_bytes(plan)).find("expected a level: 0, 1 or 2, found 7"), std::string::npos);
  plan.level = 2, plan.source_hash = "mine";
  EXPECT_NE(reading(to_bytes(plan)).find("expected a digest: 32 digits 0-9a-f, found \"mine\""),
            std::string::npos);
}

// What is well formed but wrong: indices out of range, values that are not there, types that do not agree.
TEST(PlanForms, PlansThatContradictThemselvesAreRefused) {
  const Plan good = algorithm("pagerank");
  const auto refused = [&](auto change) {
    Plan plan = good;
    change(plan);
    EXPECT_NE(reading(to_bytes(plan)), "no error");
    EXPECT_NE(message([&] { from_json(to_json(plan)); }), "no error");
  };
  refused([](Plan& p) { p.blocks[0].steps[0].out[0] = 9999; });
  refused([](Plan& p) { p.blocks[0].steps.pop_back(); });
  refused([](Plan& p) { p.blocks.pop_back(); });
  refused([](Plan& p) { p.slots.pop_back(); });
  refused([](Plan& p) { p.slots[0].type = nodes_of(ScalarType::I32); });
  refused([](Plan& p) { p.blocks[0].region = 1; });
  refused([](Plan& p) { p.program.regions.pop_back(); });
  refused([](Plan& p) { p.program.regions[0].nodes[0].results[0] = nodes_of(ScalarType::F32); });
  refused([](Plan& p) { p.program.regions.back().results.push_back({77, 0}); });
  refused([](Plan& p) { p.program.regions.clear(); });
  refused([](Plan& p) { p = Plan{}, p.program.regions.clear(); });
}

// A group within a group within a group ...: no depth is counted for groups, so it must not be possible at
// all.
TEST(PlanForms, NestedGroupsAreRefusedBeforeTheyAreEntered) {
  Plan plan;
  constexpr std::uint32_t kDepth = 200000;
  plan.program.regions.resize(kDepth);
  for (std::uint32_t i = 0; i + 1 < kDepth; ++i)
    plan.program.regions[i].nodes.push_back(ir::testing::make_node(ops::OpId::Fused, {}, {}, {i + 1}));
  EXPECT_NE(reading(to_bytes(plan)).find("a fused group holds control.fused"), std::string::npos);
}

TEST(PlanForms, LargePlansAreCompressedAndBoundedWhenRead) {
  Plan plan = algorithm("degree");
  plan.program.name = std::string(200000, 'x');
  const std::string bytes = to_bytes(plan);
  EXPECT_LT(bytes.size(), 10000u);
  EXPECT_EQ(from_bytes(bytes), plan);
  for (std::size_t n = 0; n < bytes.size(); n += 7) EXPECT_NE(reading(bytes.substr(0, n)), "no error");
  // a bomb: what would be 8 GB is refused by its ratio before anything is decompressed
  std::string bomb = bytes;
  bomb[36] = 2;
  EXPECT_NE(reading(bomb).find("byte 32: expected a content that fits its body"), std::string::npos);
  const std::string zeros(std::size_t{100} << 20, '\0');
  const std::string stored = base::seal(zeros, 1);
  EXPECT_EQ(base::unseal(stored, 1, "z").size(), zeros.size());
}

TEST(PlanForms, TheBinaryFormIsRecognised) {
  const monograph::Plan plan(algorithm("degree"));
  EXPECT_TRUE(monograph::Plan::is_plan(plan.to_bytes()));
  EXPECT_TRUE(monograph::Plan::is_plan(plan.to_json()));
  EXPECT_TRUE(monograph::Plan::is_plan("{ \"monograph\" : \"plan\", "));
  EXPECT_FALSE(monograph::Plan::is_plan(find_algorithm("degree")->make().to_json()));
  EXPECT_FALSE(monograph::Plan::is_plan(find_algorithm("degree")->make().to_text()));
  EXPECT_FALSE(monograph::Plan::is_plan(""));
  EXPECT_EQ(monograph::Plan::from_bytes(plan.to_bytes()), plan);
  EXPECT_EQ(monograph::Plan::from_json(plan.to_json()).hash(), plan.hash());
  EXPECT_EQ(plan.name(), "degree");
  EXPECT_EQ(plan.outputs().size(), 1u);
}

TEST(PlanForms, TheKeyKnowsProgramAndOptions) {
  const ir::Program p = find_algorithm("degree")->make().ir(), other = find_algorithm("bfs")->make().ir();
  const CacheKey key = plan_key(p, {.level = 2});
  EXPECT_EQ(plan_key(p, {.level = 2}), key);
  EXPECT_NE(plan_key(other, {.level = 2}), key);
  EXPECT_NE(plan_key(p, {.level = 1}), key);
  EXPECT_NE(plan_key(p, {.level = 2, .disabled = {"licm"}}), key);
  EXPECT_NE(plan_key(p, {.level = 2, .fast_math = true}), key);
  EXPECT_EQ(plan_key(p, {.level = 2, .disabled = {"licm", "dce"}}),
            plan_key(p, {.level = 2, .disabled = {"dce", "licm", "dce"}}));
  ir::Program renamed = p, moved = p;
  renamed.name = "another";
  EXPECT_NE(plan_key(renamed, {.level = 2}), key) << "the name is in messages";
  moved.regions[0].nodes[0].where = {{"a.cpp", 1, 1}};
  EXPECT_NE(plan_key(moved, {.level = 2}), key) << "source lines are in messages";
  EXPECT_EQ(std::string_view(kCompilerIdentity).size(), 64u);
}

}  // namespace
}  // namespace monograph::plan
