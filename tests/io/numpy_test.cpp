// NumPy's arrays and SciPy's sparse matrices.
#include <cstring>
#include <limits>
#include <random>

#include "support.h"

namespace monograph::test {
namespace {

template <class T>
std::string raw(std::initializer_list<T> values) {
  return {reinterpret_cast<const char*>(std::data(values)), values.size() * sizeof(T)};
}

/// An array as NumPy 1.24 saves it.
std::string npy(const std::string& type, const std::string& shape, const std::string& data) {
  std::string header = "{'descr': '" + type + "', 'fortran_order': False, 'shape': " + shape + ", }";
  header.append((64 - (header.size() + 11) % 64) % 64, ' ') += '\n';
  return std::string("\x93NUMPY\1\0", 8) + static_cast<char>(header.size()) +
         static_cast<char>(header.size() >> 8) + header + data;
}

void put(std::string& out, std::uint64_t value, int size) {
  for (int i = 0; i < size; ++i) out += static_cast<char>(value >> (8 * i));
}

/// An archive as NumPy writes it: deflated or stored, sizes in an extra field of 64 bits of the local header.
std::string zip(const std::vector<std::pair<std::string, std::string>>& members, bool deflated) {
  std::string out, directory;
  for (const auto& [name, content] : members) {
    std::string bytes = content;
    if (deflated) {
      z_stream z{};
      deflateInit2(&z, 6, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY);
      bytes.resize(deflateBound(&z, content.size()));
      z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(content.data()));
      z.avail_in = static_cast<uInt>(content.size());
      z.next_out = reinterpret_cast<Bytef*>(bytes.data());
      z.avail_out = static_cast<uInt>(bytes.size());
      deflate(&z, Z_FINISH);
      bytes.resize(z.total_out);
      deflateEnd(&z);
    }
    const auto crc =
        ::crc32(0, reinterpret_cast<const Bytef*>(content.data()), static_cast<uInt>(content.size()));
    const auto at = out.size();
    put(out, 0x04034b50, 4), put(out, 45, 2), put(out, 0, 2), put(out, deflated ? 8 : 0, 2), put(out, 0, 4);
    put(out, crc, 4), put(out, 0xffffffff, 4), put(out, 0xffffffff, 4), put(out, name.size(), 2),
        put(out, 20, 2);
    out += name;
    put(out, 1, 2), put(out, 16, 2), put(out, content.size(), 8), put(out, bytes.size(), 8);
    out += bytes;
    put(directory, 0x02014b50, 4), put(directory, 45, 2), put(directory, 45, 2), put(directory, 0, 2);
    put(directory, deflated ? 8 : 0, 2), put(directory, 0, 4), put(directory, crc, 4),
        put(directory, bytes.size(), 4);
    put(directory, content.size(), 4), put(directory, name.size(), 2), put(directory, 0, 2),
        put(directory, 0, 2);
    put(directory, 0, 4), put(directory, 0, 4), put(directory, at, 4);
    directory += name;
  }
  const auto begin = out.size();
  out += directory;
  put(out, 0x06054b50, 4), put(out, 0, 4), put(out, members.size(), 2), put(out, members.size(), 2);
  put(out, directory.size(), 4), put(out, begin, 4), put(out, 0, 2);
  return out;
}

std::vector<std::pair<std::string, std::string>> matrix() {
  return {{"indices.npy", npy("<i4", "(3,)", raw<std::int32_t>({2, 0, 1}))},
          {"indptr.npy", npy("<i4", "(4,)", raw<std::int32_t>({0, 1, 3, 3}))},
          {"format.npy", npy("|S3", "()", "csr")},
          {"shape.npy", npy("<i8", "(2,)", raw<std::int64_t>({3, 3}))},
          {"data.npy", npy("<f8", "(3,)", raw<double>({0.5, 2, -1e300}))}};
}
std::string changed(const std::string& name, const std::string& content) {
  auto all = matrix();
  for (auto& [member, bytes] : all)
    if (member == name) bytes = content;
  return zip(all, false);
}

class Numpy : public ::testing::Test {
 protected:
  std::string error(const std::string& bytes) {
    return error_of([&] { read_graph(d.write("m.npz", bytes)); }, d / "");
  }
  std::string column_error(const std::string& bytes) {
    return error_of([&] { read_column(d.write("c.npy", bytes)); }, d / "");
  }
  Directory d;
};

TEST_F(Numpy, SparseMatricesAreGraphs) {
  const std::string expected = "0>2*0.5 1>0*2 1>1*-1e+300";
  EXPECT_EQ(describe(read_graph(d.write("a.npz", zip(matrix(), false)))), expected);
  EXPECT_EQ(describe(read_graph(d.write("b.npz", zip(matrix(), true)))), expected) << "deflated";
  EXPECT_EQ(describe(read_graph(d.write(
                "t.npz", changed("format.npy", npy("<U3", "()", raw<std::int32_t>({'c', 's', 'c'})))))),
            "0>1*2 1>1*-1e+300 2>0*0.5")
      << "by columns, and its name as NumPy's other kind of text";
  auto coo = matrix();
  coo[0].first = "row.npy",
  coo[1] = {"col.npy", npy(">i8", "(3,)", raw<std::int64_t>({0, 0, std::int64_t{1} << 56}))};
  coo[2].second = npy("|S3", "()", "coo"), coo[4].second = npy("|b1", "(3,)", "\1\1\1");
  EXPECT_EQ(everything(read_graph(d.write("o.npz", zip(coo, true)))), "0>0 1>1 2>0")
      << "big-endian; bools are no weights";
  EXPECT_EQ(describe(read_graph(d.write(
                "i.npz", changed("data.npy", npy("<u2", "(3,)", raw<std::uint16_t>({1, 2, 65535})))))),
            "0>2#1 1>0#2 1>1#65535");
}

TEST_F(Numpy, WhatIsWrittenIsReadBack) {
  for (const std::string name : {"gen:rmat:7:5:weights=1..2", "gen:grid:4:4", "gen:path:0"}) {
    const Graph g = read_graph(name);
    write_graph(g, d / "g.npz");
    EXPECT_EQ(everything(read_graph(d / "g.npz")), everything(g)) << name;
  }
  EXPECT_EQ(losses(read_graph("gen:karate"), "g.npz"),
            std::vector<std::string>{"that the graph is undirected (it lists each edge in both directions)"});
}

TEST_F(Numpy, EveryLieOfAMatrixIsTold) {
  EXPECT_EQ(error("abc"),
            "m.npz: byte 3: expected the end of a ZIP archive, found none (is it a .npz, and complete?)");
  EXPECT_EQ(error(zip({}, false)), "m.npz: expected an array \"format.npy\", found none");
  EXPECT_EQ(error(changed("format.npy", npy("|S3", "()", "bsr"))),
            "m.npz: expected a sparse matrix in csr, csc or coo, found \"bsr\"");
  EXPECT_EQ(error(changed("shape.npy", npy("<i8", "(2,)", raw<std::int64_t>({3, 4})))),
            "m.npz: expected the shape of a square matrix, found 3 rows and 4 columns");
  EXPECT_EQ(
      error(changed("shape.npy", npy("<i8", "(2,)", raw<std::int64_t>({1 << 30, 1 << 30})))).substr(0, 45),
      "m.npz: expected at most 16777216 nodes in a f");
  EXPECT_EQ(error(changed("shape.npy", npy("<i8", "(2,)", raw<std::int64_t>({4, 4})))),
            "m.npz: indptr.npy: expected 5 ascending offsets from 0 to 3, found others");
  EXPECT_EQ(error(changed("indices.npy", npy("<i4", "(3,)", raw<std::int32_t>({2, 0, 3})))),
            "m.npz: indices.npy: expected indices below 3, found 3 at 2");
  EXPECT_EQ(error(changed("indptr.npy", npy("<i4", "(4,)", raw<std::int32_t>({0, 3, 1, 3})))),
            "m.npz: indptr.npy: expected 4 ascending offsets from 0 to 3, found others");
  EXPECT_EQ(error(changed("data.npy", npy("<f8", "(2,)", raw<double>({1, 2})))),
            "m.npz: data.npy: expected 3 values, one for each index, found 2");
  EXPECT_EQ(error(changed("data.npy", npy("|b1", "(3,)", std::string("\1\0\1", 3)))).substr(0, 50),
            "m.npz: data.npy: expected entries that are true, f");
  EXPECT_EQ(error(changed("indices.npy", npy("<f8", "(3,)", raw<double>({0, 1, 2})))),
            "m.npz: indices.npy: expected integers, found f64");
}

TEST_F(Numpy, EveryFlippedByteOfAnArchiveIsAnErrorOrChangesNothing) {
  for (const bool deflated : {false, true}) {
    const std::string whole = zip(matrix(), deflated);
    const std::string expected = everything(read_graph(d.write("g.npz", whole)));
    std::mt19937 random(3);
    int errors = 0;
    for (std::size_t at = 0; at < whole.size(); ++at) {
      std::string bytes = whole;
      bytes[at] = static_cast<char>(bytes[at] ^ (1 << random() % 8));
      try {
        ASSERT_EQ(everything(read_graph(d.write("f.npz", bytes))), expected) << "byte " << at;
      } catch (const InputError&) {
        ++errors;
      }
    }
    EXPECT_GT(errors, static_cast<int>(whole.size() / 2));
    for (std::size_t size = 0; size < whole.size(); size += 7)
      ASSERT_NE(error(whole.substr(0, size)), "no error") << size;
  }
}

/// 8 MB of zeros in 8 kB: more comes out than the directory says, or as much, but never in one piece
/// beforehand.
TEST_F(Numpy, AnArchiveMayNotUnpackToMoreThanItSays) {
  auto members = matrix();
  members[4].second = npy("<f8", "(1000000,)", std::string(8000000, '\0'));
  EXPECT_EQ(error(zip(members, true)),
            "m.npz: data.npy: expected 3 values, one for each index, found 1000000");
  std::string lie = zip(members, true);
  const auto at = lie.rfind("PK\1\2") + 24;  // the size of the last member
  lie.replace(at, 4, std::string("\1\0\0\0", 4));
  EXPECT_NE(error(lie).find("expected the member \"data.npy\" of 1 bytes, found damaged data"),
            std::string::npos)
      << error(lie);
}

TEST_F(Numpy, ArraysAreColumns) {
  const auto column = [&](const std::string& bytes) {
    const Column c = read_column(d.write("c.npy", bytes));
    std::string text(to_string(c.type()));
    for (std::int64_t i = 0; i < c.size(); ++i) text += " " + to_string(c.at(i));
    return text;
  };
  EXPECT_EQ(column(npy("<f8", "(2,)", raw<double>({0.1, -0.}))), "f64 0.1 -0.0");
  EXPECT_EQ(column(npy("<f4", "(1,)", raw<float>({0.1f}))), "f32 0.1");
  EXPECT_EQ(column(npy("|b1", "(3,)", std::string("\0\1\2", 3))), "bool false true true");
  EXPECT_EQ(column(npy("|i1", "(1,)", "\xff")), "i32 -1");
  EXPECT_EQ(column(npy(">i4", "(1,)", std::string("\0\0\1\2", 4))), "i32 258");
  EXPECT_EQ(column(npy("<u4", "(1,)", raw<std::uint32_t>({4000000000}))), "i64 4000000000");
  EXPECT_EQ(column(npy("<i8", "(0,)", "")), "i64");
  std::string second = npy("<i8", "(1,)", raw<std::int64_t>({7}));
  second[6] = 2;
  second.insert(10, std::string(2, '\0'));
  EXPECT_EQ(column(second), "i64 7") << "version 2 has a longer length";
  d.write("c.npy.gz", gzipped(npy("<i8", "(1,)", raw<std::int64_t>({7}))));
  EXPECT_EQ(read_column(d / "c.npy.gz").size(), 1);
}

TEST_F(Numpy, WhatIsWrongWithAnArrayIsSaid) {
  EXPECT_EQ(column_error("1 2\n"), "c.npy: byte 0: expected 93 \"NUMPY\", found other bytes");
  EXPECT_EQ(column_error(npy("<f8", "(2,)", "12345678")),
            "c.npy: byte 128: expected 16 bytes for its shape, found 8");
  EXPECT_EQ(column_error(npy("<f8", "(1, 1)", "12345678")),
            "c.npy: expected an array of one dimension, found 2");
  EXPECT_EQ(column_error(npy("<f2", "(1,)", "12")),
            "c.npy: byte 20: expected numbers, bool or text, such as '<f8', found \"<f2\"");
  EXPECT_EQ(column_error(npy("|O", "(1,)", "12345678")).substr(0, 40),
            "c.npy: byte 20: expected numbers, bool o");
  EXPECT_EQ(column_error(npy("|S8", "(1,)", "12345678")), "c.npy: expected numbers, found text");
  EXPECT_EQ(column_error(npy("<u8", "(1,)", std::string(8, '\xff'))),
            "c.npy: expected integers below 2^63, found 18446744073709551615 at 0");
  EXPECT_EQ(column_error(npy("<f8", "(4611686018427387904, 4, 0)", "")),
            "c.npy: byte 10: expected a shape that a file has room for, found one that has not 2^63 bytes");
  EXPECT_EQ(column_error(npy("<f8", "(-1,)", "")).substr(0, 40), "c.npy: byte 61: expected a length, found");
  std::string order = npy("<f8", "(1,)", "12345678");
  order.replace(order.find("False"), 5, "True ");
  EXPECT_EQ(column_error(order),
            "c.npy: byte 44: expected rows one after the other (fortran_order False), found True");
  EXPECT_EQ(column_error(npy("<f8", "(1,)", "12345678").substr(0, 50)),
            "c.npy: byte 8: expected a header that ends in the file, found 118 bytes");
}

TEST_F(Numpy, ResultsAreArrays) {
  const auto ids = NodeIds::sparse({1, 3, 50});
  const ResultColumn x{"x",
                       Column::of<double>(std::vector{0.1, 2., std::numeric_limits<double>::infinity()})};
  const ResultColumn parent{"parent", Column::of<std::int32_t>(std::vector{2, -1, 0}), Role::Node};
  write_result(d / "r.npy", ids, {&x, 1});
  EXPECT_EQ(contents(d / "r.npy"),
            npy("<f8", "(3,)", raw<double>({0.1, 2, std::numeric_limits<double>::infinity()})));
  write_result(d / "p.npy", ids, {&parent, 1});
  EXPECT_EQ(read_column(d / "p.npy").at(0), Constant::of(std::int64_t{50})) << "of nodes: their ids";
  const ResultColumn both[] = {x, parent};
  EXPECT_EQ(error_of([&] { write_result(d / "b.npy", ids, both); }),
            "expected one result column for a .npy, found 2 (.npz holds several)");
  write_result(d / "b.npz", ids, both);
  const std::string archive = contents(d / "b.npz");
  for (const std::string name : {"id.npy", "x.npy", "parent.npy"})
    EXPECT_NE(archive.find(name), std::string::npos);
  EXPECT_NE(archive.find(npy("<i8", "(3,)", raw<std::int64_t>({1, 3, 50}))), std::string::npos);
  EXPECT_EQ(error_of([&] {
              write_result(d / "t.npz", NodeIds::strings({"a", "b", "c"}), both);
            }),
            "the ids of nodes are text: a .npz holds numbers (csv and json hold text)");
  EXPECT_FALSE(std::filesystem::exists(d / "t.npz"));
}

}  // namespace
}  // namespace monograph::test
