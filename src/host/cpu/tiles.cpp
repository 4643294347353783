#include "host/cpu/tiles.h"

#include <algorithm>
#include <array>

#include "host/cpu/tiles_run.h"
#include "host/plan/schedule.h"

namespace monograph::cpu {
namespace {

using scalar::mg_chunks;
using scalar::mg_i64;
using scalar::mg_run;
using scalar::mg_value;
using Slots = std::span<const std::uint32_t>;

void run_scalars(const std::vector<ScalarInstruction>& code, const std::vector<ReductionCode>& reductions,
                 Job& job, const mg_value* known = nullptr) {
  mg_value* values = job.values;
  for (const ScalarInstruction& s : code) switch (s.kind) {
      case ScalarInstruction::Kind::Map:
        s.map(&values[s.out], &values[s.in[0]], &values[s.in[1]], &values[s.in[2]], 1);
        break;
      case ScalarInstruction::Kind::Argument:
        values[s.out] = job.run->scalar[job.in[s.index]];
        break;
      case ScalarInstruction::Kind::NodeCount:
        values[s.out].l = job.run->nodes;
        break;
      case ScalarInstruction::Kind::EdgeCount:
        values[s.out].l = job.run->edges;
        break;
      case ScalarInstruction::Kind::Reduction:
        if (known)
          values[s.out] = known[s.index];
        else
          reductions[s.index].kernels.finish(&values[s.out], partial_of(job, s.index, 0), job.leaves);
        break;
    }
}

mg_i64 rows_of(const Type& domain, const mg_run& run) {
  switch (domain.domain) {
    case Domain::Nodes:
      return run.nodes;
    case Domain::Edges:
      return run.edges;
    case Domain::Fixed:
      return domain.length;
    default:
      return 0;
  }
}

const mg_chunks* chunks_of(const TileCode& code, const mg_run& run) {
  switch (run.undirected ? code.chunks_undirected : code.chunks) {
    case Chunks::ByNode:
      return &run.by_node;
    case Chunks::ByIn:
      return &run.by_in;
    case Chunks::ByOut:
      return &run.by_out;
    case Chunks::ByBoth:
      return &run.by_both;
    case Chunks::ByEdge:
      return &run.by_edge;
    default:
      return nullptr;
  }
}

/// What runs at once: a range of chunks for each group.
struct Wave {
  std::array<Job, plan::kWaveWidth> jobs;
  std::array<const mg_i64*, plan::kWaveWidth> bounds{};
  std::array<mg_i64, plan::kWaveWidth> ends{};  ///< of each group's chunks
  std::size_t count = 0;

  mg_i64 chunks() const { return count == 0 ? 0 : ends[count - 1]; }
};

/// Whole columns are one chunk; a group without rows has none.
void add_chunks(Wave& wave, std::size_t k) {
  const Job& job = wave.jobs[k];
  const mg_chunks* chunks = chunks_of(*job.code, *job.run);
  const bool has_rows = job.rows > 0 && (!job.code->row.empty() || !job.code->fills.empty());
  const bool whole = !chunks || chunks->count <= 1;
  wave.bounds[k] = whole ? nullptr : chunks->bounds;
  wave.ends[k] = wave.chunks() + (!has_rows ? 0 : whole ? 1 : chunks->count);
  ++wave.count;
}

void run_chunk(void* context, mg_i64 chunk, unsigned char* workspace) {
  const Wave& wave = *static_cast<const Wave*>(context);
  std::size_t k = 0;
  while (chunk >= wave.ends[k]) ++k;
  if (!wave.bounds[k]) return run_rows(wave.jobs[k], 0, wave.jobs[k].rows, workspace);
  const mg_i64 c = k == 0 ? chunk : chunk - wave.ends[k - 1];
  run_rows(wave.jobs[k], wave.bounds[k][c], wave.bounds[k][c + 1], workspace);
}

/// On the calling thread where each group is one chunk: small ones are done before another thread has woken
/// up.
void run_all_rows(mg_run& run, Wave& wave) {
  const auto is_cut = [](const mg_i64* bounds) { return bounds != nullptr; };
  if (std::ranges::any_of(wave.bounds, is_cut)) return run.parallel(&run, wave.chunks(), run_chunk, &wave);
  for (mg_i64 c = 0; c < wave.chunks(); ++c) run_chunk(&wave, c, run.workspace);
}

void begin(Job& job) {
  for (Register r : job.code->constant_registers) job.values[r] = job.code->constants[r];
  run_scalars(job.code->entry, job.code->reductions, job);
}
void finish(Job& job, const mg_value* known = nullptr) {
  run_scalars(job.code->finish, job.code->reductions, job, known);
  for (const Store& s : job.code->scalars) job.run->scalar[job.out[s.result]] = job.values[s.reg];
}

}  // namespace

bool run_tiles(mg_run& run, std::span<const TileCall> calls) {
  Wave wave;
  unsigned char *values = aligned(run.workspace), *partial = run.partial;
  std::int64_t scalar_bytes = 0;
  for (const TileCall& c : calls) scalar_bytes += values_bytes(c.program->code());
  for (std::size_t k = 0; k < calls.size(); ++k) {
    const TileCode& code = calls[k].program->code();
    Job& job = wave.jobs[k];
    job = {.code = &code, .run = &run, .in = calls[k].in.data(), .out = calls[k].out.data()};
    job.values = reinterpret_cast<mg_value*>(values);
    job.partial = partial, job.scalar_bytes = scalar_bytes;
    job.first_aggregate = calls[k].program->first_aggregate();
    job.rows = rows_of(code.domain, run);
    job.leaves = (job.rows + kTile - 1) / kTile;
    values += values_bytes(code);
    partial += 16 * job.leaves * static_cast<std::int64_t>(code.reductions.size());
    begin(job);
    add_chunks(wave, k);
    if (job.rows > 0) fold_hubs(job);
  }
  run_all_rows(run, wave);
  for (std::size_t k = 0; k < calls.size(); ++k) finish(wave.jobs[k]);
  return run.failed == kNothingFailed;
}

namespace {

/// A group alone, its scalars at the beginning of that workspace.
Job job_alone(mg_run& run, const TileCall& call, unsigned char* workspace) {
  const TileCode& code = call.program->code();
  Job job{.code = &code, .run = &run, .in = call.in.data(), .out = call.out.data()};
  job.values = reinterpret_cast<mg_value*>(aligned(workspace));
  job.scalar_bytes = values_bytes(code);
  job.first_aggregate = call.program->first_aggregate();
  begin(job);
  return job;
}

}  // namespace

void run_listed_rows(mg_run& run, const TileCall& call, const int* rows, std::int64_t count,
                     unsigned char* workspace) {
  mg_run alone = run;  // what segments of hubs come to is not known
  alone.in.hub_count = alone.out.hub_count = 0;
  run_listed(job_alone(alone, call, workspace), rows, count, workspace);
}

void finish_with(mg_run& run, const TileCall& call, std::span<const mg_value> reductions) {
  Job job = job_alone(run, call, run.workspace);
  finish(job, reductions.data());
}

std::int64_t workspace_bytes(std::span<const TileProgram* const> together, std::int64_t longest_row) {
  std::int64_t scalars = 0, most = 0;
  for (const TileProgram* p : together) {
    scalars += values_bytes(p->code());
    most = std::max(most, thread_bytes(p->code(), longest_row));
  }
  return 64 + scalars + most;
}

TileProgram::TileProgram(const plan::Stage& stage, std::size_t first_aggregate)
    : TileProgram(stage, best_kernels()) {
  first_aggregate_ = first_aggregate;
}
TileProgram::TileProgram(const plan::Stage& stage, const Kernels& kernels)
    : code_(std::make_unique<const TileCode>(prepare_tiles(stage, kernels))) {}
TileProgram::~TileProgram() = default;
TileProgram::TileProgram(TileProgram&&) noexcept = default;
TileProgram& TileProgram::operator=(TileProgram&&) noexcept = default;

bool TileProgram::run(mg_run& run, Slots in, Slots out) const {
  const TileCall alone[] = {{this, in, out}};
  return run_tiles(run, alone);
}

}  // namespace monograph::cpu
