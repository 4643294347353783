#include "host/simt/fiber.h"

#include <cstdint>
#include <cstring>

#if defined(__SANITIZE_ADDRESS__)
#define MONOGRAPH_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define MONOGRAPH_ASAN 1
#endif
#endif
#if defined(MONOGRAPH_ASAN)
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#endif

#if defined(MONOGRAPH_FIBER_UCONTEXT)
#elif defined(__x86_64__)
// Saves what the System V ABI lets a callee keep, changes stacks, restores. A new fiber's first frame is laid
// out so that the same restore loads its entry and argument.
asm(R"(
.pushsection .text
.globl monograph_simt_switch
.hidden monograph_simt_switch
.type monograph_simt_switch,@function
monograph_simt_switch:
  pushq %rbp
  pushq %rbx
  pushq %r12
  pushq %r13
  pushq %r14
  pushq %r15
  movq %rsp, (%rdi)
  movq %rsi, %rsp
  popq %r15
  popq %r14
  popq %r13
  popq %r12
  popq %rbx
  popq %rbp
  ret
.size monograph_simt_switch, .-monograph_simt_switch
.globl monograph_simt_start
.hidden monograph_simt_start
.type monograph_simt_start,@function
monograph_simt_start:
  movq %r12, %rdi
  jmpq *%r13
.size monograph_simt_start, .-monograph_simt_start
.popsection
)");
#elif defined(__aarch64__)
asm(R"(
.pushsection .text
.globl monograph_simt_switch
.hidden monograph_simt_switch
.type monograph_simt_switch,%function
monograph_simt_switch:
  sub sp, sp, #160
  stp x19, x20, [sp, #0]
  stp x21, x22, [sp, #16]
  stp x23, x24, [sp, #32]
  stp x25, x26, [sp, #48]
  stp x27, x28, [sp, #64]
  stp x29, x30, [sp, #80]
  stp d8, d9, [sp, #96]
  stp d10, d11, [sp, #112]
  stp d12, d13, [sp, #128]
  stp d14, d15, [sp, #144]
  mov x9, sp
  str x9, [x0]
  mov sp, x1
  ldp x19, x20, [sp, #0]
  ldp x21, x22, [sp, #16]
  ldp x23, x24, [sp, #32]
  ldp x25, x26, [sp, #48]
  ldp x27, x28, [sp, #64]
  ldp x29, x30, [sp, #80]
  ldp d8, d9, [sp, #96]
  ldp d10, d11, [sp, #112]
  ldp d12, d13, [sp, #128]
  ldp d14, d15, [sp, #144]
  add sp, sp, #160
  ret
.size monograph_simt_switch, .-monograph_simt_switch
.globl monograph_simt_start
.hidden monograph_simt_start
.type monograph_simt_start,%function
monograph_simt_start:
  mov x0, x19
  br x20
.size monograph_simt_start, .-monograph_simt_start
.popsection
)");
#endif

namespace monograph::simt {

#if defined(MONOGRAPH_FIBER_UCONTEXT)
namespace {
template <class P>
void split(P pointer, unsigned (&halves)[2]) {
  const auto bits = static_cast<std::uint64_t>(reinterpret_cast<std::uintptr_t>(pointer));
  halves[0] = static_cast<unsigned>(bits), halves[1] = static_cast<unsigned>(bits >> 32);
}
// makecontext passes ints alone.
void start(unsigned e0, unsigned e1, unsigned a0, unsigned a1) {
  const auto join = [](unsigned low, unsigned high) {
    return static_cast<std::uintptr_t>(low | std::uint64_t{high} << 32);
  };
  reinterpret_cast<Fiber::Entry>(join(e0, e1))(reinterpret_cast<void*>(join(a0, a1)));
}
}  // namespace

void prepare(Fiber& fiber, Fiber::Entry entry, void* argument) {
  getcontext(&fiber.context);
  fiber.context.uc_stack.ss_sp = fiber.stack;
  fiber.context.uc_stack.ss_size = fiber.stack_bytes;
  fiber.context.uc_link = nullptr;
  unsigned e[2], a[2];
  split(entry, e), split(argument, a);
  makecontext(&fiber.context, reinterpret_cast<void (*)()>(start), 4, e[0], e[1], a[0], a[1]);
}
namespace {
void jump(Fiber& from, Fiber& to) { swapcontext(&from.context, &to.context); }
}  // namespace
#else
extern "C" {
void monograph_simt_switch(void** save, void* load);
void monograph_simt_start();
}

void prepare(Fiber& fiber, Fiber::Entry entry, void* argument) {
  auto top = reinterpret_cast<std::uintptr_t>(fiber.stack + fiber.stack_bytes) & ~std::uintptr_t{15};
  const auto start = reinterpret_cast<std::uintptr_t>(&monograph_simt_start);
  const auto code = reinterpret_cast<std::uintptr_t>(entry),
             data = reinterpret_cast<std::uintptr_t>(argument);
#if defined(__x86_64__)
  // r15 r14 r13 r12 rbx rbp, the return to `start`, and a zero where entry's own return address would be
  const std::uintptr_t frame[] = {0, 0, code, data, 0, 0, start, 0};
#else
  // x19 x20 ... x29 x30 d8 ... d15
  const std::uintptr_t frame[20] = {data, code, 0, 0, 0, 0, 0, 0, 0, 0, 0, start};
#endif
  top -= sizeof frame;
  std::memcpy(reinterpret_cast<void*>(top), frame, sizeof frame);
  fiber.stack_pointer = reinterpret_cast<void*>(top);
}
namespace {
void jump(Fiber& from, Fiber& to) { monograph_simt_switch(&from.stack_pointer, to.stack_pointer); }
}  // namespace
#endif

#if defined(MONOGRAPH_ASAN)
void switch_fiber(Fiber& from, Fiber& to, bool last) {
  __sanitizer_start_switch_fiber(last ? nullptr : &from.sanitizer_stack, to.stack, to.stack_bytes);
  jump(from, to);
  __sanitizer_finish_switch_fiber(from.sanitizer_stack, nullptr, nullptr);
}
// The thread's own stack is not known before the first fiber sees where it came from.
void entered(Fiber& caller) {
  const void* bottom = nullptr;
  std::size_t bytes = 0;
  __sanitizer_finish_switch_fiber(nullptr, &bottom, &bytes);
  caller.stack = static_cast<std::byte*>(const_cast<void*>(bottom));
  caller.stack_bytes = bytes;
}
#else
void switch_fiber(Fiber& from, Fiber& to, bool) { jump(from, to); }
void entered(Fiber&) {}
#endif

}  // namespace monograph::simt
