// Ours against all peers on the same graphs, in one process and in turns.
#pragma once

#include <monograph/session.h>

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "bench/peers/cases.h"
#include "bench/suite.h"

namespace monograph::bench::peers {

struct CompareOptions {
  std::vector<std::string> graphs = {};      ///< files or generators
  std::vector<std::string> algorithms = {};  ///< of the cases; none: all
  bool directed = false;                     ///< graphs as they are listed; else each edge in both directions
  int threads = 0;                           ///< of whoever uses more than one; 0: all
  int repeats = 7;                           ///< rounds at most
  double seconds =
      10;  ///< of rounds per case, from the third one on; one round where it takes 3 times as long
  std::function<void(const std::string&)> progress = [](const std::string&) {};
  /// Called with all that is known after each graph: hours of measuring are not lost to what comes after.
  std::function<void(const Report&)> keep = [](const Report&) {};
  CancelToken cancel = {};
};

/// The graph without repeats and self-loops, with edge attribute "weight": whole numbers from 1 to 255 drawn
/// from the ends where it has none, as in the GAP Benchmark Suite.
Graph comparable_graph(const std::string& source, const CompareOptions& options);

/// Adds to a report of suite "peers" (docs/benchmarks.md): peers, graphs, rows, skipped, and failures: peers
/// whose answer is not ours, which have no rows. UsageError: no such algorithm.
void compare(Report& report, std::span<const PeerInfo> peers, const CompareOptions& options);

}  // namespace monograph::bench::peers
