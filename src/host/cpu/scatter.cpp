#include "host/cpu/scatter.h"

#include <monograph/error.h>

#include <algorithm>
#include <atomic>
#include <cstring>
#include <type_traits>

#include "host/ops/scalar_row.h"

namespace monograph::cpu {
namespace {

using ops::MonoidKind;
using scalar::mg_i64, scalar::mg_run;

// Elements that are looked through at once for those that belong to a range.
constexpr mg_i64 kTile = 1024;

template <MonoidKind Kind>
struct MonoidOf;
#define MONOGRAPH_MONOID(Kind, name, scalar_op, allowed_, doc, ...)             \
  template <>                                                                   \
  struct MonoidOf<MonoidKind::Kind> {                                           \
    template <class T>                                                          \
    static T identity() {                                                       \
      using namespace scalar;                                                   \
      return __VA_ARGS__;                                                       \
    }                                                                           \
    template <class T>                                                          \
    static T combine(T a, T b) {                                                \
      return ops::Row<ops::ScalarOp::scalar_op>::template run<T, T>(a, b, T{}); \
    }                                                                           \
  };
#include "host/ops/monoids.def"

template <class F>
void in_parallel(mg_run& run, mg_i64 chunks, const F& f) {
  struct Call {
    const F* f;
  } call{&f};
  run.parallel(
      &run, chunks, [](void* c, mg_i64 chunk, unsigned char*) { (*static_cast<const Call*>(c)->f)(chunk); },
      &call);
}

template <MonoidKind Kind, class T, class I>
class Loops {
 public:
  explicit Loops(const Scatter& s, mg_i64 nodes)
      : x_(static_cast<const T*>(s.x)),
        at_(static_cast<const I*>(s.at)),
        out_(static_cast<R*>(s.out)),
        counts_(s.counts),
        sums_(static_cast<R*>(s.sums)),
        nodes_(nodes) {}

  bool run(mg_run& run, int threads) const {
    const mg_i64 chunks = run.by_node.count, *bounds = run.by_node.bounds;
    if (chunks <= 1 || threads <= 1) return add_all();
    std::atomic<bool> good = true;
    in_parallel(run, chunks, [&](mg_i64 c) {
      empty(bounds[c], bounds[c + 1]);
      if (!kOffers && !in_range(bounds[c], bounds[c + 1])) good = false;
    });
    if constexpr (kOffers)
      in_parallel(run, chunks, [&](mg_i64 c) {
        if (!offer(bounds[c], bounds[c + 1])) good = false;
      });
    else if (good)
      in_parallel(run, threads, [&](mg_i64 t) { add_to(nodes_ * t / threads, nodes_ * (t + 1) / threads); });
    return good;
  }

 private:
  static constexpr bool kSums = Kind == MonoidKind::Sum || Kind == MonoidKind::Prod;
  /// What is there already need not be written: then threads may share the targets, and many elements that
  /// meet at one node only read it.
  static constexpr bool kOffers = !kSums;
  using R = std::conditional_t<Kind == MonoidKind::Sum && !std::is_floating_point_v<T>, std::int64_t, T>;
  static constexpr bool kShaped = kSums && std::is_floating_point_v<R>;
  using M = MonoidOf<Kind>;

  void empty(mg_i64 first, mg_i64 last) const {
    std::fill(out_ + first, out_ + last, M::template identity<R>());
    if constexpr (kShaped) std::fill(counts_ + first, counts_ + last, 0);
  }
  bool in_range(mg_i64 first, mg_i64 last) const {
    bool all = true;
    for (mg_i64 i = first; i < last; ++i) all &= in_range(i);
    return all;
  }
  bool in_range(mg_i64 i) const {
    return static_cast<std::uint64_t>(at_[i]) < static_cast<std::uint64_t>(nodes_);
  }

  bool add_all() const {
    const Loops self = *this;  // a copy that no store can change
    empty(0, nodes_);
    for (mg_i64 i = 0; i < self.nodes_; ++i) {
      if (!self.in_range(i)) return false;
      self.add(i);
    }
    finish(0, nodes_);
    return true;
  }

  void add(mg_i64 i) const {
    const auto v = static_cast<std::size_t>(at_[i]);
    if constexpr (kShaped) {
      const std::int32_t known = counts_[v]++;
      if (known > 0 && known % scalar::mg_row_segment == 0) {
        sums_[v] = known == scalar::mg_row_segment ? out_[v] : M::combine(sums_[v], out_[v]);
        out_[v] = M::template identity<R>();
      }
    }
    out_[v] = M::combine(out_[v], static_cast<R>(x_[i]));
  }
  void finish(mg_i64 first, mg_i64 last) const {
    if constexpr (kShaped)
      for (mg_i64 v = first; v < last; ++v)
        if (counts_[v] > scalar::mg_row_segment) out_[v] = M::combine(sums_[v], out_[v]);
  }

  /// All that goes to nodes [low, high). Which elements those are is found without a branch, since nobody
  /// could predict it.
  void add_to(mg_i64 low, mg_i64 high) const {
    int mine[kTile];
    for (mg_i64 first = 0; first < nodes_; first += kTile) {
      const mg_i64 count = std::min(kTile, nodes_ - first);
      int found = 0;
      for (mg_i64 i = 0; i < count; ++i) {
        mine[found] = static_cast<int>(i);
        found += at_[first + i] >= low && at_[first + i] < high;
      }
      for (int k = 0; k < found; ++k) add(first + mine[k]);
    }
    finish(low, high);
  }

  bool offer(mg_i64 first, mg_i64 last) const {
    for (mg_i64 i = first; i < last; ++i) {
      if (!in_range(i)) return false;
      const std::atomic_ref<R> to(out_[static_cast<std::size_t>(at_[i])]);
      R known = to.load(std::memory_order_relaxed);
      for (;;) {
        const R next = M::combine(known, static_cast<R>(x_[i]));
        if (std::memcmp(&next, &known, sizeof(R)) == 0) break;
        if (to.compare_exchange_weak(known, next, std::memory_order_relaxed)) break;
      }
    }
    return true;
  }

  const T* x_;
  const I* at_;
  R* out_;
  std::int32_t* counts_;
  R* sums_;
  mg_i64 nodes_;
};

template <MonoidKind Kind, class T>
bool run(const Scatter& s, mg_run& run, int threads) {
  if (s.index == ScalarType::I32) return Loops<Kind, T, std::int32_t>(s, run.nodes).run(run, threads);
  return Loops<Kind, T, std::int64_t>(s, run.nodes).run(run, threads);
}

template <MonoidKind Kind>
bool run_integers(const Scatter& s, mg_run& r, int threads) {
  if (s.element == ScalarType::I32) return run<Kind, std::int32_t>(s, r, threads);
  return run<Kind, std::int64_t>(s, r, threads);
}

template <MonoidKind Kind>
bool run_numbers(const Scatter& s, mg_run& r, int threads) {
  switch (s.element) {
    case ScalarType::I32:
      return run<Kind, std::int32_t>(s, r, threads);
    case ScalarType::I64:
      return run<Kind, std::int64_t>(s, r, threads);
    case ScalarType::F32:
      return run<Kind, float>(s, r, threads);
    case ScalarType::F64:
      return run<Kind, double>(s, r, threads);
    default:
      throw InternalError("scatter: a number is expected");
  }
}

}  // namespace

bool scatter(const Scatter& s, mg_run& r, int threads) {
  switch (s.monoid) {
    case MonoidKind::Sum:
      return s.element == ScalarType::Bool ? run<MonoidKind::Sum, bool>(s, r, threads)
                                           : run_numbers<MonoidKind::Sum>(s, r, threads);
    case MonoidKind::Prod:
      return run_numbers<MonoidKind::Prod>(s, r, threads);
    case MonoidKind::Min:
      return run_numbers<MonoidKind::Min>(s, r, threads);
    case MonoidKind::Max:
      return run_numbers<MonoidKind::Max>(s, r, threads);
    case MonoidKind::Any:
      return run<MonoidKind::Any, bool>(s, r, threads);
    case MonoidKind::All:
      return run<MonoidKind::All, bool>(s, r, threads);
    case MonoidKind::BitOr:
      return run_integers<MonoidKind::BitOr>(s, r, threads);
    case MonoidKind::BitAnd:
      return run_integers<MonoidKind::BitAnd>(s, r, threads);
  }
  throw InternalError("scatter: unknown monoid");
}

}  // namespace monograph::cpu
