// What messages show of bytes that come from anywhere.
#include "host/base/printable.h"

#include <gtest/gtest.h>

#include "host/ir/syntax.h"

namespace monograph::base {
namespace {

TEST(Printable, TextStaysAndBytesAreHex) {
  EXPECT_EQ(printable("plain \"text\" \\"), "plain \"text\" \\");
  EXPECT_EQ(printable("é € 𝄞"), "é € 𝄞");
  EXPECT_EQ(printable(std::string_view("\0\x1b[31m\n\x7f", 8)), "\\x00\\x1b[31m\\x0a\\x7f");
  EXPECT_EQ(printable("\x89MGPL\r\n"), "\\x89MGPL\\x0d\\x0a");
  EXPECT_EQ(printable("\xc2\x9b"), "\\xc2\\x9b") << "a control character in two bytes";
  EXPECT_EQ(printable("\xc3"), "\\xc3") << "cut short";
  EXPECT_EQ(printable("\xe2\x82x"), "\\xe2\\x82x");
  EXPECT_EQ(printable("\xc0\xaf\xe0\x80\xaf"), "\\xc0\\xaf\\xe0\\x80\\xaf") << "longer than needed";
  EXPECT_EQ(printable("\xed\xa0\x80"), "\\xed\\xa0\\x80") << "half of a pair";
  EXPECT_EQ(printable("\xf4\x90\x80\x80\xff"), "\\xf4\\x90\\x80\\x80\\xff") << "beyond Unicode";
}

TEST(Printable, QuotedTextIsText) {
  EXPECT_EQ(ir::quote("a\"\\\n\xff\xc3\xa9"), "\"a\\\"\\\\\\n\\xff\xc3\xa9\"");
}

}  // namespace
}  // namespace monograph::base
