// A result as a JSON array with one object for each node (RFC 8259).
#include <cmath>

#include "host/io/format.h"

namespace monograph::io {
namespace {

/// Length of the UTF-8 sequence that `s` begins with, 0 when it begins with none (RFC 3629).
std::size_t sequence_length(std::string_view s) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(s[i]); };
  const unsigned char b = byte(0);
  const std::size_t n = b < 0x80                ? 1
                        : b >= 0xc2 && b < 0xe0 ? 2
                        : b >= 0xe0 && b < 0xf0 ? 3
                        : b >= 0xf0 && b < 0xf5 ? 4
                                                : 0;
  if (n == 0 || s.size() < n) return 0;
  for (std::size_t i = 1; i < n; ++i)
    if ((byte(i) & 0xc0) != 0x80) return 0;
  const bool overlong = (b == 0xe0 && byte(1) < 0xa0) || (b == 0xf0 && byte(1) < 0x90);
  const bool outside = (b == 0xed && byte(1) > 0x9f) || (b == 0xf4 && byte(1) > 0x8f);
  return overlong || outside ? 0 : n;
}

/// JSON text is UTF-8: a byte that is not becomes U+FFFD.
void put_string(Output& out, std::string_view s) {
  constexpr std::string_view kHex = "0123456789abcdef";
  out.text('"');
  for (std::size_t i = 0, n = 0; i < s.size(); i += n) {
    n = sequence_length(s.substr(i));
    const char c = s[i];
    const auto byte = static_cast<unsigned char>(c);
    if (n != 1) {
      out.text(n == 0 ? std::string_view("\\ufffd") : s.substr(i, n));
      if (n == 0) n = 1;
    } else if (c == '"' || c == '\\')
      out.text('\\').text(c);
    else if (byte < 0x20)
      out.text("\\u00").text(kHex[byte >> 4]).text(kHex[byte & 15]);
    else
      out.text(c);
  }
  out.text('"');
}

void put_json_id(Output& out, const NodeIds& ids, std::int32_t index) {
  if (ids.is_text())
    put_string(out, ids.text(index));
  else
    out.number(ids.number(index));
}

bool is_finite(const Constant& value) {
  if (value.type == ScalarType::F64) return std::isfinite(value.as<double>());
  return value.type != ScalarType::F32 || std::isfinite(value.as<float>());
}

/// JSON has no number for infinities and NaN: they are strings.
void put_value(Output& out, const NodeIds& ids, const ResultColumn& column, std::int64_t i) {
  if (column.role == Role::Node) {
    const auto index = node_at(ids, column, i);
    if (index < 0)
      out.text("-1");
    else
      put_json_id(out, ids, index);
    return;
  }
  const bool finite = is_finite(column.column.at(i));
  if (!finite) out.text('"');
  put_element(out, column.column, i);
  if (!finite) out.text('"');
}

void write_json(Output& out, const NodeIds& ids, std::span<const ResultColumn> columns) {
  out.text('[');
  for (std::int32_t v = 0; v < ids.size(); ++v) {
    out.text(v ? ",\n" : "\n").text("{\"id\":");
    put_json_id(out, ids, v);
    for (const auto& c : columns) {
      put_string(out.text(','), c.name);
      put_value(out.text(':'), ids, c, v);
    }
    out.text('}');
  }
  out.text("\n]\n");
}

}  // namespace

constinit const Format json_format = {"json",  ".json", "an array of objects {\"id\": ..., NAME: ...}",
                                      nullptr, nullptr, write_json};

}  // namespace monograph::io
