#include "host/cuda/plan_graph.h"

#include <monograph/error.h>

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <set>

#include "host/codegen/device_step.h"
#include "host/cuda/graph_builder.h"
#include "host/ops/op_def.h"
#include "host/plan/schedule.h"

namespace monograph::cuda {

using plan::Slot;
using plan::SlotId;
using plan::Step;

namespace {

constexpr std::size_t kAlignment = 256;
static_assert(MG_LANES == plan::kWaveWidth);

std::size_t aligned(std::size_t bytes) { return (bytes + kAlignment - 1) / kAlignment * kAlignment; }

bool leaves_the_run(ops::OpId op) {
  return op == ops::OpId::Output || op == ops::OpId::StoreNode || op == ops::OpId::StoreEdge;
}

const ir::Node& node_of(const plan::Plan& plan, const plan::Block& b, const Step& s) {
  return plan.program.regions[b.region].nodes[s.node];
}

/// Slots that a step writes, also inside of its blocks.
void add_writes(const plan::Plan& plan, const Step& s, std::set<SlotId>& all) {
  all.insert(s.out.begin(), s.out.end());
  for (const plan::Move& m : s.enter) all.insert(m.to);
  for (const plan::BlockIndex b : s.blocks) {
    for (const plan::Move& m : plan.blocks[b].leave) all.insert(m.to);
    for (const Step& inner : plan.blocks[b].steps) add_writes(plan, inner, all);
  }
}

bool written_after(const plan::Plan& plan, std::size_t at, SlotId slot) {
  std::set<SlotId> writes;
  for (std::size_t i = at + 1; i < plan.blocks[0].steps.size(); ++i)
    add_writes(plan, plan.blocks[0].steps[i], writes);
  return writes.contains(slot);
}

/// Scalars that change at once, at most.
std::size_t most_moves(const plan::Plan& plan) {
  std::size_t most = 0;
  for (const plan::Block& b : plan.blocks) {
    most = std::max({most, b.leave.size(),
                     loops_around(plan, static_cast<plan::BlockIndex>(&b - plan.blocks.data())).size()});
    for (const Step& s : b.steps) most = std::max(most, s.enter.size());
  }
  return most;
}

}  // namespace

void PlanKernels::set_control(const std::function<Kernel(const char* name)>& kernel) {
  enter = kernel("mg_control_enter"), next = kernel("mg_control_next"), leave = kernel("mg_control_leave");
  branch = kernel("mg_control_branch"), move = kernel("mg_control_move"), note = kernel("mg_control_note");
  copy = kernel("mg_control_copy"), settle = kernel("mg_control_settle"), stamp = kernel("mg_control_stamp");
}

std::string objection(const plan::Plan& plan) {
  for (plan::BlockIndex b = 0; b < plan.blocks.size(); ++b)
    for (std::size_t i = 0; i < plan.blocks[b].steps.size(); ++i) {
      const Step& s = plan.blocks[b].steps[i];
      const ir::Node& n = node_of(plan, plan.blocks[b], s);
      if (s.kind != Step::Kind::Host || (b == 0 && leaves_the_run(n.op))) continue;
      if (!codegen::device_step(plan, b, i)) return std::string(ops::def(n.op).name) + " has no device code";
    }
  return {};
}

std::vector<SlotId> loops_around(const plan::Plan& plan, plan::BlockIndex block) {
  for (plan::BlockIndex b = 0; block != 0 && b < plan.blocks.size(); ++b)
    for (const Step& s : plan.blocks[b].steps) {
      if (std::ranges::find(s.blocks, block) == s.blocks.end()) continue;
      std::vector<SlotId> loops = loops_around(plan, b);
      if (s.kind == Step::Kind::While) loops.push_back(plan.blocks[block].arguments[0]);
      return loops;
    }
  return {};
}

LaneRoom room_for(const plan::Plan& plan, std::int64_t nodes, std::int64_t edges, bool undirected,
                  std::int64_t pieces) {
  constexpr std::int64_t kPieceBytes = 16;  // mg_words
  LaneRoom room;
  for (plan::BlockIndex b = 0; b < plan.blocks.size(); ++b)
    for (std::size_t i = 0; i < plan.blocks[b].steps.size(); ++i)
      if (const auto step = codegen::device_step(plan, b, i)) {
        room.partial = std::max(room.partial, step->partial_bytes(nodes, edges));
        room.votes = std::max(room.votes, step->vote_bytes(edges, undirected));
        room.pieces = std::max(
            room.pieces, kPieceBytes * pieces * static_cast<std::int64_t>(step->stage.aggregates.size()));
      }
  return room;
}

PlanGraph::PlanGraph(Runtime& runtime, const plan::Plan& plan, const PlanKernels& kernels,
                     std::span<const device::mg_device> lanes, const std::map<SlotId, void*>& attributes,
                     const GraphOptions& options)
    : runtime_(runtime),
      plan_(plan),
      options_(options),
      nodes_(lanes[0].nodes),
      edges_(lanes[0].edges),
      lanes_(lanes.size()),
      slots_(plan.slots.size()),
      tables_(runtime) {
  control_bytes_ = lay_out_control(kernels);
  in_ = allocate_pinned(runtime_, control_bytes_, "parameters");
  out_ = allocate_pinned(runtime_, control_bytes_, "results");
  std::memset(in_.get(), 0, control_bytes_), std::memset(out_.get(), 0, control_bytes_);
  watch_ = allocate_pinned(runtime_, sizeof(device::mg_watch), "progress");
  control_ = allocate(runtime_, control_bytes_, "the control block");
  lay_out_columns(attributes);
  const std::size_t ring_bytes = sizeof(device::mg_stamp) * static_cast<std::size_t>(options_.stamps);
  ring_ = allocate(runtime_, ring_bytes, "stamps");
  device_bytes_ += ring_bytes;

  device::mg_control control{};
  for (std::size_t lane = 0; lane < lanes_; ++lane) {
    control.run[lane] = lanes[lane], control.run[lane].failed = ~0ull;
    control.run[lane].done = reinterpret_cast<const int*>(on_device(offsetof(device::mg_control, done)));
  }
  // a group with active rows is alone in its wave, and so on the first lane
  control.run[0].active = {.stamps = stamps_, .always = options_.active_rows == cpu::ActiveRows::Always};
  control.finished = 1, control.failed_site = -1, control.stopped = -1;
  control.watch = static_cast<device::mg_watch*>(watch_.get());
  control.moving = reinterpret_cast<device::mg_cell*>(on_device(moving_));
  control.ring = static_cast<device::mg_stamp*>(ring_.get());
  control.ring_rows = static_cast<unsigned long long>(options_.stamps);
  std::memcpy(in_.get(), &control, sizeof control);
  bind_scalars();

  stream_ = make_stream(runtime_);
  GraphBuilder builder(*this, kernels, spill_bytes_ ? static_cast<std::byte*>(columns_.get()) : nullptr);
  compute_kept(builder);
  graph_ = make_graph(runtime_);
  builder.build(graph_.get());
  tables_.upload();
  device_bytes_ += tables_.bytes();
  exec_ = instantiate(runtime_, graph_.get());
  MONOGRAPH_CUDA(runtime_, upload(exec_.get(), stream_.get()));
}

/// By a graph of its own that is launched now: columns stay where they are, scalars become part of what each
/// run begins with.
void PlanGraph::compute_kept(GraphBuilder& builder) {
  if (!builder.has_kept()) return;
  const OwnedGraph graph = make_graph(runtime_);
  builder.build_kept(graph.get());
  const OwnedExec exec = instantiate(runtime_, graph.get());
  MONOGRAPH_CUDA(runtime_, launch(exec.get(), stream_.get()));
  MONOGRAPH_CUDA(runtime_, synchronize(stream_.get()));
  for (std::size_t at = 0; at < plan_.blocks[0].steps.size(); ++at)
    for (const SlotId s : plan_.blocks[0].steps[at].out)
      if (builder.is_kept(at) && plan_.slots[s].type.domain == Domain::Scalar)
        std::memcpy(in(cells_ + sizeof(device::mg_cell) * s),
                    static_cast<const std::byte*>(out_.get()) + cells_ + sizeof(device::mg_cell) * s,
                    sizeof(device::mg_cell));
}

std::size_t PlanGraph::bytes_of(SlotId slot) const {
  const Type& t = plan_.slots[slot].type;
  return static_cast<std::size_t>(ops::element_count(t, nodes_, edges_) * size_of(t.scalar));
}

/// The control block: its head, a cell per slot, the state of loops that are kernels, room for cells that
/// move.
std::size_t PlanGraph::lay_out_control(const PlanKernels& kernels) {
  cells_ = aligned(sizeof(device::mg_control));
  std::size_t loops = 0;  // behind the slots: iterations of the loops around a failed check
  for (plan::BlockIndex b = 0; b < plan_.blocks.size(); ++b)
    loops = std::max(loops, loops_around(plan_, b).size());
  std::size_t end = cells_ + aligned(sizeof(device::mg_cell) * (plan_.slots.size() + loops));
  lay_out_loops(kernels, 0, end);
  moving_ = end;
  return moving_ + aligned(sizeof(device::mg_cell) * std::max<std::size_t>(most_moves(plan_), 1));
}

/// From `end` on; those inside of another one have no state of their own.
void PlanGraph::lay_out_loops(const PlanKernels& kernels, plan::BlockIndex block, std::size_t& end) {
  const auto& steps = plan_.blocks[block].steps;
  for (std::size_t s = 0; s < steps.size(); ++s)
    if (steps[s].kind == Step::Kind::While && !kernels.groups[block][s].empty())
      loops_[{block, s}] = std::exchange(end, end + aligned(sizeof(device::mg_loop)));
    else
      for (const plan::BlockIndex inside : steps[s].blocks) lay_out_loops(kernels, inside, end);
}

/// All columns in one piece of memory; the spill comes first, marks of active rows last.
void PlanGraph::lay_out_columns(const std::map<SlotId, void*>& attributes) {
  std::map<SlotId, std::size_t> buffers;
  std::map<std::size_t, std::size_t> apart;  // results whose slot is written again, by step
  for (const plan::Block& b : plan_.blocks)  // of loops whose columns take turns too: then it is not used
    for (const ColumnCopy& c : column_copies(column_moves(plan_, b.leave)))
      if (c.to == kSpill) spill_bytes_ = std::max(spill_bytes_, aligned(bytes_of(c.from)));
  std::size_t bytes = spill_bytes_;
  const auto place = [&](SlotId s) { return std::exchange(bytes, bytes + aligned(bytes_of(s))); };
  for (SlotId s = 0; s < plan_.slots.size(); ++s)
    if (plan_.slots[s].kind == Slot::Kind::Buffer && plan_.slots[s].type.domain != Domain::Scalar)
      buffers[s] = place(s);
  const auto& steps = plan_.blocks[0].steps;
  for (std::size_t at = 0; at < steps.size(); ++at) {
    if (!leaves_the_run(node_of(plan_, plan_.blocks[0], steps[at]).op)) continue;
    results_[at] = nullptr;
    const SlotId from = steps[at].in[0];
    if (plan_.slots[from].type.domain != Domain::Scalar && written_after(plan_, at, from))
      apart[at] = place(from);
  }
  const bool active = options_.active() && codegen::has_active_rows(plan_);
  const std::size_t stamps =
      std::exchange(bytes, bytes + (active ? aligned(2 * static_cast<std::size_t>(nodes_)) : 0));
  columns_ = allocate(runtime_, bytes, "columns of plan \"" + plan_.name() + "\"");
  device_bytes_ = bytes + control_bytes_;
  auto* base = static_cast<std::byte*>(columns_.get());
  if (active) stamps_ = reinterpret_cast<unsigned char*>(base + stamps);
  for (SlotId s = 0; s < slots_.size(); ++s) {
    if (const auto buffer = buffers.find(s); buffer != buffers.end())
      slots_[s] = base + buffer->second;
    else if (plan_.slots[s].type.domain == Domain::Scalar)
      slots_[s] = on_device(cells_ + sizeof(device::mg_cell) * s);
    else
      slots_[s] = attributes.at(s);
  }
  for (const auto& [at, offset] : apart) results_[at] = base + offset;
}

void PlanGraph::bind_scalars() {
  for (SlotId s = 0; s < plan_.slots.size(); ++s) {
    const Slot& slot = plan_.slots[s];
    if (slot.kind == Slot::Kind::Constant)
      set(s, std::get<Constant>(plan_.program.regions[slot.region].nodes[slot.node].attrs[0]));
    else if (slot.kind == Slot::Kind::NodeCount || slot.kind == Slot::Kind::EdgeCount)
      set(s, Constant::of(slot.kind == Slot::Kind::NodeCount ? nodes_ : edges_));
  }
}

void PlanGraph::set(SlotId slot, const Constant& value) {
  std::memcpy(in(cells_ + sizeof(device::mg_cell) * slot), &value.bits, sizeof value.bits);
}

void PlanGraph::start(bool stopped) {
  watch().stop = stopped;
  watch().begun = -1;
  MONOGRAPH_CUDA(runtime_, launch(exec_.get(), stream_.get()));
}

void PlanGraph::wait() { MONOGRAPH_CUDA(runtime_, synchronize(stream_.get())); }

void PlanGraph::wait_quietly() noexcept { static_cast<void>(runtime_.synchronize(stream_.get())); }

bool PlanGraph::done() {
  const Status status = runtime_.query(stream_.get());
  if (status == Status::NotReady) return false;
  check(runtime_, status, "query(stream)");
  return true;
}

const device::mg_loop* PlanGraph::failed_loop() const {
  const int site = control().failed_site;
  if (site < 0) return nullptr;
  const auto loop = loops_.find(groups_[static_cast<std::size_t>(site)]);
  if (loop == loops_.end()) return nullptr;
  return reinterpret_cast<const device::mg_loop*>(static_cast<const std::byte*>(out_.get()) + loop->second);
}

std::optional<std::pair<plan::BlockIndex, std::size_t>> PlanGraph::failed_group() const {
  const int site = control().failed_site;
  if (site < 0) return {};
  if (const device::mg_loop* loop = failed_loop())
    return std::pair(static_cast<plan::BlockIndex>(loop->failed_block),
                     static_cast<std::size_t>(loop->failed_step));
  return groups_[static_cast<std::size_t>(site)];
}

/// Those around the step that was noted, and in it those that its kernel ran.
std::vector<std::int64_t> PlanGraph::failed_loops() const {
  const int site = control().failed_site;
  if (site < 0) return {};
  const auto noted = groups_[static_cast<std::size_t>(site)];
  std::vector<std::int64_t> loops(loops_around(plan_, noted.first).size());
  for (std::size_t i = 0; i < loops.size(); ++i)
    loops[i] = static_cast<std::int64_t>(cell(static_cast<SlotId>(plan_.slots.size() + i)));
  if (const device::mg_loop* loop = failed_loop())
    loops.insert(loops.end(), loop->iteration, loop->iteration + loop->depth);
  return loops;
}

std::vector<Stamp> PlanGraph::stamps(std::int64_t& lost) const {
  const auto taken = static_cast<std::size_t>(control().stamped),
             kept = std::min(taken, static_cast<std::size_t>(options_.stamps));
  lost = static_cast<std::int64_t>(taken - kept);
  std::vector<device::mg_stamp> rows(kept);
  if (kept > 0) MONOGRAPH_CUDA(runtime_, copy(rows.data(), ring_.get(), kept * sizeof rows[0]));
  if (lost > 0)  // the oldest stands where the next one would
    std::rotate(rows.begin(), rows.begin() + static_cast<std::ptrdiff_t>(taken % kept), rows.end());
  std::ranges::stable_sort(rows, {}, &device::mg_stamp::ns);  // those of parallel branches
  std::vector<Stamp> stamps;
  for (const device::mg_stamp& r : rows)
    stamps.push_back({stamped_.at(static_cast<std::size_t>(r.site - 1)), r.iteration, r.ns});
  return stamps;
}

std::uint64_t PlanGraph::cell(SlotId slot) const {
  std::uint64_t cell = 0;
  std::memcpy(&cell, static_cast<const std::byte*>(out_.get()) + cells_ + sizeof(device::mg_cell) * slot,
              sizeof cell);
  return cell;
}

}  // namespace monograph::cuda
