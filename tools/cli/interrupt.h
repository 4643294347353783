// Ctrl-C and SIGTERM as a request to stop.
#pragma once

#include <monograph/session.h>

namespace monograph::cli {

/// While one exists, SIGINT and SIGTERM cancel its token instead of ending the process; a second signal ends
/// it at once. One inside of another is the same one.
class CancelScope {
 public:
  CancelScope();
  ~CancelScope();
  CancelScope(const CancelScope&) = delete;
  CancelScope& operator=(const CancelScope&) = delete;

  const CancelToken& token() const;
  /// Cancelled("interrupted <when>") once a signal has come.
  void throw_if_cancelled(const char* when) const;
};

/// The exit code of a process that the last signal stopped: 130 for SIGINT (and when none came), 143 for
/// SIGTERM.
int interrupted_exit_code();

}  // namespace monograph::cli
