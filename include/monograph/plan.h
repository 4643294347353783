// Plans: programs as they will run, optimised and scheduled, free of any graph. A plan compiled once runs on
// every graph, in this process or another, from a file or a cache.
#pragma once

#include <monograph/program.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace monograph {

namespace plan {
struct Plan;
}

/// An immutable value; copies share it. What `from_bytes` and `from_json` read may come from anywhere: it is
/// a plan that passes every check, or a PlanError saying what was expected, what was found and where.
class Plan {
 public:
  explicit Plan(plan::Plan plan);

  const std::string& name() const;
  /// 32 hexadecimal digits: equal for plans that run the same steps.
  std::string hash() const;
  /// Of the program that the plan was compiled from (Program::hash); empty when that is not known.
  const std::string& source_hash() const;
  /// Optimisation level that it was compiled with.
  int level() const;
  std::vector<ParameterInfo> parameters() const;
  std::vector<OutputInfo> outputs() const;
  /// The optimised program, its fused groups as `control.fused`.
  Program program() const;

  /// The binary form: versioned, checksummed, compressed when large. Equal plans give equal bytes.
  std::string to_bytes() const;
  /// `origin` is what messages call the plan: its file.
  static Plan from_bytes(std::string_view bytes, const std::string& origin = "plan");
  /// The same content for people and other languages.
  std::string to_json() const;
  static Plan from_json(std::string_view text, const std::string& origin = "plan");
  /// Steps, slots and kernels, for reading.
  std::string to_text() const;
  /// Whether the bytes of a file are meant to be a plan: in either form, whole or damaged.
  static bool is_plan(std::string_view bytes);

  const plan::Plan& content() const { return *plan_; }
  friend bool operator==(const Plan& a, const Plan& b);

 private:
  std::shared_ptr<const plan::Plan> plan_;
};

}  // namespace monograph
