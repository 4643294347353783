// A group as one function of a virtual block. Blocks take leaves of rows; what a row's neighbours combine to
// comes from the warp schedules, what follows is straight-line code of one thread per row. Where the group
// has scalar results, the last block to finish combines the partial reductions and runs the finish code.
#include "host/codegen/device_stage.h"

#include <monograph/error.h>

#include <algorithm>
#include <functional>
#include <optional>

#include "host/codegen/device_active.h"
#include "host/codegen/device_masks.h"
#include "host/codegen/stage_text.h"
#include "host/ops/canonical.h"
#include "host/plan/early_exit.h"

namespace monograph::codegen {
namespace {

using plan::Aggregate;
using plan::Operation;
using plan::Place;
using plan::Reduction;
using plan::Register;
using plan::Stage;
using Kind = Operation::Kind;

constexpr unsigned kBlockThreads = 256;  // mg_block_threads
constexpr std::size_t kWarps = kBlockThreads / 32;

std::string number(std::uint64_t n) { return std::to_string(n); }
std::string flag(bool yes) { return yes ? "true" : "false"; }

/// Float sums and products: their value depends on the order of additions.
bool is_ordered(ops::MonoidKind m, ScalarType t) {
  return (m == ops::MonoidKind::Sum || m == ops::MonoidKind::Prod) && is_float(t);
}
bool is_ordered(const Reduction& r) {
  return r.kind == Reduction::Kind::Fold && is_ordered(r.monoid, r.accumulator);
}

class DeviceText {
 public:
  DeviceText(const Stage& stage, const std::string& group, DeviceOptions options,
             const plan::ActiveSet* active)
      : s_(stage), name_(stage_name(stage, group)), cuts_(options.balanced) {
    if (active) active_.emplace(stage, *active);
    for (std::size_t k = 0; k < s_.reductions.size(); ++k)
      if (is_ordered(s_.reductions[k])) ordered_.push_back(k);
  }

  std::vector<StageFunction> emit() {
    std::vector<StageFunction> all;
    const std::string pieces = cuts_ ? long_rows() : "";
    cuts_ = !pieces.empty();
    if (cuts_) all.push_back(function(name_ + "_long", pieces + "  __syncthreads();\n}\n", 0));
    all.push_back(function(name_, rows_or_scalars(), shared_bytes()));
    return all;
  }

 private:
  StageFunction function(const std::string& name, const std::string& code, std::uint32_t shared_bytes) const {
    return {.name = name,
            .text = "template <mg_u64 Static>\nMG_DEVICE void " + name +
                    "_stage(mg_grid grid, unsigned char* arena, mg_device* run" + parameters() + ") {\n" +
                    code,
            .parameters = parameters(),
            .arguments = arguments(),
            .has_rows = s_.domain.domain != Domain::Scalar,
            .shared_bytes = shared_bytes};
  }

  std::string rows_or_scalars() {
    const bool has_rows = s_.domain.domain != Domain::Scalar;
    if (!has_rows) text_ += "  if (grid.block == 0 && threadIdx.x == 0) {\n";
    text_ += scalars(s_.entry, has_rows ? "  " : "    ");
    if (has_rows) rows();
    if (has_scalar_results() || active_) finish(has_rows);
    return text_ + (has_rows ? "" : "  }\n") + "  __syncthreads();\n}\n";
  }

  const Operation& op(Register r) const { return s_.code[r]; }
  static std::string value(Register r) { return register_name(r); }

  // ---- parameters
  std::string parameters() const {
    std::string text;
    for (std::size_t a = 0; a < s_.arguments.size(); ++a)
      text += ", const " + pointee(s_.arguments[a]) + "* a" + number(a);
    for (std::size_t k = 0; k < s_.result_types.size(); ++k)
      text += ", " + pointee(s_.result_types[k]) + "* r" + number(k);
    return text + (active_ ? kActiveParameter : "");
  }
  std::string arguments() const {
    std::string text;
    for (std::size_t a = 0; a < s_.arguments.size(); ++a) text += ", a" + number(a);
    for (std::size_t k = 0; k < s_.result_types.size(); ++k) text += ", r" + number(k);
    return text + (active_ ? kActiveArgument : "");
  }
  static std::string pointee(const Type& t) {
    return t.domain == Domain::Scalar ? "mg_value" : type_word(t.scalar);
  }

  // ---- scalars: entry and finish
  std::string scalar_expression(Register r) const {
    const Operation& o = op(r);
    if (o.kind == Kind::Argument) return "mg_scalar<" + type_word(o.type) + ">(a" + number(o.index) + ")";
    if (o.kind == Kind::Reduction) {
      const bool fold = s_.reductions[o.index].kind == Reduction::Kind::Fold;
      return type_word(o.type) + "(t" + number(o.index) + (fold ? ")" : ".index)");
    }
    return operation_text(o);
  }
  std::string scalars(plan::Range code, const std::string& indent) const {
    return declarations(s_, code, indent, [&](Register r) { return scalar_expression(r); });
  }
  bool has_scalar_results() const {
    return std::ranges::any_of(s_.result_types, [](const Type& t) { return t.domain == Domain::Scalar; });
  }

  /// By one thread of the last block: every other one has read its arguments by then, so a result may take
  /// the place of one of them.
  void finish(bool has_rows) {
    const std::string indent = has_rows ? "      " : "    ";
    if (has_rows) {
      text_ += "  if (mg_last_block(grid, run)) {\n";
      for (std::size_t k = 0; k < s_.reductions.size(); ++k) text_ += total(k);
      text_ += "    if (threadIdx.x == 0) {\n";
    }
    text_ += scalars(s_.finish, indent);
    for (std::size_t k = 0; k < s_.results.size(); ++k)
      if (s_.result_types[k].domain == Domain::Scalar)
        text_ += indent + "mg_set_scalar<" + type_word(s_.result_types[k].scalar) + ">(r" + number(k) + ", " +
                 value(s_.results[k]) + ");\n";
    if (active_) text_ += indent + active_->finish();
    if (has_rows) text_ += "    }\n  }\n";
  }

  // ---- reductions
  /// How lanes or threads of it combine: its monoid, or its template of device_columns.cuh.
  static std::string combiner(const Reduction& r) {
    if (is_ordered(r)) return monoid_name(r.monoid);
    const std::string type = type_word(r.accumulator);
    if (r.kind == Reduction::Kind::Fold) return "mg_free_fold<" + monoid_name(r.monoid) + ", " + type + ">";
    return "mg_free_extreme<" + flag(r.kind == Reduction::Kind::ArgMin) + ", " + type + ">";
  }
  static std::string in(const std::string& combiner) { return "<" + combiner + ">("; }

  std::string total(std::size_t k) const {
    const Reduction& r = s_.reductions[k];
    const std::string partial = "p" + number(k) + ", mg_leaves(rows)";
    return "    const auto t" + number(k) + " = " +
           (is_ordered(r) ? "mg_column_total" + in(combiner(r)) + partial + ");\n"
                          : "mg_blocks_total" + in(combiner(r)) + "grid, " + partial + ", arena);\n");
  }

  std::uint32_t shared_bytes() const {
    const bool free = ordered_.size() < s_.reductions.size();
    const std::size_t values = std::min(ordered_.size(), kWarps) * kBlockThreads * sizeof(double);
    return static_cast<std::uint32_t>(std::max(values, free ? kBlockThreads * std::size_t{16} : 0));
  }

  /// Declared before the leaves: where partial results go, and what each thread combines for all its rows.
  std::string accumulators() const {
    std::string text;
    for (std::size_t k = 0; k < s_.reductions.size(); ++k) {
      const Reduction& r = s_.reductions[k];
      text += "  mg_words* const p" + number(k) + " = mg_partials(run, " + number(k) + ", rows);\n";
      if (!is_ordered(r)) text += "  auto l" + number(k) + " = " + combiner(r) + "::identity();\n";
    }
    return text;
  }

  /// Of each batch of ordered reductions every warp has one, so one lane total per thread and batch will do.
  std::size_t batches() const { return (ordered_.size() + kWarps - 1) / kWarps; }

  /// Each warp's lane totals of a leaf, one per batch; after the leaf they are halved.
  std::string for_warps(const std::string& indent, std::size_t batch,
                        const std::function<std::string(std::size_t)>& say) const {
    std::string text;
    for (std::size_t w = 0; w < kWarps && batch * kWarps + w < ordered_.size(); ++w)
      text += indent + "if (mg_warp() == " + number(w) + ") " + say(ordered_[batch * kWarps + w]);
    return text;
  }
  std::string begin_leaf() const {
    std::string text;
    for (std::size_t b = 0; b < batches(); ++b)
      text += "    double " + lanes(b) + " = 0.0;\n" + for_warps("    ", b, [&](std::size_t k) {
                return lanes(b) + " = " + monoid_name(s_.reductions[k].monoid) + "::identity<double>();\n";
              });
    return text;
  }
  static std::string lanes(std::size_t batch) { return "lanes" + number(batch); }

  /// After the rows of one part of the leaf: their values go through shared memory to the lanes.
  std::string add_part() const {
    std::string text;
    for (std::size_t b = 0; b < batches(); ++b) {
      for (std::size_t w = 0; w < kWarps && b * kWarps + w < ordered_.size(); ++w)
        text += "      values[" + number(w * kBlockThreads) + " + threadIdx.x] = x" +
                number(ordered_[b * kWarps + w]) + ";\n";
      text += "      __syncthreads();\n";
      std::size_t w = 0;
      text += for_warps("      ", b, [&](std::size_t k) {
        return "mg_add_part<" + monoid_name(s_.reductions[k].monoid) + ">(" + lanes(b) + ", values + " +
               number(kBlockThreads * w++) + ", rows - part);\n";
      });
      text += "      __syncthreads();\n";
    }
    return text;
  }
  std::string end_leaf() const {
    std::string text;
    for (std::size_t b = 0; b < batches(); ++b)
      text += for_warps("    ", b, [&](std::size_t k) {
        return "mg_put_leaf<" + monoid_name(s_.reductions[k].monoid) + ">(p" + number(k) + ", leaf, " +
               lanes(b) + ");\n";
      });
    return text;
  }
  std::string end_rows() const {
    std::string text;
    for (std::size_t k = 0; k < s_.reductions.size(); ++k)
      if (!is_ordered(s_.reductions[k]))
        text += "  mg_put_block" + in(combiner(s_.reductions[k])) + "grid, p" + number(k) +
                ", mg_leaves(rows), l" + number(k) + ", arena);\n";
    return text;
  }

  // ---- rows and edges
  std::string expression(Register r) const {
    const Operation& o = op(r);
    if (o.kind == Kind::Take)
      return "mg_take(a" + number(o.index) + ", mg_i64(" + value(o.in[0]) + "), run->nodes, failed, " +
             number(o.node) + "ull, " + place_index(o.place) + ")";
    if (o.kind == Kind::Aggregate) return "g" + number(o.index);
    if (o.kind == Kind::Argument)
      return "mg_load<Static, " + number(o.index) + ">(a" + number(o.index) + ", " + place_index(o.place) +
             ")";
    return operation_text(o);
  }
  std::string row_code(plan::Range code, const std::string& indent) const {
    return declarations(s_, code, indent, [&](Register r) { return expression(r); });
  }

  /// Does the code have this index of a place?
  static bool reads(const std::string& code, const std::string& index) {
    return mentions(code, "(" + index + ")") || mentions(code, ", " + index + ")");
  }

  std::string edge_function(const Aggregate& a, Register result) const {
    const std::string code = declarations(s_, a.edge, "    ", [&](Register r) { return expression(r); });
    std::string text =
        "[&](const mg_device_rows& side, mg_i64 row, mg_i64 k) -> " + type_word(op(result).type) + " {\n";
    if (reads(code, "u")) text += "    const int u = mg_neighbor(side, k);\n";
    if (reads(code, "e")) text += "    const mg_i64 e = mg_edge(side, k);\n";
    return text + code + "    return " + value(result) + ";\n  }";
  }

  /// What each edge contributes to the aggregates, as functions named e0, e1, ... and (weights) w0, w1, ...
  std::string edge_functions() const {
    std::string text;
    for (std::size_t k = 0; k < s_.aggregates.size(); ++k) {
      const Aggregate& a = s_.aggregates[k];
      if (a.kind == Aggregate::Kind::Count) continue;
      text += "  const auto e" + number(k) + " = " + edge_function(a, a.value) + ";\n";
      if (a.kind != Aggregate::Kind::Mode) continue;
      text += "  const auto w" + number(k) + " = ";
      text += a.weight == plan::kNoRegister
                  ? "[](const mg_device_rows&, mg_i64, mg_i64) { return mg_i64(1); };\n"
                  : edge_function(a, a.weight) + ";\n";
    }
    return text;
  }

  // ---- aggregates
  std::string fold(std::size_t k) const {
    const Aggregate& a = s_.aggregates[k];
    const std::string g = "g" + number(k), type = type_word(a.type), m = monoid_name(a.monoid);
    const auto side = [&](const std::string& rows) {
      const std::string ordered = is_ordered(a.monoid, a.type) ? ">(" : ", false>(";
      return (cuts_                        ? "mg_fold_cut_rows<" + m + ", " + type + ">("
              : plan::first_decides(s_, a) ? "mg_first_rows<" + m + ", " + type + ">("
                                           : "mg_fold_rows<" + m + ", " + type + ordered) +
             rows + pieces_read(k, rows) + ", row, " + here_ + ", e" + number(k) + ")";
    };
    std::string text = "      " + type + " " + g + " = " + side(side_name(a.direction)) + ";\n";
    if (a.direction == ops::Direction::Both)
      text += "      if (!run->undirected) " + g + " = " + m + "::combine(" + g + ", " + side("out") + ");\n";
    return text;
  }

  std::string count(std::size_t k) const {
    const Aggregate& a = s_.aggregates[k];
    const auto length = [](const std::string& side) {
      return "mg_extent_of(" + side + ", row, here).length()";
    };
    std::string text = "      mg_i64 g" + number(k) + " = " + length(side_name(a.direction)) + ";\n";
    if (a.direction == ops::Direction::Both)
      text += "      if (!run->undirected) g" + number(k) + " += " + length("out") + ";\n";
    return text;
  }

  /// The row's own value. It is row code, which comes later: what it needs is computed here a second time.
  std::string own(std::size_t k) const {
    const Aggregate& a = s_.aggregates[k];
    const std::string type = type_word(op(a.own).type);
    return "      const " + type + " o" + number(k) + " = [&]() -> " + type +
           " {\n        if (!here) return " + type + "();\n" +
           declarations_of(s_, a.own, "        ", [&](Register r) { return expression(r); }) +
           "        return " + value(a.own) + ";\n      }();\n";
  }

  std::string extreme(std::size_t k) const {
    const Aggregate& a = s_.aggregates[k];
    const std::string best = "b" + number(k), type = type_word(op(a.value).type);
    const auto walk = [&](const std::string& side) {
      return (cuts_ ? "mg_arg_cut_rows(" : "mg_arg_rows(") + side + pieces_read(k, side) + ", row, " + here_ +
             ", e" + number(k) + ", " + best + ");\n";
    };
    std::string text = "      mg_extreme<" + flag(a.kind == Aggregate::Kind::ArgMin) + ", " + type + "> " +
                       best + ";\n      " + walk(side_name(a.direction));
    if (a.direction == ops::Direction::Both) text += "      if (!run->undirected) " + walk("out");
    if (a.include_self) text += own(k) + "      if (here) " + best + ".offer(o" + number(k) + ", row);\n";
    return text + "      const int g" + number(k) + " = int(" + best + ".index);\n";
  }

  /// Where tables of rows that leave begin: behind those of rows that enter, where there are any.
  std::string tables_of_out() const {
    const bool both = std::ranges::any_of(s_.aggregates, [](const Aggregate& a) {
      return a.kind == Aggregate::Kind::Mode && a.direction != ops::Direction::Out;
    });
    return both ? "2 * run->edges" : "0";
  }

  std::string mode(std::size_t k) const {
    const Aggregate& a = s_.aggregates[k];
    const std::string total = a.weight == plan::kNoRegister ? "mg_i64" : type_word(a.total),
                      type = type_word(a.type);
    const bool out = a.direction == ops::Direction::Out, both = a.direction == ops::Direction::Both;
    return own(k) + "      const " + type + " g" + number(k) + " = mg_mode_" + (cuts_ ? "cut_" : "") +
           "rows<" + type + ", " + total + ">(run, " + flag(out) + ", " +
           (both ? "!run->undirected" : "false") + ", " + tables_of_out() +
           (cuts_ ? ", mg_pieces(run, " + number(k) + ", " + flag(out) + ")" : "") + ", row, " + here_ +
           ", e" + number(k) + ", w" + number(k) + ", " + number(static_cast<unsigned>(a.ties)) + ", " +
           flag(a.include_self) + ", o" + number(k) + ");\n";
  }

  std::string aggregate(std::size_t k) {
    const std::string asks = "asks" + number(k);
    const std::string mask = mask_text(s_, k, asks, [&](Register r) { return expression(r); });
    here_ = mask.empty() ? "here" : asks;
    const auto kind = s_.aggregates[k].kind;
    return mask + (kind == Aggregate::Kind::Fold    ? fold(k)
                   : kind == Aggregate::Kind::Count ? count(k)
                   : kind == Aggregate::Kind::Mode  ? mode(k)
                                                    : extreme(k));
  }

  // ---- long rows, in pieces
  /// What finds the pieces of an aggregate, as arguments.
  std::string pieces_read(std::size_t k, const std::string& side) const {
    if (!cuts_) return {};
    return ", run->long_" + side + ", mg_pieces(run, " + number(k) + ", " + flag(side == "out") + ")";
  }

  /// A call with the pieces of each direction.
  std::string for_sides(std::size_t k, const std::string& call) const {
    const auto of = [&](const std::string& side) {
      return call + "(grid, " + side + pieces_read(k, side) + ", e" + number(k) + wanted() + ");\n";
    };
    const Aggregate& a = s_.aggregates[k];
    const bool both = a.direction == ops::Direction::Both;
    return "  " + of(side_name(a.direction)) + (both ? "  if (!run->undirected) " + of("out") : "");
  }

  std::string wanted() const { return active_ ? ", awake" : ""; }

  std::string long_modes(std::size_t k) const {
    const Aggregate& a = s_.aggregates[k];
    const std::string total = a.weight == plan::kNoRegister ? "mg_i64" : type_word(a.total),
                      type = type_word(a.type), n = number(k);
    const bool out = a.direction == ops::Direction::Out, both = a.direction == ops::Direction::Both;
    return "  const auto o" + n + " = [&](mg_i64 row) -> " + type + " {\n" +
           declarations_of(s_, a.own, "    ", [&](Register r) { return expression(r); }) + "    return " +
           value(a.own) + ";\n  };\n  " + (both ? "if (run->undirected) " : "") + "mg_mode_long_rows<" +
           type + ", " + total + ">(grid, run, " + flag(out) + ", " + tables_of_out() + ", mg_pieces(run, " +
           n + ", " + flag(out) + "), e" + n + ", w" + n + ", " + number(static_cast<unsigned>(a.ties)) +
           ", " + flag(a.include_self) + ", o" + n + wanted() + ");\n";
  }

  std::string pieces_of(std::size_t k) const {
    const Aggregate& a = s_.aggregates[k];
    switch (a.kind) {
      case Aggregate::Kind::Count:
        return {};
      case Aggregate::Kind::Fold:
        return for_sides(k, "mg_fold_pieces<" + monoid_name(a.monoid) + ", " + type_word(a.type) + ", " +
                                flag(is_ordered(a.monoid, a.type)) + ">");
      case Aggregate::Kind::Mode:
        return long_modes(k);
      default:
        return for_sides(k, "mg_arg_pieces<" + flag(a.kind == Aggregate::Kind::ArgMin) + ", " +
                                type_word(op(a.value).type) + ">");
    }
  }

  /// Empty where there are none to cut.
  std::string long_rows() const {
    std::string pieces;
    for (std::size_t k = 0; k < s_.aggregates.size(); ++k) pieces += pieces_of(k);
    if (pieces.empty()) return {};
    const std::string edges = edge_functions();
    const bool takes = mentions(pieces + edges, "mg_take");
    return (active_ ? active_->begin_long() : "") + scalars(s_.entry, "  ") +
           "  const mg_device_rows in = run->in, out = run->out;\n" +
           (takes ? "  mg_failure failed;\n" : "") + edges + pieces +
           (takes ? "  mg_report(run, failed);\n" : "");
  }

  // ---- rows
  std::string row_count() const {
    switch (s_.domain.domain) {
      case Domain::Nodes:
        return "run->nodes";
      case Domain::Edges:
        return "run->edges";
      default:
        return number(static_cast<std::uint64_t>(s_.domain.length));
    }
  }

  std::string row_of_thread() const {
    std::string code = row_code(s_.row, "        "), text;
    if (reads(code, "s")) text += "        const int s = mg_edge_source(out, run->nodes, row);\n";
    if (reads(code, "u")) text += "        const int u = mg_neighbor(out, row);\n";
    text += code;
    for (std::size_t k = 0; k < s_.results.size(); ++k)
      if (s_.result_types[k].domain != Domain::Scalar)
        text += "        r" + number(k) + "[row] = " + value(s_.results[k]) + ";\n";
    for (std::size_t k = 0; k < s_.reductions.size(); ++k) {
      const Reduction& r = s_.reductions[k];
      if (is_ordered(r))
        text += "        x" + number(k) + " = " + value(r.value) + ";\n";
      else if (r.kind == Reduction::Kind::Fold)
        text += "        " + combiner(r) + "::add(l" + number(k) + ", " + value(r.value) + ");\n";
      else
        text += "        l" + number(k) + ".offer(" + value(r.value) + ", row);\n";
    }
    return text + (active_ ? active_->changed() : "");
  }

  void rows() {
    const std::string row = row_of_thread(), edges = edge_functions();
    const bool takes = mentions(row + edges, "mg_take");
    if (active_) text_ += active_->begin();
    text_ += "  const mg_i64 rows = " + row_count() + ";\n";
    if (!s_.aggregates.empty()) text_ += "  const mg_device_rows in = run->in, out = run->out;\n";
    if (s_.aggregates.empty() && s_.domain.domain == Domain::Edges)
      text_ += "  const mg_device_rows out = run->out;\n";
    if (!ordered_.empty()) text_ += "  double* const values = reinterpret_cast<double*>(arena);\n";
    if (takes) text_ += "  mg_failure failed;\n";
    text_ += edges + accumulators();
    text_ +=
        "  for (mg_i64 leaf = grid.block; leaf < mg_leaves(rows); leaf += grid.blocks) {\n" + begin_leaf() +
        "    const mg_i64 end = (leaf + 1) * mg_column_leaf < rows ? (leaf + 1) * mg_column_leaf : rows;\n"
        "    for (mg_i64 part = leaf * mg_column_leaf; part < end; part += mg_block_threads) {\n"
        "      const mg_i64 row = part + threadIdx.x;\n" +
        (active_ ? active_->is_here() : "      const bool here = row < end;\n");
    for (std::size_t k = 0; k < s_.aggregates.size(); ++k) text_ += aggregate(k);
    for (std::size_t k : ordered_) text_ += "      double x" + number(k) + " = 0.0;\n";
    if (active_) text_ += active_->before();
    text_ += "      if (here) {\n" + row + "      }" + (active_ ? active_->after() : "\n") + add_part() +
             "    }\n" + end_leaf() + "  }\n";
    text_ += end_rows() + (active_ ? active_->end_rows() : "");
    if (takes) text_ += "  mg_report(run, failed);\n";
  }

  const Stage& s_;
  const std::string name_;
  std::optional<ActiveText> active_;
  bool cuts_;
  std::vector<std::size_t> ordered_;  ///< reductions
  std::string text_, here_;           ///< `here_`: whether the row asks for the aggregate that is emitted
};

}  // namespace

std::vector<StageFunction> emit_stage_functions(const plan::Stage& stage, const std::string& group,
                                                DeviceOptions options, const plan::ActiveSet* active) {
  return DeviceText(stage, group, options, active).emit();
}

}  // namespace monograph::codegen
