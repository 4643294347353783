#include "host/runtime/executable.h"

namespace monograph {

Executable::Impl::Impl(Program p) : program(std::move(p)), parameters(program.parameters()) {
  for (const ir::Region& r : program.ir().regions)
    for (const ir::Node& n : r.nodes) {
      if (ops::def(n.op).bind) bound.push_back(&n);
      stores = stores || n.op == ir::OpId::StoreNode || n.op == ir::OpId::StoreEdge;
    }
}

const Program& Executable::program() const { return impl_->program; }

const std::string& Executable::replaced_by() const { return impl_->replaced_by; }

std::optional<Plan> Executable::plan() const {
  if (!impl_->plan) return {};
  return Plan(*impl_->plan);
}

std::string Executable::plan_hash() const {
  return impl_->plan ? plan::hash(*impl_->plan).text() : impl_->program.hash();
}

}  // namespace monograph
