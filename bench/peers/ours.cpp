#include "bench/peers/ours.h"

namespace monograph::bench::peers {
namespace {

class Ours final : public Contestant {
 public:
  Ours(const Program& program, const Parameters& parameters, const Graph& graph, int threads,
       const CancelToken& cancel)
      : session_({.backend = "cpu", .cpu_tier = CpuTier::Native, .threads = threads, .cancel = cancel}),
        executable_(session_.compile(program)),
        graph_(graph),
        parameters_(parameters),
        options_{.cancel = cancel} {}
  void run() override { result_ = session_.run(executable_, graph_, parameters_, options_); }
  Answer answer() const override {
    Answer answer;
    for (const Output& o : result_.outputs()) answer.push_back({o.name, o.column});
    return answer;
  }
  std::string method() const override { return result_.tier; }

 private:
  Session session_;
  Executable executable_;
  const Graph& graph_;
  Parameters parameters_;
  RunOptions options_;
  Result result_;
};

}  // namespace

std::unique_ptr<Contestant> our_contestant(const Program& program, const Parameters& parameters,
                                           const Graph& graph, int threads, const CancelToken& cancel) {
  return std::make_unique<Ours>(program, parameters, graph, threads, cancel);
}

}  // namespace monograph::bench::peers
