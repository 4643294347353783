// monograph_equivalence: the equivalence suite as a program.
#include <monograph/error.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <optional>
#include <random>

#include "cuda/simulated_machine.h"
#include "equivalence/suite.h"
#include "property/random_program.h"
#include "unit/test_programs.h"

using namespace monograph;
using namespace monograph::testing;

namespace {

struct Options {
  std::vector<std::string> backends{"cpu"};
  std::uint64_t seed = 1;
  int count = 200;   // of random programs
  int compiled = 6;  // of those, how many are also compiled by the machine's compiler
  bool fixed = true;
  bool algorithms = false;
};

/// One way with its session, kept for all programs: what one leaves behind must not change another.
struct Runner {
  Way way;
  test::SimulatedMachine simulated;
  Session session;
  explicit Runner(Way w, unsigned seed)
      : way(std::move(w)),
        simulated(seed),
        session(way.options, way.simulated == Way::Simulated::No ? runtime::this_machine() : machine()) {}
  runtime::Machine machine() {
    using S = Way::Simulated;
    if (way.simulated == S::Unrolled) simulated.proven = {cuda::Protocol::Unroll, cuda::Protocol::FullUnroll};
    if (way.simulated == S::Block) simulated.take_tier(cuda::Tier::Block);
    if (way.simulated == S::Grid || way.simulated == S::CutGrid) simulated.take_tier(cuda::Tier::Grid);
    if (way.simulated == S::Cut || way.simulated == S::CutGrid) simulated.figures.hub_edges = 0;
    return simulated.machine();
  }
  bool takes(const Graph& g) const { return g.edge_count() <= way.most_edges; }

  using Clock = std::chrono::steady_clock;
  Clock::duration compiling{}, running{};
  /// What `f` gives; its time is added to `time`.
  template <class F>
  static auto timed(Clock::duration& time, const F& f) {
    const auto start = Clock::now();
    auto result = f();
    time += Clock::now() - start;
    return result;
  }
};

/// What differs, or "": at the first run and at the second.
std::string mismatch(Runner& r, const Executable& e, const Graph& g, const Outcome& want) {
  for (int turn = 0; turn < 2; ++turn) {
    const Outcome got = Runner::timed(r.running, [&] { return outcome(r.session, e, g); });
    if (const std::string d = difference(got, want); !d.empty()) return d + (turn ? " (second run)" : "");
  }
  return "";
}

std::string mismatch(Runner& r, const Program& p, const Graph& g, const Outcome& want) {
  try {
    return mismatch(r, r.session.compile(p), g, want);
  } catch (const std::exception& error) {
    return std::string("did not compile: ") + error.what();
  }
}

Outcome reference(const Program& p, const Graph& g) {
  Session session({.backend = "reference"});
  return outcome(session, session.compile(p), g);
}

/// Algorithms of many rounds say nothing on large graphs that the programs they share operations with do not
/// say.
constexpr std::int64_t kMostNodesOfAlgorithms = 5000;

class Suite {
 public:
  explicit Suite(const Options& o) : options_(o) {
    for (Way& w : ways(o.backends))
      runners_.push_back(std::make_unique<Runner>(std::move(w), static_cast<unsigned>(o.seed)));
  }

  int run() {
    if (options_.fixed) fixed();
    random();
    print_times();
    std::printf("%d programs, %d comparisons, %d differ\n", programs_, comparisons_, failures_);
    return failures_ == 0 ? 0 : 1;
  }

 private:
  void report(const Runner& r, const Program& p, const std::string& graph, const std::string& what) {
    ++failures_;
    std::printf("DIFFERS: %s on %s, %s: %s\n%s\n", p.name().c_str(), graph.c_str(), r.way.name.c_str(),
                what.c_str(), p.to_text().c_str());
  }

  /// What every way took, of all that it was given.
  void print_times() const {
    const auto seconds = [](Runner::Clock::duration d) { return std::chrono::duration<double>(d).count(); };
    for (const auto& r : runners_)
      std::printf("%s: %.1f s compiling, %.1f s running\n", r->way.name.c_str(), seconds(r->compiling),
                  seconds(r->running));
  }

  /// Each program once as it is and once read back, on one graph after another.
  void fixed() {
    auto graphs = adversarial_graphs();
    std::vector<Program> written, read_back;
    std::vector<std::vector<Outcome>> want;
    std::vector<Program> programs = options_.algorithms ? further_algorithms() : every_program();
    if (options_.algorithms)
      std::erase_if(graphs,
                    [](const NamedGraph& g) { return g.graph.node_count() > kMostNodesOfAlgorithms; });
    else
      for (Program& p : failing_programs()) programs.push_back(std::move(p));
    for (const Program& p : programs) {
      ++programs_;
      written.push_back(p), read_back.push_back(Program::from_json(p.to_json()));
      want.emplace_back();
      for (const NamedGraph& g : graphs) want.back().push_back(reference(p, g.graph));
    }
    bool back = false;
    for (auto& r : runners_) {
      back = !back;
      const auto all =
          Runner::timed(r->compiling, [&] { return r->session.compile(back ? read_back : written); });
      for (std::size_t p = 0; p < all.size(); ++p)
        for (std::size_t i = 0; i < graphs.size(); ++i) {
          if (!r->takes(graphs[i].graph)) continue;
          ++comparisons_;
          const std::string d = mismatch(*r, all[p], graphs[i].graph, want[p][i]);
          if (!d.empty()) report(*r, written[p], graphs[i].name, d);
        }
      if (options_.algorithms)
        std::printf("%s: %zu programs, %d differ so far\n", r->way.name.c_str(), all.size(), failures_);
    }
  }

  static Choices choices(std::mt19937_64& random, std::size_t most) {
    Choices c(random() % most + 1);
    for (auto& x : c) x = static_cast<std::uint16_t>(random());
    return c;
  }

  static std::string differs(Runner& r, const Choices& program, const Choices& graph) {
    const Program p = random_program(program);
    const Graph g = random_graph(graph);
    return mismatch(r, p, g, reference(p, g));
  }

  /// The shortest lists of smallest numbers found that still differ.
  static void shrink(Runner& r, Choices& program, Choices& graph) {
    for (Choices* c : {&program, &graph, &program}) {
      for (std::size_t chunk = std::max<std::size_t>(c->size() / 2, 1); chunk > 0; chunk /= 2)
        for (std::size_t at = 0; at + chunk <= c->size();) {
          const Choices before = *c;
          const auto first = c->begin() + static_cast<std::ptrdiff_t>(at);
          c->erase(first, first + static_cast<std::ptrdiff_t>(chunk));
          if (differs(r, program, graph).empty()) *c = before, at += chunk;
        }
      for (auto& x : *c)
        for (std::uint16_t smaller : {std::uint16_t{0}, static_cast<std::uint16_t>(x % 64)}) {
          const std::uint16_t before = x;
          x = smaller;
          if (x != before && differs(r, program, graph).empty()) x = before;
        }
    }
  }

  struct Case {
    Choices program_choices, graph_choices;
    Graph graph;
    Outcome want;
  };

  /// In batches: a backend that compiles does so for all of a batch at once.
  void random() {
    constexpr int kBatch = 50;
    std::mt19937_64 generator(options_.seed);
    for (int first = 0; first < options_.count && failures_ <= 5; first += kBatch) {
      std::vector<Program> programs;
      std::vector<Case> cases;
      for (int i = first; i < std::min(first + kBatch, options_.count); ++i) {
        Case c{choices(generator, 160), choices(generator, 120), {}, {}};
        programs.push_back(random_program(c.program_choices));
        c.graph = random_graph(c.graph_choices);
        c.want = reference(programs.back(), c.graph);
        cases.push_back(std::move(c));
      }
      programs_ += static_cast<int>(programs.size());
      for (auto& r : runners_) {
        const auto most = static_cast<std::size_t>(std::max(options_.compiled - first, 0));
        const std::size_t count = r->way.slow ? std::min(most, cases.size()) : cases.size();
        compare(*r, std::span(programs).first(count), cases);
      }
    }
  }

  void compare(Runner& r, std::span<const Program> programs, std::vector<Case>& cases) {
    std::vector<Executable> all;
    try {
      all = Runner::timed(r.compiling, [&] { return r.session.compile(programs); });
    } catch (const std::exception&) {  // one by one says which
    }
    for (std::size_t i = 0; i < programs.size() && failures_ <= 5; ++i) {
      ++comparisons_;
      Case& c = cases[i];
      if ((all.empty() ? mismatch(r, programs[i], c.graph, c.want) : mismatch(r, all[i], c.graph, c.want))
              .empty())
        continue;
      Choices program = c.program_choices, graph = c.graph_choices;
      shrink(r, program, graph);
      report(r, random_program(program), "a random graph", differs(r, program, graph));
    }
  }

  const Options options_;
  std::vector<std::unique_ptr<Runner>> runners_;
  int programs_ = 0, comparisons_ = 0, failures_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"Every program on every backend, in every way, against the reference: bit for bit"};
  Options o;
  app.add_option("--backends", o.backends, "Which, separated by commas")
      ->delimiter(',')
      ->capture_default_str();
  app.add_option("--seed", o.seed, "Of the random programs and graphs")->capture_default_str();
  app.add_option("--count", o.count, "Random programs")->capture_default_str();
  app.add_option("--compiled", o.compiled, "Random programs that are also compiled")->capture_default_str();
  app.add_flag("!--no-fixed", o.fixed, "Leave out the programs that are always the same");
  app.add_flag("--algorithms", o.algorithms,
               "The algorithms of the library that are not among them, instead of those programs");
  CLI11_PARSE(app, argc, argv);
  std::setvbuf(stdout, nullptr, _IOLBF, 0);  // whoever ends it early has read what it found
  try {
    return Suite(o).run();
  } catch (const std::exception& error) {
    std::fprintf(stderr, "monograph_equivalence: %s\n", error.what());
    return 2;
  }
}
