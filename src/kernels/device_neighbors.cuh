// Operations that walk rows in ways of their own: chosen neighbours, the undirected simple view and its triangles, labels by
// score. Of the simple view nothing is kept: rows are ascending, so those that enter and leave a node are merged as they are
// read, and whether two nodes are adjacent is a search in a row. Columns may be written by the kernel that calls these (one
// that runs a whole loop), the graph may not.
// Whole blocks of mg_block_threads call these, with all their threads. Needs device_sorts.cuh and device_modes.cuh before it.
#ifndef MONOGRAPH_DEVICE_NEIGHBORS_CUH
#define MONOGRAPH_DEVICE_NEIGHBORS_CUH

static constexpr int mg_walk_in = 0, mg_walk_out = 1, mg_walk_both = 2;

// ---- the rows at a node that a direction means: one, or of a directed graph both
struct mg_two_rows {
  mg_device_rows one, two;
  mg_extent first, second;
  MG_DEVICE mg_two_rows(const mg_device* run, int direction, mg_i64 v)
      : one(direction == mg_walk_out ? run->out : run->in), two(run->out) {
    first = mg_extent_of(one, v, true);
    second = mg_extent_of(two, v, direction == mg_walk_both && !run->undirected);
  }
  MG_DEVICE mg_i64 count() const { return first.length() + second.length(); }
  MG_DEVICE int neighbor(mg_i64 k) const {
    return k < first.length() ? mg_neighbor(one, first.first + k) : mg_neighbor(two, second.first + k - first.length());
  }
  MG_DEVICE mg_i64 edge(mg_i64 k) const {
    return k < first.length() ? mg_edge(one, first.first + k) : mg_edge(two, second.first + k - first.length());
  }
};

template <class I, class K>
MG_DEVICE void mg_neighbor_at(mg_grid grid, mg_device* run, int direction, mg_i64 count, const I* node, const K* at, mg_i64* out) {
  mg_for_elements(grid, count, [&](mg_i64 i) {
    const mg_i64 v = node[i], k = at[i];
    mg_i64 found = -1;
    if (v >= 0 && v < run->nodes) {
      const mg_two_rows rows(run, direction, v);
      if (k >= 0 && k < rows.count()) found = rows.neighbor(k);
    }
    out[i] = found;
  });
}

MG_DEVICE mg_i64 mg_pick_evenly(const mg_two_rows& rows, double u) {
  const mg_i64 count = rows.count(), place = mg_cast<mg_i64, double>(u * double(count));
  if (count == 0) return -1;
  return rows.neighbor(place < 0 ? 0 : place < count ? place : count - 1);
}
MG_DEVICE mg_i64 mg_pick_by_weight(const mg_two_rows& rows, double u, const double* weights) {
  double total = 0, sum = 0;
  mg_i64 last = -1;
  for (mg_i64 k = 0; k < rows.count(); ++k) {
    const double w = weights[rows.edge(k)];
    if (w > 0) total += w, last = k;
  }
  const double target = u * total;
  for (mg_i64 k = 0; k < rows.count(); ++k) {
    const double w = weights[rows.edge(k)];
    if (!(w > 0)) continue;
    sum += w;
    if (sum > target) return rows.neighbor(k);
  }
  return last < 0 ? -1 : rows.neighbor(last);
}
// `weights`: or null.
template <class I>
MG_DEVICE void mg_pick_neighbor(mg_grid grid, mg_device* run, int direction, mg_i64 count, const I* node, const double* u,
                                const double* weights, mg_i64* out) {
  mg_for_elements(grid, count, [&](mg_i64 i) {
    const mg_i64 v = node[i];
    mg_i64 found = -1;
    if (v >= 0 && v < run->nodes) {
      const mg_two_rows rows(run, direction, v);
      found = weights ? mg_pick_by_weight(rows, u[i], weights) : mg_pick_evenly(rows, u[i]);
    }
    out[i] = found;
  });
}

// ---- the simple view
// visit(node) for all that are adjacent to v, ascending.
template <class Visit>
MG_DEVICE void mg_for_adjacent(const mg_device* run, mg_i64 v, const Visit& visit) {
  const mg_two_rows rows(run, mg_walk_both, v);
  mg_i64 a = rows.first.first, b = rows.second.first, last = -1;
  while (a < rows.first.last || b < rows.second.last) {
    const mg_i64 x = a < rows.first.last ? mg_i64(mg_neighbor(rows.one, a)) : run->nodes;
    const mg_i64 y = b < rows.second.last ? mg_i64(mg_neighbor(rows.two, b)) : run->nodes;
    const mg_i64 u = x < y ? x : y;
    a += x <= y, b += y <= x;
    if (u != last && u != v) visit(u);
    last = u;
  }
}
MG_DEVICE bool mg_row_has(const mg_device_rows& rows, mg_extent e, mg_i64 u) {
  mg_i64 low = e.first, high = e.last;
  while (low < high) {
    const mg_i64 middle = low + (high - low) / 2;
    if (mg_neighbor(rows, middle) < u) low = middle + 1;
    else high = middle;
  }
  return low < e.last && mg_neighbor(rows, low) == u;
}
MG_DEVICE bool mg_leads(const mg_device* run, mg_i64 from, mg_i64 to) {
  return mg_row_has(run->out, mg_extent_of(run->out, from, true), to);
}
MG_DEVICE mg_i64 mg_edges_at(const mg_device* run, mg_i64 v) { return mg_two_rows(run, mg_walk_both, v).count(); }
// Who has fewer edges comes first.
MG_DEVICE bool mg_before(const mg_device* run, mg_i64 u, mg_i64 v) {
  const mg_i64 mine = mg_edges_at(run, u), others = mg_edges_at(run, v);
  return mine < others || (mine == others && u < v);
}
// visit(node) for all that are adjacent to both; those of the one with fewer edges are looked up at the other.
template <class Visit>
MG_DEVICE void mg_for_common(const mg_device* run, mg_i64 u, mg_i64 v, const Visit& visit) {
  if (u == v) return;
  const mg_i64 few = mg_before(run, u, v) ? u : v, many = few == u ? v : u;
  const mg_two_rows rows(run, mg_walk_both, many);
  mg_for_adjacent(run, few, [&](mg_i64 w) {
    if (w == many) return;  // also where an edge leads from it to itself
    if (mg_row_has(rows.one, rows.first, w) || mg_row_has(rows.two, rows.second, w)) visit(w);
  });
}

MG_DEVICE void mg_neighbor_count(mg_grid grid, mg_device* run, mg_i64* out) {
  mg_for_elements(grid, run->nodes, [&](mg_i64 v) {
    mg_i64 count = 0;
    mg_for_adjacent(run, v, [&](mg_i64) { ++count; });
    out[v] = count;
  });
}
MG_DEVICE void mg_common_neighbors(mg_grid grid, mg_device* run, mg_i64* out) {
  mg_for_elements(grid, run->edges, [&](mg_i64 e) {
    mg_i64 count = 0;
    mg_for_common(run, mg_edge_source(run->out, run->nodes, e), mg_neighbor(run->out, e), [&](mg_i64) { ++count; });
    out[e] = count;
  });
}

static constexpr int mg_triangles_each = 0, mg_triangles_once = 1, mg_triangles_arcs = 2;
// Each edge of the simple view has one stored edge that stands for it: the first of parallel ones, of opposite ones that from
// the lower node. Whoever is adjacent to both ends counts the triangle.
template <int How>
MG_DEVICE void mg_triangles(mg_grid grid, mg_device* run, mg_i64* out) {
  mg_for_elements(grid, run->edges, [&](mg_i64 e) {
    const mg_i64 u = mg_edge_source(run->out, run->nodes, e), v = mg_neighbor(run->out, e);
    if (u == v || (e > mg_ld_static(run->out.offsets + u) && mg_neighbor(run->out, e - 1) == v)) return;
    const bool back = mg_leads(run, v, u);
    if (back && v < u) return;
    mg_for_common(run, u, v, [&](mg_i64 w) {
      if (How == mg_triangles_once && !(mg_before(run, w, u) && mg_before(run, w, v))) return;
      mg_count_one(out + w, How == mg_triangles_arcs && back ? 2 : 1);
    });
  });
}

// ---- labels by score
// As mg_winner, of scores: the own label always takes part, and stays on a tie.
template <class L>
struct mg_scorer {
  mg_winner<L, double> best;
  const double* cost;
  mg_i64 nodes;
  double mine, share;
  bool met_own = false;

  MG_DEVICE mg_scorer(L own, const double* cost, mg_i64 nodes, double mine, double factor)
      : best(own, mg_ties_keep, false), cost(cost), nodes(nodes), mine(mine), share(factor * mine) {}
  MG_DEVICE double score(L label, double total) const {
    const double all = label >= 0 && label < nodes ? cost[label] : 0.0;
    return total - share * (label == best.own ? all - mine : all);
  }
  MG_DEVICE void offer(L label, double total) {
    met_own = met_own || label == best.own;
    best.take(label, score(label, total));
  }
  MG_DEVICE L alone() {
    if (!met_own) best.take(best.own, score(best.own, 0.0));
    return best.label;
  }
  MG_DEVICE L together() {
    met_own = __any_sync(MG_ALL_LANES, met_own);
    alone();
    return best.together();
  }
};

// `weights`: or null.
template <class L>
MG_DEVICE void mg_best_label(mg_grid grid, mg_device* run, int direction, const L* labels, const double* node_cost,
                             const double* label_cost, const mg_value* factor, const double* weights, L* out) {
  const bool both = direction == mg_walk_both && !run->undirected;
  const mg_i64 nodes = run->nodes;
  const double of_all = mg_scalar<double>(factor);
  const auto label = [&](const mg_device_rows& side, mg_i64, mg_i64 k) { return labels[mg_neighbor(side, k)]; };
  const auto weight = [&](const mg_device_rows& side, mg_i64 row, mg_i64 k) {
    return mg_neighbor(side, k) == row ? 0.0 : weights ? weights[mg_edge(side, k)] : 1.0;
  };
  const auto start = [&](mg_i64 v, L own) {
    return mg_scorer<L>(own, label_cost, nodes, v < nodes ? node_cost[v] : 0.0, of_all);
  };
  for (mg_i64 leaf = grid.block; leaf < mg_leaves(nodes); leaf += grid.blocks)
    for (mg_i64 part = leaf * mg_column_leaf; part < (leaf + 1) * mg_column_leaf && part < nodes; part += mg_block_threads) {
      const mg_i64 v = part + threadIdx.x;
      const bool here = v < nodes;
      const L own = here ? labels[v] : L(0);
      const L winner = mg_elect_rows<L, double>(run, direction == mg_walk_out, both, both ? 2 * run->edges : 0, v, here,
                                                label, weight, own, start);
      if (here) out[v] = winner;
    }
}

#endif
