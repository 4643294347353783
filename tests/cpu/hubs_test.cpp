// Rows so long that several threads fold them in segments.
#include <gtest/gtest.h>
#include <monograph/program.h>
#include <monograph/session.h>

#include <cstring>

using namespace monograph;

namespace {

constexpr std::int32_t kNodes = 100000;

/// Two hubs that nearly all nodes point at, one of which points back, and a path through all nodes.
Graph hubs(bool undirected) {
  EdgeList e{
      .source = {}, .target = {}, .attributes = {}, .ids = NodeIds::dense(kNodes), .undirected = undirected};
  const auto add = [&](std::int32_t from, std::int32_t to) {
    e.source.push_back(from), e.target.push_back(to);
  };
  for (std::int32_t v = 0; v < kNodes; ++v) {
    if (v != 7) add(v, 7);
    if (v % 4 != 0) add(v, 60001);
    if (v != 7 && v % 5 != 0) add(7, v);
    if (v + 1 < kNodes) add(v, v + 1);
  }
  std::vector<float> weight(e.source.size());
  for (std::size_t k = 0; k < weight.size(); ++k) weight[k] = 1.0f / static_cast<float>(1 + k % 37);
  e.attributes.push_back({"w", Column::of(std::span<const float>(weight))});
  return Graph::from_edges(std::move(e));
}

/// A loop of its own, edge code of its own, two aggregates in one group, and a result that is gathered next.
Program folds() {
  ProgramBuilder p("folds");
  const GraphRef g = p.graph();
  const Value w = g.load_edge("w", ScalarType::F32), index = g.node_index();
  const Value x = 1.0 / (cast(index, ScalarType::F64) + 1.0), x32 = cast(x, ScalarType::F32);
  for (const Direction d : {Direction::In, Direction::Out, Direction::Both}) {
    const std::string name = std::to_string(static_cast<int>(d));
    const Value sum = g.neighbor_agg(x, Aggregate::Sum, {.direction = d});
    p.output("sum" + name, sum);
    p.output("then" + name, g.neighbor_agg(sum, Aggregate::Sum, {.direction = d}));
    p.output("weighted" + name, g.neighbor_agg(x32, Aggregate::Sum, {.direction = d, .weights = w}));
    p.output("least" + name, g.neighbor_agg(x, Aggregate::Min, {.direction = d}));
    p.output("count" + name, g.neighbor_agg(index, Aggregate::Sum, {.direction = d, .include_self = true}));
    p.output("last" + name, g.neighbor_agg(index, Aggregate::ArgMax, {.direction = d}));
  }
  p.output("edges",
           g.reduce_edges(exp(w * g.gather_src(x32)) - g.gather_dst(x32), EdgeEnd::Dst, Monoid::Sum));
  return p.build();
}

/// So few rows that they are one range for one thread, two of which have more edges than a hub needs.
Graph hubs_in_one_range(bool undirected) {
  constexpr std::int32_t kRows = 300;
  EdgeList e{
      .source = {}, .target = {}, .attributes = {}, .ids = NodeIds::dense(kRows), .undirected = undirected};
  std::vector<float> weight;
  for (std::int32_t k = 0; k < 200000; ++k) {
    const std::int32_t other = k * 7 % kRows;
    e.source.push_back(k % 5 == 0 ? 7 : other);
    e.target.push_back(k % 5 == 0 ? other : k % 3 == 0 ? 251 : 7);
    weight.push_back(1.0f / static_cast<float>(1 + k % 37));
  }
  e.attributes.push_back({"w", Column::of(std::span<const float>(weight))});
  return Graph::from_edges(std::move(e));
}

void expect_equal(const Result& got, const Result& want) {
  ASSERT_EQ(got.outputs().size(), want.outputs().size());
  for (std::size_t i = 0; i < want.outputs().size(); ++i) {
    const Column &a = got.outputs()[i].column, &b = want.outputs()[i].column;
    ASSERT_EQ(a.bytes(), b.bytes());
    EXPECT_EQ(std::memcmp(a.data(), b.data(), static_cast<std::size_t>(a.bytes())), 0)
        << want.outputs()[i].name;
  }
}

}  // namespace

TEST(Hubs, AreFoldedBySeveralThreadsToTheSameBits) {
  for (const int which : {0, 1, 2, 3}) {
    const bool undirected = which % 2 == 1;
    const Graph g = which < 2 ? hubs(undirected) : hubs_in_one_range(undirected);
    Session oracle({.backend = "reference"});
    const Result want = oracle.run(folds(), g);
    for (const auto& [tier, threads] :
         {std::pair{CpuTier::Tiles, 1}, {CpuTier::Tiles, 2}, {CpuTier::Tiles, 3}, {CpuTier::Native, 2}}) {
      SCOPED_TRACE(std::to_string(threads) + " threads, tier " + std::to_string(static_cast<int>(tier)));
      Session s({.backend = "cpu", .cpu_tier = tier, .threads = threads, .cache = CacheUse::Memory});
      const Executable e = s.compile(folds());
      expect_equal(s.run(e, g), want);
      expect_equal(s.run(e, g), want);
    }
  }
}
