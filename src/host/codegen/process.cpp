#include "host/codegen/process.h"

#include <fcntl.h>
#include <monograph/error.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <thread>

namespace monograph::codegen {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

/// What posix_spawn is told: no input, output to a file, its own process group so that children die with it.
class SpawnPlan {
 public:
  explicit SpawnPlan(const fs::path& output) {
    posix_spawn_file_actions_init(&actions_);
    posix_spawnattr_init(&attributes_);
    posix_spawn_file_actions_addopen(&actions_, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions_, 1, output.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    posix_spawn_file_actions_adddup2(&actions_, 1, 2);
    sigset_t none, defaults;
    sigemptyset(&none);
    sigemptyset(&defaults);
    sigaddset(&defaults, SIGPIPE);
    posix_spawnattr_setsigmask(&attributes_, &none);
    posix_spawnattr_setsigdefault(&attributes_, &defaults);
    posix_spawnattr_setpgroup(&attributes_, 0);
    posix_spawnattr_setflags(&attributes_,
                             POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  }
  ~SpawnPlan() {
    posix_spawn_file_actions_destroy(&actions_);
    posix_spawnattr_destroy(&attributes_);
  }
  SpawnPlan(const SpawnPlan&) = delete;
  SpawnPlan& operator=(const SpawnPlan&) = delete;
  const posix_spawn_file_actions_t* actions() const { return &actions_; }
  const posix_spawnattr_t* attributes() const { return &attributes_; }

 private:
  posix_spawn_file_actions_t actions_;
  posix_spawnattr_t attributes_;
};

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> out;
  for (std::string& t : texts) out.push_back(t.data());
  out.push_back(nullptr);
  return out;
}

enum class Wait { Ended, Late, Stopped, Lost };

/// Waits until the deadline with ever longer naps: a compiler takes 100 ms and more, the naps stay below 5
/// ms. Lost: somebody else in this process collected the child, or SIGCHLD is ignored.
Wait wait_until(pid_t child, Clock::time_point deadline, const Stop& stop, int& status) {
  auto nap = std::chrono::microseconds(200);
  for (;;) {
    const pid_t ended = waitpid(child, &status, WNOHANG);
    if (ended == child) return Wait::Ended;
    if (ended < 0 && errno != EINTR) return Wait::Lost;
    if (Clock::now() >= deadline) return Wait::Late;
    if (stop && stop()) return Wait::Stopped;
    std::this_thread::sleep_for(nap);
    nap = std::min(nap * 2, std::chrono::microseconds(5000));
  }
}

std::string describe(const ProcessResult& r, const fs::path& program, std::chrono::milliseconds timeout) {
  const std::string name = program.filename().string();
  if (r.stopped) return name + " was stopped before it was done";
  if (r.timed_out)
    return name + " took longer than " + std::to_string(timeout.count()) + " ms and was stopped";
  if (r.signal) return name + " was ended by signal " + std::to_string(r.signal);
  return r.exit_code == 0 ? "" : name + " ended with exit code " + std::to_string(r.exit_code);
}

}  // namespace

PrivateFolder::PrivateFolder() {
  const char* asked = std::getenv("TMPDIR");
  const fs::path base = asked && *asked ? fs::path(asked) : fs::path("/tmp");
  std::string name = (base / "monograph-XXXXXX").string();
  if (!mkdtemp(name.data()))
    throw RuntimeError("cannot make a temporary folder in " + base.string() + ": " + std::strerror(errno) +
                       "; TMPDIR names another place");
  path_ = name;
}

PrivateFolder::~PrivateFolder() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

ProcessResult run_process(const ProcessRequest& request) {
  ProcessResult result;
  std::vector<std::string> arguments = request.arguments, environment = request.environment;
  arguments.insert(arguments.begin(), request.program.string());
  const std::vector<char*> argv = pointers(arguments), envp = pointers(environment);
  const SpawnPlan plan(request.output);
  pid_t child = 0;
  if (const int error = posix_spawn(&child, request.program.c_str(), plan.actions(), plan.attributes(),
                                    argv.data(), envp.data())) {
    result.reason = "cannot start " + request.program.string() + ": " + std::strerror(error);
    return result;
  }
  result.started = true;
  int status = 0;
  const Wait wait = wait_until(child, Clock::now() + request.timeout, request.stop, status);
  if (wait == Wait::Lost) {
    result.reason =
        "the exit code of " + request.program.string() + " was taken by somebody else in this process";
    return result;
  }
  if (wait != Wait::Ended) {
    (wait == Wait::Late ? result.timed_out : result.stopped) = true;
    kill(-child, SIGKILL);
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
  }
  if (WIFEXITED(status)) result.exit_code = WEXITSTATUS(status);
  if (WIFSIGNALED(status)) result.signal = WTERMSIG(status);
  result.reason = describe(result, request.program, request.timeout);
  return result;
}

std::string read_head(const fs::path& file, std::size_t limit) {
  std::ifstream in(file, std::ios::binary);
  std::string text(limit, '\0');
  in.read(text.data(), static_cast<std::streamsize>(limit));
  text.resize(static_cast<std::size_t>(std::max<std::streamsize>(in.gcount(), 0)));
  return text;
}

}  // namespace monograph::codegen
