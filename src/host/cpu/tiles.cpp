#include "host/cpu/tiles.h"

#include "host/cpu/tiles_run.h"

namespace monograph::cpu {
namespace {

using scalar::mg_chunks;
using scalar::mg_i64;
using scalar::mg_run;
using scalar::mg_value;
using Slots = std::span<const std::uint32_t>;

void run_scalars(const std::vector<ScalarInstruction>& code, const std::vector<ReductionCode>& reductions,
                 Job& job) {
  mg_value* values = job.values;
  for (const ScalarInstruction& s : code) switch (s.kind) {
      case ScalarInstruction::Kind::Map:
        s.map(&values[s.out], &values[s.in[0]], &values[s.in[1]], &values[s.in[2]], 1);
        break;
      case ScalarInstruction::Kind::Argument:
        values[s.out] = job.run.scalar[job.in[s.index]];
        break;
      case ScalarInstruction::Kind::NodeCount:
        values[s.out].l = job.run.nodes;
        break;
      case ScalarInstruction::Kind::EdgeCount:
        values[s.out].l = job.run.edges;
        break;
      case ScalarInstruction::Kind::Reduction:
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

struct Chunked {
  const Job& job;
  const mg_i64* bounds;
};
void run_chunk(void* context, mg_i64 chunk, unsigned char* workspace) {
  const Chunked& c = *static_cast<const Chunked*>(context);
  run_rows(c.job, c.bounds[chunk], c.bounds[chunk + 1], workspace);
}

void run_all_rows(const Job& job) {
  if (job.rows == 0) return;
  const mg_chunks* chunks = chunks_of(job.code, job.run);
  if (!chunks || chunks->count <= 1) return run_rows(job, 0, job.rows, job.run.workspace);
  fold_hubs(job);
  Chunked context{job, chunks->bounds};
  job.run.parallel(&job.run, chunks->count, run_chunk, &context);
}

}  // namespace

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
  const TileCode& code = *code_;
  Job job{code, run, in.data(), out.data()};
  job.values = reinterpret_cast<mg_value*>(aligned(run.workspace));
  job.first_aggregate = first_aggregate_;
  job.rows = rows_of(code.domain, run);
  job.leaves = (job.rows + kTile - 1) / kTile;
  for (Register r : code.constant_registers) job.values[r] = code.constants[r];
  run_scalars(code.entry, code.reductions, job);
  if (!code.row.empty() || !code.fills.empty()) run_all_rows(job);
  run_scalars(code.finish, code.reductions, job);
  for (const Store& s : code.scalars) run.scalar[out[s.result]] = job.values[s.reg];
  return run.failed == kNothingFailed;
}

std::int64_t TileProgram::workspace_bytes(std::int64_t longest_row) const {
  return 64 + values_bytes(*code_) + thread_bytes(*code_, longest_row);
}

}  // namespace monograph::cpu
