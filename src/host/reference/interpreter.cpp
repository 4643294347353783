#include "host/reference/interpreter.h"

#include "host/ir/builder.h"
#include "host/ir/evaluation.h"

namespace monograph::reference {

using ir::ValueId;
using ops::Value;

Interpreter::Values Interpreter::region(const ir::Program& p, ir::RegionIndex index, Values args) {
  const ir::Region& r = p.regions[index];
  std::vector<Values> values(r.nodes.size());
  const auto at = [&](ValueId v) -> const Value* {
    if (v.is_none()) return nullptr;
    return v.is_argument() ? &args[v.result] : &values[v.node][v.result];
  };
  for (std::size_t i = 0; i < r.nodes.size(); ++i) {
    std::vector<const Value*> operands;
    for (ValueId v : r.nodes[i].operands) operands.push_back(at(v));
    values[i] = node(p, r, r.nodes[i], std::move(operands));
  }
  Values results;
  for (ValueId v : r.results) results.push_back(*at(v));
  return results;
}

Interpreter::Values Interpreter::node(const ir::Program& p, const ir::Region& r, const ir::Node& n,
                                      std::vector<const Value*> operands) {
  const ops::OpDef& def = ops::def(n.op);
  if (def.expand) {
    Values args;
    for (const Value* v : operands) args.push_back(v ? *v : Value{});
    return region(expansion(r, n), 1, std::move(args));
  }
  Values results;
  for (const Type& t : n.results) {
    // control operations replace their results; everything else fills these
    const bool filled = def.access != ops::Access::Control;
    results.push_back({t, filled ? Column(t.scalar, ops::element_count(t, run_.graph().node_count(),
                                                                       run_.graph().edge_count()))
                                 : Column()});
  }
  ops::EvalContext context = ir::evaluation_of(n, operands, results, run_);
  context.region = [&](std::size_t i, Values args) { return region(p, n.regions.at(i), std::move(args)); };
  def.evaluate(context);
  return results;
}

const ir::Program& Interpreter::expansion(const ir::Region& r, const ir::Node& n) {
  std::unique_ptr<ir::Program>& known = expansions_[&n];
  if (known) return *known;
  ir::Builder b("expansion");
  std::vector<Type> args;
  ir::Node on_arguments = n;
  for (std::size_t i = 0; i < n.operands.size(); ++i) {
    args.push_back(n.operands[i].is_none() ? Type{} : ir::type_of(r, n.operands[i]));
    if (!n.operands[i].is_none()) on_arguments.operands[i] = ValueId::argument(static_cast<std::uint32_t>(i));
  }
  const ir::RegionIndex body = b.add_region(std::move(args));
  b.set_results(body, {ir::expand(b, body, on_arguments)});
  known = std::make_unique<ir::Program>(b.program());
  return *known;
}

}  // namespace monograph::reference
