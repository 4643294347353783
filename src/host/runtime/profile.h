// Where the time of a plan goes: its steps, on the cpu backend in tiles or on a device, with what each must
// move.
#pragma once

#include <monograph/session.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "host/cuda/stamp.h"
#include "host/plan/plan.h"
#include "host/runtime/machine.h"

namespace monograph::runtime {

/// What a step must move at least, in one call: row columns once, an element of 4 or 8 bytes gathered per
/// edge, 4 bytes per neighbour's index, 8 per row's offset.
struct Traffic {
  std::int64_t read = 0, written = 0;       ///< bytes, gathered ones included
  std::int64_t gathers4 = 0, gathers8 = 0;  ///< elements of at most 4 bytes, of 8
};
Traffic traffic_of(const plan::Stage& stage, const Graph& graph);

struct ProfiledStep {
  std::uint32_t block = 0, step = 0;
  plan::Step::Kind kind{};
  bool once = false;  ///< depends on the graph alone: measured in the first run, not part of the others
  std::int64_t calls = 0;
  double ms =
      0;  ///< of all calls of one run, the median over runs; of loops and branches without their inside
  Traffic traffic = {};  ///< of one call
  /// Only rows that read a changed one may have been computed: nobody counted them, and `traffic` is empty.
  bool some_rows = false;
  struct Op {
    std::string name;
    std::vector<Location> where;
  };
  std::vector<Op> ops = {};
  std::vector<std::string> kernels = {};  ///< on a device: the names that profilers show
};

struct Profile {
  double total_ms = 0;              ///< of all steps of a run
  std::vector<ProfiledStep> steps;  ///< in the order of the program, bodies after their loop
  std::string backend = "cpu", tier = "tiles";
  // Of a device.
  std::optional<double> limit_gbs = {};  ///< what it moves at most, where that was measured
  std::vector<cuda::Stamp> stamps = {};  ///< of the last run, in the order of time
  std::int64_t stamps_lost = 0;          ///< of that run: the first ones
  std::vector<Output> outputs = {};      ///< of the last run, where they were asked for
};

/// Runs once to warm up and then `runs` times. What the program stores is not stored. The graph and the
/// parameters have been checked (Session::check).
Profile profile(std::shared_ptr<const plan::Plan> plan, const std::vector<ParameterInfo>& known,
                const Parameters& parameters, const Graph& graph, int threads, int runs,
                const RunOptions& options);

enum class DeviceTiming : std::uint8_t {
  Steps,   ///< the host launches kernel by kernel, with events around each step: not graph mode
  Stamps,  ///< the graph runs as one launch, and a kernel after each step writes down the time
};
struct DeviceProfileOptions {
  std::string backend = "cuda";  ///< "cuda:1": which device
  SessionOptions session = {};   ///< its cache, its threads, its limit of memory
  DeviceTiming timing = DeviceTiming::Steps;
  int runs = 5;
  bool outputs = false;           ///< whether they are kept
  std::int64_t stamps = 1 << 16;  ///< room for so many of a run
};
/// Likewise, on a device. DeviceError when it is not there.
Profile profile(const Machine& machine, std::shared_ptr<const plan::Plan> plan,
                const std::vector<ParameterInfo>& known, const Parameters& parameters, const Graph& graph,
                const DeviceProfileOptions& how, const RunOptions& options);

}  // namespace monograph::runtime
