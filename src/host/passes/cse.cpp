// Common subexpressions: equal pure operations on equal operands become one, within a region and from an
// inner region to the ones around it. There the inner region captures what is known outside before it runs.
// The iteration and carried values of a loop are new in each iteration and known nowhere outside, so nothing
// that follows from them leaves; operations with effects are never compared. Values of edges that stand in a
// branch stay there: an aggregate computes them edge by edge, while a capture has to be a column of all
// edges, made whether the branch is taken or not.
#include <algorithm>

#include "host/passes/passes.h"
#include "host/passes/rebuild.h"

namespace monograph::passes {
namespace {

using ir::Node;
using ir::Program;
using ir::Region;
using ir::RegionIndex;
using ir::ValueId;

class Sharing {
 public:
  explicit Sharing(const Program& p) : from_(p), out_(p.name, {.fold = false, .share = true}) {}

  Program run() {
    Scope entry{.region = 0, .around = nullptr, .outside = {}, .branch = false};
    copy(0, entry);
    return out_.finish();
  }

 private:
  /// A region while it is copied. `outside[a]` is what argument a always is in the region around it, or none.
  struct Scope {
    RegionIndex region = 0;
    Scope* around = nullptr;
    std::vector<ValueId> outside;
    bool branch = false;
  };

  void copy(RegionIndex source, Scope& scope) {
    const Region& r = from_.regions[source];
    ValueMap moved(r);
    const auto argument_once = [&](ValueId v) {
      v = moved(v);
      return v.is_argument() ? first_alike(scope, v) : v;
    };
    for (std::size_t i = 0; i < r.nodes.size(); ++i) {
      Node n = r.nodes[i];
      for (ValueId& v : n.operands) v = argument_once(v);
      const std::size_t results = n.results.size();
      ValueId first = ValueId::none();
      if (n.regions.empty())
        first = find(scope, n);
      else
        copy_regions(n, scope);
      if (first.is_none()) first = out_.emit(scope.region, std::move(n));
      moved.set(i, first, results);
    }
    std::vector<ValueId> values;
    for (ValueId v : r.results) values.push_back(argument_once(v));
    out_.set_results(scope.region, std::move(values));
  }

  /// The first argument that is the same value outside.
  static ValueId first_alike(const Scope& scope, ValueId argument) {
    if (argument.result >= scope.outside.size() || scope.outside[argument.result].is_none()) return argument;
    const auto first = std::ranges::find(scope.outside, scope.outside[argument.result]);
    return ValueId::argument(static_cast<std::uint32_t>(first - scope.outside.begin()));
  }

  /// The regions of `n`, which stands in `home`; what they capture in addition becomes operands of it.
  void copy_regions(Node& n, Scope& home) {
    const std::size_t offset = ops::def(n.op).argument_offset;
    Scope inside{.region = 0, .around = &home, .outside = {}, .branch = n.op == ir::OpId::If};
    inside.outside.assign(n.operands.begin() + static_cast<std::ptrdiff_t>(offset), n.operands.end());
    if (n.op == ir::OpId::While)
      std::fill_n(inside.outside.begin(), 1 + std::get<std::int64_t>(n.attrs[0]), ValueId::none());
    const std::size_t before = inside.outside.size();
    std::vector<Type> args = from_.regions[n.regions[0]].args;
    for (RegionIndex& r : n.regions) {
      inside.region = out_.add_region(args);
      copy(r, inside);
      args = out_.region(inside.region).args;
      r = inside.region;
    }
    for (RegionIndex r : n.regions)
      out_.region(r).args = args;  // captures of one branch are the other's as well
    n.operands.insert(n.operands.end(), inside.outside.begin() + static_cast<std::ptrdiff_t>(before),
                      inside.outside.end());
  }

  /// The value of an equal operation, in this region or captured from around it; else none.
  ValueId find(Scope& scope, const Node& n) {
    const ValueId here = out_.find(scope.region, n);
    if (!here.is_none() || !scope.around || n.op == ir::OpId::Constant || is_free_column(n)) return here;
    if (scope.branch && n.results[0].domain == Domain::Edges) return here;
    Node around = n;
    for (ValueId& v : around.operands) {
      if (v.is_none()) continue;
      v = known_around(scope, v);
      if (v.is_none()) return v;
    }
    const ValueId found = find(*scope.around, around);
    return found.is_none() ? found : capture(scope, found);
  }

  /// A value of the region as one of the region around it.
  ValueId known_around(const Scope& scope, ValueId v) const {
    if (v.is_argument()) return scope.outside[v.result];
    const Node& n = out_.region(scope.region).nodes[v.node];
    return n.op == ir::OpId::Constant ? out_.find(scope.around->region, n) : ValueId::none();
  }

  ValueId capture(Scope& scope, ValueId outside) {
    const auto known = std::ranges::find(scope.outside, outside);
    const auto argument = static_cast<std::uint32_t>(known - scope.outside.begin());
    if (known == scope.outside.end()) {
      out_.region(scope.region).args.push_back(out_.type(scope.around->region, outside));
      scope.outside.push_back(outside);
    }
    return ValueId::argument(argument);
  }

  const Program& from_;
  ir::Builder out_;
};

}  // namespace

ir::Program cse(const ir::Program& program) { return Sharing(program).run(); }

}  // namespace monograph::passes
