// Our side of a comparison with peers.
#pragma once

#include <monograph/session.h>

#include "bench/peers/peer.h"

namespace monograph::bench::peers {

/// Compiled for this machine where it has a compiler. `method` says how it runs: native or tiles.
std::unique_ptr<Contestant> our_contestant(const Program& program, const Parameters& parameters,
                                           const Graph& graph, int threads, const CancelToken& cancel);

}  // namespace monograph::bench::peers
