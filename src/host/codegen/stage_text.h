// How a stage's operations are spelled, where host text and device text say the same.
#pragma once

#include <string>
#include <vector>

#include "host/plan/stage.h"

namespace monograph::codegen {

/// An element type as one word, so that it can stand in front of a parenthesis.
std::string type_word(ScalarType t);
/// "v7"
std::string register_name(plan::Register r);
/// The index with which a column is read at a place: "row", "u", "s" or "e".
std::string place_index(plan::Place p);
/// "mg_pagerank_in_sum_f64": what it does, as profilers show it.
std::string stage_name(const plan::Stage& stage, const std::string& group);
/// "mg_monoid_sum"
std::string monoid_name(ops::MonoidKind m);
/// The rows of a direction; of both: those that come first.
std::string side_name(ops::Direction d);
/// Does the text have this word in it?
bool mentions(const std::string& text, const std::string& word);
/// A constant, an argument that is a column, an index, a count, or a table row of other registers.
/// InternalError for operations that each kind of text spells in its own way.
std::string operation_text(const plan::Operation& operation);
/// The operations [code.begin, code.end) as declarations, one a line, after `indent`; `spell` gives the
/// expression of a register.
template <class Spell>
std::string declarations(const plan::Stage& stage, plan::Range code, const std::string& indent, Spell spell) {
  std::string text;
  for (plan::Register r = code.begin; r < code.end; ++r)
    text +=
        indent + "const " + type_word(stage.code[r].type) + " " + register_name(r) + " = " + spell(r) + ";\n";
  return text;
}
/// What register `r` needs of this part of the code, and itself, as declarations.
template <class Spell>
std::string declarations_of(const plan::Stage& stage, plan::Range part, plan::Register r,
                            const std::string& indent, Spell spell) {
  std::vector<bool> needed(stage.code.size());
  if (r >= part.begin && r < part.end) needed[r] = true;
  std::string text;
  for (plan::Register i = r + 1; i-- > part.begin;)
    for (int k = 0; needed[i] && k < stage.code[i].arity; ++k)
      needed[stage.code[i].in[static_cast<std::size_t>(k)]] = true;
  for (plan::Register i = part.begin; i <= r && i < part.end; ++i)
    if (needed[i]) text += declarations(stage, {i, i + 1}, indent, spell);
  return text;
}
/// Of the row's code.
template <class Spell>
std::string declarations_of(const plan::Stage& stage, plan::Register r, const std::string& indent,
                            Spell spell) {
  return declarations_of(stage, stage.row, r, indent, spell);
}

}  // namespace monograph::codegen
