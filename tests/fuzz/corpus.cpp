// Writes the corpus that the fuzzers start from: every algorithm's plan on every level, in both forms.
#include <monograph/algorithms.h>

#include <filesystem>
#include <fstream>

#include "fuzz_input.h"
#include "host/base/container.h"
#include "host/passes/passes.h"
#include "host/plan/forms.h"

namespace fs = std::filesystem;
using namespace monograph;

namespace {

void write(const fs::path& file, const std::string& bytes) { std::ofstream(file, std::ios::binary) << bytes; }

}  // namespace

int main(int count, char** arguments) {
  if (count != 2) return 2;
  const fs::path bytes = fs::path(arguments[1]) / "bytes", json = fs::path(arguments[1]) / "json";
  fs::create_directories(bytes), fs::create_directories(json);
  for (const AlgorithmInfo& a : algorithms())
    for (const int level : {0, 2}) {
      const plan::Plan plan = plan::build(passes::run(a.make().ir(), {.level = level}));
      const std::string name = std::string(a.name) + std::to_string(level), sealed = plan::to_bytes(plan);
      write(bytes / (name + ".whole"), fuzz::kWhole + sealed);
      write(bytes / (name + ".inside"), fuzz::kInside + base::unseal(sealed, plan::kPlanFormat, name));
      write(json / name, plan::to_json(plan));
    }
}
