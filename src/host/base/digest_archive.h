// The digest of a value, by the same description as its stored forms. Notes are left out.
#pragma once

#include "host/base/archive.h"
#include "host/base/hash.h"

namespace monograph::base {

class Digest : public Archive<Digest> {
 public:
  static constexpr bool kReading = false, kText = false, kDigest = true;

  Hash128 finish() const { return hash_.finish(); }

  void boolean(bool x) { hash_.add(x); }
  template <class T>
  void integer(T x) {
    hash_.add(static_cast<std::uint64_t>(x));
  }
  void text(const std::string& x) { hash_.add(x); }
  void choice(std::uint8_t index, std::span<const std::string_view> names) { hash_.add(names[index]); }
  bool present(bool there) { return hash_.add(there), there; }
  template <class T, class Each>
  void list(const std::vector<T>& x, Each each) {
    hash_.add(x.size());
    for (const T& element : x) each(element);
  }
  void open() {}
  void close() {}
  bool enter(std::string_view, bool) { return true; }
  void leave() {}

 private:
  Hasher hash_;
};

}  // namespace monograph::base
