// From a Stage to instructions: kernels are looked up, registers get places, results are written in place
// where no later instruction can read what lies there.
#include <monograph/error.h>

#include <algorithm>

#include "host/cpu/tiles_code.h"

namespace monograph::cpu {
namespace {

using plan::Aggregate;
using plan::kNoRegister;
using plan::Operation;
using plan::Place;
using plan::Range;
using plan::Stage;
using Kind = TileInstruction::Kind;

std::uint8_t bytes_of(ScalarType t) { return static_cast<std::uint8_t>(size_of(t)); }

std::uint64_t one_of(ScalarType t) {
  if (t == ScalarType::F32) return Constant::of(1.0f).bits;
  return t == ScalarType::F64 ? Constant::of(1.0).bits : 1;
}

template <class Kernel>
Kernel found(Kernel kernel, const char* what) {
  if (!kernel) throw InternalError(std::string("tiles have no kernel for ") + what);
  return kernel;
}

bool needs_buffer(const TileInstruction& i) {
  return i.out != kNoRegister && i.kind != Kind::NeighborIndex && i.kind != Kind::CenterIndex;
}

/// Gives buffers from number `first` on to results that have no column, reusing those that nothing reads any
/// more. `kept` are read after the code. Returns one more than the greatest number.
std::uint32_t place_buffers(std::vector<TileInstruction>& code, std::uint32_t first,
                            const std::vector<bool>& in_column, const std::vector<Register>& kept,
                            const std::vector<AggregateCode>& aggregates) {
  std::vector<std::size_t> last(in_column.size(), 0);
  for (std::size_t i = 0; i < code.size(); ++i) {
    if (code[i].out != kNoRegister) last[code[i].out] = i;
    for (Register r : code[i].in)
      if (r != kNoRegister) last[r] = i;
    if (code[i].kind == Kind::Aggregate)
      if (const Register own = aggregates[code[i].index].own; own != kNoRegister) last[own] = i;
  }
  for (Register r : kept) last[r] = code.size();
  std::vector<std::vector<std::uint32_t>> dying(code.size() + 1);
  std::vector<std::uint32_t> free;
  for (std::size_t i = 0; i < code.size(); ++i) {
    if (needs_buffer(code[i]) && !in_column[code[i].out]) {
      if (free.empty()) free.push_back(first++);
      code[i].buffer = free.back();
      free.pop_back();
      dying[last[code[i].out]].push_back(code[i].buffer);
    }
    free.insert(free.end(), dying[i].begin(), dying[i].end());
  }
  return first;
}

class Preparation {
 public:
  Preparation(const Stage& stage, const Kernels& kernels) : stage_(stage), kernels_(kernels) {}

  TileCode run() {
    code_.domain = stage_.domain;
    code_.registers = static_cast<std::uint32_t>(stage_.code.size());
    scalar_.resize(stage_.code.size());
    code_.constants.resize(stage_.code.size());
    add_entry();
    for (const Aggregate& a : stage_.aggregates) code_.aggregates.push_back(aggregate(a));
    add_rows();
    add_finish();
    add_results();
    place();
    choose_chunks();
    return std::move(code_);
  }

 private:
  const Operation& op(Register r) const { return stage_.code[r]; }
  bool is_scalar(Register r) const { return r < scalar_.size() && scalar_[r]; }
  Register new_register() {
    scalar_.push_back(false);
    return code_.registers++;
  }

  // ---- scalars
  void add_entry() {
    for (Register r = stage_.entry.begin; r < stage_.entry.end; ++r) add_scalar(r, code_.entry);
  }
  void add_finish() {
    for (Register r = stage_.finish.begin; r < stage_.finish.end; ++r) add_scalar(r, code_.finish);
  }

  Map map_of(const Operation& o, unsigned scalars) const {
    return found(kernels_.maps->map(o.scalar, o.operand, o.type, scalars), ops::info(o.scalar).name.data());
  }

  void add_scalar(Register r, std::vector<ScalarInstruction>& code) {
    const Operation& o = op(r);
    scalar_[r] = true;
    ScalarInstruction s{.out = r, .index = o.index};
    switch (o.kind) {
      case Operation::Kind::Constant:
        code_.constants[r].l = static_cast<long long>(o.constant.bits);
        code_.constant_registers.push_back(r);
        return;
      case Operation::Kind::Argument:
        s.kind = ScalarInstruction::Kind::Argument;
        break;
      case Operation::Kind::NodeCount:
        s.kind = ScalarInstruction::Kind::NodeCount;
        break;
      case Operation::Kind::EdgeCount:
        s.kind = ScalarInstruction::Kind::EdgeCount;
        break;
      case Operation::Kind::Reduction:
        s.kind = ScalarInstruction::Kind::Reduction;
        break;
      case Operation::Kind::Scalar:
        s.kind = ScalarInstruction::Kind::Map, s.map = map_of(o, 0);
        for (std::size_t i = 0; i < 3; ++i) s.in[i] = i < o.arity ? o.in[i] : o.in[0];
        break;
      default:
        throw InternalError("tiles: a column in scalar code");
    }
    code.push_back(s);
  }

  /// Constants, and what follows from scalars alone, are computed once although they stand in row or edge
  /// code.
  bool is_loop_invariant(const Operation& o) const {
    if (o.kind == Operation::Kind::Constant) return true;
    if (o.kind == Operation::Kind::NodeCount || o.kind == Operation::Kind::EdgeCount) return true;
    if (o.kind != Operation::Kind::Scalar) return false;
    return std::all_of(o.in.begin(), o.in.begin() + o.arity, [&](Register in) { return is_scalar(in); });
  }

  // ---- instructions
  /// A register that is a column, with `r`'s value.
  Register as_column(Register r, ScalarType t, std::vector<TileInstruction>& code) {
    if (r == kNoRegister || !is_scalar(r)) return r;
    TileInstruction f{.kind = Kind::Fill, .bytes = bytes_of(t), .out = new_register()};
    f.in[0] = r, f.loop.fill = kernels_.maps->fill(f.bytes);
    code.push_back(f);
    return f.out;
  }

  TileInstruction map(Register r) const {
    const Operation& o = op(r);
    TileInstruction m{.kind = Kind::Map, .bytes = bytes_of(o.type), .out = r};
    m.in.fill(o.in[0]);
    unsigned scalars = 0;
    for (std::size_t i = 0; i < o.arity; ++i) {
      m.in[i] = o.in[i];
      if (is_scalar(o.in[i])) scalars |= 1u << i;
    }
    m.loop.map = map_of(o, scalars);
    return m;
  }

  /// The number of a node as i32, as it lies in the rows; converted when it is wanted as i64.
  void add_node_number(Register r, Kind kind, std::vector<TileInstruction>& code) {
    const bool wide = op(r).type == ScalarType::I64;
    TileInstruction n{.kind = kind, .bytes = 4, .out = wide ? new_register() : r};
    code.push_back(n);
    if (!wide) return;
    TileInstruction cast{.kind = Kind::Map, .bytes = 8, .out = r};
    cast.in.fill(n.out);
    cast.loop.map =
        found(kernels_.maps->map(ops::ScalarOp::Cast, ScalarType::I32, ScalarType::I64, 0), "cast");
    code.push_back(cast);
  }

  void add_index(Register r, bool over_edges, std::vector<TileInstruction>& code) {
    const Place place = op(r).place;
    if (place == Place::Neighbor) return add_node_number(r, Kind::NeighborIndex, code);
    if (over_edges) return add_node_number(r, Kind::CenterIndex, code);
    TileInstruction i{.kind = Kind::Iota, .bytes = bytes_of(op(r).type), .out = r};
    i.loop.iota = kernels_.maps->iota(op(r).type);
    code.push_back(i);
  }

  /// An argument anywhere but at the element itself.
  void add_gather(Register r, std::vector<TileInstruction>& code) const {
    const Operation& o = op(r);
    TileInstruction g{.kind = Kind::Gather, .bytes = bytes_of(o.type), .index = o.index, .out = r};
    if (o.place == Place::Edge) {
      g.kind = Kind::EdgeColumn, g.loop.gather_edges = kernels_.maps->gather_edges(g.bytes);
    } else {
      g.at_center = o.place != Place::Neighbor;
      g.loop.gather = kernels_.maps->gather(g.bytes);
    }
    code.push_back(g);
  }

  void add_take(Register r, bool in_edge_code, std::vector<TileInstruction>& code) {
    const Operation& o = op(r);
    const ScalarType index = op(o.in[0]).type;
    TileInstruction t{.kind = Kind::Take,
                      .at_center = in_edge_code && o.place == Place::Row,
                      .at_edge = in_edge_code ? o.place == Place::Edge : over_edges(),
                      .bytes = bytes_of(o.type),
                      .index = o.index,
                      .out = r,
                      .check = o.node};
    t.in[0] = as_column(o.in[0], index, code);
    t.index_bytes = bytes_of(index);
    t.loop.take = kernels_.maps->take(t.bytes, index);
    code.push_back(t);
  }

  /// Is there an instruction that needs the nodes at the centres?
  static bool reads_centers(const std::vector<TileInstruction>& code) {
    return std::ranges::any_of(
        code, [](const TileInstruction& i) { return i.kind == Kind::CenterIndex || i.at_center; });
  }

  // ---- rows
  bool over_edges() const { return stage_.domain.domain == Domain::Edges; }

  void add_rows() {
    for (Register r = stage_.row.begin; r < stage_.row.end; ++r) {
      const Operation& o = op(r);
      if (is_loop_invariant(o)) {
        add_scalar(r, code_.entry);
        continue;
      }
      add_row_operation(r, o);
      add_reductions_of(r);
    }
    for (std::size_t i = 0; i < stage_.reductions.size(); ++i)
      if (is_scalar(stage_.reductions[i].value)) add_reduction(i);
    if (over_edges()) code_.centers = reads_centers(code_.row);
  }

  void add_row_operation(Register r, const Operation& o) {
    switch (o.kind) {
      case Operation::Kind::Argument:
        if (o.place == Place::Row)
          code_.arguments.push_back({r, o.index, bytes_of(o.type)});
        else
          add_gather(r, code_.row);
        return;
      case Operation::Kind::Index:
        return add_index(r, over_edges(), code_.row);
      case Operation::Kind::Scalar:
        code_.row.push_back(map(r));
        return;
      case Operation::Kind::Take:
        return add_take(r, false, code_.row);
      case Operation::Kind::Aggregate:
        return add_aggregate(r, o);
      default:
        throw InternalError("tiles: a scalar in row code");
    }
  }

  void add_aggregate(Register r, const Operation& o) {
    AggregateCode& a = code_.aggregates[o.index];
    if (a.own != kNoRegister) a.own = as_column(a.own, op(a.own).type, code_.row);
    code_.row.push_back({.kind = Kind::Aggregate, .bytes = bytes_of(o.type), .index = o.index, .out = r});
  }

  void add_reductions_of(Register r) {
    for (std::size_t i = 0; i < stage_.reductions.size(); ++i)
      if (stage_.reductions[i].value == r) add_reduction(i);
  }

  void add_reduction(std::size_t i) {
    const plan::Reduction& r = stage_.reductions[i];
    const ScalarType t = op(r.value).type;
    const ReduceKernels k = kernels_.rows->reduce(r.kind, r.monoid, t, r.accumulator, r.type);
    found(k.leaf, "a reduction");
    code_.reductions.resize(stage_.reductions.size());
    code_.reductions[i] = {k};
    TileInstruction reduce{.kind = Kind::Reduce, .index = static_cast<std::uint32_t>(i)};
    reduce.in[0] = as_column(r.value, t, code_.row);
    code_.row.push_back(reduce);
  }

  // ---- edges
  AggregateCode aggregate(const Aggregate& a) {
    AggregateCode out{.kind = a.kind, .direction = a.direction, .bytes = bytes_of(a.type)};
    out.rule = {static_cast<int>(a.ties), a.include_self};
    out.own = a.own;
    code_.modes = code_.modes || a.kind == Aggregate::Kind::Mode;
    code_.both = code_.both || a.direction == ops::Direction::Both;
    for (Register r = a.edge.begin; r < a.edge.end; ++r)
      if (is_loop_invariant(op(r))) add_scalar(r, code_.entry);
    find_kernels(a, out);
    if (a.kind == Aggregate::Kind::Count || out.fold_rows[0] || out.mode_rows) return out;
    for (Register r = a.edge.begin; r < a.edge.end; ++r)
      if (!is_scalar(r)) add_edge_operation(r, out.edge);
    out.value = as_column(a.value, op(a.value).type, out.edge);
    out.value_bytes = bytes_of(op(a.value).type);
    if (a.weight != kNoRegister) {
      out.weight = as_column(a.weight, a.total, out.edge);
      out.weight_bytes = bytes_of(a.total);
    }
    out.centers = reads_centers(out.edge);
    return out;
  }

  void add_edge_operation(Register r, std::vector<TileInstruction>& code) {
    switch (op(r).kind) {
      case Operation::Kind::Argument:
        return add_gather(r, code);
      case Operation::Kind::Index:
        return add_index(r, true, code);
      case Operation::Kind::Scalar:
        code.push_back(map(r));
        return;
      case Operation::Kind::Take:
        return add_take(r, true, code);
      default:
        throw InternalError("tiles: a scalar in edge code");
    }
  }

  void find_kernels(const Aggregate& a, AggregateCode& out) const {
    if (a.kind == Aggregate::Kind::Fold) {
      find_fold_loop(a, out);
      out.fold = kernels_.rows->fold(a.monoid, a.type);
      found(out.fold.values, "a fold");
      out.combine = found(kernels_.maps->map(ops::info(a.monoid).combine, a.type, a.type, 0), "a fold");
    } else if (a.kind == Aggregate::Kind::Mode) {
      find_mode_loop(a, out);
      out.mode_of = kernels_.rows->mode_of(a.type, a.weight == kNoRegister ? nullptr : &a.total);
      out.one = one_of(a.total);
    } else if (a.kind != Aggregate::Kind::Count) {
      out.arg = kernels_.rows->arg(a.kind == Aggregate::Kind::ArgMin, op(a.value).type);
      found(out.arg.begin, "argmin and argmax");
    }
  }

  bool is_argument(Register r, Place place) const {
    return r != kNoRegister && op(r).kind == Operation::Kind::Argument && op(r).place == place;
  }

  /// Edge code that is an argument at the neighbour, one at the edge, or their product or sum.
  void find_fold_loop(const Aggregate& a, AggregateCode& out) const {
    Register v = a.value;
    if (op(v).kind == Operation::Kind::Scalar && op(v).scalar == ops::ScalarOp::Cast) v = op(v).in[0];
    const Operation& o = op(v);
    EdgeShape shape = EdgeShape::Node;
    std::uint32_t x = kNoRegister, w = kNoRegister;
    if (is_argument(v, Place::Neighbor)) {
      x = o.index;
    } else if (is_argument(v, Place::Edge)) {
      shape = EdgeShape::Edge, w = o.index;
    } else {
      if (o.kind != Operation::Kind::Scalar || o.arity != 2) return;
      if (o.scalar != ops::ScalarOp::Mul && o.scalar != ops::ScalarOp::Add) return;
      const bool swapped = is_argument(o.in[0], Place::Edge);
      const Register node = o.in[swapped ? 1 : 0], edge = o.in[swapped ? 0 : 1];
      if (!is_argument(node, Place::Neighbor) || !is_argument(edge, Place::Edge)) return;
      shape = o.scalar == ops::ScalarOp::Mul ? EdgeShape::Product : EdgeShape::Sum;
      x = op(node).index, w = op(edge).index;
    }
    const std::array<FoldRows, 2> loops{kernels_.rows->fold_rows(a.monoid, shape, o.type, a.type, false),
                                        kernels_.rows->fold_rows(a.monoid, shape, o.type, a.type, true)};
    if (loops[0]) out.fold_rows = loops, out.x = x, out.w = w;
  }

  /// Labels that are an argument at the neighbour, weights (if any) one at the edge, perhaps as i64.
  void find_mode_loop(const Aggregate& a, AggregateCode& out) const {
    if (!is_argument(a.value, Place::Neighbor)) return;
    Register w = a.weight;
    if (w != kNoRegister) {
      if (op(w).kind == Operation::Kind::Scalar && op(w).scalar == ops::ScalarOp::Cast &&
          op(w).operand == ScalarType::I32)
        w = op(w).in[0];
      if (!is_argument(w, Place::Edge)) return;
      out.w = op(w).index;
    }
    const ScalarType weight = w == kNoRegister ? ScalarType::I64 : op(w).type;
    out.mode_rows = kernels_.rows->mode_rows(a.type, w == kNoRegister ? nullptr : &weight);
    out.x = op(a.value).index;
  }

  // ---- results
  void add_results() {
    for (std::uint32_t k = 0; k < stage_.results.size(); ++k) {
      Register r = stage_.results[k];
      const std::uint8_t bytes = bytes_of(stage_.result_types[k].scalar);
      if (stage_.result_types[k].domain == Domain::Scalar) {
        code_.scalars.push_back({r, k, bytes});
        continue;
      }
      if (is_scalar(r)) {
        code_.fills.push_back({r, k, bytes, kernels_.maps->fill(bytes)});
        continue;
      }
      if (op(r).kind == Operation::Kind::Argument && op(r).place == Place::Row) r = copy(r, bytes);
      code_.stores.push_back({r, k, bytes});
    }
  }

  Register copy(Register r, std::uint8_t bytes) {
    TileInstruction c{.kind = Kind::Copy, .bytes = bytes, .out = new_register()};
    c.in[0] = r;
    code_.row.push_back(c);
    return c.out;
  }

  /// One past the last instruction that reads, at the row, an argument whose memory a result may have.
  std::size_t end_of_row_reads() const {
    std::vector<bool> at_row(code_.registers);
    for (const ColumnRegister& a : code_.arguments)
      if (!stage_.gathers(a.index)) at_row[a.reg] = true;
    const auto is_read = [&](Register r) { return r != kNoRegister && at_row[r]; };
    for (std::size_t j = code_.row.size(); j-- > 0;) {
      const TileInstruction& i = code_.row[j];
      if (std::ranges::any_of(i.in, is_read)) return j + 1;
      if (i.kind == Kind::Aggregate && is_read(code_.aggregates[i.index].own)) return j + 1;
    }
    return 0;
  }

  /// Results that are computed by the last instruction to touch the row's arguments are written where they
  /// belong.
  void place() {
    std::vector<bool> in_column(code_.registers);
    std::vector<std::size_t> made_by(code_.registers, code_.row.size());
    for (std::size_t i = code_.row.size(); i-- > 0;)
      if (code_.row[i].out != kNoRegister) made_by[code_.row[i].out] = i;
    const std::size_t reads_end = end_of_row_reads();
    std::erase_if(code_.stores, [&](const Store& s) {
      const std::size_t at = made_by[s.reg];
      if (in_column[s.reg] || !needs_buffer(code_.row[at]) || at + 1 < reads_end) return false;
      in_column[s.reg] = true;
      code_.results.push_back({s.reg, s.result, s.bytes});
      return true;
    });
    std::vector<Register> kept;
    for (const Store& s : code_.stores) kept.push_back(s.reg);
    const std::uint32_t rows = place_buffers(code_.row, 0, in_column, kept, code_.aggregates);
    code_.buffers = rows;
    for (AggregateCode& a : code_.aggregates) {
      std::vector<Register> values;
      for (Register r : {a.value, a.weight})
        if (r != kNoRegister) values.push_back(r);
      const std::vector<bool> none(code_.registers);
      code_.buffers = std::max(code_.buffers, place_buffers(a.edge, rows, none, values, {}));
    }
    code_.constants.resize(code_.registers);
    for (Register r = 0; r < scalar_.size(); ++r)
      if (scalar_[r]) code_.scalar_registers.push_back(r);
  }

  void choose_chunks() {
    if (stage_.domain.domain == Domain::Scalar || stage_.domain.domain == Domain::Fixed) {
      code_.chunks = code_.chunks_undirected = Chunks::Whole;
    } else if (over_edges()) {
      code_.chunks = code_.chunks_undirected = Chunks::ByEdge;
    } else if (!stage_.aggregates.empty()) {
      const bool in = std::ranges::any_of(
          stage_.aggregates, [](const Aggregate& a) { return a.direction != ops::Direction::Out; });
      code_.chunks_undirected = in ? Chunks::ByIn : Chunks::ByOut;
      code_.chunks = code_.both ? Chunks::ByBoth : code_.chunks_undirected;
    }
  }

  const Stage& stage_;
  const Kernels kernels_;
  TileCode code_;
  std::vector<bool> scalar_;
};

}  // namespace

TileCode prepare_tiles(const Stage& stage, const Kernels& kernels) {
  return Preparation(stage, kernels).run();
}

}  // namespace monograph::cpu
