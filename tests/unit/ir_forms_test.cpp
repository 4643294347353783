// Text and JSON: what goes out comes back, and nothing that comes in does harm.
#include <gtest/gtest.h>
#include <monograph/algorithms.h>
#include <monograph/error.h>

#include <chrono>

#include "host/ir/op_docs.h"
#include "unit/ir_samples.h"

namespace monograph::ir {
namespace {

void expect_round_trips(const Program& p) {
  const std::string text = print(p, true), json = to_json(p);
  EXPECT_EQ(parse(text), p) << text;
  EXPECT_EQ(print(parse(text), true), text) << "source lines are kept";
  EXPECT_EQ(parse(print(p)), p);
  EXPECT_EQ(from_json(json), p) << json;
  EXPECT_EQ(to_json(from_json(json)), json) << "source lines are kept";
  EXPECT_EQ(hash(parse(text)), hash(p));
}

TEST(Forms, RandomProgramsComeBack) {
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    SCOPED_TRACE(seed);
    const Program p = testing::RandomProgram(seed).make();
    expect_round_trips(p);
    expect_round_trips(replay(p, kRewrite));
    EXPECT_EQ(replay(p, kRaw), p) << "a raw builder changes nothing";
  }
}

TEST(Forms, AlgorithmsComeBack) {
  for (const AlgorithmInfo& a : algorithms()) {
    SCOPED_TRACE(a.name);
    expect_round_trips(a.make().ir());
  }
}

TEST(Forms, ReadersKeepNoPlacesOfTheirOwn) {
  for (const Region& r : parse(testing::kLoopText).regions)
    for (const Node& n : r.nodes) EXPECT_TRUE(n.where.empty());
}

TEST(Forms, BytesThatAreNotUtf8AreKeptByTextAndRefusedByJson) {
  Program p = parse("program \"\\xff\" {}");
  EXPECT_EQ(p.name, "\xff");
  EXPECT_EQ(parse(print(p)), p);
  EXPECT_THROW(to_json(p), CompileError);
}

std::string nested_text(int depth) {
  std::string open, close;
  for (int i = 0; i < depth; ++i) {
    open += "%t = core.constant value=true:bool control.if %t { () { ";
    close += " } () { } }";
  }
  return "program \"p\" { " + open + close + " }";
}

std::string nested_json(int depth) {
  std::string open, close;
  for (int i = 0; i < depth; ++i) {
    open += R"({"id": "t", "op": "core.constant", "attrs": {"value": true}},
               {"op": "control.if", "in": ["t"], "regions": [{"body": [)";
    close += R"(]}, {"body": []}]})";
  }
  return R"({"monograph": "program", "version": 1, "name": "p", "body": [)" + open + close + "]}";
}

template <class F>
std::string message(F f) {
  try {
    f();
  } catch (const CompileError& e) {
    return e.what();
  }
  return "";
}

TEST(Forms, NestingIsLimited) {
  EXPECT_EQ(parse(nested_text(64)).regions.size(), 129u);
  EXPECT_EQ(from_json(nested_json(64)).regions.size(), 129u);
  EXPECT_NE(message([] { parse(nested_text(65)); }).find("nested at most 64 deep"), std::string::npos);
  EXPECT_NE(message([] { from_json(nested_json(65)); }).find("nested at most 64 deep"), std::string::npos);
  EXPECT_NE(message([] { parse(nested_text(100000)); }).find("nested at most 64 deep"), std::string::npos);
  EXPECT_NE(message([] { from_json(std::string(1000000, '[')); }).find("levels of brackets"),
            std::string::npos);
}

TEST(Forms, LongInputTakesLinearTime) {
  std::string text = "program \"p\" {\n%v0 = core.node_count\n", comma;
  for (int i = 1; i < 20000; ++i)
    text += "%v" + std::to_string(i) + " = core.neg %v" + std::to_string(i - 1) + " # " +
            std::string(50, '#') + "\n";
  const auto start = std::chrono::steady_clock::now();
  EXPECT_EQ(parse(text + "}").entry().nodes.size(), 20000u);
  EXPECT_NE(message([&] { parse(text + "%x = core.neg %y }"); }), "");
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(10));
}

/// Damaged text and JSON: bytes changed, pieces dropped, doubled, moved; words of the language put anywhere.
class Mutator {
 public:
  explicit Mutator(std::uint64_t seed) : random_(seed) {}

  std::string damage(std::string text) {
    for (std::size_t n = 1 + below(4); n > 0 && !text.empty(); --n) once(text);
    return text;
  }

 private:
  std::size_t below(std::size_t n) { return std::uniform_int_distribution<std::size_t>(0, n - 1)(random_); }

  void once(std::string& text) {
    static const char* const kWords[] = {"%0",
                                         "%a1",
                                         ":1",
                                         ":",
                                         "{",
                                         "}",
                                         "(",
                                         ")",
                                         ",",
                                         "=",
                                         "\"",
                                         "\\",
                                         "#",
                                         "@",
                                         "yield ",
                                         "core.add ",
                                         "control.if ",
                                         "carried=-1",
                                         "carried=9",
                                         "9999999999999999999999",
                                         "-1",
                                         "1e999",
                                         "nan:f64",
                                         "i64[V]",
                                         "f64[9223372036854775807]",
                                         "[",
                                         "]",
                                         "null",
                                         "true",
                                         "\"id\": \"0\",",
                                         "\"in\": [",
                                         "\"regions\": [",
                                         "\xff",
                                         "core.iota length=4611686018427387904 "};
    const std::size_t at = below(text.size()),
                      length = 1 + below(std::min<std::size_t>(30, text.size() - at));
    switch (below(5)) {
      case 0:
        text[at] = static_cast<char>(below(256));
        return;
      case 1:
        text.erase(at, length);
        return;
      case 2:
        text.insert(below(text.size()), text.substr(at, length));
        return;
      case 3:
        text.resize(at);
        return;
      default:
        text.insert(at, kWords[below(std::size(kWords))]);
    }
  }

  std::mt19937_64 random_;
};

template <class Read>
void fuzz(const std::string& seed_text, std::uint64_t seed, Read read, std::size_t& accepted) {
  const std::string text = Mutator(seed).damage(seed_text);
  try {
    const Program p = read(text);
    ++accepted;
    EXPECT_EQ(parse(print(p)), p) << text;
  } catch (const CompileError& e) {
    EXPECT_EQ(std::string_view(e.what()).find('\n'), std::string_view::npos) << "one line: " << e.what();
  } catch (const std::exception& e) {
    ADD_FAILURE() << e.what() << "\n" << text;
  }
}

TEST(Forms, DamagedInputIsACompileErrorOrAProgram) {
  std::vector<std::string> texts, jsons;
  for (std::uint64_t seed = 0; seed < 8; ++seed) {
    const Program p = testing::RandomProgram(seed).make();
    texts.push_back(print(p, true));
    jsons.push_back(to_json(p));
  }
  texts.emplace_back(testing::kLoopText);
  jsons.push_back(to_json(parse(testing::kLoopText)));
  std::size_t accepted = 0;
  std::uint64_t seed = 0;
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(1);
  for (; std::chrono::steady_clock::now() < end && !HasFailure(); ++seed) {
    fuzz(
        texts[seed % texts.size()], seed, [](auto& t) { return parse(t); }, accepted);
    fuzz(
        jsons[seed % jsons.size()], seed, [](auto& t) { return from_json(t); }, accepted);
  }
  EXPECT_GT(accepted, 0u) << "of " << seed;
}

TEST(OperationsDocument, NamesEveryOperationOperandAndAttribute) {
  const std::string doc = operations_markdown();
  for (const ops::OpDef* d : ops::op_table()) {
    const std::size_t at =
        doc.find(d->scalar ? "`" + std::string(d->name) + "`" : "### " + std::string(d->name) + "\n");
    ASSERT_NE(at, std::string::npos) << d->name;
    if (d->scalar) continue;
    const std::string section = doc.substr(at, doc.find("\n### ", at + 1) - at);
    for (const auto& o : d->operands)
      EXPECT_NE(section.find("| `" + std::string(o.name) + "`"), std::string::npos);
    for (const auto& a : d->attrs)
      EXPECT_NE(section.find("| `" + std::string(a.name) + "`"), std::string::npos);
  }
}

}  // namespace
}  // namespace monograph::ir
