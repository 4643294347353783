#include <set>
#include <tuple>

#include "host/ops/op_def.h"
#include "host/runtime/profile.h"

namespace monograph::runtime {
namespace {

using plan::Aggregate;
using plan::Operation;
using plan::Place;

class Count {
 public:
  Count(const plan::Stage& stage, const Graph& graph) : stage_(stage), graph_(graph) {}

  Traffic run() {
    rows_ = ops::element_count(stage_.domain, graph_.node_count(), graph_.edge_count());
    if (stage_.domain.domain == Domain::Scalar) return {};
    if (stage_.domain.domain == Domain::Edges) walk(ops::Direction::Out, true);
    add(stage_.row, rows_, ops::Direction::Out);
    for (const Aggregate& a : stage_.aggregates) {
      const bool offsets_alone = a.kind == Aggregate::Kind::Count;
      walk(a.direction, !offsets_alone);
      if (!offsets_alone) add(a.edge, edges(a.direction), a.direction);
    }
    for (std::size_t i = 0; i < stage_.results.size(); ++i)
      if (const Type& t = stage_.result_types[i]; t.domain != Domain::Scalar)
        traffic_.written += rows_ * size_of(t.scalar);
    return traffic_;
  }

 private:
  std::int64_t edges(ops::Direction d) const {
    return graph_.edge_count() * (d == ops::Direction::Both && !graph_.undirected() ? 2 : 1);
  }

  /// Offsets, and neighbours' indices; those that several aggregates walk count once.
  void walk(ops::Direction d, bool neighbors) {
    if (d == ops::Direction::Both) {
      walk(ops::Direction::In, neighbors);
      return graph_.undirected() ? void() : walk(ops::Direction::Out, neighbors);
    }
    if (graph_.undirected()) d = ops::Direction::Out;
    if (walked_.insert({d, false}).second) traffic_.read += 8 * graph_.node_count();
    if (neighbors && walked_.insert({d, true}).second) traffic_.read += 4 * graph_.edge_count();
  }

  void add(plan::Range range, std::int64_t times, ops::Direction d) {
    for (plan::Register r = range.begin; r < range.end; ++r) {
      const Operation& o = stage_.code[r];
      if (o.kind == Operation::Kind::Take) {
        gather(rows_, stage_.arguments[o.index].scalar);
      } else if (o.kind == Operation::Kind::Argument && o.place != Place::Scalar) {
        const bool row = o.place == Place::Row;
        if (!seen_.insert({o.index, o.place, row ? ops::Direction::Out : d}).second) continue;
        if (row || o.place == Place::Edge)
          traffic_.read += (row ? rows_ : times) * size_of(stage_.arguments[o.index].scalar);
        else
          gather(times, stage_.arguments[o.index].scalar);
      }
    }
  }

  void gather(std::int64_t times, ScalarType t) {
    traffic_.read += times * size_of(t);
    (size_of(t) == 8 ? traffic_.gathers8 : traffic_.gathers4) += times;
  }

  const plan::Stage& stage_;
  const Graph& graph_;
  std::int64_t rows_ = 0;
  Traffic traffic_;
  std::set<std::pair<ops::Direction, bool>> walked_;
  std::set<std::tuple<std::uint32_t, Place, ops::Direction>> seen_;
};

}  // namespace

Traffic traffic_of(const plan::Stage& stage, const Graph& graph) { return Count(stage, graph).run(); }

}  // namespace monograph::runtime
