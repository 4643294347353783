// How a run of tiles lays out a thread's workspace: scalars of all groups that run at once (the calling
// thread's only), a pointer per register, buffers, and what the longest row needs.
#pragma once

#include "host/cpu/tiles_code.h"

namespace monograph::cpu {

inline constexpr unsigned long long kNothingFailed = ~0ull;

/// One run of one stage.
struct Job {
  const TileCode* code = nullptr;
  scalar::mg_run* run = nullptr;
  const std::uint32_t *in = nullptr, *out = nullptr;  ///< slots
  scalar::mg_value* values = nullptr;                 ///< of registers that are scalars
  unsigned char* partial = nullptr;                   ///< [reduction][leaf]
  std::int64_t scalar_bytes = 0;                      ///< at the start of workspaces, of all groups
  std::int64_t rows = 0, leaves = 0;
  std::size_t first_aggregate = 0;
};

/// What the segments of hubs come to, on all threads: before the rows.
void fold_hubs(const Job& job);
/// All tiles of rows [first, last); `first` is the first of a leaf.
void run_rows(const Job& job, std::int64_t first, std::int64_t last, unsigned char* workspace);
/// Rows one by one, without reductions: those need no leaves.
void run_listed(const Job& job, const int* rows, std::int64_t count, unsigned char* workspace);

inline unsigned char* partial_of(const Job& job, std::uint32_t reduction, std::int64_t leaf) {
  return job.partial + 16 * (static_cast<std::int64_t>(reduction) * job.leaves + leaf);
}

inline std::int64_t whole_lines(std::int64_t bytes) { return (bytes + 63) / 64 * 64; }
inline unsigned char* aligned(unsigned char* p) {
  const auto address = reinterpret_cast<std::uintptr_t>(p);
  return p + ((64 - address % 64) % 64);
}
inline std::int64_t values_bytes(const TileCode& code) {
  return whole_lines(std::int64_t{8} * code.registers);
}
inline std::int64_t pointers_bytes(const TileCode& code) {
  return whole_lines(std::int64_t{8} * code.registers);
}
std::int64_t thread_bytes(const TileCode& code, std::int64_t longest_row);

}  // namespace monograph::cpu
