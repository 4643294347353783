// Who else answers a question of the library, each behind the same two classes.
#pragma once

#include <monograph/graph.h>
#include <monograph/session.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace monograph::bench::peers {

/// Columns by the names of our outputs. A peer may have fewer than we: what it has is compared.
using Answer = std::vector<Attribute>;

/// What everyone is asked, on one graph.
struct Question {
  std::string_view algorithm;         ///< of the library
  std::string_view setting;           ///< which of the cases of that algorithm, or ""
  std::int64_t iterations = 0;        ///< of the cases that have a number of them
  double tolerance = 0;               ///< L1 norm of the change, of the cases that end by it
  std::int32_t source = 0;            ///< node index
  std::vector<std::int32_t> sources;  ///< of betweenness: node indices, repeats count
  int threads = 1;                    ///< at most
};

/// Ready to run: whatever does not depend on the question was done when it was made.
class Contestant {
 public:
  virtual ~Contestant() = default;
  virtual void run() = 0;
  /// Of the last run; not measured. RuntimeError where it did not end as it should.
  virtual Answer answer() const = 0;
  /// What it does, in a few words.
  virtual std::string method() const = 0;
};

/// A peer with one graph in its own form.
class Peer {
 public:
  virtual ~Peer() = default;
  /// Null where it does not answer that.
  virtual std::unique_ptr<Contestant> enter(const Question& question) = 0;
};

struct PeerInfo {
  std::string_view name;
  std::string version;
  bool one_thread = false;  ///< it uses one, whatever it is offered
  std::string missing;      ///< why it is not here; "" where it is
  /// The graph has edge attribute "weight" and no repeats and no self-loops; it outlives the peer.
  std::unique_ptr<Peer> (*open)(const Graph& graph) = nullptr;
};

PeerInfo native_peer();
PeerInfo igraph_peer();     ///< igraph.cpp, or absent.cpp where it is not installed
PeerInfo graphblas_peer();  ///< graphblas.cpp, or absent.cpp

}  // namespace monograph::bench::peers
