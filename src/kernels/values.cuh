// Values as every backend's code passes them: scalars, checks of indices, leaves of columns.
// Needs scalar_math.cuh and shapes.cuh before it. No includes: NVRTC compiles this too.
#ifndef MONOGRAPH_VALUES_CUH
#define MONOGRAPH_VALUES_CUH

typedef long long mg_i64;

// A scalar, in 8 bytes.
union mg_value {
  bool b;
  int i;
  mg_i64 l;
  float f;
  double d;
};
template <class T> MG_FN T& mg_get(mg_value& v) {
  if constexpr (mg_is_float<T>::value) {
    if constexpr (sizeof(T) == 4) return v.f;
    else return v.d;
  } else if constexpr (sizeof(T) == 1) return v.b;
  else if constexpr (sizeof(T) == 4) return v.i;
  else return reinterpret_cast<T&>(v.l);
}

// Leaves of a column with that many rows.
MG_FN mg_i64 mg_leaves(mg_i64 rows) { return (rows + mg_column_leaf - 1) / mg_column_leaf; }

// A failed check: see mg_run::failed and mg_device::failed.
struct mg_failure {
  unsigned long long note = ~0ull;
  mg_i64 index = 0;
};
// x[i], or nothing and a note of who asked where i is out of range. `failed` is the least note so far.
template <class T>
MG_FN T mg_take(const T* x, mg_i64 i, mg_i64 n, mg_failure& failed, unsigned long long node, mg_i64 row) {
  if (i >= 0 && i < n) return x[i];
  const unsigned long long note = node << 40 | (unsigned long long)row;
  if (note < failed.note) failed.note = note, failed.index = i;
  return T();
}

#endif
