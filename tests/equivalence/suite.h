// The equivalence suite: one meaning everywhere. Every program gives on every backend, at every level, with
// each pass left out, and after every written form, what the reference gives, bit for bit.
#pragma once

#include <monograph/graph.h>
#include <monograph/program.h>
#include <monograph/session.h>

#include <limits>
#include <memory>
#include <string>
#include <vector>

namespace monograph::testing {

struct NamedGraph {
  std::string name;
  Graph graph;
};
/// Directed and undirected, self-loops, multi-edges, isolated nodes, sinks, rows longer than a segment, more
/// nodes than a leaf, no nodes, one node; attributes "weight" [E] and "x" [V] with NaN, infinities and zeros
/// of both signs.
std::vector<NamedGraph> adversarial_graphs();

/// Programs whose runs fail, on most graphs: takes and scatters out of range and divisions by zero, in loops
/// and branches, with indices that die there and that live on, and in groups as only a program file may hold
/// them.
std::vector<Program> failing_programs();

/// How programs are run.
struct Way {
  std::string name;
  SessionOptions options;
  /// On a machine with a simulated device, whose figures lead to loops as nodes, as nodes of several
  /// iterations, as one kernel of one block or of several, and to rows that are cut.
  enum class Simulated : std::uint8_t { No, Plain, Unrolled, Block, Grid, Cut, CutGrid };
  Simulated simulated = Simulated::No;
  bool slow = false;  ///< compiles each program: for few programs
  std::int64_t most_edges = std::numeric_limits<std::int64_t>::max();  ///< of graphs that are worth its time
};
/// A backend that only this suite has: the session engine of cuda, on a simulated device.
inline constexpr const char* kSimulatedCuda = "cuda-simulated";
/// All ways of the backends named: levels, each pass left out, tiers, thread counts. "cuda-simulated:grid"
/// (or level 0, level 2, unrolled, block, cut, cut grid) is that one alone.
std::vector<Way> ways(const std::vector<std::string>& backends);

/// What a run gave: its columns, every NaN as the same NaN, and how it ended.
struct Outcome {
  struct Part {
    std::string name;
    Column column;
  };
  std::vector<Part> parts = {};
  std::string end = {};  ///< iterations, or the error
};
Outcome outcome(Session& session, const Executable& executable, const Graph& graph);
/// The first place at which two outcomes part, or "".
std::string difference(const Outcome& got, const Outcome& want);

}  // namespace monograph::testing
