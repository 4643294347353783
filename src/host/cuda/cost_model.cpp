#include "host/cuda/cost_model.h"

#include <monograph/error.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <optional>
#include <utility>

#include "host/base/json_archive.h"
#include "host/codegen/embedded_text.h"
#include "host/codegen/step_text.h"
#include "host/ops/op_def.h"

namespace monograph::cuda {

using plan::SlotId;
using plan::Step;

template <class A, base::Like<DeviceFigures> F>
void fields(A& a, F& f) {
  a.field("architecture", f.architecture);
  a.field("measured", f.measured);
  a.field("source", f.source);
  a.field("kernel_ns", f.kernel_ns);
  a.field("round_ns", f.round_ns);
  a.field("block_barrier_ns", f.block_barrier_ns);
  a.field("grid_barrier_ns", f.grid_barrier_ns);
  a.field("bytes_per_us", f.bytes_per_us);
  a.field("block_bytes_per_us", f.block_bytes_per_us);
  a.field("hub_edges", f.hub_edges);
  a.field("proven", f.proven);
}

namespace {

constexpr std::int64_t kFormat = 1;
constexpr double kUnknownIterations = 50;
constexpr double kEdgeBytes = 4 + 8;  // a neighbour's number, and what is read there
constexpr int kUnrolls[] = {2, 4, 8};

struct FigureFile {
  std::int64_t format = 0;
  std::vector<DeviceFigures> devices;
};

template <class A, base::Like<FigureFile> F>
void fields(A& a, F& f) {
  a.field("format", f.format);
  a.field("devices", f.devices);
}

class Estimate {
 public:
  Estimate(const plan::Plan& plan, std::int64_t nodes, std::int64_t edges, const DeviceFigures& f,
           const GraphOptions& options)
      : plan_(plan), nodes_(nodes), edges_(edges), f_(f), options_(options) {}

  double run() const { return block(0, Tier::Graph); }

 private:
  /// `tier` of what is around.
  double block(plan::BlockIndex index, Tier tier) const {
    double ns = 0;
    const plan::Block& b = plan_.blocks[index];
    for (std::size_t i = 0; i < b.steps.size(); ++i) {
      const Step& s = b.steps[i];
      if (s.kind == Step::Kind::While)
        ns += loop(s, tier != Tier::Graph ? tier : tier_of(index, i));
      else if (s.kind == Step::Kind::If)
        ns += boundary(tier) + std::max(block(s.blocks[0], tier), block(s.blocks[1], tier));
      else if (const auto device = codegen::device_step(plan_, index, i))
        ns += boundary(tier) + moved(bytes_of(s, *device), tier);
    }
    return ns;
  }

  /// Of a loop that stands among nodes.
  Tier tier_of(plan::BlockIndex block, std::size_t step) const {
    if (options_.tier == Tier::Graph) return Tier::Graph;
    return codegen::loop_text(plan_, block, step).objection.empty() ? options_.tier : Tier::Graph;
  }
  double boundary(Tier tier) const {
    return static_cast<double>(tier == Tier::Block  ? f_.block_barrier_ns
                               : tier == Tier::Grid ? f_.grid_barrier_ns
                                                    : f_.kernel_ns);
  }
  double moved(double bytes, Tier tier) const {
    return 1e3 * bytes / static_cast<double>(tier == Tier::Block ? f_.block_bytes_per_us : f_.bytes_per_us);
  }
  double column_bytes(SlotId slot) const {
    const Type& t = plan_.slots[slot].type;
    if (t.domain == Domain::Scalar) return 0;
    return static_cast<double>(ops::element_count(t, nodes_, edges_) * size_of(t.scalar));
  }
  double bytes_of(const Step& s, const codegen::DeviceStep& device) const {
    double bytes =
        kEdgeBytes * static_cast<double>(edges_) * static_cast<double>(device.stage.aggregates.size());
    for (const SlotId slot : s.in)
      if (slot != plan::kNoSlot) bytes += column_bytes(slot);
    for (const SlotId slot : s.out) bytes += column_bytes(slot);
    return bytes;
  }

  double loop(const Step& s, Tier tier) const {
    const auto count = constant_count(plan_, s);
    const double iterations = count ? static_cast<double>(*count) : kUnknownIterations;
    double iteration = block(s.blocks[0], tier), once = static_cast<double>(f_.kernel_ns);
    if (tier == Tier::Graph) {
      const LoopForm form = loop_form(plan_, s, options_, true);
      iteration += boundary(tier) + copies(s, form.turns, tier);  // the kernel that decides
      if (!form.full) iteration += static_cast<double>(f_.round_ns) / form.copies;
      if (form.copies > 1 &&
          !form.full) {  // kernels of the last round that find it over, columns brought back
        once += boundary(tier) * (static_cast<double>(form.copies) / 2) *
                static_cast<double>(kernels_of(plan_, s.blocks[0], options_));
        once += 2 * boundary(tier) + copies(s, false, tier);
      }
    } else {
      iteration += copies(s, true, tier);
    }
    return once + iterations * iteration;
  }
  /// Of the columns that a body hands on; those that it may take are not copied where memory changes hands.
  double copies(const Step& s, bool turns, Tier tier) const {
    double ns = 0;
    for (const plan::Move& m : plan_.blocks[s.blocks[0]].leave)
      if (const double bytes = column_bytes(m.to); bytes > 0 && !(turns && m.take))
        ns += boundary(tier) + moved(2 * bytes, tier);
    return ns;
  }

  const plan::Plan& plan_;
  std::int64_t nodes_, edges_;
  const DeviceFigures& f_;
  const GraphOptions& options_;
};

bool is_proven(const DeviceFigures& figures, Protocol p) {
  return std::ranges::find(figures.proven, p) != figures.proven.end();
}

std::string duration(double ns) {
  std::array<char, 32> text{};
  const bool long_one = ns >= 1e6;
  std::snprintf(text.data(), text.size(), "%.3g %s", ns / (long_one ? 1e6 : 1e3), long_one ? "ms" : "us");
  return text.data();
}

}  // namespace

std::vector<DeviceFigures> read_figures(std::string_view json, const std::string& origin) {
  const auto document = base::JsonReader::Json::parse(json, nullptr, false);
  if (document.is_discarded()) throw PlanError(origin + ": expected JSON");
  base::JsonReader reader(document, origin);
  FigureFile file;
  reader.value(file);
  if (file.format != kFormat)
    throw PlanError(origin + ": /format: expected " + std::to_string(kFormat) + ", found " +
                    std::to_string(file.format));
  for (const DeviceFigures& f : file.devices)
    if (f.bytes_per_us < 1 || f.block_bytes_per_us < 1)
      throw PlanError(origin + ": /devices: expected a device that moves bytes, found one that moves none");
  return std::move(file.devices);
}

DeviceFigures figures_for(const std::vector<DeviceFigures>& all, int architecture) {
  for (const std::int64_t wanted : {std::int64_t{architecture}, std::int64_t{0}})
    for (const DeviceFigures& f : all)
      if (f.architecture == wanted) return f;
  throw InternalError("no figures for sm_" + std::to_string(architecture));
}

const std::vector<DeviceFigures>& shipped_figures() {
  static const auto figures =
      read_figures(codegen::embedded_text("host/cuda/device_figures.json"), "device figures");
  return figures;
}

double estimate_ns(const plan::Plan& plan, std::int64_t nodes, std::int64_t edges,
                   const DeviceFigures& figures, const GraphOptions& options) {
  return Estimate(plan, nodes, edges, figures, options).run();
}

bool loops_may_be_kernels(const DeviceFigures& figures) {
  return is_proven(figures, Protocol::BlockLoop) || is_proven(figures, Protocol::GridLoop);
}

Way choose_way(const plan::Plan& plan, std::int64_t nodes, std::int64_t edges, const DeviceFigures& figures) {
  std::vector<Way> ways(1);
  if (is_proven(figures, Protocol::Unroll))
    for (const int unroll : kUnrolls) ways.push_back({.graph = {.unroll = unroll}});
  if (is_proven(figures, Protocol::FullUnroll))
    for (std::size_t i = 0, end = ways.size(); i < end; ++i) {
      ways.push_back(ways[i]);
      ways.back().graph.full_unroll = kMostUnrolled;
    }
  if (is_proven(figures, Protocol::GridLoop)) ways.push_back({.graph = {.tier = Tier::Grid}});
  if (is_proven(figures, Protocol::BlockLoop)) ways.push_back({.graph = {.tier = Tier::Block}});
  for (Way& w : ways) w.ns = estimate_ns(plan, nodes, edges, figures, w.graph);
  return *std::ranges::min_element(ways, {}, &Way::ns);
}

std::string Way::text() const {
  if (graph.tier == Tier::Block) return "T0: each loop one kernel of one block";
  if (graph.tier == Tier::Grid) return "T1: each loop one kernel of blocks that wait for each other";
  std::string text = "T2: nodes of a graph";
  if (graph.unroll > 1) text += ", " + std::to_string(graph.unroll) + " iterations a round";
  if (graph.full_unroll > 0)
    text += ", no WHILE node up to " + std::to_string(graph.full_unroll) + " kernels";
  return text;
}

namespace {

/// Why the outermost loops, from a block on, are no kernels: a line each.
void add_objections(const plan::Plan& plan, plan::BlockIndex block, std::string& text) {
  const auto& steps = plan.blocks[block].steps;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    std::string why;
    if (steps[i].kind == Step::Kind::While) {
      why = codegen::loop_text(plan, block, i).objection;
      if (why.empty()) continue;
      text += "the loop at block " + std::to_string(block) + ", step " + std::to_string(i) +
              " is nodes in every tier: " + why + "\n";
    }
    for (const plan::BlockIndex inside : steps[i].blocks) add_objections(plan, inside, text);
  }
}

}  // namespace

std::string explain_choice(const plan::Plan& plan, std::int64_t nodes, std::int64_t edges,
                           const DeviceFigures& figures) {
  const Way chosen = choose_way(plan, nodes, edges, figures);
  std::string text = chosen.text() + "\n";
  const bool loops = std::ranges::any_of(plan.blocks, [](const plan::Block& b) {
    return std::ranges::any_of(b.steps, [](const Step& s) { return s.kind == Step::Kind::While; });
  });
  if (!loops) return text + "there are no loops: every tier is the same\n";
  for (const auto& [tier, protocol] : {std::pair(Tier::Graph, std::optional<Protocol>()),
                                       std::pair(Tier::Grid, std::optional(Protocol::GridLoop)),
                                       std::pair(Tier::Block, std::optional(Protocol::BlockLoop))}) {
    Way way{.graph = {.tier = tier}};
    if (tier == chosen.graph.tier) way = chosen;
    way.ns = estimate_ns(plan, nodes, edges, figures, way.graph);
    text += "  " + way.text() + ": about " + duration(way.ns) +
            (figures.measured ? "" : ", by figures that nobody measured") +
            (protocol && !is_proven(figures, *protocol) ? "; not proven on such a device" : "") +
            (tier == chosen.graph.tier ? "; taken" : "") + "\n";
  }
  add_objections(plan, 0, text);
  return text;
}

}  // namespace monograph::cuda
