// How plans are stored, for the archives of base/archive.h.
#pragma once

#include "host/ir/archive.h"
#include "host/plan/plan.h"

namespace monograph::plan {

inline constexpr std::string_view kSlotKindNames[] = {"buffer",     "constant",   "parameter",
                                                      "node_count", "edge_count", "attribute"};
inline constexpr std::string_view kStepKindNames[] = {"group", "host", "while", "if"};
inline std::span<const std::string_view> names_of(Slot::Kind) { return kSlotKindNames; }
inline std::span<const std::string_view> names_of(Step::Kind) { return kStepKindNames; }

template <class A, base::Like<Slot> S>
void fields(A& a, S& s) {
  a.field("kind", s.kind);
  a.field("type", s.type);
  a.sparse("region", s.region);
  a.sparse("node", s.node);
}

template <class A, base::Like<Move> M>
void fields(A& a, M& m) {
  a.field("to", m.to);
  a.field("from", m.from);
  a.sparse("take", m.take);
}

template <class A, base::Like<Step> S>
void fields(A& a, S& s) {
  a.field("kind", s.kind);
  a.field("node", s.node);
  a.sparse("in", s.in);
  a.sparse("out", s.out);
  a.sparse("blocks", s.blocks);
  a.sparse("enter", s.enter);
  a.sparse("together", s.together);
  a.sparse("once", s.once);
}

template <class A, base::Like<Block> B>
void fields(A& a, B& b) {
  a.field("region", b.region);
  a.sparse("arguments", b.arguments);
  a.sparse("results", b.results);
  a.field("steps", b.steps);
  a.sparse("leave", b.leave);
}

/// An optimisation level. `T` is int, const or not.
template <class T>
struct Level {
  T& value;
};
template <class A, class T>
void represent(A& a, Level<T>& level) {
  a.value(level.value);
  if constexpr (A::kReading)
    if (level.value < 0 || level.value > 2) a.fail("a level: 0, 1 or 2", std::to_string(level.value));
}

/// A digest as text, or "" of a plan whose program was never written down. `T` is std::string, const or not.
template <class T>
struct DigestText {
  T& value;
};
template <class A, class T>
void represent(A& a, DigestText<T>& digest) {
  a.value(digest.value);
  if constexpr (A::kReading)
    if (!digest.value.empty() && (digest.value.size() != 32 ||
                                  digest.value.find_first_not_of("0123456789abcdef") != std::string::npos))
      a.fail("a digest: 32 digits 0-9a-f", base::shown(digest.value));
}

template <class A, base::Like<Plan> P>
void fields(A& a, P& p) {
  Level<std::remove_reference_t<decltype((p.level))>> level{p.level};
  DigestText<std::remove_reference_t<decltype((p.source_hash))>> source{p.source_hash};
  a.field("level", level);
  a.field("source_hash", source);
  a.field("program", p.program);
  a.field("slots", p.slots);
  a.field("blocks", p.blocks);
}

}  // namespace monograph::plan
