// Compressed files: every reader and writer takes them, and what is damaged is told.
#include <random>

#include "support.h"

namespace monograph::test {
namespace {

std::string error(const Directory& d, const std::string& name, const std::string& bytes) {
  return error_of([&] { read_graph(d.write(name, bytes)); }, d / "");
}

std::string many_lines() {
  std::string text;
  for (int i = 0; i < 50000; ++i) text += std::to_string(i * 7919 % 50021) + " " + std::to_string(i) + "\n";
  return text;
}

TEST(Zstd, EveryTextAndBinaryFormatIsReadAndWrittenCompressed) {
  const Directory d;
  const Graph g = read_graph("gen:rmat:6:4:weights=1..9");
  for (const std::string name : {"g.wel", "g.csv", "g.mtx", "g.e", "g.mcsr"}) {
    write_graph(g, d / name);
    write_graph(g, d / (name + ".zst"));
    EXPECT_TRUE(contents(d / (name + ".zst")).starts_with("\x28\xb5\x2f\xfd")) << name;
    EXPECT_EQ(everything(read_graph(d / (name + ".zst"))), everything(read_graph(d / name))) << name;
  }
  EXPECT_TRUE(std::filesystem::exists(d / "g.v.zst"));
}

TEST(Zstd, ContentNotNameSaysThatAFileIsCompressed) {
  const Directory d;
  EXPECT_EQ(describe(read_graph(d.write("a.el", zstandard("1 2\n")))), "1>2");
  EXPECT_EQ(describe(read_graph(d.write("b.el.zst", zstandard("1 2\n") + zstandard("2 3\n")))), "1>2 2>3")
      << "frames that follow each other are one text";
  EXPECT_EQ(describe(read_graph(d.write("c.el.zst", zstandard("")))), "");
  d.write("m.v.gz", gzipped("1\n2\n"));
  EXPECT_EQ(describe(read_graph(d.write("m.e.zst", zstandard("1 2\n")))), "1>2") << "each of a pair as it is";
}

TEST(Zstd, DamageIsTold) {
  const Directory d;
  const std::string whole = zstandard(many_lines());
  const auto half = whole.size() / 2;
  EXPECT_EQ(error(d, "a.el.zst", whole.substr(0, half)),
            "a.el.zst: truncated zstd data: it ends at offset " + std::to_string(half) +
                " before its end mark (copy or download it again)");
  EXPECT_EQ(error(d, "a.el.zst", whole + "junk, and more of it")
                .find("a.el.zst: damaged zstd data at offset " + std::to_string(whole.size())),
            0u);
  std::string flipped = whole;
  flipped[4] = static_cast<char>(0xff);
  EXPECT_EQ(error(d, "a.el.zst", flipped).substr(0, 29), "a.el.zst: damaged zstd data a");
  EXPECT_EQ(error(d, "a.el.zst", "1 2\n"),
            "a.el.zst: expected zstd data, found \"1 2\\x0a\" at offset 0 (is it compressed? drop .zst from "
            "its name "
            "if it is not)");
  EXPECT_EQ(error(d, "a.el.zst", ""), "a.el.zst: zstd data ends at offset 0 (the file is empty)");
  EXPECT_EQ(error(d, "a.el.zst", zstandard(std::string(50 << 20, '\0'))),
            "a.el.zst: expected text, found a zero byte at offset 0 (a binary file, or UTF-16?)");
}

/// What Monograph writes carries a checksum: no flipped bit passes for text.
TEST(Zstd, AFlippedBitOfAWrittenFileIsAnError) {
  const Directory d;
  write_graph(read_graph("gen:uniform:300:2000"), d / "g.el.zst");
  const std::string whole = contents(d / "g.el.zst");
  std::mt19937 random(5);
  for (int round = 0; round < 200; ++round) {
    std::string bytes = whole;
    const auto bit = random() % (bytes.size() * 8);
    bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ (1 << bit % 8));
    EXPECT_NE(error(d, "f.el.zst", bytes), "no error") << "bit " << bit;
  }
}

TEST(Zstd, ProgressMayEndTheDecompression) {
  const Directory d;
  const std::string path = d.write("a.el.zst", zstandard(std::string(5 << 20, '\n')));
  int calls = 0;
  ReadOptions options;
  options.progress = [&](std::int64_t, std::int64_t) {
    if (++calls == 5) throw Cancelled("stop");
  };
  EXPECT_THROW(read_graph(path, options), Cancelled);
}

}  // namespace
}  // namespace monograph::test
