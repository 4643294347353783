// Compiling takes time in proportion to the program. The bounds are ratios of times in one process: twice of
// what is proportional, which leaves room for a busy machine, and half of what is quadratic.
#include <gtest/gtest.h>
#include <monograph/program.h>

#include <algorithm>
#include <chrono>
#include <limits>

#include "host/plan/compile.h"

namespace monograph {
namespace {

/// Element-wise operations, each on the one before, each from a line of its own.
Program chain(int operations) {
  std::string text =
      "program \"chain\" {\n%0 = attr.load_node name=\"x\" type=f64\n%k = core.constant value=0.5:f64\n";
  for (int i = 1; i <= operations; ++i)
    text += "%" + std::to_string(i) + (i % 2 ? " = core.mul %" : " = core.add %") + std::to_string(i - 1) +
            ", %" + (i % 3 ? "k" : "0") + "\n";
  return Program::from_text(text + "attr.output %" + std::to_string(operations) + " name=\"y\"\n}\n",
                            "chain.mg");
}

/// The best of three, which no other process can make better.
template <class Work>
double seconds(const Work& work) {
  double best = std::numeric_limits<double>::infinity();
  for (int turn = 0; turn < 3; ++turn) {
    const auto start = std::chrono::steady_clock::now();
    work();
    best = std::min(best, std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
  }
  return best;
}

constexpr int kShort = 1000, kLong = 4000;

}  // namespace

TEST(CompileTime, OfAChainGrowsAsTheChain) {
  const Program few = chain(kShort), many = chain(kLong);
  for (const int level : {0, 2}) {
    const auto compile = [&](const Program& p) {
      return seconds([&] { plan::compile(p.ir(), {.level = level}); });
    };
    const double shorter = compile(few), longer = compile(many);
    EXPECT_LT(longer / shorter, 8) << "level " << level << ": " << shorter << " s, " << longer << " s";
  }
}

TEST(CompileTime, OfReadingAChainGrowsAsTheChain) {
  const double shorter = seconds([] { chain(kShort); }), longer = seconds([] { chain(kLong); });
  EXPECT_LT(longer / shorter, 8) << shorter << " s, " << longer << " s";
}

}  // namespace monograph
