// The meaning of every element-wise operation, once: compiled by the host compiler, by nvcc, by NVRTC, and as part of
// generated CPU code. No includes, no std::, no INFINITY: NVRTC has none of them. Integers go through unsigned
// (wrapping is defined), every function is total, and nothing here may be contracted or reassociated.
#ifndef MONOGRAPH_SCALAR_MATH_CUH
#define MONOGRAPH_SCALAR_MATH_CUH

#if defined(__CUDACC__) || defined(__CUDACC_RTC__)
#define MG_FN __host__ __device__ __forceinline__
#define MG_EXACT(f) f
#define MG_LIBM(f) f
#else
#define MG_FN inline __attribute__((always_inline))
#define MG_EXACT(f) __builtin_##f
#define MG_LIBM(f) mg_libm_##f
// The asm label hides these from the host compiler's builtins: it must not fold exp(2.0) differently from libm's call.
extern "C" {
double mg_libm_exp(double) __asm__("exp");
double mg_libm_log(double) __asm__("log");
double mg_libm_log1p(double) __asm__("log1p");
double mg_libm_sin(double) __asm__("sin");
double mg_libm_cos(double) __asm__("cos");
double mg_libm_tanh(double) __asm__("tanh");
double mg_libm_pow(double, double) __asm__("pow");
float mg_libm_expf(float) __asm__("expf");
float mg_libm_logf(float) __asm__("logf");
float mg_libm_log1pf(float) __asm__("log1pf");
float mg_libm_sinf(float) __asm__("sinf");
float mg_libm_cosf(float) __asm__("cosf");
float mg_libm_tanhf(float) __asm__("tanhf");
float mg_libm_powf(float, float) __asm__("powf");
}
#endif

typedef unsigned int mg_u32;
typedef unsigned long long mg_u64;

// ---- traits and bits (by size, so that `long` and `long long` both serve as i64)
template <class T> struct mg_is_float { static constexpr bool value = false; };
template <> struct mg_is_float<float> { static constexpr bool value = true; };
template <> struct mg_is_float<double> { static constexpr bool value = true; };
template <class T> struct mg_is_bool { static constexpr bool value = false; };
template <> struct mg_is_bool<bool> { static constexpr bool value = true; };
template <int Bytes> struct mg_unsigned_of { typedef mg_u64 type; };
template <> struct mg_unsigned_of<4> { typedef mg_u32 type; };
template <> struct mg_unsigned_of<1> { typedef unsigned char type; };
template <class T> using mg_unsigned = typename mg_unsigned_of<int(sizeof(T))>::type;

template <class To, class From> MG_FN To mg_bitcast(From from) {
  static_assert(sizeof(To) == sizeof(From), "same size");
#if defined(__CUDACC__) || defined(__CUDACC_RTC__)
  To to;
  memcpy(&to, &from, sizeof(To));
  return to;
#else
  return __builtin_bit_cast(To, from);
#endif
}
template <class T> MG_FN mg_unsigned<T> mg_bits(T a) { return mg_bitcast<mg_unsigned<T>>(a); }
template <class T> MG_FN T mg_from_bits(mg_unsigned<T> a) { return mg_bitcast<T>(a); }

// ---- limits: the identities of min and max
template <class T> MG_FN T mg_highest() {
  if constexpr (mg_is_float<T>::value) {
    if constexpr (sizeof(T) == 4) return mg_from_bits<T>(0x7f800000u);
    else return mg_from_bits<T>(0x7ff0000000000000ull);
  } else if constexpr (mg_is_bool<T>::value) return true;
  else return T((mg_unsigned<T>(0) - 1u) >> 1);
}
template <class T> MG_FN T mg_lowest() {
  if constexpr (mg_is_float<T>::value) return -mg_highest<T>();
  else if constexpr (mg_is_bool<T>::value) return false;
  else return T(~((mg_unsigned<T>(0) - 1u) >> 1));
}

// ---- arithmetic
template <class T> MG_FN T mg_add(T a, T b) {
  if constexpr (mg_is_float<T>::value) return a + b;
  else return T(mg_unsigned<T>(a) + mg_unsigned<T>(b));
}
template <class T> MG_FN T mg_sub(T a, T b) {
  if constexpr (mg_is_float<T>::value) return a - b;
  else return T(mg_unsigned<T>(a) - mg_unsigned<T>(b));
}
template <class T> MG_FN T mg_mul(T a, T b) {
  if constexpr (mg_is_float<T>::value) return a * b;
  else return T(mg_unsigned<T>(a) * mg_unsigned<T>(b));
}
template <class T> MG_FN T mg_neg(T a) {
  if constexpr (mg_is_float<T>::value) return -a;
  else return T(mg_unsigned<T>(0) - mg_unsigned<T>(a));
}
template <class T> MG_FN T mg_abs(T a) {
  if constexpr (mg_is_float<T>::value) return mg_from_bits<T>(mg_bits(a) & (mg_unsigned<T>(0) - 1u) >> 1);
  else return a < 0 ? mg_neg(a) : a;
}
template <class T> MG_FN T mg_sign(T a) { return a > T(0) ? T(1) : a < T(0) ? T(-1) : a; }
template <class R, class T> MG_FN R mg_div(T a, T b) { return R(a) / R(b); }

// Floored, so that a == b * idiv(a, b) + mod(a, b); by zero both are 0; MIN by -1 wraps.
template <class T> MG_FN T mg_idiv(T a, T b) {
  if (b == 0) return 0;
  if (b == T(-1)) return mg_neg(a);
  T q = a / b;
  return (a % b != 0 && (a < 0) != (b < 0)) ? T(q - 1) : q;
}
MG_FN double mg_fmod(double a, double b) { return MG_EXACT(fmod)(a, b); }
MG_FN float mg_fmod(float a, float b) { return MG_EXACT(fmodf)(a, b); }
template <class T> MG_FN T mg_mod(T a, T b) {
  if (b == T(0)) return T(0);
  T r;
  if constexpr (mg_is_float<T>::value) {
    r = mg_fmod(a, b);
    if (r == T(0)) return b < T(0) ? -T(0) : T(0);
  } else r = b == T(-1) ? T(0) : T(a % b);
  return (r != T(0) && (r < T(0)) != (b < T(0))) ? T(r + b) : r;
}

// A NaN operand wins and -0 < +0, so the order of operands never matters. Unequal and unordered: one is NaN, and its
// exponent and payload survive an OR (min) or an addition (max).
template <class T> MG_FN T mg_min(T a, T b) {
  if constexpr (mg_is_float<T>::value) return a < b ? a : b < a ? b : mg_from_bits<T>(mg_bits(a) | mg_bits(b));
  else return a < b ? a : b;
}
template <class T> MG_FN T mg_max(T a, T b) {
  if constexpr (mg_is_float<T>::value)
    return a > b ? a : b > a ? b : a == b ? mg_from_bits<T>(mg_bits(a) & mg_bits(b)) : a + b;
  else return a > b ? a : b;
}
template <class T> MG_FN T mg_clip(T a, T low, T high) { return mg_min(mg_max(a, low), high); }
template <class T> MG_FN T mg_recip(T a, T eps) {
  T size = mg_abs(a) > eps || a != a ? mg_abs(a) : eps;
  return T(1) / (a < T(0) ? -size : size);
}
template <class T> MG_FN T mg_safe_div(T a, T b, T fill) { return b == T(0) ? fill : a / b; }

// ---- exact in IEEE 754: the same bits everywhere
MG_FN double mg_sqrt(double a) { return MG_EXACT(sqrt)(a); }
MG_FN float mg_sqrt(float a) { return MG_EXACT(sqrtf)(a); }
MG_FN double mg_floor(double a) { return MG_EXACT(floor)(a); }
MG_FN float mg_floor(float a) { return MG_EXACT(floorf)(a); }
MG_FN double mg_ceil(double a) { return MG_EXACT(ceil)(a); }
MG_FN float mg_ceil(float a) { return MG_EXACT(ceilf)(a); }
MG_FN double mg_trunc(double a) { return MG_EXACT(trunc)(a); }
MG_FN float mg_trunc(float a) { return MG_EXACT(truncf)(a); }
MG_FN double mg_round(double a) { return MG_EXACT(rint)(a); }
MG_FN float mg_round(float a) { return MG_EXACT(rintf)(a); }
MG_FN double mg_fma(double a, double b, double c) { return MG_EXACT(fma)(a, b, c); }
MG_FN float mg_fma(float a, float b, float c) { return MG_EXACT(fmaf)(a, b, c); }
template <class T> MG_FN bool mg_is_nan(T a) { return a != a; }
template <class T> MG_FN bool mg_is_finite(T a) { return mg_abs(a) < mg_highest<T>(); }

// ---- libm's: within the units in the last place that the table states, not the same bits everywhere
MG_FN double mg_exp(double a) { return MG_LIBM(exp)(a); }
MG_FN float mg_exp(float a) { return MG_LIBM(expf)(a); }
MG_FN double mg_log(double a) { return MG_LIBM(log)(a); }
MG_FN float mg_log(float a) { return MG_LIBM(logf)(a); }
MG_FN double mg_log1p(double a) { return MG_LIBM(log1p)(a); }
MG_FN float mg_log1p(float a) { return MG_LIBM(log1pf)(a); }
MG_FN double mg_sin(double a) { return MG_LIBM(sin)(a); }
MG_FN float mg_sin(float a) { return MG_LIBM(sinf)(a); }
MG_FN double mg_cos(double a) { return MG_LIBM(cos)(a); }
MG_FN float mg_cos(float a) { return MG_LIBM(cosf)(a); }
MG_FN double mg_tanh(double a) { return MG_LIBM(tanh)(a); }
MG_FN float mg_tanh(float a) { return MG_LIBM(tanhf)(a); }
MG_FN double mg_pow(double a, double b) { return MG_LIBM(pow)(a, b); }
MG_FN float mg_pow(float a, float b) { return MG_LIBM(powf)(a, b); }

// ---- bits: shift counts are taken modulo the width
template <class T> MG_FN T mg_shl(T a, T b) { return T(mg_unsigned<T>(a) << (mg_unsigned<T>(b) & (8 * sizeof(T) - 1))); }
template <class T> MG_FN T mg_shr(T a, T b) { return T(a >> (mg_unsigned<T>(b) & (8 * sizeof(T) - 1))); }

// ---- order, as that of unsigned numbers: -0 before +0, NaN last in either direction, and every NaN the same
template <class T> MG_FN mg_unsigned<T> mg_order_key(T a, bool descending) {
  typedef mg_unsigned<T> K;
  constexpr K top = K(K(1) << (8 * sizeof(T) - 1));
  if (a != a) return K(~K(0));
  K key = mg_bits(a);
  if constexpr (mg_is_float<T>::value) key = key & top ? K(~key) : K(key ^ top);
  else if constexpr (!mg_is_bool<T>::value) key = K(key ^ top);
  return descending ? K(~key) : key;
}

// ---- conversion: float to integer saturates, NaN becomes 0, anything non-zero is true
template <class R, class T> MG_FN R mg_cast(T a) {
  if constexpr (mg_is_bool<R>::value) return a != T(0);
  else if constexpr (mg_is_float<T>::value && !mg_is_float<R>::value) {
    // -lowest is a power of two, so both bounds are exact in T
    if (!(a == a)) return R(0);
    if (a >= -T(mg_lowest<R>())) return mg_highest<R>();
    if (a < T(mg_lowest<R>())) return mg_lowest<R>();
    return R(a);
  } else return R(a);
}

// Which NaN an operation makes is the machine's choice, so that its bits say nothing.
template <class R, class T> MG_FN R mg_to_bits(T a) {
  if (a == a) return mg_bitcast<R>(a);
  return sizeof(T) == 4 ? R(0x7fc00000) : R(0x7ff8000000000000);
}

// ---- counter-based random numbers: a function of (seed, counter) alone, so any order and any backend gives the same
MG_FN mg_u64 mg_mix(mg_u64 z) {
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
  return z ^ (z >> 31);
}
template <class T> MG_FN double mg_random(T seed, T counter) {
  mg_u64 z = mg_mix(mg_mix(mg_u64(seed) + 0x9e3779b97f4a7c15ull) + mg_u64(counter) * 0x9e3779b97f4a7c15ull);
  return double(z >> 11) * (1.0 / 9007199254740992.0);
}

#endif
