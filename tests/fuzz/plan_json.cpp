// Plan::from_json: any text gives a plan that comes back the same, or a PlanError.
#include <monograph/error.h>
#include <monograph/plan.h>

#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace monograph;
  try {
    const Plan plan = Plan::from_json({reinterpret_cast<const char*>(data), size});
    if (Plan::from_json(plan.to_json()) != plan) std::abort();
  } catch (const PlanError&) {
  }
  return 0;
}
