// The oracle: walks a program node by node, in order, on one thread, evaluating each by its definition. No
// folding, no fusion, nothing shared with the optimising backends but the definitions themselves.
#pragma once

#include <memory>
#include <unordered_map>
#include <vector>

#include "host/ir/program.h"
#include "host/ops/op_def.h"

namespace monograph::reference {

class Interpreter {
 public:
  Interpreter(const ir::Program& program, ops::RunContext& run) : program_(program), run_(run) {}
  /// Runs the entry region; outputs go to the run context.
  void run() { region(program_, 0, {}); }

 private:
  using Values = std::vector<ops::Value>;
  Values region(const ir::Program& p, ir::RegionIndex index, Values args);
  Values node(const ir::Program& p, const ir::Region& r, const ir::Node& n,
              std::vector<const ops::Value*> operands);
  const ir::Program& expansion(const ir::Region& r, const ir::Node& n);

  const ir::Program& program_;
  ops::RunContext& run_;
  std::unordered_map<const ir::Node*, std::unique_ptr<ir::Program>>
      expansions_;  // of composite operations, region 1
};

}  // namespace monograph::reference
