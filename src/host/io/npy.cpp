#include "host/io/npy.h"

#include <algorithm>
#include <bit>
#include <charconv>
#include <cstring>
#include <limits>
#include <utility>

#include "host/io/binary.h"
#include "host/io/format.h"

namespace monograph::io {
namespace {

constexpr std::string_view kMagic = "\x93NUMPY";

[[noreturn]] void fail(const std::string& where, std::size_t at, const std::string& expected,
                       const std::string& found) {
  throw InputError({where}, "byte " + std::to_string(at) + ": expected " + expected + ", found " + found);
}

/// The header: a Python dictionary with three known keys.
class Header {
 public:
  Header(std::string_view text, std::size_t offset, Array& array)
      : text_(text), offset_(offset), array_(array) {}

  void read() {
    expect('{');
    bool descr = false, order = false, shape = false;
    while (!take('}')) {
      const std::string_view key = quoted_word();
      expect(':');
      if (key == "descr" && !std::exchange(descr, true))
        read_type();
      else if (key == "fortran_order" && !std::exchange(order, true))
        read_order();
      else if (key == "shape" && !std::exchange(shape, true))
        read_shape();
      else
        fail("one each of 'descr', 'fortran_order', 'shape'", quoted(key));
      if (!take(',')) {
        expect('}');
        break;
      }
    }
    if (!descr || !order || !shape) fail("'descr', 'fortran_order' and 'shape'", "less");
    if (text_.find_first_not_of(" \n", at_) != text_.npos) fail("the end of the header", "more");
  }

 private:
  [[noreturn]] void fail(const std::string& expected, const std::string& found) const {
    io::fail(array_.where, offset_ + at_, expected, found);
  }
  std::string here() const {
    return at_ < text_.size() ? quoted(text_.substr(at_, 8)) : "the end of the header";
  }
  void skip() {
    while (at_ < text_.size() && text_[at_] == ' ') ++at_;
  }
  bool take(char c) {
    skip();
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  void expect(char c) {
    if (!take(c)) fail(quoted({&c, 1}), here());
  }
  std::string_view quoted_word() {
    skip();
    const char quote = at_ < text_.size() ? text_[at_] : '\0';
    if (quote != '\'' && quote != '"') fail("a word in quotes", here());
    const auto end = text_.find(quote, at_ + 1);
    if (end == text_.npos) fail("a closing quote", here());
    const auto word = text_.substr(at_ + 1, end - at_ - 1);
    at_ = end + 1;
    return word;
  }
  std::int64_t number() {
    skip();
    std::int64_t value = 0;
    const auto r = std::from_chars(text_.data() + at_, text_.data() + text_.size(), value);
    if (r.ec != std::errc{} || value < 0) fail("a length", here());
    at_ = static_cast<std::size_t>(r.ptr - text_.data());
    return value;
  }

  void read_type() {
    skip();
    const std::size_t place = at_;
    const std::string_view type = quoted_word();
    const auto digits = type.substr(std::min<std::size_t>(2, type.size()));
    const auto r = std::from_chars(digits.data(), digits.data() + digits.size(), array_.size);
    const std::string_view kinds = "biufSU";
    const bool known = type.size() > 2 && std::string_view("<>|=").find(type[0]) != std::string_view::npos &&
                       kinds.find(type[1]) != kinds.npos && r.ec == std::errc{} &&
                       r.ptr == digits.data() + digits.size();
    if (known) array_.kind = type[1];
    array_.swapped = known && type[0] == (std::endian::native == std::endian::little ? '>' : '<');
    if (!known || !size_fits()) {
      at_ = place;
      fail("numbers, bool or text, such as '<f8'", quoted(type));
    }
  }
  bool size_fits() const {
    const int n = array_.size;
    switch (array_.kind) {
      case 'b':
        return n == 1;
      case 'f':
        return n == 4 || n == 8;
      case 'i':
      case 'u':
        return n == 1 || n == 2 || n == 4 || n == 8;
      default:
        return n >= 0 && n <= 1024;
    }
  }
  void read_order() {
    skip();
    if (text_.substr(at_).starts_with("True")) fail("rows one after the other (fortran_order False)", "True");
    if (!text_.substr(at_).starts_with("False")) fail("True or False", here());
    at_ += 5;
  }
  void read_shape() {
    expect('(');
    while (!take(')')) {
      if (array_.shape.size() == 8) fail("at most 8 dimensions", "more");
      array_.shape.push_back(number());
      if (!take(',')) {
        expect(')');
        break;
      }
    }
  }

  std::string_view text_;
  std::size_t offset_, at_ = 0;
  Array& array_;
};

template <class T>
T element(const Array& a, std::int64_t i) {
  char bytes[sizeof(T)];
  std::memcpy(bytes, a.data.data() + static_cast<std::size_t>(i) * sizeof(T), sizeof(T));
  if (a.swapped) std::reverse(bytes, bytes + sizeof(T));
  T value;
  std::memcpy(&value, bytes, sizeof value);
  return value;
}

template <class From, class To>
Column converted(const Array& a) {
  Column out(scalar_type_of<To>, a.count());
  const auto to = out.span<To>();
  for (std::int64_t i = 0; i < a.count(); ++i) {
    const From value = element<From>(a, i);
    if constexpr (sizeof(From) == 8 && std::is_same_v<From, std::uint64_t>)
      if (value > static_cast<std::uint64_t>(std::numeric_limits<To>::max()))
        throw InputError({a.where}, "expected integers below 2^63, found " + std::to_string(value) + " at " +
                                        std::to_string(i));
    to[static_cast<std::size_t>(i)] = static_cast<To>(value);
  }
  return out;
}

Column bools(const Array& a) {
  Column out(ScalarType::Bool, a.count());
  const auto to = out.span<bool>();
  for (std::size_t i = 0; i < to.size(); ++i) to[i] = a.data[i] != 0;
  return out;
}

/// Magic, version, length and text of a header that makes the whole a multiple of 64.
std::string header(std::string_view type, const std::string& shape) {
  std::string text =
      "{'descr': '" + std::string(type) + "', 'fortran_order': False, 'shape': " + shape + ", }";
  text.append(63 - (10 + text.size()) % 64, ' ') += '\n';
  std::string out(kMagic);
  out += '\1';
  out += '\0';
  out += static_cast<char>(text.size() & 255);
  out += static_cast<char>(text.size() >> 8);
  return out + text;
}

}  // namespace

std::int64_t Array::count() const {
  std::int64_t n = 1;
  for (const auto d : shape) n *= d;
  return n;
}

Column Array::column() const {
  if (shape.size() != 1)
    throw InputError({where}, "expected an array of one dimension, found " + std::to_string(shape.size()));
  switch (kind == 'b'   ? 0
          : kind == 'f' ? 10 + size
          : kind == 'i' ? 20 + size
          : kind == 'u' ? 30 + size
                        : -1) {
    case 0:
      return bools(*this);
    case 14:
      return converted<float, float>(*this);
    case 18:
      return converted<double, double>(*this);
    case 21:
      return converted<std::int8_t, std::int32_t>(*this);
    case 22:
      return converted<std::int16_t, std::int32_t>(*this);
    case 24:
      return converted<std::int32_t, std::int32_t>(*this);
    case 28:
      return converted<std::int64_t, std::int64_t>(*this);
    case 31:
      return converted<std::uint8_t, std::int32_t>(*this);
    case 32:
      return converted<std::uint16_t, std::int32_t>(*this);
    case 34:
      return converted<std::uint32_t, std::int64_t>(*this);
    case 38:
      return converted<std::uint64_t, std::int64_t>(*this);
    default:
      throw InputError({where}, "expected numbers, found text");
  }
}

std::vector<std::int64_t> Array::integers() const {
  const Column c = column();
  if (c.type() == ScalarType::I64) {
    const auto all = c.span<std::int64_t>();
    return {all.begin(), all.end()};
  }
  if (c.type() != ScalarType::I32)
    throw InputError({where}, "expected integers, found " + std::string(to_string(c.type())));
  const auto all = c.span<std::int32_t>();
  return {all.begin(), all.end()};
}

std::string Array::text() const {
  if ((kind != 'S' && kind != 'U') || count() != 1)
    throw InputError({where}, "expected one text, found something else");
  std::string out;
  const std::size_t step = kind == 'U' ? 4 : 1;
  for (std::size_t i = 0; i < static_cast<std::size_t>(size); ++i)
    if (const char c = data[i * step + (swapped ? step - 1 : 0)]) out += c;
  return out;
}

Array parse_npy(std::string_view bytes, const std::string& where) {
  if (!bytes.starts_with(kMagic)) fail(where, 0, "93 \"NUMPY\"", "other bytes");
  const auto byte = [&](std::size_t i) {
    return static_cast<std::size_t>(static_cast<unsigned char>(bytes[i]));
  };
  if (bytes.size() < 10) fail(where, bytes.size(), "a header", "the end of the file");
  const std::size_t version = byte(6), begin = version == 1 ? 10 : 12;
  if (version < 1 || version > 3) fail(where, 6, "version 1, 2 or 3", std::to_string(version));
  if (bytes.size() < begin) fail(where, bytes.size(), "a header", "the end of the file");
  const std::size_t length = byte(8) | byte(9) << 8 | (version == 1 ? 0 : byte(10) << 16 | byte(11) << 24);
  if (length > bytes.size() - begin)
    fail(where, 8, "a header that ends in the file", std::to_string(length) + " bytes");
  Array array;
  array.where = where;
  Header(bytes.substr(begin, length), begin, array).read();
  array.data = bytes.substr(begin + length);
  const std::int64_t element = static_cast<std::int64_t>(array.size) * (array.kind == 'U' ? 4 : 1);
  std::int64_t expected = element;
  for (const auto d : array.shape)
    if (__builtin_mul_overflow(expected, d, &expected))
      fail(where, begin, "a shape that a file has room for", "one that has not 2^63 bytes");
  if (expected != static_cast<std::int64_t>(array.data.size()) || (element == 0 && array.count() != 1))
    fail(where, begin + length, std::to_string(expected) + " bytes for its shape",
         std::to_string(array.data.size()));
  return array;
}

std::string npy_bytes(const Column& column) {
  constexpr std::string_view kTypes[] = {"|b1", "<i4", "<i8", "<f4", "<f8"};
  std::string out =
      header(kTypes[static_cast<std::size_t>(column.type())], "(" + std::to_string(column.size()) + ",)");
  return out.append(static_cast<const char*>(column.data()), static_cast<std::size_t>(column.bytes()));
}

std::string npy_bytes(std::span<const std::int64_t> values) { return npy_bytes(Column::of(values)); }

std::string npy_text(std::string_view text) {
  return header("|S" + std::to_string(text.size()), "()").append(text);
}

Column result_array(const NodeIds& ids, const ResultColumn& column) {
  if (column.role == Role::Value) return column.column;
  if (ids.is_text())
    throw InputError("result column '" + column.name +
                     "' is of nodes, whose ids are text: .npy and .npz hold numbers");
  Column out(ScalarType::I64, column.column.size());
  const auto to = out.span<std::int64_t>();
  for (std::size_t i = 0; i < to.size(); ++i) {
    const auto v = node_at(ids, column, static_cast<std::int64_t>(i));
    to[i] = v < 0 ? -1 : ids.number(v);
  }
  return out;
}

namespace {

void write_npy(Output& out, const NodeIds& ids, std::span<const ResultColumn> columns) {
  if (columns.size() != 1)
    throw InputError("expected one result column for a .npy, found " + std::to_string(columns.size()) +
                     " (.npz holds several)");
  out.bytes(npy_bytes(result_array(ids, columns[0])));
}

}  // namespace

constinit const Format npy_format = {"npy",   ".npy",  "NumPy: one column of a result, without ids",
                                     nullptr, nullptr, write_npy};

}  // namespace monograph::io

namespace monograph {

Column read_column(const std::string& path) {
  try {
    const io::Binary file(path, {}, io::Binary::Access::Read);
    return io::parse_npy(file.bytes(), path).column();
  } catch (const std::bad_alloc&) {
    throw MemoryError("out of memory while reading " + path);
  }
}

}  // namespace monograph
