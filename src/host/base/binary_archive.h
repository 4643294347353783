// The binary form: numbers little-endian, lists after their length, texts as numbers of a table that comes
// first (each text once). Nothing is aligned, nothing is a pointer.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "host/base/archive.h"

namespace monograph::base {

class BinaryWriter : public Archive<BinaryWriter> {
 public:
  static constexpr bool kReading = false, kText = false, kDigest = false;

  /// Everything written so far.
  std::string finish() const;

  void boolean(bool x) { bytes_ += static_cast<char>(x); }
  template <class T>
  void integer(T x) {
    append(bytes_, static_cast<std::uint64_t>(x), sizeof(T));
  }
  void text(const std::string& x);
  void choice(std::uint8_t index, std::span<const std::string_view>) { integer(index); }
  bool present(bool there) { return boolean(there), there; }
  template <class T, class Each>
  void list(const std::vector<T>& x, Each each) {
    count(x.size());
    for (const T& element : x) each(element);
  }
  void open() {}
  void close() {}
  bool enter(std::string_view, bool) { return true; }
  void leave() {}
  [[noreturn]] void fail(const std::string& expected, const std::string& found) const;

 private:
  static void append(std::string& out, std::uint64_t x, std::size_t size);
  void count(std::size_t n);

  std::string bytes_, table_;
  std::unordered_map<std::string, std::uint32_t> numbers_;
  std::size_t text_bytes_ = 0;
};

/// Reads what anybody may have written. PlanError "origin: byte N, at /path: expected ..., found ..." for
/// anything else than what the types describe; nothing is allocated because a length announces it.
class BinaryReader : public Archive<BinaryReader> {
 public:
  static constexpr bool kReading = true, kText = false, kDigest = false;

  /// `bytes` outlive the reader. `origin` is what messages call them.
  BinaryReader(std::string_view bytes, std::string origin);
  /// PlanError when bytes are left.
  void finish() const;

  void boolean(bool& x);
  template <class T>
  void integer(T& x) {
    x = static_cast<T>(number(sizeof(T)));
  }
  void text(std::string& x);
  void choice(std::uint8_t& index, std::span<const std::string_view> names);
  bool present(bool) {
    bool there = false;
    boolean(there);
    return there;
  }
  template <class T, class Each>
  void list(std::vector<T>& x, Each each) {
    x.clear();
    for (std::size_t n = count(), i = 0; i < n;
         ++i) {  // grows with what was read, not with what was announced
      go(i);
      each(x.emplace_back());
      leave();
    }
  }
  void open() {}
  void close() {}
  bool enter(std::string_view name, bool) { return go(name), true; }
  void leave() { path_.pop(); }
  [[noreturn]] void fail(const std::string& expected, const std::string& found) const;

 private:
  template <class Step>
  void go(Step step) {
    if (path_.depth() == kMaxDepth) too_deep();
    path_.push(step);
  }
  [[noreturn]] void too_deep() const;
  std::uint64_t number(std::size_t size);
  std::size_t count();
  std::string_view take(std::size_t size);

  std::string_view bytes_;
  std::size_t at_ = 0, text_bytes_ = 0;
  std::string origin_;
  std::vector<std::string_view> table_;
  ArchivePath path_;
};

}  // namespace monograph::base
