// The suites of `monograph bench`: what runs, against what, and the report.
#pragma once

#include <monograph/session.h>

#include <functional>
#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace monograph::bench {

struct SuiteOptions {
  bool quick = false;                        ///< small graphs, fewest repetitions
  int threads = 0;                           ///< of both sides; 0: all
  std::vector<std::string> algorithms = {};  ///< names of algorithm_list.def; none: all
  std::vector<std::string> graphs = {};      ///< names of graph_list.def; none: all
  std::function<void(const std::string&)> progress = [](const std::string&) {};
  CancelToken cancel = {};  ///< what is measured then ends with Cancelled, as soon as a run of it is done
};

inline void throw_if_cancelled(const SuiteOptions& options) {
  if (options.cancel.cancelled()) throw Cancelled("interrupted while measuring");
}

using Report = nlohmann::ordered_json;

/// Composed programs against hand-written code. docs/benchmarks.md says what each field means. RuntimeError
/// when two sides disagree about an answer.
Report seeds(const SuiteOptions& options);
/// What it takes before a program can run: its plan, its code for this machine, its kernels for a device.
Report compile(const SuiteOptions& options);
/// What each pass is worth: all on against all but one, and the levels.
Report passes(const SuiteOptions& options);
/// How fast a weighted edge list is read, against fscanf.
Report reading(const SuiteOptions& options);

/// A column of the table for people.
struct Heading {
  std::string_view heading, field;  ///< `field` of a row
};
struct Suite {
  std::string_view name, doc;
  Report (*run)(const SuiteOptions&);
  std::span<const Heading> table;
};
std::span<const Suite> suites();

}  // namespace monograph::bench
