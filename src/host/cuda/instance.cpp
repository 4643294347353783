#include "host/cuda/instance.h"

#include <algorithm>

#include "host/ir/evaluation.h"

namespace monograph::cuda {
namespace {

using plan::Slot;

const Column* attribute_of(const plan::Plan& plan, const Slot& slot, const Graph& graph) {
  const ir::Node& n = plan.program.regions[slot.region].nodes[slot.node];
  const auto& name = std::get<std::string>(n.attrs[0]);
  return slot.type.domain == Domain::Nodes ? graph.node_attribute(name) : graph.edge_attribute(name);
}

/// By the definition of the operation that reads it.
Column evaluated(const plan::Plan& plan, const Slot& slot, const Graph& graph, ops::RunContext& context) {
  const ir::Node& n = plan.program.regions[slot.region].nodes[slot.node];
  const std::int64_t size = ops::element_count(slot.type, graph.node_count(), graph.edge_count());
  std::vector<ops::Value> results{{slot.type, Column(slot.type.scalar, size)}};
  ops::EvalContext c = ir::evaluation_of(n, {}, results, context);
  c.op.evaluate(c);
  return std::move(results[0].column);
}

bool same_source(const BoundAttribute& a, const Column* column) {
  if (!column || !a.given) return !column && !a.given;
  return same_storage(*column, a.source);
}

const void* topology(const Graph& g) { return g.out().offsets.data(); }

}  // namespace

std::size_t lane_bytes(const LaneRoom& room) {
  constexpr std::size_t kAlignment = 256;
  const auto aligned = [](std::int64_t bytes) {
    return (static_cast<std::size_t>(bytes) + kAlignment - 1) / kAlignment * kAlignment;
  };
  return aligned(room.partial) + aligned(room.votes) + aligned(room.pieces);
}

std::vector<BoundAttribute> bind_attributes(const plan::Plan& plan, const Graph& graph,
                                            ops::RunContext& context, std::span<const BoundAttribute> known) {
  std::vector<BoundAttribute> all;
  for (plan::SlotId s = 0; s < plan.slots.size(); ++s) {
    const Slot& slot = plan.slots[s];
    if (slot.kind != Slot::Kind::Attribute) continue;
    const Column* column = attribute_of(plan, slot, graph);
    if (all.size() < known.size() && same_source(known[all.size()], column)) {
      all.push_back(known[all.size()]);
      continue;
    }
    BoundAttribute& a = all.emplace_back();
    a.slot = s;
    if (column) a.source = *column, a.given = true;
    a.bound = column && column->type() == slot.type.scalar ? *column : evaluated(plan, slot, graph, context);
  }
  return all;
}

Instance::Instance(Runtime& runtime, Parts parts) : parts_(std::move(parts)) {
  const std::vector<device::mg_device> lanes = lay_out_room(runtime);
  std::map<plan::SlotId, void*> attributes;
  for (const BoundAttribute& a : parts_.attributes)
    attributes[a.slot] = const_cast<void*>(a.resident->array.data());  // read only: no step writes it
  executable_ = std::make_unique<PlanGraph>(
      runtime, plan().plan(), plan().kernels(variant_of(parts_.options)), lanes, attributes, parts_.options);
}

/// One piece of memory for the room of all lanes.
std::vector<device::mg_device> Instance::lay_out_room(Runtime& runtime) {
  const Graph& g = graph();
  const LaneRoom room = room_for(plan().plan(), g.node_count(), g.edge_count(), g.undirected(),
                                 parts_.options.balanced ? parts_.graph->pieces() : 0);
  const std::size_t lane = lane_bytes(room);
  room_bytes_ = parts_.lanes * lane;
  room_ = allocate(runtime, room_bytes_, "room for partial results");
  std::vector<device::mg_device> lanes;
  for (std::size_t i = 0; i < parts_.lanes; ++i) {
    auto* const place = static_cast<std::byte*>(room_.get()) + i * lane;
    device::mg_device& d = lanes.emplace_back();
    d = {};
    d.nodes = g.node_count(), d.edges = g.edge_count(), d.undirected = g.undirected();
    d.in = parts_.graph->in(), d.out = parts_.graph->out();
    d.partial = reinterpret_cast<unsigned char*>(place);
    d.votes = reinterpret_cast<unsigned long long*>(place + lane_bytes({.partial = room.partial}));
    if (!parts_.options.balanced) continue;
    d.long_in = parts_.graph->long_in(), d.long_out = parts_.graph->long_out();
    d.pieces =
        reinterpret_cast<unsigned char*>(place + lane_bytes({.partial = room.partial, .votes = room.votes}));
  }
  return lanes;
}

bool Instance::serves(const PreparedPlan& plan, const Graph& graph) const {
  return parts_.plan.get() == &plan && topology(this->graph()) == topology(graph);
}

bool Instance::same_attributes(const Graph& graph) const {
  const plan::Plan& p = plan().plan();
  return std::ranges::all_of(parts_.attributes, [&](const BoundAttribute& a) {
    return same_source(a, attribute_of(p, p.slots[a.slot], graph));
  });
}

std::size_t Instance::total_bytes() const {
  std::size_t bytes = device_bytes() + parts_.graph->device_bytes();
  for (const BoundAttribute& a : parts_.attributes) bytes += a.resident->array.device_bytes();
  return bytes;
}

}  // namespace monograph::cuda
