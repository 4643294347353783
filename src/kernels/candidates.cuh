// Which of two candidates wins: for argmin, argmax and the most frequent label, on every backend.
// Needs scalar_math.cuh before it. No includes: NVRTC compiles this too.
#ifndef MONOGRAPH_CANDIDATES_CUH
#define MONOGRAPH_CANDIDATES_CUH

// ---- extremes: of rows and of columns
// The best candidate so far. NaN is skipped; of equal values the lowest index stays.
template <bool Smallest, class T>
struct mg_extreme {
  T value = T(0);
  long long index = -1;
  MG_FN void offer(T candidate, long long at) {
    if (candidate != candidate) return;
    const bool ahead = Smallest ? candidate < value : candidate > value;
    if (index < 0 || ahead || (candidate == value && at < index)) value = candidate, index = at;
  }
  MG_FN void offer(const mg_extreme& other) {
    if (other.index >= 0) offer(other.value, other.index);
  }
};

// ---- labels: how ties are broken, as ops::Ties
static constexpr int mg_ties_lowest = 0, mg_ties_highest = 1, mg_ties_keep = 2;
template <class L>
MG_FN bool mg_mode_tie(L label, L best, int ties, L own) {
  if (ties == mg_ties_highest) return label > best;
  if (ties == mg_ties_keep) return label == own || (best != own && label < best);
  return label < best;
}
// Is `label` with `total` ahead of `best` with `most`? A total order over labels; a NaN total is below all others.
template <class L, class A>
MG_FN bool mg_mode_ahead(L label, A total, L best, A most, int ties, L own) {
  if (total > most || (most != most && total == total)) return true;
  if (total < most || (total != total && most == most)) return false;
  return mg_mode_tie(label, best, ties, own);
}

#endif
