// Groups written as text, one trait of a stage at a time.
#include <monograph/program.h>

#include "cpu/tile_harness.h"
#include "host/plan/plan.h"

namespace monograph::cpu::test {
namespace {

struct Argument {
  std::string name, type;  ///< of the block argument: "a", "f64[V]"
  std::string value;       ///< of a scalar: "0.5"; of a column: the attribute
};

/// A program of one group.
ir::Program group(const std::vector<Argument>& arguments, const std::string& body,
                  const std::vector<std::string>& yields) {
  std::string before, operands, block, results, after;
  for (const Argument& a : arguments) {
    const std::string scalar = a.type.substr(0, a.type.find('['));
    const bool node = a.type.ends_with("[V]"), edge = a.type.ends_with("[E]");
    before += "  %" + a.name + " = ";
    if (node || edge)
      before += "attr.load_" + std::string(node ? "node" : "edge") + " name=\"" + a.value +
                "\" type=" + scalar + "\n";
    else
      before += "core.constant value=" + a.value + ":" + scalar + "\n";
    operands += (operands.empty() ? "%" : ", %") + a.name;
    block += (block.empty() ? "%" : ", %") + a.name + ": " + a.type;
  }
  for (std::size_t k = 0; k < yields.size(); ++k) {
    results += (k ? ", %" : "%") + yields[k];
    after += "  attr.output %g:" + std::to_string(k) + " name=\"r" + std::to_string(k) + "\"\n";
  }
  return ir::parse("program \"group\" {\n" + before + "  %g = control.fused " + operands + " {\n    (" +
                   block + ") {\n" + body + "      yield " + results + "\n    }\n  }\n" + after + "}\n");
}

void expect_same(const ir::Program& p, bool all_graphs = true, const std::string& error = "") {
  for (const auto& [name, graph] : awkward_graphs()) {
    if (!all_graphs && name != "hub, directed" && name != "small, undirected") continue;
    for (const int threads : {1, 2}) {
      const Walk walk = compare_groups(p, graph, threads);
      EXPECT_EQ(walk.groups, 1);
      if (error.empty()) {
        EXPECT_EQ(walk.error, "");
      } else if (graph.node_count() > 1000) {
        EXPECT_NE(walk.error.find(error), std::string::npos) << walk.error;
      }
      if (::testing::Test::HasFailure())
        FAIL() << "on " << name << ", threads: " << threads << "\n" << ir::print(p);
    }
  }
}

const std::vector<ScalarType> kAllTypes{ScalarType::Bool, ScalarType::I32, ScalarType::I64, ScalarType::F32,
                                        ScalarType::F64};
std::string name_of(ScalarType t) { return std::string(to_string(t)); }

std::vector<std::string> scalars_of(ScalarType t) {
  if (t == ScalarType::Bool) return {"false", "true"};
  if (is_integer(t)) return {"0", "-1", t == ScalarType::I32 ? "-2147483648" : "-9223372036854775808", "3"};
  return {"-0.0", "nan", "-inf", "0.75"};
}

// ---- scalar rows

/// Every pattern of columns and scalars in one group, for one choice of the scalars.
void check_row(const ops::ScalarInfo& row, ScalarType t, ScalarType r, std::size_t choice) {
  const std::string type = name_of(t), first = row.operands == ops::Operands::Select ? "bool" : type;
  std::vector<Argument> arguments;
  for (int i = 0; i < row.arity; ++i) {
    const std::string of = i == 0 ? first : type, letter(1, static_cast<char>('x' + i));
    const auto values = scalars_of(i == 0 && first == "bool" ? ScalarType::Bool : t);
    arguments.push_back({"c" + std::to_string(i), of + "[V]", letter + of});
    arguments.push_back(
        {"s" + std::to_string(i), of, values[(choice + static_cast<std::size_t>(i)) % values.size()]});
  }
  std::string body;
  std::vector<std::string> yields;
  for (int scalars = 0; scalars < 1 << row.arity; ++scalars) {
    const std::string name = "r" + std::to_string(scalars);
    body += "      %" + name + " = core." + std::string(row.name);
    for (int i = 0; i < row.arity; ++i)
      body += (i ? ", %" : " %") + std::string((scalars >> i & 1) != 0 ? "s" : "c") + std::to_string(i);
    if (row.result == ops::ResultRule::Target) body += " to=" + name_of(r);
    body += "\n";
    yields.push_back(name);
  }
  expect_same(group(arguments, body, yields), choice == 0);
}

class Rows : public ::testing::TestWithParam<ScalarType> {};

TEST_P(Rows, EveryOperationInEveryPattern) {
  const ScalarType t = GetParam();
  for (const ops::ScalarInfo& row : ops::scalar_table()) {
    if (!ops::allows(row.allowed, t)) continue;
    for (const ScalarType r : kAllTypes) {
      if (row.result == ops::ResultRule::Target || r == ops::result_type(row, t, t))
        for (std::size_t choice = 0; choice < 4; ++choice) check_row(row, t, r, choice);
      if (HasFatalFailure()) return;
    }
  }
}
INSTANTIATE_TEST_SUITE_P(Types, Rows, ::testing::ValuesIn(kAllTypes),
                         [](const auto& i) { return name_of(i.param); });

// ---- neighbourhoods

const std::vector<std::string> kDirections{"in", "out", "both"};

TEST(TileGroups, FoldsOfEveryMonoidTypeAndDirection) {
  for (const ScalarType t : kAllTypes)
    for (const std::string agg :
         {"sum", "prod", "min", "max", "any", "all", "count", "mean", "mode", "argmin", "argmax"}) {
      const bool logical = agg == "any" || agg == "all" || agg == "count", mode = agg == "mode";
      const bool adds = agg == "sum" || agg == "mean";
      if (t == ScalarType::Bool ? !(logical || adds) : logical || (mode && !is_integer(t))) continue;
      std::string body;
      std::vector<std::string> yields;
      for (const std::string& d : kDirections)
        for (const bool self : {false, true})
          for (const bool weighted : {false, true}) {
            if (weighted && (logical || t == ScalarType::Bool)) continue;
            const std::string name = d + (self ? "s" : "") + (weighted ? "w" : "");
            body += "      %" + name + " = graph.neighbor_agg %x" + (weighted ? " weights=%w" : "") +
                    " agg=" + agg + " direction=" + d + " include_self=" + (self ? "true" : "false") + "\n";
            yields.push_back(name);
          }
      const std::string type = name_of(t);
      SCOPED_TRACE(agg + " of " + type);
      expect_same(group({{"x", type + "[V]", "x" + type}, {"w", type + "[E]", "y" + type}}, body, yields));
      if (HasFatalFailure()) return;
    }
}

TEST(TileGroups, EdgesCombinedAtTheirEnds) {
  for (const ScalarType t : kAllTypes)
    for (const ops::MonoidInfo& m : ops::monoid_table()) {
      if (!ops::allows(m.allowed, t)) continue;
      const std::string type = name_of(t), monoid(m.name);
      std::string body;
      for (const std::string at : {"src", "dst", "both"})
        body += "      %" + at + " = graph.reduce_edges %e at=" + at + " monoid=" + monoid + "\n";
      expect_same(group({{"e", type + "[E]", "x" + type}}, body, {"src", "dst", "both"}));
      if (HasFatalFailure()) return;
    }
}

TEST(TileGroups, ModesOfEveryTieAndWeight) {
  for (const std::string label : {"i32", "i64"})
    for (const std::string weight : {"", "i32", "i64", "f32", "f64"}) {
      std::string body;
      std::vector<std::string> yields;
      for (const std::string& d : kDirections)
        for (const std::string ties : {"lowest", "highest", "keep"})
          for (const std::string self : {"true", "false"}) {
            const std::string name = d + ties + self;
            body += "      %" + name + " = graph.neighbor_mode %x" + (weight.empty() ? "" : " weights=%w") +
                    " direction=" + d + " ties=" + ties + " include_self=" + self + "\n";
            yields.push_back(name);
          }
      std::vector<Argument> arguments{{"x", label + "[V]", "x" + label}};
      if (!weight.empty()) arguments.push_back({"w", weight + "[E]", "y" + weight});
      expect_same(group(arguments, body, yields));
      if (HasFatalFailure()) return;
    }
}

/// Edge code that no special loop covers: both ends, numbers of nodes, constants, and what follows from them.
const char* const kEdgeCode = R"(
      %s = graph.gather_src %x
      %d = graph.gather_dst %x
      %from = graph.edge_src
      %to = graph.edge_dst
      %less = core.lt %from, %to
      %diff = core.sub %s, %d
      %scaled = core.mul %diff, %k
      %e = core.where %less, %scaled, %w
)";

TEST(TileGroups, EdgeCodeOfAnyShape) {
  const std::vector<Argument> arguments{
      {"x", "f64[V]", "xf64"}, {"w", "f64[E]", "yf64"}, {"k", "f64", "1.5"}, {"i", "i32[V]", "xi32"}};
  for (const std::string end : {"src", "dst"}) {
    const std::string body =
        std::string(kEdgeCode) + "      %sum = graph.reduce_edges %e at=" + end +
        " monoid=sum\n      %most = graph.reduce_edges %e at=" + end +
        " monoid=max\n      %y = core.mul %sum, %most\n      %all = core.reduce %y monoid=sum\n";
    expect_same(group(arguments, body, {"sum", "most", "y", "all"}));
  }
  const std::string numbers =
      "      %n = core.node_index\n      %wide = core.cast %n to=i64\n"
      "      %sum = graph.neighbor_agg %wide agg=sum direction=both\n"
      "      %labels = graph.neighbor_mode %wide direction=both\n"
      "      %narrow = graph.neighbor_mode %n direction=in\n"
      "      %first = graph.neighbor_agg %n agg=argmin direction=both\n"
      "      %onesc = core.constant value=1.5:f64\n      %ones = core.broadcast %onesc over=f64[V]\n"
      "      %degree = graph.neighbor_agg %ones agg=sum direction=both\n"
      "      %weighted = graph.neighbor_mode %n weights=%w direction=out\n";
  expect_same(group(arguments, numbers, {"sum", "labels", "narrow", "first", "degree", "weighted"}));
}

// ---- edges, fixed columns, scalars

TEST(TileGroups, StagesOverEdges) {
  const std::vector<Argument> arguments{
      {"x", "f64[V]", "xf64"}, {"w", "f64[E]", "yf64"}, {"k", "f64", "1.5"}};
  const std::string body = std::string(kEdgeCode) +
                           "      %sum = core.reduce %e monoid=sum\n"
                           "      %at = core.argmax %e\n"
                           "      %all = core.mul %sum, %k\n"
                           "      %sources = core.cast %from to=i64\n";
  expect_same(group(arguments, body, {"e", "sum", "at", "all", "from", "to", "sources"}));
}

TEST(TileGroups, FixedColumnsAndScalarsAlone) {
  expect_same(group(
      {{"k", "i64", "3"}},
      "      %i = core.iota length=2500\n      %m = core.mod %i, %k\n      %s = core.reduce %m monoid=sum\n"
      "      %t = core.add %s, %k\n",
      {"i", "m", "s", "t"}));
  expect_same(group({{"k", "i64", "3"}},
                    "      %n = core.node_count\n      %e = core.edge_count\n      %t = core.mul %n, %e\n"
                    "      %u = core.sub %t, %k\n",
                    {"u", "t", "k"}));
}

TEST(TileGroups, ColumnsOfScalars) {
  expect_same(group({{"k", "f64", "0.1"}, {"x", "f64[V]", "xf64"}},
                    "      %two = core.add %k, %k\n      %b = core.broadcast %two over=f64[V]\n"
                    "      %cc = core.constant value=2.5:f64\n      %c = core.broadcast %cc over=f64[V]\n    "
                    "  %p = core.mul %b, %c\n"
                    "      %s = core.reduce %p monoid=sum\n      %m = core.reduce %b monoid=max\n"
                    "      %i = core.argmin %c\n      %y = core.add %x, %p\n",
                    {"b", "c", "p", "s", "m", "i", "y", "k"}));
}

TEST(TileGroups, ReductionsOfEveryMonoidAndType) {
  for (const ScalarType t : kAllTypes) {
    std::string body;
    std::vector<std::string> yields;
    for (const ops::MonoidInfo& m : ops::monoid_table()) {
      if (!ops::allows(m.allowed, t)) continue;
      body += "      %" + std::string(m.name) + " = core.reduce %x monoid=" + std::string(m.name) + "\n";
      yields.emplace_back(m.name);
    }
    if (t != ScalarType::Bool) {
      body += "      %least = core.argmin %x\n      %most = core.argmax %x\n";
      yields.emplace_back("least"), yields.emplace_back("most");
    }
    const std::string type = name_of(t);
    for (const std::string domain : {"[V]", "[E]"})
      expect_same(group({{"x", type + domain, "x" + type}}, body, yields));
    if (HasFatalFailure()) return;
  }
}

TEST(TileGroups, ColumnsOfManyLeaves) {
  const auto p =
      group({},
            "      %i = core.iota length=3000000\n      %f = core.cast %i to=f32\n      %h = core.sqrt %f\n"
            "      %s = core.reduce %h monoid=sum\n      %a = core.argmax %h\n",
            {"s", "a"});
  for (const int threads : {1, 2}) EXPECT_EQ(compare_groups(p, Graph(), threads).groups, 1);
}

// ---- memory

/// Arguments and results change places: nothing may be overwritten before it is read.
TEST(TileGroups, ResultsInPlaceOfArguments) {
  expect_same(group({{"a", "f64[V]", "xf64"}, {"b", "f64[V]", "yf64"}, {"c", "f64[V]", "zf64"}},
                    "      %s = core.add %a, %b\n      %t = core.mul %s, %c\n", {"t", "a", "s"}));
  expect_same(group({{"a", "f64[V]", "xf64"}, {"b", "f64[V]", "yf64"}}, "      %s = core.add %a, %b\n",
                    {"a", "b", "s"}));
  expect_same(group({{"a", "f64[V]", "xf64"}, {"b", "f64[V]", "yf64"}},
                    "      %s = core.reduce %a monoid=sum\n", {"a", "b", "a", "s"}));
  expect_same(
      group({{"a", "i32[V]", "xi32"}, {"b", "i32[V]", "yi32"}, {"h", "i32[V]", "zi32"}},
            "      %s = core.add %a, %b\n      %n = graph.neighbor_agg %h agg=max direction=in\n"
            "      %t = core.max %s, %n\n      %u = core.ne %t, %a\n      %c = core.reduce %u monoid=any\n",
            {"t", "s", "c", "u"}));
}

TEST(TileGroups, TheFirstFailedCheckStopsTheRun) {
  const std::vector<Argument> arguments{
      {"x", "f64[V]", "xf64"}, {"i", "i32[V]", "xi32"}, {"j", "i64[V]", "yi64"}};
  expect_same(group(arguments,
                    "      %n = core.node_index\n      %two = core.constant value=2:i32\n"
                    "      %h = core.idiv %n, %two\n      %t = graph.take %x, %h\n",
                    {"t"}));
  const std::string j = "      %t = graph.take %x, %j\n", i = "      %u = graph.take %x, %i\n";
  expect_same(group(arguments, j + i, {"t", "u"}), true, "index[");
  expect_same(group(arguments, i + j, {"t", "u"}), true, "index[");
}

}  // namespace
}  // namespace monograph::cpu::test
