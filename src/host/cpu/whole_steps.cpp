#include "host/cpu/whole_steps.h"

#include <algorithm>
#include <atomic>

#include "host/cpu/chunks.h"
#include "host/ops/dispatch.h"
#include "host/ops/neighborhood.h"
#include "host/ops/scalar_math.h"

namespace monograph::cpu {
namespace {

using ops::OpId;

std::size_t at(std::int64_t i) { return static_cast<std::size_t>(i); }

std::int64_t integer(const WholeValue& v, std::int64_t i) {
  return v.type.scalar == ScalarType::I32 ? static_cast<const std::int32_t*>(v.data)[i]
                                          : static_cast<const std::int64_t*>(v.data)[i];
}

/// The rows at a node that a direction means, as one.
class Rows {
 public:
  Rows(const Graph& graph, const ir::Node& n) : nodes_(graph.node_count()) {
    const ops::Direction d = *ops::walked(ops::def(n.op), n.attrs);
    if (d != ops::Direction::Out) rows_[count_++] = graph.in();
    if (d == ops::Direction::Out || (d == ops::Direction::Both && !graph.undirected()))
      rows_[count_++] = graph.out();
  }
  bool has(std::int64_t v) const { return v >= 0 && v < nodes_; }
  std::int64_t size(std::int64_t v) const {
    std::int64_t n = 0;
    for (int r = 0; r < count_; ++r) n += length(r, v);
    return n;
  }
  std::int64_t neighbor(std::int64_t v, std::int64_t k) const {
    const int r = k < length(0, v) ? 0 : 1;
    return rows_[r].neighbors[at(rows_[r].offsets[at(v)] + k - (r == 0 ? 0 : length(0, v)))];
  }
  /// visit(neighbour, edge) while it gives true.
  template <class Visit>
  void for_each(std::int64_t v, const Visit& visit) const {
    for (int r = 0; r < count_; ++r)
      for (std::int64_t k = rows_[r].offsets[at(v)]; k < rows_[r].offsets[at(v) + 1]; ++k)
        if (!visit(rows_[r].neighbors[at(k)], rows_[r].edge(k))) return;
  }

 private:
  std::int64_t length(int r, std::int64_t v) const {
    return rows_[r].offsets[at(v) + 1] - rows_[r].offsets[at(v)];
  }
  std::int64_t nodes_;
  Adjacency rows_[2];
  int count_ = 0;
};

std::int64_t pick_evenly(const Rows& rows, std::int64_t v, double u) {
  const std::int64_t degree = rows.size(v);
  if (degree == 0) return -1;
  const auto place = scalar::mg_cast<std::int64_t, double>(u * static_cast<double>(degree));
  return rows.neighbor(v, std::clamp<std::int64_t>(place, 0, degree - 1));
}

std::int64_t pick_by_weight(const Rows& rows, std::int64_t v, double u, const double* weights) {
  double total = 0, sum = 0;
  std::int64_t last = -1, found = -1;
  rows.for_each(v, [&](std::int32_t neighbor, std::int64_t edge) {
    if (weights[edge] > 0) total += weights[edge], last = neighbor;
    return true;
  });
  const double target = u * total;
  rows.for_each(v, [&](std::int32_t neighbor, std::int64_t edge) {
    if (!(weights[edge] > 0)) return true;
    sum += weights[edge];
    if (sum > target) found = neighbor;
    return found < 0;
  });
  return found >= 0 ? found : last;
}

void neighbor_at(const Rows& rows, const WholeJob& job, int threads) {
  auto* out = static_cast<std::int64_t*>(job.out);
  for_chunks(threads, job.size, [&](std::int64_t, std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i) {
      const std::int64_t v = integer(job.in[0], i), k = integer(job.in[1], i);
      out[i] = rows.has(v) && k >= 0 && k < rows.size(v) ? rows.neighbor(v, k) : -1;
    }
  });
}

void pick_neighbor(const Rows& rows, const WholeJob& job, int threads) {
  auto* out = static_cast<std::int64_t*>(job.out);
  const auto *u = static_cast<const double*>(job.in[1].data),
             *weights = static_cast<const double*>(job.in[2].data);
  for_pieces(threads, job.size, 1024, [&](int, std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i) {
      const std::int64_t v = integer(job.in[0], i);
      out[i] = !rows.has(v) ? -1
               : weights    ? pick_by_weight(rows, v, u[i], weights)
                            : pick_evenly(rows, v, u[i]);
    }
  });
}

}  // namespace

ForwardView& WholeSteps::view() {
  if (!view_) view_ = std::make_unique<ForwardView>(graph_, threads_);
  return *view_;
}

bool WholeSteps::run(const WholeJob& job) {
  const auto integers = [&] { return std::span(static_cast<std::int64_t*>(job.out), at(job.size)); };
  switch (job.node.op) {
    case OpId::ArgSort:
    case OpId::Sort:
    case OpId::Rank:
    case OpId::TopK:
    case OpId::Frequency:
    case OpId::IsFirst:
      order_.run({.op = job.node.op,
                  .attrs = job.node.attrs,
                  .type = job.in[0].type.scalar,
                  .x = job.in[0].data,
                  .count = job.in[0].size,
                  .out = job.out,
                  .out_count = job.size});
      return true;
    case OpId::Bincount:
      bincount(job);
      return true;
    case OpId::NeighborAt:
      neighbor_at(Rows(graph_, job.node), job, threads_);
      return true;
    case OpId::PickNeighbor:
      pick_neighbor(Rows(graph_, job.node), job, threads_);
      return true;
    case OpId::NeighborCount:
      view().neighbor_count(integers());
      return true;
    case OpId::CommonNeighbors:
      view().common_neighbors(integers());
      return true;
    case OpId::Triangles: {
      const auto how = std::get<ops::EnumValue>(job.node.attrs[0]).index;
      how == 1 ? view().triangles_once(integers()) : view().triangles(integers(), how == 2);
      return true;
    }
    case OpId::BestLabel:
      return best_label(job);
    default:
      return false;
  }
}

void WholeSteps::bincount(const WholeJob& job) {
  auto* out = static_cast<std::int64_t*>(job.out);
  std::fill_n(out, job.size, std::int64_t{0});
  const bool alone = chunk_count(threads_, job.in[0].size) == 1;
  for_chunks(threads_, job.in[0].size, [&](std::int64_t, std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i) {
      const std::int64_t place = integer(job.in[0], i);
      if (place < 0 || place >= job.size) continue;
      if (alone)
        ++out[place];
      else
        std::atomic_ref<std::int64_t>(out[place]).fetch_add(1, std::memory_order_relaxed);
    }
  });
}

/// Labels that are nodes have places in a table.
bool WholeSteps::best_label(const WholeJob& job) {
  const std::int64_t nodes = graph_.node_count();
  std::atomic<bool> all = true;
  for_chunks(threads_, nodes, [&](std::int64_t, std::int64_t begin, std::int64_t end) {
    for (std::int64_t v = begin; v < end; ++v) {
      const std::int64_t label = integer(job.in[0], v);
      if (label < 0 || label >= nodes) all = false;
    }
  });
  if (!all) return false;
  if (job.in[0].type.scalar == ScalarType::I32)
    best_label_as<std::int32_t>(job);
  else
    best_label_as<std::int64_t>(job);
  return true;
}

template <class L>
void WholeSteps::best_label_as(const WholeJob& job) {
  const auto column = [&](std::size_t i) { return static_cast<const double*>(job.in[i].data); };
  const auto* labels = static_cast<const L*>(job.in[0].data);
  const double *node_cost = column(1), *label_cost = column(2), factor = *column(3), *weights = column(4);
  auto* out = static_cast<L*>(job.out);
  const Rows rows(graph_, job.node);
  votes_.resize(at(threads_));
  for_pieces(threads_, graph_.node_count(), 1024, [&](int thread, std::int64_t begin, std::int64_t end) {
    Votes& votes = votes_[at(thread)];
    votes.weight.resize(at(graph_.node_count())), votes.known.resize(at(graph_.node_count()));
    const auto vote = [&](std::int64_t label, double weight) {
      if (!votes.known[at(label)]) votes.known[at(label)] = 1, votes.met.push_back(label);
      votes.weight[at(label)] += weight;
    };
    for (std::int64_t v = begin; v < end; ++v) {
      const std::int64_t own = labels[v];
      votes.met.clear();
      vote(own, 0);
      rows.for_each(v, [&](std::int32_t u, std::int64_t edge) {
        if (u != v) vote(labels[u], weights ? weights[edge] : 1);
        return true;
      });
      const double mine = node_cost[v], share = factor * mine;
      std::int64_t winner = own;
      double most = 0;
      for (const std::int64_t label : votes.met) {  // the own one is first
        const double all = label_cost[label];
        const double points = votes.weight[at(label)] - share * (label == own ? all - mine : all);
        const bool first = label == own, better = points > most || (most != most && points == points);
        const bool same = points == most || (points != points && most != most);
        if (first || better || (same && winner != own && label < winner)) winner = label, most = points;
        votes.weight[at(label)] = 0, votes.known[at(label)] = 0;
      }
      out[v] = static_cast<L>(winner);
    }
  });
}

}  // namespace monograph::cpu
