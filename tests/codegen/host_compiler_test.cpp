// The machine's compiler as a component: objects, errors as values, time limit, clean environment, keys.
#include "host/codegen/host_compiler.h"

#include <sys/stat.h>

#include <cstdlib>
#include <fstream>

#include "host/codegen/process.h"
#include "host/codegen/shared_object.h"
#include "support.h"

namespace monograph {
namespace {

using codegen::CompileRequest;
using codegen::HostCompiler;
using codegen::PrivateFolder;

TEST(HostCompiler, MakesAnObjectWhoseFunctionsRun) {
  MONOGRAPH_NEEDS_COMPILER();
  const PrivateFolder folder;
  const auto object = folder.path() / "kept.so";
  const CompileRequest request{.name = "twice",
                               .source =
                                   "extern \"C\" __attribute__((visibility(\"default\"))) int "
                                   "twice(int x) { return 2 * x; }"};
  const auto result = test::compiler().compiler->compile(request, object);
  ASSERT_TRUE(result.ok()) << result.reason << result.log;
  std::string reason;
  const auto library = codegen::SharedObject::open(object.string(), reason);
  ASSERT_TRUE(library) << reason;
  EXPECT_EQ(library.function<int(int)>("twice")(21), 42);
  EXPECT_EQ(library.symbol("thrice"), nullptr);
}

TEST(HostCompiler, SaysTheFirstErrorAndKeepsTheText) {
  MONOGRAPH_NEEDS_COMPILER();
  const PrivateFolder folder;
  const auto object = folder.path() / "none.so";
  const auto result = test::compiler().compiler->compile(
      {.name = "wrong", .source = "int f() {\n  return nothing;\n}\n"}, object);
  EXPECT_FALSE(result.ok());
  EXPECT_NE(result.reason.find("wrong.cpp:2:"), std::string::npos) << result.reason;
  EXPECT_NE(result.reason.find("nothing"), std::string::npos) << result.reason;
  EXPECT_EQ(result.reason.find('\n'), std::string::npos);
  EXPECT_NE(result.source.find("return nothing"), std::string::npos);
  EXPECT_FALSE(std::filesystem::exists(object));
}

TEST(HostCompiler, AnAbsentCompilerIsAValue) {
  for (const char* command : {"no-such-compiler", "/no/such/compiler", "/dev/null", " "}) {
    const auto found = HostCompiler::find(command);
    EXPECT_FALSE(found.compiler) << command;
    EXPECT_FALSE(found.reason.empty()) << command;
  }
  const auto refuses = HostCompiler::find("false");
  EXPECT_FALSE(refuses.compiler);
  EXPECT_NE(refuses.reason.find("exit code 1"), std::string::npos) << refuses.reason;
}

TEST(HostCompiler, IsKnownByItsFileUnlessItMayStartAnother) {
  namespace fs = std::filesystem;
  const PrivateFolder folder;
  const fs::path file = folder.path() / "c++", link = folder.path() / "g++";
  fs::copy_file(fs::canonical("/bin/false"), file);  // would refuse to say its version
  fs::create_symlink("/bin/false", link);
  const auto key = [&] {
    const auto found = HostCompiler::find(file.string());
    EXPECT_TRUE(found.compiler) << found.reason;
    return found.compiler->key({.source = "int x;"});
  };
  const auto before = key();
  EXPECT_EQ(key(), before);
  fs::last_write_time(file, fs::last_write_time(file) + std::chrono::seconds(1));
  EXPECT_NE(key(), before) << "updated";
  EXPECT_FALSE(HostCompiler::find(link.string()).compiler) << "what is no compiler by its own name is asked";
}

/// A program in a file of its own, standing for a compiler that misbehaves.
HostCompiler fake(const PrivateFolder& folder, const std::string& script) {
  const auto file = folder.path() / "fake-c++";
  std::ofstream(file) << "#!/bin/sh\n[ \"$1\" = --version ] && { echo fake 1.0; exit 0; }\n"
                      << script << "\n";
  chmod(file.c_str(), 0700);
  const auto found = HostCompiler::find(file.string());
  EXPECT_TRUE(found.compiler) << found.reason;
  return *found.compiler;
}

TEST(HostCompiler, StopsACompilerThatHangsWithItsChildren) {
  const PrivateFolder folder;
  const auto hangs = fake(folder, "sleep 100 & echo $! > '" + (folder.path() / "child").string() + "'; wait");
  const auto start = std::chrono::steady_clock::now();
  const auto result =
      hangs.compile({.source = "", .timeout = std::chrono::milliseconds(300)}, folder.path() / "x.so");
  EXPECT_NE(result.reason.find("longer than 300 ms"), std::string::npos) << result.reason;
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(10));
  int child = 0;
  std::ifstream(folder.path() / "child") >> child;
  ASSERT_GT(child, 0);
  const auto state = [&] {  // gone, or a zombie that init has yet to collect
    std::ifstream stat("/proc/" + std::to_string(child) + "/stat");
    std::string pid, name, letter = "gone";
    stat >> pid >> name >> letter;
    return letter;
  };
  for (int i = 0; i < 100 && state() != "gone" && state() != "Z"; ++i) usleep(10'000);
  EXPECT_TRUE(state() == "gone" || state() == "Z") << state();
}

/// What a process does that had no time to tidy up shows in the folder of temporary files.
TEST(HostCompiler, EndsWhenItIsAskedTo) {
  const PrivateFolder folder, temporary;
  const auto marker = folder.path() / "started";
  const auto hangs = fake(folder, "touch '" + marker.string() + "'; sleep 100");
  const char* const before = getenv("TMPDIR");
  const std::string kept = before ? before : "";
  setenv("TMPDIR", temporary.path().c_str(), 1);
  const auto start = std::chrono::steady_clock::now();
  const auto result =
      hangs.compile({.source = ""}, folder.path() / "x.so", [&] { return std::filesystem::exists(marker); });
  EXPECT_EQ(result.reason, "fake-c++ was stopped before it was done");
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(20));
  EXPECT_TRUE(std::filesystem::is_empty(temporary.path()));
  before ? setenv("TMPDIR", kept.c_str(), 1) : unsetenv("TMPDIR");
}

TEST(HostCompiler, SaysWhyItIsNotTheOneThatCxxNames) {
  MONOGRAPH_NEEDS_COMPILER();
  const char* const before = getenv("CXX");
  const std::string kept = before ? before : "";
  setenv("CXX", "no-such-compiler -m64", 1);
  const auto found = HostCompiler::find();
  setenv("CXX", test::compiler().compiler->program().c_str(), 1);
  EXPECT_EQ(HostCompiler::find().note, "");
  before ? setenv("CXX", kept.c_str(), 1) : unsetenv("CXX");
  ASSERT_TRUE(found.compiler) << found.reason;
  EXPECT_EQ(found.note, "CXX is \"no-such-compiler -m64\", but no-such-compiler is not on PATH, so " +
                            found.compiler->program().string() + " is used");
}

TEST(HostCompiler, GivesACleanEnvironmentAndAPrivateFolder) {
  const PrivateFolder folder;
  setenv("CPATH", "/planted", 1);
  const auto report = folder.path() / "report";
  const auto asks = fake(folder, "{ env; stat -c %a \"$TMPDIR\"; } > '" + report.string() + "'");
  const auto result = asks.compile({.source = ""}, folder.path() / "x.so");
  unsetenv("CPATH");
  EXPECT_NE(result.reason.find("wrote no object"), std::string::npos) << result.reason;
  const std::string seen = codegen::read_head(report, 10'000);
  EXPECT_EQ(seen.find("planted"), std::string::npos) << seen;
  EXPECT_NE(seen.find("LC_ALL=C"), std::string::npos) << seen;
  EXPECT_NE(seen.find("\n700\n"), std::string::npos) << seen;
}

TEST(HostCompiler, ReportsAnObjectThatCannotBePlaced) {
  MONOGRAPH_NEEDS_COMPILER();
  const auto result = test::compiler().compiler->compile({.source = "int x;"}, "/no/such/folder/x.so");
  EXPECT_NE(result.reason.find("cannot write /no/such/folder/x.so"), std::string::npos) << result.reason;
}

TEST(HostCompiler, KeysTellRequestsApart) {
  MONOGRAPH_NEEDS_COMPILER();
  const HostCompiler& c = *test::compiler().compiler;
  const CompileRequest a{.source = "int x;"};
  EXPECT_EQ(c.key(a), c.key({.name = "other", .source = "int x;"}));
  EXPECT_NE(c.key(a), c.key({.source = "int y;"}));
  EXPECT_NE(c.key(a), c.key({.source = "int x;", .flags = {"-O3"}}));
  const PrivateFolder folder;
  EXPECT_NE(c.key(a), fake(folder, "").key(a));
}

}  // namespace
}  // namespace monograph
