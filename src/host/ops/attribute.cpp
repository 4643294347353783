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

[[noreturn]] void fail_input(const Location& where, Domain domain, const std::string& what) {
  const std::string message = (domain == Domain::Nodes ? "attr.load_node: " : "attr.load_edge: ") + what;
  if (where.file.empty()) throw InputError(message);
  throw InputError(where, message);
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

template <Domain From>
void bind_load(const Graph& graph, std::span<const Attr> attrs, const Location& where) {
  const std::string& name = std::get<std::string>(attrs[kLoadName]);
  const ScalarType type = std::get<Type>(attrs[kLoadType]).scalar;
  const std::string what = std::string(element_of(From)) + " attribute \"" + name + "\"";
  const Column* stored = From == Domain::Nodes ? graph.node_attribute(name) : graph.edge_attribute(name);
  if (!stored && !std::holds_alternative<Constant>(attrs[kLoadDefault]))
    fail_input(where, From, "there is no " + what + "; " + names_that_exist(graph, From));
  if (stored && !widens(stored->type(), type))
    fail_input(where, From,
               what + " holds " + std::string(to_string(stored->type())) + ", which does not widen to " +
                   std::string(to_string(type)) + "; load it as it is and cast");
}
template void bind_load<Domain::Nodes>(const Graph&, std::span<const Attr>, const Location&);
template void bind_load<Domain::Edges>(const Graph&, std::span<const Attr>, const Location&);

void evaluate_load(EvalContext& c, Domain domain) {
  Column& out = c.results[0].column;
  const Column* stored = c.run.attribute(std::get<std::string>(c.attrs[kLoadName]), domain);
  if (!stored) return fill(out, std::get<Constant>(c.attrs[kLoadDefault]));
  if (stored->size() != out.size())
    throw InternalError("an attribute of " + std::to_string(stored->size()) + " elements, not " +
                        std::to_string(out.size()));
  if (stored->type() == out.type())
    out = *stored;
  else
    widen_into(out, *stored);
}

}  // namespace monograph::ops
