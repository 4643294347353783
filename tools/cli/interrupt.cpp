#include "cli/interrupt.h"

#include <csignal>
#include <optional>
#include <string>

namespace monograph::cli {
namespace {

// A signal handler can reach nothing but what is static: these two belong to the process as its signals do.
std::optional<CancelToken>& current_token() {
  static std::optional<CancelToken> token;
  return token;
}
volatile std::sig_atomic_t last_signal = SIGINT;
int depth = 0;  // of scopes inside of each other

void on_signal(int signal) {
  last_signal = signal;
  if (current_token()) current_token()->cancel();
}

void install(void (*handler)(int)) {
  struct sigaction action = {};
  action.sa_handler = handler;
  action.sa_flags = static_cast<int>(SA_RESETHAND);
  for (int signal : {SIGINT, SIGTERM}) sigaction(signal, &action, nullptr);
}

}  // namespace

CancelScope::CancelScope() {
  if (depth++ > 0) return;
  current_token().emplace();
  install(on_signal);
}

CancelScope::~CancelScope() {
  if (--depth > 0) return;
  install(SIG_DFL);
  current_token().reset();
}

const CancelToken& CancelScope::token() const { return *current_token(); }

void CancelScope::throw_if_cancelled(const char* when) const {
  if (token().cancelled()) throw Cancelled(std::string("interrupted ") + when);
}

int interrupted_exit_code() { return 128 + last_signal; }

}  // namespace monograph::cli
