#include "host/runtime/backends.h"

#include <monograph/error.h>
#include <monograph/session.h>

#include <charconv>
#include <vector>

#include "host/base/nearest.h"
#include "host/simt/engine.h"

namespace monograph {
namespace runtime {
namespace {

// In the order in which `auto` prefers them; it takes neither of the last two.
constexpr Backend kBackends[] = {
    {Backend::Kind::Cuda, "cuda",
     "the whole program as one launch on an NVIDIA device; cuda:1 is its second one", true},
    {Backend::Kind::Cpu, "cpu",
     "fused plans on all cores: tile by tile, or compiled by the machine's C++ compiler", true},
    {Backend::Kind::Reference, "reference", "the oracle: the program as written, node by node, on one thread",
     false},
    {Backend::Kind::Simt, "simt", "device code, run thread by thread on the CPU: proves kernels, slowly",
     true},
};

UsageError unknown(const std::string& name) {
  std::vector<std::string_view> names{"auto"};
  std::string known = "auto";
  for (const Backend& b : kBackends) names.push_back(b.name), known += ", " + std::string(b.name);
  const std::string_view near = base::nearest(name, names);
  return UsageError("unknown backend \"" + name + "\"" +
                    (near.empty() ? "" : "; did you mean \"" + std::string(near) + "\"?") +
                    " (known: " + known + ")");
}

int read_device(const std::string& name, std::string_view text) {
  int device = -1;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), device);
  if (text.empty() || error != std::errc() || end != text.data() + text.size() || device < 0)
    throw UsageError("backend \"" + name +
                     "\": expected cuda or cuda:DEVICE with the number of a device, as in cuda:0");
  return device;
}

}  // namespace

BackendName parse_backend(const std::string& name) {
  if (name == "auto") return {};
  const std::size_t colon = name.find(':');
  for (const Backend& b : kBackends) {
    if (b.name == name) return {.backend = &b};
    if (b.kind == Backend::Kind::Cuda && colon != std::string::npos && b.name == name.substr(0, colon))
      return {.backend = &b, .device = read_device(name, std::string_view(name).substr(colon + 1))};
  }
  throw unknown(name);
}

Choice choose_backend(const std::string& name, const cuda::Survey& survey) {
  const BackendName asked = parse_backend(name);
  if (asked.backend && asked.backend->kind == Backend::Kind::Simt)
    if (const std::string missing = simt::Engine::missing(); !missing.empty())
      throw DeviceError("backend " + name + ": " + missing);
  if (asked.backend && asked.backend->kind != Backend::Kind::Cuda) return {*asked.backend, "asked for"};
  const cuda::Finding finding = cuda::finding_of(survey, asked.device);
  if (asked.backend) {
    if (!cuda::usable(finding.state))
      throw DeviceError("backend " + name + ": " + finding.reason + "; " + finding.remedy);
    return {*asked.backend, "asked for",
            asked.device < 0 ? cuda::best_device(survey)
                             : &survey.devices[static_cast<std::size_t>(asked.device)]};
  }
  if (finding.state == cuda::State::Ready) {
    const cuda::Device* device = cuda::best_device(survey);
    return {kBackends[0],
            "auto: device " + std::to_string(device->index) + " is ready (" + device->properties.name + ")",
            device};
  }
  return {kBackends[1], "auto: no cuda: " + finding.reason};
}

}  // namespace runtime

std::vector<BackendInfo> backends() {
  std::vector<BackendInfo> out;
  for (const runtime::Backend& b : runtime::kBackends) {
    BackendInfo& info = out.emplace_back();
    info.name = b.name, info.doc = b.doc;
    if (b.kind == runtime::Backend::Kind::Cuda) info.reason = cuda::this_machine().finding.reason;
    if (b.kind == runtime::Backend::Kind::Simt) info.reason = simt::Engine::missing();
    info.available = info.reason.empty();
  }
  return out;
}

}  // namespace monograph
