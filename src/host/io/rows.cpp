// Graphs from files that store rows: both directions of an undirected edge, in any order within a row.
#include "host/base/balance.h"
#include "host/io/format.h"

namespace monograph::io {
namespace {

void check_offsets(const StoredRows& rows) {
  const auto& offsets = rows.offsets;
  const auto edges = static_cast<std::int64_t>(rows.neighbors.size());
  if (offsets.empty() || offsets.front() != 0 || offsets.back() != edges)
    throw InputError(
        "expected row offsets from 0 to the number of edges, " + std::to_string(edges) + ", found " +
        (offsets.empty() ? std::string("none")
                         : std::to_string(offsets.front()) + " to " + std::to_string(offsets.back())));
  for (std::size_t v = 0; v + 1 < offsets.size(); ++v)
    if (offsets[v] > offsets[v + 1])
      throw InputError("expected row offsets that ascend, found " + std::to_string(offsets[v + 1]) +
                       " after " + std::to_string(offsets[v]) + " (row " + std::to_string(v) + ")");
}

std::uint64_t mixed_bits(const std::vector<Attribute>& attributes, std::int64_t edge) {
  std::uint64_t bits = 0;
  for (const Attribute& a : attributes) bits = bits * 0x9e3779b97f4a7c15ull + a.column.at(edge).bits;
  return bits;
}

/// Calls visit(v, u, k) for each stored edge.
template <class Visit>
void for_each_stored(const StoredRows& rows, Visit visit) {
  for (std::size_t v = 0, k = 0; v + 1 < rows.offsets.size(); ++v)
    for (; k < static_cast<std::size_t>(rows.offsets[v + 1]); ++k)
      visit(static_cast<std::int32_t>(v), rows.neighbors[k], static_cast<std::int64_t>(k));
}

/// `same`: and with the same attributes, since only one of the two is going to be kept.
void check_neighbors(const StoredRows& rows, bool same) {
  const std::int64_t nodes = static_cast<std::int64_t>(rows.offsets.size()) - 1;
  base::Balance balance;
  for_each_stored(rows, [&](std::int32_t v, std::int32_t u, std::int64_t k) {
    if (u < 0 || u >= nodes)
      throw InputError("expected neighbours below " + std::to_string(nodes) + ", found " + std::to_string(u) +
                       " in row " + std::to_string(v));
    if (rows.undirected)
      balance.add(static_cast<std::uint32_t>(v), static_cast<std::uint32_t>(u),
                  same ? mixed_bits(rows.edges, k) : 0);
  });
  if (!balance.even())
    throw InputError(std::string("expected each edge of an undirected graph in both directions") +
                     (same ? ", with the same attributes" : "") + ", found one that is not");
}

Column taken(const Column& column, const std::vector<std::int64_t>& edges) {
  Column out(column.type(), static_cast<std::int64_t>(edges.size()));
  const auto size = static_cast<std::size_t>(size_of(column.type()));
  const auto* from = static_cast<const char*>(column.data());
  auto* to = static_cast<char*>(out.data());
  for (const std::int64_t e : edges) to = std::copy_n(from + static_cast<std::size_t>(e) * size, size, to);
  return out;
}

}  // namespace

Graph make_graph(StoredRows rows, const ReadOptions& options, const std::function<void()>& poll) {
  check_offsets(rows);
  const bool once = rows.undirected && options.undirected.value_or(true);
  check_neighbors(rows, once);
  EdgeList list;
  list.ids = std::move(rows.ids);
  list.undirected = rows.undirected;
  std::vector<std::int64_t> kept;
  for_each_stored(rows, [&](std::int32_t v, std::int32_t u, std::int64_t k) {
    if (once && u < v) return;
    list.source.push_back(v);
    list.target.push_back(u);
    if (once) kept.push_back(k);
  });
  for (Attribute& a : rows.edges)
    list.attributes.push_back({a.name, once ? taken(a.column, kept) : std::move(a.column)});
  return make_graph(std::move(list), options, poll);
}

}  // namespace monograph::io
