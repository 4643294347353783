// What the tests of generated code share: the machine's compiler, found once, and modules made with it.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

#include "host/codegen/host_compiler.h"
#include "host/simt/module.h"

namespace monograph::test {

/// The compiler this test was built with where that is known, so that sanitized objects share one runtime.
inline const codegen::HostCompiler::Lookup& compiler() {
#if defined(__clang__)
  static const auto found = codegen::HostCompiler::find("clang++");
#else
  static const auto found = codegen::HostCompiler::find("g++");
#endif
  static const auto any = found.compiler ? found : codegen::HostCompiler::find();
  return any;
}

#if defined(__SANITIZE_ADDRESS__)
#define MONOGRAPH_TEST_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define MONOGRAPH_TEST_ASAN 1
#endif
#endif

/// -O1, and the sanitizers of this build.
inline std::vector<std::string> flags() {
#if defined(MONOGRAPH_TEST_ASAN)
  return {"-O1", "-fsanitize=address,undefined", "-fno-sanitize-recover=all"};
#else
  return {"-O1"};
#endif
}

inline simt::Module build(const std::string& text) {
  auto built = simt::Module::compile(*compiler().compiler, text, flags());
  EXPECT_TRUE(built.module) << built.reason << "\n" << built.log;
  return built.module.value_or(simt::Module());
}

#define MONOGRAPH_NEEDS_COMPILER() \
  if (!test::compiler().compiler) GTEST_SKIP() << test::compiler().reason

}  // namespace monograph::test
