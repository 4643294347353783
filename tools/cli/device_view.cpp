#include "cli/device_view.h"

#include "cli/table.h"
#include "host/cuda/handles.h"

namespace monograph::cli {
namespace {

using cuda::State;

std::string state_text(const cuda::Finding& finding) {
  std::string text(to_string(finding.state));
  if (!finding.reason.empty()) text += ": " + finding.reason + "; " + finding.remedy;
  return text;
}

std::string architecture_text(const cuda::Device& d) {
  return "sm_" + std::to_string(d.properties.architecture());
}

Json version_json(int version) { return version == 0 ? Json() : Json(cuda::version_text(version)); }

Json device_json(const cuda::Device& d) {
  return {{"index", d.index},
          {"name", d.properties.name},
          {"architecture", architecture_text(d)},
          {"multiprocessors", d.properties.multiprocessors},
          {"memory_bytes", d.properties.memory},
          {"free_bytes", d.free_memory},
          {"l2_bytes", d.properties.l2_cache},
          {"state", to_string(d.finding.state)},
          {"usable", cuda::usable(d.finding.state)},
          {"reason", d.finding.reason},
          {"remedy", d.finding.remedy}};
}

/// Do what stands before `state` in the way to a device hold?
bool has_driver(const cuda::Survey& survey) {
  switch (survey.finding.state) {
    case State::NotBuilt:
    case State::NoDriver:
    case State::DriverTooOld:
      return false;
    case State::DriverFails:
      return !survey.devices.empty();
    default:
      return true;
  }
}

Checkup driver_checkup(const cuda::Survey& survey) {
  const bool ok = has_driver(survey);
  return {.name = "driver",
          .ok = ok,
          .found = ok ? "for CUDA " + cuda::version_text(survey.driver) : survey.finding.reason,
          .remedy = ok ? "" : survey.finding.remedy};
}

Checkup device_checkup(const cuda::Survey& survey) {
  Checkup c{.name = "device", .ok = cuda::usable(survey.finding.state), .found = {}, .remedy = {}};
  if (c.ok) {
    for (const cuda::Device& d : survey.devices)
      if (cuda::usable(d.finding.state))
        c.found += (c.found.empty() ? "" : ", ") + d.properties.name + " (" + architecture_text(d) + ")";
  } else if (has_driver(survey)) {
    c.found = survey.finding.reason, c.remedy = survey.finding.remedy;
  } else {
    c.found = "not looked for without a driver", c.remedy = "see driver";
  }
  return c;
}

Checkup nvrtc_checkup(const cuda::Survey& survey) {
  const bool ok = !survey.nvrtc.empty();
  return {.name = "nvrtc",
          .ok = ok,
          .found = ok ? "NVRTC " + survey.nvrtc : survey.nvrtc_reason,
          .remedy = ok ? "" : "install the CUDA toolkit 13.0 or newer, or its package of NVRTC"};
}

}  // namespace

std::string devices_text(const cuda::Survey& survey) {
  if (survey.devices.empty()) return state_text(survey.finding) + "\n";
  Table table({{"device"},
               {"name"},
               {"architecture"},
               {"memory", Table::Align::Right},
               {"free", Table::Align::Right},
               {"state"}});
  for (const cuda::Device& d : survey.devices)
    table.add({"cuda:" + std::to_string(d.index), d.properties.name, architecture_text(d),
               cuda::bytes_text(d.properties.memory), cuda::bytes_text(d.free_memory),
               state_text(d.finding)});
  return table.text();
}

Json devices_json(const cuda::Survey& survey) {
  Json devices = Json::array();
  for (const cuda::Device& d : survey.devices) devices.push_back(device_json(d));
  return {{"state", to_string(survey.finding.state)},
          {"usable", cuda::usable(survey.finding.state)},
          {"reason", survey.finding.reason},
          {"remedy", survey.finding.remedy},
          {"driver", version_json(survey.driver)},
          {"runtime", version_json(survey.runtime)},
          {"nvrtc", survey.nvrtc.empty() ? Json() : Json(survey.nvrtc)},
          {"devices", std::move(devices)}};
}

std::vector<Checkup> cuda_checkups(const cuda::Survey& survey) {
  const bool built = survey.finding.state != State::NotBuilt;
  return {{.name = "cuda",
           .ok = built,
           .found = built ? "built with CUDA " + cuda::version_text(survey.runtime) : survey.finding.reason,
           .remedy = built ? "" : survey.finding.remedy},
          driver_checkup(survey),
          device_checkup(survey),
          nvrtc_checkup(survey)};
}

std::string checkups_text(const std::vector<Checkup>& checkups) {
  Table table({{"what"}, {"state"}, {"found"}});
  for (const Checkup& c : checkups)
    table.add({c.name, c.ok ? "ok" : "missing", c.found + (c.remedy.empty() ? "" : "; " + c.remedy)});
  return table.text();
}

Json checkups_json(const std::vector<Checkup>& checkups) {
  Json json = Json::array();
  for (const Checkup& c : checkups)
    json.push_back({{"name", c.name}, {"ok", c.ok}, {"found", c.found}, {"remedy", c.remedy}});
  return json;
}

}  // namespace monograph::cli
