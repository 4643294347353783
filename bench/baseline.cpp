#include "bench/baseline.h"

#include <bit>
#include <vector>

#include "bench/crew.h"

namespace monograph::bench {
namespace {

template <class T>
class PageRank final : public Baseline {
 public:
  PageRank(const Graph& g, const BaselineOptions& options)
      : graph_(g),
        crew_(g, options),
        rank_(g.node_count()),
        share_(g.node_count()),
        sent_(g.node_count()),
        next_(g.node_count()) {
    loop_ = {crew_.team(),       rows_of(g.in()), g.out().offsets.data(), T(0.85),      0,
             options.iterations, rank_.data(),    share_.data(),          sent_.data(), next_.data()};
  }
  std::int64_t run() override { return native::pagerank(loop_); }
  Column result() const override { return copy_of<T>(loop_.rank, loop_.team.nodes); }

 private:
  Graph graph_;
  Crew crew_;
  Buffer<T> rank_, share_, sent_, next_;
  native::PageRank<T> loop_;
};

std::int64_t largest_row(const BothWays& both, std::int32_t nodes) {
  std::int64_t largest = 0;
  for (std::int32_t v = 0; v < nodes; ++v)
    largest = std::max(largest, both.edges_before(v + 1) - both.edges_before(v));
  return largest;
}

class LabelPropagation final : public Baseline {
 public:
  LabelPropagation(const Graph& g, const BaselineOptions& options)
      : graph_(g), crew_(g, options), label_(g.node_count()), next_(g.node_count()) {
    const auto& [out, in] = crew_.both().rows;
    loop_ = {crew_.team(), {out, in}, options.iterations, label_.data(), next_.data(), nullptr};
    const auto row = static_cast<std::uint64_t>(largest_row(crew_.both(), loop_.team.nodes));
    for (int t = 0; t < loop_.team.threads; ++t) {
      labels_.emplace_back(static_cast<std::int64_t>(row));
      slots_.emplace_back(static_cast<std::int64_t>(4 * std::bit_ceil(row + 1)));
      ballots_.push_back({labels_.back().data(), reinterpret_cast<std::uint64_t*>(slots_.back().data())});
    }
    loop_.ballots = ballots_.data();
  }
  std::int64_t run() override { return native::label_propagation(loop_); }
  Column result() const override { return copy_of<std::int32_t>(loop_.label, loop_.team.nodes); }

 private:
  Graph graph_;
  Crew crew_;
  Buffer<std::int32_t> label_, next_;
  std::vector<Buffer<std::int32_t>> labels_;
  std::vector<Buffer<std::int64_t>> slots_;
  std::vector<native::Ballot> ballots_;
  native::LabelPropagation loop_;
};

class MinLabel final : public Baseline {
 public:
  MinLabel(const Graph& g, const BaselineOptions& options)
      : graph_(g), crew_(g, options), label_(g.node_count()), next_(g.node_count()) {
    const auto& [out, in] = crew_.both().rows;
    loop_ = {crew_.team(), {out, in}, options.iterations, label_.data(), next_.data()};
  }
  std::int64_t run() override { return native::min_label(loop_); }
  Column result() const override { return copy_of<std::int32_t>(loop_.label, loop_.team.nodes); }

 private:
  Graph graph_;
  Crew crew_;
  Buffer<std::int32_t> label_, next_;
  native::MinLabel loop_;
};

class FastSv final : public Baseline {
 public:
  FastSv(const Graph& g, const BaselineOptions& options)
      : graph_(g),
        crew_(g, options),
        parent_(g.node_count()),
        grandparent_(g.node_count()),
        hook_(g.node_count()),
        next_(g.node_count()) {
    const auto& [out, in] = crew_.both().rows;
    loop_ = {crew_.team(),        {out, in},    options.iterations, parent_.data(),
             grandparent_.data(), hook_.data(), next_.data()};
  }
  std::int64_t run() override { return native::fast_sv(loop_); }
  Column result() const override { return copy_of<std::int32_t>(loop_.parent, loop_.team.nodes); }

 private:
  Graph graph_;
  Crew crew_;
  Buffer<std::int32_t> parent_, grandparent_, hook_, next_;
  native::FastSv loop_;
};

class Afforest final : public Baseline {
 public:
  Afforest(const Graph& g, const BaselineOptions& options)
      : graph_(g), crew_(g, options), component_(g.node_count()) {
    const auto& [out, in] = crew_.both().rows;
    loop_ = {crew_.team(), {out, in}, component_.data()};
  }
  std::int64_t run() override {
    native::afforest(loop_);
    return 0;
  }
  Column result() const override { return copy_of<std::int32_t>(loop_.component, loop_.team.nodes); }

 private:
  Graph graph_;
  Crew crew_;
  Buffer<std::int32_t> component_;
  native::Afforest loop_;
};

}  // namespace

int baseline_threads(const Graph& graph, const BaselineOptions& options) {
  if (graph.node_count() + graph.edge_count() < options.parallel_from) return 1;
  return options.threads > 0 ? options.threads : native::max_threads();
}

std::unique_ptr<Baseline> pagerank_f64_baseline(const Graph& graph, const BaselineOptions& options) {
  return std::make_unique<PageRank<double>>(graph, options);
}
std::unique_ptr<Baseline> pagerank_f32_baseline(const Graph& graph, const BaselineOptions& options) {
  return std::make_unique<PageRank<float>>(graph, options);
}
std::unique_ptr<Baseline> cdlp_baseline(const Graph& graph, const BaselineOptions& options) {
  return std::make_unique<LabelPropagation>(graph, options);
}
std::unique_ptr<Baseline> least_labels_baseline(const Graph& graph, const BaselineOptions& options) {
  return std::make_unique<MinLabel>(graph, options);
}
std::unique_ptr<Baseline> fastsv_baseline(const Graph& graph, const BaselineOptions& options) {
  return std::make_unique<FastSv>(graph, options);
}
std::unique_ptr<Baseline> afforest_baseline(const Graph& graph, const BaselineOptions& options) {
  return std::make_unique<Afforest>(graph, options);
}

}  // namespace monograph::bench
