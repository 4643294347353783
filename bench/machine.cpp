#include "bench/machine.h"

#include <monograph/version.h>
#include <unistd.h>

#include <cstdlib>
#include <ctime>
#include <fstream>
#include <thread>

namespace monograph::bench {
namespace {

std::string cpu_model() {
  std::ifstream info("/proc/cpuinfo");
  for (std::string line; std::getline(info, line);)
    if (line.starts_with("model name"))
      if (const auto colon = line.find(": "); colon != line.npos) return line.substr(colon + 2);
  return "";
}

std::string compiler() {
#ifdef __clang__
  return "clang " + std::to_string(__clang_major__) + "." + std::to_string(__clang_minor__) + "." +
         std::to_string(__clang_patchlevel__);
#else
  return "g++ " + std::to_string(__GNUC__) + "." + std::to_string(__GNUC_MINOR__) + "." +
         std::to_string(__GNUC_PATCHLEVEL__);
#endif
}

}  // namespace

Machine this_machine() {
  const double bytes =
      static_cast<double>(::sysconf(_SC_PHYS_PAGES)) * static_cast<double>(::sysconf(_SC_PAGESIZE));
  double load = 0;
  if (::getloadavg(&load, 1) != 1) load = 0;
  return {cpu_model(), static_cast<int>(std::thread::hardware_concurrency()), bytes / 1e9, load};
}

BuildInfo this_build() {
  const char* named = std::getenv("MONOGRAPH_COMMIT");
  return {version(), compiler(), MONOGRAPH_BENCH_BUILD_TYPE, named ? named : MONOGRAPH_BENCH_COMMIT};
}

std::string utc_date() {
  const std::time_t now = std::time(nullptr);
  std::tm utc{};
  ::gmtime_r(&now, &utc);
  char text[32];
  std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &utc);
  return text;
}

}  // namespace monograph::bench
