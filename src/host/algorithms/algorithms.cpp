#include <monograph/algorithms.h>

namespace monograph {
namespace {

constexpr AlgorithmInfo entry(AlgorithmInfo info) {
  if (info.make == louvain) info.run = run_louvain;
  return info;
}

constexpr AlgorithmInfo kAlgorithms[] = {
#define MONOGRAPH_ALGORITHM(function, alias, match, doc, about, outputs, source) \
  entry({#function, doc, alias, Match::match, about, outputs, source, function}),
#include <monograph/algorithm_list.def>
};

}  // namespace

std::span<const AlgorithmInfo> algorithms() { return kAlgorithms; }

const AlgorithmInfo* find_algorithm(std::string_view name) {
  for (const AlgorithmInfo& a : kAlgorithms)
    if (a.name == name || (!a.alias.empty() && a.alias == name)) return &a;
  return nullptr;
}

}  // namespace monograph
