// From ids to indices. No input can make it slow: numbers need no hashing, and text is hashed with a random
// seed.
#pragma once

#include <monograph/graph.h>

#include <cstdint>
#include <span>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace monograph::io {

/// The ids that occur in either list, ascending. `a` and `b` hold no negative id.
std::vector<std::int64_t> distinct_ids(std::span<const std::int64_t> a, std::span<const std::int64_t> b);
std::vector<std::string_view> distinct_ids(std::span<const std::string_view> a,
                                           std::span<const std::string_view> b);

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

struct TextHash {
  std::uint64_t seed;
  explicit TextHash(std::uint64_t s) : seed(s) {}
  std::size_t operator()(std::string_view text) const;
};

/// The same for text, ordered by bytes.
class TextIndex {
 public:
  using Id = std::string_view;
  explicit TextIndex(std::vector<std::string_view> ascending);
  std::int32_t find(std::string_view id) const;
  std::size_t size() const { return ids_.size(); }
  NodeIds node_ids() const { return NodeIds::strings({ids_.begin(), ids_.end()}); }

 private:
  std::vector<std::string_view> ids_;
  std::unordered_map<std::string_view, std::int32_t, TextHash> positions_;
};

}  // namespace monograph::io
