// What a run of the cpu backend allocates does not depend on its number of iterations. Counted where every
// allocation of this program passes: the global operator new, which is replaced here.
#include <gtest/gtest.h>
#include <monograph/algorithms.h>
#include <monograph/io.h>
#include <monograph/session.h>

#include <atomic>
#include <cstdlib>
#include <new>

namespace {
std::atomic<std::int64_t> allocations = 0;

void* take(std::size_t bytes, std::size_t alignment) {
  ++allocations;
  if (alignment <= alignof(std::max_align_t)) return std::malloc(bytes ? bytes : 1);
  return std::aligned_alloc(alignment, (bytes + alignment - 1) / alignment * alignment);
}
void* take_or_throw(std::size_t bytes, std::size_t alignment) {
  if (void* p = take(bytes, alignment)) return p;
  throw std::bad_alloc();
}
}  // namespace

// The forms for arrays call these.
void* operator new(std::size_t bytes) { return take_or_throw(bytes, 1); }
void* operator new(std::size_t bytes, std::align_val_t a) {
  return take_or_throw(bytes, static_cast<std::size_t>(a));
}
void* operator new(std::size_t bytes, const std::nothrow_t&) noexcept { return take(bytes, 1); }
void* operator new(std::size_t bytes, std::align_val_t a, const std::nothrow_t&) noexcept {
  return take(bytes, static_cast<std::size_t>(a));
}
void operator delete(void* p) noexcept { std::free(p); }
void operator delete(void* p, std::size_t) noexcept { std::free(p); }
void operator delete(void* p, std::align_val_t) noexcept { std::free(p); }
void operator delete(void* p, std::size_t, std::align_val_t) noexcept { std::free(p); }
void operator delete(void* p, const std::nothrow_t&) noexcept { std::free(p); }
void operator delete(void* p, std::align_val_t, const std::nothrow_t&) noexcept { std::free(p); }

namespace monograph {
namespace {

/// One run whose number of iterations is known.
struct Case {
  Graph graph;
  Parameters parameters;
  std::int64_t iterations;
};

/// Allocations of a run after others of its kind.
std::int64_t count(Session& session, const Executable& executable, const Case& c) {
  for (int warm = 0; warm < 2; ++warm) session.run(executable, c.graph, c.parameters);
  const std::int64_t before = allocations;
  const Result r = session.run(executable, c.graph, c.parameters);
  const std::int64_t after = allocations;
  EXPECT_EQ(r.iterations, c.iterations);
  EXPECT_EQ(r.tier, "tiles") << r.tier_reason;
  return after - before;
}

void expect_equal(const Program& program, const Case& few, const Case& many) {
  for (const int threads : {1, 3}) {
    SCOPED_TRACE(threads);
    Session session(
        {.backend = "cpu", .cpu_tier = CpuTier::Tiles, .threads = threads, .cache = CacheUse::Off});
    const Executable executable = session.compile(program);
    const std::int64_t of_few = count(session, executable, few);
    EXPECT_EQ(of_few, count(session, executable, many));
    EXPECT_GT(of_few, 0) << "the counter does not count";
  }
}

void expect_equal(const char* algorithm, const Case& few, const Case& many) {
  expect_equal(find_algorithm(algorithm)->make(), few, many);
}

Parameters iterations(std::int64_t n) { return Parameters{{"max_iterations", Constant::of(n)}}; }

/// 0 -> 1 -> ... -> n - 1, weights 1
Graph path(int n) {
  const std::vector<double> weights(static_cast<std::size_t>(n) - 1, 1.0);
  Graph g = read_graph("gen:path:" + std::to_string(n));
  g.set_edge_attribute("weight", Column::of(std::span<const double>(weights)));
  return g;
}

TEST(Allocations, NoneInAnIterationOfPageRank) {
  const Graph graph = read_graph("gen:rmat:10:8");
  const auto of = [&](std::int64_t n) { return Case{graph, iterations(n).set("tolerance", 0.0), n}; };
  expect_equal("pagerank", of(5), of(50));
}

TEST(Allocations, NoneInAnIterationOfLabelPropagation) {
  const Graph graph = path(2);  // two labels that change places for ever
  expect_equal("cdlp", {graph, iterations(5), 5}, {graph, iterations(50), 50});
}

// The fixed point of a path takes as many iterations as its length has bits, and one or two to see it.
TEST(Allocations, NoneInAnIterationOfComponents) { expect_equal("wcc", {path(5), {}, 3}, {path(50), {}, 6}); }

TEST(Allocations, NoneInAnIterationOfShortestPaths) {
  const Parameters source = Parameters().set_text("source", "0");
  expect_equal("sssp", {path(5), source, 5}, {path(50), source, 34});  // its buckets
}

TEST(Allocations, NoneWhereIndicesAreFollowed) {
  ProgramBuilder p("indices");
  const GraphRef g = p.graph();
  Variable x = p.variable(g.full(1.0));
  const Value half = safe_idiv(g.node_index(), 2);
  p.loop(p.parameter("max_iterations", std::int64_t{1}),
         [&] { x = take(x, half) + scatter_reduce(x, half, Monoid::Sum); });
  p.output("x", x);
  const Program program = p.build();
  const Graph graph = read_graph("gen:uniform:40000:10");  // more than one thread would do alone
  expect_equal(program, {graph, iterations(3), 3}, {graph, iterations(30), 30});
}

}  // namespace
}  // namespace monograph
