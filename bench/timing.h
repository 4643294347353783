// Times and ratios. On a machine whose speed drifts, only runs made back to back compare: A and B take turns,
// and the ratio is the median of the ratios of neighbours, not the ratio of medians.
#pragma once

#include <functional>
#include <span>
#include <vector>

namespace monograph::bench {

using Work = std::function<void()>;

/// How long to measure. At least `least` repetitions whatever they take, at most `most`, between them as many
/// as fit.
struct Effort {
  int least = 7, most = 31;
  double budget_ms = 1500;
  double sample_ms = 2;  ///< shorter work is called several times per repetition
};

/// Times of single calls in milliseconds, in the order in which they were measured.
using Times = std::vector<double>;

/// 0 when empty.
double median(Times values);
/// Half of all values lie within: (third quartile - first quartile) / median. 0 when there are fewer than
/// two.
double spread(const Times& values);

struct PairedTimes {
  Times first, second;
  /// second / first of each repetition.
  Times ratios() const;
};

/// Calls `work` once to warm up, then measures it.
Times measure(const Work& work, const Effort& effort);
/// Both warm, then in turns; which goes first alternates.
PairedTimes measure_pair(const Work& first, const Work& second, const Effort& effort);
/// Several in turns, for work that may take seconds: each is called to warm up once, or twice where that is
/// short. Each round begins with another one; element i of each is of round i.
std::vector<Times> measure_turns(std::span<const Work> works, const Effort& effort);

}  // namespace monograph::bench
