// Bytes of unknown origin in messages: what is text is shown, anything else as \xHH, so that a message is
// text and no terminal is told what to do.
#pragma once

#include <string>
#include <string_view>

namespace monograph::base {

/// How many bytes at the beginning of `text` are one printable character in UTF-8; 0: it begins with none (a
/// control character, a byte that is no UTF-8, or the end).
std::size_t character(std::string_view text);

/// Appends "\xHH".
void append_hex(std::string& out, char byte);

/// `text` with every byte that is part of no printable character as \xHH.
std::string printable(std::string_view text);

}  // namespace monograph::base
