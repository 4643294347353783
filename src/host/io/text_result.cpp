// "id value" lines, as the reference outputs of LDBC Graphalytics.
#include "host/io/format.h"

namespace monograph::io {
namespace {

void write_lines(Output& out, const NodeIds& ids, std::span<const ResultColumn> columns) {
  for (std::int32_t v = 0; v < ids.size(); ++v) {
    put_id(out, ids, v);
    for (const auto& c : columns) put_result(out.text(' '), ids, c, v);
    out.text('\n');
  }
}

}  // namespace

constinit const Format text_format = {
    "text",  ".txt",  "\"id value\" lines, as LDBC Graphalytics has its reference outputs",
    nullptr, nullptr, write_lines};

}  // namespace monograph::io
