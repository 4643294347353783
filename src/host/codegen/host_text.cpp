#include "host/codegen/host_text.h"

#include <monograph/error.h>

#include "host/codegen/device_text.h"
#include "host/codegen/embedded_text.h"
#include "host/codegen/stage_text.h"
#include "host/plan/moves.h"

namespace monograph::codegen {
namespace {

using plan::Plan;
using plan::SlotId;
using plan::Stage;
using plan::Step;

std::string number(std::uint64_t n) { return std::to_string(n); }
std::string cpp(ScalarType t) { return type_word(t); }

class PlanText {
 public:
  explicit PlanText(const Plan& plan) : plan_(plan) {}

  std::string emit() {
    body_ =
        "extern \"C\" __attribute__((visibility(\"default\"))) int mg_plan(mg_run* run) {\n"
        "  void** const c = run->column;\n  mg_value* const s = run->scalar;\n  (void)c, (void)s;\n";
    block(0);
    body_ += "  return 0;\n}\n";
    return groups_ + body_;
  }

 private:
  const Type& type(SlotId s) const { return plan_.slots[s].type; }
  static std::string scalar(SlotId s, ScalarType t) { return "mg_get<" + cpp(t) + ">(s[" + number(s) + "])"; }
  std::string scalar(SlotId s) const { return scalar(s, type(s).scalar); }

  void line(const std::string& text) { body_ += std::string(indent_, ' ') + text + "\n"; }
  void open(const std::string& text) { line(text), indent_ += 2; }
  void close() { indent_ -= 2, line("}"); }

  void block(plan::BlockIndex index) {
    const plan::Block& b = plan_.blocks[index];
    for (std::size_t i = 0, end = 0; i < b.steps.size(); i = end) {
      end = plan::end_of_wave(b, i);
      if (end == i + 1)
        step(index, i);
      else
        wave(index, i, end);
    }
  }

  static std::string host(plan::BlockIndex b, std::size_t i) {
    return "run->host_step(run, " + number(b) + ", " + number(i) + ")";
  }

  void step(plan::BlockIndex b, std::size_t i) {
    const Step& s = plan_.blocks[b].steps[i];
    switch (s.kind) {
      case Step::Kind::Group:
        return group(b, i, s);
      case Step::Kind::Host:
        return line("if (" + host(b, i) + ") return 1;");
      case Step::Kind::While:
        return loop(b, i, s);
      case Step::Kind::If:
        return branch(s);
    }
  }

  void loop(plan::BlockIndex b, std::size_t at, const Step& s) {
    const plan::Block& body = plan_.blocks[s.blocks[0]];
    const plan::ActiveSetAnswer active = plan::active_set(plan_, b, at);
    open("{");
    line("bool go = " + scalar(s.in[0]) + ";");
    line("const mg_i64 most = " + scalar(s.in[1]) + ";");
    move(s.enter);
    if (active.set)
      line(std::string("mg_active_loop active{") + (active.set->reads_in ? "true, " : "false, ") +
           (active.set->reads_out ? "true, " : "false, ") + (active.set->settles ? "true};" : "false};"));
    line("mg_i64 i = 0;");
    open("for (; go && i < most; ++i) {");
    line("if (run->begin_iteration(run, i)) return 1;");
    line(scalar(body.arguments[0]) + " = i;");
    if (active.set)
      active_group(s.blocks[0], body.steps[0], *active.set);
    else
      block(s.blocks[0]);
    line("go = " + scalar(body.results[0]) + ";");
    move(body.leave);
    close();
    line(scalar(s.out[s.out.size() - 2]) + " = i;");
    line(scalar(s.out.back()) + " = !go;");
    line("run->end_loop(run, i, !go);");
    close();
  }

  void branch(const Step& s) {
    open("if (" + scalar(s.in[0]) + ") {");
    block(s.blocks[0]);
    move(plan_.blocks[s.blocks[0]].leave);
    indent_ -= 2;
    open("} else {");
    block(s.blocks[1]);
    move(plan_.blocks[s.blocks[1]].leave);
    close();
  }

  /// Scalars and takes at once, then copies of columns.
  void move(const std::vector<plan::Move>& moves) {
    if (moves.empty()) return;
    std::vector<plan::Move> columns;
    std::string read, write;
    const auto swap = [&](const std::string& kind, const std::string& array, SlotId to, SlotId from) {
      const std::string temporary = "t" + number(to);
      read += kind + temporary + " = " + array + "[" + number(from) + "]; ";
      write += array + "[" + number(to) + "] = " + temporary + "; ";
    };
    for (const plan::Move& m : moves)
      if (type(m.to).domain == Domain::Scalar)
        swap("const mg_value ", "s", m.to, m.from);
      else
        columns.push_back(m);
    for (const auto& [to, from] : plan::exchange(columns)) swap("void* const ", "c", to, from);
    if (!read.empty()) line("{ " + read + write + "}");
    for (const plan::Move& m : columns)
      if (!m.take)
        line("__builtin_memcpy(c[" + number(m.to) + "], c[" + number(m.from) + "], " + elements(type(m.to)) +
             " * " + number(static_cast<std::uint64_t>(size_of(type(m.to).scalar))) + ");");
  }

  static std::string elements(const Type& t) {
    switch (t.domain) {
      case Domain::Nodes:
        return "run->nodes";
      case Domain::Edges:
        return "run->edges";
      default:
        return number(static_cast<std::uint64_t>(t.length));
    }
  }

  // ---- groups
  Stage stage_of(plan::BlockIndex b, const Step& s) const {
    return plan::lower(plan_.program, plan_.program.regions[plan_.blocks[b].region].nodes[s.node].regions[0]);
  }
  static std::string group_name(plan::BlockIndex b, std::size_t i) {
    return "mg_group_" + number(b) + "_" + number(i);
  }

  void group(plan::BlockIndex b, std::size_t i, const Step& s) {
    const Stage stage = stage_of(b, s);
    groups_ += emit_group(stage, group_name(b, i), nullptr);
    open(s.once ? "if (!run->warm) {" : "{");
    line(group_name(b, i) + " g;");
    begin(stage, s, "0");
    hubs(stage, group_name(b, i));
    if (has_rows(stage)) line("mg_for_rows(run, " + chunks(stage) + ", " + elements(stage.domain) + ", g);");
    finish(stage, s, host(b, i));
    close();
  }

  /// Groups that run at once: all begin, all rows are walked, all finish. Reductions lie behind one another.
  void wave(plan::BlockIndex b, std::size_t first, std::size_t end) {
    std::vector<Stage> stages;
    std::string partial = "0";
    open("{");
    line("mg_part parts[" + number(end - first) + "];");
    line("int count = 0;");
    for (std::size_t i = first; i < end; ++i) {
      const Step& s = plan_.blocks[b].steps[i];
      const Stage& stage = stages.emplace_back(stage_of(b, s));
      groups_ += emit_group(stage, group_name(b, i), nullptr);
      line(group_name(b, i) + " g" + number(i) + ";");
      open(s.once ? "if (!run->warm) {" : "{");
      line("auto& g = g" + number(i) + ";");
      begin(stage, s, partial);
      hubs(stage, group_name(b, i));
      if (has_rows(stage))
        line("parts[count++] = mg_part_of(g, " + chunks(stage) + ", " + elements(stage.domain) + ");");
      close();
      if (!stage.reductions.empty())
        partial +=
            " + " + number(16 * stage.reductions.size()) + " * mg_leaves(" + elements(stage.domain) + ")";
    }
    line("mg_for_parts(run, parts, count);");
    for (std::size_t i = first; i < end; ++i) {
      const Step& s = plan_.blocks[b].steps[i];
      open(s.once ? "if (!run->warm) {" : "{");
      line("auto& g = g" + number(i) + ";");
      finish(stages[i - first], s, host(b, i));
      close();
    }
    close();
  }

  /// Its aggregates are numbered in the order in which groups are emitted, which is that of the plan's steps.
  std::string emit_group(const Stage& stage, const std::string& name, const plan::ActiveSet* active) {
    const std::size_t first = aggregates_;
    aggregates_ += stage.aggregates.size();
    return emit_host_group(stage, name, first, active);
  }

  /// The one group of a loop's body, of which an iteration may compute the active rows only.
  void active_group(plan::BlockIndex b, const Step& s, const plan::ActiveSet& set) {
    const Stage stage = stage_of(b, s);
    groups_ += emit_group(stage, group_name(b, 0), &set);
    open("{");
    line(group_name(b, 0) + " g;");
    begin(stage, s, "0");
    const std::string columns = "g.a" + number(set.argument) + ", g.r" + number(set.result);
    line("bool counted = true;");
    if (set.offers) line("if (i == 0 && mg_tracks(run) && mg_first_push(run, g, active, " + columns + ")) {");
    open(std::string(set.offers ? "} else " : "") + "if (mg_narrow(run, active, " +
         (set.offers ? set.offers->bounded ? "mg_push_weight_bounded" : "mg_push_weight" : "mg_pull_weight") +
         ")) {");
    line("mg_catch_up(run, active, " + columns + ");");
    line(set.offers ? "mg_push(run, g, active, " + columns + ");"
                    : "mg_pull_active(run, g, active, " + columns + ");");
    close();
    if (set.offers && set.offers->bounded)
      line("else if (active.known && mg_pull_bounded(run, g, active, " + columns + ")) {}");
    open("else {");
    hubs(stage, group_name(b, 0));
    line("mg_for_rows(run, " + chunks(stage) + ", " + elements(stage.domain) + ", g);");
    finish(stage, s, host(b, 0));
    line("mg_find_changed(run, active, " + columns + ");");
    line("counted = false;");
    close();
    open("if (counted) {");
    counted_ = &set;
    finish(stage, s, host(b, 0));
    counted_ = nullptr;
    close();
    close();
  }

  /// Arguments, results, entry code; partial results begin at byte `partial`.
  void begin(const Stage& stage, const Step& s, const std::string& partial) {
    line("g.run = run;");
    for (std::size_t a = 0; a < s.in.size(); ++a)
      if (stage.arguments[a].domain != Domain::Scalar)
        line("g.a" + number(a) + " = (const " + cpp(stage.arguments[a].scalar) + "*)c[" + number(s.in[a]) +
             "];");
    for (std::size_t k = 0; k < s.out.size(); ++k)
      if (stage.result_types[k].domain != Domain::Scalar)
        line("g.r" + number(k) + " = (" + cpp(stage.result_types[k].scalar) + "*)c[" + number(s.out[k]) +
             "];");
    for (plan::Register r = stage.entry.begin; r < stage.entry.end; ++r)
      line("g.v" + number(r) + " = " + scalar_code(stage, s, r) + ";");
    for (std::size_t k = 0; k < stage.reductions.size(); ++k)
      line("g.p" + number(k) + " = run->partial + " + partial + " + " + number(k * 16) + " * mg_leaves(" +
           elements(stage.domain) + ");");
  }

  void hubs(const Stage& stage, const std::string& name) {
    for (const HubFold& f : hub_folds(stage))
      line((f.second ? "if (!run->undirected) mg_for_hub_segments(run, run->"
                     : "mg_for_hub_segments(run, run->") +
           std::string(f.out ? "out, " : "in, ") + name + "::" + f.name() + ", &g);");
  }

  static bool has_rows(const Stage& stage) { return stage.domain.domain != Domain::Scalar; }

  static std::string chunks(const Stage& stage) {
    if (stage.domain.domain == Domain::Edges) return "run->by_edge";
    if (stage.domain.domain == Domain::Fixed) return "mg_chunks{nullptr, 1}";
    if (stage.aggregates.empty()) return "run->by_node";
    switch (stage.aggregates[0].direction) {
      case ops::Direction::In:
        return "run->by_in";
      case ops::Direction::Out:
        return "run->by_out";
      default:
        return "run->by_both";
    }
  }

  std::string scalar_code(const Stage& stage, const Step& s, plan::Register r) const {
    const plan::Operation& o = stage.code[r];
    using Kind = plan::Operation::Kind;
    switch (o.kind) {
      case Kind::Constant:
        return device_literal(o.constant);
      case Kind::Argument:
        return scalar(s.in[o.index], o.type);
      case Kind::NodeCount:
        return "run->nodes";
      case Kind::EdgeCount:
        return "run->edges";
      case Kind::Reduction:
        return reduction(stage, o.index);
      case Kind::Scalar:
        break;
      default:
        throw InternalError("host text: a column stands among scalars");
    }
    std::string in[3];
    for (std::size_t i = 0; i < o.arity; ++i)
      in[i] = (stage.is_entry(o.in[i]) ? "g.v" : "v") + number(o.in[i]);
    return device_call(o.scalar, o.operand, o.type, std::span(in).first(o.arity));
  }

  std::string reduction(const Stage& stage, std::uint32_t k) const {
    const plan::Reduction& r = stage.reductions[k];
    if (counted_) return cpp(r.type) + "(active.changes." + name_of(counted_->changes[k].kind) + ")";
    const std::string leaves = "mg_leaves(" + elements(stage.domain) + ")", t = cpp(r.accumulator);
    if (r.kind != plan::Reduction::Kind::Fold)
      return std::string("mg_column_extreme<") +
             (r.kind == plan::Reduction::Kind::ArgMin ? "true, " : "false, ") + t + ">(g.p" + number(k) +
             ", " + leaves + ")";
    return cpp(r.type) + "(mg_column_finish<mg_monoid_" + std::string(ops::info(r.monoid).name) + ", " + t +
           ">(g.p" + number(k) + ", " + leaves + "))";
  }

  void finish(const Stage& stage, const Step& s, const std::string& host) {
    for (plan::Register r = stage.finish.begin; r < stage.finish.end; ++r)
      line("const " + cpp(stage.code[r].type) + " v" + number(r) + " = " + scalar_code(stage, s, r) + ";");
    for (std::size_t k = 0; k < s.out.size(); ++k)
      if (stage.result_types[k].domain == Domain::Scalar)
        line(scalar(s.out[k], stage.result_types[k].scalar) + " = " +
             (stage.is_entry(stage.results[k]) ? "g.v" : "v") + number(stage.results[k]) + ";");
    if (stage.takes({0, static_cast<plan::Register>(stage.code.size())}))
      line("if (run->failed != ~0ull) { " + host + "; return 1; }");
  }

  static std::string name_of(plan::ActiveSet::Change::Kind k) {
    constexpr const char* kNames[] = {"differs", "less", "greater"};
    return kNames[static_cast<std::size_t>(k)];
  }

  const Plan& plan_;
  const plan::ActiveSet* counted_ = nullptr;  ///< reductions are what it counted
  std::string groups_, body_;
  std::size_t indent_ = 2, aggregates_ = 0;
};

}  // namespace

std::string host_prelude() {
  std::string text;
  for (const char* name : {"scalar_math", "shapes", "values", "candidates"})
    text += std::string(embedded_text("kernels/" + std::string(name) + ".cuh"));
  text += table_text();
  for (const char* name : {"host_run", "host_rows", "host_modes", "host_active"})
    text += std::string(embedded_text("kernels/" + std::string(name) + ".cuh"));
  return text;
}

std::string emit_plan(const Plan& plan) { return PlanText(plan).emit(); }

// Where a loop lies in the lines of instructions is worth up to 1.6x on short rows, so loops are aligned.
// Not -fno-trapping-math: with it g++ 12 turns (double)(int)x into trunc(x), which keeps the sign of -0.
std::vector<std::string> plan_flags() {
  return {"-O3",     "-march=native",        "-falign-functions=64", "-falign-loops=32",
          "-fwrapv", "-fno-strict-aliasing", "-fno-exceptions",      "-fno-rtti",
          "-w"};
}

}  // namespace monograph::codegen
