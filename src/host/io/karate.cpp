// Zachary's karate club (W. W. Zachary, An information flow model for conflict and fission in small groups,
// Journal of Anthropological Research 33, 1977): who met outside the club. Node 1 is the instructor, node 34
// the administrator.
#include <cstdint>

#include "host/io/generators.h"

namespace monograph::io {
namespace {

/// Each row: a member, the friends with larger numbers, 0.
constexpr std::int8_t kFriends[] = {
    // clang-format off
    1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 14, 18, 20, 22, 32, 0,
    2, 3, 4, 8, 14, 18, 20, 22, 31, 0,
    3, 4, 8, 9, 10, 14, 28, 29, 33, 0,
    4, 8, 13, 14, 0,
    5, 7, 11, 0,
    6, 7, 11, 17, 0,
    7, 17, 0,
    9, 31, 33, 34, 0,
    10, 34, 0,
    14, 34, 0,
    15, 33, 34, 0,
    16, 33, 34, 0,
    19, 33, 34, 0,
    20, 34, 0,
    21, 33, 34, 0,
    23, 33, 34, 0,
    24, 26, 28, 30, 33, 34, 0,
    25, 26, 28, 32, 0,
    26, 32, 0,
    27, 30, 34, 0,
    28, 34, 0,
    29, 32, 34, 0,
    30, 33, 34, 0,
    31, 33, 34, 0,
    32, 33, 34, 0,
    33, 34, 0,
    // clang-format on
};

}  // namespace

EdgeList karate_club() {
  EdgeList edges;
  edges.ids = NodeIds::dense(34, 1);
  std::int32_t member = 0;
  for (const std::int32_t number : kFriends) {
    if (member == 0) {
      member = number;
    } else if (number == 0) {
      member = 0;
    } else {
      edges.source.push_back(member - 1);
      edges.target.push_back(number - 1);
    }
  }
  return edges;
}

}  // namespace monograph::io
