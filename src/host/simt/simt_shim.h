// Makes generated device text compile as host C++ and run under the SIMT runtime: each CUDA thread is a
// fiber, and what CUDA offers to device code is spelled here with CUDA's own signatures, so that text which
// compiles here compiles on the device. Placed in front of the text, after simt_abi.h; includes nothing, so
// that a kernel compiles fast.
#ifndef MG_SIMT_SHIM_H
#define MG_SIMT_SHIM_H
#define MG_SIMT 1

#define __global__
#define __device__
#define __host__
#define __constant__ static const
#define __forceinline__ inline __attribute__((always_inline))
#define __noinline__ __attribute__((noinline))
#define __restrict__ __restrict
#define __align__(n) alignas(n)
#define __launch_bounds__(...)
// Static shared memory would add up over the stages that share one launch; the arena is planned instead.
#define __shared__ \
  _Pragma("GCC error \"static __shared__ is not planned: take the block's arena with MG_SHARED\"")
// Declares `name`: the block's dynamic shared memory, 16-byte aligned.
#define MG_SHARED(name) unsigned char* name = mg_simt_self->shared
// After each kernel: the symbol through which the runtime starts it.
#define MG_KERNEL_ENTRY(kernel)                                                            \
  extern "C" __attribute__((visibility("default"))) void kernel##_simt(void** arguments) { \
    mg_simt_call<0>(kernel, arguments, mg_simt_types_of(kernel));                          \
  }

static thread_local mg_simt_thread* mg_simt_self;
static const mg_simt_api* mg_simt_runtime;
extern "C" __attribute__((visibility("default"))) mg_simt_thread** mg_simt_attach(const mg_simt_api* api) {
  mg_simt_runtime = api;
  return &mg_simt_self;
}

template <class... T>
struct mg_simt_types {};
template <class... T>
mg_simt_types<T...> mg_simt_types_of(void (*)(T...)) {
  return {};
}
template <int I, class Kernel, class... Bound>
void mg_simt_call(Kernel kernel, void**, mg_simt_types<>, Bound*... bound) {
  kernel(*bound...);
}
template <int I, class Kernel, class First, class... Rest, class... Bound>
void mg_simt_call(Kernel kernel, void** arguments, mg_simt_types<First, Rest...>, Bound*... bound) {
  mg_simt_call<I + 1>(kernel, arguments, mg_simt_types<Rest...>{}, bound...,
                      static_cast<First*>(arguments[I]));
}

#define threadIdx (mg_simt_self->thread_index)
#define blockIdx (mg_simt_self->block_index)
#define blockDim (mg_simt_self->block_size)
#define gridDim (mg_simt_self->grid_size)
#define warpSize 32
#define MG_LINE int line = __builtin_LINE()

struct alignas(8) int2 {
  int x, y;
};
struct alignas(8) uint2 {
  unsigned x, y;
};
struct alignas(16) int4 {
  int x, y, z, w;
};
struct alignas(16) uint4 {
  unsigned x, y, z, w;
};
struct alignas(8) float2 {
  float x, y;
};
struct alignas(16) float4 {
  float x, y, z, w;
};
struct alignas(16) double2 {
  double x, y;
};

// ---- block barriers
inline void __syncthreads(MG_LINE) { mg_simt_runtime->barrier(mg_simt_self, mg_simt_barrier_plain, 0, line); }
inline int __syncthreads_count(int p, MG_LINE) {
  return mg_simt_runtime->barrier(mg_simt_self, mg_simt_barrier_count, p, line);
}
inline int __syncthreads_and(int p, MG_LINE) {
  return mg_simt_runtime->barrier(mg_simt_self, mg_simt_barrier_and, p, line);
}
inline int __syncthreads_or(int p, MG_LINE) {
  return mg_simt_runtime->barrier(mg_simt_self, mg_simt_barrier_or, p, line);
}

// ---- warp collectives
inline unsigned mg_simt_lane() {
  const mg_simt_thread& t = *mg_simt_self;
  return (t.thread_index.x + t.block_size.x * (t.thread_index.y + t.block_size.y * t.thread_index.z)) & 31u;
}
template <class T>
inline unsigned long long mg_simt_word(T value) {
  unsigned long long word = 0;
  __builtin_memcpy(&word, &value, sizeof value);
  return word;
}
template <class T>
inline T mg_simt_value(unsigned long long word) {
  T value;
  __builtin_memcpy(&value, &word, sizeof value);
  return value;
}
inline void __syncwarp(unsigned mask = 0xffffffffu, MG_LINE) {
  mg_simt_runtime->collect(mg_simt_self, mg_simt_sync_warp, mask, 0, 0, line);
}
inline unsigned __activemask(MG_LINE) {
  (void)line;
  return 1u << mg_simt_lane();  // threads never run in step here, which CUDA allows
}
inline unsigned __ballot_sync(unsigned mask, int p, MG_LINE) {
  return (unsigned)mg_simt_runtime->collect(mg_simt_self, mg_simt_ballot, mask, p != 0, 0, line);
}
inline int __any_sync(unsigned mask, int p, MG_LINE) { return __ballot_sync(mask, p, line) != 0; }
inline int __all_sync(unsigned mask, int p, MG_LINE) { return __ballot_sync(mask, p, line) == mask; }
template <class T>
inline unsigned __match_any_sync(unsigned mask, T value, MG_LINE) {
  return (unsigned)mg_simt_runtime->collect(mg_simt_self, mg_simt_match_any, mask, mg_simt_word(value), 0,
                                            line);
}
template <class T>
inline unsigned __match_all_sync(unsigned mask, T value, int* pred, MG_LINE) {
  unsigned same =
      (unsigned)mg_simt_runtime->collect(mg_simt_self, mg_simt_match_all, mask, mg_simt_word(value), 0, line);
  *pred = same != 0;
  return same;
}
#define MG_SIMT_REDUCE(name, type, kind)                                                           \
  inline type name(unsigned mask, type value, MG_LINE) {                                           \
    return (type)mg_simt_runtime->collect(mg_simt_self, kind, mask, mg_simt_word(value), 0, line); \
  }
MG_SIMT_REDUCE(__reduce_add_sync, unsigned, mg_simt_reduce_add)
MG_SIMT_REDUCE(__reduce_add_sync, int, mg_simt_reduce_add)
MG_SIMT_REDUCE(__reduce_min_sync, unsigned, mg_simt_reduce_min)
MG_SIMT_REDUCE(__reduce_min_sync, int, mg_simt_reduce_min_signed)
MG_SIMT_REDUCE(__reduce_max_sync, unsigned, mg_simt_reduce_max)
MG_SIMT_REDUCE(__reduce_max_sync, int, mg_simt_reduce_max_signed)
MG_SIMT_REDUCE(__reduce_and_sync, unsigned, mg_simt_reduce_and)
MG_SIMT_REDUCE(__reduce_or_sync, unsigned, mg_simt_reduce_or)
MG_SIMT_REDUCE(__reduce_xor_sync, unsigned, mg_simt_reduce_xor)

// Shuffles take the types CUDA takes. `width` is a power of two up to 32.
template <class T>
inline T mg_simt_shuffle_from(unsigned mask, T value, unsigned lane, int line) {
  return mg_simt_value<T>(
      mg_simt_runtime->collect(mg_simt_self, mg_simt_shuffle, mask, mg_simt_word(value), lane, line));
}
#define MG_SIMT_SHUFFLES(T)                                                                                  \
  inline T __shfl_sync(unsigned mask, T value, int source, int width = 32, MG_LINE) {                        \
    unsigned inside = (unsigned)width - 1u;                                                                  \
    return mg_simt_shuffle_from(mask, value, (mg_simt_lane() & ~inside) | ((unsigned)source & inside),       \
                                line);                                                                       \
  }                                                                                                          \
  inline T __shfl_up_sync(unsigned mask, T value, unsigned delta, int width = 32, MG_LINE) {                 \
    unsigned lane = mg_simt_lane(), inside = (unsigned)width - 1u;                                           \
    return mg_simt_shuffle_from(mask, value, (lane & inside) >= delta ? lane - delta : lane, line);          \
  }                                                                                                          \
  inline T __shfl_down_sync(unsigned mask, T value, unsigned delta, int width = 32, MG_LINE) {               \
    unsigned lane = mg_simt_lane(), inside = (unsigned)width - 1u;                                           \
    return mg_simt_shuffle_from(mask, value, (lane & inside) + delta <= inside ? lane + delta : lane, line); \
  }                                                                                                          \
  inline T __shfl_xor_sync(unsigned mask, T value, int bits, int width = 32, MG_LINE) {                      \
    unsigned lane = mg_simt_lane(), other = lane ^ (unsigned)bits, inside = (unsigned)width - 1u;            \
    return mg_simt_shuffle_from(mask, value, other <= (lane | inside) ? other : lane, line);                 \
  }
MG_SIMT_SHUFFLES(int)
MG_SIMT_SHUFFLES(unsigned)
MG_SIMT_SHUFFLES(long)
MG_SIMT_SHUFFLES(unsigned long)
MG_SIMT_SHUFFLES(long long)
MG_SIMT_SHUFFLES(unsigned long long)
MG_SIMT_SHUFFLES(float)
MG_SIMT_SHUFFLES(double)

// ---- atomics: whole between two switches; other threads may run after each. One that changed nothing is
// taken for a thread that waits for others.
template <class T>
inline T mg_simt_atomic(T* place, T next, int line) {
  T old = *place;
  bool changed = mg_simt_word(old) != mg_simt_word(next);
  *place = next;
  mg_simt_runtime->pause(mg_simt_self, changed, line);
  return old;
}
#define MG_SIMT_ATOMIC(name, T, next) \
  inline T name(T* place, T value, MG_LINE) { return mg_simt_atomic<T>(place, next, line); }
#define MG_SIMT_ATOMICS_INTEGER(T)                              \
  MG_SIMT_ATOMIC(atomicMin, T, value < *place ? value : *place) \
  MG_SIMT_ATOMIC(atomicMax, T, value > *place ? value : *place) \
  MG_SIMT_ATOMIC(atomicAnd, T, *place& value)                   \
  MG_SIMT_ATOMIC(atomicOr, T, *place | value)                   \
  MG_SIMT_ATOMIC(atomicXor, T, *place ^ value)
MG_SIMT_ATOMICS_INTEGER(int)
MG_SIMT_ATOMICS_INTEGER(unsigned)
MG_SIMT_ATOMICS_INTEGER(long long)
MG_SIMT_ATOMICS_INTEGER(unsigned long long)
MG_SIMT_ATOMIC(atomicAdd, int, (int)((unsigned)*place + (unsigned)value))
MG_SIMT_ATOMIC(atomicAdd, unsigned, *place + value)
MG_SIMT_ATOMIC(atomicAdd, unsigned long long, *place + value)
MG_SIMT_ATOMIC(atomicAdd, float, *place + value)
MG_SIMT_ATOMIC(atomicAdd, double, *place + value)
MG_SIMT_ATOMIC(atomicSub, int, (int)((unsigned)*place - (unsigned)value))
MG_SIMT_ATOMIC(atomicSub, unsigned, *place - value)
MG_SIMT_ATOMIC(atomicInc, unsigned, *place >= value ? 0u : *place + 1u)
MG_SIMT_ATOMIC(atomicDec, unsigned, *place == 0u || *place > value ? value : *place - 1u)
MG_SIMT_ATOMIC(atomicExch, int, value)
MG_SIMT_ATOMIC(atomicExch, unsigned, value)
MG_SIMT_ATOMIC(atomicExch, unsigned long long, value)
MG_SIMT_ATOMIC(atomicExch, float, value)
#define MG_SIMT_CAS(T)                                                          \
  inline T atomicCAS(T* place, T expected, T value, MG_LINE) {                  \
    return mg_simt_atomic<T>(place, *place == expected ? value : *place, line); \
  }
MG_SIMT_CAS(int)
MG_SIMT_CAS(unsigned)
MG_SIMT_CAS(unsigned long long)

// ---- memory: one core, so every order is kept; a volatile load and a nap are where a waiting thread lets
// others run
inline void __threadfence() {}
inline void __threadfence_block() {}
inline void __threadfence_system() {}
inline void __nanosleep(unsigned, MG_LINE) { mg_simt_runtime->pause(mg_simt_self, 0, line); }
template <class T>
inline T __ldg(const T* p) {
  return *p;
}
template <class T>
inline T __ldcg(const T* p) {
  return *p;
}
template <class T>
inline T __ldca(const T* p) {
  return *p;
}
template <class T>
inline T __ldcs(const T* p) {
  return *p;
}
template <class T>
inline T __ldlu(const T* p) {
  return *p;
}
template <class T>
inline T __ldcv(const T* p, MG_LINE) {
  mg_simt_runtime->pause(mg_simt_self, 0, line);
  return *p;
}
template <class T>
inline void __stcg(T* p, T value) {
  *p = value;
}
template <class T>
inline void __stcs(T* p, T value) {
  *p = value;
}
template <class T>
inline void __stwt(T* p, T value) {
  *p = value;
}

// ---- integers and bits
inline int __popc(unsigned x) { return __builtin_popcount(x); }
inline int __popcll(unsigned long long x) { return __builtin_popcountll(x); }
inline int __ffs(int x) { return __builtin_ffs(x); }
inline int __ffsll(long long x) { return __builtin_ffsll(x); }
inline int __clz(int x) { return x ? __builtin_clz((unsigned)x) : 32; }
inline int __clzll(long long x) { return x ? __builtin_clzll((unsigned long long)x) : 64; }
inline unsigned __brev(unsigned x) {
  unsigned r = 0;
  for (int i = 0; i < 32; ++i) r |= ((x >> i) & 1u) << (31 - i);
  return r;
}
inline unsigned __umulhi(unsigned a, unsigned b) { return (unsigned)(((unsigned long long)a * b) >> 32); }
inline unsigned long long __umul64hi(unsigned long long a, unsigned long long b) {
  return (unsigned long long)(((unsigned __int128)a * b) >> 64);
}
inline int __float_as_int(float x) { return __builtin_bit_cast(int, x); }
inline unsigned __float_as_uint(float x) { return __builtin_bit_cast(unsigned, x); }
inline float __int_as_float(int x) { return __builtin_bit_cast(float, x); }
inline float __uint_as_float(unsigned x) { return __builtin_bit_cast(float, x); }
inline long long __double_as_longlong(double x) { return __builtin_bit_cast(long long, x); }
inline double __longlong_as_double(long long x) { return __builtin_bit_cast(double, x); }

#endif
