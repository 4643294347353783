# The installed package: library, public headers, program, licence, and two descriptions of how to link them
# (find_package and pkg-config). Everything is said relative to the files themselves, so a prefix may be moved.
include(CMakePackageConfigHelpers)

get_target_property(monograph_type monograph TYPE)
set(MONOGRAPH_IS_STATIC OFF)
if(monograph_type STREQUAL "STATIC_LIBRARY")
  set(MONOGRAPH_IS_STATIC ON)
endif()
set(monograph_package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/monograph)
set(monograph_pkgconfig_dir ${CMAKE_INSTALL_LIBDIR}/pkgconfig)

install(TARGETS monograph EXPORT monographTargets
        RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR}
        LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}
        ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(DIRECTORY include/monograph DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}
        FILES_MATCHING PATTERN "*.h" PATTERN "*.def")
install(FILES LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})

# Where `to` lies as seen from `from`, both below the prefix or both absolute.
function(monograph_relative from to out)
  cmake_path(ABSOLUTE_PATH from BASE_DIRECTORY ${CMAKE_INSTALL_PREFIX})
  cmake_path(ABSOLUTE_PATH to BASE_DIRECTORY ${CMAKE_INSTALL_PREFIX})
  file(RELATIVE_PATH relative ${from} ${to})
  string(REGEX REPLACE "/$" "" relative "${relative}")
  set(${out} "${relative}" PARENT_SCOPE)
endfunction()

if(TARGET monograph_program)  # tools/ installs it; where its library lies is known here
  monograph_relative(${CMAKE_INSTALL_BINDIR} ${CMAKE_INSTALL_LIBDIR} bin_to_lib)
  set_target_properties(monograph_program PROPERTIES INSTALL_RPATH "$ORIGIN/${bin_to_lib}")
endif()

# find_package(monograph)
configure_package_config_file(cmake/monographConfig.cmake.in ${PROJECT_BINARY_DIR}/package/monographConfig.cmake
  INSTALL_DESTINATION ${monograph_package_dir}
  NO_SET_AND_CHECK_MACRO)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/package/monographConfigVersion.cmake
  VERSION ${PROJECT_VERSION} COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/package/monographConfig.cmake
              ${PROJECT_BINARY_DIR}/package/monographConfigVersion.cmake
        DESTINATION ${monograph_package_dir})
install(EXPORT monographTargets NAMESPACE monograph:: DESTINATION ${monograph_package_dir})

# pkg-config monograph. A static library's own needs are public, so that `--libs` alone links either kind.
if(MONOGRAPH_IS_STATIC)
  set(MONOGRAPH_PC_REQUIRES "zlib libzstd expat")
  set(MONOGRAPH_PC_LIBS "-pthread ${OpenMP_CXX_FLAGS}")
  if(CMAKE_DL_LIBS)
    string(APPEND MONOGRAPH_PC_LIBS " -l${CMAKE_DL_LIBS}")
  endif()
  if(MONOGRAPH_HAS_CUDA)
    string(PREPEND MONOGRAPH_PC_LIBS "${CUDA_cudart_static_LIBRARY} -lrt ")
  endif()
endif()
if(MONOGRAPH_SANITIZE)
  string(APPEND MONOGRAPH_PC_LIBS " -fsanitize=${MONOGRAPH_SANITIZE}")
endif()
monograph_relative(${monograph_pkgconfig_dir} . MONOGRAPH_PC_TO_PREFIX)
monograph_relative(. ${CMAKE_INSTALL_LIBDIR} MONOGRAPH_PC_LIBDIR)
monograph_relative(. ${CMAKE_INSTALL_INCLUDEDIR} MONOGRAPH_PC_INCLUDEDIR)
configure_file(cmake/monograph.pc.in ${PROJECT_BINARY_DIR}/package/monograph.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/package/monograph.pc DESTINATION ${monograph_pkgconfig_dir})
