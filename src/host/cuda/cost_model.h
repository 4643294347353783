// Which of several ways to run a plan as one launch is taken on a device. The way never shows in a result;
// what it costs is estimated from figures that were measured on such a device, and a way that nobody proved
// there is not taken whatever it promises.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "host/cuda/loop_form.h"
#include "host/plan/plan.h"

namespace monograph::cuda {

/// What has to be proven on an architecture before it is chosen.
enum class Protocol : std::uint8_t {
  BlockLoop,   ///< a loop as one kernel of one block
  GridLoop,    ///< a loop as one kernel of many blocks that wait for each other
  Unroll,      ///< several iterations in one round of a WHILE node
  FullUnroll,  ///< a loop without a WHILE node
};
inline constexpr std::string_view kProtocolNames[] = {"block_loop", "grid_loop", "unroll", "full_unroll"};
inline std::span<const std::string_view> names_of(Protocol) { return kProtocolNames; }

/// Of one architecture.
struct DeviceFigures {
  std::int64_t architecture = 0;        ///< 90: sm_90; 0: every one that has no figures of its own
  bool measured = false;                ///< else estimates
  std::string source = {};              ///< on what, when, by which command
  std::int64_t kernel_ns = 0;           ///< from one kernel of a graph to the one that waits for it
  std::int64_t round_ns = 0;            ///< of a WHILE node, beside its body
  std::int64_t block_barrier_ns = 0;    ///< from one stage to the next, of one block
  std::int64_t grid_barrier_ns = 0;     ///< of all blocks
  std::int64_t bytes_per_us = 1;        ///< that the device moves
  std::int64_t block_bytes_per_us = 1;  ///< that one block moves
  /// A graph with a row of so many edges or more has its long rows cut. That needs no proof: nothing waits
  /// for anything but the kernel before it. 0: every graph has.
  std::int64_t hub_edges = 65536;
  std::vector<Protocol> proven = {};
};

/// A file of figures. PlanError: what was expected, what was found, at which path.
std::vector<DeviceFigures> read_figures(std::string_view json, const std::string& origin);
/// Those of an architecture among `all`, else those of every other; InternalError when there are none.
DeviceFigures figures_for(const std::vector<DeviceFigures>& all, int architecture);
/// The figures that come with the library.
const std::vector<DeviceFigures>& shipped_figures();

struct Way {
  GraphOptions graph = {};
  double ns = 0;             ///< estimate of a run; loops of unknown length count 50 iterations
  std::string text() const;  ///< "T2: nodes of a graph, 4 iterations a round"
};

/// The estimate of a run by one way.
double estimate_ns(const plan::Plan& plan, std::int64_t nodes, std::int64_t edges,
                   const DeviceFigures& figures, const GraphOptions& options);
/// May some plan's loops be kernels on such a device?
bool loops_may_be_kernels(const DeviceFigures& figures);
/// The cheapest of the ways that are proven; where nothing is: T2, one iteration at a time.
Way choose_way(const plan::Plan& plan, std::int64_t nodes, std::int64_t edges, const DeviceFigures& figures);
/// The choice and what speaks for it, a line per tier; and of each outermost loop that is nodes in every
/// tier, why.
std::string explain_choice(const plan::Plan& plan, std::int64_t nodes, std::int64_t edges,
                           const DeviceFigures& figures);

}  // namespace monograph::cuda
