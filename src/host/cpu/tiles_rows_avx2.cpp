// Kernels of neighbourhoods and reductions for machines with AVX2 (src/CMakeLists.txt gives this file its
// flags).
#if defined(MONOGRAPH_TILES_AVX2)
#define MG_TIER avx2
#include "host/cpu/tiles_rows.h"
#endif
