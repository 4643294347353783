// Storage for the hand-written searches.
#include <chrono>

#include "bench/crew.h"

namespace monograph::bench {
namespace {

std::uint32_t* as_unsigned(Buffer<std::int32_t>& buffer) {
  return reinterpret_cast<std::uint32_t*>(buffer.data());
}
std::uint64_t* as_bits(Buffer<std::int64_t>& buffer) {
  return reinterpret_cast<std::uint64_t*>(buffer.data());
}
Column parents_of(const std::uint32_t* parent, std::int32_t nodes) {
  return copy_of<std::int32_t>(reinterpret_cast<const std::int32_t*>(parent), nodes);
}

class Bfs final : public PathBaseline {
 public:
  Bfs(const Graph& g, std::int32_t source, const BaselineOptions& options)
      : graph_(g),
        crew_(g, options),
        level_(g.node_count()),
        parent_(g.node_count()),
        queue_(g.node_count()),
        next_(g.node_count()),
        seen_(words(g)),
        front_(words(g)),
        back_(words(g)) {
    loop_ = {crew_.team(), rows_of(g.out()), rows_of(g.in()),      g.edge_count(),
             source,       level_.data(),    as_unsigned(parent_), queue_.data(),
             next_.data(), as_bits(seen_),   as_bits(front_),      as_bits(back_)};
  }
  std::int64_t run() override {
    native::bfs(loop_);
    return 0;
  }
  Column result() const override { return copy_of<std::int64_t>(loop_.level, loop_.team.nodes); }
  Column parents() const override { return parents_of(loop_.parent, loop_.team.nodes); }

 private:
  static std::int64_t words(const Graph& g) { return (g.node_count() + 63) / 64; }
  Graph graph_;
  Crew crew_;
  Buffer<std::int64_t> level_;
  Buffer<std::int32_t> parent_, queue_, next_;
  Buffer<std::int64_t> seen_, front_, back_;
  native::Bfs loop_;
};

/// The largest weight over the mean number of edges, as Meyer and Sanders advise; 1 where that says nothing.
double usual_delta(const Graph& g, std::span<const double> weights) {
  double largest = 0;
  for (const double w : weights) largest = std::max(largest, w);
  const double degree =
      static_cast<double>(g.edge_count()) / static_cast<double>(std::max<std::int64_t>(g.node_count(), 1));
  return largest > 0 ? largest / std::max(degree, 1.0) : 1;
}

class ShortestPaths final : public PathBaseline {
 public:
  ShortestPaths(const Graph& g, std::int32_t source, const BaselineOptions& options)
      : graph_(g),
        crew_(g, options),
        distance_(g.node_count()),
        parent_(g.node_count()),
        ready_(g.node_count()),
        front_(g.edge_count() + g.node_count() + 1),
        waiting_(native::new_waiting(crew_.team().threads), native::delete_waiting) {
    const auto weights = graph_.edge_attribute("weight")->span<double>();
    loop_ = {crew_.team(),
             rows_of(graph_.out()),
             weights.data(),
             usual_delta(g, weights),
             source,
             distance_.data(),
             as_unsigned(parent_),
             as_unsigned(ready_),
             front_.data(),
             g.edge_count() + g.node_count() + 1,
             waiting_.get()};
    tune();
  }
  std::int64_t run() override {
    native::delta_stepping(loop_);
    return 0;
  }
  Column result() const override { return copy_of<double>(loop_.distance, loop_.team.nodes); }
  Column parents() const override { return parents_of(loop_.parent, loop_.team.nodes); }

 private:
  void tune() {
    run();  // warm
    const double usual = loop_.delta;
    double best = usual, best_time = -1;
    for (const double times : {0.25, 1.0, 4.0, 16.0, 64.0}) {
      loop_.delta = usual * times;
      const auto start = std::chrono::steady_clock::now();
      run();
      const double time = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
      if (best_time < 0 || time < best_time) best_time = time, best = loop_.delta;
    }
    loop_.delta = best;
  }

  Graph graph_;
  Crew crew_;
  Buffer<double> distance_;
  Buffer<std::int32_t> parent_, ready_, front_;
  std::unique_ptr<native::Waiting, void (*)(native::Waiting*)> waiting_;
  native::ShortestPaths loop_;
};

}  // namespace

std::unique_ptr<PathBaseline> bfs_baseline(const Graph& graph, std::int32_t source,
                                           const BaselineOptions& options) {
  return std::make_unique<Bfs>(graph, source, options);
}
std::unique_ptr<PathBaseline> sssp_baseline(const Graph& graph, std::int32_t source,
                                            const BaselineOptions& options) {
  return std::make_unique<ShortestPaths>(graph, source, options);
}

}  // namespace monograph::bench
