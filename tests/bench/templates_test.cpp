// FastSV in the place of the components by least labels: another course, the same bits.
#include <gtest/gtest.h>
#include <monograph/algorithms.h>
#include <monograph/io.h>
#include <monograph/session.h>

#include <algorithm>

#include "bench/programs.h"

namespace monograph::test {
namespace {

TEST(Templates, FastSvAnswersForComponents) {
  Session oracle({.backend = "reference"});
  for (const int level : {0, 2})
    for (const int threads : {1, 3}) {
      Session session({.backend = "cpu",
                       .level = level,
                       .cpu_tier = CpuTier::Tiles,
                       .threads = threads,
                       .cache = CacheUse::Off});
      session.replace("FastSV", bench::least_labels(), bench::fastsv());
      const Executable executable = session.compile(bench::least_labels());
      ASSERT_EQ(executable.replaced_by(), "FastSV");
      for (const char* source : {"gen:path:0", "gen:path:1", "gen:path:100", "gen:star:3000", "gen:karate",
                                 "gen:uniform:500:400:seed=3", "gen:rmat:11:1", "gen:rmat:9:12"}) {
        const Graph graph = read_graph(source);
        const Result want = oracle.run(bench::least_labels(), graph), got = session.run(executable, graph);
        EXPECT_TRUE(
            std::ranges::equal(got.column<std::int32_t>("component"), want.column<std::int32_t>("component")))
            << source << ", level " << level << ", threads " << threads;
      }
      EXPECT_LT(session.run(executable, read_graph("gen:path:100")).iterations, 20)
          << "least labels alone take a hundred";
    }
}

}  // namespace
}  // namespace monograph::test
