#include "host/runtime/object_cache.h"

#include <gnu/libc-version.h>
#include <sys/statvfs.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>

namespace monograph::runtime {
namespace {

/// "a: b: c" -> "c": the loader names the way to the descriptor, which nobody knows.
std::string last_part(const std::string& message) {
  const std::size_t colon = message.rfind(": ");
  return colon == message.npos ? message : message.substr(colon + 2);
}

bool is_on_noexec(int descriptor) {
  struct statvfs status = {};
  return fstatvfs(descriptor, &status) == 0 && (status.f_flag & ST_NOEXEC) != 0;
}

/// What decides which instructions the machine's compiler may use: of the first processor, by the kernel's
/// names.
std::string processor() {
  static constexpr std::array kLines = {"vendor_id",   "cpu family",      "model",       "model name",
                                        "stepping",    "flags",           "Features",    "CPU part",
                                        "CPU variant", "CPU implementer", "CPU revision"};
  std::ifstream file("/proc/cpuinfo");
  std::string all;
  for (std::string line; std::getline(file, line) && !line.empty();) {
    const std::string name = line.substr(0, line.find_last_not_of(" \t", line.find(':') - 1) + 1);
    for (const char* known : kLines)
      if (name == known) all += line + "\n";
  }
  return all;
}

}  // namespace

plan::CacheKey CachedObjects::native_key(const base::Hash128& key) {
  if (machine_.empty()) machine_ = processor() + "libc " + gnu_get_libc_version();
  base::Hasher hash;
  hash.add(key.high);
  hash.add(key.low);
  hash.add(machine_);
  return {plan::CacheKind::Native, hash.finish()};
}

codegen::SharedObject CachedObjects::open(const base::Hash128& key) {
  const plan::VerifiedFile file = cache_->file(native_key(key));
  if (!file) return {};
  std::string reason;
  codegen::SharedObject object = codegen::SharedObject::open(file.loader_path(), reason);
  if (object) return object;
  const std::string folder = cache_->folder()->path().string();
  cache_->warn(
      is_on_noexec(file.descriptor.get())
          ? "cache folder " + folder +
                " is mounted noexec: compiled code in it cannot be loaded, and is made again in each "
                "process; MONOGRAPH_CACHE_DIR names another"
          : "compiled code in cache folder " + folder + " cannot be loaded: " + last_part(reason) +
                "; it is made again");
  return object;
}

bool CachedObjects::has_any() {
  if (!cache_->folder()) return false;
  const auto entries = cache_->folder()->list();
  return std::ranges::any_of(entries, [](const auto& e) { return e.key.kind == plan::CacheKind::Native; });
}

void CachedObjects::keep(const base::Hash128& key, const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::string bytes(std::istreambuf_iterator<char>(in), {});
  if (in && !bytes.empty()) cache_->keep(native_key(key), std::move(bytes));
}

}  // namespace monograph::runtime
