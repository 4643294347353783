// Breadth-first search in both directions: from few nodes along their edges, and while the front is a large
// part of the graph, from the nodes not seen yet back to it.
#include "bench/native/parallel.h"

namespace monograph::bench::native {
namespace {

constexpr std::int64_t kUnreached = 0x7fffffffffffffff;
constexpr std::uint32_t kNone = 0xffffffff;
constexpr std::int64_t kAlpha = 15, kBeta = 18;  // as the GAP Benchmark Suite has them
constexpr std::int64_t kQueueGrain = 64, kWordGrain = 64;

std::int64_t words_of(const Bfs& p) { return (std::int64_t{p.team.nodes} + 63) / 64; }
std::int64_t degree(const Rows& rows, std::int32_t v) { return rows.offsets[v + 1] - rows.offsets[v]; }
bool has(const std::uint64_t* bits, std::int32_t v) { return bits[v >> 6] >> (v & 63) & 1; }
void put(std::uint64_t* bits, std::int32_t v) { bits[v >> 6] |= std::uint64_t{1} << (v & 63); }

/// Nodes that one thread finds, handed over to the queue of all in pieces.
class Found {
 public:
  Found(std::int32_t* queue, std::int64_t* size) : queue_(queue), size_(size) {}
  ~Found() { hand_over(); }
  Found(const Found&) = delete;
  Found& operator=(const Found&) = delete;
  void add(std::int32_t v) {
    if (count_ == kRoom) hand_over();
    nodes_[count_++] = v;
  }

 private:
  static constexpr int kRoom = 1024;
  void hand_over() {
    const std::int64_t at = __atomic_fetch_add(size_, count_, __ATOMIC_RELAXED);
    for (int i = 0; i < count_; ++i) queue_[at + i] = nodes_[i];
    count_ = 0;
  }
  std::int32_t* queue_;
  std::int64_t* size_;
  int count_ = 0;
  std::int32_t nodes_[kRoom];
};

void begin(const Bfs& p) {
  for_all(p.team, [&](std::int32_t first, std::int32_t last) {
    for (std::int32_t v = first; v < last; ++v) p.level[v] = kUnreached, p.parent[v] = kNone;
  });
  for (std::int64_t w = 0; w < words_of(p); ++w) p.seen[w] = 0;
  p.level[p.source] = 0;
  p.parent[p.source] = static_cast<std::uint32_t>(p.source);
  put(p.seen, p.source);
  p.queue[0] = p.source;
}

/// From the `count` nodes of the queue to `next`; gives the edges that leave what was found, and its number
/// in `found`.
std::int64_t push(const Bfs& p, std::int64_t count, std::int64_t depth, std::int64_t& found) {
  found = 0;
  const std::int64_t edges =
      count_pieces(p.team.threads, count, kQueueGrain, [&](std::int64_t first, std::int64_t last, int) {
        Found next(p.next, &found);
        std::int64_t leaving = 0;
        for (; first < last; ++first) {
          const std::int32_t u = p.queue[first];
          for (std::int64_t k = p.out.offsets[u]; k < p.out.offsets[u + 1]; ++k) {
            const std::int32_t v = p.out.neighbors[k];
            if (has(p.seen, v) || lower(&p.parent[v], static_cast<std::uint32_t>(u)) != kNone) continue;
            p.level[v] = depth + 1;
            leaving += degree(p.out, v);
            next.add(v);
          }
        }
        return leaving;
      });
  for (std::int64_t i = 0; i < found; ++i) put(p.seen, p.next[i]);
  return edges;
}

/// The nodes of one word of bits that have a parent in the front.
std::uint64_t pull_word(const Bfs& p, std::int64_t w, std::int64_t depth) {
  std::uint64_t open = ~p.seen[w], found = 0;
  if (w == words_of(p) - 1 && p.team.nodes % 64 != 0) open &= (std::uint64_t{1} << (p.team.nodes % 64)) - 1;
  for (; open != 0; open &= open - 1) {
    const std::int32_t v = static_cast<std::int32_t>(w * 64) + __builtin_ctzll(open);
    for (std::int64_t k = p.in.offsets[v]; k < p.in.offsets[v + 1]; ++k) {
      if (!has(p.front, p.in.neighbors[k])) continue;
      p.parent[v] = static_cast<std::uint32_t>(p.in.neighbors[k]);
      p.level[v] = depth + 1;
      found |= open & -open;
      break;
    }
  }
  return found;
}

/// From the front to `back`; how many.
std::int64_t pull(const Bfs& p, std::int64_t depth) {
  const std::int64_t found =
      count_pieces(p.team.threads, words_of(p), kWordGrain, [&](std::int64_t first, std::int64_t last, int) {
        std::int64_t bits = 0;
        for (; first < last; ++first) {
          p.back[first] = pull_word(p, first, depth);
          bits += __builtin_popcountll(p.back[first]);
        }
        return bits;
      });
  for (std::int64_t w = 0; w < words_of(p); ++w) p.seen[w] |= p.back[w];
  return found;
}

void queue_to_front(const Bfs& p, std::int64_t count) {
  for (std::int64_t w = 0; w < words_of(p); ++w) p.front[w] = 0;
  for (std::int64_t i = 0; i < count; ++i) put(p.front, p.queue[i]);
}

std::int64_t front_to_queue(const Bfs& p) {
  std::int64_t count = 0;
  for (std::int64_t w = 0; w < words_of(p); ++w)
    for (std::uint64_t bits = p.front[w]; bits != 0; bits &= bits - 1)
      p.queue[count++] = static_cast<std::int32_t>(w * 64) + __builtin_ctzll(bits);
  return count;
}

}  // namespace

void bfs(Bfs& p) {
  if (p.team.nodes == 0) return;
  begin(p);
  std::int64_t unexplored = p.edges, leaving = degree(p.out, p.source);
  for (std::int64_t depth = 0, count = 1; count > 0;) {
    if (leaving > unexplored / kAlpha) {
      queue_to_front(p, count);
      for (std::int64_t before = 0; count >= before || count > p.team.nodes / kBeta;) {
        before = count;
        count = pull(p, depth++);
        exchange(p.front, p.back);
        if (count == 0) return;
      }
      count = front_to_queue(p);
      leaving = 1;
    } else {
      unexplored -= leaving;
      std::int64_t found = 0;
      leaving = push(p, count, depth++, found);
      exchange(p.queue, p.next);
      count = found;
    }
  }
}

}  // namespace monograph::bench::native
