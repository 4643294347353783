#include "host/codegen/stage_text.h"

#include <monograph/error.h>

#include <algorithm>

#include "host/codegen/device_text.h"

namespace monograph::codegen {

using plan::Aggregate;
using plan::Operation;
using plan::Place;
using plan::Reduction;
using Kind = Operation::Kind;

namespace {

std::string word_of(const Aggregate& a) {
  const char* kinds[] = {"", "count", "mode", "argmin", "argmax"};
  return std::string(ops::kDirectionNames[static_cast<std::size_t>(a.direction)]) + "_" +
         (a.kind == Aggregate::Kind::Fold ? std::string(ops::info(a.monoid).name)
                                          : kinds[static_cast<std::size_t>(a.kind)]);
}

std::string word_of(const Reduction& r) {
  const char* kinds[] = {"", "argmin", "argmax"};
  return r.kind == Reduction::Kind::Fold ? std::string(ops::info(r.monoid).name)
                                         : kinds[static_cast<std::size_t>(r.kind)];
}

std::string word_of(const plan::Stage& s) {
  const auto is_column = [](const Type& t) { return t.domain != Domain::Scalar; };
  if (!s.aggregates.empty()) return word_of(s.aggregates[0]);
  if (s.domain.domain == Domain::Scalar) return "scalar";
  if (s.reductions.empty() || std::ranges::any_of(s.result_types, is_column)) return "map";
  return "all_" + word_of(s.reductions[0]);
}

}  // namespace

std::string stage_name(const plan::Stage& s, const std::string& group) {
  const std::string type =
      s.result_types.empty() ? "check" : std::string(to_string(s.result_types[0].scalar));
  return "mg_" + group + "_" + word_of(s) + "_" + type;
}

std::string type_word(ScalarType t) { return t == ScalarType::I64 ? "mg_i64" : std::string(device_type(t)); }

std::string register_name(plan::Register r) { return "v" + std::to_string(r); }

std::string place_index(Place p) {
  switch (p) {
    case Place::Neighbor:
      return "u";
    case Place::Source:
      return "s";
    case Place::Edge:
      return "e";
    default:
      return "row";
  }
}

std::string monoid_name(ops::MonoidKind m) { return "mg_monoid_" + std::string(ops::info(m).name); }

std::string side_name(ops::Direction d) { return d == ops::Direction::Out ? "out" : "in"; }

bool mentions(const std::string& text, const std::string& word) {
  return text.find(word) != std::string::npos;
}

std::string operation_text(const Operation& o) {
  switch (o.kind) {
    case Kind::Constant:
      return device_literal(o.constant);
    case Kind::Argument:
      return "a" + std::to_string(o.index) + "[" + place_index(o.place) + "]";
    case Kind::Index:
      return type_word(o.type) + "(" + place_index(o.place) + ")";
    case Kind::NodeCount:
      return "run->nodes";
    case Kind::EdgeCount:
      return "run->edges";
    case Kind::Scalar: {
      std::string in[3];
      for (std::size_t i = 0; i < o.arity; ++i) in[i] = register_name(o.in[i]);
      return device_call(o.scalar, o.operand, o.type, std::span(in).first(o.arity));
    }
    default:
      throw InternalError("an operation stands where it cannot");
  }
}

}  // namespace monograph::codegen
