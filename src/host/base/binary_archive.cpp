#include "host/base/binary_archive.h"

#include <limits>

namespace monograph::base {
namespace {

constexpr std::size_t kCountSize = 4;
constexpr std::size_t kMost = std::numeric_limits<std::uint32_t>::max();

}  // namespace

void BinaryWriter::append(std::string& out, std::uint64_t x, std::size_t size) {
  for (std::size_t i = 0; i < size; ++i)
    out += static_cast<char>(x >> (8 * i));  // by value, not by byte order
}

void BinaryWriter::count(std::size_t n) {
  if (n > kMost) fail("at most " + std::to_string(kMost) + " elements", std::to_string(n));
  append(bytes_, n, kCountSize);
}

void BinaryWriter::text(const std::string& x) {
  text_bytes_ += x.size();
  if (text_bytes_ > kMaxTextBytes)
    fail("at most " + std::to_string(kMaxTextBytes) + " bytes of text", "more");
  const auto [known, fresh] = numbers_.emplace(x, static_cast<std::uint32_t>(numbers_.size()));
  if (fresh) append(table_, x.size(), kCountSize), table_ += x;
  count(known->second);
}

std::string BinaryWriter::finish() const {
  std::string out;
  append(out, numbers_.size(), kCountSize);
  return out + table_ + bytes_;
}

void BinaryWriter::fail(const std::string& expected, const std::string& found) const {
  throw PlanError("cannot be stored: expected " + expected + ", found " + found);
}

BinaryReader::BinaryReader(std::string_view bytes, std::string origin)
    : bytes_(bytes), origin_(std::move(origin)) {
  for (std::size_t n = count(), i = 0; i < n; ++i) table_.push_back(take(number(kCountSize)));
}

void BinaryReader::finish() const {
  if (at_ != bytes_.size()) fail("the end", std::to_string(bytes_.size() - at_) + " bytes more");
}

std::string_view BinaryReader::take(std::size_t size) {
  if (size > bytes_.size() - at_)
    fail(std::to_string(size) + " bytes more", "the end after " + std::to_string(bytes_.size() - at_));
  const std::string_view part = bytes_.substr(at_, size);
  at_ += size;
  return part;
}

std::uint64_t BinaryReader::number(std::size_t size) {
  const std::string_view part = take(size);
  std::uint64_t x = 0;
  for (std::size_t i = 0; i < size; ++i) x |= std::uint64_t{static_cast<unsigned char>(part[i])} << (8 * i);
  return x;
}

/// Of things that take a byte each at least, so that a number which cannot be is known before the first.
std::size_t BinaryReader::count() {
  const std::size_t n = number(kCountSize);
  if (n > bytes_.size() - at_)
    fail("a list that fits into the " + std::to_string(bytes_.size() - at_) + " bytes left",
         "a length of " + std::to_string(n));
  return n;
}

void BinaryReader::boolean(bool& x) {
  const std::uint64_t byte = number(1);
  if (byte > 1) fail("0 or 1", std::to_string(byte));
  x = byte == 1;
}

void BinaryReader::text(std::string& x) {
  const std::uint64_t index = number(kCountSize);
  if (index >= table_.size())
    fail("one of " + std::to_string(table_.size()) + " texts", "number " + std::to_string(index));
  text_bytes_ += table_[index].size();
  if (text_bytes_ > kMaxTextBytes)
    fail("at most " + std::to_string(kMaxTextBytes) + " bytes of text", "more");
  x = table_[index];
}

void BinaryReader::choice(std::uint8_t& index, std::span<const std::string_view> names) {
  index = static_cast<std::uint8_t>(number(1));
  if (index >= names.size()) fail(one_of(names), "number " + std::to_string(index));
}

void BinaryReader::too_deep() const {
  fail("values nested at most " + std::to_string(kMaxDepth) + " deep", "one more");
}

void BinaryReader::fail(const std::string& expected, const std::string& found) const {
  const std::string path = path_.text();
  throw PlanError(origin_ + ": byte " + std::to_string(at_) + (path.empty() ? "" : ", at " + path) +
                  ": expected " + expected + ", found " + found);
}

}  // namespace monograph::base
