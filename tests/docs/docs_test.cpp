// What README.md and docs/ show is what there is: commands run, programs are the examples' own text, links
// lead somewhere. Blocks by kind: `sh` is run as it stands, and `text` right after it shows lines of its
// output; `monograph` is a program in its normal form; others are for reading.
#include <gtest/gtest.h>
#include <monograph/algorithms.h>
#include <monograph/program.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <regex>
#include <sstream>
#include <string>
#include <vector>

namespace {

namespace fs = std::filesystem;
const fs::path kSource = MONOGRAPH_SOURCE_DIR;

std::string read_file(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

struct Block {
  std::string kind, text;
  int line = 0;                   ///< of its first line
  bool follows_directly = false;  ///< nothing but blank lines since the block before
};

std::vector<Block> blocks_of(const fs::path& document) {
  std::istringstream in(read_file(document));
  std::vector<Block> blocks;
  bool inside = false, gap = false;
  std::string line;
  for (int number = 1; std::getline(in, line); ++number) {
    if (line.starts_with("```")) {
      if (!inside) blocks.push_back({line.substr(3), "", number + 1, !gap});
      inside = !inside;
      gap = false;
    } else if (inside) {
      blocks.back().text += line + "\n";
    } else if (!line.empty()) {
      gap = true;
    }
  }
  return blocks;
}

std::vector<fs::path> documents() {
  std::vector<fs::path> found{kSource / "README.md"};
  for (const auto& entry : fs::directory_iterator(kSource / "docs"))
    if (entry.path().extension() == ".md") found.push_back(entry.path());
  std::sort(found.begin() + 1, found.end());
  return found;
}

/// A folder in which commands find the program where a build in the repository would put it, and in which
/// those that install or build do nothing.
class Sandbox {
 public:
  Sandbox() : root_(fs::temp_directory_path() / ("monograph_docs_" + std::to_string(getpid()))) {
    fs::remove_all(root_);
    fs::create_directories(root_ / "work/build/default/bin");
    fs::create_directories(root_ / "shims");
    fs::create_symlink(MONOGRAPH_PROGRAM, root_ / "work/build/default/bin/monograph");
    for (const char* folder : {"examples", "docs"})
      fs::create_symlink(kSource / folder, root_ / "work" / folder);
    for (const char* name : {"apt-get", "cmake", "ctest", "git"}) {
      std::ofstream(root_ / "shims" / name) << "#!/bin/sh\n";
      fs::permissions(root_ / "shims" / name, fs::perms::owner_all);
    }
  }
  ~Sandbox() { fs::remove_all(root_); }

  /// Runs a script; its output (both streams) and status.
  std::pair<std::string, int> run(const std::string& script) const {
    std::ofstream(root_ / "script") << "set -euo pipefail\ncd '" << (root_ / "work").string() << "'\nPATH='"
                                    << (root_ / "shims").string() << "':\"$PWD/build/default/bin:$PATH\"\n"
                                    << script;
    const std::string command = "bash '" + (root_ / "script").string() + "' 2>&1 < /dev/null";
    FILE* pipe = popen(command.c_str(), "r");
    if (!pipe) return {"popen failed", -1};
    std::string output;
    std::array<char, 4096> chunk;
    while (const std::size_t n = std::fread(chunk.data(), 1, chunk.size(), pipe))
      output.append(chunk.data(), n);
    const int status = pclose(pipe);
    return {output, WIFEXITED(status) ? WEXITSTATUS(status) : -1};
  }

 private:
  fs::path root_;
};

/// The first line of `shown` that is not a line of `output`, or "".
std::string missing_line(const std::string& shown, const std::string& output) {
  std::istringstream lines(shown);
  std::string line;
  while (std::getline(lines, line))
    if (!line.empty() && ("\n" + output).find("\n" + line + "\n") == std::string::npos) return line;
  return "";
}

TEST(Docs, CommandsRunAndShowWhatIsShown) {
  if (!fs::exists(MONOGRAPH_PROGRAM)) GTEST_SKIP() << "the program is not built: " << MONOGRAPH_PROGRAM;
  int run = 0;
  for (const fs::path& document : documents()) {
    const Sandbox sandbox;
    std::string output;
    for (const Block& block : blocks_of(document)) {
      SCOPED_TRACE(document.string() + ":" + std::to_string(block.line));
      if (block.kind == "sh") {
        int status = 0;
        std::tie(output, status) = sandbox.run(block.text);
        EXPECT_EQ(status, 0) << block.text << "printed:\n" << output;
        ++run;
      } else if (block.kind == "text" && block.follows_directly) {
        EXPECT_EQ(missing_line(block.text, output), "") << "is not a line of:\n" << output;
      }
    }
  }
  EXPECT_GE(run, 3) << "README has the two commands and one on a file";
}

TEST(Docs, ReadmeShowsThePageRankOfTheExample) {
  const std::string example = read_file(kSource / "examples/pagerank.cpp");
  const std::size_t begin = example.find("// [README]\n"), end = example.find("// [/README]");
  ASSERT_TRUE(begin < end && end != std::string::npos);
  const std::string region = example.substr(begin + 12, end - begin - 12);
  bool shown = false;
  for (const Block& block : blocks_of(kSource / "README.md"))
    shown |= block.kind == "cpp" && block.text == region;
  EXPECT_TRUE(shown) << "README.md: expected a cpp block with the text\n" << region;
}

TEST(Docs, TheAlgorithmsPageIsWhatTheProgramPrints) {
  EXPECT_EQ(read_file(kSource / "docs/algorithms.md"), monograph::algorithms_markdown())
      << "monograph list algorithms --markdown > docs/algorithms.md";
}

// what is said of outputs names every one of them with its type
TEST(Docs, EveryAlgorithmIsDocumented) {
  for (const monograph::AlgorithmInfo& a : monograph::algorithms()) {
    const monograph::Program program = a.make();
    EXPECT_FALSE(a.doc.empty() || a.about.empty() || a.source.empty()) << a.name;
    for (const monograph::ParameterInfo& p : program.parameters())
      EXPECT_NE(p.doc, "") << a.name << ' ' << p.name;
    for (const monograph::OutputInfo& o : program.outputs()) {
      EXPECT_NE(a.outputs.find(o.name), a.outputs.npos) << a.name << ": " << o.name;
      EXPECT_NE(a.outputs.find(to_string(o.type)), a.outputs.npos) << a.name << ": " << o.name;
    }
  }
}

TEST(Docs, ProgramsReadAndAreInNormalForm) {
  int programs = 0;
  for (const fs::path& document : documents())
    for (const Block& block : blocks_of(document)) {
      if (block.kind != "monograph") continue;
      SCOPED_TRACE(document.string() + ":" + std::to_string(block.line));
      EXPECT_EQ(monograph::Program::from_text(block.text).to_text(), block.text);
      ++programs;
    }
  EXPECT_GE(programs, 1);
}

TEST(Docs, LinksLeadToFiles) {
  static const std::regex link("\\]\\(([^)#: ]+)(#[^)]*)?\\)");
  int links = 0;
  for (const fs::path& document : documents()) {
    const std::string text = read_file(document);
    for (std::sregex_iterator it(text.begin(), text.end(), link), end; it != end; ++it, ++links)
      EXPECT_TRUE(fs::exists(document.parent_path() / (*it)[1].str()))
          << document << " links to " << (*it)[1];
  }
  EXPECT_GE(links, 3);
}

}  // namespace
