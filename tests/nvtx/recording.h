// What the recorder beside this wrote.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace monograph::test {

/// Names of ranges and marks in the order in which they began, each as deep as it lay.
inline std::string shape(const std::vector<std::string>& lines) {
  std::string out;
  std::size_t depth = 0;
  for (const std::string& line : lines) {
    if (line == "pop") {
      EXPECT_GT(depth, 0u);
      --depth;
      continue;
    }
    const std::size_t first = line.find('['), last = line.find(']');
    EXPECT_TRUE(line.starts_with("push monograph [") || line.starts_with("mark monograph [")) << line;
    out += std::string(2 * depth, ' ') + line.substr(first + 1, last - first - 1) + "\n";
    depth += line.starts_with("push");
  }
  EXPECT_EQ(depth, 0u) << "ranges that never end";
  return out;
}

}  // namespace monograph::test
