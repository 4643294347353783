// Programs that a session runs in the place of others.
#include <gtest/gtest.h>
#include <monograph/error.h>
#include <monograph/io.h>
#include <monograph/session.h>
#include <unistd.h>

#include <filesystem>

namespace monograph {
namespace {

constexpr const char* kNode = "node";

/// Degrees plus `extra`: replacements tell themselves apart by what no honest one would change.
Program degrees(double extra, const char* name = kNode) {
  ProgramBuilder p("degrees");
  const GraphRef g = p.graph();
  p.output(name, g.in_sum(g.full(1.0)) + extra);
  return p.build();
}

SessionOptions tiles() { return {.backend = "cpu", .cpu_tier = CpuTier::Tiles, .cache = CacheUse::Memory}; }

double first(Session& session, const Executable& executable) {
  return session.run(executable, read_graph("gen:path:3")).column<double>(kNode)[1];
}

TEST(Replace, TheReplacementRunsAndGivesTheResults) {
  Session session(tiles());
  session.replace("plus ten", degrees(0), degrees(10));
  const Executable replaced = session.compile(degrees(0)), other = session.compile(degrees(1));
  EXPECT_EQ(replaced.replaced_by(), "plus ten");
  EXPECT_EQ(other.replaced_by(), "");
  EXPECT_EQ(first(session, replaced), first(session, other) + 9);
  EXPECT_EQ(replaced.program().hash(), degrees(0).hash()) << "what was asked for stays the program";
  EXPECT_EQ(replaced.plan()->source_hash(), degrees(10).hash());
}

TEST(Replace, CountsFromThenOnAlsoForWhatWasCompiled) {
  Session session(tiles());
  const Executable before = session.compile(degrees(0));
  const double own = first(session, before);
  session.replace("plus ten", degrees(0), degrees(10));
  const Executable after = session.compile(degrees(0));
  EXPECT_EQ(before.replaced_by(), "");
  EXPECT_EQ(first(session, before), own) << "an executable stays what it is";
  EXPECT_EQ(after.replaced_by(), "plus ten");
  EXPECT_EQ(first(session, after), own + 10);
  EXPECT_EQ(session.compile(degrees(0)).replaced_by(), "plus ten") << "remembered as such";
}

TEST(Replace, ThePlanIsKeptAsTheReplacements) {
  const auto folder =
      std::filesystem::temp_directory_path() / ("monograph_replace_" + std::to_string(getpid()));
  SessionOptions options = tiles();
  options.cache = CacheUse::On;
  options.cache_folder = folder.string();
  const auto hits = [&](bool replace, const Program& program) {
    Session session(options);
    if (replace) session.replace("plus ten", degrees(0), degrees(10));
    return session.run(program, read_graph("gen:path:3")).plan_cache_hits;
  };
  EXPECT_EQ(hits(false, degrees(10)), 0);
  EXPECT_EQ(hits(true, degrees(0)), 1) << "the plan of the replacement was there";
  EXPECT_EQ(hits(false, degrees(0)), 0) << "and none of the program itself is";
  std::filesystem::remove_all(folder);
}

TEST(Replace, PlansThatAreLoadedStayAsTheyAre) {
  Session maker(tiles()), session(tiles());
  session.replace("plus ten", degrees(0), degrees(10));
  const Executable loaded = session.load(*maker.compile(degrees(0)).plan());
  EXPECT_EQ(loaded.replaced_by(), "");
  EXPECT_EQ(first(session, loaded) + 10, first(session, session.compile(degrees(0))));
}

TEST(Replace, TheReferenceBackendChecksItAndRunsWhatIsWritten) {
  Session session({.backend = "reference"}), plain({.backend = "reference"});
  session.replace("plus ten", degrees(0), degrees(10));
  const Executable executable = session.compile(degrees(0));
  EXPECT_EQ(executable.replaced_by(), "");
  EXPECT_EQ(first(session, executable), first(plain, plain.compile(degrees(0))));
  EXPECT_THROW(session.replace("other", degrees(1), degrees(1, "another")), CompileError);
}

TEST(Replace, RefusesAnotherInterfaceAndASecondOne) {
  Session session(tiles());
  EXPECT_THROW(session.replace("renamed", degrees(0), degrees(0, "another")), CompileError);
  EXPECT_EQ(session.compile(degrees(0)).replaced_by(), "") << "nothing of a refused one stays";
  session.replace("plus ten", degrees(0), degrees(10));
  EXPECT_THROW(session.replace("plus one", degrees(0), degrees(1)), UsageError);
  EXPECT_EQ(session.compile(degrees(0)).replaced_by(), "plus ten");
}

}  // namespace
}  // namespace monograph
