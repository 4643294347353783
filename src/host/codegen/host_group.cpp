// One group as a struct: its arguments and entry scalars are fields, `leaf` computes up to mg_column_leaf
// rows.
#include <monograph/error.h>

#include <algorithm>

#include "host/codegen/device_text.h"
#include "host/codegen/host_aggregates.h"
#include "host/codegen/host_text.h"
#include "host/codegen/stage_text.h"
#include "host/ops/scalar.h"
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

std::string number(std::uint64_t n) { return std::to_string(n); }
std::string cpp(ScalarType t) { return type_word(t); }

class GroupText {
 public:
  GroupText(const Stage& stage, const std::string& name, std::size_t first_aggregate,
            const plan::ActiveSet* active)
      : s_(stage), name_(name), aggregates_(stage, first_aggregate), active_(active) {}

  std::string emit() {
    text_ = "struct " + name_ + " {\n  mg_run* run;\n";
    fields();
    if (has_rows()) leaf();
    for (const HubFold& f : hub_folds(s_)) hub(f);
    if (active_ && active_->offers)
      offers(*active_->offers);
    else if (active_)
      listed_rows();
    text_ += "};\n";
    return std::move(text_);
  }

 private:
  bool has_rows() const { return s_.domain.domain != Domain::Scalar; }
  const Operation& op(Register r) const { return s_.code[r]; }
  static std::string value(Register r) { return register_name(r); }

  // ---- fields: pointers of columns, entry scalars
  void fields() {
    for (std::size_t a = 0; a < s_.arguments.size(); ++a)
      if (s_.arguments[a].domain != Domain::Scalar)
        text_ += "  const " + cpp(s_.arguments[a].scalar) + "* a" + number(a) + ";\n";
    for (std::size_t k = 0; k < s_.results.size(); ++k)
      if (s_.result_types[k].domain != Domain::Scalar)
        text_ += "  " + cpp(s_.result_types[k].scalar) + "* r" + number(k) + ";\n";
    for (Register r = s_.entry.begin; r < s_.entry.end; ++r)
      text_ += "  " + cpp(op(r).type) + " " + value(r) + ";\n";
    for (std::size_t k = 0; k < s_.reductions.size(); ++k) text_ += "  unsigned char* p" + number(k) + ";\n";
  }

  /// Copies of the fields as locals: stores of results could otherwise change them, as far as the compiler
  /// knows.
  std::string locals() const {
    std::string text;
    const auto copy = [&](const std::string& n) { text += "    const auto " + n + " = g." + n + ";\n"; };
    text += "    mg_run* const run = g.run;\n";
    for (std::size_t a = 0; a < s_.arguments.size(); ++a)
      if (s_.arguments[a].domain != Domain::Scalar) copy("a" + number(a));
    for (std::size_t k = 0; k < s_.results.size(); ++k)
      if (s_.result_types[k].domain != Domain::Scalar) copy("r" + number(k));
    for (Register r = s_.entry.begin; r < s_.entry.end; ++r) copy(value(r));
    return text;
  }

  // ---- code
  std::string expression(Register r) const {
    const Operation& o = op(r);
    if (in_row_ && reads_bool_row(o))
      return "(int(((const unsigned char*)a" + number(o.index) + ")[row]) ^ zero) != 0";
    return aggregates_.expression(r);
  }

  std::string range(plan::Range code, const std::string& indent) const {
    return declarations(s_, code, indent, [&](Register r) { return expression(r); });
  }

  // ---- hubs
  /// One segment of a hub, for mg_for_hub_segments.
  void hub(const HubFold& f) {
    const Aggregate& a = s_.aggregates[f.aggregate];
    const std::string side = f.out ? "out" : "in", fold = aggregates_.of_segment(a, side);
    const bool takes = s_.takes(a.edge);
    text_ += "  static void " + f.name() +
             "(const void* context, [[maybe_unused]] mg_i64 row, mg_i64 begin, mg_i64 end, mg_i64 segment, "
             "unsigned char*) {\n    const " +
             name_ + "& g = *(const " + name_ + "*)context;\n" + locals() + "    const mg_rows " + side +
             " = run->" + side + ";\n" + (takes ? "    mg_failure failed;\n" : "") +
             aggregates_.unless_asked(f.aggregate, "return;") + "    *(" + cpp(a.type) + "*)(" +
             aggregates_.hub_partials(f.aggregate, side) + " + 8 * segment) = " + fold + ";\n" +
             (takes ? "    mg_report(run, failed);\n" : "") + "  }\n";
  }

  // ---- rows
  std::string accumulator(const Reduction& r) const { return cpp(r.accumulator); }
  std::string monoid(const Reduction& r) const { return monoid_name(r.monoid); }

  std::string extreme(const Reduction& r) const {
    return std::string("mg_extreme<") + (r.kind == Reduction::Kind::ArgMin ? "true, " : "false, ") +
           accumulator(r) + ">";
  }

  /// Any and all of bools: lanes are int, which the compiler puts into vectors; their order does not matter.
  static bool is_bool(const Reduction& r) {
    return r.kind == Reduction::Kind::Fold && r.accumulator == ScalarType::Bool;
  }
  static std::string bit(const Reduction& r) { return r.monoid == ops::MonoidKind::Any ? " | " : " & "; }
  std::string identity(const Reduction& r) const {
    return (is_bool(r) ? "int(" : "(") + monoid(r) + "::identity<" + accumulator(r) + ">())";
  }

  std::string lanes() const {
    std::string text;
    for (std::size_t k = 0; k < s_.reductions.size(); ++k) {
      const Reduction& r = s_.reductions[k];
      if (r.kind == Reduction::Kind::Fold)
        text += "    " + (is_bool(r) ? "int" : accumulator(r)) + " l" + number(k) +
                "[mg_column_lanes];\n    for (int j = 0; j < mg_column_lanes; ++j) l" + number(k) +
                "[j] = " + identity(r) + ";\n";
      else
        text += "    " + extreme(r) + " l" + number(k) + ";\n";
    }
    return text;
  }

  std::string combine(const Reduction& r, const std::string& lane, const std::string& element) const {
    if (is_bool(r)) return lane + " = " + lane + bit(r) + "int(" + element + ");\n";
    return lane + " = " + monoid(r) + "::combine<" + accumulator(r) + ">(" + lane + ", " + accumulator(r) +
           "(" + element + "));\n";
  }

  std::string row_code() const {
    std::string text = range(s_.row, "      ");
    for (std::size_t k = 0; k < s_.results.size(); ++k)
      if (s_.result_types[k].domain != Domain::Scalar)
        text += "      r" + number(k) + "[row] = " + value(s_.results[k]) + ";\n";
    for (std::size_t k = 0; k < s_.reductions.size(); ++k) {
      const Reduction& r = s_.reductions[k];
      const std::string lane = "l" + number(k);
      if (r.kind == Reduction::Kind::Fold)
        text += "      " + (is_apart(r) ? "x" + number(k) + "[j] = " + value(r.value) + ";\n"
                                        : combine(r, lane + "[j]", value(r.value)));
      else
        text += "      " + lane + ".offer(" + value(r.value) + ", row);\n";
    }
    return text;
  }

  std::string partials() const {
    std::string text;
    for (std::size_t k = 0; k < s_.reductions.size(); ++k) {
      const Reduction& r = s_.reductions[k];
      const std::string at = "(g.p" + number(k) + ", first / mg_column_leaf) = ", lane = "l" + number(k);
      if (is_bool(r))
        text += "    for (int j = 1; j < mg_column_lanes; ++j) " + lane + "[0] = " + lane + "[0]" + bit(r) +
                lane + "[j];\n    mg_partial<bool>" + at + lane + "[0] != 0;\n";
      else if (r.kind == Reduction::Kind::Fold)
        text += "    mg_partial<" + accumulator(r) + ">" + at + "mg_halve_lanes<" + monoid(r) + ", " +
                accumulator(r) + ">(" + lane + ");\n";
      else
        text += "    mg_partial<" + extreme(r) + ">" + at + lane + ";\n";
    }
    return text;
  }

  /// The neighbourhoods of rows [i0, end) of the leaf.
  std::string gather() const {
    if (s_.aggregates.empty()) return "";
    std::string text =
        "    const auto gather = [&](mg_i64 i0, mg_i64 end) __attribute__((always_inline)) {\n";
    for (std::size_t k = 0; k < s_.aggregates.size(); ++k) text += aggregates_.in_leaf(k);
    return text + "    };\n";
  }

  /// Rows go through in blocks of mg_column_lanes, and of each the row code runs after the next one's
  /// neighbours are on their way: waiting for memory and arithmetic overlap.
  std::string blocks() const {
    if (s_.aggregates.empty())
      return "    mg_i64 done = 0;\n    for (; done + mg_column_lanes <= count; done += mg_column_lanes) "
             "block(done, mg_column_lanes);\n    if (done < count) block(done, count - done);\n";
    return "    gather(0, 0 < count - mg_column_lanes ? mg_column_lanes : count);\n    mg_i64 done = 0;\n"
           "    for (; done + mg_column_lanes <= count; done += mg_column_lanes) {\n"
           "      gather(done + mg_column_lanes, done + 2 * mg_column_lanes < count ? done + 2 * "
           "mg_column_lanes : "
           "count);\n"
           "      block(done, mg_column_lanes);\n    }\n"
           "    if (done < count) block(done, count - done);\n";
  }

  static bool reads_bool_row(const Operation& o) {
    return o.kind == Kind::Argument && o.place == Place::Row && o.type == ScalarType::Bool;
  }
  /// A fold whose elements are narrower than its lanes adds them in a loop of its own: the compiler makes no
  /// vectors of selections and widening together.
  bool is_apart(const Reduction& r) const {
    return r.kind == Reduction::Kind::Fold && !is_bool(r) && op(r.value).type != r.accumulator;
  }

  /// mg_column_lanes rows (the last time: the rest), in a loop that the compiler turns into vectors: indices
  /// have 64 bits, since those cannot wrap.
  std::string block(const std::string& code, bool sources, bool targets) const {
    std::string text = "    const auto block = [&](mg_i64 i0, mg_i64 n) __attribute__((always_inline)) {\n";
    std::string apart;
    for (std::size_t k = 0; k < s_.reductions.size(); ++k) {
      const Reduction& r = s_.reductions[k];
      if (!is_apart(r)) continue;
      const std::string x = "x" + number(k);
      text += "      " + cpp(op(r.value).type) + " " + x + "[mg_column_lanes];\n";
      apart += "      for (mg_i64 j = 0; j < n; ++j) " + combine(r, "l" + number(k) + "[j]", x + "[j]");
    }
    text +=
        "#pragma GCC ivdep\n      for (mg_i64 j = 0; j < n; ++j) {\n"
        "      const mg_i64 i = i0 + j, row = first + i;\n";
    if (sources) text += "      const int s = sources[i];\n";
    if (targets) text += "      const int u = out.neighbors[row];\n";
    text += code + "      (void)row;\n      }\n" + apart + "    };\n";
    return text + blocks();
  }

  void leaf() {
    in_row_ = true;
    const std::string code = row_code();
    in_row_ = false;
    text_ += "  static __attribute__((noinline)) void leaf(const " + name_ +
             "& g, mg_i64 first, int count, [[maybe_unused]] unsigned char* workspace) {\n" + locals();
    if (!s_.aggregates.empty() || s_.domain.domain == Domain::Edges)
      text_ += "    [[maybe_unused]] const mg_rows in = run->in, out = run->out;\n";
    for (std::size_t k = 0; k < s_.aggregates.size(); ++k)
      text_ += "    " + cpp(s_.aggregates[k].type) + " g" + number(k) + "[mg_column_leaf];\n";
    const std::string edges = gather();
    text_ += "    [[maybe_unused]] mg_failure failed;\n" + edges;
    const bool sources = reads_element(code, "s"), targets = reads_element(code, "u");
    if (sources)
      text_ +=
          "    int sources[mg_column_leaf];\n    mg_edge_sources(out.offsets, run->nodes, first, count, "
          "sources);\n";
    text_ += lanes();
    // Bytes are made ints by something that the compiler cannot see through: it makes no vectors of bools as
    // they are.
    if (mentions(code, "^ zero")) text_ += "    int zero = 0;\n    __asm__(\"\" : \"+r\"(zero));\n";
    text_ += block(code, sources, targets);
    text_ += partials();
    if (mentions(edges + code, "mg_take")) text_ += "    mg_report(run, failed);\n";
    text_ += "  }\n";
  }

  // ---- active rows: see kernels/host_active.cuh
  /// The rows of a list, each on its own; what segments of hubs come to is not known.
  void listed_rows() {
    text_ += "  static void rows(const " + name_ +
             "& g, const int* list, mg_i64 count, [[maybe_unused]] unsigned char* workspace) {\n" + locals() +
             "    mg_rows in = run->in, out = run->out;\n    in.hub_count = out.hub_count = 0;\n";
    for (std::size_t k = 0; k < s_.aggregates.size(); ++k)
      text_ += "    " + cpp(s_.aggregates[k].type) + " g" + number(k) + "[1];\n";
    text_ +=
        "    const int i = 0;\n    for (mg_i64 n = 0; n < count; ++n) {\n      const mg_i64 row = list[n];\n";
    for (std::size_t k = 0; k < s_.aggregates.size(); ++k) text_ += aggregates_.of_row(k);
    text_ += range(s_.row, "      ") + "      r" + number(active_->result) +
             "[row] = " + value(s_.results[active_->result]) + ";\n    }\n  }\n";
  }

  bool is_column(Register r, Place at) const {
    return op(r).kind == Kind::Argument && op(r).index == active_->argument && op(r).place == at;
  }

  /// Whether a node has anything to offer.
  void speaks(const Aggregate& a, const std::string& group) {
    const auto guard = plan::source_condition(s_, a);
    text_ += std::string("  static constexpr bool guarded = ") + (guard ? "true" : "false") + ";\n";
    if (!guard) return;
    text_ +=
        "  static MG_FN bool speaks" + group + "mg_i64 u) {\n" + locals() +
        declarations_of(s_, a.edge, guard->condition, "    ", [&](Register r) { return expression(r); }) +
        "    return " + (guard->value ? "" : "!") + value(guard->condition) + ";\n  }\n";
  }

  void offers(const plan::ActiveSet::Offers& o) {
    const Aggregate& a = s_.aggregates[0];
    const Register next = s_.results[active_->result];
    const std::string type = cpp(active_->type), fold = cpp(a.type), group = "(const " + name_ + "& g, ";
    text_ += "  using T = " + type + ";\n  using A = " + fold + ";\n  using F = " + monoid_name(a.monoid) +
             ";\n  static constexpr bool uniform = " + (o.uniform ? "true" : "false") + ";\n";
    text_ += "  static MG_FN A edge" + group + "mg_i64 row, int u, mg_i64 e) {\n" + locals() +
             range(a.edge, "    ") + "    return A(" + value(a.value) + ");\n  }\n";
    text_ += "  static MG_FN T row" + group + "mg_i64 row, T own, A fold) {\n" + locals() +
             declarations_of(s_, next, "    ",
                             [&](Register r) {
                               if (op(r).kind == Kind::Aggregate) return std::string("fold");
                               return is_column(r, Place::Row) ? std::string("own") : expression(r);
                             }) +
             "    return " + value(next) + ";\n  }\n";
    speaks(a, group);
    if (!o.bounded) return;
    text_ += "  static MG_FN A least" + group + "T own) {\n" + locals() +
             declarations(s_, a.edge, "    ",
                          [&](Register r) {
                            return is_column(r, Place::Neighbor) ? std::string("own") : expression(r);
                          }) +
             "    return A(" + value(a.value) + ");\n  }\n";
  }

  const Stage& s_;
  const std::string& name_;
  const AggregateText aggregates_;
  const plan::ActiveSet* active_;
  bool in_row_ = false;
  std::string text_;
};

}  // namespace

std::vector<HubFold> hub_folds(const plan::Stage& stage) {
  std::vector<HubFold> all;
  for (std::size_t k = 0; k < stage.aggregates.size(); ++k) {
    const Aggregate& a = stage.aggregates[k];
    if (a.kind != Aggregate::Kind::Fold) continue;
    if (a.direction != ops::Direction::Out) all.push_back({k, false, false});
    if (a.direction != ops::Direction::In) all.push_back({k, true, a.direction == ops::Direction::Both});
  }
  return all;
}

std::string emit_host_group(const plan::Stage& stage, const std::string& name, std::size_t first_aggregate,
                            const plan::ActiveSet* active) {
  return GroupText(stage, name, first_aggregate, active).emit();
}

}  // namespace monograph::codegen
