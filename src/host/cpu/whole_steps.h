// Operations that are steps of their own and work on whole columns (ops::Access::Whole), on all threads; what
// they need beside is kept for the next time. The definitions of the operations say what comes out.
#pragma once

#include <memory>

#include "host/cpu/order.h"
#include "host/cpu/triangles.h"

namespace monograph::cpu {

/// A value of a run: `data` is null where an optional operand is absent.
struct WholeValue {
  Type type = {};
  const void* data = nullptr;
  std::int64_t size = 0;
};

struct WholeJob {
  const ir::Node& node;
  std::span<const WholeValue> in;
  Type type;  ///< of the result
  void* out = nullptr;
  std::int64_t size = 0;
};

class WholeSteps {
 public:
  WholeSteps(const Graph& graph, int threads) : graph_(graph), threads_(threads), order_(threads) {}
  /// False when only the operation's definition has it.
  bool run(const WholeJob& job);

 private:
  bool best_label(const WholeJob& job);
  template <class L>
  void best_label_as(const WholeJob& job);
  void bincount(const WholeJob& job);
  ForwardView& view();

  /// Of one thread: per label its weight and whether it was met at the present node, and those that were.
  struct Votes {
    std::vector<double> weight;
    std::vector<std::uint8_t> known;
    std::vector<std::int64_t> met;
  };

  Graph graph_;
  int threads_;
  Order order_;
  std::unique_ptr<ForwardView> view_;
  std::vector<Votes> votes_;
};

}  // namespace monograph::cpu
