// One run of a plan on a device, as its kernels see it: in device memory, written by the host before the launch.
// Needs shapes.cuh before it. No includes: NVRTC compiles this too, and host code sees the same layout.
#ifndef MONOGRAPH_DEVICE_RUN_CUH
#define MONOGRAPH_DEVICE_RUN_CUH

// Rows of neighbours; `edges` is null where an edge's position in CSR order is its own.
struct mg_device_rows {
  const long long* offsets;
  const int* neighbors;
  const long long* edges;
};

struct mg_device {
  long long nodes, edges;
  mg_device_rows in, out;            // of the directions that the plan walks
  int undirected;                    // both directions are one: `in`
  unsigned blocks_done;              // of the kernel that runs: the last block finds it full and leaves it 0
  unsigned char* partial;            // 16 bytes per leaf of a column and reduction of a group: [reduction][leaf]
  unsigned long long* votes;         // 2 slots per edge and direction, at 2 * its place in the row: tables of long rows
  // The first failed check inside of a group: its operation in the stage's code << 40 | element; all ones when none failed.
  unsigned long long failed;
};

#endif
