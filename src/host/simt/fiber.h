// Stacks that can be left and taken up again: one per emulated CUDA thread.
#pragma once

#include <cstddef>

#if !defined(MONOGRAPH_FIBER_UCONTEXT) && !defined(__x86_64__) && !defined(__aarch64__)
#define MONOGRAPH_FIBER_UCONTEXT 1
#endif
#if defined(MONOGRAPH_FIBER_UCONTEXT)
#include <ucontext.h>
#endif

namespace monograph::simt {

/// A place of execution: where it stands while another one runs. The caller of the first switch is one too.
struct Fiber {
  using Entry = void (*)(void* argument);  ///< must never return: it ends in a last switch
  std::byte* stack = nullptr;              ///< lowest address; null for the thread's own stack
  std::size_t stack_bytes = 0;
#if defined(MONOGRAPH_FIBER_UCONTEXT)
  ucontext_t context{};
#else
  void* stack_pointer = nullptr;
#endif
  void* sanitizer_stack = nullptr;  ///< AddressSanitizer's record of the stack
};

/// Makes `fiber` start at entry(argument) on its stack when it is switched to.
void prepare(Fiber& fiber, Fiber::Entry entry, void* argument);
/// Leaves `from` and goes on in `to`. Returns when something switches back to `from`; never, when `last` is
/// set.
void switch_fiber(Fiber& from, Fiber& to, bool last = false);
/// The first thing a fiber's entry does; `caller` is the fiber that switched to it.
void entered(Fiber& caller);

}  // namespace monograph::simt
