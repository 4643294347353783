#include "host/runtime/run_state.h"

namespace monograph::runtime {

void RunState::begin_iteration(std::int64_t iteration) {
  if (options_.cancel.cancelled())
    throw Cancelled("the run was cancelled before iteration " + std::to_string(iteration));
  if (iteration == 0)
    loops_.push_back(0);
  else
    loops_.back() = iteration;
  if (loops_.size() == 1 && options_.progress) options_.progress(iteration);
}

void RunState::end_loop(std::int64_t ran, bool finished) {
  if (ran > 0) loops_.pop_back();
  if (!loops_.empty()) return;
  iterations = ran;
  converged = finished;
}

std::string RunState::loop_context() {
  std::string s;
  for (std::int64_t i : loops_) s += (s.empty() ? " in iteration " : ", ") + std::to_string(i);
  return s;
}

}  // namespace monograph::runtime
