#include "host/cuda/stepwise_runtime.h"

#include <cmath>

namespace monograph::cuda {
namespace {

// Spans that are read at once, at most: each has two events.
constexpr std::size_t kSpans = 512;
constexpr PlanStep kNoStep{};

}  // namespace

// ---- building

Status StepwiseRuntime::create_graph(CudaGraph& graph) {
  graph = next<CudaGraph>();
  graphs_.try_emplace(graph);
  return Status::Success;
}

Status StepwiseRuntime::destroy_graph(CudaGraph graph) {
  const auto known = graphs_.find(graph);
  if (known == graphs_.end()) return Status::InvalidValue;
  std::vector<CudaGraph> bodies;
  for (const Node& n : known->second.nodes) bodies.insert(bodies.end(), n.bodies.begin(), n.bodies.end());
  graphs_.erase(known);
  for (const CudaGraph body : bodies) destroy_graph(body);
  return Status::Success;
}

/// A word of pinned memory: kernels write it where it is.
Status StepwiseRuntime::create_condition(Condition& condition, CudaGraph graph) {
  void* word = nullptr;
  const Status status = to_.allocate_pinned(word, sizeof(unsigned));
  if (status != Status::Success) return status;
  graphs_.at(graph).conditions.emplace_back(to_, word);
  condition = reinterpret_cast<Condition>(word);
  return status;
}

Status StepwiseRuntime::add(CudaGraphNode& node, CudaGraph graph, Node made) {
  node = next<CudaGraphNode>();
  made.step = adding_;
  graphs_.at(graph).nodes.push_back(std::move(made));
  return Status::Success;
}

Status StepwiseRuntime::add_kernel(CudaGraphNode& node, CudaGraph graph, std::span<const CudaGraphNode>,
                                   const KernelLaunch& launch) {
  Node made{.kernel = launch};
  for (void* const p : launch.parameters) made.arguments.push_back(*static_cast<void**>(p));
  return add(node, graph, std::move(made));
}

Status StepwiseRuntime::add_copy(CudaGraphNode& node, CudaGraph graph, std::span<const CudaGraphNode>,
                                 void* to, const void* from, std::size_t bytes) {
  return add(node, graph, {.to = to, .from = from, .bytes = bytes});
}

Status StepwiseRuntime::add_empty(CudaGraphNode& node, CudaGraph graph, std::span<const CudaGraphNode>) {
  return add(node, graph, {});
}

Status StepwiseRuntime::add_conditional(CudaGraphNode& node, CudaGraph graph, std::span<const CudaGraphNode>,
                                        Conditional kind, Condition condition, std::span<CudaGraph> bodies) {
  Node made{.conditional = kind, .condition = condition};
  for (CudaGraph& body : bodies) {
    create_graph(body);
    made.bodies.push_back(body);
  }
  deciding_.insert(adding_);
  return add(node, graph, std::move(made));
}

Status StepwiseRuntime::instantiate(CudaGraphExec& exec, CudaGraph graph) {
  exec = next<CudaGraphExec>();
  execs_[exec] = graph;
  return Status::Success;
}

Status StepwiseRuntime::destroy_exec(CudaGraphExec exec) {
  return execs_.erase(exec) ? Status::Success : Status::InvalidValue;
}

// ---- running

namespace {

/// How a launch ends early.
struct Stopped {
  Status status;
};
void must(Status status) {
  if (status != Status::Success) throw Stopped{status};
}

}  // namespace

Status StepwiseRuntime::launch(CudaGraphExec exec, Stream stream) {
  stream_ = stream;
  const auto abandon = [this] {
    static_cast<void>(to_.synchronize(stream_));
    spans_.clear(), used_ = 0, open_ = false;
    range_.reset();
  };
  try {
    execute(execs_.at(exec));
    settle();
  } catch (const Stopped& stopped) {
    abandon();
    return stopped.status;
  } catch (...) {
    abandon();
    throw;
  }
  return Status::Success;
}

void StepwiseRuntime::execute(CudaGraph graph) {
  for (Node& node : graphs_.at(graph).nodes) execute(node);
  end_span();
}

void StepwiseRuntime::execute(Node& node) {
  if (!node.bodies.empty()) return decide(node);
  if (!node.kernel && node.bytes == 0) return;
  begin_span(node.step);
  if (!node.kernel) return must(to_.copy_async(node.to, node.from, node.bytes, stream_));
  std::vector<void*> addresses;
  for (void*& a : node.arguments) addresses.push_back(&a);
  KernelLaunch launch = *node.kernel;
  launch.parameters = addresses;
  must(to_.launch_kernel(launch, stream_));
}

/// A call of a loop or branch: its range holds what is inside, and its time does not.
void StepwiseRuntime::decide(Node& node) {
  end_span();
  ++times_[node.step].calls;
  const base::Range range(base::profiled() && hooks_.name ? hooks_.name(node.step) : std::string());
  if (node.conditional == Conditional::While)
    while (holds(node)) execute(node.bodies[0]);
  else if (holds(node))
    execute(node.bodies[0]);
  else if (node.bodies.size() > 1)
    execute(node.bodies[1]);
}

bool StepwiseRuntime::holds(const Node& node) {
  settle();
  if (hooks_.look) hooks_.look();
  return *reinterpret_cast<volatile unsigned*>(node.condition) != 0;
}

// ---- times

/// Kernels and copies of one step that follow each other are one span, and one call; those of loops and
/// branches are part of a call.
void StepwiseRuntime::begin_span(PlanStep step) {
  if (open_ && spans_.back().step == step) return;
  end_span();
  if (spans_.size() == kSpans) settle();
  const bool decides = deciding_.contains(step);
  if (!decides) ++times_[step].calls;
  if (!decides && step != kNoStep && base::profiled() && hooks_.name) range_.emplace(hooks_.name(step));
  const std::size_t first = stamp();
  spans_.push_back({step, first, first});
  open_ = true;
}

void StepwiseRuntime::end_span() {
  if (!open_) return;
  open_ = false;
  spans_.back().last = stamp();
  range_.reset();
}

std::size_t StepwiseRuntime::stamp() {
  if (used_ == events_.size()) events_.push_back(make_event(to_));
  must(to_.record_event(events_[used_].get(), stream_));
  return used_++;
}

/// Waits for the device and reads what it took.
void StepwiseRuntime::settle() {
  end_span();
  must(to_.synchronize(stream_));
  for (const Span& s : spans_) {
    float ms = 0;
    must(to_.elapsed_ms(events_[s.first].get(), events_[s.last].get(), ms));
    times_[s.step].ns += std::llround(static_cast<double>(ms) * 1e6);
  }
  spans_.clear(), used_ = 0;
}

}  // namespace monograph::cuda
