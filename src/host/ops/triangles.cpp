#include <array>

#include "host/ops/signature.h"
#include "host/ops/simple_view.h"

namespace monograph::ops {
namespace {

enum class Triangles : std::uint8_t { Each, Once, Arcs };
constexpr std::string_view kTrianglesNames[] = {"each", "once", "arcs"};
constexpr AttrSpec kAttrs[] = {enum_attr(
    "count",
    "each: triangles through the node; once: of every triangle the corner with the fewest edges (stored, "
    "entering and leaving; ties to the lowest index) counts it; arcs: directed edges between any two "
    "of its neighbours, parallel ones once",
    kTrianglesNames, 0)};

std::vector<Type> infer(const InferContext&) { return {nodes_of(ScalarType::I64)}; }

class Count {
 public:
  explicit Count(EvalContext& c)
      : out_(c.out<std::int64_t>()),
        how_(c.enumeration<Triangles>(0)),
        view_(c.run.graph()),
        at_(c.run.graph(), Direction::Both),
        leaving_(c.run.graph(), Direction::Out) {}

  void run() {
    for (std::int32_t a = 0; static_cast<std::size_t>(a) < out_.size(); ++a)
      for (const std::int32_t b : view_.row(a))
        if (a < b)
          for (const std::int32_t c : view_.common(a, b))
            if (b < c) triangle({a, b, c});
  }

 private:
  std::int64_t& count(std::int32_t v) { return out_[static_cast<std::size_t>(v)]; }
  bool leads(std::int32_t from, std::int32_t to) const {
    bool found = false;
    leaving_.for_each(from, [&](std::int32_t u, std::int64_t) { found = found || u == to; });
    return found;
  }
  void triangle(std::array<std::int32_t, 3> corner) {
    if (how_ == Triangles::Once) {
      const auto fewest = [&](std::int32_t v) { return std::pair(at_.size(v), v); };
      ++count(std::ranges::min(corner, {}, fewest));
      return;
    }
    for (std::size_t i = 0; i < 3; ++i) {
      const std::int32_t u = corner[(i + 1) % 3], v = corner[(i + 2) % 3];
      count(corner[i]) += how_ == Triangles::Each ? 1 : leads(u, v) + leads(v, u);
    }
  }

  std::span<std::int64_t> out_;
  Triangles how_;
  SimpleView view_;
  Neighborhoods at_, leaving_;
};

void evaluate(EvalContext& c) {
  std::ranges::fill(c.out<std::int64_t>(), std::int64_t{0});
  Count(c).run();
}

}  // namespace

extern const OpDef triangles{
    .name = "graph.triangles",
    .doc = "three nodes adjacent to each other, in whichever direction, counted at the nodes, i64[V]",
    .access = Access::Whole,
    .attrs = kAttrs,
    .walks = true,
    .infer = infer,
    .evaluate = evaluate};

}  // namespace monograph::ops
