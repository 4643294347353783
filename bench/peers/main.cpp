// `monograph_peers`: ours and what others have for the same question, in one process, in turns.
#include <monograph/error.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <array>
#include <csignal>
#include <cstdio>
#include <fstream>
#include <iostream>

#include "bench/peers/compare.h"
#include "bench/peers/page.h"
#include "bench/peers/scaling.h"
#include "bench/report.h"

namespace monograph::bench::peers {
namespace {

constexpr int kWrong = 1;  // exit code where somebody's answer was another one

CancelToken& interrupted() {
  static CancelToken token;
  return token;
}
extern "C" void interrupt(int) { interrupted().cancel(); }

struct Arguments {
  CompareOptions compare;
  bool scaling = false;
  std::int64_t scaling_edges = ScalingOptions{}.most_edges;
  std::string json, html, from;
};

void add_options(CLI::App& app, Arguments& a) {
  app.add_option("--graph", a.compare.graphs, "Graphs: files, or gen:rmat:18:16")->type_name("SOURCE");
  app.add_option("--algorithms", a.compare.algorithms, "Only these")->type_name("NAME")->delimiter(',');
  app.add_flag("--directed", a.compare.directed, "Edges as they are listed; else each in both directions");
  app.add_option("--threads", a.compare.threads, "Of whoever uses more than one; 0: all")
      ->check(CLI::Range(0, 4096));
  app.add_option("--repeats", a.compare.repeats, "Rounds at most")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  app.add_option("--seconds", a.compare.seconds, "Of rounds per case, from the third on")
      ->check(CLI::Range(0.0, 1e6))
      ->capture_default_str();
  app.add_flag("--scaling", a.scaling,
               "Also time per edge and memory of RMAT 14 to 21 and grids of 128 to 2048 a side");
  app.add_option("--scaling-edges", a.scaling_edges, "Of the largest of them")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  app.add_option("--html", a.html, "Writes a page made from the report")->type_name("FILE");
  app.add_option("--from", a.from, "Measures nothing: the page of this report")
      ->type_name("FILE")
      ->needs("--html")
      ->excludes("--graph")
      ->excludes("--scaling");
  app.add_option("--json", a.json, "Writes the report here, else to standard output")->type_name("FILE");
}

/// Whole or not at all.
void write(const std::string& path, const std::string& text) {
  const std::string part = path + ".part";
  std::ofstream file(part, std::ios::binary | std::ios::trunc);
  file << text;
  file.close();
  if (!file || std::rename(part.c_str(), path.c_str()) != 0) throw InputError({path}, "cannot be written");
}

Report measure(const Arguments& a) {
  Report report = new_report("peers", {.threads = a.compare.threads});
  const std::array peers{native_peer(), graphblas_peer(), igraph_peer()};
  for (const PeerInfo& p : peers)
    if (!p.missing.empty()) std::cerr << p.name << ": " << p.missing << std::endl;
  CompareOptions options = a.compare;
  if (!a.json.empty()) options.keep = [&](const Report& r) { write(a.json, r.dump(2) + "\n"); };
  compare(report, peers, options);
  if (a.scaling) scaling(report, {.most_edges = a.scaling_edges, .compare = options});
  return report;
}

Report read(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw InputError({path}, "cannot be read");
  try {
    return Report::parse(file);
  } catch (const nlohmann::json::exception& error) {
    throw InputError({path}, std::string("not JSON: ") + error.what());
  }
}

int run(const Arguments& a) {
  if (!a.from.empty()) {
    write(a.html, page(read(a.from), a.from));
    return 0;
  }
  const Report report = measure(a);
  const std::string text = report.dump(2) + "\n";
  if (!a.json.empty()) write(a.json, text);
  if (!a.html.empty()) write(a.html, page(report));
  if (a.json.empty() && a.html.empty()) std::cout << text;
  return report.at("failures").empty() ? 0 : kWrong;
}

}  // namespace
}  // namespace monograph::bench::peers

int main(int argc, char** argv) {
  using namespace monograph;
  bench::peers::Arguments arguments;
  CLI::App app("Ours against igraph, GraphBLAS and C++ by hand, on the same graphs in turns",
               "monograph_peers");
  bench::peers::add_options(app, arguments);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return error.get_exit_code() == 0 ? app.exit(error) : (app.exit(error), 2);
  }
  arguments.compare.progress = [](const std::string& what) { std::cerr << what << std::endl; };
  bench::peers::interrupted();
  arguments.compare.cancel = bench::peers::interrupted();
  std::signal(SIGINT, bench::peers::interrupt);
  std::signal(SIGTERM, bench::peers::interrupt);
  try {
    return bench::peers::run(arguments);
  } catch (const Error& error) {
    std::cerr << "monograph_peers: " << error.what() << std::endl;
    return static_cast<int>(error.kind());
  } catch (const std::exception& error) {
    std::cerr << "monograph_peers: " << error.what() << std::endl;
    return static_cast<int>(ErrorKind::Internal);
  }
}
