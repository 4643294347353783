// Where and with what a report was made. Names no host, no user and no path.
#pragma once

#include <string>

namespace monograph::bench {

struct Machine {
  std::string cpu;  ///< model name, "" where the system does not tell
  int cores = 0;
  double memory_gb = 0;
  double load_average = 0;  ///< runnable threads over the last minute: who else was there when it began
};
Machine this_machine();

struct BuildInfo {
  std::string version, compiler, build_type;
  std::string
      commit;  ///< of the sources; MONOGRAPH_COMMIT in the environment wins; "" where neither is known
};
BuildInfo this_build();

/// Now, as "2026-11-21T13:07:40Z".
std::string utc_date();

}  // namespace monograph::bench
