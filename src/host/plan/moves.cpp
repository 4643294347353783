#include "host/plan/moves.h"

#include <algorithm>
#include <map>

namespace monograph::plan {

std::vector<Move> moves(const std::vector<SlotId>& to, const std::vector<SlotId>& from,
                        const std::set<SlotId>& movable) {
  std::vector<Move> takes, copies;
  std::map<SlotId, SlotId> now;  // where the content of a slot is once the takes are done
  for (std::size_t k = 0; k < to.size(); ++k)
    if (to[k] == from[k]) now[from[k]] = to[k];
  for (std::size_t k = 0; k < to.size(); ++k) {
    if (to[k] == from[k]) continue;
    if (movable.contains(from[k]) && !now.contains(from[k])) {
      now[from[k]] = to[k];
      takes.push_back({.to = to[k], .from = from[k], .take = true});
    } else {
      copies.push_back({.to = to[k], .from = from[k]});
    }
  }
  for (Move& c : copies) {
    if (const auto moved = now.find(c.from); moved != now.end()) c.from = moved->second;
    takes.push_back(c);
  }
  return takes;
}

std::vector<std::pair<SlotId, SlotId>> exchange(std::span<const Move> moves) {
  std::map<SlotId, SlotId> from;  // of each slot that takes
  for (const Move& m : moves)
    if (m.take) from.emplace(m.to, m.from);
  std::vector<std::pair<SlotId, SlotId>> after(from.begin(), from.end());
  for (const auto& [first, unused] : from) {
    if (std::ranges::any_of(from, [&, at = first](const auto& f) { return f.second == at; })) continue;
    SlotId last = first;  // a chain of takes: the memory of its head goes to its tail
    for (auto it = from.find(last); it != from.end(); it = from.find(last)) last = it->second;
    after.emplace_back(last, first);
  }
  return after;
}

}  // namespace monograph::plan
