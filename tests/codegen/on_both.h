// One program on the reference backend and as device code on the CPU, with threads in order and at random.
#pragma once

#include <gtest/gtest.h>
#include <monograph/error.h>
#include <monograph/session.h>

#include <algorithm>
#include <deque>
#include <string>
#include <vector>

#include "region_runner.h"

namespace monograph::test {

/// Every NaN is one.
inline std::string outcome(Session& session, const Executable& program, const Graph& g) {
  std::string text;
  try {
    const Result result = session.run(program, g);
    for (const Output& o : result.outputs())
      for (std::int64_t i = 0; i < o.column.size(); ++i)
        text += o.name + "[" + std::to_string(i) + "] " +
                (is_nan(o.column.at(i)) ? "nan" : to_string(o.column.at(i))) + "\n";
  } catch (const RuntimeError& error) {
    text = error.what();
  }
  return text;
}

/// A program on the reference, and on simt with threads in order and at random.
class OnBoth {
 public:
  explicit OnBoth(const Program& program, bool in_order = true, int level = 2) : program_(program) {
    for (std::uint64_t seed = in_order ? 0 : 1; seed < 2; ++seed)
      sessions_.emplace_back(SessionOptions{.backend = "simt", .level = level, .simt_seed = seed});
    for (Session& s : sessions_) executables_.push_back(s.compile(program));
  }
  /// What the reference says, which simt says too; the second time as the first: nothing is left behind.
  std::string expect_same(const Graph& g) {
    Session reference({.backend = "reference"});
    const std::string want = outcome(reference, reference.compile(program_), g);
    for (std::size_t i = 0; i < sessions_.size(); ++i)
      for (int run = 0; run < 2; ++run) {
        const std::string got = outcome(sessions_[i], executables_[i], g);
        const auto [w, unused] = std::ranges::mismatch(want, got);
        const auto line = want.rfind('\n', static_cast<std::size_t>(w - want.begin()));
        EXPECT_TRUE(got == want) << program_.name() << " on " << g.node_count() << " nodes: expected ..."
                                 << want.substr(line == want.npos ? 0 : line + 1, 60) << ", got ..."
                                 << got.substr(line == want.npos ? 0 : line + 1, 60);
      }
    return want;
  }

 private:
  Program program_;
  std::deque<Session> sessions_;
  std::vector<Executable> executables_;
};

}  // namespace monograph::test
