#include "host/io/named_graph.h"

#include <algorithm>
#include <charconv>
#include <numeric>

#include "host/io/format.h"

namespace monograph::io {
namespace {

Column permuted(const Column& column, const std::vector<std::int32_t>& rank) {
  Column out(column.type(), column.size());
  for (std::size_t r = 0; r < rank.size(); ++r) out.set(rank[r], column.at(static_cast<std::int64_t>(r)));
  return out;
}

}  // namespace

void NamedGraph::fail(Place place, const std::string& message) const {
  throw InputError({path_, place.line, place.column}, message);
}

std::int32_t NamedGraph::position(std::string_view id, Place place) {
  if (const auto known = index_.find(id); known >= 0) return known;
  first_.push_back(place);
  row_.push_back(-1);
  return index_.add(storage_.emplace_back(id));
}

std::size_t NamedGraph::add_node(std::string_view id, Place place) {
  const auto p = static_cast<std::size_t>(position(id, place));
  if (row_[p] >= 0) fail(place, "expected each node once, found " + quoted(id) + " again");
  row_[p] = static_cast<std::int32_t>(listed_.size());
  listed_.push_back(static_cast<std::int32_t>(p));
  return listed_.size() - 1;
}

std::size_t NamedGraph::add_edge(std::string_view source, std::string_view target, Place place) {
  source_.push_back(position(source, place));
  target_.push_back(position(target, place));
  return source_.size() - 1;
}

GrowingColumn& NamedGraph::column(Columns& columns, std::string_view name, ScalarType type) {
  for (auto& c : columns)
    if (c.name() == name) {
      c.widen(type);
      return c;
    }
  return columns.emplace_back(std::string(name), type);
}

void NamedGraph::check_listed() const {
  for (std::size_t p = 0; p < row_.size(); ++p)
    if (row_[p] < 0)
      fail(first_[p],
           "expected an edge between nodes that the file lists, found the node " + quoted(index_.id(p)));
}

/// Ids as numbers, in order; rank[row] is where the node of that row is in it.
NodeIds NamedGraph::number_ids(std::vector<std::int32_t>& rank) {
  std::vector<std::int64_t> numbers(listed_.size());
  for (std::size_t r = 0; r < listed_.size(); ++r) {
    const auto p = static_cast<std::size_t>(listed_[r]);
    const std::string_view id = index_.id(p);
    const auto parsed = std::from_chars(id.data(), id.data() + id.size(), numbers[r]);
    if (parsed.ec != std::errc{} || parsed.ptr != id.data() + id.size())
      fail(first_[p], "expected integer, found " + quoted(id) +
                          " (ids are integers; for others use Ids::Text, --ids string)");
  }
  std::vector<std::int32_t> order(numbers.size());
  std::iota(order.begin(), order.end(), 0);
  const auto number = [&](std::int32_t r) { return numbers[static_cast<std::size_t>(r)]; };
  std::ranges::stable_sort(order, {}, number);
  const auto twice = std::ranges::adjacent_find(order, {}, number);
  if (twice != order.end()) {
    const auto p = static_cast<std::size_t>(listed_[static_cast<std::size_t>(*(twice + 1))]);
    fail(first_[p], "expected each node once, found " + quoted(index_.id(p)) + " again");
  }
  rank.resize(order.size());
  for (std::size_t i = 0; i < order.size(); ++i)
    rank[static_cast<std::size_t>(order[i])] = static_cast<std::int32_t>(i);
  std::ranges::sort(numbers);
  return NodeIds::sparse(std::move(numbers));
}

std::vector<Attribute> NamedGraph::attributes(const Columns& columns, std::size_t rows,
                                              const char* of) const {
  std::vector<Attribute> all;
  for (const auto& c : columns)
    if (rows == 0 || c.any())  // declared, but of nothing
      all.push_back({c.name(), c.column(rows, [&](std::size_t row) {
                       throw InputError({path_}, "expected the attribute '" + c.name() + "' of every " + of +
                                                     ", since it is of integers, found none of number " +
                                                     std::to_string(row + 1));
                     })});
  return all;
}

Graph NamedGraph::make(const ReadOptions& options, bool undirected, const std::function<void()>& poll) {
  check_listed();
  EdgeList list;
  list.undirected = undirected;
  std::vector<std::int32_t> rank(listed_.size());
  if (options.ids == Ids::Text) {
    std::vector<std::int32_t> positions = listed_;
    list.ids = index_.sort({&positions, &source_, &target_});
    rank = positions;
  } else {
    list.ids = number_ids(rank);
    for (auto* ends : {&source_, &target_})
      for (auto& p : *ends) p = rank[static_cast<std::size_t>(row_[static_cast<std::size_t>(p)])];
  }
  list.source = std::move(source_);
  list.target = std::move(target_);
  list.attributes = attributes(edges_, list.source.size(), "edge");
  Graph graph = make_graph(std::move(list), options, poll);
  for (auto& a : attributes(nodes_, listed_.size(), "node"))
    graph.set_node_attribute(a.name, permuted(a.column, rank));
  return graph;
}

}  // namespace monograph::io
