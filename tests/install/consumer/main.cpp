// A user's program: nothing but public headers and one library. Exits 0 when what it computes is right.
#include <monograph/monograph.h>

#include <cmath>
#include <cstdint>
#include <iostream>
#include <string>
#include <vector>

namespace mg = monograph;

namespace {

mg::Graph five_nodes() {
  const std::vector<std::int64_t> offsets = {0, 1, 2, 4, 5, 6};
  const std::vector<std::int32_t> targets = {1, 2, 0, 3, 4, 2};  // 0->1 1->2 2->0 2->3 3->4 4->2
  return mg::Graph::from_csr(offsets, targets);
}

/// An own program: how many edges enter each node.
mg::Program in_degree() {
  mg::ProgramBuilder p("in_degree");
  const mg::GraphRef g = p.graph();
  p.output("in_degree", g.in_sum(g.full(1.0)));
  return p.build();
}

bool close_to(std::span<const double> got, const std::vector<double>& expected) {
  bool same = got.size() == expected.size();
  for (std::size_t i = 0; same && i < expected.size(); ++i) same = std::abs(got[i] - expected[i]) < 1e-9;
  return same;
}

bool check(const char* what, bool ok) {
  std::cout << what << (ok ? ": as expected\n" : ": WRONG\n");
  return ok;
}

}  // namespace

int main() try {
  const mg::Graph graph = five_nodes();
  mg::Session session;
  const mg::Result ranks = session.run(mg::pagerank(), graph, mg::Parameters{}.set("tolerance", 0.0));
  const mg::Result degrees = session.run(in_degree(), graph);
  bool unknown_is_an_error = false;
  try {
    session.run(mg::pagerank(), graph, mg::Parameters{}.set("dampin", 0.5));
  } catch (
      const mg::UsageError&) {  // an exception of the library is caught by its type, also from a shared one
    unknown_is_an_error = true;
  }
  const std::string headers = std::to_string(MONOGRAPH_VERSION_MAJOR) + "." +
                              std::to_string(MONOGRAPH_VERSION_MINOR) + "." +
                              std::to_string(MONOGRAPH_VERSION_PATCH);
  bool ok = check("version", headers == mg::version());
  ok &= check("pagerank", close_to(ranks.column<double>("rank"),
                                   {.166958207, .171914483, .322254621, .166958207, .171914483}));
  ok &= check("own program", close_to(degrees.column<double>("in_degree"), {1, 1, 2, 1, 1}));
  ok &= check("errors", unknown_is_an_error);
  return ok ? 0 : 1;
} catch (const std::exception& e) {
  std::cerr << e.what() << '\n';
  return 1;
}
