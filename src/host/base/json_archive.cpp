#include "host/base/json_archive.h"

#include <algorithm>

#include "host/base/nearest.h"

namespace monograph::base {

void JsonReader::boolean(bool& x) {
  if (!at_->is_boolean()) fail("true or false", found());
  x = at_->get<bool>();
}

void JsonReader::text(std::string& x) {
  if (!at_->is_string()) fail("a string", found());
  x = at_->get_ref<const std::string&>();
}

void JsonReader::choice(std::uint8_t& index, std::span<const std::string_view> names) {
  const auto it = at_->is_string() ? std::find(names.begin(), names.end(), at_->get_ref<const std::string&>())
                                   : names.end();
  if (it == names.end()) fail(one_of(names), found());
  index = static_cast<std::uint8_t>(it - names.begin());
}

void JsonReader::open() {
  if (!at_->is_object()) fail("an object", found());
  records_.push_back({.object = at_, .names = {}});
}

bool JsonReader::enter(std::string_view name, bool omittable) {
  Record& record = records_.back();
  record.names.push_back(name);
  const auto it = record.object->find(name);
  if (it == record.object->end()) {
    if (omittable) return false;
    at_ = record.object;
    fail("key " + shown(name), "none");
  }
  ++record.seen;
  go(name, *it);
  return true;
}

void JsonReader::leave() {
  path_.pop();
  if (!records_.empty()) at_ = records_.back().object;
}

void JsonReader::close() {
  const Record& record = records_.back();
  at_ = record.object;
  if (record.seen != at_->size())
    for (const auto& [key, unused] : at_->items())
      if (std::find(record.names.begin(), record.names.end(), key) == record.names.end()) {
        const std::string_view near = nearest(key, record.names);
        fail("a key out of " + one_of(record.names),
             shown(key) + (near.empty() ? "" : "; did you mean " + std::string(near) + "?"));
      }
  records_.pop_back();
}

std::string JsonReader::found() const {
  if (at_->is_string()) return shown(at_->get_ref<const std::string&>());
  if (at_->is_array()) return "an array";
  if (at_->is_object()) return "an object";
  return at_->dump();
}

void JsonReader::fail(const std::string& expected, const std::string& found) const {
  const std::string path = path_.text();
  throw PlanError(origin_ + ": " + (path.empty() ? "" : path + ": ") + "expected " + expected + ", found " +
                  found);
}

}  // namespace monograph::base
