#include "host/codegen/embedded_text.h"

#include <monograph/error.h>

#include <string>

namespace monograph::codegen {

std::string_view embedded_text(std::string_view name) {
  for (const EmbeddedText& t : embedded_texts())
    if (t.name == name) return t.text;
  throw InternalError("no embedded text named " + std::string(name));
}

}  // namespace monograph::codegen
