// Kernels of neighbourhoods and reductions for any machine.
#define MG_TIER baseline
#include "host/cpu/tiles_rows.h"
