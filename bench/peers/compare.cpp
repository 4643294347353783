#include "bench/peers/compare.h"

#include <monograph/io.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <set>

#include "bench/baseline.h"
#include "bench/peers/ours.h"
#include "bench/report.h"
#include "bench/timing.h"

namespace monograph::bench::peers {
namespace {

/// 1 .. 255, the same for both directions of an edge.
double drawn_weight(std::int32_t u, std::int32_t v) {
  auto x = static_cast<std::uint64_t>(std::min(u, v)) << 32 | static_cast<std::uint64_t>(std::max(u, v));
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;  // splitmix64
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
  return static_cast<double>((x ^ (x >> 31)) % 255 + 1);
}

void give_weights(Graph& g) {
  const Adjacency out = g.out();
  Column weights(ScalarType::F64, g.edge_count());
  const auto to = weights.span<double>();
  for (std::int32_t u = 0; u < g.node_count(); ++u)
    for (auto k = out.offsets[static_cast<std::size_t>(u)]; k < out.offsets[static_cast<std::size_t>(u) + 1];
         ++k)
      to[static_cast<std::size_t>(k)] = drawn_weight(u, out.neighbors[static_cast<std::size_t>(k)]);
  g.set_edge_attribute("weight", weights);
}

constexpr double kPatience =
    3;  // a round of more than so many times the seconds for all of them is the only one

/// A peer that is here, with the graph in its own form.
struct Guest {
  const PeerInfo* info;
  std::unique_ptr<Peer> peer;
};

/// Who runs in one case: ours first, with all threads and, where that is another number, with one.
struct Entry {
  std::string name;
  int threads;
  bool one_thread;
  std::unique_ptr<Contestant> contestant;
  double first_ms = 0;
  Times times = {};
};

double timed_ms(const Work& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
}

class Comparison {
 public:
  Comparison(Report& report, const CompareOptions& options, const std::string& source, const Graph& graph,
             std::vector<Guest>& guests)
      : report_(report), options_(options), source_(source), graph_(graph), guests_(guests) {}

  void run(const Case& c) {
    name_ = std::string(c.algorithm) + (c.setting.empty() ? "" : ", " + std::string(c.setting)) + " on " +
            source_;
    if (const std::string why = reason_to_skip(c); !why.empty()) return skip(c, why);
    Question q = question_of(c, graph_);
    q.threads = baseline_threads(graph_, {.threads = options_.threads});
    std::vector<Entry> entries = enter(c, q);
    if (entries.empty()) return skip(c, "no peer that is here has it");
    options_.progress(name_);
    entries = add_ours(c, q, std::move(entries));
    drop_wrong(c, entries);
    if (ours_ == 0 || ours_ == entries.size()) return;
    measure(entries);
    drop_wrong(c, entries);
    if (ours_ > 0) put_rows(c, entries);
  }

 private:
  std::string reason_to_skip(const Case& c) const {
    if (c.undirected && !graph_.undirected()) return "of undirected graphs only";
    if (graph_.edge_count() > c.most_edges)
      return "the graph has more than " + std::to_string(c.most_edges) + " edges";
    return graph_.node_count() == 0 ? "the graph has no nodes" : "";
  }

  void skip(const Case& c, const std::string& why) {
    report_["skipped"].push_back(
        {{"algorithm", c.algorithm}, {"setting", c.setting}, {"graph", source_}, {"reason", why}});
  }

  std::vector<Entry> enter(const Case&, const Question& q) {
    std::vector<Entry> entries;
    for (Guest& guest : guests_)
      if (auto contestant = guest.peer->enter(q))
        entries.push_back({std::string(guest.info->name), guest.info->one_thread ? 1 : q.threads,
                           guest.info->one_thread, std::move(contestant)});
    return entries;
  }

  /// In front of the peers; with one thread only where a peer has no more.
  std::vector<Entry> add_ours(const Case& c, const Question& q, std::vector<Entry> peers) {
    std::vector<Entry> entries;
    const bool alone = std::any_of(peers.begin(), peers.end(), [](const Entry& e) { return e.one_thread; });
    for (const int threads : {q.threads, 1}) {
      if (!entries.empty() && (!alone || threads == q.threads)) continue;
      entries.push_back(
          {"ours", threads, false,
           our_contestant(c.program(), c.parameters(q, graph_), graph_, threads, options_.cancel)});
    }
    ours_ = entries.size();
    std::move(peers.begin(), peers.end(), std::back_inserter(entries));
    return entries;
  }

  void throw_if_cancelled() const {
    if (options_.cancel.cancelled()) throw Cancelled("interrupted while measuring");
  }

  /// Runs whoever has not run, and takes out those whose answer is not ours.
  void drop_wrong(const Case& c, std::vector<Entry>& entries) {
    std::optional<Answer> ours;
    for (std::size_t i = 0; i < entries.size();) {
      Entry& e = entries[i];
      throw_if_cancelled();
      try {
        if (e.times.empty()) e.first_ms = timed_ms([&] { e.contestant->run(); });
        const Answer answer = e.contestant->answer();
        if (ours) c.agreement(graph_, *ours, answer, name_ + ", " + e.name);
        if (!ours) ours = answer;
        ++i;
      } catch (const Cancelled&) {
        throw;
      } catch (const std::exception& wrong) {
        fail(c, e.name, wrong.what());
        entries.erase(entries.begin() + static_cast<std::ptrdiff_t>(i));
        if (i < ours_) --ours_;
      }
    }
  }

  void fail(const Case& c, const std::string& peer, const std::string& what) {
    options_.progress("WRONG: " + what);
    report_["failures"].push_back({{"algorithm", c.algorithm},
                                   {"setting", c.setting},
                                   {"graph", source_},
                                   {"peer", peer},
                                   {"what", what}});
  }

  /// Where the first runs took very long, they are the only round: warming up is nothing beside that.
  void measure(std::vector<Entry>& entries) {
    double round = 0;
    for (const Entry& e : entries) round += e.first_ms;
    if (round > options_.seconds * 1e3 * kPatience) {
      for (Entry& e : entries) e.times = {e.first_ms};
      return;
    }
    std::vector<Work> works;
    for (Entry& e : entries)
      works.push_back([this, &e] {
        throw_if_cancelled();
        e.contestant->run();
      });
    const auto times = measure_turns(works, {.least = std::min(3, options_.repeats),
                                             .most = options_.repeats,
                                             .budget_ms = options_.seconds * 1e3});
    for (std::size_t i = 0; i < entries.size(); ++i) entries[i].times = times[i];
  }

  void put_rows(const Case& c, const std::vector<Entry>& entries) {
    for (std::size_t p = ours_; p < entries.size(); ++p)
      for (std::size_t o = 0; o < ours_; ++o)
        if (entries[p].one_thread || entries[p].threads == entries[o].threads)
          put_row(c, entries[o], entries[p]);
  }

  void put_row(const Case& c, const Entry& ours, const Entry& peer) {
    const Times ratios = PairedTimes{peer.times, ours.times}.ratios();
    report_["rows"].push_back({{"algorithm", c.algorithm},
                               {"setting", c.setting},
                               {"graph", source_},
                               {"peer", peer.name},
                               {"method", peer.contestant->method()},
                               {"peer_threads", peer.threads},
                               {"threads", ours.threads},
                               {"tier", ours.contestant->method()},
                               {"ours_ms", rounded(median(ours.times))},
                               {"peer_ms", rounded(median(peer.times))},
                               {"ratio", rounded(median(ratios))},
                               {"spread", rounded(spread(ratios))},
                               {"repetitions", ratios.size()}});
  }

  Report& report_;
  const CompareOptions& options_;
  const std::string& source_;
  const Graph& graph_;
  std::vector<Guest>& guests_;
  std::string name_;
  std::size_t ours_ = 0;  ///< entries of ours, which come first
};

std::vector<const Case*> chosen_cases(const CompareOptions& options) {
  std::vector<const Case*> chosen;
  std::set<std::string> known;
  for (const Case& c : cases()) {
    known.emplace(c.algorithm);
    const auto& wanted = options.algorithms;
    if (wanted.empty() || std::find(wanted.begin(), wanted.end(), c.algorithm) != wanted.end())
      chosen.push_back(&c);
  }
  std::string names;
  for (const std::string& name : known) names += (names.empty() ? "" : ", ") + name;
  for (const std::string& name : options.algorithms)
    if (!known.contains(name))
      throw UsageError("no peer has algorithm \"" + name + "\" (known: " + names + ")");
  return chosen;
}

Report graph_json(const std::string& source, const Graph& graph) {
  return {{"graph", source},
          {"nodes", graph.node_count()},
          {"edges", graph.edge_count()},
          {"undirected", graph.undirected()}};
}

std::vector<Guest> welcome(std::span<const PeerInfo> peers, const Graph& graph, const std::string& source,
                           const CompareOptions& options) {
  std::vector<Guest> guests;
  for (const PeerInfo& p : peers) {
    if (!p.missing.empty()) continue;
    options.progress(source + " as a graph of " + std::string(p.name));
    guests.push_back({&p, p.open(graph)});
  }
  return guests;
}

}  // namespace

Graph comparable_graph(const std::string& source, const CompareOptions& options) {
  ReadOptions read{
      .undirected = !options.directed, .multi_edges = MultiEdges::Drop, .self_loops = SelfLoops::Drop};
  read.progress = [&](std::int64_t, std::int64_t) {
    if (options.cancel.cancelled()) throw Cancelled("interrupted while reading " + source);
  };
  Graph graph = read_graph(source, read);
  const Column* weights = graph.edge_attribute("weight");
  if (!weights || weights->type() != ScalarType::F64) give_weights(graph);
  return graph;
}

void compare(Report& report, std::span<const PeerInfo> peers, const CompareOptions& options) {
  const std::vector<const Case*> chosen = chosen_cases(options);
  for (const char* list : {"peers", "graphs", "skipped", "failures"})
    if (!report.contains(list)) report[list] = Report::array();
  for (const PeerInfo& p : peers)
    report["peers"].push_back(
        {{"name", p.name}, {"version", p.version}, {"one_thread", p.one_thread}, {"missing", p.missing}});
  for (const std::string& source : options.graphs) {
    options.progress(source);
    const Graph graph = comparable_graph(source, options);
    report["graphs"].push_back(graph_json(source, graph));
    std::vector<Guest> guests = welcome(peers, graph, source, options);
    Comparison comparison(report, options, source, graph, guests);
    for (const Case* c : chosen) comparison.run(*c);
    options.keep(report);
  }
}

}  // namespace monograph::bench::peers
