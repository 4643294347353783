#include <monograph/error.h>
#include <monograph/version.h>

#define MONOGRAPH_TEXT_(x) #x
#define MONOGRAPH_TEXT(x) MONOGRAPH_TEXT_(x)

namespace monograph {

const char* version() noexcept {
  return MONOGRAPH_TEXT(MONOGRAPH_VERSION_MAJOR) "." MONOGRAPH_TEXT(
      MONOGRAPH_VERSION_MINOR) "." MONOGRAPH_TEXT(MONOGRAPH_VERSION_PATCH);
}

std::string to_string(const Location& where) {
  std::string s = where.file;
  if (where.line) s += ":" + std::to_string(where.line);
  if (where.line && where.column) s += ":" + std::to_string(where.column);
  return s;
}

}  // namespace monograph
