// What cannot be read: the exact words of the error, with the place.
#include <chrono>
#include <random>

#include "support.h"

namespace monograph::test {
namespace {

struct Bad {
  std::string name, text, error;
  ReadOptions options = {};
};

void expect_error(const Bad& c) {
  const Directory d;
  const auto start = std::chrono::steady_clock::now();
  EXPECT_EQ(error_of([&] { read_graph(d.write(c.name, c.text), c.options); }, d / ""), c.error) << c.text;
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(1));
}

const std::string kBanner = "%%MatrixMarket matrix coordinate ";

TEST(BadInput, MatrixMarketHeaders) {
  const std::string form = "the first line is \"%%MatrixMarket matrix coordinate FIELD SYMMETRY\"";
  const Bad cases[] = {
      {"a.mtx", "", "a.mtx:1:1: expected \"%%MatrixMarket\", found the end of the file (" + form + ")"},
      {"a.mtx", "3 3 1\n1 2\n", "a.mtx:1:1: expected \"%%MatrixMarket\", found \"3\" (" + form + ")"},
      {"a.mtx", "%%MatrixMarket vector coordinate real general\n",
       "a.mtx:1:16: expected \"matrix\", found \"vector\" (" + form + ")"},
      {"a.mtx", "%%MatrixMarket matrix array real general\n",
       "a.mtx:1:23: expected \"coordinate\", found \"array\" (a graph is a sparse matrix; dense ones, array, "
       "are not read)"},
      {"a.mtx", kBanner + "complex general\n",
       "a.mtx:1:34: expected \"pattern\", \"integer\" or \"real\", found \"complex\" (complex weights have "
       "no order and are not read)"},
      {"a.mtx", kBanner + "real hermitian\n",
       "a.mtx:1:39: expected \"general\", \"symmetric\" or \"skew-symmetric\", found \"hermitian\" (a "
       "hermitian matrix is complex)"},
      {"a.mtx", kBanner + "pattern skew-symmetric\n",
       "a.mtx:1:42: expected \"general\" or \"symmetric\", found \"skew-symmetric\" (a pattern has no signs "
       "to be skew-symmetric)"},
      {"a.mtx", kBanner + "real\n",
       "a.mtx:1:38: expected \"general\", \"symmetric\" or \"skew-symmetric\", found the end of the line (a "
       "hermitian matrix is complex)"},
      {"a.mtx", kBanner + "real general\n% only\n",
       "a.mtx:3:1: expected the size line \"ROWS COLUMNS ENTRIES\", found the end of the file"},
      {"a.mtx", kBanner + "real general\n3 3\n",
       "a.mtx:2:4: expected the number of entries, found the end of the line (the size line is \"ROWS "
       "COLUMNS ENTRIES\")"},
      {"a.mtx", kBanner + "real general\n3 4 0\n",
       "a.mtx:2:1: expected a square matrix, found 3 rows and 4 columns (a graph's adjacency matrix has a "
       "row and a column for each node)"},
      {"a.mtx",
       kBanner + "real skew-symmetric\n2 2 1\n2 1 1\n",
       "a.mtx:1: a skew-symmetric matrix has opposite weights in the two directions, so its graph is not "
       "undirected (read it as directed)",
       {.undirected = true}},
  };
  for (const auto& c : cases) expect_error(c);
}

TEST(BadInput, AnnouncedSizesAreNotTrusted) {
  const std::string pattern = kBanner + "pattern general\n";
  const Bad cases[] = {
      {"a.mtx", pattern + "1000000000000000000 1000000000000000000 1\n1 2\n",
       "a.mtx:2:1: expected at most 2147483647 nodes, found 1000000000000000000 (nodes are indexed with 32 "
       "bits)"},
      {"a.mtx", pattern + "99999999999999999999 1 1\n",
       "a.mtx:2:1: expected an integer of 64 bits, found \"99999999999999999999\""},
      {"a.mtx", pattern + "2147483648 2147483648 1\n1 2\n",
       "a.mtx:2:1: expected at most 2147483647 nodes, found 2147483648 (nodes are indexed with 32 bits)"},
      {"a.mtx", pattern + "2000000000 2000000000 1\n1 2\n",
       "a.mtx:2:1: expected at most 16777216 nodes in a file of 77 bytes, found 2000000000 (is the size line "
       "right? nearly all would be without edges)"},
      {"a.mtx", pattern + "3 3 1000000000000\n1 2\n",
       "a.mtx:2:1: expected at most 1 entries in the 5 bytes that follow, found 1000000000000 announced (is "
       "the file complete?)"},
      {"a.mtx", pattern + "3 3 3\n1 2\n1 3\n    \n",
       "a.mtx:6:1: expected 3 entries, found the end of the file (there are 2; is the file complete?)"},
      {"a.mtx", pattern + "3 3 1\n1 2\n1 3\n",
       "a.mtx:4:1: expected the end of the file after 1 entries, found \"1\" (the size line announces fewer "
       "than there are)"},
      {"a.mtx", pattern + "-3 -3 1\n1 2\n", "a.mtx:2:1: expected an integer >= 0, found \"-3\""},
  };
  for (const auto& c : cases) expect_error(c);
}

TEST(BadInput, MatrixMarketEntries) {
  const std::string real = kBanner + "real general\n% c\n3 3 2\n1 2 0.5\n";
  const Bad cases[] = {
      {"file.mtx", real + "1 x 0.5\n",
       "file.mtx:5:3: expected integer, found \"x\" (an entry is \"ROW COLUMN [VALUE]\", counted from 1)"},
      {"file.mtx", real + "1 4 0.5\n",
       "file.mtx:5:3: expected an index in 1..3, found \"4\" (the size line says how many rows there are)"},
      {"file.mtx", real + "0 1 0.5\n",
       "file.mtx:5:1: expected an index in 1..3, found \"0\" (Matrix Market counts from 1)"},
      {"file.mtx", real + "1 -1 0.5\n",
       "file.mtx:5:3: expected an integer >= 0, found \"-1\" (an entry is \"ROW COLUMN [VALUE]\", counted "
       "from 1)"},
      {"file.mtx", real + "1 1 nan\n",
       "file.mtx:5:5: expected a finite number, found \"nan\" (a weight must be finite)"},
      {"file.mtx", real + "1 1 -inf\n",
       "file.mtx:5:5: expected a finite number, found \"-inf\" (a weight must be finite)"},
      {"file.mtx", real + "1 1 1e999\n",
       "file.mtx:5:5: expected a finite number, found \"1e999\" (a weight must be finite)"},
      {"file.mtx", real + "1 1\n",
       "file.mtx:5:4: expected number, found the end of the line (each entry is \"ROW COLUMN VALUE\")"},
      {"file.mtx", real + "1 1 1 1\n",
       "file.mtx:5:7: expected the end of the line, found \"1\" (each entry is \"ROW COLUMN VALUE\")"},
      {"file.mtx", real + "1\n", "file.mtx:5:2: expected an index in 1..3, found the end of the line"},
      {"file.mtx", kBanner + "integer general\n1 1 1\n1 1 0.5\n",
       "file.mtx:3:5: expected integer, found \"0.5\""},
      {"file.mtx", kBanner + "integer skew-symmetric\n1 1 1\n1 1 5\n",
       "file.mtx:3:1: expected no entry on the diagonal of a skew-symmetric matrix, found row and column 1"},
      {"file.mtx", kBanner + "pattern general\n3 3 1\n1 2 7\n",
       "file.mtx:3:5: expected the end of the line, found \"7\" (entries of a pattern are \"ROW COLUMN\")"},
  };
  for (const auto& c : cases) expect_error(c);
}

TEST(BadInput, EdgeLists) {
  const std::string readers = names_of(&FormatInfo::reads_graph);
  const std::string columns = " (every line needs the same: source target [weight])";
  const std::string negative = " (ids are integers from 0 on; for others use Ids::Text, --ids string)";
  const Bad cases[] = {
      {"a.el", "# c\n1 2\n3 x\n",
       "a.el:3:3: expected integer, found \"x\" (ids are integers from 0 on; for others use Ids::Text, --ids "
       "string)"},
      {"a.el", "alice bob\n",
       "a.el:1:1: expected integer, found \"alice\" (ids are integers from 0 on; for others use Ids::Text, "
       "--ids string)"},
      {"a.el", "alice bob\ncarol dave\n",
       "a.el:2:1: expected integer, found \"carol\" (ids are integers from 0 on; for others use Ids::Text, "
       "--ids string)"},
      {"a.el", "1 2\n1.5 2\n",
       "a.el:2:1: expected integer, found \"1.5\" (ids are integers from 0 on; for others use Ids::Text, "
       "--ids string)"},
      {"a.el", "1 2\n1 -7\n", "a.el:2:3: expected an integer >= 0, found \"-7\"" + negative},
      {"a.csv", "-1,2\n", "a.csv:1:1: expected an integer >= 0, found \"-1\"" + negative},
      {"a.el", "1 9223372036854775808\n",
       "a.el:1:3: expected an integer of 64 bits, found \"9223372036854775808\""},
      {"a.el", "1 2\n\n1 2 3\n", "a.el:3:5: expected 2 columns as in line 1, found 3" + columns},
      {"a.wel", "# c\n1 2 3\n1 2\n", "a.wel:3:4: expected 3 columns as in line 2, found 2" + columns},
      {"a.csv", "1,2,3\n1,2,3,4\n", "a.csv:2:6: expected 3 columns as in line 1, found 4" + columns},
      {"a.csv", "1,2\n1 2\n", "a.csv:2:3: expected \",\" or the end of the line, found \"2\""},
      {"a.csv", "1,2,\n", "a.csv:1:5: expected number, found the end of the line"},
      {"a.csv", "1,,2\n",
       "a.csv:1:3: expected integer, found \",\" (ids are integers from 0 on; for others use Ids::Text, "
       "--ids string)"},
      {"a.el", "1\n",
       "a.el:1:1: expected 2 or 3 columns (source target [weight]), found 1 (is the delimiter another one?)"},
      {"a.el", "1 2 3 4\n",
       "a.el:1:1: expected 2 or 3 columns (source target [weight]), found 4 (keep the columns of the edges "
       "only)"},
      {"a.wel", "1 2 NaN\n", "a.wel:1:5: expected a finite number, found \"NaN\" (a weight must be finite)"},
      {"a.wel", "1 2 1" + std::string(400, '0') + "e-5\n",
       "a.wel:1:5: expected a finite number, found \"1" + std::string(39, '0') +
           "...\" (a weight must be finite)"},
      {"a.wel", "1 2 0.0001e+99999999999999999999\n",
       "a.wel:1:5: expected a finite number, found \"0.0001e+99999999999999999999\" (a weight must be "
       "finite)"},
      {"a.wel", "1 2 3\n1 2 x\n", "a.wel:2:5: expected number, found \"x\""},
      {"a.csv", "1,2\n\"3,4\n", "a.csv:2:1: expected a closing quote on the same line, found \"\\\"3\""},
      {"a.el", "1 2\n" + std::string(60, 'z') + " 2\n",
       "a.el:2:1: expected integer, found \"" + std::string(40, 'z') +
           "...\" (ids are integers from 0 on; for others use Ids::Text, --ids string)"},
      {"a.el", "1 2\n\x01\x1b[31m 2\n",
       "a.el:2:1: expected integer, found \"\\x01\\x1b[31m\" (ids are integers from 0 on; for others use "
       "Ids::Text, --ids string)"},
      {"a.el", std::string("1 2\n\0 3\n", 8),
       "a.el: expected text, found a zero byte at offset 4 (a binary file, or UTF-16?)"},
      {"a.foo", "1 2\n",
       "a.foo: expected an extension that names a format, found \".foo\" (name the format: " + readers + ")"},
      {"a", "1 2\n",
       "a: expected an extension that names a format, found none (name the format: " + readers + ")"},
      {"a.el",
       "1 2\n",
       "usage: unknown format 'mtxx' (did you mean 'mtx'?): formats that read graphs are " + readers,
       {.format = "mtxx"}},
      {"a.el",
       "1 2\n",
       "usage: format 'json' does not read graphs (these do: " + readers + ")",
       {.format = "json"}},
      {"a.el", "1 2\n", "usage: skip_lines must be 0 or more, not -1", {.skip_lines = -1}},
      {"a",
       "1 2\n",
       "usage: skip_lines must be 0 or more, not -1",
       {.format = "ldbc-vertex", .skip_lines = -1}},
      {"a",
       "1 2\n",
       "usage: a delimiter cannot be \"1\", which is part of the fields",
       {.format = "ldbc-vertex", .delimiter = '1'}},
      {"a.mtx",
       kBanner + "pattern general\n1 1 0\n",
       "usage: skip_lines must be 0 or more, not -1",
       {.skip_lines = -1}},
      {"a.el",
       "1 2\n",
       "usage: a delimiter cannot be \"1\", which is part of the fields",
       {.delimiter = '1'}},
  };
  for (const auto& c : cases) expect_error(c);
}

TEST(BadInput, Ldbc) {
  const Directory d;
  d.write("g.v", "1\n2\n");
  EXPECT_EQ(error_of([&] { read_graph(d.write("g.e", "1 2\n1 3\n")); }, d / ""),
            "g.e:2:3: expected a node that g.v lists, found \"3\"");
  d.write("g.v", "2\n1\n2\n");
  EXPECT_EQ(error_of([&] { read_graph(d / "g.e"); }, d / ""),
            "g.v:3:1: expected each node once, found \"2\" (an earlier line lists it too)");
  d.write("g.v", "1 2\n");
  EXPECT_EQ(error_of([&] { read_graph(d / "g.e"); }, d / ""),
            "g.v:1:3: expected the end of the line, found \"2\" (a .v file lists one node in each line)");
  EXPECT_EQ(error_of([&] { read_graph(d.write("only.v", "1\n")); }, d / ""),
            "only.v: expected the edges beside it, found no only.e (an LDBC graph is a .v and a .e file)");
  ReadOptions rows{.format = "ldbc-vertex"};
  EXPECT_EQ(error_of([&] { read_graph(d.write("r", "1 2\n2 x\n"), rows); }, d / ""),
            "r:2:3: expected integer, found \"x\" (ids are integers from 0 on; for others use Ids::Text, "
            "--ids string)");
}

TEST(BadInput, FilesThatAreNone) {
  const Directory d;
  EXPECT_EQ(error_of([&] { read_graph(d / "none.mtx"); }, d / ""),
            "none.mtx: cannot open: No such file or directory (check the path)");
  std::filesystem::create_directory(d / "dir.mtx");
  EXPECT_EQ(error_of([&] { read_graph(d / "dir.mtx"); }, d / ""),
            "dir.mtx: expected a file, found a directory");
  EXPECT_EQ(error_of([&] { read_graph("/dev/zero", {.format = "el"}); }),
            "/dev/zero: expected text, found a zero byte at offset 0 (a binary file, or UTF-16?)");
}

TEST(BadInput, DamagedGzip) {
  const Directory d;
  std::string text;
  for (int i = 0; i < 5000; ++i) text += std::to_string(i * 7919 % 5003) + " " + std::to_string(i) + "\n";
  const std::string whole = gzipped(text);
  const auto error = [&](const std::string& bytes) {
    return error_of([&] { read_graph(d.write("a.el.gz", bytes)); }, d / "");
  };
  const auto half = whole.size() / 2;
  EXPECT_EQ(error(whole.substr(0, half)), "a.el.gz: truncated gzip data: it ends at offset " +
                                              std::to_string(half) +
                                              " before its end mark (copy or download it again)");
  EXPECT_EQ(error(whole.substr(0, whole.size() - 1)), "a.el.gz: truncated gzip data: it ends at offset " +
                                                          std::to_string(whole.size() - 1) +
                                                          " before its end mark (copy or download it again)");
  std::string flipped = whole;
  flipped[whole.size() - 6] = static_cast<char>(flipped[whole.size() - 6] ^ 1);  // in the checksum
  EXPECT_NE(error(flipped).find("incorrect data check"), std::string::npos) << error(flipped);
  EXPECT_NE(error(whole + "junk").find("a.el.gz: damaged gzip data at offset "), std::string::npos);
  EXPECT_EQ(error("1 2\n"),
            "a.el.gz: expected gzip data, found \"1 2\\x0a\" at offset 0 (is it compressed? drop .gz from "
            "its name if it is not)");
  EXPECT_EQ(error(""), "a.el.gz: gzip data ends at offset 0 (the file is empty)");
  EXPECT_EQ(error(whole + std::string(512, '\0')), "no error");  // tape padding
  EXPECT_EQ(read_graph(d.write("a.el.gz", gzipped("1 2\n") + gzipped("2 3\n"))).edge_count(),
            2);  // two members
  const std::string bomb = gzipped(std::string(50 << 20, '\0'));
  EXPECT_EQ(error(bomb), "a.el.gz: expected text, found a zero byte at offset 0 (a binary file, or UTF-16?)");
}

TEST(BadInput, AFileThatChangesWhileItIsRead) {
  const Directory d;
  const auto read_while = [&](auto change) {
    const auto path = d.write("a.el", "1 2\n2 3\n");
    ReadOptions options;
    options.progress = [&, done = false](std::int64_t, std::int64_t) mutable {
      if (!std::exchange(done, true)) change(path);
    };
    return error_of([&] { read_graph(path, options); }, d / "");
  };
  const std::string hint = " (wait until it is complete, then read it again)";
  EXPECT_EQ(read_while([](const std::string& p) { std::ofstream(p, std::ios::app) << "3 4\n"; }),
            "a.el: the file changed while it was read: it had 8 bytes, then 12" + hint);
  EXPECT_EQ(read_while([](const std::string& p) { std::filesystem::resize_file(p, 4); }),
            "a.el: the file changed while it was read: it had 8 bytes, then 4" + hint);
  EXPECT_EQ(read_while([](const std::string& p) {
              std::filesystem::last_write_time(
                  p, std::filesystem::file_time_type::clock::now() + std::chrono::seconds(5));
            }),
            "a.el: the file changed while it was read: it had 8 bytes, and was written to" + hint);
  EXPECT_EQ(read_while([](const std::string&) {}), "no error");
}

TEST(BadInput, ProgressMayEndTheReading) {
  const Directory d;
  ReadOptions options;
  options.progress = [](std::int64_t, std::int64_t) { throw Cancelled("stop"); };
  EXPECT_THROW(read_graph(d.write("a.el", "1 2\n"), options), Cancelled);
}

/// While edges are drawn, and while rows are made of them: whatever is asked first ends it.
TEST(BadInput, ProgressMayEndAGenerator) {
  constexpr std::int64_t kEdges = std::int64_t{3} << 20, kBytes = 8 * kEdges;
  std::vector<std::int64_t> seen;
  ReadOptions options;
  options.progress = [&](std::int64_t done, std::int64_t total) {
    EXPECT_EQ(total, kBytes);
    seen.push_back(done);
  };
  const std::string graph = "gen:uniform:1000:" + std::to_string(kEdges);
  EXPECT_EQ(read_graph(graph, options).edge_count(), kEdges);
  EXPECT_TRUE(std::ranges::is_sorted(seen));
  EXPECT_EQ(std::ranges::count(seen, kBytes), 9) << "counted, sorted by target, sorted by source";
  const std::size_t all = seen.size();
  ASSERT_EQ(all, 12u) << "three times while they are drawn";
  for (std::size_t last : {1u, 4u, 12u}) {
    std::size_t calls = 0;
    options.progress = [&](std::int64_t, std::int64_t) {
      if (++calls == last) throw Cancelled("stop");
    };
    EXPECT_THROW(read_graph(graph, options), Cancelled);
    EXPECT_EQ(calls, last);
  }
}

TEST(BadInput, ProgressMayEndTheMakingOfRows) {
  const Directory d;
  bool whole = false;
  ReadOptions options;
  options.progress = [&](std::int64_t done, std::int64_t total) {
    if (done == total && std::exchange(whole, true)) throw Cancelled("stop");
  };
  EXPECT_THROW(read_graph(d.write("a.el", "7 2\n2 7\n1 7\n"), options), Cancelled);
}

/// Random bytes and damaged copies of good files: a graph or an Error, nothing else.
TEST(BadInput, NoBytesDoMoreThanGiveAnError) {
  const std::string seeds[] = {kBanner + "real symmetric\n% c\n4 4 3\n2 1 0.5\n3 1 1e3\n4 4 -2\n",
                               kBanner + "integer skew-symmetric\n3 3 2\n2 1 5\n3 1 -2\n",
                               "# c\nsource,target,weight\n1,2,0.5\n\"3\",4,1\n",
                               "1 2\n2 3\n9 9\n",
                               "a\tb c\nd\te\n",
                               "1 2 3\n2 1\n9\n",
                               gzipped("1 2\n2 3\n"),
                               "\xef\xbb\xbf"
                               "1;2\r\n2;3\r\n"};
  const std::string pieces[] = {"\n",         " ",
                                ",",          "\t",
                                "\"",         "-1",
                                "1e9",        "nan",
                                "%",          "#",
                                "\xff",       "99999999999999999999",
                                "2147483648", std::string(1, '\0'),
                                "\r"};
  const std::string names[] = {"f.mtx", "f.el", "f.csv", "f.tsv", "f.e", "f.v", "f.txt", "f.el.gz"};
  std::mt19937_64 random(20260117);
  const Directory d;
  const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds(1500);
  int rounds = 0, graphs = 0;
  for (; std::chrono::steady_clock::now() < until; ++rounds) {
    std::string text = seeds[random() % std::size(seeds)];
    if (rounds % 10 == 0) {
      text.assign(random() % 80, '\0');
      for (char& c : text) c = static_cast<char>(random());
    }
    for (auto edits = random() % 4; edits > 0 && !text.empty(); --edits) {
      const auto at = random() % text.size();
      const auto& piece = pieces[random() % std::size(pieces)];
      if (random() % 3 == 0)
        text.erase(at, 1 + random() % 4);
      else if (random() % 2)
        text.insert(at, piece);
      else
        text.replace(at, 1, piece);
    }
    ReadOptions options;
    if (random() % 4 == 0) options.format = "ldbc-vertex";
    if (random() % 3 == 0) options.undirected = random() % 2 == 0;
    options.ids = random() % 3 ? Ids::Number : Ids::Text;
    options.multi_edges = static_cast<MultiEdges>(random() % 5);
    const auto path = d.write(names[random() % std::size(names)], text);
    try {
      const Graph g = read_graph(path, options);
      ++graphs;
      g.in();
    } catch (const Error& e) {
      ASSERT_EQ(std::string(e.what()).find('\n'), std::string::npos) << "more than one line: " << e.what();
      ASSERT_NE(e.kind(), ErrorKind::Internal) << e.what();
    }
    std::filesystem::remove(path);
    try {
      read_values(d.write("values", text));
    } catch (const InputError&) {
    }
  }
  EXPECT_GT(graphs, rounds / 20);
}

}  // namespace
}  // namespace monograph::test
