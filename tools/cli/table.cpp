#include "cli/table.h"

#include <algorithm>

namespace monograph::cli {
namespace {

// Bytes that start a character: good enough for the width of ids in UTF-8.
std::size_t display_width(const std::string& text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

std::string aligned(const std::string& cell, std::size_t width, Table::Align align) {
  const std::string padding(width - std::min(width, display_width(cell)), ' ');
  return align == Table::Align::Right ? padding + cell : cell + padding;
}

}  // namespace

void Table::add(std::vector<std::string> cells) {
  cells.resize(columns_.size());
  rows_.push_back(std::move(cells));
}

std::vector<std::size_t> Table::widths() const {
  std::vector<std::size_t> result;
  for (const Column& column : columns_) result.push_back(display_width(column.heading));
  for (const auto& row : rows_)
    for (std::size_t i = 0; i < row.size(); ++i) result[i] = std::max(result[i], display_width(row[i]));
  return result;
}

std::string Table::text() const {
  const std::vector<std::size_t> width = widths();
  std::string result;
  const auto line = [&](const auto& cell_of) {
    std::string text;
    for (std::size_t i = 0; i < columns_.size(); ++i)
      text += (i ? "  " : "") + aligned(cell_of(i), width[i], columns_[i].align);
    text.erase(text.find_last_not_of(' ') + 1);
    result += text + '\n';
  };
  line([&](std::size_t i) { return columns_[i].heading; });
  for (const auto& row : rows_) line([&](std::size_t i) { return row[i]; });
  return result;
}

}  // namespace monograph::cli
