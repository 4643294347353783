// What the system says about this process' memory and the machine's caches.
#include <fstream>
#include <sstream>

#include "bench/peers/scaling.h"

#ifdef __GLIBC__  // known from here on
#include <malloc.h>
#endif

namespace monograph::bench::peers {
namespace {

/// "VmHWM:     1234 kB" of /proc/self/status.
std::optional<std::int64_t> status_field(const std::string& name) {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    std::istringstream words(line);
    std::string field;
    std::int64_t kilobytes = 0;
    if (words >> field >> kilobytes && field == name + ":") return kilobytes * 1024;
  }
  return {};
}

std::string first_word(const std::string& path) {
  std::ifstream file(path);
  std::string word;
  file >> word;
  return word;
}

}  // namespace

std::optional<std::int64_t> peak_memory() { return status_field("VmHWM"); }

std::optional<std::int64_t> current_memory() {
#ifdef __GLIBC__
  ::malloc_trim(0);  // what was given back to the allocator is not in use
#endif
  return status_field("VmRSS");
}

bool forget_peak() {
  std::ofstream file("/proc/self/clear_refs");
  file << "5" << std::flush;
  return file.good();
}

Caches this_machines_caches() {
  Caches caches;
  for (int i = 0; i < 8; ++i) {
    const std::string folder = "/sys/devices/system/cpu/cpu0/cache/index" + std::to_string(i) + "/";
    const std::string level = first_word(folder + "level"), size = first_word(folder + "size");
    if (size.empty() || first_word(folder + "type") == "Instruction") continue;
    std::int64_t& to = level == "1" ? caches.l1 : level == "2" ? caches.l2 : caches.l3;
    to = std::strtoll(size.c_str(), nullptr, 10) * (size.back() == 'M' ? 1 << 20 : 1 << 10);
  }
  return caches;
}

std::string Caches::level_of(std::int64_t bytes) const {
  if (bytes <= l1) return "L1";
  if (bytes <= l2) return "L2";
  return bytes <= l3 ? "L3" : "memory";
}

}  // namespace monograph::bench::peers
