#include "host/cuda/kernel_store.h"

#include <monograph/error.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "host/base/ranges.h"

namespace monograph::cuda {
namespace {

using base::Hash128;

plan::CacheKey cache_key(const Hash128& key) { return {plan::CacheKind::Cubin, key}; }

/// What a kept entry holds: the version of the compiler in a line, then the image. It is no part of the key,
/// so that a machine without the compiler finds what one that had it has left.
std::string entry_of(const std::string& version, std::span<const std::byte> image) {
  std::string entry = version + "\n";
  return entry.append(reinterpret_cast<const char*>(image.data()), image.size());
}

struct Entry {
  std::string_view version;
  std::span<const std::byte> image;
};
Entry read_entry(const std::string& content) {
  const std::size_t line = content.find('\n');
  if (line == std::string::npos) return {};
  const auto* image = reinterpret_cast<const std::byte*>(content.data()) + line + 1;
  return {std::string_view(content).substr(0, line), {image, content.size() - line - 1}};
}

/// For the report of our bug: the text, with what the compiler said, in a file of its own. Says where; empty
/// where there is no place for it.
std::string keep_source(const std::string& text, const std::string& log) {
  std::error_code error;
  std::string file = (std::filesystem::temp_directory_path(error) / "monograph-XXXXXX.cu").string();
  const int descriptor = error ? -1 : ::mkstemps(file.data(), 3);
  if (descriptor < 0) return {};
  ::close(descriptor);
  std::ofstream out(file);
  out << text << "\n#if 0\n" << log << "\n#endif\n";
  return out.flush() ? file : std::string();
}

}  // namespace

struct KernelStore::Wanted {
  const std::string *prelude = nullptr, *text = nullptr;
  Hash128 key = {};
  LoadedCode code = {};
  std::vector<std::byte> kept = {};  ///< what the cache has, where it is made again to compare
};

std::vector<LoadedCode> KernelStore::load(const std::string& prelude, std::span<const std::string> texts,
                                          std::span<const std::string> whole) {
  compile_ms_ = 0;
  const std::string nothing;
  std::vector<Wanted> wanted;
  for (const auto& [before, some] : {std::pair(&prelude, texts), std::pair(&nothing, whole)}) {
    base::Hasher common;
    common.add(*before);
    common.add(compiler_->target());
    for (const std::string& text : some) {
      base::Hasher hash = common;
      hash.add(text);
      wanted.push_back({.prelude = before, .text = &text, .key = hash.finish()});
    }
  }
  find_loaded(wanted);
  for (Wanted& w : wanted)
    if (!w.code) find_cached(w);
  compile(wanted);
  find_loaded(wanted);  // those that stand here twice
  std::vector<LoadedCode> all;
  for (Wanted& w : wanted) all.push_back(std::move(w.code));
  return all;
}

void KernelStore::find_loaded(std::vector<Wanted>& wanted) {
  std::erase_if(loaded_, [](const auto& l) { return l.second.expired(); });
  for (Wanted& w : wanted)
    if (const auto known = loaded_.find(w.key); !w.code && known != loaded_.end())
      w.code = known->second.lock();
}

/// What another version of the compiler made serves where there is none here.
void KernelStore::find_cached(Wanted& w) {
  if (!cache_) return;
  const plan::Cache::Got got = cache_->find(cache_key(w.key));
  if (!got.blob) return;
  const Entry entry = read_entry(*got.blob);
  if (const std::string damage = compiler_->damage(entry.image); !damage.empty()) {
    cache_->warn("compiled kernels in the cache are damaged: " + damage + "; they are made again");
    return;
  }
  if (compiler_->missing().empty() && entry.version != compiler_->version()) return;
  if (cache_->mode() == plan::CacheMode::Check && compiler_->missing().empty())
    w.kept.assign(entry.image.begin(), entry.image.end());
  else
    w.code = keep_loaded(w.key, entry.image);
}

void KernelStore::compile(std::vector<Wanted>& wanted) {
  std::map<Hash128, std::size_t> first;  // equal texts once
  std::vector<std::string> texts;
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    if (wanted[i].code || !first.emplace(wanted[i].key, i).second) continue;
    texts.push_back(*wanted[i].prelude + *wanted[i].text);
    places.push_back(i);
  }
  if (texts.empty()) return;
  if (const std::string missing = compiler_->missing(); !missing.empty())
    throw DeviceError(
        "no compiler: " + std::to_string(texts.size()) +
        (texts.size() == 1 ? " kernel text of this program is" : " kernel texts of this program are") +
        " not in the cache, and " + missing);
  const base::Range range(base::Phase::MachineCode);
  const auto start = std::chrono::steady_clock::now();
  std::vector<CodeImage> images = compiler_->compile(texts);
  compile_ms_ = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
  for (std::size_t i = 0; i < images.size(); ++i) {
    Wanted& w = wanted[places[i]];
    if (!images[i].reason.empty()) {
      const std::string kept = keep_source(texts[i], images[i].log);
      throw InternalError("device code does not compile: " + images[i].reason +
                          (kept.empty() ? "" : "; the text, with the compiler's log, is in " + kept));
    }
    if (!w.kept.empty() && w.kept != images[i].bytes)
      throw InternalError("compiled kernels in the cache are not what their text gives now: " + w.key.text() +
                          ", " + std::to_string(w.kept.size()) + " bytes kept, " +
                          std::to_string(images[i].bytes.size()) +
                          " made; monograph cache clear removes them");
    ++compiled_;
    if (cache_) cache_->keep(cache_key(w.key), entry_of(compiler_->version(), images[i].bytes));
    w.code = keep_loaded(w.key, images[i].bytes);
  }
}

LoadedCode KernelStore::keep_loaded(const Hash128& key, std::span<const std::byte> image) {
  auto code = std::make_shared<const OwnedLibrary>(load_library(runtime_, image));
  loaded_[key] = code;
  return code;
}

Kernel KernelStore::kernel(const LoadedCode& code, const std::string& name) {
  Kernel kernel = nullptr;
  MONOGRAPH_CUDA(runtime_, get_kernel(kernel, code->get(), name.c_str()));
  return kernel;
}

}  // namespace monograph::cuda
