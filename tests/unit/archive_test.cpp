// One description, three stored forms: what goes out comes back, and nothing that comes in does harm.
#include "host/ir/archive.h"

#include <gtest/gtest.h>

#include <limits>

#include "host/base/binary_archive.h"
#include "host/base/digest_archive.h"
#include "host/base/json_archive.h"
#include "unit/ir_samples.h"

namespace monograph::base {
namespace {

enum class Colour : std::uint8_t { Red, Green, Blue };
constexpr std::string_view kColours[] = {"red", "green", "blue"};
std::span<const std::string_view> names_of(Colour) { return kColours; }

/// One of everything, and itself inside.
struct Sample {
  bool flag = false;
  std::int8_t tiny = 0;
  std::uint16_t small = 0;
  std::int32_t middle = 0;
  std::int64_t large = 0;
  std::uint64_t huge = 0;
  std::string text;
  Colour colour = Colour::Red;
  std::optional<std::string> perhaps;
  std::vector<std::uint32_t> numbers;
  std::vector<std::vector<std::string>> lists;
  std::vector<Sample> inside;
  std::vector<std::string> notes;
  friend bool operator==(const Sample&, const Sample&) = default;
};

template <class A, Like<Sample> S>
void fields(A& a, S& s) {
  a.field("flag", s.flag);
  a.field("tiny", s.tiny);
  a.field("small", s.small);
  a.field("middle", s.middle);
  a.field("large", s.large);
  a.field("huge", s.huge);
  a.field("text", s.text);
  a.field("colour", s.colour);
  a.field("perhaps", s.perhaps);
  a.sparse("numbers", s.numbers);
  a.sparse("lists", s.lists);
  a.sparse("inside", s.inside);
  a.note("notes", s.notes);
}

Sample sample() {
  Sample s{.flag = true,
           .tiny = -128,
           .small = 65535,
           .middle = std::numeric_limits<std::int32_t>::min(),
           .large = std::numeric_limits<std::int64_t>::min(),
           .huge = std::numeric_limits<std::uint64_t>::max(),
           .text = std::string("a\0\"\n\xc3\xa4", 6),
           .colour = Colour::Blue,
           .perhaps = "",
           .numbers = {1, 2, 3},
           .lists = {{}, {"x", "y"}, {""}},
           .inside = {Sample{}},
           .notes = {"here"}};
  s.inside.push_back(s);
  return s;
}

template <class T>
std::string as_binary(const T& x) {
  BinaryWriter writer;
  writer.value(x);
  return writer.finish();
}
template <class T>
T from_binary(std::string_view bytes) {
  T x{};
  BinaryReader reader(bytes, "sample");
  reader.value(x);
  reader.finish();
  return x;
}
template <class T>
nlohmann::json as_json(const T& x) {
  JsonWriter writer;
  writer.value(x);
  return nlohmann::json::parse(std::move(writer).finish().dump());
}
template <class T>
T from_json(const nlohmann::json& document) {
  T x{};
  JsonReader(document, "sample").value(x);
  return x;
}
template <class T>
Hash128 digest(const T& x) {
  Digest d;
  d.value(x);
  return d.finish();
}
template <class F>
std::string message(F f) {
  try {
    f();
  } catch (const PlanError& error) {
    return error.what();
  }
  return "no error";
}

TEST(Archive, EverythingComesBack) {
  for (const Sample& s : {Sample{}, sample()}) {
    EXPECT_EQ(from_binary<Sample>(as_binary(s)), s);
    EXPECT_EQ(from_json<Sample>(as_json(s)), s);
  }
}

TEST(Archive, BinaryIsLittleEndianWithATableOfTexts) {
  const std::vector<std::string> texts = {"ab", "c", "ab"};
  EXPECT_EQ(as_binary(texts), std::string("\2\0\0\0\2\0\0\0ab\1\0\0\0c\3\0\0\0\0\0\0\0\1\0\0\0\0\0\0\0", 31));
  EXPECT_EQ(as_binary(std::int32_t{-2}), std::string("\0\0\0\0\xfe\xff\xff\xff", 8));
}

TEST(Archive, JsonLeavesOutDefaultsAndNamesEnumerators) {
  const nlohmann::json j = as_json(Sample{});
  EXPECT_EQ(j["colour"], "red");
  EXPECT_TRUE(j["perhaps"].is_null());
  EXPECT_FALSE(j.contains("numbers"));
  EXPECT_FALSE(j.contains("notes"));
}

TEST(Archive, TheDigestSeesEveryFieldButNotes) {
  const Hash128 plain = digest(sample());
  Sample s = sample();
  s.notes = {"elsewhere"};
  EXPECT_EQ(digest(s), plain);
  const auto differs = [&](auto change) {
    Sample other = sample();
    change(other);
    return digest(other) != plain;
  };
  EXPECT_TRUE(differs([](Sample& x) { x.flag = false; }));
  EXPECT_TRUE(differs([](Sample& x) { x.tiny = 1; }));
  EXPECT_TRUE(differs([](Sample& x) { x.huge = 1; }));
  EXPECT_TRUE(differs([](Sample& x) { x.text = ""; }));
  EXPECT_TRUE(differs([](Sample& x) { x.colour = Colour::Green; }));
  EXPECT_TRUE(differs([](Sample& x) { x.perhaps.reset(); }));
  EXPECT_TRUE(differs([](Sample& x) { x.lists = {{"x"}, {"y"}, {""}}; }));
  EXPECT_TRUE(differs([](Sample& x) { x.inside[1].inside.clear(); }));
}

TEST(Archive, JsonErrorsNamePathExpectationAndFinding) {
  const auto broken = [](auto change) {
    nlohmann::json j = as_json(sample());
    change(j);
    return message([&] { from_json<Sample>(j); });
  };
  EXPECT_EQ(broken([](auto& j) { j["inside"][1]["flag"] = 1; }),
            "sample: /inside/1/flag: expected true or false, found 1");
  EXPECT_EQ(broken([](auto& j) { j["tiny"] = 128; }),
            "sample: /tiny: expected an integer of 8 bits, found 128");
  EXPECT_EQ(broken([](auto& j) { j["small"] = -1; }),
            "sample: /small: expected an integer from 0 of 16 bits, found -1");
  EXPECT_EQ(broken([](auto& j) { j["large"] = 1.5; }),
            "sample: /large: expected an integer of 64 bits, found 1.5");
  EXPECT_EQ(broken([](auto& j) { j["colour"] = "pink"; }),
            "sample: /colour: expected red, green or blue, found \"pink\"");
  EXPECT_EQ(broken([](auto& j) { j["lists"][1][0] = nullptr; }),
            "sample: /lists/1/0: expected a string, found null");
  EXPECT_EQ(broken([](auto& j) { j["numbers"] = "x"; }), "sample: /numbers: expected an array, found \"x\"");
  EXPECT_EQ(broken([](auto& j) { j["inside"][0] = 3; }), "sample: /inside/0: expected an object, found 3");
  EXPECT_EQ(broken([](auto& j) { j.erase("text"); }), "sample: expected key \"text\", found none");
  EXPECT_NE(broken([](auto& j) { j["inside"][0]["colours"] = 3; }).find("\"colours\"; did you mean colour?"),
            std::string::npos);
}

TEST(Archive, BinaryErrorsNameByteAndPath) {
  std::string bytes = as_binary(Sample{});
  EXPECT_EQ(message([&] { from_binary<Sample>(bytes + "x"); }),
            "sample: byte " + std::to_string(bytes.size()) + ": expected the end, found 1 bytes more");
  std::string damaged = bytes;
  damaged[8] = 2;  // after the table, which holds "" alone
  EXPECT_EQ(message([&] { from_binary<Sample>(damaged); }),
            "sample: byte 9, at /flag: expected 0 or 1, found 2");
}

TEST(Archive, TruncatedBinaryIsAnError) {
  const std::string bytes = as_binary(sample());
  for (std::size_t n = 0; n < bytes.size(); ++n)
    EXPECT_NE(message([&] { from_binary<Sample>(bytes.substr(0, n)); }), "no error") << n;
}

TEST(Archive, AnnouncedLengthsAllocateNothing) {
  const std::string many("\0\0\0\0\xff\xff\xff\xff", 8);
  EXPECT_NE(message([&] { from_binary<std::vector<Sample>>(many); }).find("a length of 4294967295"),
            std::string::npos);
  EXPECT_NE(message([&] { from_binary<std::vector<Sample>>("\xff\xff\xff\x7f"); }).find("a length of"),
            std::string::npos);
  EXPECT_NE(
      message([&] { from_binary<Sample>(std::string("\1\0\0\0\xff\xff\xff\x7f", 8)); }).find("bytes more"),
      std::string::npos);
}

// A megabyte of text named a million times would be a terabyte.
TEST(Archive, TextsNamedOftenAreBounded) {
  std::string bytes("\1\0\0\0\0\0\x10\0", 8);
  bytes += std::string(1 << 20, 'x') + std::string("\0\0\1\0", 4) + std::string(4 << 16, '\0');
  EXPECT_NE(message([&] { from_binary<std::vector<std::string>>(bytes); }).find("bytes of text"),
            std::string::npos);
}

/// A list of lists of lists ...
struct Nest {
  std::vector<Nest> inside;
};
template <class A, Like<Nest> N>
void fields(A& a, N& n) {
  a.field("inside", n.inside);
}

TEST(Archive, DepthIsBounded) {
  std::string bytes(4, '\0');
  for (int i = 0; i < 100000; ++i) bytes += std::string("\1\0\0\0", 4);
  EXPECT_NE(message([&] { from_binary<Nest>(bytes + std::string(100000, '\0')); }).find("nested at most"),
            std::string::npos);
  nlohmann::json j = {{"inside", nlohmann::json::array()}};
  for (int i = 0; i < 100; ++i) j = {{"inside", {j}}};
  EXPECT_NE(message([&] { from_json<Nest>(j); }).find("nested at most"), std::string::npos);
}

TEST(Archive, ProgramsComeBack) {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    const ir::Program p = ir::testing::RandomProgram(seed).make();
    const ir::Program binary = from_binary<ir::Program>(as_binary(p)),
                      json = from_json<ir::Program>(as_json(p));
    EXPECT_EQ(binary, p);
    EXPECT_EQ(json, p);
    EXPECT_EQ(ir::print(binary, true), ir::print(p, true)) << "source lines are kept";
    EXPECT_EQ(ir::print(json, true), ir::print(p, true)) << "source lines are kept";
    EXPECT_EQ(digest(json), digest(p));
  }
}

TEST(Archive, OperationsAndAttributesGoByTheirNames) {
  const ir::Program p = ir::parse(ir::testing::kLoopText);
  const nlohmann::json j = as_json(p);
  const nlohmann::json& loop = j["regions"][1]["nodes"][0];
  EXPECT_EQ(loop["op"], "graph.neighbor_agg");
  EXPECT_EQ(loop["attrs"], nlohmann::json({{"agg", "sum"}, {"direction", "in"}, {"include_self", false}}));
  EXPECT_EQ(loop["operands"], nlohmann::json({"a1", "a2", "-"}));
  const auto broken = [&](const char* path, const nlohmann::json& value) {
    nlohmann::json other = j;
    other[nlohmann::json::json_pointer(path)] = value;
    return message([&] { from_json<ir::Program>(other); });
  };
  EXPECT_EQ(
      broken("/regions/1/nodes/0/op", "graph.neighbour_agg"),
      "sample: /regions/1/nodes/0/op: expected the name of an operation, found \"graph.neighbour_agg\"");
  EXPECT_NE(broken("/regions/1/nodes/0/attrs/agg", "total").find("/attrs/agg: expected sum,"),
            std::string::npos);
  EXPECT_NE(broken("/regions/1/nodes/0/attrs/extra", 1).find("a key out of agg"), std::string::npos);
  for (const char* bad : {"", "a", "00", "1:", "1:00", "x", "-1", "4294967294", "99999999999", "1:2:3", "1 "})
    EXPECT_NE(broken("/regions/1/nodes/0/operands/0", bad).find("expected a value such as"),
              std::string::npos)
        << bad;
}

TEST(Archive, AnAttributeOfAnotherNameIsNotMisread) {
  std::string bytes = as_binary(ir::parse(ir::testing::kLoopText));
  const std::size_t at = bytes.find("include_self");
  ASSERT_NE(at, std::string::npos);
  bytes[at] = 'I';
  EXPECT_NE(message([&] {
              from_binary<ir::Program>(bytes);
            }).find("expected \"include_self\", found \"Include_self\""),
            std::string::npos);
}

}  // namespace
}  // namespace monograph::base
