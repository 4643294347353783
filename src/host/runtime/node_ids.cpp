// The user's node ids: a base and a count, ascending numbers, or ascending strings.
#include <monograph/graph.h>

#include <algorithm>
#include <charconv>
#include <limits>

namespace monograph {
namespace {

void check_count(std::int64_t count) {
  if (count < 0 || count > std::numeric_limits<std::int32_t>::max())
    throw InputError("a graph has 0 to 2147483647 nodes, not " + std::to_string(count));
}

template <class T, class Print>
void check_ascending(const std::vector<T>& ids, Print print) {
  check_count(static_cast<std::int64_t>(ids.size()));
  const auto bad =
      std::adjacent_find(ids.begin(), ids.end(), [](const T& a, const T& b) { return !(a < b); });
  if (bad != ids.end())
    throw InputError("node ids must be strictly ascending: " + print(*(bad + 1)) + " follows " + print(*bad));
}

template <class T, class Key>
std::optional<std::int32_t> find_in(const std::vector<T>& ids, const Key& id) {
  const auto at = std::lower_bound(ids.begin(), ids.end(), id);
  if (at == ids.end() || *at != id) return std::nullopt;
  return static_cast<std::int32_t>(at - ids.begin());
}

}  // namespace

NodeIds NodeIds::dense(std::int64_t count, std::int64_t base) {
  check_count(count);
  if (count > 0 && base > std::numeric_limits<std::int64_t>::max() - (count - 1))
    throw InputError("node ids from " + std::to_string(base) + " on do not fit 64 bits");
  NodeIds ids;
  ids.count_ = count;
  ids.base_ = base;
  return ids;
}

NodeIds NodeIds::sparse(std::vector<std::int64_t> ascending) {
  check_ascending(ascending, [](std::int64_t id) { return std::to_string(id); });
  // Ids without gaps need no table, and equal ids have one representation (the fingerprint relies on it).
  // Unsigned: the distance of two 64-bit ids may not fit 64 signed bits.
  if (ascending.empty() ||
      static_cast<std::uint64_t>(ascending.back()) - static_cast<std::uint64_t>(ascending.front()) ==
          ascending.size() - 1)
    return dense(static_cast<std::int64_t>(ascending.size()), ascending.empty() ? 0 : ascending.front());
  NodeIds ids;
  ids.count_ = static_cast<std::int64_t>(ascending.size());
  ids.sparse_ = std::make_shared<const std::vector<std::int64_t>>(std::move(ascending));
  return ids;
}

NodeIds NodeIds::strings(std::vector<std::string> ascending) {
  check_ascending(ascending, [](const std::string& id) { return '"' + id + '"'; });
  NodeIds ids;
  ids.count_ = static_cast<std::int64_t>(ascending.size());
  ids.strings_ = std::make_shared<const std::vector<std::string>>(std::move(ascending));
  return ids;
}

std::int64_t NodeIds::size() const noexcept { return count_; }
bool NodeIds::is_text() const noexcept { return strings_ != nullptr; }
bool NodeIds::is_dense() const noexcept { return !sparse_ && !strings_; }

std::string NodeIds::text(std::int32_t index) const {
  return strings_ ? strings_->at(static_cast<std::size_t>(index)) : std::to_string(number(index));
}

std::int64_t NodeIds::number(std::int32_t index) const {
  if (strings_) throw InternalError("the ids of this graph are strings, not numbers");
  return sparse_ ? sparse_->at(static_cast<std::size_t>(index)) : base_ + index;
}

std::optional<std::int32_t> NodeIds::find(std::string_view id) const {
  if (strings_) return find_in(*strings_, id);
  std::int64_t number = 0;
  const auto r = std::from_chars(id.data(), id.data() + id.size(), number);
  if (r.ec != std::errc{} || r.ptr != id.data() + id.size()) return std::nullopt;
  return find(number);
}

std::optional<std::int32_t> NodeIds::find(std::int64_t id) const {
  if (strings_) return find_in(*strings_, std::to_string(id));
  if (sparse_) return find_in(*sparse_, id);
  const auto offset = static_cast<std::uint64_t>(id) - static_cast<std::uint64_t>(base_);
  if (id < base_ || offset >= static_cast<std::uint64_t>(count_)) return std::nullopt;
  return static_cast<std::int32_t>(offset);
}

}  // namespace monograph
