// One run of a plan on a device, as its kernels see it: in device memory, written by the host before the
// launch. No includes: NVRTC compiles this too, and host code sees the same layout.
#ifndef MONOGRAPH_DEVICE_RUN_CUH
#define MONOGRAPH_DEVICE_RUN_CUH

// Rows of neighbours; `edges` is null where an edge's position in CSR order is its own.
struct mg_device_rows {
  const long long* offsets;
  const int* neighbors;
  const long long* edges;
};

// Rows up to this length are one thread's work; longer ones are shared by a warp, or cut.
static constexpr int mg_thread_row = 32;
// Rows of a direction that are longer, cut into pieces of at most mg_row_segment edges: made by
// codegen/long_rows.h.
struct mg_long_rows {
  const int* rows = nullptr;         // ascending
  const long long* first = nullptr;  // the number of each one's first piece, and of pieces
  const int* of = nullptr;           // of each piece: which of these rows
  long long count = 0;               // of rows
};

// Of a loop that computes only the rows that read a changed one (device_active.cuh); of one at a time.
struct mg_marked_rows {
  unsigned char* stamps = nullptr;  // two per node
  unsigned long long reach =
      0;           // edges along which rows that changed in this iteration are read; 0 between iterations
  int marked = 0;  // the last iteration marked all rows that read a changed one
  int quiet = 0;   // few were changed in it
  int always = 0;  // every iteration marks
};

struct mg_device {
  long long nodes, edges;
  mg_device_rows in, out;  // of the directions that the plan walks; of stages over edges: `out`
  int undirected;          // both directions are one: `in`
  unsigned blocks_done;    // of the kernel that runs: the last block finds it full and leaves it 0
  unsigned char* partial;  // 16 bytes per leaf of a column and reduction of a group: [reduction][leaf]
  // 2 slots per edge and direction that a mode walks, at 2 * its place in the row: tables of long rows. Rows
  // that enter come first: of a group whose modes walk both, rows that leave have theirs 2 * edges behind.
  unsigned long long* votes;
  // The first failed check inside of a group: its node in the group's region << 40 | element; all ones when
  // none failed.
  unsigned long long failed;
  long long failed_index;  // what was out of range there
  int reporting;           // 1 while some thread changes the two; else 0
  // Null, or: kernels of groups return at once while it is not 0. Nothing that runs at the same time writes
  // it.
  const int* done = nullptr;
  // Of the directions that balanced stages walk, and 16 bytes per piece and aggregate of a group:
  // [aggregate][in, out].
  mg_long_rows long_in = {}, long_out = {};
  unsigned char* pieces = nullptr;
  mg_marked_rows active = {};
};

#endif
