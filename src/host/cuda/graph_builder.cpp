#include "host/cuda/graph_builder.h"

#include <algorithm>
#include <cstddef>
#include <cstring>

#include "host/ops/op_def.h"

namespace monograph::cuda {

using plan::Move;
using plan::SlotId;
using plan::Step;

namespace {

constexpr std::int64_t kMostBlocks = 1 << 20;

unsigned blocks_for(std::int64_t rows, std::int64_t rows_per_block) {
  if (rows_per_block == 0) return 1;
  return static_cast<unsigned>(
      std::clamp<std::int64_t>((rows + rows_per_block - 1) / rows_per_block, 1, kMostBlocks));
}

bool has_checks(const plan::Stage& stage) {
  return std::ranges::any_of(stage.code, [](const auto& o) { return o.kind == plan::Operation::Kind::Take; });
}

}  // namespace

bool GraphBuilder::is_column(SlotId slot) const { return o_.plan_.slots[slot].type.domain != Domain::Scalar; }

void* GraphBuilder::address(SlotId slot) const {
  if (slot == plan::kNoSlot) return nullptr;
  return slot == kSpill ? spill_ : o_.slots_[slot];
}

void GraphBuilder::build() {
  Frontier after;
  copy(o_.graph_.get(), o_.control_.get(), o_.in_.get(), o_.control_bytes_, after);
  block(o_.graph_.get(), 0, after);
  copy(o_.graph_.get(), o_.out_.get(), o_.control_.get(), o_.control_bytes_, after);
}

void GraphBuilder::block(CudaGraph graph, plan::BlockIndex index, Frontier& after) {
  const plan::Block& b = o_.plan_.blocks[index];
  for (std::size_t at = 0, end = 0; at < b.steps.size(); at = end) {
    end = plan::end_of_wave(b, at);
    switch (b.steps[at].kind) {
      case Step::Kind::Group:
        wave(graph, index, at, end, after);
        break;
      case Step::Kind::Host:
        result(graph, at, after);
        break;
      case Step::Kind::While:
        loop(graph, b.steps[at], index == 0, after);
        break;
      case Step::Kind::If:
        branch(graph, b.steps[at], after);
        break;
    }
  }
}

/// Groups on different lanes wait for the wave before, and for nothing of their own; on one lane, for each
/// other.
void GraphBuilder::wave(CudaGraph graph, plan::BlockIndex index, std::size_t first, std::size_t end,
                        Frontier& after) {
  std::vector<Frontier> lanes(std::min(o_.lanes_, end - first), after);
  for (std::size_t k = 0; first + k < end; ++k)
    group(graph, index, first + k, k % lanes.size(), lanes[k % lanes.size()]);
  after.clear();
  for (const Frontier& lane : lanes) after.insert(after.end(), lane.begin(), lane.end());
}

void GraphBuilder::group(CudaGraph graph, plan::BlockIndex index, std::size_t at, std::size_t lane,
                         Frontier& after) {
  const plan::Block& b = o_.plan_.blocks[index];
  const Step& step = b.steps[at];
  const ir::Node& n = o_.plan_.program.regions[b.region].nodes[step.node];
  const plan::Stage stage = plan::lower(o_.plan_.program, n.regions[0]);
  const std::int64_t rows = ops::element_count(stage.domain, o_.nodes_, o_.edges_);
  std::vector<void*> values{
      o_.on_device(offsetof(device::mg_control, run) + lane * sizeof(device::mg_device))};
  for (const SlotId s : step.in) values.push_back(address(s));
  for (const SlotId s : step.out) values.push_back(address(s));
  for (const GroupKernel& k : kernels_.groups[index][at])
    kernel(graph,
           {.kernel = k.kernel,
            .blocks = blocks_for(rows, k.rows_per_block),
            .threads = k.threads,
            .shared_bytes = k.shared_bytes},
           values, after);
  device::mg_site site{};
  site.number = static_cast<int>(o_.groups_.size()), site.lane = static_cast<int>(lane);
  o_.groups_.push_back({index, at});
  if (has_checks(stage)) control(graph, kernels_.note, site, 0, after);
}

void GraphBuilder::kernel(CudaGraph graph, KernelLaunch launch, std::vector<void*> values, Frontier& after) {
  std::vector<void*> parameters;
  for (void*& v : values) parameters.push_back(&v);
  launch.parameters = parameters;
  CudaGraphNode node = nullptr;
  MONOGRAPH_CUDA(o_.runtime_, add_kernel(node, graph, after, launch));
  after = {node};
}

/// The kernel before the loop sets its condition anew each time, so that it may stand in another loop.
void GraphBuilder::loop(CudaGraph graph, const Step& step, bool outermost, Frontier& after) {
  const plan::Block& body = o_.plan_.blocks[step.blocks[0]];
  device::mg_site site{};
  site.most = static_cast<int>(step.in[1]), site.iteration = static_cast<int>(body.arguments[0]);
  site.iterations = static_cast<int>(step.out[step.out.size() - 2]);
  site.finished = static_cast<int>(step.out.back()), site.outermost = outermost;
  device::mg_site enter = site, next = site;
  enter.go = static_cast<int>(step.in[0]), next.go = static_cast<int>(body.results[0]);
  add_pairs(enter, step.enter), add_pairs(next, body.leave);

  move_columns(graph, step.enter, after);
  Condition condition = 0;
  MONOGRAPH_CUDA(o_.runtime_, create_condition(condition, graph));
  control(graph, kernels_.enter, enter, condition, after);
  CudaGraphNode node = nullptr;
  CudaGraph inside[1] = {};
  MONOGRAPH_CUDA(o_.runtime_, add_conditional(node, graph, after, Conditional::While, condition, inside));
  after = {node};
  Frontier within;
  block(inside[0], step.blocks[0], within);
  move_columns(inside[0], body.leave, within);
  control(inside[0], kernels_.next, next, condition, within);
}

void GraphBuilder::branch(CudaGraph graph, const Step& step, Frontier& after) {
  device::mg_site site{};
  site.go = static_cast<int>(step.in[0]);
  Condition condition = 0;
  MONOGRAPH_CUDA(o_.runtime_, create_condition(condition, graph));
  control(graph, kernels_.branch, site, condition, after);
  CudaGraphNode node = nullptr;
  CudaGraph inside[2] = {};
  MONOGRAPH_CUDA(o_.runtime_, add_conditional(node, graph, after, Conditional::If, condition, inside));
  after = {node};
  for (std::size_t side = 0; side < 2; ++side) {
    const plan::Block& b = o_.plan_.blocks[step.blocks[side]];
    Frontier within;
    block(inside[side], step.blocks[side], within);
    move_columns(inside[side], b.leave, within);
    device::mg_site leave{};
    add_pairs(leave, b.leave);
    if (leave.moves > 0) control(inside[side], kernels_.move, leave, 0, within);
    CudaGraphNode empty = nullptr;  // a body that does nothing is still a body
    if (within.empty()) MONOGRAPH_CUDA(o_.runtime_, add_empty(empty, inside[side], {}));
  }
}

/// What leaves the run stays where it is, or is set apart where a later step takes its memory.
void GraphBuilder::result(CudaGraph graph, std::size_t at, Frontier& after) {
  const SlotId from = o_.plan_.blocks[0].steps[at].in[0];
  void*& place = o_.results_.at(at);
  if (place)
    copy(graph, place, address(from), o_.bytes_of(from), after);
  else
    place = address(from);
}

void GraphBuilder::move_columns(CudaGraph graph, std::span<const Move> moves, Frontier& after) {
  std::vector<Move> columns;
  for (const Move& m : moves)
    if (is_column(m.to)) columns.push_back(m);
  for (const ColumnCopy& c : column_copies(columns))
    copy(graph, address(c.to), address(c.from), o_.bytes_of(c.from == kSpill ? c.to : c.from), after);
}

void GraphBuilder::copy(CudaGraph graph, void* to, const void* from, std::size_t bytes, Frontier& after) {
  if (bytes == 0) return;
  CudaGraphNode node = nullptr;
  MONOGRAPH_CUDA(o_.runtime_, add_copy(node, graph, after, to, from, bytes));
  after = {node};
}

void GraphBuilder::add_pairs(device::mg_site& site, std::span<const Move> moves) {
  site.move = reinterpret_cast<const int*>(o_.on_device(o_.pairs_)) + 2 * pairs_;
  for (const Move& m : moves) {
    if (is_column(m.to)) continue;
    const int pair[2] = {static_cast<int>(m.to), static_cast<int>(m.from)};
    std::memcpy(o_.in(o_.pairs_) + sizeof pair * pairs_++, pair, sizeof pair);
    ++site.moves;
  }
}

void GraphBuilder::control(CudaGraph graph, Kernel function, device::mg_site site, Condition condition,
                           Frontier& after) {
  const std::size_t offset = o_.sites_ + sizeof site * sites_++;
  std::memcpy(o_.in(offset), &site, sizeof site);
  kernel(
      graph, {.kernel = function},
      {o_.control_.get(), o_.on_device(o_.cells_), o_.on_device(offset), reinterpret_cast<void*>(condition)},
      after);
}

}  // namespace monograph::cuda
