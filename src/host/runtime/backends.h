// The backends this library knows, and which one a name means on this machine.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "host/cuda/devices.h"

namespace monograph::runtime {

struct Backend {
  enum class Kind : std::uint8_t { Cuda, Cpu, Reference, Simt };
  Kind kind{};
  std::string_view name, doc;
  bool plans = false;  ///< runs plans, not programs
};

/// "cuda:1": which backend, on which device.
struct BackendName {
  const Backend* backend = nullptr;  ///< null: auto
  int device = -1;                   ///< -1: not said
};
/// UsageError: no such backend, or something behind it that is no number of a device.
BackendName parse_backend(const std::string& name);

struct Choice {
  const Backend& backend;
  std::string reason;                    ///< why that one
  const cuda::Device* device = nullptr;  ///< of cuda: which; the survey's
};
/// DeviceError: cuda or simt was asked for and is not there. `auto` never fails, and so takes a device only
/// where programs can be compiled for it.
Choice choose_backend(const std::string& name, const cuda::Survey& survey);

}  // namespace monograph::runtime
