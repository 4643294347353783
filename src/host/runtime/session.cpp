#include <monograph/session.h>

#include <algorithm>
#include <chrono>

#include "host/base/nearest.h"
#include "host/cpu/engine.h"
#include "host/ir/program.h"
#include "host/passes/passes.h"
#include "host/reference/interpreter.h"
#include "host/runtime/bind.h"
#include "host/runtime/executable.h"
#include "host/runtime/run_state.h"

namespace monograph {
namespace {

struct Backend {
  std::string_view name, doc;
  bool plans;  ///< runs plans, not programs
};

// In the order in which `auto` prefers them.
constexpr Backend kBackends[] = {
    {"cpu", "fused plans on all cores: tile by tile, or compiled by the machine's C++ compiler", true},
    {"reference", "the oracle: the program as written, node by node, on one thread", false},
};

const Backend& choose(const std::string& name, std::string& reason) {
  std::vector<std::string_view> names{"auto"};
  std::string known = "auto";
  for (const Backend& b : kBackends) names.push_back(b.name), known += ", " + std::string(b.name);
  if (name == "auto") return reason = "auto: the fastest backend of this version", kBackends[0];
  for (const Backend& b : kBackends)
    if (b.name == name) return reason = "asked for", b;
  const std::string_view near = base::nearest(name, names);
  throw UsageError("unknown backend \"" + name + "\"" +
                   (near.empty() ? "" : "; did you mean \"" + std::string(near) + "\"?") +
                   " (known: " + known + ")");
}

/// What the program's operations need of the graph, wherever they stand: said before anything runs.
void bind_graph(const std::vector<const ir::Node*>& nodes, const Graph& graph) {
  for (const ir::Node* n : nodes) ops::def(n->op).bind(graph, n->attrs, ir::location_of(*n));
}

std::int64_t count_groups(const plan::Plan& plan) {
  std::int64_t groups = 0;
  for (const plan::Block& b : plan.blocks)
    groups += std::ranges::count(b.steps, plan::Step::Kind::Group, &plan::Step::kind);
  return groups;
}

std::int64_t count_steps(const plan::Plan& plan) {
  std::int64_t steps = 0;
  for (const plan::Block& b : plan.blocks) steps += static_cast<std::int64_t>(b.steps.size());
  return steps;
}

}  // namespace

std::vector<BackendInfo> backends() {
  std::vector<BackendInfo> out;
  for (const Backend& b : kBackends)
    out.push_back({.name = std::string(b.name), .doc = std::string(b.doc), .available = true, .reason = {}});
  return out;
}

const Output& Result::output(std::string_view name) const {
  std::string known;
  for (const Output& o : outputs_) {
    if (o.name == name) return o;
    known += (known.empty() ? "" : ", ") + o.name;
  }
  throw UsageError("no output named \"" + std::string(name) +
                   "\" (there are: " + (known.empty() ? "none" : known) + ")");
}

const Output& Result::expect(std::string_view name, ScalarType asked, bool scalar) const {
  const Output& o = output(name);
  if (o.type.scalar != asked || (scalar && o.type.domain != Domain::Scalar))
    throw UsageError("output \"" + o.name + "\": asked for as " + std::string(to_string(asked)) +
                     (scalar ? " scalar" : "") + ", but it is " + to_string(o.type));
  return o;
}

struct Session::Impl {
  const Backend& backend;
  SessionOptions options;
  std::string name, reason;
  std::unique_ptr<cpu::Engine> cpu;
};

Session::Session(const SessionOptions& options) {
  std::string reason;
  const Backend& backend = choose(options.backend, reason);
  passes::check({.level = options.level, .disabled = options.disabled});
  if (options.threads < 0)
    throw UsageError("threads: expected 0 or more, got " + std::to_string(options.threads));
  impl_ = std::make_unique<Impl>(Impl{backend, options, std::string(backend.name), std::move(reason), {}});
  if (backend.plans)
    impl_->cpu = std::make_unique<cpu::Engine>(static_cast<cpu::Tier>(options.cpu_tier), options.threads);
}
Session::~Session() = default;
Session::Session(Session&&) noexcept = default;
Session& Session::operator=(Session&&) noexcept = default;

const std::string& Session::backend() const { return impl_->name; }
const std::string& Session::backend_reason() const { return impl_->reason; }

Executable Session::compile(const Program& program) {
  ir::verify(program.ir());
  auto made = std::make_shared<Executable::Impl>(program);
  if (impl_->cpu) {
    const passes::PassOptions options{.level = impl_->options.level, .disabled = impl_->options.disabled};
    made->plan = std::make_shared<const plan::Plan>(plan::build(passes::run(program.ir(), options)));
    made->groups = count_groups(*made->plan);
    made->steps = count_steps(*made->plan);
    made->cpu = std::make_shared<cpu::PreparedPlan>(made->plan);
    impl_->cpu->prepare(*made->cpu);
  }
  return Executable(std::move(made));
}

void Session::check(const Executable& e, const Graph& graph, const Parameters& parameters) const {
  runtime::bind_parameters(e.impl_->parameters, parameters, graph);
  bind_graph(e.impl_->bound, graph);
}

Result Session::run(const Executable& e, Graph& graph, const Parameters& parameters,
                    const RunOptions& options) {
  bind_graph(e.impl_->bound, graph);
  runtime::RunState state(graph, runtime::bind_parameters(e.impl_->parameters, parameters, graph), options);
  Result result;
  const std::int64_t builds = graph.csc_builds();
  const auto start = std::chrono::steady_clock::now();
  if (impl_->cpu) {
    cpu::RunReport report = impl_->cpu->run(e.impl_->cpu, graph, state);
    result.tier = std::move(report.tier), result.tier_reason = std::move(report.reason);
    result.compile_ms = report.compile_ms, result.allocations = report.allocations;
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
  result.outputs_ = std::move(state.outputs);
  result.backend = impl_->name;
  result.backend_reason = impl_->reason;
  result.iterations = state.iterations;
  result.converged = state.converged;
  result.csr_builds = graph.csc_builds() - builds;
  result.csr_hits = builds;
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
