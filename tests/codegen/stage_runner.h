// Runs a group as device code through the shim.
#pragma once

#include <cstring>
#include <map>
#include <memory>

#include "host/codegen/device_stage.h"
#include "host/codegen/long_rows.h"
#include "host/plan/stage.h"
#include "region_runner.h"

namespace monograph::test {

#include "kernels/device_run.cuh"

/// A group with its kernels; results are those of the region.
struct StageText {
  ir::Region region;
  plan::Stage stage;
  codegen::DeviceGroup device;
};

inline StageText stage_text(const ir::Program& program, ir::RegionIndex region, const std::string& name,
                            codegen::DeviceOptions options = {}) {
  StageText s{program.regions.at(region), plan::lower(program, region), {}};
  s.device = codegen::emit_device_group(s.stage, name, options);
  return s;
}

struct StageLaunch {
  std::uint64_t seed = 0;
  unsigned blocks = 3;  ///< at most so many, of any use or not
  unsigned resident = 2;
  bool in_place = false;  ///< results take the memory of arguments where a plan may do that
};

/// What a run has in device memory, around the kernels of one group. What they have to write starts as
/// garbage, so that what is not written shows.
class DeviceRun {
 public:
  DeviceRun(const Graph& graph, const plan::Stage& stage)
      : graph_(graph), in_(graph.in()), out_(graph.out()) {
    const std::int64_t rows = ops::element_count(stage.domain, graph.node_count(), graph.edge_count());
    partial_.assign(static_cast<std::size_t>((rows + 1023) / 1024) * 2 * stage.reductions.size(), kGarbage);
    votes_.assign(static_cast<std::size_t>(4 * graph.edge_count()), kGarbage);
    const auto offsets = [](const Adjacency& a) {
      return std::vector<long long>(a.offsets.begin(), a.offsets.end());
    };
    long_in_ = codegen::long_rows(offsets(in_)), long_out_ = codegen::long_rows(offsets(out_));
    pieces_.assign(2 * stage.aggregates.size() * (long_in_.pieces() + long_out_.pieces()), kGarbage);
    run = {.nodes = graph.node_count(),
           .edges = graph.edge_count(),
           .in = rows_of(in_),
           .out = rows_of(out_),
           .undirected = graph.undirected(),
           .blocks_done = 0,
           .partial = reinterpret_cast<unsigned char*>(partial_.data()),
           .votes = votes_.data(),
           .failed = ~0ull,
           .failed_index = 0,
           .reporting = 0,
           .done = nullptr,
           .long_in = table(long_in_),
           .long_out = table(long_out_),
           .pieces = reinterpret_cast<unsigned char*>(pieces_.data())};
  }
  mg_device run;

 private:
  static constexpr unsigned long long kGarbage = 0x5a5a5a5a5a5a5a5aull;
  static mg_device_rows rows_of(const Adjacency& a) {
    const auto words = [](std::span<const std::int64_t> s) {
      return s.empty() ? nullptr : reinterpret_cast<const long long*>(s.data());
    };
    return {words(a.offsets), a.neighbors.data(), words(a.edges)};
  }

  Graph graph_;
  static mg_long_rows table(const codegen::LongRows& l) {
    return {l.rows.data(), l.first.data(), l.of.data(), static_cast<long long>(l.rows.size())};
  }

  Adjacency in_, out_;
  codegen::LongRows long_in_, long_out_;
  std::vector<unsigned long long> partial_, votes_, pieces_;
};

/// Where arguments and results of a launch lie: columns as they are, scalars in 8 bytes.
class Places {
 public:
  Places(const StageText& s, const Values& args, Values& results, bool in_place) {
    for (const ops::Value& a : args) arguments_.push_back(a.column);
    std::vector<bool> taken(args.size());
    for (std::size_t k = 0; k < results.size(); ++k) {
      const std::size_t a = in_place ? shared_with(s.stage, results[k].type, taken) : args.size();
      if (a < args.size()) {
        taken[a] = true;
        results[k].column = arguments_[a];
      }
      places_.push_back(results[k].column.data());
      if (a < args.size()) shared_[a] = places_.back();
    }
    for (std::size_t a = args.size(); a-- > 0;)
      places_.insert(places_.begin(), shared_.contains(a) ? shared_.at(a) : arguments_[a].data());
  }
  std::span<void*> places() { return places_; }

 private:
  /// The argument whose memory a result may have: read at the row only, of the same type.
  static std::size_t shared_with(const plan::Stage& stage, const Type& type, const std::vector<bool>& taken) {
    for (std::uint32_t a = 0; a < stage.arguments.size(); ++a)
      if (stage.arguments[a] == type && !taken[a] && !stage.gathers(a)) return a;
    return stage.arguments.size();
  }

  std::vector<Column> arguments_;
  std::map<std::size_t, void*> shared_;
  std::vector<void*> places_;
};

/// The same group as the kernels of `module`. What failed inside of it is in `run` afterwards.
inline Values launch(const simt::Module& module, const StageText& s, const Values& args, DeviceRun& device,
                     const Graph& graph, const StageLaunch& how) {
  Values results;
  for (const Type& t : s.stage.result_types) {
    const std::int64_t n = ops::element_count(t, graph.node_count(), graph.edge_count());
    results.push_back({t, Column(t.scalar, t.domain == Domain::Scalar ? 8 : n)});
    const auto bytes = static_cast<std::size_t>(results.back().column.bytes());
    if (bytes) std::memset(results.back().column.data(), 0x5a, bytes);
  }
  Values wide = args;  // scalars have 8 bytes
  for (ops::Value& a : wide)
    if (a.type.domain == Domain::Scalar) {
      Column room(a.column.type(), 8);
      room.set(0, a.column.at(0));
      a.column = room;
    }
  Places places(s, wide, results, how.in_place);
  void* run = &device.run;
  std::vector<void*> pointers{&run};
  for (void*& p : places.places()) pointers.push_back(&p);
  for (const codegen::DeviceKernel& k : s.device.kernels) {
    simt::Emulator emulator;
    const auto ended =
        emulator.launch(module.kernel(k.name), {.grid = {k.rows_per_block ? how.blocks : 1, 1, 1},
                                                .block = {k.block_threads, 1, 1},
                                                .shared_bytes = k.shared_bytes,
                                                .arguments = pointers,
                                                .seed = how.seed,
                                                .resident_blocks = how.resident});
    EXPECT_TRUE(ended.ok()) << ended.error;
    EXPECT_EQ(device.run.blocks_done, 0u) << k.name;
  }
  for (ops::Value& r : results)
    if (r.type.domain == Domain::Scalar) {
      Column one(r.type.scalar, 1);
      one.set(0, r.column.at(0));
      r.column = one;
    }
  return results;
}

}  // namespace monograph::test
