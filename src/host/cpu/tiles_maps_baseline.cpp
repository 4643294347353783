// Element-wise kernels for any machine.
#define MG_TIER baseline
#include "host/cpu/tiles_maps.h"
