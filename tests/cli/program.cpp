#include "cli/program.h"

#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <thread>

extern char** environ;

namespace monograph::test {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;
constexpr auto kPatience = std::chrono::minutes(1);

/// A child whose three streams are the given descriptors.
pid_t start(const Arguments& arguments, int in, int out, int err) {
  std::vector<char*> argv = {const_cast<char*>(MONOGRAPH_PROGRAM)};
  for (const std::string& a : arguments) argv.push_back(const_cast<char*>(a.c_str()));
  argv.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, in, STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, err, STDERR_FILENO);
  pid_t pid = -1;
  const int failed = posix_spawn(&pid, argv[0], &actions, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (failed) throw std::runtime_error(std::string("cannot start ") + argv[0]);
  return pid;
}

/// Waits for it, but ends it when it takes too long. `idle` is called now and then.
template <class Idle>
int wait_for(pid_t pid, Clock::time_point began, const Idle& idle) {
  int status = 0;
  while (waitpid(pid, &status, WNOHANG) == 0) {
    if (Clock::now() - began > kPatience) kill(pid, SIGKILL);
    idle();
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

int open_file(const std::string& path, int flags) { return open(path.c_str(), flags | O_CLOEXEC, 0600); }

/// What a terminal shows, up to now.
void drain(int terminal, std::string& shown) {
  pollfd ready{terminal, POLLIN, 0};
  char chunk[4096];
  while (poll(&ready, 1, 0) > 0 && (ready.revents & POLLIN)) {
    const ssize_t n = read(terminal, chunk, sizeof chunk);
    if (n <= 0) return;
    shown.append(chunk, static_cast<std::size_t>(n));
  }
}

}  // namespace

Outcome monograph(const Arguments& arguments) {
  const Folder folder;
  const int in = open_file("/dev/null", O_RDONLY);
  const int out = open_file(folder.path("out"), O_CREAT | O_WRONLY);
  const int err = open_file(folder.path("err"), O_CREAT | O_WRONLY);
  const Clock::time_point began = Clock::now();
  Outcome outcome;
  outcome.code = wait_for(start(arguments, in, out, err), began, [] {});
  outcome.seconds = std::chrono::duration<double>(Clock::now() - began).count();
  for (int descriptor : {in, out, err}) close(descriptor);
  outcome.out = read_file(folder.path("out"));
  outcome.err = read_file(folder.path("err"));
  return outcome;
}

Outcome monograph_interrupted(const Arguments& arguments, const std::function<bool()>& ready, int signal) {
  const Folder folder;
  const int in = open_file("/dev/null", O_RDONLY);
  const int out = open_file(folder.path("out"), O_CREAT | O_WRONLY);
  const int err = open_file(folder.path("err"), O_CREAT | O_WRONLY);
  const Clock::time_point began = Clock::now();
  Clock::time_point sent = began;
  const pid_t pid = start(arguments, in, out, err);
  Outcome outcome;
  outcome.code = wait_for(pid, began, [&] {
    if (sent != began || !ready()) return;
    kill(pid, signal);
    sent = Clock::now();
  });
  outcome.seconds = std::chrono::duration<double>(Clock::now() - sent).count();
  for (int descriptor : {in, out, err}) close(descriptor);
  outcome.out = read_file(folder.path("out"));
  outcome.err = read_file(folder.path("err"));
  return outcome;
}

Outcome monograph_on_terminal(const Arguments& arguments, const std::string& awaited, int signal) {
  const Folder folder;
  const int in = open_file("/dev/null", O_RDONLY);
  const int out = open_file(folder.path("out"), O_CREAT | O_WRONLY);
  int terminal = -1, err = -1;
  if (openpty(&terminal, &err, nullptr, nullptr, nullptr) != 0) throw std::runtime_error("no terminal");
  const Clock::time_point began = Clock::now();
  Outcome outcome;
  const pid_t pid = start(arguments, in, out, err);
  bool sent = false;
  outcome.code = wait_for(pid, began, [&] {
    drain(terminal, outcome.err);
    if (sent || outcome.err.find(awaited) == std::string::npos) return;
    kill(pid, signal);
    sent = true;
  });
  outcome.seconds = std::chrono::duration<double>(Clock::now() - began).count();
  drain(terminal, outcome.err);
  for (int descriptor : {in, out, err, terminal}) close(descriptor);
  outcome.out = read_file(folder.path("out"));
  return outcome;
}

Folder::Folder() {
  std::string name = (fs::temp_directory_path() / "monograph_cli_XXXXXX").string();
  if (!mkdtemp(name.data())) throw std::runtime_error("cannot make " + name);
  root_ = name;
}

Folder::~Folder() {
  std::error_code ignored;
  fs::remove_all(root_, ignored);
}

std::string Folder::file(const std::string& name, const std::string& text) const {
  std::ofstream(root_ / name, std::ios::binary) << text;
  return path(name);
}

std::vector<std::string> Folder::names() const {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(root_)) names.push_back(entry.path().filename().string());
  std::sort(names.begin(), names.end());
  return names;
}

std::string read_file(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

fs::path shared_data() {
  const fs::path path = MONOGRAPH_SHARED_DATA;
  return fs::exists(path / "graphalytics") ? path : fs::path();
}

}  // namespace monograph::test
