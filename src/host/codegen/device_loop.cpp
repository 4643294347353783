// Each block keeps the scalars of the loop and the places of its columns in shared memory, and computes
// what depends on scalars alone by itself: conditions, counters, moves and groups without rows need no
// barrier of the grid, and no block can see a condition that another one has already changed. What a group
// with rows yields as a scalar goes through global memory: its last block writes, a barrier of the grid
// follows, each block fetches. That cell is written again only by the last block of a later group, which is
// the last because all blocks have been there, and so have fetched.
#include "host/codegen/device_loop.h"

#include <monograph/error.h>

#include <algorithm>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "host/codegen/device_step.h"
#include "host/codegen/embedded_text.h"
#include "host/codegen/stage_text.h"
#include "host/ops/op_def.h"
#include "host/plan/moves.h"

namespace monograph::codegen {
namespace {

namespace device {
// Each needs those before it.
// clang-format off
#include "kernels/device_run.cuh"
#include "kernels/control.cuh"
#include "kernels/grid_barrier.cuh"
#include "kernels/device_loop.cuh"
// clang-format on
}  // namespace device

using plan::BlockIndex;
using plan::Move;
using plan::Plan;
using plan::SlotId;
using plan::Stage;
using plan::Step;

std::string number(std::uint64_t n) { return std::to_string(n); }
std::size_t aligned(std::size_t bytes) { return (bytes + 15) / 16 * 16; }

void for_each_block(const Plan& plan, const Step& step, const std::function<void(BlockIndex)>& f) {
  for (const BlockIndex b : step.blocks) {
    f(b);
    for (const Step& inner : plan.blocks[b].steps) for_each_block(plan, inner, f);
  }
}

bool has_checks(const Stage& stage) {
  return std::ranges::any_of(stage.code, [](const auto& o) { return o.kind == plan::Operation::Kind::Take; });
}

std::size_t step_number(const plan::Block& block, const Step& step) {
  return static_cast<std::size_t>(&step - block.steps.data());
}

std::size_t depth_of(const Plan& plan, const Step& step) {
  std::size_t inside = 0;
  for (const BlockIndex b : step.blocks)
    for (const Step& s : plan.blocks[b].steps) inside = std::max(inside, depth_of(plan, s));
  return inside + (step.kind == Step::Kind::While);
}

class LoopText {
 public:
  LoopText(const Plan& plan, const Step& loop, std::string group, DeviceOptions options)
      : plan_(plan),
        loop_(loop),
        options_(options),
        group_(std::move(group)),
        name_("mg_" + group_ + "_loop") {
    find_writes();
  }

  DeviceLoop emit() {
    loop(loop_);
    leave();
    const std::string head =
        "extern \"C\" __global__ void __launch_bounds__(256) " + name_ + "(mg_loop* loop) {\n" + enter();
    const std::size_t tables = aligned(8 * columns_.size()) + aligned(8 * scalars_.size());
    return {.text = functions_ + head + body_ + "}\nMG_KERNEL_ENTRY(" + name_ + ")\n",
            .kernel = {.name = name_,
                       .rows_per_block = 1024,
                       .block_threads = 256,
                       .shared_bytes = static_cast<std::uint32_t>(tables + arena_)}};
  }

 private:
  // ---- what the loop writes
  bool is_column(SlotId s) const { return plan_.slots[s].type.domain != Domain::Scalar; }
  ScalarType type(SlotId s) const { return plan_.slots[s].type.scalar; }

  void find_writes() {
    const auto add_moves = [&](const std::vector<Move>& moves) {
      for (const Move& m : moves) {
        written_.insert(m.to);
        if (m.take && is_column(m.to)) written_.insert(m.from);
      }
      std::vector<Move> columns = columns_of(moves);
      for (const auto& [slot, from] : plan::exchange(columns)) join(slot, from);
    };
    const auto add_step = [&](const Step& s) {
      written_.insert(s.out.begin(), s.out.end());
      if (s.kind == Step::Kind::While) written_.insert(plan_.blocks[s.blocks[0]].arguments[0]);
      add_moves(s.enter);
    };
    add_step(loop_);
    for_each_block(plan_, loop_, [&](BlockIndex b) {
      const plan::Block& block = plan_.blocks[b];
      for (const Step& s : block.steps) add_step(s);
      add_moves(block.leave);
    });
  }

  std::vector<Move> columns_of(const std::vector<Move>& moves) const {
    std::vector<Move> columns;
    for (const Move& m : moves)
      if (is_column(m.to)) columns.push_back(m);
    return columns;
  }

  /// Slots that may exchange their memory are one family.
  void join(SlotId a, SlotId b) {
    std::set<SlotId> family{a, b};
    std::erase_if(families_, [&](const std::set<SlotId>& f) {
      if (!f.contains(a) && !f.contains(b)) return false;
      family.insert(f.begin(), f.end());
      return true;
    });
    families_.push_back(std::move(family));
  }

  // ---- places of values
  static std::string place(std::map<SlotId, std::size_t>& table, SlotId s) {
    return number(table.try_emplace(s, table.size()).first->second);
  }
  std::string column(SlotId s) { return "c[" + place(columns_, s) + "]"; }
  std::string cell(SlotId s) { return "s[" + place(scalars_, s) + "]"; }
  std::string scalar(SlotId s) { return "mg_get<" + type_word(type(s)) + ">(" + cell(s) + ")"; }

  std::string elements(SlotId s) const {
    switch (plan_.slots[s].type.domain) {
      case Domain::Nodes:
        return "loop->lanes->nodes";
      case Domain::Edges:
        return "loop->lanes->edges";
      default:
        return number(static_cast<std::uint64_t>(plan_.slots[s].type.length));
    }
  }

  // ---- lines
  void line(const std::string& text) { body_ += std::string(indent_, ' ') + text + "\n"; }
  void open(const std::string& text) { line(text), indent_ += 2; }
  void close() { indent_ -= 2, line("}"); }
  /// What one thread of each block changes in its tables, between two barriers of the block.
  void change(const std::string& code) {
    line("__syncthreads();");
    line("if (threadIdx.x == 0) { " + code + "}");
    line("__syncthreads();");
  }
  void barrier() { line("mg_grid_barrier(&loop->barrier, grid);"); }

  /// The tables, filled once it is known what is in them.
  std::string enter() {
    const std::size_t columns = aligned(8 * columns_.size()), scalars = aligned(8 * scalars_.size());
    std::string text =
        "  MG_SHARED(memory);\n"
        "  void** const c = reinterpret_cast<void**>(memory);\n"
        "  mg_value* const s = reinterpret_cast<mg_value*>(memory + " +
        number(columns) + ");\n  unsigned char* const arena = memory + " + number(columns + scalars) +
        ";\n"
        "  const mg_grid grid{blockIdx.x, gridDim.x};\n"
        "  mg_u64 looks = 0;\n"
        "  if (!mg_loop_begins(loop)) return;\n"
        "  if (threadIdx.x == 0) {\n";
    for (const auto& [slot, at] : columns_)
      text += "    c[" + number(at) + "] = loop->columns[" + number(slot) + "];\n";
    for (const auto& [slot, at] : scalars_)
      text += "    s[" + number(at) + "] = loop->scalars[" + number(slot) + "];\n";
    return text + "  }\n  __syncthreads();\n";
  }

  /// Scalars for who comes after, columns back to their places. Nobody fetches a scalar any more then. The
  /// same where a check failed: what it looked at is looked at again.
  void leave() {
    barrier();
    if (ends_) body_ += "end:\n";
    for (const std::set<SlotId>& family : families_) bring_home(family);
    open("if (grid.block == 0 && threadIdx.x == 0) {");
    for (const SlotId s : written_)
      if (!is_column(s) && scalars_.contains(s)) line("loop->scalars[" + number(s) + "] = " + cell(s) + ";");
    line("mg_leave_loop(loop);");
    close();
  }

  void bring_home(const std::set<SlotId>& family) {
    std::string home, now;
    for (const SlotId s : family) {
      home += (home.empty() ? "" : ", ") + ("loop->columns[" + number(s) + "]");
      now += (now.empty() ? "" : ", ") + column(s);
    }
    const SlotId any = *family.begin();
    open("{");
    line("void* const home[] = {" + home + "};");
    line("void* const now[] = {" + now + "};");
    line("mg_bring_home<" + type_word(type(any)) + ">(grid, " + elements(any) + ", home, now);");
    close();
  }

  // ---- control
  void end_if(const std::string& condition) {
    line("if (" + condition + ") goto end;");
    ends_ = true;
  }

  void steps(BlockIndex index) {
    const plan::Block& b = plan_.blocks[index];
    for (std::size_t at = 0, end = 0; at < b.steps.size(); at = end) {
      end = plan::end_of_wave(b, at);
      switch (b.steps[at].kind) {
        case Step::Kind::Group:
          wave(index, at, end);
          break;
        case Step::Kind::While:
          loop(b.steps[at]);
          break;
        case Step::Kind::If:
          branch(b.steps[at]);
          break;
        case Step::Kind::Host:
          host(index, at);
          break;
      }
    }
  }

  void loop(const Step& s) {
    const plan::Block& body = plan_.blocks[s.blocks[0]];
    const std::string d = number(++depth_), i = "i" + d, go = "go" + d, most = "most" + d;
    open("{");
    line("bool " + go + " = " + scalar(s.in[0]) + ";");
    line("const mg_i64 " + most + " = " + scalar(s.in[1]) + ";");
    move(s.enter);
    line("mg_i64 " + i + " = 0;");
    open("for (; " + go + " && " + i + " < " + most + "; ++" + i + ") {");
    change(scalar(body.arguments[0]) + " = " + i + "; ");
    const bool around = std::exchange(look_, true);
    steps(s.blocks[0]);
    if (look_) end_if("mg_pause(loop, grid, i1, " + i + ", looks)");
    look_ = around;
    line(go + " = " + scalar(body.results[0]) + ";");
    move(body.leave);
    close();
    // places are given in the order in which they are asked for, and C++ leaves that of operands open
    const std::string iterations = scalar(s.out[s.out.size() - 2]), finished = scalar(s.out.back());
    change(iterations + " = " + i + "; " + finished + " = !" + go + "; ");
    if (depth_ == 1)
      line("if (grid.block == 0 && threadIdx.x == 0) loop->iterations = " + i + ", loop->finished = !" + go +
           ";");
    close();
    --depth_;
  }

  void branch(const Step& s) {
    open("if (" + scalar(s.in[0]) + ") {");
    const bool around = std::exchange(look_, false);  // an iteration may take the other side
    for (std::size_t side = 0; side < 2; ++side) {
      steps(s.blocks[side]);
      move(plan_.blocks[s.blocks[side]].leave);
      if (side == 0) indent_ -= 2, open("} else {");
    }
    close();
    look_ = around;
  }

  /// Scalars and places at once, then copies, by the whole grid.
  void move(const std::vector<Move>& moves) {
    std::string read, write;
    for (const Move& m : moves) {
      if (is_column(m.to)) continue;
      read += "const mg_value v" + number(m.to) + " = " + cell(m.from) + "; ";
      write += cell(m.to) + " = v" + number(m.to) + "; ";
    }
    for (const auto& [to, from] : plan::exchange(columns_of(moves))) {
      read += "void* const p" + number(to) + " = " + column(from) + "; ";
      write += column(to) + " = p" + number(to) + "; ";
    }
    if (!read.empty()) change(read + write);
    std::set<SlotId> reads, writes;
    for (const Move& m : moves) {
      if (!is_column(m.to) || m.take) continue;
      if (writes.contains(m.from) || reads.contains(m.to)) barrier();
      reads.insert(m.from), writes.insert(m.to);
      const std::string from = column(m.from), to = column(m.to);
      line("mg_copy_column<" + type_word(type(m.to)) + ">(grid, " + to + ", " + from + ", " + elements(m.to) +
           ");");
    }
    if (!writes.empty()) barrier();
  }

  // ---- groups
  struct Group {
    const Step* step;
    std::size_t at;
    Stage stage;
    std::optional<ActiveRows> active;
    std::vector<StageFunction> functions;
    bool has_rows() const { return functions.back().has_rows; }
  };

  Group group_of(BlockIndex index, std::size_t at) {
    const plan::Block& b = plan_.blocks[index];
    const Step& step = b.steps[at];
    Stage stage = plan::lower(plan_.program, plan_.program.regions[b.region].nodes[step.node].regions[0]);
    std::optional<ActiveRows> active = options_.active ? active_rows(plan_, index) : std::nullopt;
    auto functions = emit_stage_functions(stage, group_ + "_" + number(index) + "_" + number(at), options_,
                                          active ? &active->set : nullptr);
    for (const StageFunction& f : functions) {
      functions_ += f.text;
      arena_ = std::max(arena_, f.shared_bytes);
    }
    return {&step, at, std::move(stage), std::move(active), std::move(functions)};
  }

  /// Groups with rows are on lanes of their own, as far as there are any; then all wait for all.
  void wave(BlockIndex index, std::size_t first, std::size_t end) {
    std::vector<Group> with_rows;
    for (std::size_t at = first; at < end; ++at) {
      Group g = group_of(index, at);
      if (g.has_rows()) {
        with_rows.push_back(std::move(g));
        continue;
      }
      line("__syncthreads();");
      call(g, "{0, 1}", "loop->lanes", [&](SlotId s) { return "&" + cell(s); });
    }
    if (with_rows.empty()) return;
    std::string note, fetch;
    for (std::size_t k = 0; k < with_rows.size(); ++k) {
      const Group& g = with_rows[k];
      const std::string lane = k == 0 ? "0" : number(k) + " % loop->lane_count";
      if (k > 0) line("if (" + lane + " == 0) mg_grid_barrier(&loop->barrier, grid);");
      call(g, "grid", k == 0 ? "loop->lanes" : "loop->lanes + " + lane,
           [&](SlotId s) { return "loop->scalars + " + number(s); });
      if (has_checks(g.stage)) note += noting(index, g.at, lane);
      for (const SlotId s : g.step->out)
        if (!is_column(s)) fetch += cell(s) + " = loop->scalars[" + number(s) + "]; ";
    }
    finish_wave(note, fetch);
  }

  /// The first barrier of an iteration is also where the host is heard.
  void finish_wave(const std::string& note, const std::string& fetch) {
    const bool look = std::exchange(look_, false);
    if (look) line("mg_look(loop, grid, i1, i" + number(depth_) + ", ++looks);");
    if (note.empty()) {
      barrier();
    } else {
      line("mg_grid_barrier(&loop->barrier, grid, [&] { " + note + "});");
      end_if("loop->failed_block >= 0");
    }
    if (look) end_if("looks >= loop->stop_at");
    if (fetch.empty()) return;
    line("if (threadIdx.x == 0) { " + fetch + "}");
    line("__syncthreads();");
  }

  std::string site(BlockIndex index, std::size_t at) const { return number(index) + ", " + number(at); }
  /// How many loops are around, and the numbers of their iterations.
  std::string iterations() const {
    std::string text = number(depth_);
    for (std::size_t d = 1; d <= depth_; ++d) text += ", i" + number(d);
    return text;
  }
  /// While all wait: what a block sees afterwards, all see.
  std::string noting(BlockIndex index, std::size_t at, const std::string& lane) const {
    return "mg_note(loop, " + site(index, at) + ", " + lane + ", " + iterations() + "); ";
  }

  /// A scalar is seen by all blocks, so a barrier costs only who fails: without it the first to leave would
  /// write scalars that another one has yet to fetch. What looks at columns is noted as it is of groups.
  void host(BlockIndex index, std::size_t at) {
    const Step& step = plan_.blocks[index].steps[at];
    const DeviceStep device = device_step(plan_, index, at).value();
    if (device.kind == DeviceStep::Kind::Check && !is_column(step.in[0])) {
      open("if (" + scalar(step.in[0]) + ") {");
      line("mg_grid_barrier(&loop->barrier, grid, [&] { mg_fail_scalar(loop, " + site(index, at) + ", " +
           iterations() + "); });");
      line("goto end;");
      close();
      ends_ = true;
      return;
    }
    StepWords words{.grid = "grid", .run = "loop->lanes", .arena = "arena"};
    for (const SlotId s : step.in) words.in.push_back(operand(s));
    for (const SlotId s : step.out) words.out = typed(s, "");
    const std::vector<StepCall> calls = step_calls(device, words);
    for (const StepCall& call : calls) {
      arena_ = std::max(arena_, call.shared_bytes);
      if (!call.condition.empty()) open("if (" + call.condition + ") {");
      line(call.text + ";");
      if (&call != &calls.back()) barrier();
      if (!call.condition.empty()) close();
    }
    finish_wave(device.can_fail ? noting(index, at, "0") : "", "");
  }

  std::string operand(SlotId s) {
    return s == plan::kNoSlot ? "nullptr" : is_column(s) ? typed(s, "const ") : "&" + cell(s);
  }
  std::string typed(SlotId s, const std::string& constness) {
    return "static_cast<" + constness + type_word(type(s)) + "*>(" + column(s) + ")";
  }

  /// `scalar_result` is where a scalar result goes.
  void call(const Group& g, const std::string& grid, const std::string& lane,
            const std::function<std::string(SlotId)>& scalar_result) {
    const Step& step = *g.step;
    std::string text;
    std::uint64_t fixed = 0;
    for (std::size_t a = 0; a < step.in.size(); ++a) {
      const SlotId s = step.in[a];
      const bool is_fixed = is_column(s) && !written_.contains(s);
      if (is_fixed && a < 64) fixed |= std::uint64_t{1} << a;
      text += ", " + operand(s);
    }
    for (const SlotId s : step.out) text += ", " + (is_column(s) ? typed(s, "") : scalar_result(s));
    if (g.active) text += ", &" + cell(g.active->iteration);
    for (const StageFunction& f : g.functions) {
      if (&f != &g.functions.front()) barrier();
      line(f.name + "_stage<" + number(fixed) + "u>(" + grid + ", arena, " + lane + text + ");");
    }
  }

  const Plan& plan_;
  const Step& loop_;
  const DeviceOptions options_;
  const std::string group_, name_;
  std::set<SlotId> written_;                         // slots
  std::vector<std::set<SlotId>> families_;           // of columns that may exchange their memory
  std::map<SlotId, std::size_t> columns_, scalars_;  // places in the block's tables
  std::string functions_, body_;
  std::size_t indent_ = 2, depth_ = 0;
  std::uint32_t arena_ = 0;
  bool ends_ = false;  // somewhere in the middle
  bool look_ = false;  // the present iteration has not asked yet what the host wants
};

}  // namespace

std::string loop_objection(const Plan& plan, BlockIndex block, std::size_t step) {
  const Step& loop = plan.blocks[block].steps[step];
  std::string objection;
  for_each_block(plan, loop, [&](BlockIndex b) {
    for (const Step& s : plan.blocks[b].steps) {
      if (s.kind != Step::Kind::Host || device_step(plan, b, step_number(plan.blocks[b], s))) continue;
      const ops::OpId op = plan.program.regions[plan.blocks[b].region].nodes[s.node].op;
      if (objection.empty()) objection = std::string(ops::def(op).name) + " has no device code";
    }
  });
  if (objection.empty() && depth_of(plan, loop) > MG_LOOP_DEPTH)
    objection = "more than " + number(MG_LOOP_DEPTH) + " loops inside of each other";
  return objection;
}

DeviceLoop emit_device_loop(const Plan& plan, BlockIndex block, std::size_t step, const std::string& group,
                            DeviceOptions options) {
  return LoopText(plan, plan.blocks[block].steps[step], group, options).emit();
}

std::string device_loop_prelude() {
  std::string text;
  for (const char* name : {"control", "grid_barrier", "device_loop"})
    text += std::string(embedded_text("kernels/" + std::string(name) + ".cuh"));
  return text;
}

}  // namespace monograph::codegen
