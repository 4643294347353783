// Runs another program: absolute path, given environment, output to a file, a time limit. Nothing passes a
// shell.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace monograph::codegen {

/// A new folder of mode 0700 below TMPDIR (or /tmp), removed with everything in it when the object goes.
class PrivateFolder {
 public:
  /// RuntimeError when no folder can be made.
  PrivateFolder();
  ~PrivateFolder();
  PrivateFolder(const PrivateFolder&) = delete;
  PrivateFolder& operator=(const PrivateFolder&) = delete;
  const std::filesystem::path& path() const noexcept { return path_; }

 private:
  std::filesystem::path path_;
};

/// Asked now and then by whoever waits: true ends the waiting. Empty: nothing does.
using Stop = std::function<bool()>;

struct ProcessRequest {
  std::filesystem::path program;         ///< absolute
  std::vector<std::string> arguments;    ///< without the program itself
  std::vector<std::string> environment;  ///< "NAME=value"; nothing else is inherited
  std::filesystem::path output;          ///< file that takes stdout and stderr
  std::chrono::milliseconds timeout{0};  ///< then the program and all its children are killed
  Stop stop = {};                        ///< true: they are killed now
};

struct ProcessResult {
  bool started = false;
  bool timed_out = false, stopped = false;
  int exit_code = -1;  ///< of a program that ended by itself
  int signal = 0;      ///< that ended it, or 0
  std::string reason;  ///< one line saying what went wrong, empty for exit code 0
  bool ok() const noexcept { return reason.empty(); }
};

/// Runs to the end, the time limit, or until it is stopped. Failure is a value, never an exception.
ProcessResult run_process(const ProcessRequest& request);

/// The first `limit` bytes of a file; empty when it cannot be read.
std::string read_head(const std::filesystem::path& file, std::size_t limit);

}  // namespace monograph::codegen
