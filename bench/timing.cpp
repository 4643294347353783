#include "bench/timing.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <thread>

namespace monograph::bench {
namespace {

using Clock = std::chrono::steady_clock;

/// Threads of the work before spin a while before they sleep; a side that has other threads would pay for
/// them.
constexpr auto kSettle = std::chrono::milliseconds(4);

double call(const Work& work, int times) {
  const auto start = Clock::now();
  for (int i = 0; i < times; ++i) work();
  return std::chrono::duration<double, std::milli>(Clock::now() - start).count() / times;
}

/// The first call brings code and data in, the second tells how long one takes.
double warm_up(const Work& work) {
  call(work, 1);
  return call(work, 1);
}

int calls_per_sample(double once_ms, const Effort& effort) {
  return once_ms >= effort.sample_ms ? 1 : static_cast<int>(std::ceil(effort.sample_ms / (once_ms + 1e-6)));
}

int repetitions(double round_ms, const Effort& effort) {
  const double fit = effort.budget_ms / round_ms;
  return fit >= effort.most ? effort.most : std::max(effort.least, static_cast<int>(fit));
}

double quantile(const Times& sorted, double q) {
  const double at = q * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(at);
  const auto above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (at - static_cast<double>(below)) * (sorted[above] - sorted[below]);
}

constexpr double kShortMs = 1000;

double warm_up_turn(const Work& work) {
  const double first = call(work, 1);
  return first < kShortMs ? call(work, 1) : first;
}

/// One side of a comparison.
struct Side {
  const Work& work;
  int calls;
  Times times = {};
  void sample() {
    std::this_thread::sleep_for(kSettle);
    times.push_back(call(work, calls));
  }
};

}  // namespace

double median(Times values) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  return quantile(values, 0.5);
}

double spread(const Times& values) {
  if (values.size() < 2) return 0;
  Times sorted = values;
  std::sort(sorted.begin(), sorted.end());
  return (quantile(sorted, 0.75) - quantile(sorted, 0.25)) / quantile(sorted, 0.5);
}

Times PairedTimes::ratios() const {
  Times out;
  for (std::size_t i = 0; i < first.size(); ++i) out.push_back(second[i] / first[i]);
  return out;
}

Times measure(const Work& work, const Effort& effort) {
  const double once = warm_up(work);
  Side side{work, calls_per_sample(once, effort)};
  const int count = repetitions(once * side.calls, effort);
  for (int i = 0; i < count; ++i) side.sample();
  return std::move(side.times);
}

PairedTimes measure_pair(const Work& first, const Work& second, const Effort& effort) {
  const double once[] = {warm_up(first), warm_up(second)};
  Side a{first, calls_per_sample(once[0], effort)}, b{second, calls_per_sample(once[1], effort)};
  const int count = repetitions(once[0] * a.calls + once[1] * b.calls, effort);
  for (int i = 0; i < count; ++i) {
    Side& leads = i % 2 == 0 ? a : b;
    Side& follows = i % 2 == 0 ? b : a;
    leads.sample();
    follows.sample();
  }
  return {std::move(a.times), std::move(b.times)};
}

std::vector<Times> measure_turns(std::span<const Work> works, const Effort& effort) {
  std::vector<Side> sides;
  double round = 0;
  for (const Work& work : works) {
    const double once = warm_up_turn(work);
    sides.push_back({work, calls_per_sample(once, effort)});
    round += once * sides.back().calls;
  }
  const int count = repetitions(round, effort);
  for (int i = 0; i < count; ++i)
    for (std::size_t s = 0; s < sides.size(); ++s)
      sides[(s + static_cast<std::size_t>(i)) % sides.size()].sample();
  std::vector<Times> times;
  for (Side& side : sides) times.push_back(std::move(side.times));
  return times;
}

}  // namespace monograph::bench
