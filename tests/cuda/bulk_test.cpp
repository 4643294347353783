// All that bulk.h promises, on a machine whose steps are the C++ library's.
#include "kernels/bulk.h"

#include <gtest/gtest.h>
#include <monograph/graph.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <random>

#include "cuda/host_bulk.h"

namespace monograph::cuda {
namespace {

const Bulk& kBulk = test::host_bulk();

/// Asks how much room a call needs, gives exactly that, and looks whether it kept to it.
template <class Call>
void run(const Call& call) {
  Room room;
  ASSERT_EQ(call(room), 0);
  ASSERT_GT(room.bytes, 0u);
  std::vector<unsigned char> memory(room.bytes + 64, 0xaa);
  room.memory = memory.data();
  ASSERT_EQ(call(room), 0);
  EXPECT_TRUE(std::all_of(memory.end() - 64, memory.end(), [](unsigned char c) { return c == 0xaa; }));
}

template <class T>
std::vector<std::int32_t> argsort(const std::vector<T>& x, bool descending) {
  std::vector<std::int32_t> order(x.size());
  run([&](Room& room) {
    return kBulk.argsort(room, scalar_type_of<T>, x.data(), std::ssize(x), descending, order.data(), nullptr);
  });
  return order;
}

using Order = std::vector<std::int32_t>;

TEST(Bulk, OrderOfFloats) {
  const double nan = std::numeric_limits<double>::quiet_NaN(), inf = std::numeric_limits<double>::infinity();
  const std::vector<double> x{1, nan, -0.0, 0.0, -inf, 1, inf, -nan, -5e-324};
  EXPECT_EQ(argsort(x, false), (Order{4, 8, 2, 3, 0, 5, 6, 1, 7}));
  EXPECT_EQ(argsort(x, true), (Order{6, 0, 5, 3, 2, 8, 4, 1, 7}));
  const std::vector<float> y{1, -1, std::nanf(""), -std::nanf(""), -0.0F};
  EXPECT_EQ(argsort(y, false), (Order{1, 4, 0, 2, 3}));
  EXPECT_EQ(argsort(std::vector<double>{}, false), Order{});
}

TEST(Bulk, OrderOfIntegers) {
  using Limits = std::numeric_limits<std::int64_t>;
  const std::vector<std::int64_t> x{0, Limits::max(), -1, Limits::min(), 0};
  EXPECT_EQ(argsort(x, false), (Order{3, 2, 0, 4, 1}));
  EXPECT_EQ(argsort(x, true), (Order{1, 0, 4, 2, 3}));
  EXPECT_EQ(argsort(std::vector<std::int32_t>{5, -5, 5}, false), (Order{1, 0, 2}));
}

TEST(Bulk, SortKeepsTheElements) {
  std::vector<double> x{3, -0.0, 0.0, -2}, out(4);
  run([&](Room& room) { return kBulk.sort(room, ScalarType::F64, x.data(), 4, false, out.data(), nullptr); });
  EXPECT_EQ(out, (std::vector<double>{-2, -0.0, 0.0, 3}));
  EXPECT_TRUE(std::signbit(out[1]) && !std::signbit(out[2]));
}

TEST(Bulk, TopK) {
  const std::vector<float> x{2, 9, 4, 9, 1};
  Order order(3);
  run([&](Room& room) {
    return kBulk.top_k(room, ScalarType::F32, x.data(), 5, 3, true, order.data(), nullptr);
  });
  EXPECT_EQ(order, (Order{1, 3, 2}));
}

TEST(Bulk, ScanSelectReduce) {
  const std::vector<std::int64_t> in{3, 0, 4, std::numeric_limits<std::int64_t>::max()};
  std::vector<std::int64_t> out(4);
  run([&](Room& room) { return kBulk.scan(room, in.data(), 4, out.data(), nullptr); });
  EXPECT_EQ(out, (std::vector<std::int64_t>{0, 3, 3, 7}));

  const bool flags[] = {false, true, true, false, true};
  Order indices(5);
  std::int64_t count = -1;
  run([&](Room& room) { return kBulk.select(room, flags, 5, indices.data(), &count, nullptr); });
  indices.resize(static_cast<std::size_t>(count));
  EXPECT_EQ(indices, (Order{1, 2, 4}));

  const Order keys{7, 7, 2, 7};
  Order first(4);
  std::vector<std::int64_t> sums(4);
  const std::vector<std::int64_t> values{1, 10, 100, 1000};
  run([&](Room& room) {
    return kBulk.reduce_by_key(room, keys.data(), values.data(), 4, first.data(), sums.data(), &count,
                               nullptr);
  });
  EXPECT_EQ(count, 3);
  EXPECT_EQ(first[2], 7);
  EXPECT_EQ(sums[0], 11);
  EXPECT_EQ(sums[2], 1000);
}

TEST(Bulk, RunsOfNaNAreOne) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const std::vector<double> x{1, 1, -0.0, 0.0, nan, -nan, nan};
  std::vector<double> first(x.size());
  std::vector<std::int64_t> lengths(x.size());
  std::int64_t runs = 0;
  run([&](Room& room) {
    return kBulk.run_lengths(room, ScalarType::F64, x.data(), std::ssize(x), first.data(), lengths.data(),
                             &runs, nullptr);
  });
  ASSERT_EQ(runs, 4);
  EXPECT_EQ(first[0], 1);
  EXPECT_TRUE(std::signbit(first[1]) && !std::signbit(first[2]) && std::isnan(first[3]));
  EXPECT_EQ(std::vector<std::int64_t>(lengths.begin(), lengths.begin() + 4),
            (std::vector<std::int64_t>{2, 1, 1, 3}));
}

struct Rows {
  std::vector<std::int64_t> offsets, edges;
  std::vector<std::int32_t> neighbors;
  Rows(std::int64_t n, std::int64_t m)
      : offsets(static_cast<std::size_t>(n + 1)),
        edges(static_cast<std::size_t>(m)),
        neighbors(static_cast<std::size_t>(m)) {}
  BulkRows view() { return {offsets.data(), neighbors.data(), edges.data()}; }
};

/// As Graph builds them: random edges with self-loops and repetitions, isolated nodes, and no edges at all.
TEST(Bulk, RowsAreThoseOfAGraph) {
  std::mt19937 random(7);
  for (const auto& shape : {std::pair{1, 0}, {1, 3}, {40, 25}, {33, 500}, {70000, 400}}) {
    const auto n = shape.first, m = shape.second;  // clang 14 has no lambdas with structured bindings
    std::vector<std::int32_t> source(static_cast<std::size_t>(m)), target(source.size());
    for (std::size_t e = 0; e < source.size(); ++e)
      source[e] = static_cast<std::int32_t>(random() % static_cast<unsigned>(n)),
      target[e] = static_cast<std::int32_t>(random() % static_cast<unsigned>(n));
    const Graph graph = Graph::from_edges({.source = source, .target = target, .ids = NodeIds::dense(n)});
    Rows rows(n, m), reversed(n, m);
    run([&](Room& room) {
      return kBulk.rows_of(room, source.data(), target.data(), n, m, rows.view(), nullptr);
    });
    EXPECT_TRUE(std::ranges::equal(rows.offsets, graph.out().offsets));
    EXPECT_TRUE(std::ranges::equal(rows.neighbors, graph.out().neighbors));
    for (std::size_t k = 0; k < rows.edges.size(); ++k)
      EXPECT_EQ(target[static_cast<std::size_t>(rows.edges[k])], rows.neighbors[k]);
    run([&](Room& room) { return kBulk.transpose(room, rows.view(), n, m, reversed.view(), nullptr); });
    EXPECT_TRUE(std::ranges::equal(reversed.offsets, graph.in().offsets));
    EXPECT_TRUE(std::ranges::equal(reversed.neighbors, graph.in().neighbors));
    if (!graph.in().edges.empty()) {
      EXPECT_TRUE(std::ranges::equal(reversed.edges, graph.in().edges));
    }
  }
}

}  // namespace
}  // namespace monograph::cuda
