# The flags that decide what the code means (not only how fast it is) live here, once.
add_library(monograph_options INTERFACE)
target_compile_features(monograph_options INTERFACE cxx_std_20)
target_compile_options(monograph_options INTERFACE $<$<COMPILE_LANGUAGE:CXX>:
  # a*b+c is two roundings on every backend; no call of libm may be folded by the host compiler's own idea of it
  -ffp-contract=off -fno-math-errno
  # messages and source locations name files as the repository does, never where this build happened to stand
  -ffile-prefix-map=${PROJECT_BINARY_DIR}=build -ffile-prefix-map=${PROJECT_SOURCE_DIR}/=
  -Wall -Wextra -Wpedantic $<$<BOOL:${MONOGRAPH_WERROR}>:-Werror>
  # g++ 12 raises these for any "text" + string at -O3 (its bugs 105651, 105329); the dev preset keeps them
  $<$<AND:$<CXX_COMPILER_ID:GNU>,$<CONFIG:Release>>:-Wno-restrict>
  $<$<AND:$<CXX_COMPILER_ID:GNU>,$<CONFIG:Release>>:-Wno-stringop-overflow>
  $<$<AND:$<CXX_COMPILER_ID:GNU>,$<CONFIG:Release>>:-Wno-stringop-overread>
  $<$<AND:$<CXX_COMPILER_ID:GNU>,$<CONFIG:Release>>:-Wno-array-bounds>>)
if(MONOGRAPH_SANITIZE)
  target_compile_options(monograph_options INTERFACE
    -fsanitize=${MONOGRAPH_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  if(MONOGRAPH_SANITIZE MATCHES undefined)  # a null pointer ends a program anyway; these are a third of the compiler's work
    target_compile_options(monograph_options INTERFACE -fno-sanitize=null,object-size,vptr)
  endif()
  target_link_options(monograph_options INTERFACE -fsanitize=${MONOGRAPH_SANITIZE})
endif()

# These flags let a compiler reorder additions and assume that there is no NaN: every definition would be void.
string(TOUPPER "${CMAKE_BUILD_TYPE}" build_type)
if("${CMAKE_CXX_FLAGS} ${CMAKE_CXX_FLAGS_${build_type}}" MATCHES "-ffast-math|-Ofast|-funsafe-math|-fassociative-math")
  message(FATAL_ERROR "CMAKE_CXX_FLAGS: expected flags that keep IEEE 754, found ${CMAKE_MATCH_0}. Remedy: leave it out.")
endif()
