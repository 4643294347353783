// Graphs made by rule: "gen:NAME:...".
#pragma once

#include <monograph/io.h>

namespace monograph::io {

bool is_generator(std::string_view path);
/// UsageError: no such generator, or arguments that it does not take. MemoryError: more than this machine can
/// hold.
Graph generate(const std::string& specification, const ReadOptions& options);
/// Zachary's karate club: 78 edges between the nodes 1..34, each once, from the smaller to the larger.
EdgeList karate_club();

}  // namespace monograph::io
