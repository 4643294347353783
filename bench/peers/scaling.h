// How time and memory grow with the graph: RMAT graphs and grids, each four times (twice) as large as the one
// before.
#pragma once

#include <cstdint>
#include <optional>

#include "bench/peers/compare.h"

namespace monograph::bench::peers {

inline constexpr double kGrowthBound = 1.3;  ///< of time per edge, within a level of the memory hierarchy
inline constexpr double kMemoryBound =
    1.25;  ///< of peak memory, over rows of the graph and columns of the plan

struct ScalingOptions {
  std::int64_t most_edges = std::int64_t{1} << 27;  ///< of the largest graph, before repeats are left out
  CompareOptions compare = {};  ///< threads, repeats, seconds, algorithms, progress, cancel
};

/// Adds "scaling" to a report of suite "peers": docs/benchmarks.md says what each field means.
void scaling(Report& report, const ScalingOptions& options);

/// Fills in, for rows in order of size per family and algorithm: `growth` over the least `ns_per_edge` of a
/// smaller graph of the same `level` (null for the first), `ns_bound`, `growth_bound` and `growth_ok`.
void check_growth(Report& rows);
/// Fills in `memory_bound_mb` and `memory_ok`; both are null where memory is not known or there is so little
/// that the program itself counts.
void check_memory(Report& rows);

/// Which level holds so many bytes: "L1", "L2", "L3", else "memory".
struct Caches {
  std::int64_t l1 = 0, l2 = 0, l3 = 0;  ///< bytes; 0: there is none, or the system does not tell
  std::string level_of(std::int64_t bytes) const;
};
Caches this_machines_caches();

/// The most memory that this process had at once since `forget_peak`, in bytes; nothing where the system does
/// not tell.
std::optional<std::int64_t> peak_memory();
std::optional<std::int64_t> current_memory();
/// False where the system does not let it.
bool forget_peak();

}  // namespace monograph::bench::peers
