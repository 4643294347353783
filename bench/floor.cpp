#include "bench/floor.h"

#include <algorithm>
#include <chrono>
#include <functional>

#include "bench/native/native.h"

namespace monograph::bench {
namespace {

constexpr int kTries = 7;
constexpr std::int64_t kLeastGathers = 1 << 14, kMostGathers = 1 << 24;

/// The shortest time of one call: a ceiling is what the machine can do when nothing disturbs it.
double best_ms(const std::function<double()>& work) {
  using Clock = std::chrono::steady_clock;
  [[maybe_unused]] volatile double used = 0;  // what was read, so that it is read
  double best = 0;
  for (int t = 0; t <= kTries; ++t) {
    const auto start = Clock::now();
    int calls = 0;
    double ms = 0;
    do {
      used = work();
      ms = std::chrono::duration<double, std::milli>(Clock::now() - start).count();
    } while (++calls < 1000 && ms < 2);
    if (t == 1 || (t > 1 && ms / calls < best)) best = ms / calls;  // the first try warms up
  }
  return best;
}

double triad_gbs(int threads, std::int64_t elements) {
  Column a(ScalarType::F64, elements), b(ScalarType::F64, elements), c(ScalarType::F64, elements);
  double *x = a.span<double>().data(), *y = b.span<double>().data(), *z = c.span<double>().data();
  std::fill_n(y, elements, 1.0);
  std::fill_n(z, elements, 2.0);
  const double ms = best_ms([&] { return native::triad(threads, elements, x, y, z); });
  return static_cast<double>(24 * elements) / ms * 1e-6;
}

/// Indices below `nodes`, each as likely.
Column random_indices(std::int64_t count, std::int64_t nodes) {
  Column index(ScalarType::I32, count);
  std::uint64_t state = 1;
  for (std::int32_t& i : index.span<std::int32_t>()) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    i = static_cast<std::int32_t>(((state >> 33) * static_cast<std::uint64_t>(nodes)) >> 31);
  }
  return index;
}

template <class T, class Gather>
double gather_ms(int threads, std::span<const std::int32_t> index, std::int64_t nodes, Gather gather) {
  Column x(scalar_type_of<T>, nodes);
  T* values = x.span<T>().data();
  std::fill_n(values, nodes, T(1));
  return best_ms([&] {
    return static_cast<double>(
        gather(threads, static_cast<std::int64_t>(index.size()), index.data(), values));
  });
}

Ceilings ceilings_with(int threads, const Graph& graph) {
  const std::int64_t nodes = std::max<std::int64_t>(graph.node_count(), 1);
  const Column random = random_indices(std::clamp(graph.edge_count(), kLeastGathers, kMostGathers), nodes);
  const auto index = random.span<std::int32_t>(), own = graph.in().neighbors;
  const double billions = static_cast<double>(index.size()) * 1e-6;
  const auto four = [&](auto from) { return gather_ms<std::int32_t>(threads, from, nodes, native::gather4); };
  const auto eight = [&](auto from) {
    return gather_ms<std::int64_t>(threads, from, nodes, native::gather8);
  };
  return {.stream_gbs = triad_gbs(threads, bytes_moved(kPageRankF64, graph) / 24 + 1),
          .gather4_gps = billions / four(index),
          .gather8_gps = billions / eight(index),
          .replay4_ms = four(own),
          .replay8_ms = eight(own)};
}

}  // namespace

std::int64_t edges_walked(const IterationWork& work, const Graph& graph) {
  return graph.edge_count() * (work.both && !graph.undirected() ? 2 : 1);
}

std::int64_t bytes_moved(const IterationWork& work, const Graph& graph) {
  const int offsets = work.both && !graph.undirected() ? 16 : 8;
  return 4 * edges_walked(work, graph) + (offsets + work.node_bytes) * graph.node_count();
}

std::int64_t gathers_made(const IterationWork& work, const Graph& graph) {
  return edges_walked(work, graph) + work.node_gathers * graph.node_count();
}

double memory_bandwidth_gbs(int threads) { return triad_gbs(threads, std::int64_t{16} << 20); }

Ceilings measure_ceilings(const Graph& graph, int threads) {
  const Ceilings one = ceilings_with(1, graph);
  if (threads == 1) return one;
  const Ceilings all = ceilings_with(threads, graph);
  return {.stream_gbs = std::max(one.stream_gbs, all.stream_gbs),
          .gather4_gps = std::max(one.gather4_gps, all.gather4_gps),
          .gather8_gps = std::max(one.gather8_gps, all.gather8_gps),
          .replay4_ms = std::min(one.replay4_ms, all.replay4_ms),
          .replay8_ms = std::min(one.replay8_ms, all.replay8_ms)};
}

double floor_ms(const IterationWork& work, const Graph& graph, const Ceilings& c) {
  const double rate = work.gather_bytes == 8 ? c.gather8_gps : c.gather4_gps;
  return std::max(static_cast<double>(bytes_moved(work, graph)) / c.stream_gbs,
                  static_cast<double>(gathers_made(work, graph)) / rate) *
         1e-6;
}

double replay_floor_ms(const IterationWork& work, const Graph& graph, const Ceilings& c) {
  if (graph.edge_count() == 0) return floor_ms(work, graph, c);
  const double once = work.gather_bytes == 8 ? c.replay8_ms : c.replay4_ms;
  const double walked =
      static_cast<double>(gathers_made(work, graph)) / static_cast<double>(graph.edge_count());
  return std::max(static_cast<double>(bytes_moved(work, graph)) / c.stream_gbs * 1e-6, once * walked);
}

}  // namespace monograph::bench
