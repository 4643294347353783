#include "host/plan/masks.h"

#include <algorithm>
#include <optional>

namespace monograph::plan {
namespace {

using Kind = Operation::Kind;
using ops::ScalarOp;
using Conditions = std::vector<RowCondition>;

bool is(const Operation& o, ScalarOp what) { return o.kind == Kind::Scalar && o.scalar == what; }

/// Walks the row code from its results back: of each register, the conditions without which its value does
/// not matter.
class Masks {
 public:
  explicit Masks(const Stage& s) : s_(s), asked_(s.code.size()) {
    for (const Register r : s.results) ask(r, {});
    for (const Reduction& r : s.reductions) ask(r.value, {});
    for (const Aggregate& a : s.aggregates)
      if (a.own != kNoRegister) ask(a.own, {});
    for (Register r = s.row.end; r-- > s.row.begin;) {
      if (s.code[r].kind == Kind::Take) ask(r, {});  // it may fail, whoever asks
      if (asked_[r]) pass_on(r);
    }
  }

  Conditions of(Register r) const { return asked_[r].value_or(Conditions{}); }

 private:
  void ask(Register r, const Conditions& conditions) {
    if (!s_.is_row(r)) return;
    if (!asked_[r]) {
      asked_[r] = conditions;
      return;
    }
    std::erase_if(*asked_[r], [&](const RowCondition& c) {
      return std::find(conditions.begin(), conditions.end(), c) == conditions.end();
    });
  }

  void ask_if(Register r, Register condition, bool value) {
    Conditions c = *asked_[user_];
    c.push_back({condition, value});
    ask(r, c);
  }

  void pass_on(Register user) {
    user_ = user;
    const Operation& o = s_.code[user];
    if (is(o, ScalarOp::Where)) {
      ask(o.in[0], *asked_[user]);
      ask_if(o.in[1], o.in[0], true);
      ask_if(o.in[2], o.in[0], false);
    } else if (is(o, ScalarOp::And) || is(o, ScalarOp::Or)) {
      ask_if(o.in[0], o.in[1], is(o, ScalarOp::And));
      ask_if(o.in[1], o.in[0], is(o, ScalarOp::And));
    } else {
      for (std::size_t i = 0; i < o.arity; ++i) ask(o.in[i], *asked_[user]);
    }
  }

  const Stage& s_;
  std::vector<std::optional<Conditions>> asked_;  ///< nothing: no one asks
  Register user_ = kNoRegister;
};

/// Row registers that can be had before any edge is walked, and cannot fail.
std::vector<bool> early_registers(const Stage& s) {
  std::vector<bool> early(s.code.size());
  for (Register r = s.row.begin; r < s.row.end; ++r) {
    const Operation& o = s.code[r];
    early[r] = o.kind != Kind::Aggregate && o.kind != Kind::Take;
    for (std::size_t i = 0; i < o.arity; ++i)
      if (s.is_row(o.in[i]) && !early[o.in[i]]) early[r] = false;
  }
  return early;
}

}  // namespace

std::vector<RowCondition> mask_of(const Stage& s, std::uint32_t aggregate) {
  if (s.aggregates[aggregate].kind == Aggregate::Kind::Count) return {};  // which walks no edges
  if (s.takes(s.aggregates[aggregate].edge)) return {};
  const Masks masks(s);
  const std::vector<bool> early = early_registers(s);
  std::optional<Conditions> all;
  for (Register r = s.row.begin; r < s.row.end; ++r) {
    if (s.code[r].kind != Kind::Aggregate || s.code[r].index != aggregate) continue;
    const Conditions c = masks.of(r);
    if (!all) all = c;
    std::erase_if(*all, [&](const RowCondition& x) { return std::find(c.begin(), c.end(), x) == c.end(); });
  }
  if (!all) return {};
  std::erase_if(*all, [&](const RowCondition& c) { return !s.is_row(c.condition) || !early[c.condition]; });
  if (all->size() > kConditionsAtMost) all->resize(kConditionsAtMost);
  return *all;
}

}  // namespace monograph::plan
