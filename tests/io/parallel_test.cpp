// Text on several threads: the same graph and the same error as on one.
#include <atomic>
#include <random>
#include <thread>

#include "host/io/pieces.h"
#include "support.h"

namespace monograph::test {
namespace {

/// Some megabytes of edges with comments, blank lines, blanks and quotes between them.
std::string many_edges(bool weighted) {
  std::mt19937 random(11);
  std::string text = "# a comment\n";
  while (text.size() < (std::size_t{2} << 20) + 12345) {
    const auto r = random();
    if (r % 50 == 0) text += r % 100 ? "\n  \n" : "% a comment that is longer than a line of edges\n";
    text += r % 7 ? std::to_string(r % 30011) : " \"" + std::to_string(r % 30011) + "\"\t";
    text += " " + std::to_string(random() % 30011);
    if (weighted) text += " " + std::to_string(random() % 1000) + (r % 3 ? ".25" : "");
    text += r % 11 ? "\n" : " \r\n";
  }
  return text;
}

/// Of the bits of all weights, in order.
std::uint64_t weights_of(const Graph& g) {
  std::uint64_t sum = 0;
  if (const Column* w = g.edge_attribute("weight"))
    for (const double x : w->span<double>()) sum = sum * 31 + Constant::of(x).bits;
  return sum;
}

std::pair<std::uint64_t, std::uint64_t> digest(const Graph& g) { return {g.fingerprint(), weights_of(g)}; }

TEST(Parallel, AnyNumberOfThreadsGivesTheSameGraph) {
  const Directory d;
  for (const bool weighted : {false, true}) {
    const auto path = d.write("g.txt", many_edges(weighted));
    const auto one = digest(read_graph(path, {.threads = 1}));
    for (const int threads : {0, 3, 16})
      EXPECT_EQ(digest(read_graph(path, {.threads = threads})), one) << threads;
    ReadOptions text{.ids = Ids::Text};
    EXPECT_EQ(read_graph(path, text).edge_count(), read_graph(path).edge_count());
  }
}

TEST(Parallel, MatricesAndPairsToo) {
  const Directory d;
  const Graph g = read_graph("gen:uniform:20000:100000:weights=0..1");
  for (const std::string name : {"g.mtx", "g.e"}) {
    write_graph(g, d / name);
    ASSERT_GT(std::filesystem::file_size(d / name), std::size_t{5} << 18) << "several pieces";
    for (const int threads : {1, 5}) {
      const Graph back = read_graph(d / name, {.threads = threads});
      EXPECT_TRUE(std::ranges::equal(back.out().neighbors, g.out().neighbors)) << name << " " << threads;
      EXPECT_EQ(weights_of(back), weights_of(g)) << name << " " << threads;
    }
  }
}

/// Of two bad lines the first is told, with its place, on whichever thread it is found.
TEST(Parallel, TheFirstErrorIsTold) {
  const Directory d;
  std::string text = many_edges(false);
  const auto second = text.find('\n', text.size() - 100) + 1;
  text.replace(second, 1, "x");
  const auto only = error_of([&] { read_graph(d.write("g.txt", text), {.threads = 4}); }, d / "");
  const auto line = std::ranges::count(std::string_view(text).substr(0, second), '\n') + 1;
  EXPECT_EQ(only.substr(0, only.find(" expected")), "g.txt:" + std::to_string(line) + ":1:");
  const auto first = text.find('\n', text.size() / 2) + 1;
  text.insert(first, "1 2 3\n");
  for (const int threads : {1, 2, 4, 16}) {
    const auto error = error_of([&] { read_graph(d.write("g.txt", text), {.threads = threads}); }, d / "");
    EXPECT_EQ(
        error,
        "g.txt:" + std::to_string(std::ranges::count(std::string_view(text).substr(0, first), '\n') + 1) +
            ":5: expected 2 columns as in line 2, found 3 (every line needs the same: source target "
            "[weight])");
  }
  std::string matrix = "%%MatrixMarket matrix coordinate pattern general\n300000 300000 300000\n";
  for (int i = 1; i <= 300000; ++i) matrix += std::to_string(i) + " " + (i == 250000 ? "0" : "1") + "\n";
  EXPECT_EQ(error_of([&] { read_graph(d.write("m.mtx", matrix), {.threads = 3}); }, d / ""),
            "m.mtx:250002:8: expected an index in 1..300000, found \"0\" (Matrix Market counts from 1)");
}

TEST(Parallel, WorkIsDoneOnceAndTheSmallestErrorCounts) {
  std::vector<int> times(1000);
  std::size_t reported = 0;
  io::for_each_piece(
      times.size(), 4, [&](std::size_t i) { ++times[i]; },
      [&](std::size_t done) {
        EXPECT_GE(done, reported);
        reported = done;
      });
  EXPECT_EQ(std::ranges::count(times, 1), 1000);
  for (int round = 0; round < 50; ++round)
    EXPECT_EQ(error_of([] {
                io::for_each_piece(
                    100, 4,
                    [](std::size_t i) {
                      if (i >= 37) throw InputError(std::to_string(i));
                    },
                    [](std::size_t) {});
              }),
              "37");
  // nobody but the thread that reports gets ahead of it
  std::atomic<int> reports = 0;
  const auto reporter = std::this_thread::get_id();
  EXPECT_THROW(io::for_each_piece(
                   100000, 4,
                   [&](std::size_t) {
                     while (std::this_thread::get_id() != reporter && reports < 3) std::this_thread::yield();
                   },
                   [&](std::size_t) {
                     if (++reports == 3) throw Cancelled("stop");
                   }),
               Cancelled);
  EXPECT_EQ(reports, 3);
}

/// The fast way to a double and the library's agree on every bit.
TEST(Parallel, NumbersAreTheNearestDoubles) {
  const Directory d;
  std::mt19937_64 random(3);
  std::string text;
  std::vector<double> expected;
  for (int i = 0; i < 20000; ++i) {
    std::string number = std::to_string(random() % 1000000000000000000ull >> random() % 60);
    if (const auto digits = random() % 20; digits < number.size()) number.insert(digits, ".");
    if (random() % 4 == 0) number = "-" + number;
    if (random() % 16 == 0) number += "e-7";
    expected.push_back(std::strtod(number.c_str(), nullptr));
    text += std::to_string(i) + " 0 " + number + "\n";
  }
  const Graph g = read_graph(d.write("g.wel", text));
  for (std::size_t i = 0; i < expected.size(); ++i)
    ASSERT_EQ(g.edge_attribute("weight")->at(static_cast<std::int64_t>(i)), Constant::of(expected[i])) << i;
}

}  // namespace
}  // namespace monograph::test
