# One step of the package's tests: cmake -DSTEP=... -DKIND=static|shared ... -P check.cmake
cmake_minimum_required(VERSION 3.25)
set(prefix ${WORK}/${KIND}/moved/here)  # where a step finds the installed package: never where it was installed to

# Runs a command and stops with its output when it fails; leaves the output in `output`.
function(run)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE status OUTPUT_VARIABLE text ERROR_VARIABLE text)
  if(NOT status STREQUAL "0")
    list(JOIN ARGN " " command)
    message(FATAL_ERROR "${command}\nfailed (${status}):\n${text}")
  endif()
  set(output "${text}" PARENT_SCOPE)
endfunction()

# Configures the consumer in `build`; its compiler is the library's, and it can see no private dependency.
function(configure_consumer build)
  file(REMOVE_RECURSE ${build}/CMakeCache.txt)
  run(${CMAKE_COMMAND} -S ${CONSUMER} -B ${build} -G ${GENERATOR} -DCMAKE_CXX_COMPILER=${CXX}
      -DCMAKE_CXX_COMPILER_LAUNCHER=${LAUNCHER} -DCMAKE_BUILD_TYPE=Debug -DCMAKE_CXX_FLAGS_DEBUG=-O0 ${ARGN})
endfunction()

function(expect_contains text part)
  string(FIND "${text}" "${part}" at)
  if(at EQUAL -1)
    message(FATAL_ERROR "expected \"${part}\" in:\n${text}")
  endif()
endfunction()

# Installed files may not say where the source or the build stood.
function(expect_no_build_path folder)
  file(GLOB_RECURSE files ${folder}/*)
  foreach(file IN LISTS files)
    file(STRINGS ${file} found REGEX "${SOURCE}/" LIMIT_COUNT 1)
    if(found)
      message(FATAL_ERROR "${file} names the source directory: ${found}")
    endif()
  endforeach()
endfunction()

function(step_subdirectory)
  configure_consumer(${WORK}/subdirectory -DMONOGRAPH_AS_SUBDIRECTORY=${SOURCE} -DBUILD_SHARED_LIBS=${SHARED}
                     -DMONOGRAPH_CUDA=OFF)
  # one floor as it is, and one with text made by the build
  run(${CMAKE_COMMAND} --build ${WORK}/subdirectory --target monograph_base monograph_codegen)
endfunction()

function(step_prefix)
  file(REMOVE_RECURSE ${WORK}/${KIND})
  run(${CMAKE_COMMAND} --install ${BUILD} --prefix ${WORK}/${KIND}/original)
  file(MAKE_DIRECTORY ${WORK}/${KIND}/moved)
  file(RENAME ${WORK}/${KIND}/original ${prefix})
  expect_no_build_path(${prefix})
  file(GLOB_RECURSE headers RELATIVE ${prefix}/include ${prefix}/include/*)
  file(GLOB_RECURSE public RELATIVE ${SOURCE}/include ${SOURCE}/include/*)
  if(NOT headers STREQUAL public)
    message(FATAL_ERROR "expected the public headers ${public}, found ${headers}")
  endif()
  if(PROGRAM)
    run(${prefix}/bin/monograph version)
    expect_contains("${output}" ${VERSION})
  endif()
endfunction()

function(step_find_package)
  set(build ${WORK}/find_package_${KIND})
  configure_consumer(${build} -DCMAKE_PREFIX_PATH=${prefix} -DCMAKE_DISABLE_FIND_PACKAGE_nlohmann_json=ON)
  run(${CMAKE_COMMAND} --build ${build})
  run(${build}/consumer)
endfunction()

function(step_wrong_version)
  file(WRITE ${WORK}/wrong_version/CMakeLists.txt
       "cmake_minimum_required(VERSION 3.25)\nproject(wrong LANGUAGES CXX)\nfind_package(monograph 99 REQUIRED)\n")
  execute_process(COMMAND ${CMAKE_COMMAND} -S ${WORK}/wrong_version -B ${WORK}/wrong_version/build -G ${GENERATOR}
                          -DCMAKE_CXX_COMPILER=${CXX} -DCMAKE_PREFIX_PATH=${prefix}
                  RESULT_VARIABLE status OUTPUT_VARIABLE text ERROR_VARIABLE text)
  if(status STREQUAL "0")
    message(FATAL_ERROR "find_package(monograph 99) was satisfied by ${VERSION}")
  endif()
  expect_contains("${text}" "version: ${VERSION}")
endfunction()

function(step_pkg_config)
  find_program(PKG_CONFIG NAMES pkg-config pkgconf)
  if(NOT PKG_CONFIG)
    message("SKIPPED: pkg-config is not here (apt-get install pkg-config)")
    return()
  endif()
  file(GLOB_RECURSE description ${prefix}/*/monograph.pc)
  cmake_path(GET description PARENT_PATH folder)
  set(ENV{PKG_CONFIG_PATH} ${folder})
  cmake_path(GET folder PARENT_PATH libraries)
  run(${PKG_CONFIG} --modversion monograph)
  expect_contains("${output}" ${VERSION})
  run(${PKG_CONFIG} --cflags --libs monograph)
  string(STRIP "${output}" flags)
  separate_arguments(flags UNIX_COMMAND "${flags}")
  run(${CXX} -std=c++20 ${CONSUMER}/main.cpp -o ${WORK}/pkg_config_${KIND} ${flags} -Wl,-rpath,${libraries})
  run(${WORK}/pkg_config_${KIND})
endfunction()

cmake_language(CALL step_${STEP})
