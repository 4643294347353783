#include "host/codegen/device_active.h"

#include <algorithm>

#include "host/codegen/stage_text.h"

namespace monograph::codegen {

using plan::Step;

namespace {

bool adds_floats(const plan::Aggregate& a) {
  const bool adds = a.monoid == ops::MonoidKind::Sum || a.monoid == ops::MonoidKind::Prod;
  return a.kind == plan::Aggregate::Kind::Fold && adds && is_float(a.type);
}

}  // namespace

/// Sums of floats go on to change in their last digits; who waits until they do not counts the changes.
plan::ActiveSetAnswer device_active_set(const plan::Plan& plan, plan::BlockIndex block, std::size_t step) {
  plan::ActiveSetAnswer answer = plan::active_set(plan, block, step);
  if (!answer.set || !answer.set->changes.empty()) return answer;
  const plan::Block& body = plan.blocks[plan.blocks[block].steps[step].blocks[0]];
  const ir::Node& group = plan.program.regions[body.region].nodes[body.steps[0].node];
  if (std::ranges::any_of(plan::lower(plan.program, group.regions[0]).aggregates, adds_floats))
    return {{}, "it adds up floats, and does not ask whether they change"};
  return answer;
}

std::optional<ActiveRows> active_rows(const plan::Plan& plan, plan::BlockIndex block) {
  for (plan::BlockIndex b = 0; b < plan.blocks.size(); ++b)
    for (std::size_t i = 0; i < plan.blocks[b].steps.size(); ++i) {
      const Step& s = plan.blocks[b].steps[i];
      if (s.kind != Step::Kind::While || s.blocks[0] != block) continue;
      plan::ActiveSetAnswer answer = device_active_set(plan, b, i);
      if (!answer.set) return {};
      return ActiveRows{std::move(*answer.set), plan.blocks[block].arguments[0]};
    }
  return {};
}

bool has_active_rows(const plan::Plan& plan) {
  for (plan::BlockIndex b = 0; b < plan.blocks.size(); ++b)
    for (std::size_t i = 0; i < plan.blocks[b].steps.size(); ++i)
      if (plan.blocks[b].steps[i].kind == Step::Kind::While && device_active_set(plan, b, i).set) return true;
  return false;
}

std::string ActiveText::element() const { return type_word(set_.type); }

std::string ActiveText::now() const {
  const std::string a = std::to_string(set_.argument);
  return "mg_load<Static, " + a + ">(a" + a + ", row)";
}

std::string ActiveText::begin() const {
  return "  const mg_turn turn = mg_turn_of(run, iteration);\n  mg_u64 reach = 0;\n";
}

std::string ActiveText::begin_long() const {
  return "  const mg_turn turn = mg_turn_of(run, iteration);\n"
         "  const auto awake = [&](mg_i64 row) { return mg_awake(turn, row, true); };\n";
}

std::string ActiveText::is_here() const {
  return "      const bool there = row < end, here = mg_awake(turn, row, there);\n";
}

std::string ActiveText::before() const {
  return "      " + element() + " now = " + element() + "(), next = now;\n";
}

std::string ActiveText::changed() const {
  return "        now = " + now() + ", next = " + register_name(s_.results[set_.result]) + ";\n";
}

std::string ActiveText::after() const {
  const auto flag = [](bool yes) { return yes ? "true" : "false"; };
  return " else if (there) {\n        r" + std::to_string(set_.result) + "[row] = " + now() +
         ";\n      }\n      mg_mark_readers<" + flag(set_.reads_in) + ", " + flag(set_.reads_out) + ", " +
         flag(set_.settles) + ">(run, turn, row, here, now, next, reach);\n";
}

std::string ActiveText::end_rows() const { return "  mg_add_reach(run, reach);\n"; }

std::string ActiveText::finish() const { return "mg_end_turn(run, turn);\n"; }

}  // namespace monograph::codegen
