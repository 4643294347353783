#include "host/cuda/residents.h"

#include <algorithm>
#include <cstring>

#include "host/base/ranges.h"
#include "kernels/bulk.h"

namespace monograph::cuda {
namespace {

template <class T>
std::size_t bytes_of(std::span<const T> s) {
  return s.size_bytes();
}

const void* topology(const Graph& g) { return g.out().offsets.data(); }

/// `wanted` comes to the front.
template <class List>
auto take_up(List& list, const auto& wanted) -> typename List::value_type {
  const auto known = std::ranges::find_if(list, wanted);
  if (known == list.end()) return nullptr;
  list.splice(list.begin(), list, known);
  return list.front();
}

template <class List>
bool drop_last_unused(List& list) {
  for (auto it = list.end(); it != list.begin();)
    if ((--it)->use_count() == 1) {
      list.erase(it);
      return true;
    }
  return false;
}

}  // namespace

bool same_storage(const Column& a, const Column& b) {
  return a.data() == b.data() && a.size() == b.size() && a.type() == b.type();
}

ResidentArray::ResidentArray(Staging& staging, const void* from, std::size_t bytes, EdgesIn where,
                             const char* purpose)
    : bytes_(bytes) {
  if (where == EdgesIn::Host)
    pinned_ = allocate_pinned(staging.runtime(), bytes, purpose);
  else
    device_ = allocate(staging.runtime(), bytes, purpose);
  refill(staging, from, bytes);
}

ResidentArray::ResidentArray(Runtime& runtime, std::size_t bytes, const char* purpose)
    : device_(allocate(runtime, bytes, purpose)), bytes_(bytes) {}

void ResidentArray::refill(Staging& staging, const void* from, std::size_t bytes) {
  if (bytes == 0) return;
  if (pinned_)
    std::memcpy(pinned_.get(), from, bytes);
  else
    staging.to_device(device_.get(), from, bytes);
}

ResidentGraph::Held ResidentGraph::hold(Staging& staging, bool in, bool out, EdgesIn where,
                                        const std::function<std::size_t()>& available) {
  Held held;
  if (out && !out_.there) hold(staging, out_, graph_.out(), where), held.arrays += 3;
  if (!in || in_.there) return held;
  transposed_ = where == EdgesIn::Device && may_transpose() && transpose(staging, available);
  if (!transposed_) hold(staging, in_, graph_.in(), where);
  held.arrays += 3, held.transposes = transposed_;
  return held;
}

bool ResidentGraph::may_transpose() const {
  return bulk_ && graph_.csc_builds() == 0 && graph_.edge_count() > 0;
}

/// False when there is no room for it. The same rows as the host's, but that edges which keep their order are
/// written down even so.
bool ResidentGraph::transpose(Staging& staging, const std::function<std::size_t()>& available) {
  Runtime& runtime = staging.runtime();
  const auto n = graph_.node_count(), m = graph_.edge_count();
  const Adjacency csr = graph_.out();
  Room room;
  check(runtime, static_cast<Status>(bulk_->transpose(room, {}, n, m, {}, nullptr)), "room for transpose");
  const Missing rows = missing(true, false);
  const std::size_t leaving = out_.there ? 0 : bytes_of(csr.offsets) + bytes_of(csr.neighbors);
  if (room.bytes + rows.offsets + rows.edges + leaving > available()) return false;

  const base::Range range(base::Phase::Csc);
  Rows made, from;
  if (!out_.there) hold(staging, from, csr, EdgesIn::Device);
  made.offsets = ResidentArray(runtime, rows.offsets, "row offsets");
  made.neighbors = ResidentArray(runtime, static_cast<std::size_t>(m) * sizeof(std::int32_t), "neighbours");
  made.edges =
      ResidentArray(runtime, static_cast<std::size_t>(m) * sizeof(std::int64_t), "the order of edges");
  const DeviceMemory memory = allocate(runtime, room.bytes, "the transpose");
  room.memory = memory.get();
  const auto view = [](Rows& r) {
    return BulkRows{static_cast<std::int64_t*>(r.offsets.data()),
                    static_cast<std::int32_t*>(r.neighbors.data()),
                    static_cast<std::int64_t*>(r.edges.data())};
  };
  const OwnedStream stream = make_stream(runtime);
  check(runtime,
        static_cast<Status>(
            bulk_->transpose(room, view(out_.there ? out_ : from), n, m, view(made), stream.get())),
        "transpose");
  MONOGRAPH_CUDA(runtime, synchronize(stream.get()));
  made.there = true;
  in_ = std::move(made);
  return true;
}

void ResidentGraph::hold(Staging& staging, Rows& rows, const Adjacency& from, EdgesIn where) {
  const auto hold_one = [&](const auto& span, EdgesIn in, const char* purpose) {
    return ResidentArray(staging, span.data(), bytes_of(span), in, purpose);
  };
  Rows made;
  made.offsets = hold_one(from.offsets, EdgesIn::Device, "row offsets");
  made.neighbors = hold_one(from.neighbors, where, "neighbours");
  made.edges = hold_one(from.edges, where, "the order of edges");
  made.there = true;
  rows = std::move(made);
}

ResidentGraph::Missing ResidentGraph::missing(bool in, bool out) const {
  Missing all;
  const auto add = [&](const Adjacency& a) {
    all.offsets += bytes_of(a.offsets);
    all.edges += bytes_of(a.neighbors) + bytes_of(a.edges);
  };
  if (in && !in_.there && may_transpose()) {  // without making them here
    all.offsets += sizeof(std::int64_t) * static_cast<std::size_t>(graph_.node_count() + 1);
    all.edges +=
        (sizeof(std::int32_t) + sizeof(std::int64_t)) * static_cast<std::size_t>(graph_.edge_count());
  } else if (in && !in_.there) {
    add(graph_.in());
  }
  if (out && !out_.there) add(graph_.out());
  return all;
}

// ---- rows that are cut

/// Of rows that were made on the device the host has no offsets: they are fetched.
void ResidentGraph::measure(Staging& staging, Rows& rows) {
  if (rows.lengths) return;
  std::vector<long long> offsets(static_cast<std::size_t>(graph_.node_count()) + 1);
  if (&rows == &in_ && transposed_) {
    staging.to_host(offsets.data(), rows.offsets.data(), offsets.size() * sizeof offsets[0]);
  } else {
    const auto from = &rows == &in_ ? graph_.in().offsets : graph_.out().offsets;
    std::ranges::copy(from, offsets.begin());
  }
  for (std::size_t v = 0; v + 1 < offsets.size(); ++v)
    rows.longest = std::max<std::int64_t>(rows.longest, offsets[v + 1] - offsets[v]);
  rows.lengths = codegen::long_rows(offsets);
}

std::int64_t ResidentGraph::longest_row(Staging& staging, bool in, bool out) {
  std::int64_t longest = 0;
  for_held(in, out, [&](Rows& r) {
    measure(staging, r);
    longest = std::max(longest, r.longest);
  });
  return longest;
}

std::size_t ResidentGraph::table_bytes(Staging& staging, bool in, bool out) {
  std::size_t bytes = 0;
  for_held(in, out, [&](Rows& r) {
    measure(staging, r);
    const codegen::LongRows& l = *r.lengths;
    if (!r.cut)
      bytes += bytes_of(std::span(l.rows)) + bytes_of(std::span(l.first)) + bytes_of(std::span(l.of));
  });
  return bytes;
}

int ResidentGraph::cut(Staging& staging, bool in, bool out) {
  int arrays = 0;
  for_held(in, out, [&](Rows& r) {
    measure(staging, r);
    if (r.cut) return;
    const auto hold = [&](const auto& values, const char* purpose) {
      return ResidentArray(staging, values.data(), bytes_of(std::span(values)), EdgesIn::Device, purpose);
    };
    ResidentArray rows = hold(r.lengths->rows, "long rows"),
                  first = hold(r.lengths->first, "pieces of long rows"),
                  of = hold(r.lengths->of, "the rows of pieces");
    r.long_rows = std::move(rows), r.first_pieces = std::move(first), r.row_of_piece = std::move(of);
    r.cut = true, arrays += 3;
  });
  return arrays;
}

std::int64_t ResidentGraph::pieces(bool in, bool out) const {
  std::int64_t pieces = 0;
  for (const auto& [r, asked] : {std::pair(&in_, in), std::pair(&out_, out)})
    if (r->cut || (asked && r->lengths)) pieces += static_cast<std::int64_t>(r->lengths->pieces());
  return pieces;
}

device::mg_long_rows ResidentGraph::table(const Rows& r) {
  if (!r.cut) return {};
  return {.rows = static_cast<const int*>(r.long_rows.data()),
          .first = static_cast<const long long*>(r.first_pieces.data()),
          .of = static_cast<const int*>(r.row_of_piece.data()),
          .count = static_cast<long long>(r.lengths->rows.size())};
}

device::mg_device_rows ResidentGraph::rows(const Rows& r) {
  return {.offsets = static_cast<const long long*>(r.offsets.data()),
          .neighbors = static_cast<const int*>(r.neighbors.data()),
          .edges = static_cast<const long long*>(r.edges.data())};
}

std::size_t ResidentGraph::device_bytes() const {
  std::size_t bytes = 0;
  for (const Rows* r : {&in_, &out_})
    for (const ResidentArray* a :
         {&r->offsets, &r->neighbors, &r->edges, &r->long_rows, &r->first_pieces, &r->row_of_piece})
      bytes += a->device_bytes();
  return bytes;
}

Residents::GraphRef Residents::graph(const Graph& graph, const Bulk* bulk) {
  const auto same = [&](const GraphRef& g) { return topology(g->graph()) == topology(graph); };
  if (GraphRef known = take_up(graphs_, same)) return known;
  graphs_.push_front(std::make_shared<ResidentGraph>(graph, bulk));
  return graphs_.front();
}

Residents::ColumnRef Residents::find(const Column& column) {
  return take_up(columns_, [&](const ColumnRef& c) { return same_storage(c->source, column); });
}

Residents::ColumnRef Residents::add(Staging& staging, const Column& column, EdgesIn where) {
  auto made = std::make_shared<ResidentColumn>();
  made->source = column;
  made->array = ResidentArray(staging, std::as_const(made->source).data(),
                              static_cast<std::size_t>(column.bytes()), where, "an attribute");
  columns_.push_front(std::move(made));
  return columns_.front();
}

void Residents::refill(Staging& staging, ResidentColumn& resident, const Column& column) {
  const base::Range range(base::Phase::Upload);
  resident.source = {};  // until it is done it holds neither
  resident.array.refill(staging, column.data(), static_cast<std::size_t>(column.bytes()));
  resident.source = column;
}

std::size_t Residents::graph_bytes() const {
  std::size_t bytes = 0;
  for (const GraphRef& g : graphs_) bytes += g->device_bytes();
  return bytes;
}

std::size_t Residents::column_bytes() const {
  std::size_t bytes = 0;
  for (const ColumnRef& c : columns_) bytes += c->array.device_bytes();
  return bytes;
}

bool Residents::drop_oldest() { return drop_last_unused(columns_) || drop_last_unused(graphs_); }

}  // namespace monograph::cuda
