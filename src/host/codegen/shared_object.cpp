#include "host/codegen/shared_object.h"

#include <dlfcn.h>

namespace monograph::codegen {

SharedObject SharedObject::open(const std::string& name, std::string& reason, bool resident) {
  SharedObject object;
  if (void* handle = dlopen(name.c_str(), RTLD_NOW | RTLD_LOCAL | (resident ? RTLD_NODELETE : 0))) {
    object.handle_ = {handle, [](void* h) { dlclose(h); }};
  } else {
    const char* why = dlerror();
    reason = why ? why : "cannot open " + name;
  }
  return object;
}

void* SharedObject::symbol(const char* name) const noexcept {
  return handle_ ? dlsym(handle_.get(), name) : nullptr;
}

}  // namespace monograph::codegen
