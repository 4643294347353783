// A profiler in miniature: NVTX loads it into the program where NVTX_INJECTION64_PATH names it, and it writes
// each range and mark into the file that NVTX_RECORD names, a line each: "push DOMAIN NAME PAYLOAD", "pop",
// "mark ...".
#include <nvtx3/nvToolsExt.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <string>
#include <vector>

namespace {

struct Recorder {
  std::FILE* file = std::fopen(std::getenv("NVTX_RECORD"), "w");
  std::mutex mutex;
  std::vector<std::string> names;  // of domains and registered strings: a handle is an index, plus 1
  ~Recorder() {
    if (file) std::fclose(file);
  }
};

Recorder& recorder() {
  static Recorder r;
  return r;
}

template <class Handle>
Handle keep(const char* name) {
  const std::lock_guard lock(recorder().mutex);
  recorder().names.emplace_back(name);
  return reinterpret_cast<Handle>(recorder().names.size());
}

template <class Handle>
std::string name_of(Handle handle) {
  const auto index = reinterpret_cast<std::uintptr_t>(handle);
  return index == 0 || index > recorder().names.size() ? "?" : recorder().names[index - 1];
}

void write(const char* what, nvtxDomainHandle_t domain, const nvtxEventAttributes_t* a) {
  const std::lock_guard lock(recorder().mutex);
  if (!recorder().file) return;
  const bool registered = a->messageType == NVTX_MESSAGE_TYPE_REGISTERED;
  const std::string name = registered ? name_of(a->message.registered) : a->message.ascii;
  std::fprintf(recorder().file, "%s %s [%s]%s %llx\n", what, name_of(domain).c_str(), name.c_str(),
               registered ? "" : " unregistered",
               a->payloadType == NVTX_PAYLOAD_TYPE_UNSIGNED_INT64
                   ? static_cast<unsigned long long>(a->payload.ullValue)
                   : 0ull);
}

nvtxDomainHandle_t create_domain(const char* name) { return keep<nvtxDomainHandle_t>(name); }
nvtxStringHandle_t register_string(nvtxDomainHandle_t, const char* name) {
  return keep<nvtxStringHandle_t>(name);
}
int push(nvtxDomainHandle_t domain, const nvtxEventAttributes_t* a) {
  write("push", domain, a);
  return 0;
}
int pop(nvtxDomainHandle_t) {
  const std::lock_guard lock(recorder().mutex);
  if (recorder().file) std::fputs("pop\n", recorder().file);
  return 0;
}
void mark(nvtxDomainHandle_t domain, const nvtxEventAttributes_t* a) { write("mark", domain, a); }

template <class F>
void set(NvtxFunctionTable table, NvtxCallbackIdCore2 id, F* function) {
  *table[id] = reinterpret_cast<NvtxFunctionPointer>(function);
}

}  // namespace

/// Called by NVTX, by this name.
extern "C" __attribute__((visibility("default"))) int InitializeInjectionNvtx2(
    NvtxGetExportTableFunc_t get_table) {
  const auto* callbacks = static_cast<const NvtxExportTableCallbacks*>(get_table(NVTX_ETID_CALLBACKS));
  NvtxFunctionTable table = nullptr;
  unsigned size = 0;
  if (!callbacks || !callbacks->GetModuleFunctionTable(NVTX_CB_MODULE_CORE2, &table, &size)) return 0;
  set(table, NVTX_CBID_CORE2_DomainCreateA, create_domain);
  set(table, NVTX_CBID_CORE2_DomainRegisterStringA, register_string);
  set(table, NVTX_CBID_CORE2_DomainRangePushEx, push);
  set(table, NVTX_CBID_CORE2_DomainRangePop, pop);
  set(table, NVTX_CBID_CORE2_DomainMarkEx, mark);
  return 1;
}
