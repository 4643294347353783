// Habits that a reader of the project may rely on, checked on its own text.
#include <regex>
#include <set>

#include "unit/source_tree.h"

namespace monograph::test {
namespace {

bool is_source(const std::string& path) {
  static const std::regex name("\\.(cpp|h|def|cu|cuh|cmake|in|md|sh|py)$|CMakeLists\\.txt$|^\\.ci/");
  return std::regex_search(path, name);
}

constexpr int kLineLimit = 500;

TEST(HouseRules, FilesStayUnder500Lines) {
  Offenders long_files;
  for (const SourceFile& file : source_files()) {
    const auto lines = std::count(file.text.begin(), file.text.end(), '\n');
    if (is_source(file.path) && lines >= kLineLimit)
      long_files.push_back(file.path + ": " + std::to_string(lines) + " lines");
  }
  EXPECT_TRUE(none(long_files));
}

/// Names by which a library writes to its user's streams or ends its user's process, used in `file`.
Offenders prints_or_exits(const SourceFile& file) {
  static const std::set<std::string> forbidden = {
      "cout",   "cerr",   "clog",    "printf", "fprintf", "vprintf",   "puts", "vfprintf",
      "stdout", "stderr", "putchar", "perror", "abort",   "terminate", "exit", "quick_exit"};
  const std::string code = code_only(file.text);
  static const std::regex identifier("[A-Za-z_][A-Za-z_0-9]*");
  Offenders found;
  for (std::sregex_iterator it(code.begin(), code.end(), identifier), end; it != end; ++it)
    if (forbidden.contains(it->str())) {
      const auto line = 1 + std::count(code.begin(), code.begin() + it->position(), '\n');
      found.push_back(file.path + ":" + std::to_string(line) + ": " + it->str());
    }
  return found;
}

TEST(HouseRules, TheLibraryNeitherPrintsNorExits) {
  Offenders all;
  for (const char* folder : {"src/host", "include"})
    for (const SourceFile& file : source_files(folder))
      for (std::string& offender : prints_or_exits(file)) all.push_back(std::move(offender));
  EXPECT_TRUE(none(all));
}

TEST(HouseRules, PrintingIsCaughtInCodeOnly) {
  EXPECT_EQ(prints_or_exits({"a", "void f() {\n  std::printf(\"x\");\n}"}), Offenders{"a:2: printf"});
  EXPECT_TRUE(
      prints_or_exits({"a", "// printf\nauto s = \"std::cout\"; /* exit */ int n = 1'000; snprintf(s);"})
          .empty());
  EXPECT_TRUE(prints_or_exits({"a", "auto s = R\"x(printf(\")\")x\"; char c = '\"'; // exit"}).empty());
}

/// Lines of `file` that name a directory of one particular machine.
Offenders machine_paths(const SourceFile& file) {
  // in pieces, so that this file does not name them
  static const std::regex path(std::string("(^|[^A-Za-z0-9_.)}/-])/(wo") + "rk|ro" + "ot|ho" + "me/[a-z]+)/");
  std::istringstream text(file.text);
  Offenders found;
  std::string line;
  for (int number = 1; std::getline(text, line); ++number)
    if (line.size() < 2000 && std::regex_search(line, path))
      found.push_back(file.path + ":" + std::to_string(number) + ": " + line);
  return found;
}

TEST(HouseRules, NoFileNamesOneMachine) {
  Offenders all;
  for (const SourceFile& file : source_files())
    for (std::string& offender : machine_paths(file)) all.push_back(std::move(offender));
  EXPECT_TRUE(none(all));
  EXPECT_EQ(machine_paths({"a", std::string("x\ncd /ro") + "ot/x\n"}).size(), 1u);
  EXPECT_TRUE(machine_paths({"a", "src/work/x build/root/y ${prefix}/work/ http://x.org/root/"}).empty());
}

}  // namespace
}  // namespace monograph::test
