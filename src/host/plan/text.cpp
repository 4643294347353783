// Plans and stages as text, for people.
#include <algorithm>

#include "host/plan/active_set.h"
#include "host/plan/early_exit.h"
#include "host/plan/masks.h"
#include "host/plan/plan.h"

namespace monograph::plan {
namespace {

std::string_view name_of(Aggregate::Kind k) {
  constexpr std::string_view kNames[] = {"fold", "count", "mode", "argmin", "argmax"};
  return kNames[static_cast<std::size_t>(k)];
}

std::string slots_text(const std::vector<SlotId>& slots) {
  std::string text;
  for (SlotId s : slots)
    text += (text.empty() ? "" : " ") + (s == kNoSlot ? std::string("-") : "s" + std::to_string(s));
  return text;
}

std::string moves_text(const std::vector<Move>& moves) {
  std::string text;
  for (const Move& m : moves)
    text += (text.empty() ? "" : ", ") + std::string("s") + std::to_string(m.to) +
            (m.take ? " takes s" : " = s") + std::to_string(m.from);
  return text;
}

/// "graph.neighbor_agg, core.add x3, core.reduce x2": what a group does, each operation once.
std::string operations_text(const ir::Region& group) {
  std::vector<std::pair<std::string_view, int>> counts;
  for (const ir::Node& n : group.nodes) {
    const std::string_view name = ops::def(n.op).name;
    const auto known = std::ranges::find(counts, name, &std::pair<std::string_view, int>::first);
    if (known == counts.end())
      counts.emplace_back(name, 1);
    else
      ++known->second;
  }
  std::string text;
  for (const auto& [name, count] : counts)
    text += (text.empty() ? "" : ", ") + std::string(name) + (count > 1 ? " x" + std::to_string(count) : "");
  return text;
}

class PlanText {
 public:
  explicit PlanText(const Plan& plan) : plan_(plan) {}

  std::string run() {
    block(0, 2);
    std::string slots;
    for (SlotId s = 0; s < plan_.slots.size(); ++s)
      if (plan_.slots[s].kind == Slot::Kind::Buffer && plan_.slots[s].type.domain != Domain::Scalar)
        slots += (slots.empty() ? "" : ", ") + std::string("s") + std::to_string(s) + " " +
                 to_string(plan_.slots[s].type);
    return "plan \"" + plan_.name() + "\"\n  columns: " + (slots.empty() ? "none" : slots) + "\n" + text_;
  }

 private:
  void line(int indent, const std::string& s) {
    text_ += std::string(static_cast<std::size_t>(indent), ' ') + s + "\n";
  }

  void block(BlockIndex index, int indent) {
    for (const Step& s : plan_.blocks[index].steps) step(index, s, indent);
    if (const auto& leave = plan_.blocks[index].leave; !leave.empty())
      line(indent, "moves " + moves_text(leave));
  }

  void step(BlockIndex index, const Step& s, int indent) {
    const ir::Node& n = plan_.program.regions[plan_.blocks[index].region].nodes[s.node];
    switch (s.kind) {
      case Step::Kind::Group:
        return group(n, s, indent);
      case Step::Kind::Host:
        return line(indent, std::string(ops::def(n.op).name) + " " + slots_text(s.in) +
                                (s.out.empty() ? "" : " -> " + slots_text(s.out)));
      case Step::Kind::While:
        line(indent, "while s" + std::to_string(s.in[0]) + ", at most s" + std::to_string(s.in[1]) +
                         " times" + (s.enter.empty() ? "" : "; first " + moves_text(s.enter)));
        line(indent + 2, active_text(index, s));
        return block(s.blocks[0], indent + 2);
      case Step::Kind::If:
        line(indent, "if s" + std::to_string(s.in[0]));
        block(s.blocks[0], indent + 2);
        line(indent, "else");
        return block(s.blocks[1], indent + 2);
    }
  }

  std::string active_text(BlockIndex index, const Step& loop) const {
    const auto& steps = plan_.blocks[index].steps;
    const ActiveSetAnswer answer = active_set(plan_, index, static_cast<std::size_t>(&loop - steps.data()));
    if (!answer.set) return "all rows each time: " + answer.reason;
    std::string text = "active rows: those that read a changed one";
    if (const auto& offers = answer.set->offers) {
      text += "; each changed one offers its value by " + std::string(ops::info(offers->combine).name);
      if (offers->bounded) text += ", or rows look until they meet the best one";
    }
    return text;
  }

  static std::string aggregate_text(const Stage& stage, std::uint32_t k) {
    const Aggregate& a = stage.aggregates[k];
    return std::string(name_of(a.kind)) + " " +
           std::string(ops::kDirectionNames[static_cast<std::size_t>(a.direction)]) +
           (first_decides(stage, a) ? " to the first match" : "") +
           (mask_of(stage, k).empty() ? "" : " where asked for");
  }

  void group(const ir::Node& n, const Step& s, int indent) {
    const Stage stage = lower(plan_.program, n.regions[0]);
    const bool rows = stage.domain.domain != Domain::Scalar;
    std::string what = "group over " + (rows ? to_string(stage.domain).substr(3) : std::string("scalars"));
    for (std::uint32_t k = 0; k < stage.aggregates.size(); ++k) what += ", " + aggregate_text(stage, k);
    if (!stage.reductions.empty()) what += ", " + std::to_string(stage.reductions.size()) + " reductions";
    if (s.together) what += ", in parallel with the step before";
    if (s.once) what += ", kept for the next run";
    line(indent, what + ": " + slots_text(s.in) + " -> " + slots_text(s.out));
    line(indent + 2, operations_text(plan_.program.regions[n.regions[0]]));
  }

  const Plan& plan_;
  std::string text_;
};

}  // namespace

std::string to_text(const Plan& plan) { return PlanText(plan).run(); }

}  // namespace monograph::plan
