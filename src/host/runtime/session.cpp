#include <monograph/session.h>

#include <algorithm>
#include <chrono>
#include <list>

#include "host/base/ranges.h"
#include "host/cpu/engine.h"
#include "host/ir/program.h"
#include "host/passes/passes.h"
#include "host/plan/compile.h"
#include "host/plan/forms.h"
#include "host/reference/interpreter.h"
#include "host/runtime/backends.h"
#include "host/runtime/bind.h"
#include "host/runtime/device_run.h"
#include "host/runtime/executable.h"
#include "host/runtime/machine.h"
#include "host/runtime/object_cache.h"
#include "host/runtime/result.h"
#include "host/runtime/run_state.h"
#include "host/simt/engine.h"

namespace monograph {
namespace {

/// What the program's operations need of the graph, wherever they stand: said before anything runs.
void bind_graph(const std::vector<const ir::Node*>& nodes, const Graph& graph) {
  for (const ir::Node* n : nodes) ops::def(n->op).bind(graph, n->attrs, ir::location_of(*n));
}

/// The machine is looked at only where the answer can depend on it: a driver may take its time.
runtime::Choice choose(const std::string& name, const runtime::Machine& machine) {
  const runtime::BackendName asked = runtime::parse_backend(name);
  const bool depends = !asked.backend || asked.backend->kind == runtime::Backend::Kind::Cuda;
  static const cuda::Survey nothing;
  return runtime::choose_backend(name, depends ? machine.survey() : nothing);
}

std::int64_t count_groups(const plan::Plan& plan) {
  std::int64_t groups = 0;
  for (const plan::Block& b : plan.blocks)
    groups += std::ranges::count(b.steps, plan::Step::Kind::Group, &plan::Step::kind);
  return groups;
}

base::Mark mark_of(plan::Cache::Origin origin) {
  switch (origin) {
    case plan::Cache::Origin::Made:
      return base::Mark::PlanMade;
    case plan::Cache::Origin::Memory:
      return base::Mark::PlanFromMemory;
    case plan::Cache::Origin::Disk:
      break;
  }
  return base::Mark::PlanFromDisk;
}

std::int64_t count_steps(const plan::Plan& plan) {
  std::int64_t steps = 0;
  for (const plan::Block& b : plan.blocks) steps += static_cast<std::int64_t>(b.steps.size());
  return steps;
}

}  // namespace

struct Session::Impl {
  SessionOptions options;
  std::string name, reason;
  std::shared_ptr<plan::Cache> cache = {};
  std::unique_ptr<cpu::Engine> cpu = {};    ///< this one, or
  std::unique_ptr<simt::Engine> simt = {};  ///< this one, or
  std::shared_ptr<cuda::Engine> cuda = {};  ///< this one, or none
  plan::Templates templates = {};
  /// What was compiled last, the latest first: a program that is compiled again is not even read again.
  std::list<std::pair<plan::CacheKey, std::shared_ptr<Executable::Impl>>> recent = {};

  passes::PassOptions passes() const;
  std::shared_ptr<Executable::Impl> recall(const plan::CacheKey& key);
  void remember(const plan::CacheKey& key, std::shared_ptr<Executable::Impl> made);
  std::shared_ptr<Executable::Impl> make(Program program, std::shared_ptr<const plan::Plan> plan) const;
  std::shared_ptr<Executable::Impl> planned(const Program& program, bool& fresh);
  void prepare(std::span<const std::shared_ptr<Executable::Impl>> made);
};

passes::PassOptions Session::Impl::passes() const {
  return {.level = options.level,
          .disabled = options.disabled,
          .fast_math = options.fast_math,
          .observe = [cancel = options.cancel](const auto&...) {
            if (cancel.cancelled()) throw Cancelled("interrupted while compiling");
          }};
}

std::shared_ptr<Executable::Impl> Session::Impl::recall(const plan::CacheKey& key) {
  const auto known = std::ranges::find(recent, key, [](const auto& r) { return r.first; });
  if (known == recent.end()) return nullptr;
  recent.splice(recent.begin(), recent, known);
  return known->second;
}

void Session::Impl::remember(const plan::CacheKey& key, std::shared_ptr<Executable::Impl> made) {
  constexpr std::size_t kRemembered = 32;
  recent.emplace_front(key, std::move(made));
  if (recent.size() > kRemembered) recent.pop_back();
}

std::shared_ptr<Executable::Impl> Session::Impl::make(Program program,
                                                      std::shared_ptr<const plan::Plan> plan) const {
  auto made = std::make_shared<Executable::Impl>(std::move(program));
  if (!plan) return made;
  made->plan = std::move(plan);
  if (base::profiled()) made->range_payload = plan::hash(*made->plan).high;
  made->groups = count_groups(*made->plan);
  made->steps = count_steps(*made->plan);
  if (cpu) made->cpu = std::make_shared<cpu::PreparedPlan>(made->plan);
  if (simt) made->simt = std::make_shared<simt::PreparedPlan>(made->plan);
  if (cuda) made->cuda = runtime::device_plan(made->plan);
  return made;
}

/// What is new is still to be prepared.
std::shared_ptr<Executable::Impl> Session::Impl::planned(const Program& program, bool& fresh) {
  const base::Range range(base::Phase::Compile);
  ir::verify(program.ir());
  fresh = true;
  if (!cpu && !simt && !cuda) return make(program, nullptr);
  const passes::PassOptions pass_options = passes();
  const plan::CacheKey key = plan::plan_key(program.ir(), pass_options);
  const bool remembers = options.cache == CacheUse::On || options.cache == CacheUse::Memory;
  if (remembers)
    if (auto known = recall(key)) {
      known->from_cache = true, fresh = false;
      base::mark(base::Mark::PlanFromMemory);
      return known;
    }
  plan::Compiled compiled = plan::compile(program.ir(), pass_options, cache.get(), templates);
  auto made = make(program, std::move(compiled.plan));
  base::mark(mark_of(compiled.origin), made->range_payload);
  made->from_cache = compiled.origin != plan::Cache::Origin::Made;
  made->replaced_by = std::move(compiled.replaced_by);
  if (remembers) remember(key, made);
  return made;
}

void Session::Impl::prepare(std::span<const std::shared_ptr<Executable::Impl>> made) {
  if (cpu)
    for (const auto& m : made) cpu->prepare(*m->cpu);
  const auto all = [&]<class T>(std::shared_ptr<T> Executable::Impl::*plan) {
    std::vector<std::shared_ptr<T>> plans;
    for (const auto& m : made) plans.push_back((*m).*plan);
    return plans;
  };
  if (simt) simt->prepare(all(&Executable::Impl::simt));
  if (cuda) runtime::prepare_for_device(*cuda, all(&Executable::Impl::cuda));
}

Session::Session(const SessionOptions& options) : Session(options, runtime::this_machine()) {}

Session::Session(const SessionOptions& options, const runtime::Machine& machine) {
  runtime::Choice choice = choose(options.backend, machine);
  plan::check({.level = options.level, .disabled = options.disabled, .fast_math = options.fast_math});
  if (options.threads < 0)
    throw UsageError("threads: expected 0 or more, got " + std::to_string(options.threads));
  impl_ = std::make_unique<Impl>(
      Impl{.options = options, .name = std::string(choice.backend.name), .reason = std::move(choice.reason)});
  if (!choice.backend.plans) return;
  impl_->cache = std::make_shared<plan::Cache>(plan::CacheOptions{
      .mode = static_cast<plan::CacheMode>(options.cache), .folder = options.cache_folder});
  auto objects = std::make_shared<runtime::CachedObjects>(impl_->cache);
  const auto cancel = [token = options.cancel] { return token.cancelled(); };
  if (choice.backend.kind == runtime::Backend::Kind::Cpu)
    impl_->cpu = std::make_unique<cpu::Engine>(static_cast<cpu::Tier>(options.cpu_tier), options.threads,
                                               std::move(objects), cancel,
                                               static_cast<cpu::ActiveRows>(options.active_rows));
  else if (choice.backend.kind == runtime::Backend::Kind::Simt)
    impl_->simt = std::make_unique<simt::Engine>(
        options.simt_seed, options.threads, std::move(objects),
        simt::device_source(
            options.simt_loops,
            {.balanced = options.simt_balanced, .active = options.active_rows != ActiveRows::Never},
            options.active_rows == ActiveRows::Always),
        cancel);
  else
    impl_->cuda = runtime::device_engine(machine, *choice.device, options, impl_->cache);
}
Session::~Session() = default;
Session::Session(Session&&) noexcept = default;
Session& Session::operator=(Session&&) noexcept = default;

const std::string& Session::backend() const { return impl_->name; }
const std::string& Session::backend_reason() const { return impl_->reason; }

Executable Session::compile(const Program& program) {
  return std::move(compile(std::span(&program, 1)).front());
}

std::vector<Executable> Session::compile(std::span<const Program> programs) {
  std::vector<Executable> all;
  std::vector<std::shared_ptr<Executable::Impl>> made;
  for (const Program& program : programs) {
    bool fresh = false;
    auto planned = impl_->planned(program, fresh);
    if (fresh) made.push_back(planned);
    all.push_back(Executable(std::move(planned)));
  }
  try {
    impl_->prepare(made);
  } catch (...) {
    impl_->recent.clear();  // what cannot run is not remembered
    throw;
  }
  return all;
}

Executable Session::load(const Plan& plan) {
  auto made = impl_->make(plan.program(), std::make_shared<const plan::Plan>(plan.content()));
  impl_->prepare(std::span(&made, 1));
  return Executable(std::move(made));
}

void Session::replace(const std::string& name, const Program& known, const Program& replacement) {
  impl_->templates.add(name, known.ir(), replacement.ir());
  impl_->recent.clear();  // what was compiled may be among them
}

std::vector<std::string> Session::take_warnings() {
  return impl_->cache ? impl_->cache->take_warnings() : std::vector<std::string>{};
}

void Session::check(const Executable& e, const Graph& graph, const Parameters& parameters) const {
  runtime::bind_parameters(e.impl_->parameters, parameters, graph);
  bind_graph(e.impl_->bound, graph);
}

Result Session::run(const Executable& e, Graph& graph, const Parameters& parameters,
                    const RunOptions& options) {
  const base::Range range(base::Phase::Run, e.impl_->range_payload);
  bind_graph(e.impl_->bound, graph);
  runtime::RunState state(graph, runtime::bind_parameters(e.impl_->parameters, parameters, graph), options);
  Result result;
  auto columns = std::make_shared<Result::Columns>();
  const std::int64_t builds = graph.csc_builds();
  const auto start = std::chrono::steady_clock::now();
  if (impl_->cpu) {
    cpu::RunReport report = impl_->cpu->run(e.impl_->cpu, graph, state);
    result.tier = std::move(report.tier), result.tier_reason = std::move(report.reason);
    result.compile_ms = report.compile_ms, result.allocations = report.allocations;
  } else if (impl_->simt) {
    const simt::RunReport report = impl_->simt->run(*e.impl_->simt, graph, state);
    result.compile_ms = report.compile_ms, result.allocations = report.allocations;
  } else if (impl_->cuda) {
    runtime::DeviceRun run = runtime::run_on_device(*impl_->cuda, e.impl_->cuda, graph, state, options);
    result.compile_ms = run.compile_ms, result.allocations = run.allocations;
    result.device_bytes = run.bytes;
    result.csr_builds = run.csc_builds, result.csr_hits = run.csc_hits;
    columns->remote = std::move(run.columns), columns->device = run.device;
  } else {
    reference::Interpreter(e.program().ir(), state).run();
  }
  result.run_ms = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
  for (auto& [name, value] : state.stores) {
    if (value.type.domain == Domain::Nodes)
      graph.set_node_attribute(name, value.column);
    else
      graph.set_edge_attribute(name, value.column);
  }
  columns->outputs = std::move(state.outputs);
  result.columns_ = std::move(columns);
  result.backend = impl_->name;
  result.backend_reason = impl_->reason;
  result.iterations = state.iterations;
  result.converged = state.converged;
  result.csr_builds += graph.csc_builds() - builds;
  result.csr_hits += builds;
  result.plan_cache_hits = e.impl_->from_cache;
  result.groups = e.impl_->groups, result.steps = e.impl_->steps;
  return result;
}

Result Session::run(const Executable& e, const Graph& graph, const Parameters& parameters,
                    const RunOptions& options) {
  if (e.impl_->stores)
    throw InputError("program \"" + e.program().name() +
                     "\" stores attributes: run it on a Graph that is not const");
  Graph same = graph;  // shares topology and attributes; nothing is stored
  return run(e, same, parameters, options);
}

Result Session::run(const Program& program, const Graph& graph, const Parameters& parameters,
                    const RunOptions& options) {
  return run(compile(program), graph, parameters, options);
}

}  // namespace monograph
