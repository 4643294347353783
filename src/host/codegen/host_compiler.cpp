#include "host/codegen/host_compiler.h"

#include <monograph/error.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "host/codegen/process.h"

namespace monograph::codegen {
namespace {

namespace fs = std::filesystem;
constexpr std::size_t kLogLimit = 64 * 1024;
// What decides the meaning of arithmetic: the same as in cmake/MonographOptions.cmake.
constexpr const char* kMeaning[] = {"-std=c++20", "-ffp-contract=off", "-fno-math-errno"};
constexpr const char* kShape[] = {"-shared", "-fPIC", "-fvisibility=hidden", "-pipe"};

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

bool executable(const fs::path& file) {
  std::error_code error;
  return fs::is_regular_file(file, error) && access(file.c_str(), X_OK) == 0;
}

/// The absolute path of a program, as a shell would find it; empty when there is none.
fs::path locate(const std::string& program) {
  if (program.find('/') != std::string::npos) {
    std::error_code error;
    const fs::path file = fs::absolute(program, error);
    return executable(file) ? file : fs::path();
  }
  std::istringstream folders(variable("PATH"));
  for (std::string folder; std::getline(folders, folder, ':');)
    if (!folder.empty() && folder.front() == '/' && executable(fs::path(folder) / program))
      return fs::path(folder) / program;
  return {};
}

/// What tells a compiler's file from others, and from itself before an update; empty where the file is none:
/// a script or a launcher may start another compiler tomorrow.
std::string file_identity(const fs::path& program) {
  std::error_code error;
  const fs::path file = fs::canonical(program, error);
  const std::string name = file.filename().string();
  struct stat s = {};
  if (error || (name.find("++") == name.npos && name.find("clang") == name.npos) ||
      stat(file.c_str(), &s) != 0 || read_head(file, 4) != "\177ELF")
    return {};
  std::string identity = file.string();
  for (const auto part :
       {static_cast<std::int64_t>(s.st_ino), static_cast<std::int64_t>(s.st_size),
        static_cast<std::int64_t>(s.st_mtim.tv_sec), static_cast<std::int64_t>(s.st_mtim.tv_nsec)})
    identity += " " + std::to_string(part);
  return identity;
}

/// The compiler's own first complaint, without the private folder's name in it.
std::string first_error(const std::string& log, const fs::path& folder) {
  std::istringstream lines(log);
  for (std::string line; std::getline(lines, line);) {
    if (line.find("error") == std::string::npos) continue;
    const std::string prefix = folder.string() + "/";
    if (line.rfind(prefix, 0) == 0) line.erase(0, prefix.size());
    return line;
  }
  return {};
}

/// Moves a finished file into place; across file systems through a copy beside the target, under the name of
/// the private folder, which no other process has.
void publish(const fs::path& from, const fs::path& to) {
  std::error_code error;
  fs::rename(from, to, error);
  if (!error) return;
  const fs::path beside = to.string() + "." + from.parent_path().filename().string();
  fs::copy_file(from, beside, fs::copy_options::overwrite_existing, error);
  if (!error) fs::rename(beside, to, error);
  if (!error) return;
  std::error_code ignored;
  fs::remove(beside, ignored);
  throw RuntimeError("cannot write " + to.string() + ": " + error.message());
}

bool write_file(const fs::path& file, const std::string& text) {
  std::ofstream out(file, std::ios::binary);
  out << text << std::flush;
  return static_cast<bool>(out);
}

}  // namespace

HostCompiler::Lookup HostCompiler::find(const Stop& stop) {
  const std::string named = variable("CXX");
  std::string unusable;  // what is wrong with CXX
  if (named.find_first_not_of(' ') != named.npos) {
    Lookup found = find(named, stop);
    if (found.compiler) return found;
    unusable = "CXX is \"" + named + "\", but " + found.reason;
  }
  std::string tried = unusable;
  for (const char* command : {"c++", "g++", "clang++"}) {
    Lookup found = find(std::string(command), stop);
    if (found.compiler) {
      if (!unusable.empty())
        found.note = unusable + ", so " + found.compiler->program().string() + " is used";
      return found;
    }
    tried += (tried.empty() ? "" : "; ") + found.reason;
  }
  return {{}, "no C++ compiler: " + tried + (unusable.empty() ? " (CXX names one)" : "")};
}

HostCompiler::Lookup HostCompiler::find(const std::string& command, const Stop& stop) {
  std::istringstream words(command);
  std::string program;
  HostCompiler compiler;
  if (!(words >> program)) return {{}, "an empty command names no compiler"};
  for (std::string argument; words >> argument;) compiler.arguments_.push_back(argument);
  compiler.program_ = locate(program);
  if (compiler.program_.empty())
    return {{},
            program + (program.find('/') == program.npos ? " is not on PATH" : " is no program that runs")};
  compiler.identity_ = file_identity(compiler.program_);
  if (!compiler.identity_.empty()) return {compiler, {}};
  try {
    const PrivateFolder folder;
    ProcessRequest ask{.program = compiler.program_,
                       .arguments = compiler.arguments_,
                       .environment = compiler.environment(folder.path()),
                       .output = folder.path() / "version.txt",
                       .timeout = std::chrono::seconds(20),
                       .stop = stop};
    ask.arguments.push_back("--version");
    const ProcessResult answer = run_process(ask);
    if (!answer.ok()) return {{}, program + " does not run: " + answer.reason};
    const std::string text = read_head(ask.output, 4096);
    compiler.identity_ = text.substr(0, text.find('\n'));
  } catch (const RuntimeError& error) {
    return {{}, error.what()};
  }
  return {compiler, {}};
}

std::vector<std::string> HostCompiler::command_line(const CompileRequest& request) const {
  std::vector<std::string> line = arguments_;
  line.insert(line.end(), std::begin(kMeaning), std::end(kMeaning));
  line.insert(line.end(), std::begin(kShape), std::end(kShape));
  line.insert(line.end(), request.flags.begin(), request.flags.end());
  return line;
}

// Nothing of the caller's environment changes what is compiled (CPATH, LIBRARY_PATH, GCC_EXEC_PREFIX, ...).
std::vector<std::string> HostCompiler::environment(const fs::path& folder) const {
  return {"PATH=" + program_.parent_path().string() + ":/usr/local/bin:/usr/bin:/bin", "LC_ALL=C",
          "TMPDIR=" + folder.string()};
}

base::Hash128 HostCompiler::key(const CompileRequest& request) const {
  base::Hasher hash;
  hash.add(program_.string());
  hash.add(identity_);
  for (const std::string& word : command_line(request)) hash.add(word);
  hash.add(request.source);
  return hash.finish();
}

CompileResult HostCompiler::compile(const CompileRequest& request, const fs::path& object,
                                    const Stop& stop) const {
  CompileResult result;
  const auto failed = [&](const std::string& reason) {
    result.reason = reason;
    result.source = request.source;
    return result;
  };
  try {
    const PrivateFolder folder;
    const fs::path source = folder.path() / (request.name + ".cpp"),
                   built = folder.path() / (request.name + ".so");
    if (!write_file(source, request.source))
      return failed("cannot write " + source.string() + ": is the disk full?");
    ProcessRequest run{.program = program_,
                       .arguments = command_line(request),
                       .environment = environment(folder.path()),
                       .output = folder.path() / "log.txt",
                       .timeout = request.timeout,
                       .stop = stop};
    run.arguments.insert(run.arguments.end(), {source.string(), "-o", built.string()});
    const ProcessResult ended = run_process(run);
    result.log = read_head(run.output, kLogLimit);
    if (!ended.ok()) {
      const std::string error = first_error(result.log, folder.path());
      return failed(ended.reason + (error.empty() ? "" : ": " + error));
    }
    if (!fs::exists(built)) return failed(program_.string() + " reported success but wrote no object");
    publish(built, object);
  } catch (const std::exception& error) {
    return failed(error.what());
  }
  return result;
}

}  // namespace monograph::codegen
