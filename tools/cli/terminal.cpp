#include "cli/terminal.h"

#include <monograph/error.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>

#include "host/base/printable.h"

namespace monograph::cli {
namespace {

std::string_view environment(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

std::string_view escape_code(Style style) {
  switch (style) {
    case Style::Bold:
      return "\x1b[1m";
    case Style::Good:
      return "\x1b[32m";
    case Style::Bad:
      return "\x1b[31m";
    case Style::Plain:
      break;
  }
  return "";
}

}  // namespace

std::string Terminal::paint(std::string_view text, Style style) const {
  if (!out_is_tty || !color || style == Style::Plain) return std::string(text);
  return std::string(escape_code(style)).append(text).append("\x1b[0m");
}

Terminal standard_terminal() {
  return {.out = std::cout,
          .err = std::cerr,
          .out_is_tty = isatty(STDOUT_FILENO) == 1,
          .err_is_tty = isatty(STDERR_FILENO) == 1,
          .color = environment("NO_COLOR").empty() && environment("TERM") != "dumb"};
}

void report_error(const Terminal& terminal, std::string_view message) {
  std::string line = "monograph: ";
  for (std::size_t at = 0; at <= message.size();) {  // no control codes and no odd bytes from a hostile file
    const std::size_t end = std::min(message.find_first_of("\n\t", at), message.size());
    line += base::printable(message.substr(at, end - at));
    if (end < message.size()) line += message[end] == '\n' ? "; " : "\t";
    at = end + 1;
  }
  terminal.err << line << '\n' << std::flush;
}

void finish_output(const Terminal& terminal) {
  if (!terminal.out.flush())
    throw InputError("standard output: could not be written; is the disk full or the stream closed?");
}

}  // namespace monograph::cli
