// What row values combine to over all rows, by the blocks of one stage. Float sums and products have the column shape of
// shapes.cuh: a partial result per leaf. What is the same in any order (integers, extremes, any, all) each thread combines for
// all its rows, and a block has one partial result. The last block to finish combines the partial results.
// Whole blocks of mg_block_threads call these, with all their threads. Needs schedules.cuh before it.
#ifndef MONOGRAPH_DEVICE_COLUMNS_CUH
#define MONOGRAPH_DEVICE_COLUMNS_CUH

// ---- partial results: 16 bytes each, in global or shared memory
struct mg_words {
  mg_i64 value, index;
};
MG_DEVICE mg_words* mg_partials(mg_device* run, int reduction, mg_i64 rows) {
  return reinterpret_cast<mg_words*>(run->partial) + reduction * mg_leaves(rows);
}
// Past the first cache: another block wrote it.
MG_DEVICE mg_words mg_fetch(const mg_words* place) { return {__ldcg(&place->value), __ldcg(&place->index)}; }
template <class T>
MG_DEVICE mg_i64 mg_word_of(T value) {
  mg_value word;
  word.l = 0;
  mg_get<T>(word) = value;
  return word.l;
}
template <class T>
MG_DEVICE T mg_value_of(mg_i64 word) {
  mg_value value;
  value.l = word;
  return mg_get<T>(value);
}

// ---- float sums and products: lane j of a leaf's 32 has elements j, j + 32, ... in order
// The rows of a leaf come in parts of a block's threads; `values` has those of one part, `count` of them (or more: the rest of
// the leaf is not there yet). One warp adds them.
template <class M>
MG_DEVICE void mg_add_part(double& lane, const double* values, mg_i64 count) {
  for (int i = mg_lane(); i < mg_block_threads && i < count; i += 32) lane = M::combine(lane, values[i]);
}
// A warp's lanes combined by halving; in lane 0.
template <class M>
MG_DEVICE double mg_halve(double mine) {
  for (int half = mg_column_lanes / 2; half > 0; half /= 2) {
    const double other = mg_from_lane(mine, (mg_lane() + half) & 31);
    if (mg_lane() < half) mine = M::combine(mine, other);
  }
  return mine;
}
template <class M>
MG_DEVICE void mg_put_leaf(mg_words* partial, mg_i64 leaf, double lane) {
  const double total = mg_halve<M>(lane);
  if (mg_lane() == 0) partial[leaf].value = mg_word_of(total);
}
// One block: the leaves, reduced as a column until one is left. Each warp takes a leaf of leaves; they are read before any
// is overwritten.
template <class M>
MG_DEVICE double mg_column_total(mg_words* partial, mg_i64 leaves) {
  constexpr int warps = mg_block_threads / 32;
  if (leaves == 0) return M::template identity<double>();
  while (leaves > 1) {
    const mg_i64 above = mg_leaves(leaves);
    for (mg_i64 base = 0; base < above; base += warps) {
      const mg_i64 leaf = base + mg_warp(), first = leaf * mg_column_leaf;
      double lane = M::template identity<double>();
      for (int i = mg_lane(); i < mg_column_leaf && first + i < leaves; i += 32)
        lane = M::combine(lane, mg_value_of<double>(mg_fetch(partial + first + i).value));
      __syncthreads();
      if (leaf < above) mg_put_leaf<M>(partial, leaf, lane);
    }
    __syncthreads();
    leaves = above;
  }
  return mg_value_of<double>(mg_fetch(partial).value);
}

// ---- what is the same in any order: L has a type, its identity, its combination, and its form as words
template <class M, class A>
struct mg_free_fold {
  typedef A type;
  static MG_FN A identity() { return M::template identity<A>(); }
  static MG_FN void add(A& total, A value) { total = M::combine(total, value); }
  static MG_DEVICE mg_words pack(A value) { return {mg_word_of(value), 0}; }
  static MG_DEVICE A unpack(mg_words w) { return mg_value_of<A>(w.value); }
};
template <bool Smallest, class T>
struct mg_free_extreme {
  typedef mg_extreme<Smallest, T> type;
  static MG_FN type identity() { return type(); }
  static MG_FN void add(type& total, const type& value) { total.offer(value); }
  static MG_DEVICE mg_words pack(const type& e) { return {mg_word_of(e.value), e.index}; }
  static MG_DEVICE type unpack(mg_words w) {
    type e;
    e.value = mg_value_of<T>(w.value), e.index = w.index;
    return e;
  }
};
// All threads' `mine` combined; in thread 0. `arena` has room for mg_words of each.
template <class L>
MG_DEVICE typename L::type mg_combine_block(typename L::type mine, unsigned char* arena) {
  mg_words* all = reinterpret_cast<mg_words*>(arena);
  all[threadIdx.x] = L::pack(mine);
  __syncthreads();
  for (unsigned half = mg_block_threads / 2; half > 0; half /= 2) {
    if (threadIdx.x < half) {
      L::add(mine, L::unpack(all[threadIdx.x + half]));
      all[threadIdx.x] = L::pack(mine);
    }
    __syncthreads();
  }
  return mine;
}
template <class L>
MG_DEVICE void mg_put_block(mg_grid grid, mg_words* partial, mg_i64 leaves, typename L::type mine, unsigned char* arena) {
  const typename L::type total = mg_combine_block<L>(mine, arena);
  if (threadIdx.x == 0 && grid.block < leaves) partial[grid.block] = L::pack(total);
}
// One block: what the others put. Blocks without a leaf had no rows.
template <class L>
MG_DEVICE typename L::type mg_blocks_total(mg_grid grid, const mg_words* partial, mg_i64 leaves, unsigned char* arena) {
  const mg_i64 blocks = grid.blocks < leaves ? mg_i64(grid.blocks) : leaves;
  typename L::type total = L::identity();
  for (mg_i64 b = threadIdx.x; b < blocks; b += mg_block_threads) L::add(total, L::unpack(mg_fetch(partial + b)));
  return mg_combine_block<L>(total, arena);
}

// ---- the end of a stage
// Is this the last block to come here? Then it sees what all the others wrote before.
MG_DEVICE bool mg_last_block(mg_grid grid, mg_device* run) {
  __threadfence();
  __syncthreads();
  int last = 0;
  if (threadIdx.x == 0) last = atomicAdd(&run->blocks_done, 1u) == grid.blocks - 1;
  last = __syncthreads_or(last);
  if (last && threadIdx.x == 0) run->blocks_done = 0;
  __threadfence();
  return last != 0;
}

#endif
