// Which CUDA devices this machine has, and where there are none that can be used, why not and what to do.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "host/cuda/nvrtc.h"
#include "host/cuda/runtime.h"

namespace monograph::cuda {

enum class State : std::uint8_t {
  Ready,
  NoCompiler,  ///< usable, but only for what was compiled before: NVRTC is absent
  NotBuilt,    ///< Monograph without CUDA
  NoDriver,
  DriverTooOld,
  DriverFails,  ///< it is there, and gives an error that has no state of its own
  NoDevice,
  UnsupportedArchitecture,
  OutOfMemory,  ///< not even for a context
};
std::string_view to_string(State state);
inline bool usable(State state) { return state == State::Ready || state == State::NoCompiler; }

struct Finding {
  State state{};
  std::string reason, remedy;  ///< a line each: what is wrong, and what to do; empty when it is ready
};

struct Device {
  int index = 0;
  DeviceProperties properties;
  std::size_t free_memory = 0;  ///< 0 where it was not asked for
  Finding finding;
};

struct Survey {
  Finding finding;              ///< of the best device, or why there are none
  int driver = 0, runtime = 0;  ///< versions as CUDA writes them: 13000; 0: none
  std::vector<Device> devices;
  bool nvrtc_asked = false;
  std::string nvrtc;         ///< its version; empty: absent, or not asked for
  std::string nvrtc_reason;  ///< why it is absent
};

enum class Depth : std::uint8_t {
  Enough,  ///< to know whether a device can be used: makes no context, loads NVRTC only where there is a
           ///< device
  All,     ///< also free memory (a context on each device) and NVRTC
};

inline constexpr int kMinimumDriver = 13000;
inline constexpr int kMinimumArchitecture = 80;

/// `runtime` is null where Monograph was built without CUDA. Never throws: absence is a value.
Survey survey(Runtime* runtime, const std::function<Nvrtc::Lookup()>& find_nvrtc, Depth depth);
/// Of this machine, found out once.
const Survey& this_machine();

/// The first device that can be used, else the first; null where there are none.
const Device* best_device(const Survey& survey);
/// Of device `index`; -1: of the best. A device that there is not is a finding too.
Finding finding_of(const Survey& survey, int index);

/// "13.0" of 13000; "none" of 0.
std::string version_text(int version);

}  // namespace monograph::cuda
