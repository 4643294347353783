#include "host/codegen/host_aggregates.h"

#include "host/codegen/stage_text.h"
#include "host/plan/early_exit.h"

namespace monograph::codegen {
namespace {

using plan::Aggregate;
using plan::Operation;
using plan::Register;
using plan::Stage;
using Kind = Operation::Kind;

std::string number(std::uint64_t n) { return std::to_string(n); }
std::string cpp(ScalarType t) { return type_word(t); }
std::string value(Register r) { return register_name(r); }
std::string place_of(std::size_t k) { return "g" + number(k) + "[i]"; }
std::string smallest(bool yes) { return yes ? "true, " : "false, "; }

/// A row's edges of one direction: "first, last". Of the second direction there are none on an undirected
/// graph.
std::string extent(const std::string& side) { return side + ".offsets[row], " + side + ".offsets[row + 1]"; }
std::string second_extent(const Aggregate& a) {
  if (a.direction != ops::Direction::Both) return "0, 0";
  return "run->undirected ? 0 : out.offsets[row], run->undirected ? 0 : out.offsets[row + 1]";
}
std::string second_side(const Aggregate& a) {
  return a.direction == ops::Direction::Both ? "out" : side_name(a.direction);
}
std::string fold_types(const Aggregate& a) { return "<" + monoid_name(a.monoid) + ", " + cpp(a.type) + ">("; }

}  // namespace

bool reads_element(const std::string& code, const std::string& element) {
  return mentions(code, "[" + element + "]") || mentions(code, "(" + element + ")") ||
         mentions(code, ", " + element + ")");
}

AggregateText::AggregateText(const Stage& stage, std::size_t first_aggregate)
    : s_(stage), first_aggregate_(first_aggregate) {
  for (std::uint32_t k = 0; k < s_.aggregates.size(); ++k) masks_.push_back(plan::mask_of(s_, k));
}

std::string AggregateText::expression(Register r) const {
  const Operation& o = s_.code[r];
  if (o.kind == Kind::Take)
    return "mg_take(a" + number(o.index) + ", mg_i64(" + value(o.in[0]) + "), run->nodes, failed, " +
           number(o.node) + "ull, " + place_index(o.place) + ")";
  if (o.kind == Kind::Aggregate) return place_of(o.index);
  return operation_text(o);
}

std::string AggregateText::range(plan::Range code, const std::string& indent) const {
  return declarations(s_, code, indent, [&](Register r) { return expression(r); });
}

// ---- edges
std::string AggregateText::edge_lambda(Register result, plan::Range edge, const std::string& side) const {
  const std::string code = range(edge, "          ");
  std::string text = "[&](mg_i64 k) __attribute__((always_inline)) {\n";
  if (reads_element(code, "u")) text += "          const int u = " + side + ".neighbors[k];\n";
  if (reads_element(code, "e"))
    text += "          const mg_i64 e = " + side + ".edges ? " + side + ".edges[k] : k;\n";
  return text + code + "          return " + cpp(s_.code[result].type) + "(" + value(result) +
         ");\n        }";
}

/// A value of the row. It is row code, which runs later: what it needs is computed here a second time.
std::string AggregateText::row_value(Register r) const {
  return "[&]() __attribute__((always_inline)) {\n" +
         declarations_of(s_, r, "          ", [&](Register x) { return expression(x); }) +
         "          return " + value(r) + ";\n        }()";
}

std::string AggregateText::unless_asked(std::size_t k, const std::string& skip) const {
  std::string conditions;
  for (const plan::RowCondition& c : masks_[k])
    conditions +=
        (conditions.empty() ? "" : " || ") + std::string(c.value ? "!" : "") + row_value(c.condition);
  return conditions.empty() ? "" : "        if (" + conditions + ") { " + skip + " }\n";
}

/// What stands for an aggregate that nobody asks for.
std::string AggregateText::nothing(std::size_t k) const {
  const Aggregate& a = s_.aggregates[k];
  const std::string type = cpp(a.type);
  return place_of(k) + " = " +
         (a.kind == Aggregate::Kind::Fold ? monoid_name(a.monoid) + "::identity<" + type + ">()"
                                          : type + "(0)") +
         ";";
}

// ---- folds
/// What walks the edges of a row, a segment, or a row that is short because all rows of the graph are.
std::string AggregateText::fold_name(const Aggregate& a, const char* edges) const {
  return std::string("mg_fold_") + (plan::first_decides(s_, a) ? "first" : edges);
}

std::string AggregateText::of_segment(const Aggregate& a, const std::string& side) const {
  return fold_name(a, "segment") + fold_types(a) + "begin, end, " + edge_lambda(a.value, a.edge, side) + ")";
}

std::string AggregateText::hub_partials(std::size_t k, const std::string& side) const {
  return "mg_hub_partials(run, " + number(first_aggregate_ + k) + (side == "out" ? ", true)" : ", false)");
}

std::string AggregateText::fold_side(std::size_t k, const std::string& side) const {
  const Aggregate& a = s_.aggregates[k];
  return "mg_is_hub(" + side + ", row) ? mg_fold_hub" + fold_types(a) + side + ", row, " +
         hub_partials(k, side) + ") : " + fold_name(a, "row") + fold_types(a) + extent(side) + ", " +
         edge_lambda(a.value, a.edge, side) + ")";
}

/// The rows of one side, one loop for each side; `combine(` what the other one gave, or nothing.
std::string AggregateText::fold(std::size_t k, const std::string& side, const std::string& combine) const {
  const std::string skip = combine.empty() ? nothing(k) + " continue;" : "continue;";
  return short_rows(k, side, combine) + " else\n" +
         loop(k,
              "        " + place_of(k) + " = " + combine + fold_side(k, side) +
                  (combine.empty() ? ";\n" : ");\n"),
              skip);
}

/// Edges [k, last), and k = last.
std::string AggregateText::short_fold(const Aggregate& a) const {
  const std::string monoid = monoid_name(a.monoid), t = cpp(a.type);
  if (is_float(a.type) && (a.monoid == ops::MonoidKind::Sum || a.monoid == ops::MonoidKind::Prod))
    return t + " total = " + monoid + "::identity<" + t +
           ">();\n        for (; k < last; ++k) total = " + monoid + "::combine<" + t + ">(total, edge(k));";
  return "const " + t + " total = " + fold_name(a, "short") + fold_types(a) +
         "k, last, edge);\n        k = last;";
}

/// Where no row has more than one segment, a row begins where the one before it ended.
std::string AggregateText::short_rows(std::size_t k, const std::string& side,
                                      const std::string& combine) const {
  const Aggregate& a = s_.aggregates[k];
  const std::string skip = "k = last; " + (combine.empty() ? nothing(k) : std::string()) + " continue;";
  return "    if (__builtin_expect(" + side + ".longest <= mg_row_segment, 1)) {\n      mg_i64 k = " + side +
         ".offsets[first + i0];\n      for (mg_i64 i = i0; i < end; ++i) {\n        [[maybe_unused]] const "
         "mg_i64 row = first + i;\n        const mg_i64 last = " +
         side + ".offsets[first + i + 1];\n" + unless_asked(k, skip) +
         "        const auto edge = " + edge_lambda(a.value, a.edge, side) + ";\n        " + short_fold(a) +
         "\n        " + place_of(k) + " = " + combine + "total" + (combine.empty() ? "" : ")") +
         ";\n      }\n    }";
}

// ---- counts, modes, extremes: statements that set g<k>[i]
std::string AggregateText::count(std::size_t k) const {
  const Aggregate& a = s_.aggregates[k];
  const auto length = [](const std::string& side) {
    return side + ".offsets[row + 1] - " + side + ".offsets[row]";
  };
  std::string text = "        " + place_of(k) + " = " + length(side_name(a.direction));
  if (a.direction == ops::Direction::Both) text += " + (run->undirected ? 0 : " + length("out") + ")";
  return text + ";\n";
}

std::string AggregateText::mode(std::size_t k) const {
  const Aggregate& a = s_.aggregates[k];
  const std::string side = side_name(a.direction), other = second_side(a);
  const bool weighted = a.weight != plan::kNoRegister;
  const auto functions = [&](const std::string& at) {
    const std::string label = ", " + edge_lambda(a.value, a.edge, at);
    return weighted ? label + ", " + edge_lambda(a.weight, a.edge, at) : label;
  };
  std::string text =
      "        { const " + cpp(a.type) + " own = " + row_value(a.own) + ";\n        " + place_of(k) + " = ";
  text += weighted ? "mg_weighted_mode_row<" + cpp(a.type) + ", " + cpp(a.total) + ">("
                   : "mg_mode_row<" + cpp(a.type) + ">(";
  text += extent(side) + functions(side) + ", " + second_extent(a) + functions(other) + ", " +
          number(static_cast<unsigned>(a.ties));
  return text + (a.include_self ? ", true" : ", false") + ", own, workspace); }\n";
}

std::string AggregateText::arg_extreme(std::size_t k) const {
  const Aggregate& a = s_.aggregates[k];
  const auto walk = [&](const std::string& at) {
    return "mg_arg_row(" + extent(at) + ", " + at + ".neighbors, " + edge_lambda(a.value, a.edge, at) +
           ", best);\n";
  };
  std::string text = "        { mg_extreme<" + smallest(a.kind == Aggregate::Kind::ArgMin) +
                     cpp(s_.code[a.value].type) + "> best;\n        " + walk(side_name(a.direction));
  if (a.direction == ops::Direction::Both) text += "        if (!run->undirected) " + walk("out");
  if (a.include_self) text += "        best.offer(" + row_value(a.own) + ", row);\n";
  return text + "        " + place_of(k) + " = int(best.index); }\n";
}

std::string AggregateText::other(std::size_t k) const {
  switch (s_.aggregates[k].kind) {
    case Aggregate::Kind::Count:
      return count(k);
    case Aggregate::Kind::Mode:
      return mode(k);
    default:
      return arg_extreme(k);
  }
}

// ---- rows
std::string AggregateText::loop(std::size_t k, const std::string& row, const std::string& skip) const {
  return "      for (mg_i64 i = i0; i < end; ++i) {\n      const mg_i64 row = first + i;\n" +
         unless_asked(k, skip) + row + "    }\n";
}

std::string AggregateText::in_leaf(std::size_t k) const {
  const Aggregate& a = s_.aggregates[k];
  if (a.kind != Aggregate::Kind::Fold) return loop(k, other(k), nothing(k) + " continue;");
  std::string text = fold(k, side_name(a.direction), "");
  if (a.direction == ops::Direction::Both)
    text += "    if (!run->undirected) {\n" +
            fold(k, "out", monoid_name(a.monoid) + "::combine<" + cpp(a.type) + ">(" + place_of(k) + ", ") +
            "    }\n";
  return text;
}

std::string AggregateText::of_row(std::size_t k) const {
  const Aggregate& a = s_.aggregates[k];
  if (a.kind != Aggregate::Kind::Fold) return other(k);
  const std::string g = place_of(k);
  std::string text = "        " + g + " = " + fold_side(k, side_name(a.direction)) + ";\n";
  if (a.direction == ops::Direction::Both)
    text += "        if (!run->undirected) " + g + " = " + monoid_name(a.monoid) + "::combine<" +
            cpp(a.type) + ">(" + g + ", " + fold_side(k, "out") + ");\n";
  return text;
}

}  // namespace monograph::codegen
