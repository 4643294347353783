// Where a command writes: results to `out`, everything for the person watching to `err`.
#pragma once

#include <ostream>
#include <string>
#include <string_view>

namespace monograph::cli {

enum class Style { Plain, Bold, Good, Bad };

/// The two streams of the program and what they are connected to.
struct Terminal {
  std::ostream& out;
  std::ostream& err;
  bool out_is_tty = false;
  bool err_is_tty = false;
  bool color = false;  ///< the user wants colour where a stream is a TTY (NO_COLOR, TERM=dumb)

  /// `text` in `style` when standard output shows colours, `text` alone otherwise.
  std::string paint(std::string_view text, Style style) const;
};

/// The process's standard streams. Colours are off when NO_COLOR is set to anything, or TERM is "dumb".
Terminal standard_terminal();

/// One line "monograph: <message>" on err; line breaks inside of the message become "; ".
void report_error(const Terminal& terminal, std::string_view message);

/// Flushes `out`; InputError when what was written did not arrive (a full disk, a closed stream).
void finish_output(const Terminal& terminal);

}  // namespace monograph::cli
