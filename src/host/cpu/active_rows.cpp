// Loops in tiles that compute only the rows that read a changed one: see plan/active_set.h.
#include <array>
#include <chrono>
#include <limits>

#include "host/cpu/host_rows.h"
#include "host/cpu/instance.h"
#include "host/ops/dispatch.h"

namespace monograph::cpu {

using plan::ActiveSet;
using plan::SlotId;
using plan::Step;
using scalar::mg_active_loop;
using scalar::mg_i64;
using scalar::mg_value;

namespace {

// Where a graph has fewer edges, a pass over all of them costs less than lists.
constexpr std::int64_t kFromEdges = 4096;
constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::max();

/// What a reduction comes to that counts changed rows.
mg_value counted(const ActiveSet::Change& change, const plan::Reduction& r,
                 const scalar::mg_changes& changes) {
  using Kind = ActiveSet::Change::Kind;
  const mg_i64 n = change.kind == Kind::Differs ? changes.differs
                   : change.kind == Kind::Less  ? changes.less
                                                : changes.greater;
  mg_value v{};
  if (r.type == ScalarType::Bool)
    v.b = n != 0;
  else
    v.l = n;
  return v;
}

}  // namespace

/// Lists for the loops that use them.
void Instance::make_active_room(ActiveRows active) {
  run_.active.from_edges = kNever;
  if (!program_->has_active_sets() || active == ActiveRows::Never) return;
  run_.active.from_edges = active == ActiveRows::Always ? 0 : kFromEdges;
  run_.active.always = active == ActiveRows::Always;
  if (run_.edges < run_.active.from_edges) return;
  const Type lists = nodes_of(ScalarType::I32), marks = nodes_of(ScalarType::Bool);
  for (const Type& t : {lists, lists, marks}) active_room_.push_back(make_column(t));
  run_.active.changed = static_cast<int*>(active_room_[0].data());
  run_.active.active = static_cast<int*>(active_room_[1].data());
  run_.active.marked = static_cast<unsigned char*>(active_room_[2].data());
}

bool Instance::active_body(const Step& loop, const ActiveSet& set, mg_active_loop& state) {
  using Clock = std::chrono::steady_clock;
  const plan::BlockIndex body = loop.blocks[0];
  const Step& s = program_->plan().blocks[body].steps[0];
  const PreparedStep& prepared = program_->step(body, 0);
  const TileCall call{prepared.tiles.get(), s.in, s.out};
  const auto start = times_ ? Clock::now() : Clock::time_point();
  bool goes_on = true;
  ops::dispatch(set.type, [&]<class T>(std::type_identity<T>) {
    goes_on = active_group<T>(prepared.stage, call, set, state);
  });
  if (times_) {
    StepTime& time = (*times_)[body][0];
    time.ns += std::chrono::duration_cast<std::chrono::nanoseconds>(Clock::now() - start).count();
    ++time.calls;
  }
  return goes_on;
}

template <class T>
bool Instance::active_group(const plan::Stage& stage, const TileCall& call, const ActiveSet& set,
                            mg_active_loop& state) {
  const T* now = static_cast<const T*>(columns_[call.in[set.argument]]);
  T* next = static_cast<T*>(columns_[call.out[set.result]]);
  if (!scalar::mg_narrow(&run_, state, scalar::mg_pull_weight)) {
    if (!run_tiles(run_, std::span(&call, 1))) return false;
    scalar::mg_find_changed(&run_, state, now, next);
    return true;
  }
  struct Group {
    const TileCall* call;
    scalar::mg_run* run;
    static void rows(const Group& g, const int* list, mg_i64 count, unsigned char* workspace) {
      run_listed_rows(*g.run, *g.call, list, count, workspace);
    }
  };
  scalar::mg_catch_up(&run_, state, now, next);
  scalar::mg_pull_active(&run_, Group{&call, &run_}, state, now, next);
  std::array<mg_value, plan::kChangesAtMost> reductions;
  for (std::size_t k = 0; k < set.changes.size(); ++k)
    reductions[k] = counted(set.changes[k], stage.reductions[k], state.changes);
  finish_with(run_, call, std::span(reductions).first(set.changes.size()));
  return true;
}

}  // namespace monograph::cpu
