// The most frequent label among the neighbours of a node, with all 32 rows of a warp. Up to mg_mode_alone votes are compared
// with each other by one thread; up to 32 by the lanes of the warp, one vote each; more go through a table in global memory,
// 32 votes at a time. Weights of one label are always added in edge order.
// Needs schedules.cuh and device_columns.cuh before it.
#ifndef MONOGRAPH_DEVICE_MODES_CUH
#define MONOGRAPH_DEVICE_MODES_CUH

static constexpr mg_i64 mg_mode_alone = 8;

// The votes of a row: edges of one direction, then (both directions) of the other.
struct mg_votes {
  mg_i64 row;
  mg_extent one, two;
  MG_FN mg_i64 count() const { return one.length() + two.length(); }
};
MG_DEVICE mg_votes mg_from_lane(const mg_votes& v, int lane) {
  return {mg_from_lane(v.row, lane), mg_from_lane(v.one, lane), mg_from_lane(v.two, lane)};
}

// A row's part of mg_device::votes: 2 words per vote, in one piece per direction.
struct mg_vote_words {
  unsigned long long* one;
  unsigned long long* two;
  mg_i64 ones;  // words of the first piece
  MG_DEVICE unsigned long long* at(mg_i64 word) const { return word < ones ? one + word : two + (word - ones); }
};

// An open-addressed table in those words. The first half are 2 places of 32 bits per vote: 1 + the number of the vote that
// stands for its label, 0 where free, so labels may have 64 bits. The second half are totals, of vote i in word count + i.
template <class A>
struct mg_vote_table {
  mg_vote_words words;
  mg_i64 count;
  MG_DEVICE unsigned places() const { return count < 0x7fffffff ? unsigned(2 * count) : 0xfffffffeu; }
  MG_DEVICE unsigned* place(unsigned p) const { return reinterpret_cast<unsigned*>(words.at(p / 2)) + (p & 1u); }
  MG_DEVICE mg_i64* word(mg_i64 vote) const { return reinterpret_cast<mg_i64*>(words.at(count + vote)); }
  MG_DEVICE A total(mg_i64 vote) const { return mg_value_of<A>(__ldcg(word(vote))); }
  MG_DEVICE void set_total(mg_i64 vote, A total) const { *word(vote) = mg_word_of(total); }
  MG_DEVICE void clear() const {
    for (mg_i64 i = mg_lane(); i < 2 * count; i += 32) *words.at(i) = 0;
    __syncwarp();
  }
  // The vote that stands for `label`, which is that of `vote`.
  template <class L, class LabelOf>
  MG_DEVICE unsigned find(unsigned vote, L label, const LabelOf& label_of) const {
    const mg_u64 hash = (mg_u64(label) * 0x9e3779b97f4a7c15ull) >> 32;
    for (unsigned p = unsigned((hash * places()) >> 32);; p = p + 1 == places() ? 0 : p + 1) {
      const unsigned found = atomicCAS(place(p), 0u, vote + 1);
      if (found == 0) return vote;
      if (label_of(found - 1) == label) return found - 1;
    }
  }
};

// The best of the candidates offered so far. The node itself, where it takes part, is the last vote for its label.
template <class L, class A>
struct mg_winner {
  L own, label;
  A total;
  int ties;
  bool include_self, any, met_own;

  MG_DEVICE mg_winner(L own, int ties, bool include_self)
      : own(own), label(own), total(0), ties(ties), include_self(include_self), any(false), met_own(false) {}
  MG_DEVICE void take(L other, A votes) {
    if (any && !mg_mode_ahead(other, votes, label, total, ties, own)) return;
    any = true, label = other, total = votes;
  }
  MG_DEVICE void offer(L other, A votes) {
    const bool is_own = include_self && other == own;
    met_own = met_own || is_own;
    take(other, is_own ? mg_add(votes, A(1)) : votes);
  }
  MG_DEVICE L alone() {
    if (include_self && !met_own) take(own, A(1));
    return label;
  }
  // Of all lanes.
  MG_DEVICE L together() {
    met_own = __any_sync(MG_ALL_LANES, met_own);
    alone();
    for (int bit = 16; bit > 0; bit /= 2) {
      const int from = mg_lane() ^ bit;
      const L other = mg_from_lane(label, from);
      const A votes = mg_from_lane(total, from);
      if (mg_from_lane(any, from)) take(other, votes);
    }
    return label;
  }
};

// L: labels, A: what weights add up to. Label and Weight are functions of an edge, as in schedules.cuh; start(row, own label)
// is a winner without votes, as mg_winner.
template <class L, class A, class Label, class Weight, class Start>
struct mg_election {
  const mg_device_rows& one;
  const mg_device_rows& two;
  const Label& label;
  const Weight& weight;
  const Start& start;

  MG_DEVICE L label_of(const mg_votes& v, mg_i64 i) const {
    return i < v.one.length() ? label(one, v.row, v.one.first + i)
                              : label(two, v.row, v.two.first + i - v.one.length());
  }
  MG_DEVICE A weight_of(const mg_votes& v, mg_i64 i) const {
    return i < v.one.length() ? weight(one, v.row, v.one.first + i)
                              : weight(two, v.row, v.two.first + i - v.one.length());
  }

  MG_DEVICE L by_thread(const mg_votes& v, L own) const {
    auto winner = start(v.row, own);
    for (mg_i64 i = 0; i < v.count(); ++i) {
      const L mine = label_of(v, i);
      A total = A(0);
      for (mg_i64 j = 0; j < v.count(); ++j)
        if (label_of(v, j) == mine) total = mg_add(total, weight_of(v, j));
      winner.offer(mine, total);
    }
    return winner.alone();
  }

  MG_DEVICE L by_lanes(const mg_votes& v, L own) const {
    const bool votes = mg_lane() < v.count();
    const L mine = votes ? label_of(v, mg_lane()) : own;
    const A weighs = votes ? weight_of(v, mg_lane()) : A(0);
    A total = A(0);
    for (int j = 0; j < int(v.count()); ++j) {
      const A other = mg_from_lane(weighs, j);
      if (mg_from_lane(mine, j) == mine) total = mg_add(total, other);
    }
    auto winner = start(v.row, own);
    if (votes) winner.offer(mine, total);
    return winner.together();
  }

  // Votes [base, base + 32): each lane finds who stands for its label; of the lanes with one label the first adds for all.
  MG_DEVICE void add_votes(const mg_vote_table<A>& table, const mg_votes& v, mg_i64 base) const {
    const mg_i64 i = base + mg_lane();
    const bool votes = i < v.count();
    const auto label_at = [&](mg_i64 vote) { return label_of(v, vote); };
    const unsigned stands = votes ? table.find(unsigned(i), label_of(v, i), label_at) : 0xffffffffu;
    const A weighs = votes ? weight_of(v, i) : A(0);
    const unsigned same = __match_any_sync(MG_ALL_LANES, stands);
    const bool leads = votes && mg_lane() == __ffs(int(same)) - 1;
    A total = leads ? table.total(stands) : A(0);
    const int count = v.count() - base < 32 ? int(v.count() - base) : 32;
    for (int j = 0; j < count; ++j) {
      const A other = mg_from_lane(weighs, j);
      if (same >> j & 1u) total = mg_add(total, other);
    }
    if (leads) table.set_total(stands, total);
    __syncwarp();
  }

  MG_DEVICE L by_table(const mg_vote_words& words, const mg_votes& v, L own) const {
    const mg_vote_table<A> table{words, v.count()};
    table.clear();
    for (mg_i64 base = 0; base < v.count(); base += 32) add_votes(table, v, base);
    auto winner = start(v.row, own);
    for (mg_i64 p = mg_lane(); p < mg_i64(table.places()); p += 32) {
      const unsigned found = __ldcg(table.place(unsigned(p)));
      if (found != 0) winner.offer(label_of(v, found - 1), table.total(found - 1));
    }
    return winner.together();
  }

  // `one_words` and `two_words`: of the directions' first edges.
  MG_DEVICE L rows(const mg_votes& mine, L own, unsigned long long* one_words, unsigned long long* two_words) const {
    const bool shared = mine.count() > mg_mode_alone;
    L winner = own;
    if (!shared && mine.count() > 0) winner = by_thread(mine, own);
    mg_for_shared_rows(shared, [&](int owner) {
      const mg_votes v = mg_from_lane(mine, owner);
      const L its_own = mg_from_lane(own, owner);
      const mg_vote_words words{one_words + 2 * v.one.first, two_words + 2 * v.two.first, 2 * v.one.length()};
      const L best = v.count() <= 32 ? by_lanes(v, its_own) : by_table(words, v, its_own);
      if (mg_lane() == owner) winner = best;
    });
    return winner;
  }
};

// `both`: the other direction's edges, too. `behind`: by how many words the tables of rows that leave lie behind.
template <class L, class A, class Label, class Weight, class Start>
MG_DEVICE L mg_elect_rows(mg_device* run, bool out, bool both, mg_i64 behind, mg_i64 row, bool here, const Label& label,
                          const Weight& weight, L own, const Start& start) {
  const mg_device_rows one = out ? run->out : run->in, two = both ? run->out : one;
  const mg_votes mine{row, mg_extent_of(one, row, here), mg_extent_of(two, row, here && both)};
  const mg_election<L, A, Label, Weight, Start> election{one, two, label, weight, start};
  return election.rows(mine, own, run->votes + (out ? behind : 0), run->votes + behind);
}
template <class L, class A, class Label, class Weight>
MG_DEVICE L mg_mode_rows(mg_device* run, bool out, bool both, mg_i64 behind, mg_i64 row, bool here, const Label& label,
                         const Weight& weight, int ties, bool include_self, L own) {
  return mg_elect_rows<L, A>(run, out, both, behind, row, here, label, weight, own,
                             [&](mg_i64, L mine) { return mg_winner<L, A>(mine, ties, include_self); });
}

#endif
