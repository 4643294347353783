// Aligned text tables for people.
#pragma once

#include <string>
#include <vector>

namespace monograph::cli {

/// Rows under headings. Columns are as wide as their widest cell and two spaces apart.
class Table {
 public:
  enum class Align { Left, Right };
  struct Column {
    std::string heading;
    Align align = Align::Left;
  };

  explicit Table(std::vector<Column> columns) : columns_(std::move(columns)) {}
  /// Adds a row; missing cells are empty.
  void add(std::vector<std::string> cells);
  std::size_t size() const { return rows_.size(); }
  /// The heading line, then the rows, each ended by a line break and without trailing spaces.
  std::string text() const;

 private:
  std::vector<std::size_t> widths() const;
  std::vector<Column> columns_;
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace monograph::cli
