#include "host/cuda/engine.h"

#include <monograph/error.h>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <thread>

#include "host/base/ranges.h"
#include "host/ir/evaluation.h"

namespace monograph::cuda {
namespace {

using plan::Slot;
using plan::SlotId;

// Plans on graphs whose CUDA graphs stay for the next run.
constexpr std::size_t kInstances = 16;

/// How long to wait until the device is asked again: not at all while a run may end at any moment, then ever
/// longer.
class Patience {
 public:
  void wait() const {
    using namespace std::chrono;
    const auto passed = steady_clock::now() - start_;
    if (passed < milliseconds(2)) return std::this_thread::yield();
    std::this_thread::sleep_for(std::min<steady_clock::duration>(passed / 32, microseconds(500)));
  }

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

Failure failure_of(const PlanGraph& graph) {
  const device::mg_control& c = graph.control();
  const auto [block, step] = *graph.failed_group();
  return {.block = block,
          .step = step,
          .node = static_cast<std::uint32_t>(c.failed >> 40),
          .element = static_cast<std::int64_t>(c.failed & ((1ull << 40) - 1)),
          .index = c.failed_index,
          .loops = graph.failed_loops()};
}

bool leaves_the_run(ops::OpId op) {
  return op == ops::OpId::Output || op == ops::OpId::StoreNode || op == ops::OpId::StoreEdge;
}

void start(PlanGraph& graph, std::uint64_t payload, bool stopped) {
  const base::Range range(base::Phase::Launch, payload);
  graph.start(stopped);
}

Column scalar_column(std::uint64_t cell, ScalarType type) {
  Column c(type, 1);
  std::memcpy(c.data(), &cell, static_cast<std::size_t>(size_of(type)));
  return c;
}

}  // namespace

Engine::Engine(Runtime& runtime, std::shared_ptr<KernelCompiler> compiler, std::shared_ptr<plan::Cache> cache,
               EngineOptions options)
    : runtime_(runtime),
      options_(options),
      staging_(std::make_shared<Staging>(runtime, options.device, options.staging)),
      store_(runtime, std::move(compiler), std::move(cache)) {}

/// A device that was lost stays lost: nothing is asked of it any more.
void Engine::open() {
  if (!lost_.empty())
    throw RuntimeError("device " + std::to_string(options_.device) + " failed in an earlier run (" + lost_ +
                       "); end this session and begin another");
  MONOGRAPH_CUDA(runtime_, set_device(options_.device));
}

void Engine::prepare(std::span<const std::shared_ptr<PreparedPlan>> plans) {
  if (plans.empty()) return;
  open();
  std::vector<PreparedPlan*> all;
  for (const auto& p : plans) all.push_back(p.get());
  const bool balanced = options_.figures.hub_edges == 0;
  const bool active = options_.active_rows != cpu::ActiveRows::Never;
  PreparedPlan::prepare(all, store_, {.balanced = balanced, .active = active});
  if (loops_may_be_kernels(options_.figures))
    PreparedPlan::prepare(all, store_, {.loops = true, .balanced = balanced, .active = active});
}

/// What the graph at hand asks for, where it was not expected.
void Engine::prepare_variant(PreparedPlan& plan, KernelVariant variant) {
  if (plan.has(variant)) return;
  PreparedPlan* const one[] = {&plan};
  PreparedPlan::prepare(one, store_, variant);
}

RunReport Engine::run(const std::shared_ptr<PreparedPlan>& plan, const Graph& graph, ops::RunContext& context,
                      const RunWatch& watch) {
  open();
  const std::int64_t before = allocations_, built = csc_builds_;
  RunReport report{.compile_ms = plan->compile_ms()};
  try {
    Instance& at = instance(plan, graph, context);
    at.leave_results();
    PlanGraph& executable = at.executable();
    for (const auto& [slot, name] : plan->parameters()) executable.set(slot, context.parameter(name));
    start(executable, plan->range_payload(), watch.cancelled && watch.cancelled());
    wait(at, watch);
    if (options_.stamps > 0) report.stamps = executable.stamps(report.stamps_lost);
    const device::mg_control& control = executable.control();
    report.iterations = control.iterations, report.converged = control.finished != 0;
    if (executable.failed_group())
      report.failure = failure_of(executable);
    else if (control.stopped >= 0)
      report.cancelled = control.stopped;
    else
      give(at, context, report);
    report.device_bytes = at.total_bytes();
    report.csc_builds = csc_builds_ - built;
    report.csc_hits = at.walks_in() && at.transposed_there() ? 1 - report.csc_builds : 0;
  } catch (const MemoryError&) {
    throw;
  } catch (const RuntimeError& error) {
    look_for_loss(error.what());
    throw;
  }
  report.allocations = allocations_ - before;
  return report;
}

/// After a fault every call fails, also one that asks for nothing. What lay on the device is given up.
void Engine::look_for_loss(const std::string& what) noexcept {
  std::size_t free = 0, total = 0;
  if (runtime_.memory_info(free, total) == Status::Success) return;
  lost_ = what;
  instances_.clear();
  residents_ = {};
}

// ---- memory

std::size_t Engine::used() const {
  std::size_t bytes = residents_.graph_bytes() + residents_.column_bytes();
  for (const auto& i : instances_) bytes += i->device_bytes();
  return bytes;
}

/// Who wants stamps wants to see steps: then loops are nodes.
GraphOptions Engine::graph_options(const PreparedPlan& plan, const Graph& graph) const {
  DeviceFigures figures = options_.figures;
  if (options_.stamps > 0)
    std::erase_if(figures.proven,
                  [](Protocol p) { return p == Protocol::BlockLoop || p == Protocol::GridLoop; });
  GraphOptions options = choose_way(plan.plan(), graph.node_count(), graph.edge_count(), figures).graph;
  options.stamps = options_.stamps, options.active_rows = options_.active_rows;
  return options;
}

std::size_t Engine::available() {
  std::size_t free = 0, total = 0;
  MONOGRAPH_CUDA(runtime_, memory_info(free, total));
  if (options_.memory == 0) return free;
  const std::size_t taken = used();
  return std::min(free, options_.memory > taken ? options_.memory - taken : 0);
}

/// What was used longest ago and is not in use now.
bool Engine::drop_one() {
  if (residents_.drop_oldest()) return true;
  if (instances_.empty()) return false;
  instances_.pop_back();
  return true;
}

/// First as if nothing else were there, then with less that runs at once, then without the rows in which
/// active rows find their readers, then with edges in host memory.
Engine::Placement Engine::make_room(const PreparedPlan& plan, const ResidentGraph& graph,
                                    std::span<const BoundAttribute> attributes) {
  const std::size_t most = std::min<std::size_t>(plan.needs().lanes, MG_LANES);
  const GraphOptions options = graph_options(plan, graph.graph());
  GraphOptions all_rows = options;
  if (plan.needs().active) all_rows.active_rows = cpu::ActiveRows::Never;
  Footprint needed;
  for (const Placement& p :
       {Placement{most, EdgesIn::Device, options}, Placement{1, EdgesIn::Device, options},
        Placement{1, EdgesIn::Device, all_rows}, Placement{1, EdgesIn::Host, all_rows}}) {
    needed = footprint_of(plan, graph, attributes, p.lanes, p.options);
    const std::size_t bytes = needed.total() - (p.edges == EdgesIn::Host ? needed.edges : 0);
    do {
      if (bytes <= available()) return p;
    } while (drop_one());
  }
  std::size_t free = 0, total = 0;
  MONOGRAPH_CUDA(runtime_, memory_info(free, total));
  throw MemoryError(
      "out of device memory: program \"" + plan.plan().name() + "\" needs " + bytes_text(needed.total()) +
      " on device " + std::to_string(options_.device) + " (" + to_text(needed) + "), " +
      bytes_text(needed.total() - needed.edges) + " with its edges in host memory; " +
      (options_.memory > 0 ? "the limit is " + bytes_text(options_.memory) + ", " : "") + bytes_text(free) +
      " of " + bytes_text(total) + " are free; run on --backend cpu, or on a larger device");
}

// ---- instances

Instance& Engine::instance(const std::shared_ptr<PreparedPlan>& plan, const Graph& graph,
                           ops::RunContext& context) {
  const auto known = std::ranges::find_if(instances_, [&](const auto& i) { return i->serves(*plan, graph); });
  if (known == instances_.end()) return make_instance(plan, graph, context);
  instances_.splice(instances_.begin(), instances_, known);
  Instance& found = *instances_.front();
  if (found.same_attributes(graph)) return found;
  try {
    if (renew_attributes(found, graph, context)) return found;
  } catch (...) {
    instances_.pop_front();  // its columns hold neither what was nor what is
    throw;
  }
  instances_.pop_front();
  return make_instance(plan, graph, context);
}

Instance& Engine::make_instance(const std::shared_ptr<PreparedPlan>& plan, const Graph& graph,
                                ops::RunContext& context) {
  std::vector<BoundAttribute> attributes = bind_attributes(plan->plan(), graph, context);
  for (BoundAttribute& a : attributes) a.resident = residents_.find(a.bound);
  const Residents::GraphRef rows = residents_.graph(graph, runtime_.bulk());
  Placement place = make_room(*plan, *rows, attributes);
  if (instances_.size() >= kInstances) instances_.pop_back();
  upload(*plan, *rows, attributes, place);
  place.options.balanced = cuts_rows(*plan, *rows, attributes, place);
  prepare_variant(*plan, variant_of(place.options));
  const base::Range range(base::Phase::Instantiate, plan->range_payload());
  instances_.push_front(std::make_unique<Instance>(
      runtime_, Instance::Parts{plan, rows, std::move(attributes), place.lanes, place.options}));
  allocations_ += Instance::kAllocations;
  return *instances_.front();
}

/// A row that is so long that one warp would hold up all the others is cut, where there is room for that:
/// nothing that a run needs.
bool Engine::cuts_rows(const PreparedPlan& plan, ResidentGraph& graph,
                       std::span<const BoundAttribute> attributes, const Placement& place) {
  const auto [in, out] = std::pair(plan.needs().rows_in, plan.needs().rows_out);
  if ((!in && !out) || graph.graph().edge_count() < options_.figures.hub_edges) return false;
  if (graph.longest_row(*staging_, in, out) < options_.figures.hub_edges) return false;
  const Graph& g = graph.graph();
  const auto room = [&](std::int64_t pieces) {
    return lane_bytes(room_for(plan.plan(), g.node_count(), g.edge_count(), g.undirected(), pieces));
  };
  const std::size_t more =
      graph.table_bytes(*staging_, in, out) + place.lanes * (room(graph.pieces(in, out)) - room(0));
  if (footprint_of(plan, graph, attributes, place.lanes, place.options).total() + more > available())
    return false;
  allocations_ += graph.cut(*staging_, in, out);
  return true;
}

/// What the plan reads and is not there yet.
void Engine::upload(const PreparedPlan& plan, ResidentGraph& graph, std::span<BoundAttribute> attributes,
                    const Placement& place) {
  const base::Range range(base::Phase::Upload);
  const bool undirected = graph.graph().undirected(), active = place.options.active();
  const ResidentGraph::Held held =
      graph.hold(*staging_, plan.needs().in_of(undirected, active), plan.needs().out_of(undirected, active),
                 place.edges, [this] { return available(); });
  allocations_ += held.arrays, csc_builds_ += held.transposes;
  for (BoundAttribute& a : attributes) {
    if (!a.resident) a.resident = residents_.find(a.bound);  // two slots may read one column
    if (a.resident) continue;
    const bool of_edges = plan.plan().slots[a.slot].type.domain == Domain::Edges;
    a.resident = residents_.add(*staging_, a.bound, of_edges ? place.edges : EdgesIn::Device);
    ++allocations_;
  }
}

/// Columns that nobody else reads are written over, so that the CUDA graph stays as it is. False where that
/// cannot be done.
bool Engine::renew_attributes(Instance& instance, const Graph& graph, ops::RunContext& context) {
  std::vector<BoundAttribute>& before = instance.attributes();
  std::vector<BoundAttribute> now = bind_attributes(instance.plan().plan(), graph, context, before);
  const auto changed = [&](std::size_t i) { return !same_storage(now[i].bound, before[i].bound); };
  for (std::size_t i = 0; i < now.size(); ++i)
    if (changed(i) && before[i].resident.use_count() > 2) return false;  // others than the list and this one
  for (std::size_t i = 0; i < now.size(); ++i) {
    now[i].resident = before[i].resident;
    if (changed(i)) residents_.refill(*staging_, *now[i].resident, now[i].bound);
  }
  before = std::move(now);
  return true;
}

// ---- a run

/// What the caller's function throws ends the run first.
void Engine::wait(Instance& instance, const RunWatch& watch) {
  const base::Range range(base::Phase::Wait, instance.plan().range_payload());
  PlanGraph& graph = instance.executable();
  if (!instance.plan().needs().loops || (!watch.cancelled && !watch.progress)) return graph.wait();
  const Patience patience;
  std::int64_t told = -1;
  try {
    while (!graph.done()) {
      if (watch.cancelled && watch.cancelled()) graph.stop();
      if (const std::int64_t begun = graph.begun(); watch.progress && begun != told)
        watch.progress(told = begun);
      patience.wait();
    }
  } catch (...) {
    graph.stop();
    graph.wait_quietly();
    throw;
  }
}

/// Outputs stay on the device until somebody asks for them; what is stored in the graph is fetched.
void Engine::give(Instance& instance, ops::RunContext& context, RunReport& report) {
  const plan::Plan& p = instance.plan().plan();
  report.columns = std::make_shared<RemoteColumns>(staging_);
  std::size_t outputs = 0;
  const auto& steps = p.blocks[0].steps;
  for (std::size_t at = 0; at < steps.size(); ++at) {
    const ir::Node& n = p.program.regions[p.blocks[0].region].nodes[steps[at].node];
    if (!leaves_the_run(n.op)) continue;
    const Slot& slot = p.slots[steps[at].in[0]];
    ops::Value value{slot.type, {}};
    const bool stays =
        n.op == ops::OpId::Output && slot.type.domain != Domain::Scalar && slot.kind != Slot::Kind::Attribute;
    if (stays)
      report.columns->add(
          outputs, instance.executable().column(at), slot.type.scalar,
          ops::element_count(slot.type, instance.graph().node_count(), instance.graph().edge_count()));
    else
      value.column = take_result(instance, at);
    const ops::Value* operand = &value;
    ops::EvalContext c = ir::evaluation_of(n, {&operand, 1}, {}, context);
    c.op.evaluate(c);
    outputs += n.op == ops::OpId::Output;
  }
  instance.keep_results(report.columns);
}

/// What a step yields, as a column of the host: an attribute is the graph's own.
Column Engine::take_result(const Instance& instance, std::size_t step) {
  const plan::Plan& p = instance.plan().plan();
  const SlotId from = p.blocks[0].steps[step].in[0];
  const Slot& slot = p.slots[from];
  if (slot.type.domain == Domain::Scalar)
    return scalar_column(instance.executable().cell(from), slot.type.scalar);
  for (const BoundAttribute& a : instance.attributes())
    if (a.slot == from) return a.bound;
  Column column(slot.type.scalar,
                ops::element_count(slot.type, instance.graph().node_count(), instance.graph().edge_count()));
  if (column.size() > 0)
    staging_->to_host(column.data(), instance.executable().column(step),
                      static_cast<std::size_t>(column.bytes()));
  return column;
}

}  // namespace monograph::cuda
