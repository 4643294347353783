// The project's own files as data, for tests that read the source: its text, its code, its includes.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace monograph::test {

struct SourceFile {
  std::string path;  ///< relative to the repository, with '/'
  std::string text;
};

inline bool is_generated_or_hidden(const std::filesystem::path& directory) {
  const std::string name = directory.filename().string();
  return name == "build" || (name.starts_with(".") && name != ".ci");
}

/// Every file below `folder` ("" is the repository) that was not made by a build, sorted by path.
inline std::vector<SourceFile> source_files(const std::string& folder = "") {
  namespace fs = std::filesystem;
  const fs::path root = MONOGRAPH_SOURCE_DIR;
  std::vector<SourceFile> files;
  for (auto it = fs::recursive_directory_iterator(root / folder); it != fs::recursive_directory_iterator();
       ++it) {
    if (it->is_directory() && is_generated_or_hidden(it->path())) it.disable_recursion_pending();
    if (!it->is_regular_file()) continue;
    std::ifstream in(it->path(), std::ios::binary);
    files.push_back({fs::relative(it->path(), root).generic_string(),
                     std::string(std::istreambuf_iterator<char>(in), {})});
  }
  std::sort(files.begin(), files.end(), [](auto& a, auto& b) { return a.path < b.path; });
  return files;
}

/// Where the literal or comment that starts at `i` ends; `i` itself when none starts there.
inline std::size_t skip_text(std::string_view s, std::size_t i) {
  const auto until = [&](std::string_view stop, std::size_t from) {
    const std::size_t end = s.find(stop, from);
    return end == std::string_view::npos ? s.size() : end + stop.size();
  };
  const std::string_view rest = s.substr(i);
  if (rest.starts_with("//")) return std::min(until("\n", i), s.size()) - 1;
  if (rest.starts_with("/*")) return until("*/", i + 2);
  if (rest.starts_with("R\"")) {
    const std::size_t open = s.find('(', i);
    if (open == std::string_view::npos) return s.size();
    return until(")" + std::string(s.substr(i + 2, open - i - 2)) + "\"", open);
  }
  const bool digit_separator =
      rest.starts_with("'") && i > 0 && std::isxdigit(static_cast<unsigned char>(s[i - 1]));
  if ((rest.starts_with("\"") || rest.starts_with("'")) && !digit_separator) {
    std::size_t end = i + 1;
    while (end < s.size() && s[end] != s[i] && s[end] != '\n') end += s[end] == '\\' ? 2 : 1;
    return std::min(end + 1, s.size());
  }
  return i;
}

/// C++ text with comments and literals replaced by spaces; lines keep their numbers.
inline std::string code_only(std::string_view text) {
  std::string code(text);
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t end = skip_text(text, i);
    for (std::size_t k = i; k < end; ++k)
      if (code[k] != '\n') code[k] = ' ';
    i = std::max(end, i + 1);
  }
  return code;
}

struct Include {
  std::string target;
  bool quoted = false;
  int line = 0;
};

/// The includes of a C++ text, leaving out those inside of comments and literals.
inline std::vector<Include> includes_of(const std::string& text) {
  std::vector<Include> found;
  std::istringstream raw(text), code(code_only(text));
  std::string raw_line, code_line;
  for (int line = 1; std::getline(raw, raw_line) && std::getline(code, code_line); ++line) {
    const std::size_t at = code_line.find("#include");
    const std::size_t open = at == std::string::npos ? at : raw_line.find_first_of("<\"", at);
    if (open == std::string::npos) continue;
    const bool quoted = raw_line[open] == '"';
    const std::size_t close = raw_line.find(quoted ? '"' : '>', open + 1);
    found.push_back({raw_line.substr(open + 1, close - open - 1), quoted, line});
  }
  return found;
}

using Offenders = std::vector<std::string>;

inline ::testing::AssertionResult none(const Offenders& offenders) {
  if (offenders.empty()) return ::testing::AssertionSuccess();
  auto result = ::testing::AssertionFailure();
  for (const std::string& o : offenders) result << "\n  " << o;
  return result;
}

}  // namespace monograph::test
