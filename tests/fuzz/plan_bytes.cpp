// Plan::from_bytes: any bytes give a plan that comes back the same, or a PlanError.
#include <monograph/error.h>
#include <monograph/plan.h>

#include <cstdlib>

#include "fuzz_input.h"
#include "host/base/container.h"
#include "host/plan/forms.h"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace monograph;
  if (size == 0) return 0;
  std::string input(reinterpret_cast<const char*>(data) + 1, size - 1);
  if (data[0] != fuzz::kWhole) input = base::seal(input, plan::kPlanFormat);
  try {
    const Plan plan = Plan::from_bytes(input);
    if (Plan::from_bytes(plan.to_bytes()) != plan) std::abort();
  } catch (const PlanError&) {
  }
  return 0;
}
