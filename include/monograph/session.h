// Running programs: a session owns a backend; an executable is a program bound to it; a run binds a graph and
// parameters and gives a result.
#pragma once

#include <monograph/graph.h>
#include <monograph/plan.h>
#include <monograph/program.h>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace monograph {

namespace runtime {
struct Machine;
}

/// A backend by name, and whether it can be used on this machine.
struct BackendInfo {
  std::string name;
  std::string doc;
  bool available = false;
  std::string reason;  ///< why not, when it is not
};
/// Every backend this library knows.
std::vector<BackendInfo> backends();

/// How the cpu backend runs a plan. Every tier gives the same bits.
enum class CpuTier : std::uint8_t {
  Auto,    ///< tiles at once; compiled code when the plan is run again, as soon as it is ready
  Tiles,   ///< interpreted, tile by tile
  Native,  ///< compiled by the machine's own C++ compiler before the first run; tiles where there is none
};

/// Whether backends that run plans compute, in each iteration of a loop, only the rows that read a changed
/// one, in the loops of which `explain` says that they have an active set. Results are the same bits.
enum class ActiveRows : std::uint8_t {
  Auto,    ///< where that is less work
  Never,   ///< all rows, in each iteration
  Always,  ///< wherever the changed rows are known, whatever it costs: for tests
};

/// Where compiled plans and code are kept for later sessions: in MONOGRAPH_CACHE_DIR, else in monograph/ of
/// XDG_CACHE_HOME, else in .cache/monograph/ of HOME. A folder that cannot be used is a warning, never an
/// error.
enum class CacheUse : std::uint8_t {
  Off,     ///< nowhere
  Memory,  ///< in this session only
  On,
  Check,  ///< compiles even so and compares: InternalError when the cache holds something else
};

/// Asks to stop, from any thread: a run throws Cancelled before its next iteration, and who waits for the
/// machine's compiler does so at once.
class CancelToken {
 public:
  void cancel() noexcept { *flag_ = true; }
  bool cancelled() const noexcept { return *flag_; }

 private:
  std::shared_ptr<std::atomic<bool>> flag_ = std::make_shared<std::atomic<bool>>(false);
};

struct SessionOptions {
  std::string backend = "auto";            ///< auto (never simt), or a name of `backends()`
  int level = 2;                           ///< of optimisation: 0 none, 1 what never costs, 2 all
  std::vector<std::string> disabled = {};  ///< passes to leave out; UsageError for an unknown name
  bool fast_math = false;  ///< also rules that may change the last digits: results differ from the reference
  CpuTier cpu_tier = CpuTier::Auto;
  ActiveRows active_rows = ActiveRows::Auto;
  int threads = 0;  ///< of the cpu backend; 0: as many as the machine has. Results do not depend on it
  std::uint64_t simt_seed = 1;  ///< of the orders in which simt runs threads, another one for each launch of
                                ///< the session; 0: always in order. Results do not depend on it
  bool simt_loops = false;      ///< simt: loops are one kernel each, where they can be
  bool simt_balanced = false;   ///< simt: long rows are cut into pieces of their own, before the others
  CacheUse cache = CacheUse::On;
  std::string cache_folder = {};    ///< another folder than the environment's
  std::uint64_t device_memory = 0;  ///< of the cuda backend: how many bytes of the device it may take; 0: all
                                    ///< that are free. What does not fit is a MemoryError before it runs
  CancelToken cancel = {};  ///< ends `compile` and `load`, with the compiler that they wait for: Cancelled
};

/// Parameters of a run by name. Values are converted to the parameter's type where nothing is lost.
class Parameters {
 public:
  Parameters() = default;
  Parameters(std::initializer_list<std::pair<const std::string, Constant>> values) : constants_(values) {}
  template <class T>
  Parameters& set(const std::string& name, T value) {
    if constexpr (std::is_same_v<T, bool>)
      constants_[name] = Constant::of(value);
    else if constexpr (std::is_integral_v<T>)
      constants_[name] = Constant::of(static_cast<std::int64_t>(value));
    else
      constants_[name] = Constant::of(static_cast<double>(value));
    return *this;
  }
  /// As text: "0.85", "true", or the user's id of a node.
  Parameters& set_text(const std::string& name, std::string text) {
    return texts_[name] = std::move(text), *this;
  }

  const std::map<std::string, Constant>& constants() const { return constants_; }
  const std::map<std::string, std::string>& texts() const { return texts_; }

 private:
  std::map<std::string, Constant> constants_;
  std::map<std::string, std::string> texts_;
};

struct RunOptions {
  /// Called before each iteration of an outermost loop with its number, from the calling thread. While a
  /// device runs: with the number of the one that it is at, now and then, so that numbers may be left out.
  std::function<void(std::int64_t iteration)> progress = {};
  CancelToken cancel = {};
};

/// One named result: a column (or scalar) in the type the program gave it.
struct Output {
  std::string name;
  Type type;
  bool is_node = false;  ///< elements are node indices, to be shown as the user's ids (-1: none)
  Column column;
};

/// A column in a device's memory: `size` elements at `data`, which only that device may read.
struct DeviceView {
  const void* data = nullptr;
  ScalarType type = {};
  std::int64_t size = 0;
  int device = 0;
};

/// What a run gives: values, from then on the caller's. Columns of the cuda backend are fetched when they are
/// first asked for, here; those that nobody asked for, at the latest before the session's next run of that
/// program on that graph or its end, while the Result or a copy of it is still there. Any number of threads
/// may read one Result.
class Result {
 public:
  /// All of them. MemoryError or RuntimeError when they cannot be fetched.
  const std::vector<Output>& outputs() const;
  /// UsageError (with the names that exist) when there is none of that name.
  const Output& output(std::string_view name) const;
  /// A large column piece by piece, in order: `take(first, elements)` gets `chunk` of them each time (the
  /// last time: what is left) and the index of the first, never more than that in the host's memory where the
  /// column lies elsewhere. UsageError when `T` is not their type or chunk < 1; what `take` throws ends it.
  template <class T>
  void stream(std::string_view name, std::int64_t chunk,
              const std::function<void(std::int64_t first, std::span<const T> elements)>& take) const {
    pieces(name, scalar_type_of<T>, chunk, [&](std::int64_t first, const void* elements, std::int64_t count) {
      take(first, {static_cast<const T*>(elements), static_cast<std::size_t>(count)});
    });
  }
  /// Where a column lies on the device, without fetching it: until the session's next run or its end. Nothing
  /// when it does not lie there (any more). UsageError when there is no output of that name.
  std::optional<DeviceView> device(std::string_view name) const;
  /// The elements; UsageError when `T` is not their type.
  template <class T>
  std::span<const T> column(std::string_view name) const {
    return fetched(expect(name, scalar_type_of<T>, false)).column.template span<T>();
  }
  /// The one element of a scalar output; UsageError when `T` is not its type or the output is a column.
  template <class T>
  T scalar(std::string_view name) const {
    return fetched(expect(name, scalar_type_of<T>, true)).column.at(0).template as<T>();
  }

  std::string backend, backend_reason;  ///< which backend ran, and why that one
  std::string tier, tier_reason;        ///< of the cpu backend: tiles or native, and why; empty for others
  std::int64_t iterations = 0;          ///< of the last outermost loop
  bool converged = true;  ///< its condition ended it, not its iteration limit; true without a loop
  double run_ms = 0;      ///< wall time of the execution alone
  double compile_ms = 0;  ///< of the machine's compiler for the code that ran; 0 when it was kept from before
  std::int64_t csr_builds = 0;       ///< transposes built during this run
  std::int64_t csr_hits = 0;         ///< transposes that were there already
  std::int64_t plan_cache_hits = 0;  ///< 1: the plan came from the cache, in memory or on disk
  std::int64_t allocations = 0;  ///< columns allocated in this run for values of the program; 0 of reference.
                                 ///< Of cuda: pieces of device memory, the graph's included
  std::int64_t device_bytes = 0;  ///< of cuda: device memory that the run needs, the graph's included
  std::int64_t groups = 0;        ///< fused groups (kernels) of the plan
  std::int64_t steps = 0;         ///< steps of the plan, groups included

 private:
  friend class Session;
  struct Columns;
  using Piece = std::function<void(std::int64_t first, const void* elements, std::int64_t count)>;
  std::size_t find(std::string_view name) const;
  std::size_t expect(std::string_view name, ScalarType asked, bool scalar) const;
  const Output& fetched(std::size_t output) const;
  void pieces(std::string_view name, ScalarType asked, std::int64_t chunk, const Piece& take) const;
  std::shared_ptr<Columns> columns_;  // of all copies
};

/// A program bound to a session's backend: compiled once, run as often as you like. Cheap to copy.
class Executable {
 public:
  const Program& program() const;
  /// The digest of what runs, or of the program where the backend runs it as it is.
  std::string plan_hash() const;
  /// What runs; nothing where the backend runs the program as it is.
  std::optional<Plan> plan() const;
  /// The name under which `Session::replace` gave what runs in the program's place; empty: the program
  /// itself.
  const std::string& replaced_by() const;

 private:
  friend class Session;
  struct Impl;
  explicit Executable(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}
  std::shared_ptr<Impl> impl_;
};

/// Owns a backend and what stays between runs. Sessions share nothing but immutable tables: one per thread.
class Session {
 public:
  /// UsageError for an unknown backend; DeviceError when it was asked for by name and is not there.
  explicit Session(const SessionOptions& options = {});
  /// On another machine than this one, for tests: src/host/runtime/machine.h.
  Session(const SessionOptions& options, const runtime::Machine& machine);
  ~Session();
  Session(Session&&) noexcept;
  Session& operator=(Session&&) noexcept;

  const std::string& backend() const;
  const std::string& backend_reason() const;

  /// From the cache where it is there. The same program gives the same executable while it is remembered.
  Executable compile(const Program& program);
  /// Several at once: where machine code is made, in fewer and larger pieces, which takes less time.
  std::vector<Executable> compile(std::span<const Program> programs);
  /// A plan that was compiled before, perhaps elsewhere: nothing is compiled again.
  Executable load(const Plan& plan);
  /// From now on `replacement` runs where a program means `known` (equal after canonicalisation; names of
  /// programs and source lines do not count), on backends that run plans. That the two mean the same is the
  /// caller's promise. CompileError when they differ in parameters, outputs or attributes; UsageError when
  /// `known` has one already.
  void replace(const std::string& name, const Program& known, const Program& replacement);
  /// What the cache could not do since the last call, each thing once: one line each.
  std::vector<std::string> take_warnings();
  /// What a run would refuse before it starts, without running: parameters and the graph's attributes, with
  /// run's errors.
  void check(const Executable& executable, const Graph& graph, const Parameters& parameters = {}) const;
  /// Runs once. UsageError: unknown parameter, wrong type, out of range, unknown node id. InputError: a
  /// missing attribute. RuntimeError: a check failed. Cancelled. On any error `graph` is as before.
  Result run(const Executable& executable, Graph& graph, const Parameters& parameters = {},
             const RunOptions& options = {});
  /// For programs that store no attribute; InputError otherwise.
  Result run(const Executable& executable, const Graph& graph, const Parameters& parameters = {},
             const RunOptions& options = {});
  /// compile and run
  Result run(const Program& program, const Graph& graph, const Parameters& parameters = {},
             const RunOptions& options = {});

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace monograph
