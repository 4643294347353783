// Running programs: a session owns a backend; an executable is a program bound to it; a run binds a graph and
// parameters and gives a result.
#pragma once

#include <monograph/graph.h>
#include <monograph/program.h>

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace monograph {

/// A backend by name, and whether it can be used on this machine.
struct BackendInfo {
  std::string name;
  std::string doc;
  bool available = false;
  std::string reason;  ///< why not, when it is not
};
/// Every backend this library knows.
std::vector<BackendInfo> backends();

struct SessionOptions {
  std::string backend = "auto";  ///< auto, or a name of `backends()`
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

/// Asks a run to stop, from any thread; the run throws Cancelled before its next iteration.
class CancelToken {
 public:
  void cancel() noexcept { *flag_ = true; }
  bool cancelled() const noexcept { return *flag_; }

 private:
  std::shared_ptr<std::atomic<bool>> flag_ = std::make_shared<std::atomic<bool>>(false);
};

struct RunOptions {
  /// Called before each iteration of an outermost loop with its number, from the calling thread.
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

/// What a run gives.
class Result {
 public:
  const std::vector<Output>& outputs() const { return outputs_; }
  /// UsageError (with the names that exist) when there is none of that name.
  const Output& output(std::string_view name) const;
  /// The elements; UsageError when `T` is not their type.
  template <class T>
  std::span<const T> column(std::string_view name) const {
    return expect(name, scalar_type_of<T>).column.template span<T>();
  }
  /// The one element of a scalar output; UsageError when `T` is not its type or the output is a column.
  template <class T>
  T scalar(std::string_view name) const {
    return expect(name, scalar_type_of<T>, true).column.at(0).template as<T>();
  }

  std::string backend, backend_reason;  ///< which backend ran, and why that one
  std::int64_t iterations = 0;          ///< of the last outermost loop
  bool converged = true;        ///< its condition ended it, not its iteration limit; true without a loop
  double run_ms = 0;            ///< wall time of the execution alone
  std::int64_t csr_builds = 0;  ///< transposes built during this run

 private:
  friend class Session;
  const Output& expect(std::string_view name, ScalarType asked, bool scalar = false) const;
  std::vector<Output> outputs_;
};

/// A program bound to a session's backend.
class Executable {
 public:
  const Program& program() const { return program_; }

 private:
  friend class Session;
  explicit Executable(Program program) : program_(std::move(program)) {}
  Program program_;
};

/// Owns a backend and what stays between runs. Sessions share nothing but immutable tables: one per thread.
class Session {
 public:
  /// UsageError for an unknown backend; DeviceError when it was asked for by name and is not there.
  explicit Session(const SessionOptions& options = {});
  ~Session();
  Session(Session&&) noexcept;
  Session& operator=(Session&&) noexcept;

  const std::string& backend() const;
  const std::string& backend_reason() const;

  Executable compile(const Program& program);
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
