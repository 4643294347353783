// monograph::Plan: the public face of a plan::Plan.
#include <monograph/plan.h>

#include "host/base/container.h"
#include "host/plan/forms.h"

namespace monograph {

Plan::Plan(plan::Plan plan) : plan_(std::make_shared<const plan::Plan>(std::move(plan))) {}

const std::string& Plan::name() const { return plan_->name(); }
std::string Plan::hash() const { return plan::hash(*plan_).text(); }
const std::string& Plan::source_hash() const { return plan_->source_hash; }
int Plan::level() const { return plan_->level; }
std::vector<ParameterInfo> Plan::parameters() const { return program().parameters(); }
std::vector<OutputInfo> Plan::outputs() const { return program().outputs(); }
Program Plan::program() const { return Program(plan_->program); }

std::string Plan::to_bytes() const { return plan::to_bytes(*plan_); }
Plan Plan::from_bytes(std::string_view bytes, const std::string& origin) {
  return Plan(plan::from_bytes(bytes, origin));
}
std::string Plan::to_json() const { return plan::to_json(*plan_); }
Plan Plan::from_json(std::string_view text, const std::string& origin) {
  return Plan(plan::from_json(text, origin));
}
std::string Plan::to_text() const { return program().to_text(); }

// A document of this library says what it is before anything else; where it does not, the whole of it is
// asked.
bool Plan::is_plan(std::string_view bytes) {
  if (base::is_container(bytes)) return true;
  constexpr std::string_view kSpace = " \t\r\n";
  const std::size_t first = bytes.find_first_not_of(kSpace);
  if (first == bytes.npos || bytes[first] != '{') return false;
  constexpr std::string_view kKey = "\"monograph\"";
  const std::size_t key = bytes.find(kKey);
  if (key == bytes.npos) return false;
  bytes.remove_prefix(key + kKey.size());
  bytes.remove_prefix(std::min(bytes.find_first_not_of(": \t\r\n"), bytes.size()));
  return bytes.starts_with("\"plan\"");
}

bool operator==(const Plan& a, const Plan& b) { return *a.plan_ == *b.plan_; }

}  // namespace monograph
