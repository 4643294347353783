#include "host/simt/launcher.h"

#include <monograph/error.h>

#include <algorithm>
#include <cstring>

#include "host/ops/op_def.h"
#include "host/plan/schedule.h"

namespace monograph::simt {
namespace {

using plan::SlotId;
using scalar::mg_i64;

// More show nothing new, and each costs the stacks of its threads.
constexpr std::uint64_t kMostBlocks = 4;
// What memory of the device holds before somebody writes to it.
constexpr unsigned char kGarbage = 0xa5;
constexpr unsigned long long kGarbageVotes = 0xa5a5a5a5a5a5a5a5;

/// splitmix64
std::uint64_t mixed(std::uint64_t x) {
  x += 0x9e3779b97f4a7c15ull;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ull;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebull;
  return x ^ (x >> 31);
}

}  // namespace

Launcher::Launcher(const DevicePlan& plan, LaunchState& state) : plan_(plan), state_(state) {}

bool Launcher::run(scalar::mg_run& run, plan::BlockIndex block, std::size_t at) {
  const plan::Step& step = plan_.program().plan().blocks[block].steps[at];
  const codegen::DeviceStep& device = *plan_.step(block, at);
  make_tables(run);
  room_ = {};
  add_room(room_, device, run);
  device_ = state_with(room_, run);
  make_stamps(run);
  device_.active = active_;
  set_arguments(run, step, device);
  if (device.can_fail) save(run, step);
  for (const DeviceKernel& k : plan_.kernels(block, at))
    launch(k, device.row_count(run.nodes, run.edges), describe(block, at));
  active_ = device_.active;
  return device_.failed == ~0ull || report_failure(run, block, at);
}

void Launcher::add_room(Room& room, const codegen::DeviceStep& step, const scalar::mg_run& run) {
  const auto at_least = [](std::size_t& bytes, std::int64_t needed) {
    bytes = std::max(bytes, static_cast<std::size_t>(needed));
  };
  at_least(room.partial_bytes, step.partial_bytes(run.nodes, run.edges));
  at_least(room.vote_bytes, step.vote_bytes(run.edges, run.undirected));
  room.aggregates = std::max(room.aggregates, step.stage.aggregates.size());
}

void Launcher::add_room_of_blocks(Room& room, const plan::Step& step, const scalar::mg_run& run) const {
  for (const plan::BlockIndex b : step.blocks) {
    const auto& steps = plan_.program().plan().blocks[b].steps;
    for (std::size_t i = 0; i < steps.size(); ++i)
      if (const codegen::DeviceStep* device = plan_.step(b, i))
        add_room(room, *device, run);
      else
        add_room_of_blocks(room, steps[i], run);
  }
}

void Launcher::make_tables(const scalar::mg_run& run) {
  if (has_tables_ || !plan_.options().balanced) return;
  const auto rows = [&](const scalar::mg_rows& r) {
    const auto n = r.offsets ? static_cast<std::size_t>(run.nodes) + 1 : 0;
    return codegen::long_rows(std::span(r.offsets, n));
  };
  long_in_ = rows(run.in), long_out_ = rows(run.out), has_tables_ = true;
}

/// Garbage before the first run, whatever it was before a later one.
void Launcher::make_stamps(const scalar::mg_run& run) {
  if (!stamps_.empty() || !plan_.options().active) return;
  stamps_.assign(2 * static_cast<std::size_t>(run.nodes), kGarbage);
  active_.stamps = stamps_.data(), active_.always = state_.always_active;
}

/// Room is garbage: what one step leaves behind is nothing that another may read.
scalar::mg_device Launcher::state_with(Room& room, const scalar::mg_run& run) const {
  room.partial.assign(room.partial_bytes, kGarbage);
  room.pieces.assign(16 * room.aggregates * (long_in_.pieces() + long_out_.pieces()), kGarbage);
  room.vote_words.assign(room.vote_bytes / sizeof(kGarbageVotes), kGarbageVotes);
  const auto rows = [](const scalar::mg_rows& r) {
    return scalar::mg_device_rows{r.offsets, r.neighbors, r.edges};
  };
  const auto table = [](const codegen::LongRows& l) {
    return scalar::mg_long_rows{l.rows.data(), l.first.data(), l.of.data(),
                                static_cast<long long>(l.rows.size())};
  };
  return {.nodes = run.nodes,
          .edges = run.edges,
          .in = rows(run.in),
          .out = rows(run.out),
          .undirected = run.undirected,
          .blocks_done = 0,
          .partial = room.partial.data(),
          .votes = room.vote_words.data(),
          .failed = ~0ull,
          .failed_index = 0,
          .reporting = 0,
          .done = nullptr,
          .long_in = table(long_in_),
          .long_out = table(long_out_),
          .pieces = room.pieces.data()};
}

void* Launcher::place_of(SlotId slot, const scalar::mg_run& run) const {
  if (slot == plan::kNoSlot) return nullptr;
  const bool scalar = plan_.program().plan().slots[slot].type.domain == Domain::Scalar;
  return scalar ? static_cast<void*>(&run.scalar[slot]) : run.column[slot];
}

void Launcher::set_arguments(const scalar::mg_run& run, const plan::Step& step,
                             const codegen::DeviceStep& device) {
  places_.assign(1, &device_);
  for (SlotId s : step.in) places_.push_back(place_of(s, run));
  for (SlotId s : step.out) places_.push_back(place_of(s, run));
  if (plan_.options().active && device.active) places_.push_back(place_of(device.active->iteration, run));
  parameters_.clear();
  for (void*& p : places_) parameters_.push_back(&p);
}

/// 0: threads in order.
std::uint64_t Launcher::next_seed() {
  return state_.seed ? std::max<std::uint64_t>(mixed(mixed(state_.seed) + state_.launches++), 1) : 0;
}

/// Any number of blocks is right, so the number varies too.
void Launcher::launch(const DeviceKernel& kernel, std::int64_t rows, const std::string& where) {
  const auto per_block = static_cast<std::uint64_t>(kernel.shape.rows_per_block);
  const std::uint64_t useful =
      per_block == 0
          ? 1
          : std::max<std::uint64_t>((static_cast<std::uint64_t>(rows) + per_block - 1) / per_block, 1);
  std::uint64_t blocks = std::min(useful, kMostBlocks);
  const std::uint64_t seed = next_seed();
  if (seed && per_block) blocks = 1 + seed % (blocks + 1);
  launch(kernel, blocks, seed, where);
  expect_idle(device_, kernel, where);
}

void Launcher::launch(const DeviceKernel& kernel, std::uint64_t blocks, std::uint64_t seed,
                      const std::string& where) {
  const codegen::DeviceKernel& shape = kernel.shape;
  const LaunchResult result =
      state_.emulator.launch(kernel.kernel, {.grid = {static_cast<unsigned>(blocks), 1, 1},
                                             .block = {shape.block_threads, 1, 1},
                                             .shared_bytes = shape.shared_bytes,
                                             .arguments = parameters_,
                                             .seed = seed,
                                             .resident_blocks = static_cast<unsigned>(blocks)});
  if (!result.ok()) throw InternalError("device code breaks a rule: " + where + ": " + result.error);
}

void Launcher::expect_idle(const scalar::mg_device& state, const DeviceKernel& kernel,
                           const std::string& where) const {
  if (state.blocks_done == 0 && state.reporting == 0 && state.active.reach == 0) return;
  throw InternalError("device code breaks a rule: " + where + ": " + kernel.shape.name +
                      " leaves blocks_done at " + std::to_string(state.blocks_done) + ", reporting at " +
                      std::to_string(state.reporting) + " and reach at " +
                      std::to_string(state.active.reach) + ", expected 0");
}

// ---- loops as one kernel

std::optional<cpu::LoopEnd> Launcher::run_loop(scalar::mg_run& run, plan::BlockIndex block, std::size_t at) {
  const DeviceKernel* kernel = plan_.loop(block, at);
  if (!kernel) return {};
  make_tables(run);
  const std::uint64_t seed = next_seed(), blocks = seed ? 1 + seed % kMostBlocks : kMostBlocks;
  lane_rooms_.assign(seed ? 1 + seed / kMostBlocks % plan::kWaveWidth : 1, {});
  lanes_.clear();
  for (Room& room : lane_rooms_) {
    add_room_of_blocks(room, plan_.program().plan().blocks[block].steps[at], run);
    lanes_.push_back(state_with(room, run));
  }
  make_stamps(run);
  lanes_[0].active = {.stamps = active_.stamps, .always = active_.always};
  scalar::mg_loop loop{};
  loop.lanes = lanes_.data(), loop.lane_count = static_cast<int>(lanes_.size());
  loop.scalars = run.scalar, loop.columns = run.column;
  loop.failed_block = -1, loop.stop_at = ~0ull;
  places_.assign(1, &loop);
  parameters_.assign(1, places_.data());
  launch(*kernel, blocks, seed, describe(block, at));
  for (const scalar::mg_device& lane : lanes_) expect_idle(lane, *kernel, describe(block, at));
  if (loop.barrier.arrived != 0)
    throw InternalError("device code breaks a rule: " + describe(block, at) + ": its barrier is left with " +
                        std::to_string(loop.barrier.arrived) + " blocks in it, expected 0");
  return loop_end(loop, run);
}

std::optional<cpu::LoopEnd> Launcher::loop_end(const scalar::mg_loop& loop, scalar::mg_run& run) const {
  cpu::LoopEnd end{.iterations = loop.iterations, .finished = loop.finished != 0};
  if (loop.failed_block < 0) return end;
  const scalar::mg_device& lane = lanes_.at(static_cast<std::size_t>(loop.failed_lane));
  run.failed = lane.failed, run.failed_index = lane.failed_index;
  end.failure = {.block = static_cast<plan::BlockIndex>(loop.failed_block),
                 .step = static_cast<std::size_t>(loop.failed_step),
                 .iterations = {loop.iteration, loop.iteration + loop.depth}};
  return end;
}

std::string Launcher::describe(plan::BlockIndex block, std::size_t step) const {
  return "program " + plan_.program().plan().name() + ", block " + std::to_string(block) + ", step " +
         std::to_string(step);
}

// ---- failed checks

std::int64_t Launcher::bytes_of(SlotId slot, const scalar::mg_run& run) const {
  const Type& t = plan_.program().plan().slots[slot].type;
  if (t.domain == Domain::Scalar) return sizeof(scalar::mg_value);
  return ops::element_count(t, run.nodes, run.edges) * size_of(t.scalar);
}

/// What a failed check is explained by may have been overwritten by then.
void Launcher::save(const scalar::mg_run& run, const plan::Step& step) {
  saved_.clear();
  for (SlotId s : step.in) {
    if (std::ranges::find(step.out, s) == step.out.end()) continue;
    const auto* from = static_cast<const unsigned char*>(place_of(s, run));
    saved_.emplace_back(s, Saved(from, from + bytes_of(s, run)));
  }
}

/// The CPU must say the same: of a failed check nothing else is compared with what the definition gives.
bool Launcher::report_failure(scalar::mg_run& run, plan::BlockIndex block, std::size_t at) {
  for (const auto& [slot, bytes] : saved_)
    if (!bytes.empty()) std::memcpy(place_of(slot, run), bytes.data(), bytes.size());
  const bool also = fails_on_cpu(run, block, at);
  if (also && run.failed == device_.failed && run.failed_index == device_.failed_index) return false;
  const auto failure = [](unsigned long long failed, long long index) {
    return "node " + std::to_string(failed >> 40) + " of the group fails at element " +
           std::to_string(failed & ((1ull << 40) - 1)) + " with index " + std::to_string(index);
  };
  throw InternalError("device code is wrong: " + describe(block, at) + ": it says that " +
                      failure(device_.failed, device_.failed_index) + "; on the CPU " +
                      (also ? failure(run.failed, run.failed_index) : "nothing fails"));
}

/// Whether the step fails in tiles, or by what it reads; then `run` says where.
bool Launcher::fails_on_cpu(scalar::mg_run& run, plan::BlockIndex block, std::size_t at) const {
  const plan::Step& step = plan_.program().plan().blocks[block].steps[at];
  const codegen::DeviceStep& device = *plan_.step(block, at);
  if (device.kind == codegen::DeviceStep::Kind::Group)
    return !plan_.program().step(block, at).tiles->run(run, step.in, step.out);
  const SlotId looked_at = step.in.back();
  const auto* bytes = static_cast<const unsigned char*>(place_of(looked_at, run));
  const bool check = device.kind == codegen::DeviceStep::Kind::Check;
  const mg_i64 count = device.rows.domain == Domain::Scalar ? 1 : device.row_count(run.nodes, run.edges);
  for (mg_i64 i = 0; i < count; ++i) {
    mg_i64 value = bytes[i];
    if (!check)
      value = device.index == ScalarType::I32 ? reinterpret_cast<const int*>(bytes)[i]
                                              : reinterpret_cast<const mg_i64*>(bytes)[i];
    if (check ? value == 0 : value >= 0 && value < run.nodes) continue;
    run.failed = static_cast<unsigned long long>(i), run.failed_index = check ? i : value;
    return true;
  }
  return false;
}

}  // namespace monograph::simt
