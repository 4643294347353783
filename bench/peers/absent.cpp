// Peers that were not found when this was configured.
#include "bench/peers/peer.h"

namespace monograph::bench::peers {

#ifndef MONOGRAPH_HAS_IGRAPH
PeerInfo igraph_peer() {
  return {.name = "igraph", .version = "", .one_thread = true, .missing = "libigraph-dev is not installed"};
}
#endif
#ifndef MONOGRAPH_HAS_GRAPHBLAS
PeerInfo graphblas_peer() {
  return {.name = "graphblas", .version = "", .missing = "libgraphblas-dev is not installed"};
}
#endif

}  // namespace monograph::bench::peers
