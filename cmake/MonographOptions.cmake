# The flags that decide what the code means (not only how fast it is) live here, once.
add_library(monograph_options INTERFACE)
target_compile_features(monograph_options INTERFACE cxx_std_20)
target_compile_options(monograph_options INTERFACE
  # a*b+c is two roundings on every backend; no call of libm may be folded by the host compiler's own idea of it
  -ffp-contract=off -fno-math-errno
  -Wall -Wextra $<$<BOOL:${MONOGRAPH_WERROR}>:-Werror>)
if(MONOGRAPH_SANITIZE)
  target_compile_options(monograph_options INTERFACE
    -fsanitize=${MONOGRAPH_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(monograph_options INTERFACE -fsanitize=${MONOGRAPH_SANITIZE})
endif()
