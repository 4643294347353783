// A progress bar on standard error.
#pragma once

#include <chrono>
#include <string>

#include "cli/terminal.h"

namespace monograph::cli {

/// Draws nothing unless standard error is a TTY and the work takes longer than a second. Erases itself.
class Progress {
 public:
  /// `what` is done ("reading"), counted in `unit` ("MB").
  Progress(const Terminal& terminal, std::string what, std::string unit);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// `total` is 0 when it is not known.
  void update(double done, double total);

 private:
  using Clock = std::chrono::steady_clock;
  const Terminal& terminal_;
  std::string what_, unit_;
  Clock::time_point start_, next_draw_;
  bool drawn_ = false;
};

/// "reading [=====>    ] 50%  12.0 MB/s  3 s left", or without a total "running 12 iterations  4.0/s".
std::string progress_text(const std::string& what, const std::string& unit, double done, double total,
                          double seconds);

}  // namespace monograph::cli
