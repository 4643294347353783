// C++ written by hand for this machine, of bench/native.
#include <monograph/version.h>

#include "bench/baseline.h"
#include "bench/peers/peer.h"

namespace monograph::bench::peers {
namespace {

class ByHand final : public Contestant {
 public:
  ByHand(std::unique_ptr<Baseline> baseline, std::string output, std::string method)
      : baseline_(std::move(baseline)), output_(std::move(output)), method_(std::move(method)) {}
  void run() override { baseline_->run(); }
  Answer answer() const override {
    Answer answer{{output_, baseline_->result()}};
    if (const auto* paths = dynamic_cast<const PathBaseline*>(baseline_.get()))
      answer.push_back({"parent", paths->parents()});
    return answer;
  }
  std::string method() const override { return method_; }

 private:
  std::unique_ptr<Baseline> baseline_;
  std::string output_, method_;
};

class Native final : public Peer {
 public:
  explicit Native(const Graph& graph) : graph_(graph) {}
  std::unique_ptr<Contestant> enter(const Question& q) override {
    const BaselineOptions options{.iterations = q.iterations, .threads = q.threads};
    const auto by_hand = [](std::unique_ptr<Baseline> b, const char* output, const char* method) {
      return std::make_unique<ByHand>(std::move(b), output, method);
    };
    if (q.algorithm == "pagerank" && q.setting == "iterations")
      return by_hand(pagerank_f64_baseline(graph_, options), "rank", "pull, one pass per iteration");
    if (q.algorithm == "wcc") return by_hand(afforest_baseline(graph_, options), "component", "Afforest");
    if (q.algorithm == "cdlp")
      return by_hand(cdlp_baseline(graph_, options), "label", "synchronous, tables per thread");
    if (q.algorithm == "bfs")
      return by_hand(bfs_baseline(graph_, q.source, options), "level", "direction-optimising");
    if (q.algorithm == "sssp")
      return by_hand(sssp_baseline(graph_, q.source, options), "distance", "delta-stepping, delta tuned");
    return nullptr;
  }

 private:
  const Graph& graph_;
};

}  // namespace

PeerInfo native_peer() {
  return {.name = "native",
          .version = version(),
          .missing = "",
          .open = [](const Graph& g) -> std::unique_ptr<Peer> { return std::make_unique<Native>(g); }};
}

}  // namespace monograph::bench::peers
