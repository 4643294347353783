// The JSON form: records are objects with exactly the fields described, lists are arrays, enumerations their
// names. Private: no public header shows JSON.
#pragma once

#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "host/base/archive.h"

namespace monograph::base {

class JsonWriter : public Archive<JsonWriter> {
 public:
  using Json = nlohmann::ordered_json;  // fields in the order in which they are described
  static constexpr bool kReading = false, kText = true, kDigest = false;

  /// What was written: one value.
  Json finish() && { return std::move(root_); }

  void boolean(bool x) { *at_ = x; }
  template <class T>
  void integer(T x) {
    *at_ = x;
  }
  void text(const std::string& x) { *at_ = x; }
  void choice(std::uint8_t index, std::span<const std::string_view> names) { *at_ = names[index]; }
  bool present(bool there) { return there; }  // null: as it is until something is written
  template <class T, class Each>
  void list(const std::vector<T>& x, Each each) {
    Json all = Json::array();
    Json* const home = at_;
    for (const T& element : x) {
      Json one;
      at_ = &one;
      each(element);
      all.push_back(std::move(one));
    }
    at_ = home;
    *at_ = std::move(all);
  }
  void open() { *at_ = Json::object(); }
  void close() {}
  bool enter(std::string_view name, bool omittable) {
    if (omittable) return false;
    homes_.push_back(at_);
    names_.emplace_back(name);
    at_ = parts_.emplace_back(std::make_unique<Json>()).get();
    return true;
  }
  void leave() {
    at_ = homes_.back();
    (*at_)[names_.back()] = std::move(*parts_.back());
    homes_.pop_back(), names_.pop_back(), parts_.pop_back();
  }

 private:
  Json root_;
  Json* at_ = &root_;
  // fields being written: the object each belongs to, its name, its value so far
  std::vector<Json*> homes_;
  std::vector<std::string> names_;
  std::vector<std::unique_ptr<Json>> parts_;
};

/// Reads a document that anybody may have written. PlanError "origin: /path: expected ..., found ...".
class JsonReader : public Archive<JsonReader> {
 public:
  using Json = nlohmann::json;
  static constexpr bool kReading = true, kText = true, kDigest = false;

  /// The document outlives the reader.
  JsonReader(const Json& document, std::string origin) : at_(&document), origin_(std::move(origin)) {}

  void boolean(bool& x);
  template <class T>
  void integer(T& x) {
    if (at_->is_number_unsigned() ? !std::in_range<T>(at_->get<std::uint64_t>())
                                  : !at_->is_number_integer() || !std::in_range<T>(at_->get<std::int64_t>()))
      fail(std::string(std::is_signed_v<T> ? "an integer" : "an integer from 0") + " of " +
               std::to_string(8 * sizeof(T)) + " bits",
           found());
    x = at_->get<T>();
  }
  void text(std::string& x);
  void choice(std::uint8_t& index, std::span<const std::string_view> names);
  bool present(bool) { return !at_->is_null(); }
  template <class T, class Each>
  void list(std::vector<T>& x, Each each) {
    if (!at_->is_array()) fail("an array", found());
    const Json& all = *at_;
    x.clear();
    for (std::size_t i = 0; i < all.size(); ++i) {
      go(i, all[i]);
      each(x.emplace_back());
      leave();
    }
    at_ = &all;
  }
  void open();
  void close();
  bool enter(std::string_view name, bool omittable);
  void leave();
  [[noreturn]] void fail(const std::string& expected, const std::string& found) const;
  /// The value at hand, for messages.
  std::string found() const;

 private:
  struct Record {
    const Json* object;
    std::vector<std::string_view> names;  ///< of the fields described so far
    std::size_t seen = 0;                 ///< of them in the object
  };
  template <class Step>
  void go(Step step, const Json& part) {
    if (path_.depth() == kMaxDepth)
      fail("values nested at most " + std::to_string(kMaxDepth) + " deep", "one more");
    path_.push(step);
    at_ = &part;
  }

  const Json* at_;
  std::string origin_;
  std::vector<Record> records_;
  ArchivePath path_;
};

}  // namespace monograph::base
