// Runs the program `monograph` as a user would, and gives what it printed.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace monograph::test {

struct Outcome {
  int code = -1;  ///< exit code; -1 when a signal ended it, or it took longer than a minute
  std::string out, err;
  double seconds = 0;
};

using Arguments = std::vector<std::string>;

/// Runs MONOGRAPH_PROGRAM, with standard input closed and standard output and error apart.
Outcome monograph(const Arguments& arguments);
/// The same with standard error on a terminal; once `awaited` was printed there, sends `signal`.
Outcome monograph_on_terminal(const Arguments& arguments, const std::string& awaited, int signal);

/// The same as the first; once `ready()`, sends `signal`. `seconds` are those since then.
Outcome monograph_interrupted(const Arguments& arguments, const std::function<bool()>& ready, int signal);

/// A folder that goes away with its contents.
class Folder {
 public:
  Folder();
  ~Folder();
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  /// The path of `name` in it.
  std::string path(const std::string& name) const { return (root_ / name).string(); }
  /// Writes a file; gives its path.
  std::string file(const std::string& name, const std::string& text) const;
  /// Names of what is in it, sorted.
  std::vector<std::string> names() const;

 private:
  std::filesystem::path root_;
};

std::string read_file(const std::filesystem::path& path);
std::vector<std::string> lines_of(const std::string& text);
/// The public data for tests; empty when it is not there.
std::filesystem::path shared_data();

}  // namespace monograph::test
