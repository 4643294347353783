# find_package(<name> [<version>]) whose failure says how to install it. A macro: the packages' variables belong to the caller.
macro(monograph_needs name version debian_package)
  find_package(${name} ${version} QUIET)
  if(NOT ${name}_FOUND)
    message(FATAL_ERROR "Monograph needs ${name} ${version}, which is not here. "
      "Remedy: apt-get install ${debian_package} (README.md has the whole list).")
  endif()
endmacro()
