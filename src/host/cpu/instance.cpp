#include "host/cpu/instance.h"

#include <monograph/error.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstring>

#include "host/base/ranges.h"
#include "host/cpu/host_rows.h"
#include "host/cpu/parallel.h"
#include "host/ir/evaluation.h"
#include "host/ops/dispatch.h"
#include "host/plan/schedule.h"
#include "host/plan/step_name.h"

namespace monograph::cpu {

using plan::Slot;
using plan::SlotId;
using plan::Step;
using scalar::mg_i64;

namespace {

constexpr std::int64_t kPartialBytes = 16;

bool is_buffer(const Slot& s) { return s.kind == Slot::Kind::Buffer && s.type.domain != Domain::Scalar; }

void set_scalar(scalar::mg_value& to, const Constant& c) {
  ops::dispatch(c.type, [&]<class T>(std::type_identity<T>) {
    if constexpr (sizeof(T) == 8 && !std::is_floating_point_v<T>)
      to.l = c.as<T>();
    else
      scalar::mg_get<T>(to) = c.as<T>();
  });
}

}  // namespace

Instance::Instance(std::shared_ptr<const PlanProgram> program, const Graph& graph, int threads,
                   ActiveRows active)
    : program_(std::move(program)),
      layout_(*program_, graph, threads),
      threads_(layout_.useful_threads()),
      whole_(graph, threads_) {
  const auto& slots = program_->plan().slots;
  layout_.bind(run_);
  columns_.resize(slots.size());
  attributes_.resize(slots.size());
  scalars_.resize(slots.size());
  moving_scalars_.resize(slots.size());
  moving_columns_.resize(slots.size());
  for (SlotId s = 0; s < slots.size(); ++s) {
    if (!is_buffer(slots[s])) continue;
    memory_.push_back(make_column(slots[s].type));
    columns_[s] = memory_.back().data();
  }
  for (const Step& step : program_->plan().blocks[0].steps)
    if (step.once)
      for (SlotId s : step.out) kept_.push_back(columns_[s]);
  make_scatter_room();
  make_active_room(active);
  partial_.resize(static_cast<std::size_t>(kPartialBytes * layout_.leaves()) *
                  std::max<std::size_t>(program_->reductions(), 1));
  hub_partial_.resize(8 * static_cast<std::size_t>(layout_.hub_segments()) * program_->aggregates());
  const std::int64_t bytes = program_->workspace_bytes(layout_.longest_row());
  for (int t = 0; t < threads_; ++t)
    workspaces_.emplace_back(ScalarType::Bool, std::max<std::int64_t>(bytes, 64));
  run_.column = columns_.data();
  run_.scalar = scalars_.data();
  run_.partial = partial_.data();
  run_.hub_partial = hub_partial_.data();
  run_.workspace = static_cast<unsigned char*>(workspaces_[0].data());
  run_.workspace_bytes = bytes;
  run_.parallel = on_parallel;
  run_.begin_iteration = on_iteration;
  run_.end_loop = on_loop_end;
  run_.host_step = on_host_step;
  run_.self = this;
}

Column Instance::make_column(const Type& t) {
  ++allocations_;
  return Column(t.scalar, elements(t));
}

std::int64_t Instance::elements(const Type& t) const {
  return ops::element_count(t, layout_.graph().node_count(), layout_.graph().edge_count());
}

void Instance::run(const Graph& graph, ops::RunContext& context, CompiledPlan compiled) {
  run_.context = &context;
  run_.stopped = nullptr;
  run_.failed = ~0ull;
  run_.reporting = 0;
  renew_given_away();
  bind_values(graph);
  run_.warm = warm_;
  const bool stopped = compiled ? compiled(&run_) != 0 : !block(0);
  if (stopped) std::rethrow_exception(run_.stopped);
  warm_ = true;
}

// ---- binding

/// Columns that a result still shares are the user's: this run gets others.
void Instance::renew_given_away() {
  for (Column& m : memory_) {
    const void* old = std::as_const(m).data();
    if (!m.shared() || std::ranges::find(kept_, old) != kept_.end()) continue;
    Column fresh(m.type(), m.size());
    ++allocations_;
    for (SlotId s = 0; s < columns_.size(); ++s)
      if (columns_[s] == old) columns_[s] = fresh.data();
    m = std::move(fresh);
  }
}

void Instance::bind_values(const Graph& graph) {
  const plan::Plan& p = program_->plan();
  for (SlotId s = 0; s < p.slots.size(); ++s) {
    const Slot& slot = p.slots[s];
    const auto attribute = [&](std::size_t i) -> const ops::Attr& {
      return p.program.regions[slot.region].nodes[slot.node].attrs[i];
    };
    switch (slot.kind) {
      case Slot::Kind::Buffer:
        break;
      case Slot::Kind::Constant:
        set_scalar(scalars_[s], std::get<Constant>(attribute(0)));
        break;
      case Slot::Kind::Parameter:
        set_scalar(scalars_[s], run_.context->parameter(std::get<std::string>(attribute(0))));
        break;
      case Slot::Kind::NodeCount:
        scalars_[s].l = run_.nodes;
        break;
      case Slot::Kind::EdgeCount:
        scalars_[s].l = run_.edges;
        break;
      case Slot::Kind::Attribute:
        bind_attribute(s, graph);
        break;
    }
  }
}

/// The graph's own column where it has the type, else one made of it.
void Instance::bind_attribute(SlotId s, const Graph& graph) {
  const Slot& slot = this->slot(s);
  const ir::Node& n = program_->plan().program.regions[slot.region].nodes[slot.node];
  const auto& name = std::get<std::string>(n.attrs[0]);
  const Column* column =
      slot.type.domain == Domain::Nodes ? graph.node_attribute(name) : graph.edge_attribute(name);
  if (column && column->type() == slot.type.scalar) {
    attributes_[s] = *column;
  } else {
    std::vector<ops::Value> results{{slot.type, make_column(slot.type)}};
    ops::EvalContext c = ir::evaluation_of(n, {}, results, *run_.context);
    c.op.evaluate(c);
    attributes_[s] = std::move(results[0].column);
  }
  columns_[s] = const_cast<void*>(std::as_const(attributes_[s]).data());  // read only: no step writes it
}

// ---- callbacks

int Instance::on_iteration(scalar::mg_run* run, mg_i64 iteration) {
  auto& r = static_cast<Run&>(*run);
  try {
    r.context->begin_iteration(iteration);
    return 0;
  } catch (...) {
    r.stopped = std::current_exception();
    return 1;
  }
}

void Instance::on_loop_end(scalar::mg_run* run, mg_i64 iterations, int finished) {
  static_cast<Run&>(*run).context->end_loop(iterations, finished != 0);
}

int Instance::on_host_step(scalar::mg_run* run, int block, int step) {
  auto& r = static_cast<Run&>(*run);
  return r.self->host(static_cast<plan::BlockIndex>(block), static_cast<std::size_t>(step)) ? 0 : 1;
}

void Instance::on_parallel(scalar::mg_run* run, mg_i64 chunks, void (*body)(void*, mg_i64, unsigned char*),
                           void* context) {
  struct Call {
    Instance* self;
    void (*body)(void*, mg_i64, unsigned char*);
    void* context;
  } call{static_cast<Run&>(*run).self, body, context};
  parallel_for(
      call.self->threads_, chunks,
      [](void* c, std::int64_t chunk, int thread) {
        const auto& job = *static_cast<Call*>(c);
        auto& space = job.self->workspaces_[static_cast<std::size_t>(thread)];
        job.body(job.context, chunk, static_cast<unsigned char*>(space.data()));
      },
      &call);
}

// ---- control

bool Instance::block(plan::BlockIndex index) {
  const plan::Block& b = program_->plan().blocks[index];
  for (std::size_t i = 0, end = 0; i < b.steps.size(); i = end) {
    end = times_ ? i + 1 : plan::end_of_wave(b, i);  // what is timed runs one after another
    const bool wave = end > i + 1;
    if (!(wave ? groups(index, i, end) : times_ ? timed_step(index, i) : step(index, i))) return false;
  }
  return true;
}

bool Instance::timed_step(plan::BlockIndex index, std::size_t at) {
  using Clock = std::chrono::steady_clock;
  if (warm_ && program_->plan().blocks[index].steps[at].once) return step(index, at);  // known already
  const base::Range range(base::profiled() ? plan::step_name(program_->plan(), index, at) : std::string());
  const auto start = Clock::now();
  const bool goes_on = step(index, at);
  StepTime& time = (*times_)[index][at];
  time.ns += std::chrono::duration_cast<std::chrono::nanoseconds>(Clock::now() - start).count();
  ++time.calls;
  return goes_on;
}

bool Instance::step(plan::BlockIndex index, std::size_t at) {
  const Step& s = program_->plan().blocks[index].steps[at];
  switch (s.kind) {
    case Step::Kind::Group:
      return groups(index, at, at + 1);
    case Step::Kind::Host:
      return runner_ && runner_->runs(index, at) ? groups_by_runner(index, at, at + 1) : host(index, at);
    case Step::Kind::While:
      if (const auto end = runner_ ? runner_->run_loop(run_, index, at) : std::nullopt) return ended(*end);
      return loop(s, program_->step(index, at));
    case Step::Kind::If:
      return branch(s);
  }
  return false;
}

/// Groups that may run at once. At most one of them can fail.
bool Instance::groups(plan::BlockIndex index, std::size_t first, std::size_t end) {
  if (runner_) return groups_by_runner(index, first, end);
  std::array<TileCall, plan::kWaveWidth> calls;
  std::size_t count = 0, check = first;
  for (std::size_t at = first; at < end; ++at) {
    const Step& s = program_->plan().blocks[index].steps[at];
    if (s.once && warm_) continue;
    const PreparedStep& prepared = program_->step(index, at);
    calls[count++] = {prepared.tiles.get(), s.in, s.out};
    if (prepared.checks) check = at;
  }
  return run_tiles(run_, std::span(calls).first(count)) || host(index, check);
}

bool Instance::groups_by_runner(plan::BlockIndex index, std::size_t first, std::size_t end) {
  for (std::size_t at = first; at < end; ++at) {
    if (program_->plan().blocks[index].steps[at].once && warm_) continue;
    if (!runner_->run(run_, index, at)) return host(index, at);
  }
  return true;
}

bool Instance::loop(const Step& s, const PreparedStep& prepared) {
  const plan::Block& body = program_->plan().blocks[s.blocks[0]];
  const bool begin = scalars_[s.in[0]].b;
  const mg_i64 most = scalars_[s.in[1]].l;
  move(prepared.enter);
  const plan::ActiveSet* active = prepared.active && !runner_ ? &*prepared.active : nullptr;
  scalar::mg_active_loop state{};
  if (active) state = {active->reads_in, active->reads_out, active->settles};
  bool go = begin;
  mg_i64 i = 0;
  for (; go && i < most; ++i) {
    if (on_iteration(&run_, i)) return false;
    scalars_[body.arguments[0]].l = i;
    if (!(active ? active_body(s, *active, state) : block(s.blocks[0]))) return false;
    go = scalars_[body.results[0]].b;
    move(program_->leave(s.blocks[0]));
  }
  scalars_[s.out[s.out.size() - 2]].l = i;
  scalars_[s.out.back()].b = !go;
  on_loop_end(&run_, i, !go);
  return true;
}

/// A loop that the runner ran: the context hears what it needs for messages and counts.
bool Instance::ended(const LoopEnd& end) {
  if (!end.failure) {
    if (end.iterations > 0 && on_iteration(&run_, 0)) return false;
    on_loop_end(&run_, end.iterations, end.finished);
    return true;
  }
  for (const std::int64_t i : end.failure->iterations)
    if (on_iteration(&run_, 0) || (i > 0 && on_iteration(&run_, i))) return false;
  return host(end.failure->block, end.failure->step);
}

bool Instance::branch(const Step& s) {
  const plan::BlockIndex taken = s.blocks[scalars_[s.in[0]].b ? 0 : 1];
  if (!block(taken)) return false;
  move(program_->leave(taken));
  return true;
}

/// Scalars and takes at once, then copies of columns.
void Instance::move(const PreparedMoves& m) {
  for (std::size_t i = 0; i < m.scalars.size(); ++i) moving_scalars_[i] = scalars_[m.scalars[i].second];
  for (std::size_t i = 0; i < m.scalars.size(); ++i) scalars_[m.scalars[i].first] = moving_scalars_[i];
  for (std::size_t i = 0; i < m.exchange.size(); ++i) moving_columns_[i] = columns_[m.exchange[i].second];
  for (std::size_t i = 0; i < m.exchange.size(); ++i) columns_[m.exchange[i].first] = moving_columns_[i];
  for (const auto& [to, from] : m.copies) {
    const Type& t = slot(to).type;
    const auto bytes = static_cast<std::size_t>(elements(t) * size_of(t.scalar));
    if (bytes > 0) std::memcpy(columns_[to], columns_[from], bytes);
  }
}

}  // namespace monograph::cpu
