// One run of a plan on the CPU, as tiles and the compiled plan share it. The compiled plan is text without includes, so
// this is plain data and function pointers; `mg_run_version` is raised with every change of layout or meaning.
#ifndef MONOGRAPH_HOST_RUN_CUH
#define MONOGRAPH_HOST_RUN_CUH

static constexpr int mg_run_version = 5;

// Rows of neighbours; `edges` is null where an edge's position in CSR order is its own.
struct mg_rows {
  const mg_i64* offsets;
  const int* neighbors;
  const mg_i64* edges;
  mg_i64 longest = 0;  // edges of the longest row
  // Where several threads run: the rows of more than mg_hub_edges edges. Hub h has segments [hub_segments[h],
  // hub_segments[h + 1]) of mg_row_segment edges each (the last: the rest), which threads fold one by one.
  const int* hubs = nullptr;
  const mg_i64* hub_segments = nullptr;
  mg_i64 hub_count = 0;
};
static constexpr mg_i64 mg_hub_edges = 16 * mg_row_segment;

// Row ranges that threads take one by one: chunk c is [bounds[c], bounds[c + 1]), whole leaves of mg_column_leaf rows.
struct mg_chunks {
  const mg_i64* bounds;
  mg_i64 count;
};

// Rows of a loop that computes only some (host_active.cuh): memory for the lists of one loop at a time.
struct mg_active_rows {
  int* changed;            // rows that the last iteration changed
  mg_i64 changed_count;
  int* active;             // rows to compute, or that were
  mg_i64 active_count;
  unsigned char* marked;   // per row: it is in `active`. All zero between iterations
  mg_i64 from_edges;       // graphs with fewer edges have all rows computed
  int always;              // whatever it costs: for tests
};

struct mg_run {
  int version;
  int undirected;                    // both directions are one: `in`
  int warm;                          // what depends on the graph alone has been computed by a run before
  mg_i64 nodes, edges;
  mg_rows in, out;                   // of the directions that the plan walks
  mg_chunks by_node;                 // of the nodes, all alike
  mg_chunks by_in, by_out, by_both;  // of the nodes, balanced by the edges that an aggregation walks
  mg_chunks by_edge;                 // of the edges, all alike
  void** column;                     // per slot: elements; a value's place may change during a run
  mg_value* scalar;                  // per slot
  unsigned char* partial;            // 16 bytes per leaf and reduction of a group: [reduction][leaf]
  unsigned char* hub_partial;        // 8 bytes per aggregate of the plan and segment of a hub: [aggregate][side][segment]
  unsigned char* workspace;          // of the calling thread
  mg_i64 workspace_bytes;            // as large as the longest row may need
  mg_active_rows active;
  // Calls body(context, chunk, workspace of the thread) for every chunk, on all threads; returns when all are done. With
  // one chunk there is no need to call it.
  void (*parallel)(mg_run*, mg_i64 chunks, void (*body)(void* context, mg_i64 chunk, unsigned char* workspace),
                   void* context);
  // Control: nonzero stops the run.
  int (*begin_iteration)(mg_run*, mg_i64 iteration);
  void (*end_loop)(mg_run*, mg_i64 iterations, int finished);
  int (*host_step)(mg_run*, int block, int step);
  // The first failed check inside of a group: its node in the group's region << 40 | element; all ones when none failed.
  unsigned long long failed;
  mg_i64 failed_index;               // what was out of range there
  int reporting;                     // 1 while somebody changes the two
};

// ---- rows of a group: G::leaf(group, first row, count of at most mg_column_leaf, workspace)
template <class G>
void mg_rows_of(const G& group, mg_i64 begin, mg_i64 end, unsigned char* workspace) {
  for (mg_i64 first = begin; first < end; first += mg_column_leaf)
    G::leaf(group, first, end - first < mg_column_leaf ? int(end - first) : mg_column_leaf, workspace);
}

template <class G>
void mg_for_rows(mg_run* run, const mg_chunks& chunks, mg_i64 rows, const G& group) {
  if (chunks.count <= 1) return mg_rows_of(group, 0, rows, run->workspace);
  struct Call {
    const G* group;
    const mg_i64* bounds;
  } call{&group, chunks.bounds};
  run->parallel(
      run, chunks.count,
      [](void* context, mg_i64 chunk, unsigned char* workspace) {
        const Call& c = *static_cast<const Call*>(context);
        mg_rows_of(*c.group, c.bounds[chunk], c.bounds[chunk + 1], workspace);
      },
      &call);
}

// ---- hubs: their segments first, by all threads
MG_FN mg_i64 mg_segments_of_hubs(const mg_rows& rows) { return rows.hub_count > 0 ? rows.hub_segments[rows.hub_count] : 0; }
// Where the segments of an aggregate lie, of the side of `in` or of `out`.
MG_FN unsigned char* mg_hub_partials(const mg_run* run, mg_i64 aggregate, bool out) {
  const mg_i64 ins = mg_segments_of_hubs(run->in), outs = mg_segments_of_hubs(run->out);
  return run->hub_partial + 8 * (aggregate * (ins + outs) + (out ? ins : 0));
}
// The hub with segment `s`.
MG_FN mg_i64 mg_hub_of_segment(const mg_rows& rows, mg_i64 s) {
  mg_i64 low = 0, high = rows.hub_count;
  while (high - low > 1) {
    const mg_i64 middle = low + (high - low) / 2;
    if (rows.hub_segments[middle] <= s) low = middle;
    else high = middle;
  }
  return low;
}
// fold(context, row, first edge, last edge, segment, workspace) for each segment of each hub of `rows`.
typedef void (*mg_fold_segment_of)(const void* context, mg_i64 row, mg_i64 first, mg_i64 last, mg_i64 segment,
                                   unsigned char* workspace);
inline void mg_for_hub_segments(mg_run* run, const mg_rows& rows, mg_fold_segment_of fold, const void* context) {
  if (rows.hub_count == 0) return;
  struct Call {
    const mg_rows& rows;
    mg_fold_segment_of fold;
    const void* context;
  } call{rows, fold, context};
  run->parallel(
      run, mg_segments_of_hubs(rows),
      [](void* c, mg_i64 segment, unsigned char* workspace) {
        const Call& call = *static_cast<const Call*>(c);
        const mg_i64 h = mg_hub_of_segment(call.rows, segment), row = call.rows.hubs[h];
        const mg_i64 first = call.rows.offsets[row] + (segment - call.rows.hub_segments[h]) * mg_row_segment;
        const mg_i64 end = call.rows.offsets[row + 1];
        call.fold(call.context, row, first, end - first < mg_row_segment ? end : first + mg_row_segment, segment, workspace);
      },
      &call);
}

// A group of a wave, with its rows.
struct mg_part {
  const void* group;
  void (*run)(const void* group, mg_i64 begin, mg_i64 end, unsigned char* workspace);
  mg_chunks chunks;
  mg_i64 rows;
};
template <class G>
mg_part mg_part_of(const G& group, const mg_chunks& chunks, mg_i64 rows) {
  return {&group,
          [](const void* g, mg_i64 begin, mg_i64 end, unsigned char* workspace) {
            mg_rows_of(*static_cast<const G*>(g), begin, end, workspace);
          },
          chunks, rows};
}
// Groups that run at once: their chunks are one list. Small ones run one after another on the calling thread.
MG_FN void mg_for_parts(mg_run* run, const mg_part* parts, int count) {
  struct Call {
    const mg_part* parts;
  } call{parts};
  mg_i64 chunks = 0;
  for (int p = 0; p < count; ++p) chunks += parts[p].chunks.count;  // each has at least one
  if (chunks == count) {
    for (int p = 0; p < count; ++p) parts[p].run(parts[p].group, 0, parts[p].rows, run->workspace);
    return;
  }
  run->parallel(
      run, chunks,
      [](void* context, mg_i64 chunk, unsigned char* workspace) {
        const mg_part* p = static_cast<const Call*>(context)->parts;
        for (; chunk >= p->chunks.count; ++p) chunk -= p->chunks.count;
        if (p->chunks.count <= 1) return p->run(p->group, 0, p->rows, workspace);
        p->run(p->group, p->chunks.bounds[chunk], p->chunks.bounds[chunk + 1], workspace);
      },
      &call);
}

// The source of each of `count` edges from `first` on, by the offsets of the rows that leave the nodes.
MG_FN void mg_edge_sources(const mg_i64* offsets, mg_i64 nodes, mg_i64 first, int count, int* sources) {
  mg_i64 low = 0, high = nodes;  // offsets[low] <= first < offsets[high]
  while (high - low > 1) {
    const mg_i64 middle = low + (high - low) / 2;
    if (offsets[middle] <= first) low = middle;
    else high = middle;
  }
  for (int i = 0; i < count; ++i) {
    while (offsets[low + 1] <= first + i) ++low;
    sources[i] = int(low);
  }
}

MG_FN void mg_report(mg_run* run, const mg_failure& failed) {
  if (failed.note == ~0ull) return;
  while (__atomic_exchange_n(&run->reporting, 1, __ATOMIC_ACQUIRE)) {
  }
  if (failed.note < run->failed) run->failed = failed.note, run->failed_index = failed.index;
  __atomic_store_n(&run->reporting, 0, __ATOMIC_RELEASE);
}

#endif
