// One description of a type drives every stored form of it: binary, JSON and digest. A type says what it is
// made of, in one of these, found by argument-dependent lookup:
//
//   template <class A, Like<X> T> void fields(A& a, T& x)      a record: a.field("name", x.name); ...
//   template <class A, Like<X> T> void represent(A& a, T& x)   stands for one other value: a.value(that)
//   std::span<const std::string_view> names_of(E)              an enumeration 0, 1, ...
//
// Numbers, bool, std::string, std::vector and std::optional need nothing. The same function writes and reads,
// so the two cannot drift; `A::kReading` says which it is where that matters.
#pragma once

#include <monograph/error.h>

#include <concepts>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace monograph::base {

/// T is U, const or not: writers see const values.
template <class T, class U>
concept Like = std::same_as<std::remove_const_t<T>, U>;

/// Values inside values, at most. What is stored comes from anywhere, and reading recurses.
inline constexpr std::size_t kMaxDepth = 128;
/// Bytes that the texts of one archive may take together once they are read: a text is stored once and may be
/// named often, so a small file could ask for any amount.
inline constexpr std::size_t kMaxTextBytes = std::size_t{64} << 20;

/// The way from the root to the value at hand.
class ArchivePath {
 public:
  void push(std::string_view name) { steps_.push_back({name, 0}); }
  void push(std::size_t index) { steps_.push_back({{}, index}); }
  void pop() { steps_.pop_back(); }
  std::size_t depth() const { return steps_.size(); }
  /// "/program/regions/2/nodes/0/op", or "" at the root.
  std::string text() const;

 private:
  struct Step {
    std::string_view name;  ///< of a field; empty: an element
    std::size_t index;
  };
  std::vector<Step> steps_;
};

/// In double quotes, cut short, with what cannot be shown as dots: for messages about input.
std::string shown(std::string_view text);
/// "a, b or c".
std::string one_of(std::span<const std::string_view> names);

template <class T>
inline constexpr bool kIsVector = false;
template <class T>
inline constexpr bool kIsVector<std::vector<T>> = true;
template <class T>
inline constexpr bool kIsOptional = false;
template <class T>
inline constexpr bool kIsOptional<std::optional<T>> = true;

/// What the archives have in common: from a type to what it is made of. `Self` has
///   boolean, integer, text, choice   one value of that kind
///   present(bool)                    whether a value that may be absent is there; if so, it follows
///   list(x, each)                    the elements of a vector, by `each(element)`
///   open(), close()                  around the fields of a record
///   enter(name, omittable)           before a field; false: it is left out
///   leave(), fail(expected, found)
template <class Self>
class Archive {
 public:
  template <class T>
  void value(T& x) {
    using V = std::remove_const_t<T>;
    if constexpr (std::is_same_v<V, bool>)
      self().boolean(x);
    else if constexpr (std::is_integral_v<V>)
      self().integer(x);
    else if constexpr (std::is_same_v<V, std::string>)
      self().text(x);
    else if constexpr (kIsVector<V>)
      self().list(x, [&](auto& element) { value(element); });
    else if constexpr (kIsOptional<V>)
      optional(x);
    else if constexpr (std::is_enum_v<V> && requires { names_of(x); })
      enumeration(x, names_of(x));
    else if constexpr (requires { represent(self(), x); })
      represent(self(), x);
    else
      record(x);
  }

  /// A field of a record. Where it is `omittable`, JSON leaves it out.
  template <class T>
  void field(std::string_view name, T& x, bool omittable = false) {
    if (self().enter(name, omittable)) value(x), self().leave();
  }
  /// A field that JSON leaves out while it has its default value.
  template <class T>
  void sparse(std::string_view name, T& x) {
    field(name, x, is_default(x));
  }
  /// The same for what is no part of the value, but about it (where it came from): outside of the digest.
  template <class T>
  void note(std::string_view name, T& x) {
    if constexpr (!Self::kDigest) field(name, x, is_default(x));
  }
  /// One of `count` fields whose names come from a table that may change: stored with its name by every
  /// archive.
  template <class T>
  void key(std::string_view name, T& x) {
    std::string stored(name);
    if constexpr (!Self::kText) {
      self().text(stored);
      if constexpr (Self::kReading)
        if (stored != name) self().fail(shown(name), shown(stored));
    }
    field(name, x);
  }
  void keys(std::size_t count) {
    std::uint32_t stored = static_cast<std::uint32_t>(count);
    if constexpr (!Self::kText) self().integer(stored);
    if constexpr (Self::kReading)
      if (stored != count) self().fail(std::to_string(count) + " entries", std::to_string(stored));
  }
  /// An index that a table of names gives a meaning.
  template <class T>
  void enumeration(T& x, std::span<const std::string_view> names) {
    std::uint8_t index = 0;
    if constexpr (!Self::kReading) index = static_cast<std::uint8_t>(x);
    self().choice(index, names);
    if constexpr (Self::kReading) x = static_cast<std::remove_const_t<T>>(index);
  }

 private:
  Self& self() { return static_cast<Self&>(*this); }

  template <class T>
  static bool is_default(const T& x) {
    if constexpr (Self::kReading)
      return true;  // may be left out
    else
      return x == std::remove_const_t<T>{};
  }

  template <class T>
  void optional(T& x) {
    if constexpr (Self::kReading) {
      x.reset();
      if (self().present(false)) value(x.emplace());
    } else {
      if (self().present(x.has_value())) value(*x);
    }
  }

  template <class T>
  void record(T& x) {
    self().open();
    fields(self(), x);
    self().close();
  }
};

}  // namespace monograph::base
