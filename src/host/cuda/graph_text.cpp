#include "host/cuda/graph_text.h"

#include <map>

#include "host/codegen/step_text.h"
#include "host/cuda/plan_graph.h"
#include "host/cuda/recording_runtime.h"

namespace monograph::cuda {
namespace {

using Kind = RecordedNode::Kind;

/// By names that say which step they are of.
std::vector<codegen::DeviceKernel> kernels_of(const plan::Plan& plan, plan::BlockIndex b, std::size_t s,
                                              const GraphOptions& options) {
  const codegen::DeviceOptions how{.balanced = options.balanced, .active = options.active()};
  const std::string name = "b" + std::to_string(b) + "s" + std::to_string(s);
  if (const auto device = codegen::device_step(plan, b, s))
    return codegen::emit_device_step(*device, name, how).kernels;
  if (options.tier == Tier::Graph || plan.blocks[b].steps[s].kind != plan::Step::Kind::While) return {};
  codegen::LoopKernelText loop = codegen::loop_text(plan, b, s, how);
  if (!loop.objection.empty()) return {};
  loop.kernel.name = "mg_" + name + "_loop";
  return {std::move(loop.kernel)};
}

/// A plan built on a runtime that keeps what was built.
struct Recording {
  RecordingRuntime runtime;
  PlanKernels kernels;
  std::size_t device_bytes = 0;

  Kernel kernel(const std::string& name) {
    Kernel k = nullptr;
    runtime.get_kernel(k, nullptr, name.c_str());
    return k;
  }

  Recording(const plan::Plan& plan, const GraphView& view) {
    kernels.set_control([&](const char* name) { return kernel(name); });
    for (plan::BlockIndex b = 0; b < plan.blocks.size(); ++b) {
      auto& block = kernels.groups.emplace_back();
      for (std::size_t s = 0; s < plan.blocks[b].steps.size(); ++s) {
        auto& step = block.emplace_back();
        for (const codegen::DeviceKernel& k : kernels_of(plan, b, s, view.options))
          step.push_back({.kernel = kernel(k.name),
                          .rows_per_block = k.rows_per_block,
                          .threads = k.block_threads,
                          .shared_bytes = k.shared_bytes});
      }
    }
    device::mg_device lane{};
    lane.nodes = view.nodes, lane.edges = view.edges;
    std::map<plan::SlotId, void*> attributes;
    for (plan::SlotId s = 0; s < plan.slots.size(); ++s)
      if (plan.slots[s].kind == plan::Slot::Kind::Attribute) runtime.allocate(attributes[s], 256);
    const PlanGraph graph(runtime, plan, kernels, std::vector(MG_LANES, lane), attributes, view.options);
    device_bytes = graph.device_bytes();
  }
};

std::string label_of(const RecordedNode& n) {
  switch (n.kind) {
    case Kind::Kernel:
      return n.kernel + ", " + std::to_string(n.blocks) + " x " + std::to_string(n.threads) + " threads" +
             (n.cooperative ? " that wait for each other" : "") +
             (n.shared_bytes ? ", " + bytes_text(n.shared_bytes) + " shared" : "");
    case Kind::Copy:
      return "copy " + bytes_text(n.bytes);
    case Kind::CopyIn:
      return "parameters in, " + bytes_text(n.bytes);
    case Kind::CopyOut:
      return "results out, " + bytes_text(n.bytes);
    case Kind::Empty:
      return "nothing";
    case Kind::If:
      return "if";
    case Kind::While:
      return "while";
  }
  return {};
}

/// Numbers of nodes, in the order in which they are shown.
class Numbers {
 public:
  Numbers(const RecordingRuntime& runtime, CudaGraph graph) : runtime_(runtime) { add(graph); }
  std::string of(CudaGraphNode n) const { return "n" + std::to_string(numbers_.at(n)); }

 private:
  void add(CudaGraph graph) {
    for (const CudaGraphNode n : runtime_.nodes(graph)) {
      numbers_.emplace(n, numbers_.size());
      for (const CudaGraph body : runtime_.node(n).bodies) add(body);
    }
  }
  const RecordingRuntime& runtime_;
  std::map<CudaGraphNode, std::size_t> numbers_;
};

class Text {
 public:
  Text(const RecordingRuntime& runtime, CudaGraph graph) : runtime_(runtime), numbers_(runtime, graph) {
    add(graph, "");
  }
  std::string text;

 private:
  void add(CudaGraph graph, const std::string& indent) {
    CudaGraphNode above = nullptr;
    for (const CudaGraphNode id : runtime_.nodes(graph)) {
      const RecordedNode& n = runtime_.node(id);
      text += indent + numbers_.of(id) + "  " + label_of(n) + waits(n, above) + "\n";
      const bool sides = n.bodies.size() > 1;
      for (std::size_t k = 0; k < n.bodies.size(); ++k) {
        if (sides) text += indent + (k == 0 ? "  then" : "  else") + "\n";
        add(n.bodies[k], indent + (sides ? "    " : "  "));
      }
      above = id;
    }
  }
  std::string waits(const RecordedNode& n, CudaGraphNode above) const {
    const bool next = above ? n.after.size() == 1 && n.after[0] == above : n.after.empty();
    if (next) return {};
    std::string names;
    for (const CudaGraphNode before : n.after) names += (names.empty() ? "" : ", ") + numbers_.of(before);
    return "  (after " + (names.empty() ? "nothing" : names) + ")";
  }

  const RecordingRuntime& runtime_;
  Numbers numbers_;
};

class Dot {
 public:
  Dot(const RecordingRuntime& runtime, CudaGraph graph, const std::string& name)
      : runtime_(runtime), numbers_(runtime, graph) {
    text = "digraph \"" + name + "\" {\n  node [shape=box];\n";
    add(graph, "  ");
    text += edges_ + "}\n";
  }
  std::string text;

 private:
  void add(CudaGraph graph, const std::string& indent) {
    for (const CudaGraphNode id : runtime_.nodes(graph)) {
      const RecordedNode& n = runtime_.node(id);
      const std::string name = numbers_.of(id), shape = n.bodies.empty() ? "" : ", shape=diamond";
      text += indent + name + " [label=\"" + label_of(n) + "\"" + shape + "];\n";
      for (const CudaGraphNode before : n.after) edges_ += "  " + numbers_.of(before) + " -> " + name + ";\n";
      for (std::size_t k = 0; k < n.bodies.size(); ++k) body(n, id, k, indent);
    }
  }
  /// A box around it, and a line from its condition.
  void body(const RecordedNode& n, CudaGraphNode id, std::size_t k, const std::string& indent) {
    const char* what = n.kind == Kind::While ? "again" : k == 0 ? "then" : "else";
    text += indent + "subgraph \"cluster_" + numbers_.of(id) + "_" + what + "\" {\n" + indent + "  label=\"" +
            what + "\";\n";
    add(n.bodies[k], indent + "  ");
    text += indent + "}\n";
    for (const CudaGraphNode first : runtime_.nodes(n.bodies[k]))
      if (runtime_.node(first).after.empty())
        edges_ += "  " + numbers_.of(id) + " -> " + numbers_.of(first) + " [style=dashed];\n";
  }

  const RecordingRuntime& runtime_;
  Numbers numbers_;
  std::string edges_;
};

struct Counts {
  std::size_t nodes = 0, kernels = 0, loops = 0, branches = 0;
};
void count(const RecordingRuntime& runtime, CudaGraph graph, Counts& c) {
  for (const CudaGraphNode id : runtime.nodes(graph)) {
    const RecordedNode& n = runtime.node(id);
    ++c.nodes, c.kernels += n.kind == Kind::Kernel, c.loops += n.kind == Kind::While,
        c.branches += n.kind == Kind::If;
    for (const CudaGraph body : n.bodies) count(runtime, body, c);
  }
}

/// What loops compute of their rows: a line each.
std::string rows_text(const plan::Plan& plan) {
  std::string text;
  for (plan::BlockIndex b = 0; b < plan.blocks.size(); ++b)
    for (std::size_t i = 0; i < plan.blocks[b].steps.size(); ++i) {
      if (plan.blocks[b].steps[i].kind != plan::Step::Kind::While) continue;
      const plan::ActiveSetAnswer answer = codegen::device_active_set(plan, b, i);
      text += "the loop at block " + std::to_string(b) + ", step " + std::to_string(i) +
              (answer.set ? " computes the rows that read a changed one, after iterations that change few"
                          : " computes all rows each time: " + answer.reason) +
              "\n";
    }
  return text;
}

std::string counted(std::size_t n, const std::string& what, const char* more) {
  return std::to_string(n) + " " + what + (n == 1 ? "" : more);
}

}  // namespace

std::string graph_text(const plan::Plan& plan, const GraphView& view) {
  const Recording made(plan, view);
  const CudaGraph graph = made.runtime.instantiated().back();
  Counts c;
  count(made.runtime, graph, c);
  const LaneRoom room = room_for(plan, view.nodes, view.edges, false);
  std::string text = counted(c.nodes, "node", "s") + ", of them " + counted(c.kernels, "kernel", "s") + ", " +
                     counted(c.loops, "loop", "s") + ", " + counted(c.branches, "branch", "es") +
                     "; on a graph of " + std::to_string(view.nodes) + " nodes and " +
                     std::to_string(view.edges) + " edges " + bytes_text(made.device_bytes) + ", and " +
                     bytes_text(static_cast<std::size_t>(room.partial + room.votes)) + " for each of up to " +
                     std::to_string(MG_LANES) + " groups at once\n";
  if (view.options.active()) text += rows_text(plan);
  if (made.runtime.instantiated().size() > 1)
    text += "once, when the graph is made:\n" + Text(made.runtime, made.runtime.instantiated()[0]).text +
            "in each run:\n";
  return text + Text(made.runtime, graph).text;
}

std::string graph_dot(const plan::Plan& plan, const GraphView& view) {
  const Recording made(plan, view);
  return Dot(made.runtime, made.runtime.instantiated().back(), plan.name()).text;
}

std::size_t graph_bytes(const plan::Plan& plan, const GraphView& view) {
  return Recording(plan, view).device_bytes;
}

}  // namespace monograph::cuda
