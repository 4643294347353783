# Finds nvcc, also off PATH, and says loudly what was chosen. Sets MONOGRAPH_HAS_CUDA.
set(MONOGRAPH_HAS_CUDA OFF)
set(MONOGRAPH_CUDA_WHY "asked for (MONOGRAPH_CUDA=OFF)")
