// What device text may use besides scalar_math.cuh, spelled for the device; the SIMT shim has the same for the CPU.
#ifndef MG_SIMT
// Declares `name`: the block's dynamic shared memory, 16-byte aligned.
#define MG_SHARED(name)                                                    \
  extern __shared__ __align__(16) unsigned char mg_shared_arena[]; \
  unsigned char* name = mg_shared_arena
// After each kernel; only the shim needs it.
#define MG_KERNEL_ENTRY(kernel)
#endif
