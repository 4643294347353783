// The version of the library, and of what it writes. CMake reads these three lines.
#pragma once

#define MONOGRAPH_VERSION_MAJOR 0
#define MONOGRAPH_VERSION_MINOR 1
#define MONOGRAPH_VERSION_PATCH 0

namespace monograph {

/// "MAJOR.MINOR.PATCH" of the library that is linked (not of the headers compiled against).
const char* version() noexcept;

}  // namespace monograph
