#include "host/cpu/tiles_run.h"

#include <algorithm>
#include <cstring>

#include "host/cpu/host_rows.h"

namespace monograph::cpu {
namespace {

using plan::kNoRegister;
using scalar::mg_hub_edges, scalar::mg_hub_partials, scalar::mg_i64, scalar::mg_mode_bytes,
    scalar::mg_mode_weights;
using scalar::mg_rows;
using Kind = TileInstruction::Kind;

/// Elements that are evaluated at once: rows, or edges.
struct Elements {
  mg_i64 first, count;
  const int* neighbors;  ///< of the edges
  const mg_i64* edges;   ///< their positions; null: in order
};

/// One thread at work on a range of rows.
class Worker {
 public:
  Worker(const Job& job, unsigned char* workspace) : job_(job), code_(*job.code) {
    unsigned char* own = aligned(workspace) + job.scalar_bytes;
    at_ = reinterpret_cast<void**>(own);
    buffers_ = own + pointers_bytes(code_);
    votes_ = buffers_ + (code_.buffers + kExtraBuffers) * kBufferBytes;
    for (Register r : code_.scalar_registers) at_[r] = job.values + r;
    place(code_.row);
    for (const AggregateCode& a : code_.aggregates) place(a.edge);
  }

  void run(mg_i64 first, mg_i64 last) {
    for (; first < last; first += kTile) tile(first, std::min<mg_i64>(kTile, last - first));
  }

  /// One segment of a hub.
  void segment(const AggregateCode& a, const mg_rows& rows, mg_i64 row, mg_i64 first, mg_i64 last,
               mg_i64 which) {
    unsigned char* out = hub_partials(a, rows) + 8 * which;
    const mg_i64 offsets[] = {first, last};
    if (const FoldRows direct = a.fold_rows[rows.edges ? 1 : 0])
      return direct(out, {offsets, rows.neighbors, rows.edges, 1}, column_or_null(a.x), column_or_null(a.w));
    fold_long(a, rows, row, first, last, out);
  }

 private:
  unsigned char* buffer(std::uint32_t number) const { return buffers_ + number * kBufferBytes; }
  unsigned char* extra(ExtraBuffer which) const { return buffer(code_.buffers + which); }
  unsigned char* argument(std::uint32_t a) const {
    return static_cast<unsigned char*>(job_.run->column[job_.in[a]]);
  }
  unsigned char* result(std::uint32_t k) const {
    return static_cast<unsigned char*>(job_.run->column[job_.out[k]]);
  }
  void place(const std::vector<TileInstruction>& code) {
    for (const TileInstruction& i : code)
      if (i.buffer != kNoBuffer) at_[i.out] = buffer(i.buffer);
  }

  // ---- rows
  void tile(mg_i64 first, mg_i64 count) {
    for (const ColumnRegister& c : code_.arguments) at_[c.reg] = argument(c.index) + first * c.bytes;
    for (const ColumnRegister& c : code_.results) at_[c.reg] = result(c.index) + first * c.bytes;
    Elements rows{first, count, nullptr, nullptr};
    if (code_.domain.domain == Domain::Edges) {
      rows.neighbors = job_.run->out.neighbors + first;
      if (code_.centers) find_centers(job_.run->out, first, count, source_of(first));
    }
    execute(code_.row, rows);
    for (const Store& s : code_.stores)
      std::memcpy(result(s.result) + first * s.bytes, at_[s.reg], static_cast<std::size_t>(count * s.bytes));
    for (const Fills& f : code_.fills) f.fill(result(f.result) + first * f.bytes, at_[f.reg], count);
  }

  /// The node whose out-edges include edge `k`.
  mg_i64 source_of(mg_i64 k) const {
    const mg_i64* offsets = job_.run->out.offsets;
    return std::upper_bound(offsets, offsets + job_.run->nodes + 1, k) - offsets - 1;
  }

  /// The nodes at whose rows the edges k, k + 1, ... lie; `row` is that of the first.
  void find_centers(const mg_rows& rows, mg_i64 k, mg_i64 count, mg_i64 row) {
    int* centers = reinterpret_cast<int*>(extra(kCenters));
    for (mg_i64 i = 0; i < count; ++row) {
      const mg_i64 end = std::min(rows.offsets[row + 1] - k, count);
      for (; i < end; ++i) centers[i] = static_cast<int>(row);
    }
  }

  // ---- instructions
  void execute(const std::vector<TileInstruction>& code, const Elements& on) {
    for (const TileInstruction& i : code)
      if (i.kind == Kind::Map)
        i.loop.map(at_[i.out], at_[i.in[0]], at_[i.in[1]], at_[i.in[2]], on.count);
      else
        execute(i, on);
  }

  void execute(const TileInstruction& i, const Elements& on) {
    switch (i.kind) {
      case Kind::Map:
        break;
      case Kind::Gather:
        i.loop.gather(at_[i.out], argument(i.index),
                      i.at_center ? reinterpret_cast<const int*>(extra(kCenters)) : on.neighbors, on.count);
        break;
      case Kind::EdgeColumn:
        edge_column(i, on);
        break;
      case Kind::NeighborIndex:
        at_[i.out] = const_cast<int*>(on.neighbors);
        break;
      case Kind::CenterIndex:
        at_[i.out] = extra(kCenters);
        break;
      case Kind::Iota:
        i.loop.iota(at_[i.out], on.first, on.count);
        break;
      case Kind::Fill:
        i.loop.fill(at_[i.out], at_[i.in[0]], on.count);
        break;
      case Kind::Copy:
        std::memcpy(at_[i.out], at_[i.in[0]], static_cast<std::size_t>(on.count * i.bytes));
        break;
      case Kind::Take:
        take(i, on);
        break;
      case Kind::Aggregate:
        aggregate(code_.aggregates[i.index], at_[i.out], on);
        break;
      case Kind::Reduce:
        if (job_.partial)
          code_.reductions[i.index].kernels.leaf(partial_of(job_, i.index, on.first / kTile), at_[i.in[0]],
                                                 on.first, on.count);
        break;
    }
  }

  void edge_column(const TileInstruction& i, const Elements& on) {
    if (!on.edges) {
      at_[i.out] = argument(i.index) + on.first * i.bytes;
      return;
    }
    at_[i.out] = buffer(i.buffer);
    i.loop.gather_edges(at_[i.out], argument(i.index), on.edges, on.count);
  }

  void take(const TileInstruction& i, const Elements& on) {
    if (i.loop.take(at_[i.out], argument(i.index), at_[i.in[0]], on.count, job_.run->nodes) >= 0) fail(i, on);
  }
  /// An index is out of range. Of several checks the first in the code counts, and there the lowest element.
  void fail(const TileInstruction& i, const Elements& on) {
    mg_i64 lowest = -1, wrong = 0;
    for (mg_i64 k = 0; k < on.count; ++k) {
      alignas(8) unsigned char taken[8];
      const unsigned char* index = static_cast<const unsigned char*>(at_[i.in[0]]) + k * i.index_bytes;
      if (i.loop.take(taken, argument(i.index), index, 1, job_.run->nodes) < 0) continue;
      mg_i64 element = on.first + k;
      if (i.at_edge && on.edges) element = on.edges[k];
      if (!i.at_edge && on.neighbors)
        element = i.at_center ? reinterpret_cast<const int*>(extra(kCenters))[k] : on.neighbors[k];
      if (lowest >= 0 && element >= lowest) continue;
      lowest = element, wrong = index_value(index, i.index_bytes);
    }
    const auto check = static_cast<unsigned long long>(i.check) << 40;
    scalar::mg_report(job_.run, {check | static_cast<unsigned long long>(lowest), wrong});
  }
  static mg_i64 index_value(const unsigned char* index, std::uint8_t bytes) {
    mg_i64 wide = 0;
    int narrow = 0;
    std::memcpy(bytes == 8 ? static_cast<void*>(&wide) : &narrow, index, bytes);
    return bytes == 8 ? wide : narrow;
  }

  // ---- aggregates
  bool second_direction(const AggregateCode& a) const {
    return a.direction == ops::Direction::Both && job_.run->undirected == 0;
  }
  const mg_rows& rows_of(const AggregateCode& a) const {
    return a.direction == ops::Direction::Out ? job_.run->out : job_.run->in;
  }
  static RowTile tile_of(const mg_rows& rows, const Elements& on) {
    return {rows.offsets + on.first, rows.neighbors, rows.edges, on.count};
  }

  void aggregate(const AggregateCode& a, void* out, const Elements& on) {
    switch (a.kind) {
      case plan::Aggregate::Kind::Count:
        return count_edges(a, static_cast<std::int64_t*>(out), on);
      case plan::Aggregate::Kind::Fold:
        fold(a, rows_of(a), out, on);
        if (!second_direction(a)) return;
        fold(a, job_.run->out, extra(kSecond), on);
        return a.combine(out, out, extra(kSecond), nullptr, on.count);
      case plan::Aggregate::Kind::Mode:
        return mode(a, out, on);
      default:
        return extremes(a, static_cast<std::int32_t*>(out), on);
    }
  }

  void count_edges(const AggregateCode& a, std::int64_t* out, const Elements& on) const {
    const mg_i64* offsets = rows_of(a).offsets + on.first;
    for (mg_i64 i = 0; i < on.count; ++i) out[i] = offsets[i + 1] - offsets[i];
    if (!second_direction(a)) return;
    offsets = job_.run->out.offsets + on.first;
    for (mg_i64 i = 0; i < on.count; ++i) out[i] += offsets[i + 1] - offsets[i];
  }

  void* column_or_null(std::uint32_t a) const { return a == kNoRegister ? nullptr : argument(a); }

  /// Rows, but for hubs, whose segments are known.
  void fold(const AggregateCode& a, const mg_rows& rows, void* out, const Elements& on) {
    if (rows.hub_count == 0) return fold_rows(a, rows, out, on);
    unsigned char* to = static_cast<unsigned char*>(out);
    mg_i64 from = 0;
    for (mg_i64 i = 0; i < on.count; ++i) {
      const mg_i64 row = on.first + i;
      if (rows.offsets[row + 1] - rows.offsets[row] <= mg_hub_edges) continue;
      if (from < i) fold_rows(a, rows, to + from * a.bytes, {on.first + from, i - from, nullptr, nullptr});
      combine_segments(a, rows, row, to + i * a.bytes);
      from = i + 1;
    }
    if (from < on.count)
      fold_rows(a, rows, to + from * a.bytes, {on.first + from, on.count - from, nullptr, nullptr});
  }

  unsigned char* hub_partials(const AggregateCode& a, const mg_rows& rows) const {
    const mg_i64 number = static_cast<mg_i64>(job_.first_aggregate) + (&a - code_.aggregates.data());
    return mg_hub_partials(job_.run, number, &rows == &job_.run->out);
  }

  void combine_segments(const AggregateCode& a, const mg_rows& rows, mg_i64 row, unsigned char* out) {
    const mg_i64 h = std::lower_bound(rows.hubs, rows.hubs + rows.hub_count, row) - rows.hubs;
    const unsigned char* part = hub_partials(a, rows);
    mg_i64 s = rows.hub_segments[h];
    std::memcpy(out, part + 8 * s, a.bytes);
    for (++s; s < rows.hub_segments[h + 1]; ++s) a.combine(out, out, part + 8 * s, nullptr, 1);
  }

  void fold_rows(const AggregateCode& a, const mg_rows& rows, void* out, const Elements& on) {
    const RowTile all = tile_of(rows, on);
    if (const FoldRows direct = a.fold_rows[rows.edges ? 1 : 0])
      return direct(out, all, column_or_null(a.x), column_or_null(a.w));
    unsigned char* to = static_cast<unsigned char*>(out);
    for (mg_i64 i = 0; i < on.count;) {
      const mg_i64 begin = all.offsets[i];
      mg_i64 end = i + 1;
      while (end < on.count && all.offsets[end + 1] - begin <= kTile) ++end;
      if (all.offsets[end] - begin > kTile) {
        fold_long(a, rows, on.first + i, begin, all.offsets[end], to + i * a.bytes);
      } else {
        evaluate_edges(a, rows, begin, all.offsets[end] - begin, on.first + i);
        a.fold.values(to + i * a.bytes, {all.offsets + i, nullptr, nullptr, end - i}, at_[a.value]);
      }
      i = end;
    }
  }

  void fold_long(const AggregateCode& a, const mg_rows& rows, mg_i64 row, mg_i64 first, mg_i64 last,
                 void* out) {
    alignas(8) unsigned char part[8];
    for (mg_i64 k = first; k < last; k += kTile) {
      const mg_i64 n = std::min<mg_i64>(kTile, last - k);
      evaluate_edges(a, rows, k, n, row);
      a.fold.piece(out, part, at_[a.value], k - first, n, k + n == last);
    }
  }

  /// Edge code on n edges from the rows' place k on, the first of which lies at `row`.
  void evaluate_edges(const AggregateCode& a, const mg_rows& rows, mg_i64 k, mg_i64 n, mg_i64 row) {
    if (n == 0) return;
    if (a.centers) find_centers(rows, k, n, row);
    execute(a.edge, {k, n, rows.neighbors + k, rows.edges ? rows.edges + k : nullptr});
  }

  // ---- the most frequent label
  void mode(const AggregateCode& a, void* out, const Elements& on) {
    const bool both = second_direction(a);
    const RowTile first = tile_of(rows_of(a), on), second = both ? tile_of(job_.run->out, on) : RowTile{};
    if (a.mode_rows)
      return a.mode_rows(out, first, second, argument(a.x), column_or_null(a.w), at_[a.own], a.rule, votes_);
    for (mg_i64 i = 0; i < on.count; ++i) {
      mg_i64 votes = first.offsets[i + 1] - first.offsets[i] + (a.rule.include_self ? 1 : 0);
      if (both) votes += second.offsets[i + 1] - second.offsets[i];
      const unsigned char* own = static_cast<const unsigned char*>(at_[a.own]) + i * a.bytes;
      mg_i64 n = collect_votes(a, rows_of(a), on.first + i, 0, votes);
      if (both) n = collect_votes(a, job_.run->out, on.first + i, n, votes);
      if (a.rule.include_self) vote_for_self(a, own, n, votes);
      a.mode_of(static_cast<unsigned char*>(out) + i * a.bytes, votes_, votes, own, a.rule.ties);
    }
  }

  unsigned char* weights(mg_i64 votes) const { return mg_mode_weights<unsigned char>(votes_, votes); }

  mg_i64 collect_votes(const AggregateCode& a, const mg_rows& rows, mg_i64 row, mg_i64 known, mg_i64 votes) {
    const mg_i64 last = rows.offsets[row + 1];
    for (mg_i64 k = rows.offsets[row]; k < last; k += kTile) {
      const mg_i64 n = std::min<mg_i64>(kTile, last - k);
      evaluate_edges(a, rows, k, n, row);
      std::memcpy(votes_ + known * a.value_bytes, at_[a.value], static_cast<std::size_t>(n * a.value_bytes));
      if (a.weight != kNoRegister)
        std::memcpy(weights(votes) + known * a.weight_bytes, at_[a.weight],
                    static_cast<std::size_t>(n * a.weight_bytes));
      known += n;
    }
    return known;
  }
  void vote_for_self(const AggregateCode& a, const unsigned char* own, mg_i64 n, mg_i64 votes) {
    std::memcpy(votes_ + n * a.value_bytes, own, a.value_bytes);
    if (a.weight != kNoRegister) std::memcpy(weights(votes) + n * a.weight_bytes, &a.one, a.weight_bytes);
  }

  // ---- extremes
  void extremes(const AggregateCode& a, std::int32_t* out, const Elements& on) {
    for (mg_i64 i = 0; i < on.count; ++i) {
      alignas(16) unsigned char best[16];
      a.arg.begin(best);
      offer(a, rows_of(a), on.first + i, best);
      if (second_direction(a)) offer(a, job_.run->out, on.first + i, best);
      const int self = static_cast<int>(on.first + i);
      if (a.rule.include_self)
        a.arg.offer(best, static_cast<const unsigned char*>(at_[a.own]) + i * a.value_bytes, &self, 1);
      a.arg.end(out + i, best);
    }
  }
  void offer(const AggregateCode& a, const mg_rows& rows, mg_i64 row, unsigned char* best) {
    const mg_i64 last = rows.offsets[row + 1];
    for (mg_i64 k = rows.offsets[row]; k < last; k += kTile) {
      const mg_i64 n = std::min<mg_i64>(kTile, last - k);
      evaluate_edges(a, rows, k, n, row);
      a.arg.offer(best, at_[a.value], rows.neighbors + k, n);
    }
  }

  const Job& job_;
  const TileCode& code_;
  void** at_;
  unsigned char *buffers_, *votes_;
};

}  // namespace

void fold_hubs(const Job& job) {
  struct Call {
    const Job& job;
    const AggregateCode& aggregate;
    const mg_rows& rows;
  };
  const auto side = [&](const AggregateCode& a, const mg_rows& rows) {
    const Call call{job, a, rows};
    scalar::mg_for_hub_segments(
        job.run, rows,
        [](const void* context, mg_i64 row, mg_i64 first, mg_i64 last, mg_i64 segment, unsigned char* space) {
          const Call& c = *static_cast<const Call*>(context);
          Worker(c.job, space).segment(c.aggregate, c.rows, row, first, last, segment);
        },
        &call);
  };
  for (const AggregateCode& a : job.code->aggregates) {
    if (a.kind != plan::Aggregate::Kind::Fold) continue;
    if (a.direction != ops::Direction::Out) side(a, job.run->in);
    if (a.direction == ops::Direction::Out ||
        (a.direction == ops::Direction::Both && job.run->undirected == 0))
      side(a, job.run->out);
  }
}

void run_rows(const Job& job, std::int64_t first, std::int64_t last, unsigned char* workspace) {
  Worker(job, workspace).run(first, last);
}

void run_listed(const Job& job, const int* rows, std::int64_t count, unsigned char* workspace) {
  Worker worker(job, workspace);
  for (std::int64_t i = 0; i < count; ++i) worker.run(rows[i], rows[i] + 1);
}

std::int64_t thread_bytes(const TileCode& code, std::int64_t longest_row) {
  return pointers_bytes(code) + (code.buffers + kExtraBuffers) * kBufferBytes +
         (code.modes ? mg_mode_bytes(longest_row) : 0);
}

}  // namespace monograph::cpu
