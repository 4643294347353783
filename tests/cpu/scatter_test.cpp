// scatter_reduce on all threads: the oracle's bits, whatever meets where.
#include <gtest/gtest.h>
#include <monograph/error.h>
#include <monograph/session.h>

#include <functional>
#include <random>

using namespace monograph;

namespace {

constexpr std::int32_t kTargets = 70000;  // more than one thread would do alone

Graph graph(const std::function<std::int64_t(std::int64_t)>& index) {
  Graph g = Graph::from_edges(
      {.source = {}, .target = {}, .attributes = {}, .ids = NodeIds::dense(kTargets), .undirected = false});
  std::mt19937 random(3);
  std::vector<double> x;
  std::vector<std::int64_t> to;
  for (std::int64_t v = 0; v < kTargets; ++v) {
    x.push_back(v % 1000 == 7 ? -0.0 : 1.0 / (1 + random() % 1000) - 0.25);
    to.push_back(index(v));
  }
  g.set_node_attribute("x", Column::of(std::span<const double>(x)));
  g.set_node_attribute("to", Column::of(std::span<const std::int64_t>(to)));
  return g;
}

Program program() {
  ProgramBuilder p("scatter");
  const GraphRef g = p.graph();
  const Value x = g.load_node("x"), wide = g.load_node("to", ScalarType::I64), narrow = as_i32(wide);
  const Value whole = as_i64(x * 1000);
  p.output("sum", scatter_reduce(x, wide, Monoid::Sum));
  p.output("sum32", scatter_reduce(cast(x, ScalarType::F32), narrow, Monoid::Sum));
  p.output("prod", scatter_reduce(x + 1, narrow, Monoid::Prod));
  p.output("wholes", scatter_reduce(whole, wide, Monoid::Sum));
  p.output("counts", scatter_reduce(x > 0.0, narrow, Monoid::Sum));
  p.output("min", scatter_reduce(x, narrow, Monoid::Min));
  p.output("max", scatter_reduce(as_i32(whole), wide, Monoid::Max));
  p.output("any", scatter_reduce(x > 0.74, wide, Monoid::Any));
  p.output("all", scatter_reduce(x > -0.2, narrow, Monoid::All));
  return p.build();
}

std::string outcome(const SessionOptions& options, const Graph& g) {
  Session s(options);
  std::string text;
  try {
    const Executable e = s.compile(program());
    s.run(e, g);
    const Result r = s.run(e, g);  // the second: nothing is left of the first
    for (const Output& o : r.outputs())
      text.append(static_cast<const char*>(o.column.data()), static_cast<std::size_t>(o.column.bytes()));
  } catch (const RuntimeError& error) {
    text = error.what();
  }
  return text;
}

void expect_the_oracles_bits(const Graph& g, const std::string& message = "") {
  const std::string want = outcome({.backend = "reference"}, g);
  if (!message.empty()) {
    EXPECT_NE(want.find(message), std::string::npos) << want;
  }
  for (const int threads : {1, 2, 3, 7}) {
    const std::string got = outcome(
        {.backend = "cpu", .cpu_tier = CpuTier::Tiles, .threads = threads, .cache = CacheUse::Off}, g);
    EXPECT_TRUE(got == want) << threads << " threads" << (message.empty() ? "" : ": " + got);
  }
}

}  // namespace

TEST(Scatter, ElementsAllOverTheNodes) {
  std::mt19937 random(1);
  expect_the_oracles_bits(graph([&](std::int64_t) { return static_cast<std::int64_t>(random() % kTargets); }));
}

TEST(Scatter, EverythingMeetsAtOneNode) {
  expect_the_oracles_bits(graph([](std::int64_t) { return kTargets - 1; }));
}

// Rows of one segment, of one and an element, of two, and in between.
TEST(Scatter, RowsOfWholeSegments) {
  const std::int64_t ends[] = {4096, 8193, 16385, 20480, 33000, kTargets};
  expect_the_oracles_bits(graph([&](std::int64_t v) -> std::int64_t {
    for (const std::int64_t end : ends)
      if (v < end) return end / 3;
    return 0;
  }));
}

TEST(Scatter, TheFirstIndexThatIsOutOfRange) {
  const auto at = [](std::int64_t v) -> std::int64_t {
    return v == 69000 ? -1 : v == 41234 ? kTargets : v / 2;
  };
  expect_the_oracles_bits(graph(at), "index[41234] is 70000, but there are 70000 nodes");
}
