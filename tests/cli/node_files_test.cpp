// Node attributes from files, as algorithms read them.
#include <gtest/gtest.h>

#include "cli/program.h"

namespace monograph::test {
namespace {

const char* const kPath = "gen:path:3";

Outcome run(const Folder& folder, const std::string& algorithm, const std::string& option,
            const std::string& name, const std::string& content) {
  const std::string file = folder.file("values.txt", content);
  return monograph({"run", algorithm, "--graph", kPath, option, name + "=" + file, "--top", "0"});
}

}  // namespace

TEST(NodeFiles, NumbersAreAnAttribute) {
  const Folder folder;
  const Outcome o = run(folder, "attribute_propagation", "--node-attribute", "value", "0 1\n1 3\n2 0.5\n");
  EXPECT_EQ(o.code, 0) << o.err;
  EXPECT_NE(o.out.find("0     1"), std::string::npos) << o.out;  // nobody points at it
}

TEST(NodeFiles, LinesAndArraysGiveTheSameAttribute) {
  const Folder folder;
  for (const char* name : {"degree.txt", "degree.npy"})
    ASSERT_EQ(monograph({"run", "degree", "--graph", "gen:karate", "--out", folder.path(name)}).code, 0);
  const auto spread = [&](const char* name) {
    return monograph({"run", "attribute_propagation", "--graph", "gen:karate", "--node-attribute",
                      "value=" + folder.path(name), "--top", "0"});
  };
  const Outcome lines = spread("degree.txt"), array = spread("degree.npy");
  EXPECT_EQ(lines.code, 0) << lines.err;
  EXPECT_EQ(array.code, 0) << array.err;
  EXPECT_EQ(lines.out, array.out);
}

// 0 -> 1 -> 2: all in one, 2/2 inside - 2/2 * 2/2 = 0; without node 2, 1/2 inside - 2/2 leaving * 1/2
// entering = 0; without node 0, 1/2 - 1/2 * 2/2 = 0; and alone, 0 inside - 0.
TEST(NodeFiles, LabelsArePartitions) {
  const Folder folder;
  const Outcome one = run(folder, "modularity", "--node-labels", "community", "0 red\n1 red\n2 red\n");
  EXPECT_EQ(one.code, 0) << one.err;
  EXPECT_EQ(one.out, "0\n");
  const Outcome two = run(folder, "modularity", "--node-labels", "community", "0 red\n1 red\n2 blue\n");
  EXPECT_EQ(two.out, "0\n") << two.err;
  const Outcome odd = run(folder, "modularity", "--node-labels", "community", "0 red\n1 blue\n2 red\n");
  EXPECT_EQ(odd.out, "-0.5\n") << odd.err;  // red: 0 - 1/2 * 1/2; blue: 0 - 1/2 * 1/2
}

TEST(NodeFiles, WhatIsWrongIsSaid) {
  const Folder folder;
  const auto error = [&](const std::string& content) {
    const Outcome o = run(folder, "attribute_propagation", "--node-attribute", "value", content);
    EXPECT_EQ(o.code, 3) << o.err;
    return o.err;
  };
  EXPECT_NE(error("0 1\n1 2\n").find("expected a line for each node of the graph, found none for \"2\""),
            std::string::npos);
  EXPECT_NE(error("0 1\n1 2\n2 3\n7 1\n").find("expected ids of nodes of the graph, found \"7\""),
            std::string::npos);
  EXPECT_NE(error("0 1\n1 x\n2 3\n").find("expected numbers, found \"x\" for node \"1\""), std::string::npos);
  const Outcome usage = monograph({"run", "degree", "--graph", kPath, "--node-attribute", "value"});
  EXPECT_EQ(usage.code, 2);
  EXPECT_NE(usage.err.find("--node-attribute: expected NAME=FILE"), std::string::npos) << usage.err;
}

}  // namespace monograph::test
