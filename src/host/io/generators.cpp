// Graphs made by rule. The same arguments give the same graph on every machine: integer arithmetic only, and
// for weights one product and one sum.
#include "host/io/generators.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <optional>

#include "host/base/nearest.h"
#include "host/io/format.h"
#include "host/io/generator.h"

namespace monograph::io {
namespace {

constexpr std::int64_t kMostNodes = std::numeric_limits<std::int32_t>::max();

struct Generator {
  GeneratorInfo info;
  std::size_t numbers;  // positional arguments
  bool random;          // has a use for seed=S without weights
  EdgeList (*make)(Arguments&);
  bool probability = false;  // one more argument
};

}  // namespace

void fail(std::string_view specification, const std::string& what) {
  throw UsageError(std::string(specification) + ": " + what);
}

std::int64_t times(std::int64_t a, std::int64_t b) {
  std::int64_t product = 0;
  return __builtin_mul_overflow(a, b, &product) ? std::numeric_limits<std::int64_t>::max() : product;
}

EdgeList make_list(const Arguments& a, std::int64_t nodes, std::int64_t edges) {
  if (nodes > kMostNodes)
    fail(a.specification, "expected at most 2147483647 nodes, found " + std::to_string(nodes));
  const int topology = a.undirected ? 40 : 24, weight = a.undirected ? 24 : 16;
  const double bytes =
      static_cast<double>(edges) * (topology + (a.weights ? weight : 0)) + static_cast<double>(nodes) * 24;
  const double memory =
      static_cast<double>(::sysconf(_SC_PHYS_PAGES)) * static_cast<double>(::sysconf(_SC_PAGESIZE));
  if (bytes > memory)
    throw MemoryError(
        std::string(a.specification) + ": " + std::to_string(nodes) + " nodes and " + std::to_string(edges) +
        " edges need about " + std::to_string(static_cast<std::int64_t>(bytes / 1e9)) +
        " GB of memory, this machine has " + std::to_string(static_cast<std::int64_t>(memory / 1e9)) + " GB");
  EdgeList list;
  list.ids = NodeIds::dense(nodes);
  list.source.reserve(static_cast<std::size_t>(edges));
  list.target.reserve(static_cast<std::size_t>(edges));
  return list;
}

namespace {

constexpr std::size_t kPollEvery = std::size_t{1} << 20;  // edges: some milliseconds
constexpr std::int64_t kEdgeBytes = 8;

void report(const Arguments& a, const EdgeList& list) {
  if (a.progress)
    a.progress(kEdgeBytes * static_cast<std::int64_t>(list.source.size()),
               kEdgeBytes * static_cast<std::int64_t>(list.source.capacity()));
}

}  // namespace

void add(const Arguments& a, EdgeList& list, std::int64_t source, std::int64_t target) {
  if (list.source.size() % kPollEvery == 0) report(a, list);
  list.source.push_back(static_cast<std::int32_t>(source));
  list.target.push_back(static_cast<std::int32_t>(target));
}

namespace {

EdgeList uniform(Arguments& a) {
  const auto nodes = a.numbers[0], edges = a.numbers[1];
  if (nodes == 0 && edges > 0)
    fail(a.specification, "expected nodes for the " + std::to_string(edges) + " edges, found N = 0");
  EdgeList list = make_list(a, nodes, edges);
  for (std::int64_t e = 0; e < edges; ++e) {
    const auto source = a.random.below(nodes);
    add(a, list, source, a.random.below(nodes));
  }
  return list;
}

EdgeList grid(Arguments& a) {
  const auto rows = a.numbers[0], columns = a.numbers[1], nodes = times(rows, columns);
  EdgeList list = make_list(a, nodes, times(2, nodes));
  for (std::int64_t r = 0; r < rows; ++r)
    for (std::int64_t c = 0; c < columns; ++c) {
      const auto v = r * columns + c;
      if (c + 1 < columns) add(a, list, v, v + 1);
      if (r + 1 < rows) add(a, list, v, v + columns);
    }
  return list;
}

EdgeList path(Arguments& a) {
  EdgeList list = make_list(a, a.numbers[0], a.numbers[0]);
  for (std::int64_t v = 1; v < a.numbers[0]; ++v) add(a, list, v - 1, v);
  return list;
}

EdgeList star(Arguments& a) {
  EdgeList list = make_list(a, a.numbers[0], a.numbers[0]);
  for (std::int64_t v = 1; v < a.numbers[0]; ++v) add(a, list, 0, v);
  return list;
}

EdgeList complete(Arguments& a) {
  const auto nodes = a.numbers[0];
  EdgeList list = make_list(a, nodes, times(nodes, nodes) / (a.undirected ? 2 : 1));
  for (std::int64_t v = 0; v < nodes; ++v)
    for (std::int64_t u = a.undirected ? v + 1 : 0; u < nodes; ++u)
      if (u != v) add(a, list, v, u);
  return list;
}

/// Undirected data; as a directed graph it has each edge in both directions.
EdgeList karate(Arguments& a) {
  EdgeList list = karate_club();
  if (a.undirected) return list;
  const auto count = list.source.size();
  for (std::size_t e = 0; e < count; ++e) add(a, list, list.target[e], list.source[e]);
  return list;
}

/// Each listed edge draws its weight after all edges were drawn: weights leave the topology as it is.
void add_weights(EdgeList& list, Range range, Random& random) {
  Column weight(ScalarType::F64, static_cast<std::int64_t>(list.source.size()));
  for (double& w : weight.span<double>()) w = random.between(range.low, range.high);
  list.attributes.push_back({"weight", std::move(weight)});
}

#define MONOGRAPH_WEIGHTS "[:weights=LOW..HIGH]"
constexpr auto kGenerators = std::to_array<Generator>({
    {{"rmat", "gen:rmat:SCALE:DEGREE[:seed=S]" MONOGRAPH_WEIGHTS,
      "R-MAT, a=.57 b=.19 c=.19: 2^SCALE nodes, DEGREE * 2^SCALE edges (repeats and loops stay)"},
     2,
     true,
     rmat},
    {{"kron", "gen:kron:SCALE:DEGREE[:seed=S]" MONOGRAPH_WEIGHTS,
      "Kronecker graph of Graph500: rmat of the same seed, its nodes in random order"},
     2,
     true,
     kron},
    {{"uniform", "gen:uniform:N:M[:seed=S]" MONOGRAPH_WEIGHTS,
      "N nodes, M edges between nodes drawn uniformly (repeats and loops stay)"},
     2,
     true,
     uniform},
    {{"grid", "gen:grid:R:C" MONOGRAPH_WEIGHTS, "R rows of C nodes; edges to the right and down"},
     2,
     false,
     grid},
    {{"path", "gen:path:N" MONOGRAPH_WEIGHTS, "0 -> 1 -> ... -> N-1"}, 1, false, path},
    {{"star", "gen:star:N" MONOGRAPH_WEIGHTS, "N nodes; edges from 0 to each other"}, 1, false, star},
    {{"complete", "gen:complete:N" MONOGRAPH_WEIGHTS, "an edge from each of N nodes to each other"},
     1,
     false,
     complete},
    {{"tree", "gen:tree:BRANCHING:DEPTH" MONOGRAPH_WEIGHTS,
      "balanced tree: root 0, every node above DEPTH has BRANCHING children; edges to children"},
     2,
     false,
     tree},
    {{"barabasi-albert", "gen:barabasi-albert:N:M[:seed=S]" MONOGRAPH_WEIGHTS,
      "a star of M+1 nodes; each further node has edges to M others, drawn by their degree"},
     2,
     true,
     barabasi_albert},
    {{"watts-strogatz", "gen:watts-strogatz:N:K:P[:seed=S]" MONOGRAPH_WEIGHTS,
      "ring of N nodes with edges to the next K/2; each edge's end is drawn anew with probability P"},
     2,
     true,
     watts_strogatz,
     true},
    {{"karate", "gen:karate" MONOGRAPH_WEIGHTS, "Zachary's karate club: 34 nodes 1..34, 78 undirected edges"},
     0,
     false,
     karate},
});
#undef MONOGRAPH_WEIGHTS

const Generator& find_generator(std::string_view specification, std::string_view name) {
  std::vector<std::string_view> names;
  std::string known;
  for (const auto& g : kGenerators) {
    if (g.info.name == name) return g;
    names.push_back(g.info.name);
    known += (known.empty() ? "" : ", ") + std::string(g.info.name);
  }
  const auto near = base::nearest(name, names);
  fail(specification, "unknown generator '" + std::string(name) + "'" +
                          (near.empty() ? "" : " (did you mean '" + std::string(near) + "'?)") +
                          ": there are " + known);
}

template <class T>
bool parse_whole(std::string_view text, T& value) {
  const auto r = std::from_chars(text.data(), text.data() + text.size(), value);
  return r.ec == std::errc{} && r.ptr == text.data() + text.size();
}

std::optional<Range> parse_range(std::string_view text) {
  const auto dots = text.find("..");
  Range range{};
  if (dots == text.npos || !parse_whole(text.substr(0, dots), range.low) ||
      !parse_whole(text.substr(dots + 2), range.high) || !(range.low < range.high) ||
      !std::isfinite(range.high - range.low))
    return {};
  return range;
}

/// `given`: the probability was.
void parse_argument(const Generator& g, std::string_view part, Arguments& a, bool& given) {
  const std::string form = " (" + std::string(g.info.syntax) + ")";
  if (part.starts_with("weights=")) {
    a.weights = parse_range(part.substr(8));
    if (!a.weights)
      fail(a.specification,
           "expected finite weights LOW..HIGH with LOW < HIGH, found " + quoted(part.substr(8)) + form);
    return;
  }
  if (part.starts_with("seed=")) {
    if (!parse_whole(part.substr(5), a.seed.emplace()))
      fail(a.specification, "expected a seed in 0..2^64-1, found " + quoted(part.substr(5)) + form);
    return;
  }
  if (g.probability && a.numbers.size() == g.numbers) {
    if (given || !parse_whole(part, a.probability) || !(a.probability >= 0 && a.probability <= 1))
      fail(a.specification, "expected one probability in 0..1, found " + quoted(part) + form);
    given = true;
    return;
  }
  std::int64_t number = 0;
  if (!parse_whole(part, number) || number < 0)
    fail(a.specification, "expected an integer >= 0, found " + quoted(part) + form);
  a.numbers.push_back(number);
}

void check_options(std::string_view specification, const ReadOptions& options) {
  if (!options.format.empty() || options.skip_lines != 0 || options.delimiter != 0 ||
      options.ids != Ids::Number)
    fail(specification, "a generator takes no format, lines to skip, delimiter or kind of ids");
}

}  // namespace

bool is_generator(std::string_view path) { return path.starts_with("gen:"); }

Graph generate(const std::string& specification, const ReadOptions& options) {
  check_options(specification, options);
  std::string_view rest = std::string_view(specification).substr(4);
  const auto next_part = [&rest] {
    const auto part = rest.substr(0, rest.find(':'));
    rest.remove_prefix(std::min(part.size() + 1, rest.size()));
    return part;
  };
  const auto& g = find_generator(specification, next_part());
  Arguments a{specification, {}, options.undirected.value_or(g.make == karate)};
  bool given = false;
  while (!rest.empty()) parse_argument(g, next_part(), a, given);
  if (a.numbers.size() != g.numbers || given != g.probability)
    fail(specification, "expected " + std::to_string(g.numbers + g.probability) + " numbers, found " +
                            std::to_string(a.numbers.size() + given) + " (" + std::string(g.info.syntax) +
                            ")");
  if (a.seed && !g.random && !a.weights)
    fail(specification, "expected weights, which alone the seed is for here, found none (" +
                            std::string(g.info.syntax) + ")");
  a.random = Random(a.seed.value_or(0));
  a.progress = options.progress;
  EdgeList list = g.make(a);
  if (a.weights) add_weights(list, *a.weights, a.random);
  list.undirected = a.undirected;
  const auto bytes = kEdgeBytes * static_cast<std::int64_t>(list.source.size());
  return make_graph(std::move(list), options, [&] {
    if (options.progress) options.progress(bytes, bytes);
  });
}

}  // namespace monograph::io

namespace monograph {

std::span<const GeneratorInfo> generators() {
  static const auto infos = [] {
    std::array<GeneratorInfo, io::kGenerators.size()> all;
    std::ranges::transform(io::kGenerators, all.begin(), &io::Generator::info);
    return all;
  }();
  return infos;
}

}  // namespace monograph
