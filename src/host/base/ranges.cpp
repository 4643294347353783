#include "host/base/ranges.h"

#ifdef MONOGRAPH_NVTX
#include <nvtx3/nvToolsExt.h>

#include <array>

namespace monograph::base {
namespace {

constexpr std::array kPhases{"load",        "csc", "compile", "machine code", "upload",
                             "instantiate", "run", "launch",  "wait",         "download"};
constexpr std::array kMarks{"plan made", "plan from memory", "plan from disk"};

/// NVTX's own handles: made once per process, when the first range is, and never given back, as NVTX asks of
/// domains that live as long as the process.
struct Names {
  nvtxDomainHandle_t domain = nvtxDomainCreateA("monograph");
  std::array<nvtxStringHandle_t, kPhases.size()> phases{};
  std::array<nvtxStringHandle_t, kMarks.size()> marks{};

  Names() {
    if (!domain) return;
    for (std::size_t i = 0; i < kPhases.size(); ++i)
      phases[i] = nvtxDomainRegisterStringA(domain, kPhases[i]);
    for (std::size_t i = 0; i < kMarks.size(); ++i) marks[i] = nvtxDomainRegisterStringA(domain, kMarks[i]);
  }
};

const Names& names() {
  static const Names all;
  return all;
}

nvtxEventAttributes_t attributes(std::uint64_t payload) {
  nvtxEventAttributes_t a{};
  a.version = NVTX_VERSION;
  a.size = NVTX_EVENT_ATTRIB_STRUCT_SIZE;
  if (payload != 0) {
    a.payloadType = NVTX_PAYLOAD_TYPE_UNSIGNED_INT64;
    a.payload.ullValue = payload;
  }
  return a;
}

nvtxEventAttributes_t attributes(nvtxStringHandle_t name, std::uint64_t payload) {
  nvtxEventAttributes_t a = attributes(payload);
  a.messageType = NVTX_MESSAGE_TYPE_REGISTERED;
  a.message.registered = name;
  return a;
}

}  // namespace

bool profiled() { return names().domain != nullptr; }

Range::Range(Phase phase, std::uint64_t payload) : pushed_(profiled()) {
  if (!pushed_) return;
  const nvtxEventAttributes_t a = attributes(names().phases[static_cast<std::size_t>(phase)], payload);
  nvtxDomainRangePushEx(names().domain, &a);
}

Range::Range(const std::string& name) : pushed_(profiled()) {
  if (!pushed_) return;
  nvtxEventAttributes_t a = attributes(0);
  a.messageType = NVTX_MESSAGE_TYPE_ASCII;
  a.message.ascii = name.c_str();
  nvtxDomainRangePushEx(names().domain, &a);
}

Range::~Range() {
  if (pushed_) nvtxDomainRangePop(names().domain);
}

void mark(Mark what, std::uint64_t payload) {
  if (!profiled()) return;
  const nvtxEventAttributes_t a = attributes(names().marks[static_cast<std::size_t>(what)], payload);
  nvtxDomainMarkEx(names().domain, &a);
}

}  // namespace monograph::base

#else

namespace monograph::base {

bool profiled() { return false; }
Range::Range(Phase, std::uint64_t) {}
Range::Range(const std::string&) {}
Range::~Range() {}  // NOLINT: the same header for both
void mark(Mark, std::uint64_t) {}

}  // namespace monograph::base

#endif
