// The machine's own C++ compiler as a component: source text in, shared object out. Used to run device text
// on the CPU and for compiled CPU plans. A machine without a compiler is an ordinary state and comes back as
// a value.
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "host/base/hash.h"
#include "host/codegen/process.h"

namespace monograph::codegen {

struct CompileRequest {
  std::string name = "generated";  ///< stem of the files: what profilers and debuggers show ([a-zA-Z0-9_])
  std::string source = {};         ///< one C++20 translation unit
  std::vector<std::string> flags =
      {};  ///< beyond those that decide what the code means, e.g. -O3 -march=native
  std::chrono::milliseconds timeout = std::chrono::minutes(2);
};

struct CompileResult {
  std::string
      reason;  ///< empty when the object is there; else one line: what failed, and the compiler's first error
  std::string log;     ///< what the compiler printed (warnings too), at most 64 KiB
  std::string source;  ///< the text that did not compile, kept for the report; empty on success
  bool ok() const noexcept { return reason.empty(); }
};

class HostCompiler {
 public:
  struct Lookup;
  /// Looks once: the program that CXX names (it may carry arguments), then c++, g++, clang++ on PATH. A
  /// compiler is not started for that (5 ms or more); what may start another one (a script, ccache) is, for
  /// its version; `stop` ends the waiting for it.
  static Lookup find(const Stop& stop = {});
  /// The same for one given command, e.g. "g++" or "/usr/bin/clang++ -m64".
  static Lookup find(const std::string& command, const Stop& stop = {});

  const std::filesystem::path& program() const noexcept { return program_; }  ///< absolute

  /// Names the object that `compile` makes of this request: the same key, the same machine code. Covers text,
  /// flags and compiler, by its file or its version; a cache may keep objects under it.
  base::Hash128 key(const CompileRequest& request) const;
  /// Writes a shared object to `object` (its folder exists). The file appears whole or not at all, so several
  /// processes may compile to one place. The compiler runs in a folder of its own with a clean environment;
  /// once `stop` says so it ends, with its children and that folder.
  CompileResult compile(const CompileRequest& request, const std::filesystem::path& object,
                        const Stop& stop = {}) const;

 private:
  HostCompiler() = default;
  std::vector<std::string> command_line(const CompileRequest& request) const;
  std::vector<std::string> environment(const std::filesystem::path& folder) const;

  std::filesystem::path program_;
  std::vector<std::string> arguments_;  ///< that came with CXX
  std::string identity_;                ///< its file, or where that says nothing the first line of --version
};

struct HostCompiler::Lookup {
  std::optional<HostCompiler> compiler;
  std::string reason;     ///< why there is none, in a line
  std::string note = {};  ///< why it is not the one that CXX names; empty when it is, or CXX is not set
};

}  // namespace monograph::codegen
