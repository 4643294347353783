#include "host/ops/dispatch.h"
#include "host/ops/signature.h"

namespace monograph::ops {
namespace {

enum : std::size_t { kName, kDefault, kMinimum, kMaximum, kRole };

const AttrSpec kAttrs[] = {  // not constexpr: a string has an address of its own
    name_attr("by which a run sets it"),
    {.name = "default",
     .kind = AttrKind::Constant,
     .doc = "the value when the run gives none; its type is the parameter's"},
    {.name = "minimum", .kind = AttrKind::Constant, .doc = "least value allowed", .required = false},
    {.name = "maximum", .kind = AttrKind::Constant, .doc = "greatest value allowed", .required = false},
    enum_attr("role", "node: the run gives a node id, the value is the node's index as i32", kRoleNames, 0),
    {.name = "doc",
     .kind = AttrKind::String,
     .doc = "one line for the user",
     .fallback = std::string{},
     .required = false}};

bool less(const Constant& a, const Constant& b) {
  return dispatch(a.type, [&]<class T>(std::type_identity<T>) { return a.as<T>() < b.as<T>(); });
}

/// A limit, checked to have the parameter's type and not to exclude the default.
const Constant* limit(const InferContext& c, std::size_t attr, const Constant& fallback) {
  const auto* bound = std::get_if<Constant>(&c.attrs[attr]);
  if (!bound) return nullptr;
  const std::string name(c.op.attrs[attr].name);
  if (bound->type != fallback.type)
    c.fail(name + " of the default's type " + std::string(to_string(fallback.type)),
           std::string(to_string(bound->type)));
  if (attr == kMinimum ? less(fallback, *bound) : less(*bound, fallback))
    c.fail("a default within the limits", to_string(fallback) + " with " + name + " " + to_string(*bound));
  return bound;
}

std::vector<Type> infer(const InferContext& c) {
  name_of(c, kName);
  const Constant& fallback = std::get<Constant>(c.attrs[kDefault]);
  const bool limited = static_cast<int>(limit(c, kMinimum, fallback) != nullptr) |
                       static_cast<int>(limit(c, kMaximum, fallback) != nullptr);
  if (c.enumeration<Role>(kRole) == Role::Node) {
    if (fallback.type != ScalarType::I32)
      c.fail("an i32 node index as default of a node parameter", std::string(to_string(fallback.type)));
    if (limited) c.fail("no limits on a node parameter", "minimum or maximum");
  }
  return {scalar_of(fallback.type)};
}

void evaluate(EvalContext& c) {
  c.results[0].column.set(0, c.run.parameter(std::get<std::string>(c.attrs[kName])));
}

}  // namespace

extern const OpDef parameter{.name = "core.parameter",
                             .doc = "a scalar that each run may set by name",
                             .access = Access::Source,
                             .attrs = kAttrs,
                             .bound = true,
                             .infer = infer,
                             .evaluate = evaluate};

}  // namespace monograph::ops
