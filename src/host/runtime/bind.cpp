#include "host/runtime/bind.h"

#include <algorithm>
#include <limits>
#include <vector>

#include "host/base/nearest.h"
#include "host/ops/scalar.h"

namespace monograph::runtime {
namespace {

[[noreturn]] void fail(const ParameterInfo& p, const std::string& expected, const std::string& got) {
  throw UsageError("parameter " + p.name + ": expected " + expected + ", got " + got);
}

void check_names(const std::vector<ParameterInfo>& known, const Parameters& given) {
  std::vector<std::string_view> names;
  std::string list;
  for (const ParameterInfo& p : known) names.push_back(p.name), list += (list.empty() ? "" : ", ") + p.name;
  const auto check = [&](const std::string& name) {
    if (std::find(names.begin(), names.end(), name) != names.end()) return;
    const std::string_view near = base::nearest(name, names);
    throw UsageError("unknown parameter \"" + name + "\"" +
                     (near.empty() ? "" : "; did you mean \"" + std::string(near) + "\"?") +
                     " (known: " + (list.empty() ? "none" : list) + ")");
  };
  for (const auto& [name, value] : given.constants()) check(name);
  for (const auto& [name, value] : given.texts()) check(name);
}

Constant cast(const Constant& c, ScalarType to) {
  Constant out{to, 0};
  ops::evaluate_scalar(ops::ScalarOp::Cast, c.type, to, std::vector<ops::ScalarOperand>{{&c.bits, 0}},
                       &out.bits, 1);
  return out;
}

/// `given` as the parameter's type, where nothing is lost: converted back it is the same.
Constant convert(const ParameterInfo& p, const Constant& given) {
  const ScalarType want = p.fallback.type;
  if (given.type == want) return given;
  const Constant out = cast(given, want);
  const bool bool_and_number = given.type == ScalarType::Bool || want == ScalarType::Bool;
  // 2^63 as a float saturates to 2^63 - 1, which converts back to 2^63
  const bool saturated =
      want == ScalarType::I64 && out.as<std::int64_t>() == std::numeric_limits<std::int64_t>::max();
  const bool nan = is_float(given.type) && is_float(want) && to_string(given) == "nan";
  if (bool_and_number || (saturated && given.type != ScalarType::I64) ||
      (cast(out, given.type) != given && !nan))
    fail(p, std::string(to_string(want)), to_string(given));
  return out;
}

bool at_most(const Constant& a, const Constant& b) {
  bool yes = false;
  ops::evaluate_scalar(ops::ScalarOp::Le, a.type, ScalarType::Bool,
                       std::vector<ops::ScalarOperand>{{&a.bits, 0}, {&b.bits, 0}}, &yes, 1);
  return yes;
}

void check_bounds(const ParameterInfo& p, const Constant& c) {
  if (p.minimum && !at_most(*p.minimum, c)) fail(p, "at least " + to_string(*p.minimum), to_string(c));
  if (p.maximum && !at_most(c, *p.maximum)) fail(p, "at most " + to_string(*p.maximum), to_string(c));
}

Constant node(const ParameterInfo& p, std::optional<std::int32_t> index, const std::string& id) {
  if (!index) fail(p, "the id of a node of the graph", id);
  return Constant::of(*index);
}

Constant from_text(const ParameterInfo& p, const std::string& text, const Graph& graph) {
  if (p.is_node) return node(p, graph.ids().find(std::string_view(text)), "\"" + text + "\"");
  Constant c;
  if (!parse_constant(text, p.fallback.type, c))
    fail(p, std::string(to_string(p.fallback.type)), "\"" + text + "\"");
  return c;
}

Constant from_constant(const ParameterInfo& p, const Constant& given, const Graph& graph) {
  if (!p.is_node) return convert(p, given);
  if (!is_integer(given.type)) fail(p, "the id of a node", to_string(given));
  const std::int64_t id = given.type == ScalarType::I32 ? given.as<std::int32_t>() : given.as<std::int64_t>();
  return node(
      p,
      graph.ids().is_text() ? graph.ids().find(std::string_view(std::to_string(id))) : graph.ids().find(id),
      std::to_string(id));
}

}  // namespace

std::map<std::string, Constant, std::less<>> bind_parameters(const std::vector<ParameterInfo>& known,
                                                             const Parameters& given, const Graph& graph) {
  if (!given.constants().empty() || !given.texts().empty()) check_names(known, given);
  std::map<std::string, Constant, std::less<>> bound;
  for (const ParameterInfo& p : known) {
    Constant c = p.fallback;
    if (const auto text = given.texts().find(p.name); text != given.texts().end())
      c = from_text(p, text->second, graph);
    else if (const auto value = given.constants().find(p.name); value != given.constants().end())
      c = from_constant(p, value->second, graph);
    check_bounds(p, c);
    bound.emplace(p.name, c);
  }
  return bound;
}

}  // namespace monograph::runtime
