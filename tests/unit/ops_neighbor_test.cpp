// neighbor_agg and neighbor_mode: by hand on the small graph, and every combination of aggregate, direction,
// weights, include_self, fill and type against a second formulation that scans the edge list.
#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "ops_harness.h"

namespace monograph::ops::testing {
namespace {

using I32s = std::vector<std::int32_t>;
using I64s = std::vector<std::int64_t>;
using F64s = std::vector<double>;

// 0->1 0->1 0->2 1->1 1->3 2->0 2->3 5->2
const F64s kX{10, 11, 12, 13, 14, 15};
const F64s kWeightsOfEdges{2, 3, 5, 7, 11, 17, 13, 19};

template <class R = double>
std::vector<R> agg(const char* what, const Value& x, const NamedAttrs& more = {},
                   std::optional<Value> weights = {}, std::optional<Value> fill = {}) {
  FakeRun r(small_graph());
  NamedAttrs attrs{{"agg", what}};
  attrs.insert(attrs.end(), more.begin(), more.end());
  return list<R>(run(r, OpId::NeighborAgg, {x, weights, fill}, attrs));
}

TEST(NeighborAgg, ByHandInDirection) {
  const Value x = nodes(kX);
  EXPECT_EQ(agg("sum", x), (F64s{12, 31, 25, 23, 0, 0}));
  EXPECT_EQ(agg("mean", x), (F64s{12, 31.0 / 3, 12.5, 11.5, 0, 0}));
  EXPECT_EQ(agg("prod", x), (F64s{12, 1100, 150, 132, 1, 1}));
  EXPECT_EQ(agg("min", x), (F64s{12, 10, 10, 11, kInf, kInf}));
  EXPECT_EQ(agg("max", x), (F64s{12, 11, 15, 12, -kInf, -kInf}));
  EXPECT_EQ(agg("min", x, {}, {}, scalar(-1.0)), (F64s{12, 10, 10, 11, -1, -1}));
  EXPECT_EQ(agg<std::int32_t>("argmin", x), (I32s{2, 0, 0, 1, -1, -1}));
  EXPECT_EQ(agg<std::int32_t>("argmax", x), (I32s{2, 1, 5, 2, -1, -1}));
  const Value b = nodes<bool>({true, false, false, true, true, true});
  EXPECT_EQ(agg<std::int64_t>("count", b), (I64s{0, 2, 2, 0, 0, 0}));
  EXPECT_EQ(agg<bool>("any", b), (std::vector<bool>{false, true, true, false, false, false}));
  EXPECT_EQ(agg<bool>("all", b), (std::vector<bool>{false, false, true, false, true, true}));
  EXPECT_EQ(agg<std::int64_t>("sum", b), agg<std::int64_t>("count", b));
  EXPECT_EQ(agg<std::int32_t>("mode", nodes<std::int32_t>({9, 4, 4, 3, 2, 1})), (I32s{4, 9, 1, 4, 2, 1}));
}

TEST(NeighborAgg, ByHandOtherDirections) {
  const Value x = nodes(kX);
  EXPECT_EQ(agg("sum", x, {{"direction", "out"}}), (F64s{34, 24, 23, 0, 0, 12}));
  EXPECT_EQ(agg("sum", x, {{"direction", "both"}}), (F64s{46, 55, 48, 23, 0, 12}));
  EXPECT_EQ(agg("mean", x, {{"direction", "both"}}), (F64s{11.5, 11, 12, 11.5, 0, 12}));
  EXPECT_EQ(agg("min", x, {{"direction", "both"}}, {}, scalar(0.0)), (F64s{11, 10, 10, 11, 0, 12}));
  EXPECT_EQ(agg<std::int32_t>("argmax", x, {{"direction", "both"}}), (I32s{2, 3, 5, 2, -1, 2}));
}

TEST(NeighborAgg, ByHandWeightsAndSelf) {
  const Value x = nodes(kX), w = edges(kWeightsOfEdges);
  EXPECT_EQ(agg("sum", x, {}, w), (F64s{204, 127, 335, 277, 0, 0}));
  EXPECT_EQ(agg("mean", x, {}, w), (F64s{12, 127.0 / 12, 335.0 / 24, 277.0 / 24, 0, 0}));
  EXPECT_EQ(agg("max", x, {}, w), (F64s{204, 77, 285, 156, -kInf, -kInf}));
  EXPECT_EQ(agg<std::int32_t>("argmin", x, {}, w), (I32s{2, 0, 0, 1, -1, -1}));
  const NamedAttrs self{{"include_self", true}};
  EXPECT_EQ(agg("sum", x, self), (F64s{22, 42, 37, 36, 14, 15}));
  EXPECT_EQ(agg("sum", x, self, w), (F64s{214, 138, 347, 290, 14, 15}));  // the own value has weight 1
  EXPECT_EQ(agg("mean", x, self, w), (F64s{214.0 / 18, 138.0 / 13, 347.0 / 25, 290.0 / 25, 14, 15}));
  EXPECT_EQ(agg("min", x, self, {}, scalar(-1.0)), (F64s{10, 10, 10, 11, 14, 15}));  // not empty: no fill
  EXPECT_EQ(agg<std::int32_t>("argmax", x, self), (I32s{2, 1, 5, 3, 4, 5}));
}

TEST(NeighborAgg, TheMultiplierMayStandAtEitherEnd) {
  FakeRun r(graph_of(3, {{0, 1}, {1, 2}}));
  const Value x = nodes<double>({1, 2, 3}), s = nodes<double>({0.5, 1, 1.5});
  const auto mul = [&](const Value& a, const Value& b) { return run(r, scalar_id(ScalarOp::Mul), {a, b}); };
  const auto in_sum = [&](const Value& a) { return run(r, OpId::NeighborAgg, {a}, {{"agg", "sum"}}); };
  EXPECT_EQ(list<double>(in_sum(mul(x, s))), (F64s{0, .5, 2}));
  EXPECT_EQ(list<double>(mul(in_sum(x), s)), (F64s{0, 1, 3}));
}

TEST(NeighborAgg, NanAndZeroWeights) {
  const Value x = nodes<double>({kNan, 11, 12, 13, 14, 15});
  EXPECT_TRUE(std::isnan(agg("min", x)[1]));
  EXPECT_EQ(agg<std::int32_t>("argmin", x), (I32s{2, 1, 5, 1, -1, -1}));  // NaN skipped
  EXPECT_EQ(agg<std::int32_t>("argmin", nodes<double>(F64s(6, kNan))), I32s(6, -1));
  const Value cancel = edges<double>({1, -1, 0, 0, 0, 0, 0, 0});
  EXPECT_EQ(agg("mean", nodes(kX), {}, cancel), F64s(6, 0));
  EXPECT_EQ(agg<std::int32_t>("argmax", nodes<std::int32_t>(I32s(6, 7)), {{"direction", "both"}}),
            (I32s{1, 0, 0, 1, -1, 2}));  // ties to the lowest index
}

TEST(NeighborAgg, TypeErrors) {
  const Value x = nodes(kX), w = edges(kWeightsOfEdges);
  const auto error = [&](const char* what, const Value& a, std::optional<Value> weights = {},
                         std::optional<Value> fill = {}) {
    const std::string message = error_of<CompileError>([&] { agg(what, a, {}, weights, fill); });
    const std::string start = "here.cpp:7: graph.neighbor_agg: expected ";
    EXPECT_TRUE(message.starts_with(start)) << message;
    return message.substr(std::min(start.size(), message.size()));
  };
  EXPECT_EQ(error("sum", w), "a column over the nodes [V] as operand x, got f64[E]");
  EXPECT_EQ(error("sum", x, x), "a column over the edges [E] as operand weights, got f64[V]");
  EXPECT_EQ(error("sum", x, edges<float>(std::vector<float>(8))),
            "weights of x's element type (convert one with cast), got f64[V] and f32[E]");
  EXPECT_EQ(error("count", x),
            "elements of bool for aggregate count (compare first; graph.degree counts neighbours) as operand "
            "x, got "
            "f64[V]");
  const Value b = nodes<bool>(std::vector<bool>(6));
  EXPECT_EQ(error("any", b, edges<bool>(std::vector<bool>(8))), "no weights with aggregate any, got bool[E]");
  EXPECT_EQ(error("prod", b),
            "elements of i32, i64, f32 or f64 for aggregate prod as operand x, got bool[V]");
  EXPECT_EQ(error("sum", b, edges<bool>(std::vector<bool>(8))),
            "elements of i32, i64, f32 or f64 as operand weights, got bool[E]");
  EXPECT_EQ(error("sum", x, {}, scalar(0.0)), "fill only with aggregate min or max, got sum");
  EXPECT_EQ(error("min", x, {}, scalar(0)), "a scalar of f64 as operand fill, got i32");
  EXPECT_EQ(error("mode", x), "elements of i32 or i64 (labels) as operand x, got f64[V]");
}

// ---- a second formulation: contributions by scanning the edge list, small integers so that no sum rounds
struct Case {
  std::string agg, direction;
  bool weighted, self, filled;
};

struct Scan {
  struct Item {
    double value, weight;
    std::int32_t node;
  };
  std::vector<std::vector<Item>> at;

  Scan(const Graph& g, const F64s& x, const F64s& w, const Case& c) : at(x.size()) {
    const auto add = [&](bool into_targets) {
      const auto out = g.out();
      std::int32_t source = 0;
      for (std::int64_t e = 0; e < g.edge_count(); ++e) {
        const auto k = static_cast<std::size_t>(e);
        while (out.offsets[static_cast<std::size_t>(source) + 1] <= e) ++source;
        const std::int32_t target = out.neighbors[k];
        const std::int32_t centre = into_targets ? target : source, other = into_targets ? source : target;
        at[static_cast<std::size_t>(centre)].push_back(
            {x[static_cast<std::size_t>(other)], c.weighted ? w[k] : 1, other});
      }
    };
    if (c.direction != "out") add(true);
    if (c.direction == "out" || (c.direction == "both" && !g.undirected())) add(false);
    if (!c.self) return;
    for (std::size_t v = 0; v < x.size(); ++v) at[v].push_back({x[v], 1, static_cast<std::int32_t>(v)});
  }
};

double mode_of(const std::vector<Scan::Item>& items, double own) {
  std::map<double, double> totals;
  for (const auto& i : items) totals[i.value] += i.weight;
  double best = own, most = -kInf;
  for (const auto& [label, total] : totals)
    if (total > most) best = label, most = total;
  return best;
}

/// The expected value of one node; `fill` is what min and max of nothing give.
double expected(const Case& c, const std::vector<Scan::Item>& items, double own, double fill) {
  F64s values;
  double sum = 0, weight = 0, product = 1;
  for (const auto& i : items) {
    values.push_back(i.value * i.weight);
    sum += values.back(), weight += i.weight, product *= values.back();
  }
  if (c.agg == "sum" || c.agg == "count") return sum;
  if (c.agg == "prod") return product;
  if (c.agg == "mean") return weight == 0 ? 0 : sum / weight;
  if (c.agg == "any") return sum > 0;
  if (c.agg == "all") return sum == static_cast<double>(items.size());
  if (c.agg == "mode") return mode_of(items, own);
  if (values.empty()) return c.agg.starts_with("arg") ? -1 : fill;
  const double extreme =
      c.agg.ends_with("min") ? *std::ranges::min_element(values) : *std::ranges::max_element(values);
  if (!c.agg.starts_with("arg")) return extreme;
  std::int32_t lowest = std::numeric_limits<std::int32_t>::max();
  for (std::size_t i = 0; i < values.size(); ++i)
    if (values[i] == extreme) lowest = std::min(lowest, items[i].node);
  return lowest;
}

template <class T>
std::vector<T> as(const F64s& x) {
  std::vector<T> y;
  for (const double v : x) y.push_back(static_cast<T>(v));
  return y;
}
F64s as_doubles(const Value& v) {
  return dispatch(v.type.scalar, [&]<class T>(std::type_identity<T>) {
    F64s out;
    for (const T x : v.column.span<T>()) out.push_back(static_cast<double>(x));
    return out;
  });
}

template <class T>
void check(const Graph& g, const F64s& x, const F64s& w, const Case& c) {
  FakeRun r(g);
  const bool smallest = c.agg == "min";
  const auto kind = smallest ? MonoidKind::Min : MonoidKind::Max;
  const double fill = c.filled ? 42 : static_cast<double>(identity(kind, scalar_type_of<T>).template as<T>());
  const Value got = run(r, OpId::NeighborAgg,
                        {nodes(as<T>(x)), c.weighted ? std::optional(edges(as<T>(w))) : std::nullopt,
                         c.filled ? std::optional(scalar(T(42))) : std::nullopt},
                        {{"agg", c.agg}, {"direction", c.direction}, {"include_self", c.self}});
  const Scan scan(g, x, w, c);
  F64s want;
  for (std::size_t v = 0; v < x.size(); ++v) want.push_back(expected(c, scan.at[v], x[v], fill));
  if (got.type.scalar == ScalarType::F32)
    for (double& v : want) v = static_cast<float>(v);
  EXPECT_EQ(as_doubles(got), want) << c.agg << " " << c.direction << (c.weighted ? " weights" : "")
                                   << (c.self ? " self" : "") << (c.filled ? " fill " : " ")
                                   << to_string(scalar_type_of<T>);
}

template <class T>
void check_all(const Graph& g, const F64s& x, const F64s& w, const std::vector<std::string>& aggregates) {
  for (const std::string& a : aggregates)
    for (const char* d : {"in", "out", "both"})
      for (const bool weighted : {false, true})
        for (const bool self : {false, true})
          for (const bool filled : {false, true}) {
            if (weighted && (std::is_same_v<T, bool> || a == "count")) continue;
            if (filled && a != "min" && a != "max") continue;
            check<T>(g, x, w, {a, d, weighted, self, filled});
          }
}

struct NamedGraph {
  const char* name;
  Graph graph;
};
std::vector<NamedGraph> test_graphs() {
  return {{"small", small_graph()},
          {"undirected", graph_of(6, {{0, 1}, {0, 1}, {0, 2}, {1, 1}, {3, 1}, {2, 3}, {5, 2}}, true)},
          {"empty", Graph()},
          {"no edges", graph_of(3, {})},
          {"complete",
           graph_of(4, {{0, 0}, {0, 1}, {0, 2}, {0, 3}, {1, 0}, {1, 2}, {1, 3}, {2, 0}, {2, 1}, {3, 0}})}};
}
F64s pattern(std::int64_t n, const F64s& values) {
  F64s x;
  for (std::int64_t i = 0; i < n; ++i) x.push_back(values[static_cast<std::size_t>(i) % values.size()]);
  return x;
}

TEST(NeighborAgg, EveryCombinationAgreesWithAScanOfTheEdges) {
  const std::vector<std::string> numeric{"sum", "mean", "min", "max", "prod", "argmin", "argmax"};
  for (const auto& [name, g] : test_graphs()) {
    SCOPED_TRACE(name);
    const F64s x = pattern(g.node_count(), {3, -1, 4, 1, -5, 4, 2}),
               w = pattern(g.edge_count(), {2, 1, 3, -2, 1});
    check_all<double>(g, x, w, numeric);
    check_all<float>(g, x, w, numeric);
    check_all<std::int32_t>(g, x, w, numeric);
    check_all<std::int64_t>(g, x, w, numeric);
    check_all<std::int32_t>(g, x, w, {"mode"});
    check_all<std::int64_t>(g, x, w, {"mode"});
    check_all<bool>(g, pattern(g.node_count(), {1, 0, 0, 1, 1}), w, {"sum", "mean", "count", "any", "all"});
  }
}

// ---- neighbor_mode
I32s mode(const I32s& labels, const NamedAttrs& attrs = {}, std::optional<Value> weights = {}) {
  FakeRun r(small_graph());
  return list<std::int32_t>(run(r, OpId::NeighborMode, {nodes(labels), weights}, attrs));
}

TEST(NeighborMode, Ties) {
  // in-neighbours: 0 <- 2; 1 <- 0 0 1; 2 <- 0 5; 3 <- 1 2
  EXPECT_EQ(mode({1, 2, 3, 4, 5, 6}), (I32s{3, 1, 1, 2, 5, 6}));
  EXPECT_EQ(mode({1, 2, 3, 4, 5, 6}, {{"ties", "highest"}}), (I32s{3, 1, 6, 3, 5, 6}));
  EXPECT_EQ(mode({1, 2, 6, 3, 5, 6}, {{"ties", "keep"}}),
            (I32s{6, 1, 6, 2, 5, 6}));  // 2 keeps its 6; 3 has none of 2, 6
  EXPECT_EQ(mode({1, 2, 1, 2, 5, 6}, {{"ties", "keep"}}), (I32s{1, 1, 1, 2, 5, 6}));
  EXPECT_EQ(mode({1, 2, 3, 1, 5, 6}, {{"ties", "keep"}, {"include_self", true}}), (I32s{1, 2, 3, 1, 5, 6}));
}

TEST(NeighborMode, IncludeSelfAddsOneVote) {
  EXPECT_EQ(mode({1, 2, 3, 4, 5, 6}, {{"include_self", true}}), (I32s{1, 1, 1, 2, 5, 6}));
  EXPECT_EQ(mode({1, 2, 3, 4, 5, 6}, {{"include_self", true}, {"ties", "highest"}}),
            (I32s{3, 2, 6, 4, 5, 6}));
}

TEST(NeighborMode, WeightsOfAnyNumericType) {
  // weights by edge: 0->1 2, 0->1 3, 0->2 5, 1->1 7, 1->3 11, 2->0 17, 2->3 13, 5->2 19
  const I32s expected{3, 2, 6, 3, 5, 6};
  const I32s labels{1, 2, 3, 4, 5, 6};
  EXPECT_EQ(mode(labels, {}, edges(kWeightsOfEdges)), expected);
  EXPECT_EQ(mode(labels, {}, edges(as<float>(kWeightsOfEdges))), expected);
  EXPECT_EQ(mode(labels, {}, edges(as<std::int32_t>(kWeightsOfEdges))), expected);
  EXPECT_EQ(mode(labels, {}, edges(as<std::int64_t>(kWeightsOfEdges))), expected);
  const Value large = edges<std::int32_t>({2147483647, 2147483647, 1, 2147483647, 1, 1, 1, 1});
  EXPECT_EQ(mode(labels, {}, large)[1], 1);  // totals of i32 do not wrap
  EXPECT_EQ(mode(labels, {}, edges<double>({-1, -1, -1, -3, -1, -5, -1, -1})), (I32s{3, 1, 1, 2, 5, 6}));
  EXPECT_EQ(mode(labels, {}, edges<double>({1, kNan, kNan, 1, 1, 1, 1, -9}))[1], 2);  // NaN loses
  EXPECT_EQ(mode(labels, {}, edges<double>({1, 1, kNan, 1, 1, 1, 1, -9}))[2], 6);
  EXPECT_THROW(mode(labels, {}, edges<bool>(std::vector<bool>(8))), CompileError);
}

TEST(NeighborMode, WeightsOfALabelAddUpInNeighbourOrder) {
  // 1e16 + 1 + 1 is 1e16 in this order, so label 7 (1 + 1 + 1e16, exact) is ahead
  FakeRun r(graph_of(7, {{1, 0}, {2, 0}, {3, 0}, {4, 0}, {5, 0}, {6, 0}}));
  const Value labels = nodes<std::int32_t>({0, 5, 5, 5, 7, 7, 7});
  const auto winner = [&](const F64s& w) {
    return list<std::int32_t>(run(r, OpId::NeighborMode, {labels, edges(w)}))[0];
  };
  EXPECT_EQ(winner({1e16, 1, 1, 1, 1, 1e16}), 7);
  EXPECT_EQ(winner({1, 1, 1e16, 1e16, 1, 1}), 5);
}

TEST(NeighborMode, DirectionsAndLargeLabels) {
  EXPECT_EQ(mode({1, 2, 3, 4, 5, 6}, {{"direction", "out"}}), (I32s{2, 2, 1, 4, 5, 3}));
  EXPECT_EQ(mode({1, 2, 3, 4, 5, 6}, {{"direction", "both"}}), (I32s{2, 1, 1, 2, 5, 3}));
  FakeRun r(small_graph());
  const std::int64_t big = std::int64_t{1} << 40;
  EXPECT_EQ(list<std::int64_t>(run(r, OpId::NeighborMode, {nodes<std::int64_t>({big, -big, 3, 4, 5, 6})})),
            (I64s{3, big, 6, -big, 5, 6}));
  EXPECT_EQ(error_of<CompileError>([&] { run(r, OpId::NeighborMode, {nodes(kX)}); }),
            "here.cpp:7: graph.neighbor_mode: expected elements of i32 or i64 (labels) as operand labels, "
            "got f64[V]");
}

TEST(NeighborMode, UndirectedBothCountsEachEdgeOnce) {
  FakeRun r(graph_of(4, {{0, 1}, {0, 2}, {0, 3}, {0, 0}}, true));
  const Value labels = nodes<std::int32_t>({9, 4, 5, 4});
  for (const char* d : {"in", "out", "both"})
    EXPECT_EQ(list<std::int32_t>(run(r, OpId::NeighborMode, {labels}, {{"direction", d}})),
              (I32s{4, 9, 9, 9}))
        << d;
}

}  // namespace
}  // namespace monograph::ops::testing
