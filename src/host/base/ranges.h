// What the library is doing, for profilers: ranges and marks of NVTX's domain "monograph", with registered
// names. Where no profiler is attached a range is one comparison; built without the toolkit's headers it is
// nothing.
#pragma once

#include <cstdint>
#include <string>

namespace monograph::base {

/// Phases of the work. The names that a profiler shows are in ranges.cpp.
enum class Phase : std::uint8_t {
  Load,         ///< a graph is read or generated
  Csc,          ///< the rows that enter nodes are made from those that leave them
  Compile,      ///< a program becomes a plan
  MachineCode,  ///< a compiler makes machine code
  Upload,       ///< a graph goes into device memory
  Instantiate,  ///< a plan becomes an executable graph
  Run,          ///< one run: on a device it holds the next two
  Launch,
  Wait,
  Download,  ///< results leave device memory
};
/// Where a plan came from.
enum class Mark : std::uint8_t { PlanMade, PlanFromMemory, PlanFromDisk };

/// Is a profiler attached? What is only there to be shown need not be computed else.
bool profiled();

/// From its construction to its destruction, on the thread that makes it; ranges nest.
class Range {
 public:
  explicit Range(Phase phase,
                 std::uint64_t payload = 0);  ///< payload: the first digits of the plan's hash, or 0
  explicit Range(const std::string& name);    ///< a step of a plan, by its own name
  ~Range();
  Range(const Range&) = delete;
  Range& operator=(const Range&) = delete;

 private:
  [[maybe_unused]] bool pushed_ = false;  // there is nothing to pop without NVTX
};

void mark(Mark what, std::uint64_t payload = 0);

}  // namespace monograph::base
