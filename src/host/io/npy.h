// Arrays of NumPy as bytes (NEP 1, versions 1 to 3).
#pragma once

#include <monograph/io.h>

#include <string>
#include <string_view>
#include <vector>

namespace monograph::io {

struct Array {
  std::string where;  ///< for errors: "file.npy", "file.npz: data.npy"
  char kind = 0;      ///< b, i, u, f, S, U
  int size = 0;       ///< bytes of an element (of U: characters)
  bool swapped = false;
  std::vector<std::int64_t> shape;
  std::string_view data;

  std::int64_t count() const;
  /// A one-dimensional array as a column; smaller integers become i32, unsigned ones the next larger type.
  Column column() const;
  /// Integers of any size.
  std::vector<std::int64_t> integers() const;
  /// A text of one element.
  std::string text() const;
};

/// InputError "where: byte N: expected ...": not such a file, an array of other things than numbers and text,
/// other than its bytes have room for, or in Fortran's order.
Array parse_npy(std::string_view bytes, const std::string& where);
/// The file of a column.
std::string npy_bytes(const Column& column);
std::string npy_bytes(std::span<const std::int64_t> values);
/// An array without dimensions that holds a text of ASCII.
std::string npy_text(std::string_view text);
/// What a file holds of a result column: of nodes their ids. InputError: ids are text.
Column result_array(const NodeIds& ids, const ResultColumn& column);

}  // namespace monograph::io
