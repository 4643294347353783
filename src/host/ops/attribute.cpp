#include "host/ops/attribute.h"

#include <algorithm>
#include <string>

#include "host/ops/dispatch.h"
#include "host/ops/scalar_math.h"

namespace monograph::ops {
namespace {

constexpr bool widens(ScalarType from, ScalarType to) {
  using enum ScalarType;
  return from == to || from == Bool || (from == I32 && (to == I64 || to == F64)) ||
         ((from == F32 || from == I64) && to == F64);
}

std::string_view element_of(Domain domain) { return domain == Domain::Nodes ? "node" : "edge"; }

std::string names_that_exist(const Graph& graph, Domain domain) {
  const auto names = domain == Domain::Nodes ? graph.node_attribute_names() : graph.edge_attribute_names();
  if (names.empty()) return "the graph has none";
  std::string text = "the graph has ";
  for (std::size_t i = 0; i < names.size(); ++i) text += (i ? ", \"" : "\"") + names[i] + "\"";
  return text;
}

[[noreturn]] void fail_input(const EvalContext& c, const std::string& what) {
  const std::string message = std::string(c.op.name) + ": " + what;
  if (c.where.file.empty()) throw InputError(message);
  throw InputError(c.where, message);
}

void fill(Column& out, const Constant& value) {
  dispatch(out.type(), [&]<class T>(std::type_identity<T>) {
    const auto to = out.span<T>();
    std::fill(to.begin(), to.end(), value.as<T>());
  });
}

void widen_into(Column& out, const Column& stored) {
  dispatch(stored.type(), [&]<class From>(std::type_identity<From>) {
    dispatch(out.type(), [&]<class To>(std::type_identity<To>) {
      const auto from = stored.span<From>();
      std::transform(from.begin(), from.end(), out.span<To>().begin(),
                     [](From v) { return scalar::mg_cast<To, From>(v); });
    });
  });
}

}  // namespace

std::vector<Type> infer_load(const InferContext& c, Domain domain) {
  name_of(c, kLoadName);
  const Type& type = std::get<Type>(c.attrs[kLoadType]);
  if (type.domain != Domain::Scalar) c.fail("an element type as attribute type", to_string(type));
  if (const auto* fallback = std::get_if<Constant>(&c.attrs[kLoadDefault]);
      fallback && fallback->type != type.scalar)
    c.fail("a default of " + std::string(to_string(type.scalar)), std::string(to_string(fallback->type)));
  Type column = type;
  column.domain = domain;
  return {column};
}

void evaluate_load(EvalContext& c, Domain domain) {
  const std::string& name = std::get<std::string>(c.attrs[kLoadName]);
  const std::string what = std::string(element_of(domain)) + " attribute \"" + name + "\"";
  Column& out = c.results[0].column;
  const Column* stored = c.run.attribute(name, domain);
  if (!stored) {
    const auto* fallback = std::get_if<Constant>(&c.attrs[kLoadDefault]);
    if (!fallback) fail_input(c, "there is no " + what + "; " + names_that_exist(c.run.graph(), domain));
    return fill(out, *fallback);
  }
  if (!widens(stored->type(), out.type()))
    fail_input(c, what + " holds " + std::string(to_string(stored->type())) + ", which does not widen to " +
                      std::string(to_string(out.type())) + "; load it as it is and cast");
  if (stored->size() != out.size())
    throw InternalError(what + " has " + std::to_string(stored->size()) + " elements, not " +
                        std::to_string(out.size()));
  if (stored->type() == out.type())
    out = *stored;
  else
    widen_into(out, *stored);
}

}  // namespace monograph::ops
