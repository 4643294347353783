// Columns that edge code gathers side by side become halves of one record: two of i32 or f32 at the same end
// of an edge are one of i64, packed once per node and gathered once per edge. Floats travel as their bits;
// bool is left alone: its column is a fourth of the other and stays in cache where that does not.
//
// It pays where memory is the limit: two gathers of random elements are two lines of memory, one is one. What
// it costs are a few operations per edge, and one more column written per iteration. So it is done only
//   in a loop, of columns that the loop carries and computes anew: `rotate` lets the iteration that makes
//   them write the record too, so that there is no further pass over the nodes;
//   where every aggregate that needs one of the two needs both.
// Measured on two cores with 2 MiB of cache each, one thread, `max((a[src] & a[dst]) ^ b[src])`: separate
// columns took 1.35 and 1.46 times as long as records, compiled, and 1.20 and 1.09 in tiles (a million nodes
// and 16 million edges, uniform and rmat-20); 1.19 and 1.00 where all fits into the cache. A second aggregate
// that needs one column alone lost in tiles (0.82 on rmat-16), which is why there is the second condition.
#include <algorithm>
#include <optional>
#include <set>

#include "host/passes/partition.h"
#include "host/passes/passes.h"
#include "host/passes/rebuild.h"

namespace monograph::passes {
namespace {

using ir::Node;
using ir::OpId;
using ir::Region;
using ir::ValueId;
using ops::ScalarOp;

bool is_node(ValueId v) { return !v.is_none() && !v.is_argument(); }
bool is_gather(const Node& n) { return n.op == OpId::GatherSrc || n.op == OpId::GatherDst; }

/// Finds what can be packed in a loop's body.
class Search {
 public:
  Search(const Region& body, std::uint32_t carried)
      : body_(body), carried_(carried), readers_(body.nodes.size()), elsewhere_(body.nodes.size(), false) {
    find_readers();
  }

  /// Pairs of gathers, the earlier one first.
  std::vector<std::pair<std::uint32_t, std::uint32_t>> run() const {
    std::vector<std::pair<std::uint32_t, std::uint32_t>> pairs;
    std::vector<bool> taken(body_.nodes.size(), false);
    for (std::uint32_t a = 0; a < taken.size(); ++a)
      for (std::uint32_t b = a + 1; b < taken.size() && !taken[a] && can_pack(a); ++b)
        if (!taken[b] && can_pack(b) && belong_together(a, b)) {
          taken[a] = taken[b] = true;
          pairs.emplace_back(a, b);
        }
    return pairs;
  }

 private:
  /// Of each edge value the aggregates for which it is computed, and whether anything else reads it.
  void find_readers() {
    const auto read = [&](ValueId v, std::size_t by) {
      if (!is_node(v)) return;
      const Node& n = body_.nodes[by];
      const bool edges = !n.results.empty() && n.results[0].domain == Domain::Edges;
      if (is_aggregate(n))
        readers_[v.node].insert(static_cast<std::uint32_t>(by));
      else if (edges && ops::def(n.op).access == ops::Access::Elementwise)
        readers_[v.node].insert(readers_[by].begin(), readers_[by].end());
      if (!is_aggregate(n) && (elsewhere_[by] || !edges || ops::def(n.op).access != ops::Access::Elementwise))
        elsewhere_[v.node] = true;
    };
    for (ValueId v : body_.results)
      if (is_node(v)) elsewhere_[v.node] = true;
    for (std::size_t i = body_.nodes.size(); i-- > 0;)
      for (ValueId v : body_.nodes[i].operands) read(v, i);
  }

  /// Does node `i` gather, at the neighbour of each of its readers, a column of 32-bit numbers that each
  /// iteration computes?
  bool can_pack(std::uint32_t i) const {
    const Node& n = body_.nodes[i];
    if (!is_gather(n) || elsewhere_[i] || readers_[i].empty()) return false;
    const ScalarType t = n.results[0].scalar;
    if (t != ScalarType::I32 && t != ScalarType::F32) return false;
    const auto neighbor = n.op == OpId::GatherSrc ? ops::Direction::In : ops::Direction::Out;
    const ValueId x = n.operands[0];
    return x.is_argument() && x.result >= 1 && x.result <= carried_ && is_node(body_.results[x.result]) &&
           std::ranges::all_of(readers_[i],
                               [&](std::uint32_t a) { return direction_of(body_.nodes[a]) == neighbor; });
  }

  bool belong_together(std::uint32_t a, std::uint32_t b) const {
    const Node &x = body_.nodes[a], &y = body_.nodes[b];
    return x.op == y.op && x.operands != y.operands && readers_[a] == readers_[b];
  }

  const Region& body_;
  const std::uint32_t carried_;
  std::vector<std::set<std::uint32_t>> readers_;  // per node
  std::vector<bool> elsewhere_;                   // per node
};

/// A body whose pairs of gathers read records.
class Packing {
 public:
  Packing(ir::Builder& out, ir::RegionIndex region) : out_(out), region_(region), from_(out.region(region)) {}

  bool run(std::uint32_t carried) {
    const auto pairs = Search(from_, carried).run();
    if (pairs.empty()) return false;
    out_.region(region_) = {.args = from_.args, .nodes = {}, .results = {}};
    ValueMap moved(from_);
    for (std::uint32_t i = 0; i < from_.nodes.size(); ++i) {
      const auto pair = std::ranges::find_if(pairs, [&](const auto& p) { return p.first == i; });
      if (pair != pairs.end()) {
        const auto [high, low] = halves(from_.nodes[i], from_.nodes[pair->second]);
        moved.set(i, high, 1);
        moved.set(pair->second, low, 1);
      } else if (std::ranges::none_of(pairs, [&](const auto& p) { return p.second == i; })) {
        Node n = from_.nodes[i];
        n.operands = moved(std::move(n.operands));
        const std::size_t results = n.results.size();
        moved.set(i, out_.emit(region_, std::move(n)), results);
      }
    }
    out_.set_results(region_, moved(from_.results));
    return true;
  }

 private:
  ValueId op(ScalarOp which, std::vector<ValueId> operands) {
    return out_.emit(region_, ops::scalar_id(which), std::move(operands), {}, where_);
  }
  ValueId cast(ValueId v, ScalarType to) {
    return out_.emit(region_, ops::scalar_id(ScalarOp::Cast), {v}, {scalar_of(to)}, where_);
  }
  ValueId number(std::int64_t k) { return out_.constant(region_, Constant::of(k), where_); }

  /// A column of 32-bit numbers in the lower half of i64; what the upper half holds does not count.
  ValueId widened(const Node& gather) {
    const ValueId v = gather.operands[0];
    const bool real = gather.results[0].scalar == ScalarType::F32;
    return cast(real ? op(ScalarOp::ToBits, {v}) : v, ScalarType::I64);
  }
  /// The reverse, of edge values.
  ValueId narrowed(ValueId record, const Node& gather) {
    const ValueId half = cast(record, ScalarType::I32);
    return gather.results[0].scalar == ScalarType::F32 ? op(ScalarOp::FromBits, {half}) : half;
  }

  /// What two gathers of arguments yield, from one gather of records.
  std::pair<ValueId, ValueId> halves(const Node& high, const Node& low) {
    where_ = ir::merge(high.where, low.where);
    const ValueId width = number(32);
    const ValueId upper = op(ScalarOp::Shl, {widened(high), width});
    const ValueId lower = op(ScalarOp::BitAnd, {widened(low), number(0xffffffff)});
    const ValueId record = op(ScalarOp::BitOr, {upper, lower});
    const ValueId gathered = out_.emit(region_, high.op, {record}, {}, where_);
    const ValueId shifted = op(ScalarOp::Shr, {gathered, width});
    return {narrowed(shifted, high), narrowed(gathered, low)};
  }

  ir::Builder& out_;
  const ir::RegionIndex region_;
  const Region from_;  // as it was
  std::vector<Location> where_;
};

}  // namespace

ir::Program pack(const ir::Program& program) {
  ir::Builder out(program.name);
  bool packed = false;
  copy_region(program, 0, out, 0, [&](ir::RegionIndex r, Node n) {
    if (n.op == OpId::While) {
      const auto carried = static_cast<std::uint32_t>(std::get<std::int64_t>(n.attrs[0]));
      packed = Packing(out, n.regions[0]).run(carried) || packed;
    }
    const std::size_t results = n.results.size();
    return values_from(out.emit(r, std::move(n)), results);
  });
  return packed ? rotate(out.finish()) : program;
}

}  // namespace monograph::passes
