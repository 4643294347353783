#include "host/simt/launcher.h"

#include <monograph/error.h>

#include <algorithm>
#include <cstring>

#include "host/ops/op_def.h"

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
  fill(run, device);
  set_arguments(run, step);
  if (device.can_fail) save(run, step);
  for (const DeviceKernel& k : plan_.kernels(block, at))
    launch(k, device.row_count(run.nodes, run.edges), describe(block, at));
  return device_.failed == ~0ull || report_failure(run, block, at);
}

/// As before every step: what one leaves behind is nothing that another may read.
void Launcher::fill(const scalar::mg_run& run, const codegen::DeviceStep& step) {
  partial_.assign(static_cast<std::size_t>(step.partial_bytes(run.nodes, run.edges)), kGarbage);
  votes_.assign(static_cast<std::size_t>(step.vote_bytes(run.edges, run.undirected)) / sizeof(kGarbageVotes),
                kGarbageVotes);
  const auto rows = [](const scalar::mg_rows& r) {
    return scalar::mg_device_rows{r.offsets, r.neighbors, r.edges};
  };
  device_ = {.nodes = run.nodes,
             .edges = run.edges,
             .in = rows(run.in),
             .out = rows(run.out),
             .undirected = run.undirected,
             .blocks_done = 0,
             .partial = partial_.data(),
             .votes = votes_.data(),
             .failed = ~0ull,
             .failed_index = 0,
             .reporting = 0};
}

void* Launcher::place_of(SlotId slot, const scalar::mg_run& run) const {
  const bool scalar = plan_.program().plan().slots[slot].type.domain == Domain::Scalar;
  return scalar ? static_cast<void*>(&run.scalar[slot]) : run.column[slot];
}

void Launcher::set_arguments(const scalar::mg_run& run, const plan::Step& step) {
  places_.assign(1, &device_);
  for (SlotId s : step.in) places_.push_back(place_of(s, run));
  for (SlotId s : step.out) places_.push_back(place_of(s, run));
  parameters_.clear();
  for (void*& p : places_) parameters_.push_back(&p);
}

/// Any number of blocks is right, so the number varies too.
void Launcher::launch(const DeviceKernel& kernel, std::int64_t rows, const std::string& where) {
  const codegen::DeviceKernel& shape = kernel.shape;
  const auto per_block = static_cast<std::uint64_t>(shape.rows_per_block);
  const std::uint64_t useful =
      per_block == 0
          ? 1
          : std::max<std::uint64_t>((static_cast<std::uint64_t>(rows) + per_block - 1) / per_block, 1);
  std::uint64_t blocks = std::min(useful, kMostBlocks), seed = 0;
  if (state_.seed) {
    seed = std::max<std::uint64_t>(mixed(mixed(state_.seed) + state_.launches++), 1);
    if (per_block) blocks = 1 + seed % (blocks + 1);
  }
  const LaunchResult result =
      state_.emulator.launch(kernel.kernel, {.grid = {static_cast<unsigned>(blocks), 1, 1},
                                             .block = {shape.block_threads, 1, 1},
                                             .shared_bytes = shape.shared_bytes,
                                             .arguments = parameters_,
                                             .seed = seed,
                                             .resident_blocks = static_cast<unsigned>(blocks)});
  if (!result.ok()) throw InternalError("device code breaks a rule: " + where + ": " + result.error);
  if (device_.blocks_done != 0 || device_.reporting != 0)
    throw InternalError("device code breaks a rule: " + where + ": " + shape.name +
                        " leaves blocks_done at " + std::to_string(device_.blocks_done) +
                        " and reporting at " + std::to_string(device_.reporting) + ", expected 0");
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
