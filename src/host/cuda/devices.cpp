#include "host/cuda/devices.h"

#include <algorithm>

namespace monograph::cuda {
namespace {

constexpr const char* kGetDriver = "install NVIDIA driver 580 or newer";

Finding not_built() {
  return {State::NotBuilt, "Monograph was built without CUDA",
          "build it where CUDA toolkit 13.0 or newer is (cmake -DMONOGRAPH_CUDA=ON says what is missing)"};
}

Finding no_driver(bool stub) {
  if (stub)
    return {State::NoDriver, "libcuda is the CUDA toolkit's stub, which has no NVIDIA driver behind it",
            "take the toolkit's stubs folder out of LD_LIBRARY_PATH, and " + std::string(kGetDriver)};
  return {State::NoDriver, "there is no NVIDIA driver on this machine", kGetDriver};
}

/// What stands between the driver and the first device.
Finding look_at_driver(Runtime& runtime, Survey& survey, int& devices) {
  if (runtime.runtime_version(survey.runtime) != Status::Success) survey.runtime = 0;
  if (runtime.driver_version(survey.driver) != Status::Success) survey.driver = 0;
  const Status status = runtime.device_count(devices);
  if (status == Status::StubLibrary) return no_driver(true);
  if (survey.driver == 0) return no_driver(false);
  if (survey.driver < kMinimumDriver || status == Status::InsufficientDriver)
    return {State::DriverTooOld,
            "the NVIDIA driver is for CUDA " + version_text(survey.driver) + ", " +
                version_text(std::max(kMinimumDriver, survey.runtime / 1000 * 1000)) + " is needed",
            kGetDriver};
  if (status == Status::NoDevice || (status == Status::Success && devices == 0))
    return {State::NoDevice, "the NVIDIA driver is there, but no device is visible",
            "look at nvidia-smi, and at CUDA_VISIBLE_DEVICES, which may hide devices"};
  if (status != Status::Success)
    return {
        State::DriverFails,
        "the NVIDIA driver fails: " + runtime.error_name(status) + " (" + runtime.error_text(status) + ")",
        "look at nvidia-smi; a restart of the machine loads the driver anew"};
  return {};
}

std::string called(const Device& d) {
  return "device " + std::to_string(d.index) + " (" + d.properties.name + ")";
}

Finding failing(Runtime& runtime, const Device& d, Status status) {
  return {State::DriverFails,
          called(d) + " fails: " + runtime.error_name(status) + " (" + runtime.error_text(status) + ")",
          "look at nvidia-smi"};
}

/// Of one device, whatever NVRTC says.
Finding look_at_device(Runtime& runtime, Device& d, Depth depth) {
  Status status = runtime.device_properties(d.index, d.properties);
  if (status != Status::Success) return failing(runtime, d, status);
  if (d.properties.architecture() < kMinimumArchitecture)
    return {State::UnsupportedArchitecture,
            called(d) + " is sm_" + std::to_string(d.properties.architecture()) + ", sm_" +
                std::to_string(kMinimumArchitecture) + " or newer is needed",
            "use an NVIDIA Ampere device (A100) or a newer one"};
  if (depth == Depth::Enough) return {};
  std::size_t total = 0;
  status = runtime.set_device(d.index);
  if (status == Status::Success) status = runtime.memory_info(d.free_memory, total);
  if (status == Status::OutOfMemory)
    return {State::OutOfMemory, called(d) + " has no memory left, not even to be opened",
            "end other programs on the device (nvidia-smi lists them)"};
  return status == Status::Success ? Finding{} : failing(runtime, d, status);
}

void look_for_nvrtc(Survey& survey, const std::function<Nvrtc::Lookup()>& find_nvrtc) {
  const Nvrtc::Lookup found = find_nvrtc();
  survey.nvrtc_asked = true;
  if (found.nvrtc)
    survey.nvrtc = std::to_string(found.nvrtc->major()) + "." + std::to_string(found.nvrtc->minor());
  else
    survey.nvrtc_reason = found.reason;
}

Finding without_compiler(const Survey& survey) {
  return {State::NoCompiler, "only programs that were compiled before can run: " + survey.nvrtc_reason,
          "install the CUDA toolkit 13.0 or newer, or its package of NVRTC"};
}

}  // namespace

std::string_view to_string(State state) {
  switch (state) {
    case State::Ready:
      return "ready";
    case State::NoCompiler:
      return "no compiler";
    case State::NotBuilt:
      return "not built";
    case State::NoDriver:
      return "no driver";
    case State::DriverTooOld:
      return "driver too old";
    case State::DriverFails:
      return "driver fails";
    case State::NoDevice:
      return "no device";
    case State::UnsupportedArchitecture:
      return "unsupported architecture";
    case State::OutOfMemory:
      return "out of memory";
  }
  return "";
}

std::string version_text(int version) {
  if (version == 0) return "none";
  return std::to_string(version / 1000) + "." + std::to_string(version % 1000 / 10);
}

Survey survey(Runtime* runtime, const std::function<Nvrtc::Lookup()>& find_nvrtc, Depth depth) {
  Survey found;
  if (depth == Depth::All) look_for_nvrtc(found, find_nvrtc);
  if (!runtime) {
    found.finding = not_built();
    return found;
  }
  int count = 0;
  found.finding = look_at_driver(*runtime, found, count);
  if (found.finding.state != State::Ready) return found;
  for (int i = 0; i < count; ++i) {
    Device& d = found.devices.emplace_back();
    d.index = i;
    d.finding = look_at_device(*runtime, d, depth);
    if (d.finding.state != State::Ready) continue;
    if (!found.nvrtc_asked) look_for_nvrtc(found, find_nvrtc);
    if (found.nvrtc.empty()) d.finding = without_compiler(found);
  }
  found.finding = best_device(found)->finding;
  return found;
}

const Survey& this_machine() {
  static const Survey found = survey(
      machine_runtime(), [] { return Nvrtc::find(); }, Depth::Enough);
  return found;
}

const Device* best_device(const Survey& survey) {
  const auto best = std::ranges::min_element(survey.devices, {}, [](const Device& d) {
    return std::pair(usable(d.finding.state) ? 0 : 1, d.index);
  });
  return best == survey.devices.end() ? nullptr : &*best;
}

Finding finding_of(const Survey& survey, int index) {
  if (survey.devices.empty() || index < 0) return survey.finding;
  if (static_cast<std::size_t>(index) < survey.devices.size())
    return survey.devices[static_cast<std::size_t>(index)].finding;
  return {State::NoDevice,
          "there is no device " + std::to_string(index) + ", the last one is device " +
              std::to_string(survey.devices.size() - 1),
          "monograph devices lists them"};
}

}  // namespace monograph::cuda
