// Stages, interpreted tile by tile: always there, starts at once.
#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "host/cpu/host_run.h"
#include "host/plan/stage.h"

namespace monograph::cpu {

struct TileCode;
struct Kernels;

class TileProgram;

/// One group to run: in[a] and out[k] are the slots of its arguments and results; a result may have the
/// memory of an argument that is read at its own row only.
struct TileCall {
  const TileProgram* program;
  std::span<const std::uint32_t> in, out;
};
/// Runs groups, at most plan::kWaveWidth, over all rows of the run's graph at once: none of them writes what
/// another reads or writes. False when the run has a failed check (run.failed). Allocates nothing.
bool run_tiles(scalar::mg_run& run, std::span<const TileCall> calls);

/// The rows of a group that a list names, one by one; no reductions and no checks. `workspace` is the calling
/// thread's; others may be at other rows.
void run_listed_rows(scalar::mg_run& run, const TileCall& call, const int* rows, std::int64_t count,
                     unsigned char* workspace);
/// The scalars that a group yields after its rows, with `reductions` as what its reductions came to.
void finish_with(scalar::mg_run& run, const TileCall& call, std::span<const scalar::mg_value> reductions);

/// A stage prepared for interpretation. Immutable; any number of runs and threads.
class TileProgram {
 public:
  /// With the best kernels that this machine runs. The stage's aggregates are those from `first_aggregate` on
  /// of the plan.
  explicit TileProgram(const plan::Stage& stage, std::size_t first_aggregate = 0);
  TileProgram(const plan::Stage& stage, const Kernels& kernels);
  ~TileProgram();
  TileProgram(TileProgram&&) noexcept;
  TileProgram& operator=(TileProgram&&) noexcept;

  /// This group alone.
  bool run(scalar::mg_run& run, std::span<const std::uint32_t> in, std::span<const std::uint32_t> out) const;
  const TileCode& code() const { return *code_; }
  std::size_t first_aggregate() const { return first_aggregate_; }

 private:
  std::unique_ptr<const TileCode> code_;
  std::size_t first_aggregate_ = 0;
};

/// Bytes of workspace that each thread needs for groups that run at once, on a graph where no node has more
/// edges than that (of both directions together, where a stage walks both).
std::int64_t workspace_bytes(std::span<const TileProgram* const> together, std::int64_t longest_row);

}  // namespace monograph::cpu
