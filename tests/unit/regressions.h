// Every way in which a program can run: what tests of old bugs go through.
#pragma once

#include <gtest/gtest.h>
#include <monograph/session.h>

#include <string>
#include <vector>

#include "host/passes/passes.h"

namespace monograph::testing {

struct Way {
  std::string name;
  SessionOptions options;
};

/// The oracle; tiles at each level, on one thread and on three, and without each pass; compiled code if asked
/// for. Nothing is kept between them.
inline std::vector<Way> every_way(bool native = false) {
  const SessionOptions tiles{.backend = "cpu", .cpu_tier = CpuTier::Tiles, .cache = CacheUse::Off};
  std::vector<Way> ways{{"reference", {.backend = "reference"}}};
  for (const int level : {0, 1, 2})
    for (const int threads : {1, 3}) {
      ways.push_back({"cpu, level " + std::to_string(level), tiles});
      ways.back().options.level = level, ways.back().options.threads = threads;
    }
  for (const passes::PassInfo& pass : passes::pass_table()) {
    if (pass.level == 0) continue;  // every later stage needs it
    ways.push_back({"cpu without " + std::string(pass.name), tiles});
    ways.back().options.disabled = {std::string(pass.name)};
  }
  if (!native) return ways;
  ways.push_back({"cpu, compiled", tiles});  // tiles where the machine has no compiler
  ways.back().options.cpu_tier = CpuTier::Native;
  return ways;
}

template <class T>
std::vector<T> values(const Result& r, const std::string& name) {
  const std::span<const T> column = r.column<T>(name);
  return {column.begin(), column.end()};
}

}  // namespace monograph::testing
