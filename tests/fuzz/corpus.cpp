// Writes the corpus that the fuzzers start from: every algorithm's plan on every level, in both forms, and
// graphs in every format.
#include <monograph/algorithms.h>
#include <monograph/io.h>

#include <algorithm>
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

/// A graph with weights, loops and an attribute in each format that can hold it; its first byte says which.
void write_graphs(const fs::path& folder) {
  fs::create_directories(folder);
  Graph graph = read_graph("gen:watts-strogatz:20:4:0.5", {.undirected = true});
  Column ones(ScalarType::I64, graph.edge_count());
  std::ranges::fill(ones.span<std::int64_t>(), 1);
  graph.set_edge_attribute("weight", ones);
  graph.set_node_attribute("x", Column(ScalarType::F32, graph.node_count()));
  for (std::size_t i = 0; i < std::size(fuzz::kGraphFormats); ++i) {
    const std::string name(fuzz::kGraphFormats[i]);
    const fs::path file = folder / name;
    if (name == "ldbc-vertex") {
      write(file, "1 2 3\n2 1\n");
    } else {
      write_graph(graph, file.string(), name);
    }
    std::ifstream in(file, std::ios::binary);
    const std::string bytes((std::istreambuf_iterator<char>(in)), {});
    write(file, static_cast<char>(i) + bytes);
  }
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 2) return 2;
  const fs::path bytes = fs::path(arguments[1]) / "plan_bytes", json = fs::path(arguments[1]) / "plan_json";
  fs::create_directories(bytes), fs::create_directories(json);
  for (const AlgorithmInfo& a : algorithms())
    for (const int level : {0, 2}) {
      const plan::Plan plan = plan::build(passes::run(a.make().ir(), {.level = level}));
      const std::string name = std::string(a.name) + std::to_string(level), sealed = plan::to_bytes(plan);
      write(bytes / (name + ".whole"), fuzz::kWhole + sealed);
      write(bytes / (name + ".inside"), fuzz::kInside + base::unseal(sealed, plan::kPlanFormat, name));
      write(json / name, plan::to_json(plan));
    }
  write_graphs(fs::path(arguments[1]) / "graph");
}
