// One run of a plan on the CPU, as tiles and the compiled plan share it. The compiled plan is text without includes, so
// this is plain data and function pointers; `mg_run_version` is raised with every change of layout or meaning.
#ifndef MONOGRAPH_HOST_RUN_CUH
#define MONOGRAPH_HOST_RUN_CUH

typedef long long mg_i64;
static constexpr int mg_run_version = 1;

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
  else return (T&)(v.l);
}

// Rows of neighbours; `edges` is null where an edge's position in CSR order is its own.
struct mg_rows {
  const mg_i64* offsets;
  const int* neighbors;
  const mg_i64* edges;
};

// Row ranges that threads take one by one: chunk c is [bounds[c], bounds[c + 1]), whole leaves of mg_column_leaf rows.
struct mg_chunks {
  const mg_i64* bounds;
  mg_i64 count;
};

struct mg_run {
  int version;
  int undirected;         // both directions are one: `in`
  mg_i64 nodes, edges;
  mg_rows in, out;        // of the directions that the plan walks
  mg_chunks by_node;      // of the nodes, all alike
  mg_chunks by_in, by_out, by_both;  // of the nodes, balanced by the edges that an aggregation walks
  mg_chunks by_edge;      // of the edges, all alike
  void** column;          // per slot: elements; a value's place may change during a run
  mg_value* scalar;       // per slot
  void* partial;          // 16 bytes per reduction of a group and leaf
  // Calls body(context, chunk) for every chunk, on all threads; returns when all are done. With one chunk call it directly.
  void (*parallel)(mg_run*, mg_i64 chunks, void (*body)(void* context, mg_i64 chunk, void* workspace), void* context);
  void* workspace;        // of the calling thread: `workspace_bytes`, as large as the longest row may need
  mg_i64 workspace_bytes;
  // Control: nonzero stops the run.
  int (*begin_iteration)(mg_run*, mg_i64 iteration);
  void (*end_loop)(mg_run*, mg_i64 iterations, int finished);
  int (*host_step)(mg_run*, int block, int step);
  void (*move)(mg_run*, int block, int step);  // the moves on entering that loop; step -1: on leaving the block
  void* owner;
  // The first failed check inside of a group: check number << 48 | element; all ones when none failed.
  unsigned long long failed;
};

#endif
