#include <monograph/session.h>

#include <algorithm>
#include <chrono>

#include "host/base/nearest.h"
#include "host/ir/program.h"
#include "host/reference/interpreter.h"
#include "host/runtime/bind.h"
#include "host/runtime/run_state.h"

namespace monograph {
namespace {

struct Backend {
  std::string_view name, doc;
  void (*run)(const ir::Program&, ops::RunContext&);
};

// In the order in which `auto` prefers them.
constexpr Backend kBackends[] = {
    {"reference", "the oracle: the program as written, node by node, on one thread",
     [](const ir::Program& p, ops::RunContext& run) { reference::Interpreter(p, run).run(); }},
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
void bind_graph(const ir::Program& p, const Graph& graph) {
  for (const ir::Region& r : p.regions)
    for (const ir::Node& n : r.nodes)
      if (const auto bind = ops::def(n.op).bind) bind(graph, n.attrs, ir::location_of(n));
}

bool stores(const ir::Program& p) {
  return std::any_of(p.entry().nodes.begin(), p.entry().nodes.end(),
                     [](const ir::Node& n) { return ops::def(n.op).name.starts_with("attr.store"); });
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
  std::string name, reason;
};

Session::Session(const SessionOptions& options) {
  std::string reason;
  const Backend& backend = choose(options.backend, reason);
  impl_ = std::make_unique<Impl>(Impl{backend, std::string(backend.name), std::move(reason)});
}
Session::~Session() = default;
Session::Session(Session&&) noexcept = default;
Session& Session::operator=(Session&&) noexcept = default;

const std::string& Session::backend() const { return impl_->name; }
const std::string& Session::backend_reason() const { return impl_->reason; }

Executable Session::compile(const Program& program) {
  ir::verify(program.ir());
  return Executable(program);
}

void Session::check(const Executable& e, const Graph& graph, const Parameters& parameters) const {
  runtime::bind_parameters(e.program(), parameters, graph);
  bind_graph(e.program().ir(), graph);
}

Result Session::run(const Executable& e, Graph& graph, const Parameters& parameters,
                    const RunOptions& options) {
  bind_graph(e.program().ir(), graph);
  runtime::RunState state(graph, runtime::bind_parameters(e.program(), parameters, graph), options);
  Result result;
  const std::int64_t builds = graph.csc_builds();
  const auto start = std::chrono::steady_clock::now();
  impl_->backend.run(e.program().ir(), state);
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
  return result;
}

Result Session::run(const Executable& e, const Graph& graph, const Parameters& parameters,
                    const RunOptions& options) {
  if (stores(e.program().ir()))
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
