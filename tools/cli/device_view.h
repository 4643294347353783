// What this machine has to run programs on, for people and for programs: what `devices` and `doctor` print.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/result_view.h"
#include "host/cuda/devices.h"

namespace monograph::cli {

/// A table of the devices, or one line that says why there are none and what to do.
std::string devices_text(const cuda::Survey& survey);
Json devices_json(const cuda::Survey& survey);

/// One thing that makes programs faster, or lets them run elsewhere; none of them is needed to run at all.
struct Checkup {
  std::string name;
  bool ok = false;
  std::string found;   ///< what is there, or what is missing
  std::string remedy;  ///< empty when it is well
};
/// Driver, device and NVRTC, each by itself.
std::vector<Checkup> cuda_checkups(const cuda::Survey& survey);
std::string checkups_text(const std::vector<Checkup>& checkups);
Json checkups_json(const std::vector<Checkup>& checkups);

}  // namespace monograph::cli
