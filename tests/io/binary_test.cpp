// Graphs as bytes: GAP's serialised graphs and Monograph's mapped rows.
#include <cstring>
#include <random>

#include "support.h"

namespace monograph::test {
namespace {

template <class T>
std::string raw(std::initializer_list<T> values) {
  return {reinterpret_cast<const char*>(std::data(values)), values.size() * sizeof(T)};
}

std::string error(const Directory& d, const std::string& name, const std::string& bytes,
                  const ReadOptions& options = {}) {
  return error_of([&] { read_graph(d.write(name, bytes), options); }, d / "");
}

/// Sparse or text ids, a node without edges, repeats, a loop, attributes of every type.
Graph rich(bool undirected, bool text) {
  EdgeList list;
  list.source = {0, 2, 2, 3, 0};
  list.target = {2, 0, 3, 3, 2};
  list.ids = text ? NodeIds::strings({"", "a b", "c\n", "\xff"}) : NodeIds::sparse({2, 30, 400, 5000000000});
  list.attributes = {{"weight", Column::of<double>(std::vector{0.1, 2., 1e-300, -0., 1e22})}};
  list.undirected = undirected;
  Graph g = Graph::from_edges(std::move(list));
  g.set_node_attribute("flag", Column::of<bool>(std::array{true, false, true, true}));
  g.set_node_attribute("", Column::of<float>(std::vector<float>{1, 2, 3, 4}));
  Column number(ScalarType::I32, g.edge_count());
  for (std::int64_t e = 0; e < number.size(); ++e)
    number.set(e, Constant::of(static_cast<std::int32_t>(e * e)));
  g.set_edge_attribute("a long name, longer than sixteen bytes", number);
  return g;
}

// GAP ----------------------------------------------------------------------------------------------------

const std::string kDirected = raw<char>({1}) + raw<std::int64_t>({3, 3}) + raw<std::int64_t>({0, 2, 2, 3}) +
                              raw<std::int32_t>({1, 2, 0}) + raw<std::int64_t>({0, 1, 2, 3}) +
                              raw<std::int32_t>({2, 0, 0});
const std::string kWeighted = raw<char>({0}) + raw<std::int64_t>({4, 3}) + raw<std::int64_t>({0, 1, 3, 4}) +
                              raw<std::int32_t>({1, 7, 2, -9, 0, 7, 1, -9});

TEST(Gap, ReadsWhatTheSuiteWrites) {
  const Directory d;
  EXPECT_EQ(everything(read_graph(d.write("g.sg", kDirected))), "0>1 0>2 2>0");
  const Graph w = read_graph(d.write("g.wsg", kWeighted));
  EXPECT_TRUE(w.undirected());
  EXPECT_EQ(describe(w), "0>1#7 1>0#7 1>2#-9 2>1#-9") << "rows need not ascend";
  EXPECT_EQ(describe(read_graph(d / "g.wsg", {.undirected = false})), describe(w));
  EXPECT_FALSE(read_graph(d / "g.wsg", {.undirected = false}).undirected());
  EXPECT_EQ(everything(read_graph(d / "g.sg", {.undirected = true, .multi_edges = MultiEdges::Drop})),
            "u 0>1 0>2 1>0 2>0");
  EXPECT_EQ(describe(read_graph(d.write("g.sg.gz", gzipped(kDirected)))), "0>1 0>2 2>0");
  EXPECT_EQ(describe(read_graph(d.write("e.sg", raw<char>({0}) + raw<std::int64_t>({0, 0, 0})))), "");
}

TEST(Gap, WritesWhatTheSuiteReads) {
  const Directory d;
  write_graph(read_graph(d.write("g.sg", kDirected)), d / "again.sg");
  EXPECT_EQ(contents(d / "again.sg"), kDirected);
  const std::string sorted = raw<char>({0}) + raw<std::int64_t>({4, 3}) + raw<std::int64_t>({0, 1, 3, 4}) +
                             raw<std::int32_t>({1, 7, 0, 7, 2, -9, 1, -9});
  write_graph(read_graph(d.write("g.wsg", kWeighted)), d / "again.wsg");
  EXPECT_EQ(contents(d / "again.wsg"), sorted);
  const Graph big = read_graph("gen:rmat:8:8:seed=4");
  write_graph(big, d / "big.sg");
  EXPECT_EQ(read_graph(d / "big.sg").fingerprint(), big.fingerprint());
  EXPECT_EQ(error_of([&] { write_graph(big, d / "big.wsg"); }, d / ""),
            "big.wsg: expected a graph with the edge attribute 'weight', found one without (use .sg)");
  EXPECT_EQ(error_of([&] { write_graph(read_graph("gen:path:3:weights=1..2"), d / "f.wsg"); }, d / "")
                .substr(0, 62),
            "f.wsg: expected weights that are integers of 32 bits, found 1.");
  EXPECT_EQ(losses(rich(true, false), "g.sg"),
            (std::vector<std::string>{"the ids of nodes (they are numbered from 0 in the order of their ids)",
                                      "the weights of edges", "the attribute 'flag' of nodes",
                                      "the attribute '' of nodes",
                                      "the attribute 'a long name, longer than sixteen bytes' of edges"}));
}

TEST(Gap, EveryLieIsTold) {
  const Directory d;
  const auto with = [](std::string bytes, std::size_t at, std::int64_t value, std::size_t size) {
    std::memcpy(bytes.data() + at, &value, size);
    return bytes;
  };
  const std::string complete = " (is the file complete, and .wsg if it has weights?)";
  EXPECT_EQ(error(d, "g.sg", "abc"),
            "g.sg: byte 3: expected a header of 17 bytes, found the end of the file (is the file complete?)");
  EXPECT_EQ(error(d, "g.sg", with(kDirected, 0, 2, 1)),
            "g.sg: byte 0: expected 0 or 1 (is the graph directed?), found 2 (is it a file of GAPBS?)");
  EXPECT_EQ(error(d, "g.sg", with(kDirected, 1, std::int64_t{1} << 60, 8)),
            "g.sg: byte 1: expected a file as long as its 3 nodes and 1152921504606846976 directed edges, "
            "found 105 "
            "bytes" +
                complete);
  EXPECT_EQ(error(d, "g.sg", with(kDirected, 1, -3, 8)),
            "g.sg: byte 1: expected a number of edges, found -3");
  EXPECT_EQ(error(d, "g.sg", with(kDirected, 9, std::int64_t{1} << 31, 8)),
            "g.sg: byte 9: expected a number of nodes in 0..2147483647, found 2147483648");
  EXPECT_EQ(error(d, "g.sg", kDirected.substr(0, 104)),
            "g.sg: byte 1: expected a file as long as its 3 nodes and 3 directed edges, found 104 bytes" +
                complete);
  EXPECT_EQ(error(d, "g.wsg", kDirected),
            "g.wsg: byte 1: expected a file as long as its 3 nodes and 3 directed edges, found 105 bytes" +
                complete);
  EXPECT_EQ(error(d, "g.sg", with(kDirected, 17, 1, 8)),
            "g.sg: expected row offsets from 0 to the number of edges, 3, found 1 to 3");
  EXPECT_EQ(error(d, "g.sg", with(kDirected, 25, 9, 8)),
            "g.sg: expected row offsets that ascend, found 2 after 9 (row 1)");
  EXPECT_EQ(error(d, "g.sg", with(kDirected, 49, 3, 4)),
            "g.sg: expected neighbours below 3, found 3 in row 0");
  EXPECT_EQ(error(d, "g.sg", with(kDirected, 49, -1, 4)),
            "g.sg: expected neighbours below 3, found -1 in row 0");
  const std::string both =
      "g.wsg: expected each edge of an undirected graph in both directions, with the same attributes, found "
      "one "
      "that is not";
  EXPECT_EQ(error(d, "g.wsg", with(kWeighted, 49, 2, 4)), both);
  EXPECT_EQ(error(d, "g.wsg", with(kWeighted, 53, 8, 4)), both) << "another weight back than there";
  EXPECT_EQ(error(d, "g.sg", kDirected, {.skip_lines = 1}).substr(0, 7), "usage: ");
  EXPECT_EQ(error_of([] { read_graph("/dev/zero", {.format = "sg"}); }),
            "/dev/zero: expected a file, found a device");
}

// Mapped rows --------------------------------------------------------------------------------------------

TEST(Mcsr, KeepsEverything) {
  const Directory d;
  for (const bool undirected : {false, true})
    for (const bool text : {false, true}) {
      const Graph g = rich(undirected, text);
      write_graph(g, d / "g.mcsr");
      const Graph back = read_graph(d / "g.mcsr");
      EXPECT_EQ(everything(back), everything(g));
      EXPECT_EQ(back.fingerprint(), g.fingerprint());
      EXPECT_EQ(losses(g, "g.mcsr"), std::vector<std::string>{});
      write_graph(back, d / "again.mcsr");
      EXPECT_EQ(contents(d / "again.mcsr"), contents(d / "g.mcsr"));
    }
  const Graph karate = read_graph("gen:karate"), empty = read_graph("gen:path:0");
  write_graph(karate, d / "k.mcsr");
  EXPECT_EQ(read_graph(d / "k.mcsr").ids().text(33), "34");
  write_graph(empty, d / "e.mcsr");
  EXPECT_EQ(everything(read_graph(d / "e.mcsr")), everything(empty));
}

TEST(Mcsr, OptionsMakeAnotherGraphOfTheRows) {
  const Directory d;
  const Graph directed = read_graph("gen:rmat:4:3:weights=1..2");
  const Graph undirected = read_graph("gen:grid:3:3:weights=1..2", {.undirected = true});
  write_graph(directed, d / "d.mcsr");
  write_graph(undirected, d / "u.mcsr");
  const Graph mirrored = read_graph(d / "d.mcsr", {.undirected = true, .multi_edges = MultiEdges::Max});
  EXPECT_EQ(everything(mirrored),
            everything(read_graph("gen:rmat:4:3:weights=1..2",
                                  {.undirected = true, .multi_edges = MultiEdges::Max})));
  const Graph both = read_graph(d / "u.mcsr", {.undirected = false});
  EXPECT_FALSE(both.undirected());
  EXPECT_EQ(describe(both), describe(undirected));
  write_graph(rich(false, false), d / "d.mcsr");
  const Graph fewer =
      read_graph(d / "d.mcsr", {.multi_edges = MultiEdges::Min, .self_loops = SelfLoops::Drop});
  EXPECT_EQ(fewer.edge_count(), 3);
  EXPECT_EQ(fewer.node_attribute_names(), (std::vector<std::string>{"flag", ""}));
  write_graph(rich(true, false), d / "u.mcsr");
  EXPECT_EQ(
      error_of([&] { read_graph(d / "u.mcsr", {.self_loops = SelfLoops::Drop}); }, d / ""),
      "u.mcsr: expected each edge of an undirected graph in both directions, with the same attributes, found "
      "one that is not");
}

/// Columns are pages of the file: writing to one takes a copy, and the file stays as it was.
TEST(Mcsr, WhatIsWrittenToAColumnStaysInMemory) {
  const Directory d;
  write_graph(rich(false, false), d / "g.mcsr");
  const std::string before = contents(d / "g.mcsr");
  Graph g = read_graph(d / "g.mcsr");
  Column weight = *g.edge_attribute("weight");
  weight.set(0, Constant::of(17.0));
  g.set_edge_attribute("weight", weight);
  EXPECT_EQ(g.edge_attribute("weight")->at(0), Constant::of(17.0));
  EXPECT_EQ(contents(d / "g.mcsr"), before);
  write_graph(read_graph("gen:path:3"), d / "g.mcsr");  // replaced, not written into
  EXPECT_EQ(g.ids().text(3), "5000000000");
  EXPECT_EQ(describe(g).substr(0, 8), "2>400*17");
}

TEST(Mcsr, AnyFlippedByteIsAnError) {
  const Directory d;
  write_graph(rich(true, true), d / "g.mcsr");
  const std::string whole = contents(d / "g.mcsr");
  for (std::size_t at = 0; at < whole.size(); ++at) {
    std::string bytes = whole;
    bytes[at] = static_cast<char>(bytes[at] ^ (1 << at % 8));
    ASSERT_NE(error(d, "f.mcsr", bytes), "no error") << "byte " << at;
  }
  for (std::size_t size = 0; size < whole.size(); size += 37)
    ASSERT_NE(error(d, "f.mcsr", whole.substr(0, size)), "no error") << size << " bytes";
  ASSERT_NE(error(d, "f.mcsr", whole + '\0'), "no error");
}

TEST(Mcsr, WhatIsWrongIsSaid) {
  const Directory d;
  write_graph(rich(false, false), d / "g.mcsr");
  const std::string whole = contents(d / "g.mcsr");
  const auto with = [&](std::size_t at, std::string_view bytes) {
    std::string damaged = whole;
    return damaged.replace(at, bytes.size(), bytes);
  };
  EXPECT_EQ(error(d, "f.mcsr", "1 2\n"),
            "f.mcsr: byte 0: expected 89 \"MCSR\" 0d 0a 1a, found other bytes (is it a .mcsr?)");
  EXPECT_EQ(error(d, "f.mcsr", with(8, "\2")),
            "f.mcsr: byte 8: expected version 1, found 2 (written by a later version of this program?)");
  EXPECT_EQ(error(d, "f.mcsr", with(12, "\1\2\3\4")),
            "f.mcsr: byte 12: expected the byte order of this machine, found another (convert it on the "
            "machine that "
            "wrote it)");
  EXPECT_EQ(error(d, "f.mcsr", whole.substr(0, whole.size() - 1)),
            "f.mcsr: byte 16: expected " + std::to_string(whole.size()) + " bytes in the file, found " +
                std::to_string(whole.size() - 1) + " (is the file complete?)");
  EXPECT_EQ(error(d, "f.mcsr", with(24, "\5")),
            "f.mcsr: byte 56: expected the checksum of the header, found another (the file is damaged)");
  EXPECT_EQ(error(d, "f.mcsr", with(whole.size() - 1, "x")).substr(0, 13), "f.mcsr: byte ");
}

}  // namespace
}  // namespace monograph::test
