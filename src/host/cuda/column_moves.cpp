#include "host/cuda/column_moves.h"

#include <algorithm>

namespace monograph::cuda {

std::vector<ColumnCopy> column_copies(std::span<const plan::Move> moves) {
  std::vector<ColumnCopy> takes, out;
  for (const plan::Move& m : moves)
    if (m.take) takes.push_back({m.to, m.from});
  while (!takes.empty()) {
    const auto unread = std::ranges::find_if(takes, [&](const ColumnCopy& c) {
      return std::ranges::none_of(takes, [&](const ColumnCopy& other) { return other.from == c.to; });
    });
    if (unread != takes.end()) {
      out.push_back(*unread);
      takes.erase(unread);
      continue;
    }
    out.push_back({kSpill, takes.front().to});  // every target is still to be read: cycles
    for (ColumnCopy& c : takes)
      if (c.from == out.back().from) c.from = kSpill;
  }
  for (const plan::Move& m : moves)
    if (!m.take) out.push_back({m.to, m.from});
  return out;
}

}  // namespace monograph::cuda
