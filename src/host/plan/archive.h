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

template <class A, base::Like<Plan> P>
void fields(A& a, P& p) {
  a.field("level", p.level);
  a.field("source_hash", p.source_hash);
  a.field("program", p.program);
  a.field("slots", p.slots);
  a.field("blocks", p.blocks);
}

}  // namespace monograph::plan
