// Loops of which an iteration computes only the rows that read a changed one (host/plan/active_set.h): lists of
// rows, and the passes that make one list of another. Shared by tiles and compiled plans. Lists have no order that
// means anything: what rows come to, and how many changed, does not depend on it.
// `now` is the column before an iteration, `next` after it. Between iterations `next` of the one to come holds what
// was before the last one: it differs from `now` at the changed rows only, or nowhere.
// Needs host_rows.cuh before it. No includes: it is part of generated text.
#ifndef MONOGRAPH_HOST_ACTIVE_CUH
#define MONOGRAPH_HOST_ACTIVE_CUH

// Shorter lists are one thread's.
static constexpr mg_i64 mg_list_chunk = 1024;

template <class T>
MG_FN bool mg_same_bits(T a, T b) { return __builtin_memcmp(&a, &b, sizeof(T)) == 0; }

// Does the row count as changed? NaN always does: it differs from itself, and so do programs' own tests of it.
template <class T>
MG_FN bool mg_moved(T now, T next) { return !mg_same_bits(now, next) || next != next; }

// Rows that go to the end of a list which other threads append to as well.
struct mg_appender {
  int* list;
  mg_i64* count;
  bool shared;
  int held = 0;
  int rows[256];
  MG_FN mg_appender(int* to, mg_i64* length, bool is_shared) : list(to), count(length), shared(is_shared) {}
  MG_FN void add(int row) {
    if (!shared) {
      list[(*count)++] = row;
      return;
    }
    rows[held++] = row;
    if (held == 256) flush();
  }
  MG_FN void flush() {
    if (held == 0) return;
    int* to = list + __atomic_fetch_add(count, mg_i64(held), __ATOMIC_RELAXED);
    for (int i = 0; i < held; ++i) to[i] = rows[i];
    held = 0;
  }
};

// How an iteration changed its rows, as the reductions of programs count it.
struct mg_changes {
  mg_i64 differs = 0, less = 0, greater = 0;
  template <class T>
  MG_FN void add(T now, T next) {
    differs += now != next;
    less += next < now;
    greater += next > now;
  }
};

// A loop's own state; its lists are the run's.
struct mg_active_loop {
  bool reads_in, reads_out;  // see plan::ActiveSet
  bool settles;
  bool known = false;        // `changed` has exactly the rows that the last iteration changed
  bool caught_up = false;    // both columns are alike already
  mg_i64 reach = 0;          // edges along which they are read
  mg_changes changes = {};
  int wait = 0, pause = 0;   // iterations until changed rows are looked for again, where last time most had changed
};

// f(first, last, shared, workspace) for parts of [0, count); `shared`: other threads have other parts.
template <class F>
void mg_for_list(mg_run* run, mg_i64 count, const F& f) {
  const mg_i64 chunks = (count + mg_list_chunk - 1) / mg_list_chunk;
  if (chunks <= 2 || run->by_node.count <= 1) return f(mg_i64(0), count, false, run->workspace);
  struct Call {
    const F* f;
    mg_i64 count;
  } call{&f, count};
  run->parallel(
      run, chunks,
      [](void* context, mg_i64 chunk, unsigned char* workspace) {
        const Call& c = *static_cast<const Call*>(context);
        const mg_i64 first = chunk * mg_list_chunk, last = first + mg_list_chunk;
        (*c.f)(first, last < c.count ? last : c.count, true, workspace);
      },
      &call);
}
MG_FN void mg_add_shared(mg_i64& to, mg_i64 n, bool shared) {
  if (shared) __atomic_fetch_add(&to, n, __ATOMIC_RELAXED);
  else to += n;
}
MG_FN void mg_add_shared(mg_changes& to, const mg_changes& from, bool shared) {
  mg_add_shared(to.differs, from.differs, shared);
  mg_add_shared(to.less, from.less, shared);
  mg_add_shared(to.greater, from.greater, shared);
}

// Edges along which row u is read.
MG_FN mg_i64 mg_readers(const mg_run* run, const mg_active_loop& loop, mg_i64 u) {
  mg_i64 n = 0;
  if (loop.reads_in) n += run->out.offsets[u + 1] - run->out.offsets[u];
  if (loop.reads_out && !(loop.reads_in && run->undirected)) n += run->in.offsets[u + 1] - run->in.offsets[u];
  return n;
}
// f(rows) for each side on which row readers lie.
template <class F>
MG_FN void mg_for_sides(const mg_run* run, const mg_active_loop& loop, const F& f) {
  if (loop.reads_in) f(run->out);
  if (loop.reads_out && !(loop.reads_in && run->undirected)) f(run->in);
}

// One edge along which a changed row is read costs what so many edges cost in a pass over all rows: it is found by
// a jump, and offering means reading and writing somewhere else. Passes that stop early cost less in turn.
static constexpr mg_i64 mg_push_weight = 4, mg_push_weight_bounded = 16, mg_pull_weight = 8;

// Is it worth computing the active rows only?
MG_FN bool mg_narrow(const mg_run* run, const mg_active_loop& loop, mg_i64 weight) {
  if (!loop.known) return false;
  return run->active.always || loop.reach * weight <= run->edges;
}
MG_FN bool mg_tracks(const mg_run* run) { return run->edges >= run->active.from_edges; }

// After an iteration that computed all rows: which of them changed. Where most of them do it is not asked each time.
template <class T>
void mg_find_changed(mg_run* run, mg_active_loop& loop, const T* now, const T* next) {
  loop.known = loop.caught_up = false;
  if (!mg_tracks(run)) return;
  if (loop.wait > 0 && !run->active.always) {
    --loop.wait;
    return;
  }
  loop.changes = {}, loop.reach = 0, run->active.changed_count = 0;
  mg_for_list(run, run->nodes, [&](mg_i64 first, mg_i64 last, bool shared, unsigned char*) {
    mg_appender to(run->active.changed, &run->active.changed_count, shared);
    mg_changes changes;
    mg_i64 reach = 0;
    for (mg_i64 v = first; v < last; ++v) {
      if (!mg_moved(now[v], next[v])) continue;
      to.add(int(v)), changes.add(now[v], next[v]), reach += mg_readers(run, loop, v);
    }
    to.flush();
    mg_add_shared(loop.changes, changes, shared), mg_add_shared(loop.reach, reach, shared);
  });
  loop.known = true;
  const bool most = loop.reach * 2 > run->edges;
  loop.pause = !most ? 0 : loop.pause < 7 ? 2 * loop.pause + 1 : 7;
  loop.wait = loop.pause;
}

// After an iteration that computed the rows of `active`: which of them changed.
template <class T>
void mg_settle(mg_run* run, mg_active_loop& loop, const T* now, const T* next) {
  const mg_i64 count = run->active.active_count;
  loop.changes = {}, loop.reach = 0, run->active.changed_count = 0;
  mg_for_list(run, count, [&](mg_i64 first, mg_i64 last, bool shared, unsigned char*) {
    mg_appender to(run->active.changed, &run->active.changed_count, shared);
    mg_changes changes;
    mg_i64 reach = 0;
    for (mg_i64 i = first; i < last; ++i) {
      const int v = run->active.active[i];
      run->active.marked[v] = 0;
      if (!mg_moved(now[v], next[v])) continue;
      to.add(v), changes.add(now[v], next[v]), reach += mg_readers(run, loop, v);
    }
    to.flush();
    mg_add_shared(loop.changes, changes, shared), mg_add_shared(loop.reach, reach, shared);
  });
  loop.known = true;
}

// Makes `next` equal to `now`.
template <class T>
void mg_catch_up(mg_run* run, mg_active_loop& loop, const T* now, T* next) {
  run->active.active_count = 0;
  if (loop.caught_up) {
    loop.caught_up = false;
    return;
  }
  mg_for_list(run, run->active.changed_count, [&](mg_i64 first, mg_i64 last, bool, unsigned char*) {
    for (mg_i64 i = first; i < last; ++i) next[run->active.changed[i]] = now[run->active.changed[i]];
  });
}

MG_FN void mg_mark(mg_run* run, int row, mg_appender& to, bool shared) {
  unsigned char* mark = run->active.marked + row;
  if (__atomic_load_n(mark, __ATOMIC_RELAXED)) return;
  if (shared && __atomic_exchange_n(mark, (unsigned char)1, __ATOMIC_RELAXED)) return;
  if (!shared) *mark = 1;
  to.add(row);
}

// The rows that read a changed one, each once.
template <class T>
void mg_activate(mg_run* run, const mg_active_loop& loop, const T* now) {
  mg_for_list(run, run->active.changed_count, [&](mg_i64 first, mg_i64 last, bool shared, unsigned char*) {
    mg_appender to(run->active.active, &run->active.active_count, shared);
    for (mg_i64 i = first; i < last; ++i) {
      const int u = run->active.changed[i];
      if (!loop.settles || now[u] != now[u]) mg_mark(run, u, to, shared);
      mg_for_sides(run, loop, [&](const mg_rows& rows) {
        for (mg_i64 k = rows.offsets[u]; k < rows.offsets[u + 1]; ++k) mg_mark(run, rows.neighbors[k], to, shared);
      });
    }
    to.flush();
  });
}

// The active rows one by one: G::rows(g, rows, count, workspace). `next` equals `now` before.
template <class G, class T>
void mg_pull_active(mg_run* run, const G& g, mg_active_loop& loop, const T* now, T* next) {
  mg_activate(run, loop, now);
  mg_for_list(run, run->active.active_count, [&](mg_i64 first, mg_i64 last, bool, unsigned char* workspace) {
    G::rows(g, run->active.active + first, last - first, workspace);
  });
  mg_settle(run, loop, now, next);
}

// ---- groups whose changed rows offer values (plan::ActiveSet::Offers). Such a group G has
//   T, A                               element types of the column and of the fold
//   F                                  monoid of the fold
//   uniform                            see plan::ActiveSet::Offers
//   A edge(g, row, u, e)               what the edge e from u offers to the row
//   guarded, bool speaks(g, u)         where guarded: whether u offers anything but the identity may depend on its
//                                      value alone; where speaks is false, it does not
//   T row(g, row, own, fold)           the row's next value, with its own one and a fold
//   A least(g, value)                  where bounded: what a neighbour of that value offers

// next[v] = the better of it and `value`; true where that changed it. Other threads may offer at the same time.
template <class T>
MG_FN bool mg_replace(T* to, T seen, T value, bool shared) {
  if (!shared) {
    *to = value;
    return true;
  }
  return __atomic_compare_exchange(to, &seen, &value, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED);
}
template <class T>
MG_FN T mg_load_shared(const T* from) {
  T value;
  __atomic_load(const_cast<T*>(from), &value, __ATOMIC_RELAXED);
  return value;
}

// May u's edges offer anything?
template <class G>
MG_FN bool mg_speaks(const G& g, mg_i64 u) {
  if constexpr (G::guarded) return G::speaks(g, u);
  else return true;
}

// A fold of one edge.
template <class G>
MG_FN typename G::A mg_edge(const G& g, mg_i64 row, int u, mg_i64 e) {
  using A = typename G::A;
  return G::F::template combine<A>(G::F::template identity<A>(), G::edge(g, row, u, e));
}

// Whoever is the first to change a row lists it. NaN, which counts as changed in any case, is listed by its own row.
template <class G>
MG_FN void mg_offer(const G& g, const typename G::T* now, typename G::T* next, int v, typename G::A fold, mg_appender& to,
                    bool shared) {
  for (;;) {
    const typename G::T seen = mg_load_shared(next + v), value = G::row(g, v, seen, fold);
    if (mg_same_bits(seen, value)) return;
    if (!mg_replace(next + v, seen, value, shared)) continue;
    if (seen == seen && mg_same_bits(seen, now[v])) to.add(v);
    return;
  }
}

// After all offers: the rows in `active` are those that changed. No one reads `now` any more, so it catches up here,
// where both are at hand.
template <class G>
void mg_settle_offers(mg_run* run, const G& g, mg_active_loop& loop, typename G::T* now, const typename G::T* next) {
  int* const changed = run->active.active;
  run->active.active = run->active.changed, run->active.changed = changed;
  run->active.changed_count = run->active.active_count;
  loop.changes = {}, loop.reach = 0;
  mg_for_list(run, run->active.changed_count, [&](mg_i64 first, mg_i64 last, bool shared, unsigned char*) {
    mg_changes changes;
    mg_i64 reach = 0;
    for (mg_i64 i = first; i < last; ++i) {
      const int v = changed[i];
      changes.add(now[v], next[v]);
      now[v] = next[v];
      if (mg_speaks(g, v)) reach += mg_readers(run, loop, v);
    }
    mg_add_shared(loop.changes, changes, shared), mg_add_shared(loop.reach, reach, shared);
  });
  loop.known = loop.caught_up = true;
}

// Every row in `changed` offers its value to the rows that read it; those that this changes join `active`. `next`
// equals `now` but, in the `first` iteration, at rows that are there already, NaN among them.
template <class G>
void mg_push(mg_run* run, const G& g, mg_active_loop& loop, const typename G::T* now, typename G::T* next,
             bool first_time = false) {
  mg_for_list(run, run->active.changed_count, [&](mg_i64 first, mg_i64 last, bool shared, unsigned char*) {
    const G own = g;  // a copy that no store can change
    mg_appender to(run->active.active, &run->active.active_count, shared);
    for (mg_i64 i = first; i < last; ++i) {
      const int u = run->active.changed[i];
      if (!first_time && now[u] != now[u]) to.add(u);
      if (!mg_speaks(own, u)) continue;
      mg_for_sides(run, loop, [&](const mg_rows& rows) {
        for (mg_i64 k = rows.offsets[u]; k < rows.offsets[u + 1]; ++k) {
          const int v = rows.neighbors[k];
          mg_offer(own, now, next, v, mg_edge(own, v, u, rows.edges ? rows.edges[k] : k), to, shared);
        }
      });
    }
    to.flush();
  });
  mg_settle_offers(run, g, loop, const_cast<typename G::T*>(now), next);
}

// Does node u offer anything but the identity along any edge?
template <class G>
MG_FN bool mg_offers(const mg_run* run, const G& g, const mg_active_loop& loop, mg_i64 u) {
  if (!mg_speaks(g, u)) return false;
  bool offers = false;
  const typename G::A nothing = G::F::template identity<typename G::A>();
  mg_for_sides(run, loop, [&](const mg_rows& rows) {
    mg_i64 last = rows.offsets[u + 1];
    if (G::uniform && last > rows.offsets[u]) last = rows.offsets[u] + 1;
    for (mg_i64 k = rows.offsets[u]; k < last && !offers; ++k)
      offers = !mg_same_bits(mg_edge(g, rows.neighbors[k], int(u), rows.edges ? rows.edges[k] : k), nothing);
  });
  return offers;
}

// The first iteration, of which nothing is known: nodes that offer nothing are as good as absent, and of the others
// there are often few. False, and nothing done, where there are many.
template <class G>
bool mg_first_push(mg_run* run, const G& g, mg_active_loop& loop, const typename G::T* now, typename G::T* next) {
  run->active.changed_count = run->active.active_count = 0, loop.reach = 0;
  const mg_i64 most = run->active.always ? 2 * run->edges : run->edges / 4;
  mg_for_list(run, run->nodes, [&](mg_i64 first, mg_i64 last, bool shared, unsigned char*) {
    if (__atomic_load_n(&loop.reach, __ATOMIC_RELAXED) > most) return;
    mg_appender offering(run->active.changed, &run->active.changed_count, shared);
    mg_appender moved(run->active.active, &run->active.active_count, shared);
    mg_i64 reach = 0;
    for (mg_i64 u = first; u < last && reach <= most; ++u) {
      if (mg_offers(run, g, loop, u)) offering.add(int(u)), reach += mg_readers(run, loop, u);
      next[u] = G::row(g, u, now[u], G::F::template identity<typename G::A>());
      if (mg_moved(now[u], next[u])) moved.add(int(u));
    }
    offering.flush(), moved.flush();
    mg_add_shared(loop.reach, reach, shared);
  });
  if (loop.reach > most) return false;
  mg_push(run, g, loop, now, next, true);
  return true;
}

// Rows look for a changed node, where all of those have one value, as the front of a search has: those that are as good
// as what it offers need not look, and the others stop at the first one that they meet. Values of other nodes were
// offered before. False, and nothing done, where changed nodes differ (then few rows would stop early) or are NaN,
// which always counts as changed.
template <class G>
bool mg_pull_bounded(mg_run* run, const G& g, mg_active_loop& loop, const typename G::T* now, typename G::T* next) {
  using T = typename G::T;
  using A = typename G::A;
  if (run->active.changed_count == 0) return false;
  const T best = now[run->active.changed[0]];
  if (best != best) return false;
  for (mg_i64 i = 1; i < run->active.changed_count; ++i)
    if (!mg_same_bits(now[run->active.changed[i]], best)) return false;
  const A least = G::F::template combine<A>(G::F::template identity<A>(), G::least(g, best));
  const auto mark = [run](unsigned char as) {
    mg_for_list(run, run->active.changed_count, [run, as](mg_i64 first, mg_i64 last, bool, unsigned char*) {
      for (mg_i64 i = first; i < last; ++i) run->active.marked[run->active.changed[i]] = as;
    });
  };
  mg_catch_up(run, loop, now, next);
  mark(1);
  mg_for_list(run, run->nodes, [&](mg_i64 first, mg_i64 last, bool shared, unsigned char*) {
    const G own = g;
    const unsigned char* const marked = run->active.marked;
    mg_appender to(run->active.active, &run->active.active_count, shared);
    for (mg_i64 v = first; v < last; ++v) {
      const T value = now[v], next_value = G::row(own, v, value, least);
      if (mg_same_bits(next_value, value)) continue;
      bool met = false;
      const auto look = [&](const mg_rows& rows) {
        for (mg_i64 k = rows.offsets[v]; k < rows.offsets[v + 1] && !met; ++k) met = marked[rows.neighbors[k]];
      };
      if (loop.reads_in) look(run->in);
      if (loop.reads_out && !(loop.reads_in && run->undirected)) look(run->out);
      if (met) next[v] = next_value, to.add(int(v));
    }
    to.flush();
  });
  mark(0);
  mg_settle_offers(run, g, loop, const_cast<T*>(now), next);
  return true;
}

#endif
