// How programs are stored, for the archives of base/archive.h. Operations, attributes and enumerators go by
// their names: adding or reordering them changes no stored program.
#pragma once

#include <algorithm>

#include "host/base/archive.h"
#include "host/ir/program.h"
#include "host/ir/syntax.h"

namespace monograph {

/// "f64[V]"
template <class A, base::Like<Type> T>
void represent(A& a, T& type) {
  std::string text;
  if constexpr (!A::kReading) text = to_string(type);
  a.value(text);
  if constexpr (A::kReading)
    if (!parse_type(text, type)) a.fail("a type such as f64[V]", base::shown(text));
}

/// "0.85:f64"
template <class A, base::Like<Constant> C>
void represent(A& a, C& constant) {
  std::string text;
  if constexpr (!A::kReading) text = ir::constant_text(constant);
  a.value(text);
  if constexpr (A::kReading)
    if (!ir::read_constant(text, constant)) a.fail("a constant such as 0.85:f64", base::shown(text));
}

template <class A, base::Like<Location> L>
void fields(A& a, L& l) {
  a.field("file", l.file);
  a.sparse("line", l.line);
  a.sparse("column", l.column);
}

}  // namespace monograph

namespace monograph::ops {

/// The name.
template <class A, base::Like<OpId> Id>
void represent(A& a, Id& id) {
  std::string name;
  if constexpr (!A::kReading) name = def(id).name;
  a.value(name);
  if constexpr (A::kReading) {
    const auto known = find_op(name);
    if (!known) a.fail("the name of an operation", base::shown(name));
    id = *known;
  }
}

}  // namespace monograph::ops

namespace monograph::ir {

/// In text "7", "7:1" (result 1 of node 7), "a0" (argument 0) or "-" (absent).
std::string value_text(ValueId v);
bool read_value(std::string_view text, ValueId& out);

template <class A, base::Like<ValueId> V>
void represent(A& a, V& v) {
  if constexpr (A::kText) {
    std::string text;
    if constexpr (!A::kReading) text = value_text(v);
    a.value(text);
    if constexpr (A::kReading)
      if (!read_value(text, v)) a.fail("a value such as \"7\", \"7:1\", \"a0\" or \"-\"", base::shown(text));
  } else {
    a.value(v.node);
    a.value(v.result);
  }
}

/// One attribute of a node: absent, or a value of the kind that its signature says.
template <class N>
struct AttrSlot {
  const ops::AttrSpec& spec;
  std::conditional_t<std::is_const_v<N>, const Attr, Attr>& attr;
};

template <class T, class A, class Slot>
void attr_value(A& a, Slot& slot) {
  if constexpr (A::kReading) slot.attr.template emplace<T>();
  a.value(std::get<T>(slot.attr));
}

template <class A, class N>
void attr_name(A& a, AttrSlot<N>& slot) {
  std::uint8_t index = 0;
  if constexpr (!A::kReading) index = std::get<ops::EnumValue>(slot.attr).index;
  if constexpr (A::kText || A::kDigest) {
    a.choice(index, slot.spec.names);
  } else {
    std::string name;
    if constexpr (!A::kReading) name = slot.spec.names[index];
    a.value(name);
    if constexpr (A::kReading) {
      const auto it = std::find(slot.spec.names.begin(), slot.spec.names.end(), name);
      if (it == slot.spec.names.end()) a.fail(base::one_of(slot.spec.names), base::shown(name));
      index = static_cast<std::uint8_t>(it - slot.spec.names.begin());
    }
  }
  if constexpr (A::kReading) slot.attr = ops::EnumValue{index};
}

template <class A, class N>
void represent(A& a, AttrSlot<N>& slot) {
  if (!a.present(!std::holds_alternative<std::monostate>(slot.attr))) return;
  switch (slot.spec.kind) {
    case ops::AttrKind::Bool:
      return attr_value<bool>(a, slot);
    case ops::AttrKind::Int:
      return attr_value<std::int64_t>(a, slot);
    case ops::AttrKind::String:
      return attr_value<std::string>(a, slot);
    case ops::AttrKind::Type:
      return attr_value<Type>(a, slot);
    case ops::AttrKind::Constant:
      return attr_value<Constant>(a, slot);
    case ops::AttrKind::Enum:
      return attr_name(a, slot);
  }
}

/// The attributes of a node by name.
template <class N>
struct AttrList {
  N& node;
};

template <class A, class N>
void fields(A& a, AttrList<N>& list) {
  const ops::OpDef& def = ops::def(list.node.op);
  if constexpr (A::kReading) list.node.attrs.assign(def.attrs.size(), Attr{});
  a.keys(def.attrs.size());
  for (std::size_t i = 0; i < def.attrs.size(); ++i) {
    AttrSlot<N> slot{def.attrs[i], list.node.attrs[i]};
    a.key(def.attrs[i].name, slot);
  }
}

template <class A, base::Like<Node> N>
void fields(A& a, N& n) {
  a.field("op", n.op);
  a.sparse("operands", n.operands);
  AttrList<N> attrs{n};
  a.field("attrs", attrs, ops::def(n.op).attrs.empty());
  a.sparse("regions", n.regions);
  a.sparse("results", n.results);
  a.note("where", n.where);
}

template <class A, base::Like<Region> R>
void fields(A& a, R& r) {
  a.sparse("args", r.args);
  a.field("nodes", r.nodes);
  a.sparse("results", r.results);
}

template <class A, base::Like<Program> P>
void fields(A& a, P& p) {
  a.field("name", p.name);
  a.field("regions", p.regions);
}

}  // namespace monograph::ir
