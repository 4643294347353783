// From ids to indices. No input can make it slow: numbers need no hashing, and text is hashed with a random
// seed.
#pragma once

#include <monograph/graph.h>

#include <cstdint>
#include <initializer_list>
#include <span>
#include <string_view>
#include <vector>

namespace monograph::io {

/// The ids that occur in either list, ascending. `a` and `b` hold no negative id.
std::vector<std::int64_t> distinct_ids(std::span<const std::int64_t> a, std::span<const std::int64_t> b);

/// Positions of ids in an ascending list. Ids fall into about as many equal ranges as there are ids; the ids
/// of one range are searched by halving. Without gaps a position is a subtraction.
class NumberIndex {
 public:
  using Id = std::int64_t;
  explicit NumberIndex(std::vector<std::int64_t> ascending);
  /// The position of `id`, or -1.
  std::int32_t find(std::int64_t id) const;
  std::size_t size() const { return ids_.size(); }
  NodeIds node_ids() const { return NodeIds::sparse(ids_); }

 private:
  std::vector<std::int64_t> ids_;
  std::vector<std::int32_t> first_;  // range -> position of its first id; one more at the end
  std::uint64_t smallest_ = 0, span_ = 0;
  int shift_ = 0;
  bool gaps_ = true;
};

/// The same for text, ordered by bytes, which can also be filled as ids come.
class TextIndex {
 public:
  using Id = std::string_view;
  TextIndex();
  /// Of distinct ids, each at its position.
  explicit TextIndex(std::vector<std::string_view> ids);
  /// The position of `id`, which is the next one when it is new.
  std::int32_t add(std::string_view id);
  std::int32_t find(std::string_view id) const;
  std::string_view id(std::size_t position) const { return ids_[position]; }
  std::size_t size() const { return ids_.size(); }
  NodeIds node_ids() const { return NodeIds::strings({ids_.begin(), ids_.end()}); }
  /// The ids in order; `positions`, by which `add` knew them, become positions in that order. The last use.
  NodeIds sort(std::initializer_list<std::vector<std::int32_t>*> positions);

 private:
  struct Slot {
    std::uint32_t hash = 0;
    std::int32_t position = -1;
  };
  std::uint32_t hash_of(std::string_view id) const;
  std::size_t slot_of(std::string_view id, std::uint32_t hash) const;
  void grow();

  std::uint64_t seed_;  // no file can be made to collide under a seed drawn when it is read; results do not
                        // depend on it
  std::vector<std::string_view> ids_;
  std::vector<Slot> slots_;  // a power of two, at most half full
};

}  // namespace monograph::io
