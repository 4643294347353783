// Formats that other programs exchange graphs in: DIMACS, METIS, GraphML, GML.
#include <cmath>

#include "support.h"

namespace monograph::test {
namespace {

std::string error(const Directory& d, const std::string& name, const std::string& text,
                  const ReadOptions& options = {}) {
  return error_of([&] { read_graph(d.write(name, text), options); }, d / "");
}

const ReadOptions kText{.ids = Ids::Text};

// DIMACS -------------------------------------------------------------------------------------------------

const std::string kArcs = "c a comment\np sp 4 3\nc\na 1 2 803\na 2 1 -158\na 4 2 0\n";

TEST(Dimacs, ArcsAndTheCoordinatesBeside) {
  const Directory d;
  EXPECT_EQ(everything(read_graph(d.write("a.gr", kArcs))).substr(0, 29), "1>2#803 2>1#-158 4>2#0; 3 | e");
  d.write("a.co.gz", gzipped("c\np aux sp co 4\nv 2 -7 8\nv 1 5 6\nv 3 0 0\nv 4 9 9\n"));
  const Graph g = read_graph(d / "a.gr");
  EXPECT_EQ(g.node_attribute("x")->at(1), Constant::of(std::int64_t{-7}));
  EXPECT_EQ(g.node_attribute("y")->at(0), Constant::of(std::int64_t{6}));
  write_graph(g, d / "b.gr");
  EXPECT_EQ(contents(d / "b.gr"), "p sp 4 3\na 1 2 803\na 2 1 -158\na 4 2 0\n");
  EXPECT_EQ(everything(read_graph(d / "b.gr")), everything(g));
  EXPECT_EQ(losses(g, "b.gr"), std::vector<std::string>{});
  write_graph(read_graph("gen:path:3", {.undirected = true}), d / "c.gr");
  EXPECT_EQ(contents(d / "c.gr"), "p sp 3 4\na 1 2 1\na 2 1 1\na 2 3 1\na 3 2 1\n");
  EXPECT_EQ(losses(read_graph("gen:path:3", {.undirected = true}), "c.gr"),
            std::vector<std::string>{"that the graph is undirected (it lists each edge in both directions)"});
}

TEST(Dimacs, WhatIsWrongIsSaidWithItsPlace) {
  const Directory d;
  EXPECT_EQ(error(d, "a.gr", ""),
            "a.gr:1:1: expected \"p\", found the end of the file (the first line is \"p sp NODES ARCS\")");
  EXPECT_EQ(error(d, "a.gr", "c\na 1 2 3\n"),
            "a.gr:2:1: expected \"p\", found \"a\" (the first line is \"p sp NODES ARCS\")");
  EXPECT_EQ(error(d, "a.gr", "p max 1 1\n"),
            "a.gr:1:3: expected \"sp\", found \"max\" (the first line is \"p sp NODES ARCS\")");
  EXPECT_EQ(
      error(d, "a.gr", "p sp 2147483648 0\n"),
      "a.gr:1:6: expected a number of nodes in 0..16777216, found \"2147483648\" (judged by the size of the "
      "file)");
  EXPECT_EQ(error(d, "a.gr", "p sp 2 1\na 1 3 5\n"),
            "a.gr:2:5: expected a node in 1..2, found \"3\" (nodes are counted from 1)");
  EXPECT_EQ(error(d, "a.gr", "p sp 2 1\na 1 2\n"),
            "a.gr:2:6: expected the weight, found the end of the line");
  EXPECT_EQ(error(d, "a.gr", "p sp 2 1\na 1 2 0.5\n"), "a.gr:2:7: expected integer, found \"0.5\"");
  EXPECT_EQ(error(d, "a.gr", "p sp 2 1\na 1 2 5 6\n"),
            "a.gr:2:9: expected the end of the line, found \"6\" (an arc is \"a SOURCE TARGET WEIGHT\")");
  EXPECT_EQ(error(d, "a.gr", "p sp 2 1\ne 1 2\n"),
            "a.gr:2:1: expected \"a\" or \"c\", found \"e\" (an arc is \"a SOURCE TARGET WEIGHT\")");
  EXPECT_EQ(error(d, "a.gr", "p sp 2 2\na 1 2 5\n"),
            "a.gr:3:1: expected 2 arcs, found the end of the file (there are 1; is the file complete?)");
  EXPECT_EQ(
      error(d, "a.gr", "p sp 2 0\na 1 2 5\n"),
      "a.gr:2:1: expected the end of the file after 0 arcs, found \"a\" (the first line announces fewer than "
      "there are)");
  const auto coordinates = [&](const std::string& text) {
    d.write("c.co", text);
    return error(d, "c.gr", "p sp 2 0\n");
  };
  EXPECT_EQ(coordinates("p aux sp co 3\n"), "c.co:1:13: expected 2 nodes, as in the .gr, found \"3\"");
  EXPECT_EQ(coordinates("p aux sp co 2\nv 1 0 0\nv 1 0 0\n"),
            "c.co:3:1: expected each node once, found \"v\" (an earlier line has it too)");
  EXPECT_EQ(coordinates("p aux sp co 2\nv 1 0 0\n"),
            "c.co:3:1: expected a line for node 2, found the end of the file (is the file complete?)");
  EXPECT_EQ(error_of([&] { write_graph(read_graph("gen:path:3:weights=1..2"), d / "f.gr"); }, d / ""),
            "f.gr: expected integer weights, found f64 (a .gr has no others; .wel and .mtx have)");
}

// METIS --------------------------------------------------------------------------------------------------

TEST(Metis, EveryFormOfTheManual) {
  const Directory d;
  EXPECT_EQ(everything(read_graph(d.write("a.metis", "% a comment\n3 2\n2\n1 3\n% another\n2\n"))),
            "u 1>2 2>1 2>3 3>2");
  EXPECT_EQ(everything(read_graph(d.write("a.graph", "3 1 001\n\n3 7\n2 7\n"))).substr(0, 15),
            "u 2>3#7 3>2#7; ")
      << "an empty line is a node";
  const Graph all = read_graph(d.write("b.graph", "2 1 111 2\n5 10 11 2 7\n6 20 21 1 7\n"));
  EXPECT_EQ(describe(all), "1>2#7 2>1#7");
  EXPECT_EQ(all.node_attribute("size")->at(1), Constant::of(std::int64_t{6}));
  EXPECT_EQ(all.node_attribute("weight")->at(0), Constant::of(std::int64_t{10}));
  EXPECT_EQ(all.node_attribute("weight2")->at(1), Constant::of(std::int64_t{21}));
  EXPECT_EQ(describe(read_graph(d.write("c.graph", "2 0\n\n"))), "; 1 2") << "without a last line end";
  EXPECT_EQ(describe(read_graph(d.write("d.graph", "0 0\n"))), "");
}

TEST(Metis, WhatIsWrittenIsReadBack) {
  const Directory d;
  Graph g = read_graph("gen:grid:3:4", {.undirected = true});
  write_graph(g, d / "a.metis");
  EXPECT_EQ(contents(d / "a.metis").substr(0, 12), "12 17\n2 5\n1 ");
  EXPECT_TRUE(read_graph(d / "a.metis").undirected());
  EXPECT_EQ(read_graph(d / "a.metis").edge_count(), 34);
  Column edge(ScalarType::I64, 34), node(ScalarType::I32, 12);
  for (int i = 0; i < 12; ++i) node.set(i, Constant::of(i));
  for (int i = 0; i < 34; ++i) edge.set(i, Constant::of(std::int64_t{3}));
  g.set_edge_attribute("weight", edge);
  g.set_node_attribute("weight", node);
  write_graph(g, d / "b.metis");
  EXPECT_EQ(contents(d / "b.metis").substr(0, 18), "12 17 011\n0 2 3 5 ");
  EXPECT_EQ(read_graph(d / "b.metis").node_attribute("weight")->at(11), Constant::of(std::int64_t{11}));
  EXPECT_EQ(losses(g, "b.metis"), std::vector<std::string>{});
  EXPECT_EQ(error_of([&] { write_graph(read_graph("gen:path:3"), d / "f.metis"); }, d / ""),
            "f.metis: expected an undirected graph, found a directed one (METIS has no others; --undirected "
            "mirrors "
            "edges)");
  EXPECT_EQ(
      error_of(
          [&] { write_graph(read_graph(d.write("l.el", "1 1\n"), {.undirected = true}), d / "f.metis"); },
          d / ""),
      "f.metis: expected no edge from a node to itself, found one at 1 (METIS has none; --self-loops drop "
      "leaves them out)");
  EXPECT_FALSE(std::filesystem::exists(d / "f.metis"));
}

TEST(Metis, WhatIsWrongIsSaidWithItsPlace) {
  const Directory d;
  EXPECT_EQ(error(d, "a.graph", ""),
            "a.graph:1:1: expected \"NODES EDGES [FMT [NCON]]\", found the end of the file");
  EXPECT_EQ(
      error(d, "a.graph", "3\n"),
      "a.graph:1:2: expected the number of edges, found the end of the line (the first line is \"NODES EDGES "
      "[FMT [NCON]]\")");
  EXPECT_EQ(error(d, "a.graph", "2 1 2\n"),
            "a.graph:1:5: expected up to three digits 0 or 1, found \"2\" (weights of edges 1, of nodes 10, "
            "sizes of "
            "nodes 100)");
  EXPECT_EQ(error(d, "a.graph", "1000000 1\n2\n1\n"),
            "a.graph:1:1: expected at most 5 nodes, which have a line each in the 4 bytes that follow, found "
            "1000000");
  EXPECT_EQ(error(d, "a.graph", "2 900000\n2\n1\n"),
            "a.graph:1:1: expected at most 5 edges in the 4 bytes that follow, found 900000");
  EXPECT_EQ(error(d, "a.graph", "2 1\n2\n3\n"),
            "a.graph:3:1: expected a node in 1..2, found \"3\" (nodes are counted from 1)");
  EXPECT_EQ(error(d, "a.graph", "2 1\n2\nx\n").substr(0, 40), "a.graph:3:1: expected integer, found \"x\"");
  EXPECT_EQ(error(d, "a.graph", "2 1 1\n2 5\n1\n").substr(0, 57),
            "a.graph:3:2: expected the weight of the edge, found the e");
  EXPECT_EQ(
      error(d, "a.graph", "4 1\n2\n1\n"),
      "a.graph:4:1: expected a line for each of 4 nodes, found the end of the file (there are 2; is the file "
      "complete?)");
  EXPECT_EQ(error(d, "a.graph", "1 0\n\n1\n"),
            "a.graph:3:1: expected the end of the file after the lines of 1 nodes, found \"1\"");
  EXPECT_EQ(error(d, "a.graph", "2 2\n2\n1\n"),
            "a.graph:1:1: expected 4 neighbours for 2 edges, each at both ends, found 2");
  EXPECT_EQ(error(d, "a.graph", "3 1\n2\n3\n\n"),
            "a.graph: expected each edge of an undirected graph in both directions, with the same "
            "attributes, found "
            "one that is not");
}

// GraphML and GML ----------------------------------------------------------------------------------------

Graph rich(bool undirected, bool text) {
  EdgeList list;
  list.source = {0, 2, 2, 3, 0};
  list.target = {2, 0, 3, 3, 2};
  list.ids = text ? NodeIds::strings({"<a&\"", "b c", "d'", "\xc3\xa9"})
                  : NodeIds::sparse({-2, 30, 400, 5000000000});
  list.attributes = {{"weight", Column::of<double>(std::vector{0.1, 2., 1e-300, -0., 1e22})}};
  list.undirected = undirected;
  Graph g = Graph::from_edges(std::move(list));
  g.set_node_attribute("big",
                       Column::of<std::int64_t>(std::vector<std::int64_t>{1, -2, 9007199254740993, 0}));
  return g;
}

TEST(GraphMl, WhatIsWrittenIsReadBack) {
  const Directory d;
  for (const bool undirected : {false, true})
    for (const bool text : {false, true}) {
      Graph g = rich(undirected, text);
      g.set_node_attribute("flag \"&\"", Column::of<bool>(std::array{true, false, true, true}));
      g.set_node_attribute("f", Column::of<float>(std::vector<float>{0.1f, INFINITY, -INFINITY, NAN}));
      g.set_node_attribute("i", Column::of<std::int32_t>(std::vector{1, -2, 3, 4}));
      write_graph(g, d / "g.graphml");
      EXPECT_EQ(everything(read_graph(d / "g.graphml", {.ids = text ? Ids::Text : Ids::Number})),
                everything(g))
          << contents(d / "g.graphml");
      EXPECT_EQ(losses(g, "g.graphml"), std::vector<std::string>{});
    }
}

TEST(GraphMl, WhatOtherProgramsWrite) {
  const Directory d;
  const std::string text =
      "<?xml version='1.0' encoding='utf-8'?>\n"
      "<!DOCTYPE graphml>\n"
      "<g:graphml xmlns:g=\"http://graphml.graphdrawing.org/xmlns\">\n"
      "  <g:key id=\"d2\" for=\"edge\" attr.name=\"weight\" "
      "attr.type=\"double\"><g:default>1.5</g:default></g:key>\n"
      "  <g:key id=\"d1\" for=\"node\" attr.name=\"label\" attr.type=\"string\" />\n"
      "  <g:key id=\"d0\" attr.name=\"age\" attr.type=\"double\" />\n"
      "  <g:graph edgedefault=\"undirected\"><g:data key=\"d0\">5</g:data>\n"
      "    <g:edge source=\"n1\" target=\"n0\"><g:data key=\"d2\"> 2 </g:data></g:edge>\n"
      "    <g:node id=\"n1\"><g:data key=\"d1\">Ann &amp; Bob</g:data><g:data "
      "key=\"d0\">3</g:data></g:node>\n"
      "    <g:node id=\"n0\"><g:desc>one</g:desc><g:port name=\"p\"/></g:node>\n"
      "    <g:edge source=\"n0\" target=\"n0\" directed=\"false\"/>\n"
      "  </g:graph>\n</g:graphml>\n";
  const Graph g = read_graph(d.write("g.graphml", text), kText);
  EXPECT_EQ(everything(g),
            "u n0>n0*1.5 n0>n1*2 n1>n0*2 | node age f64 nan 3.0 | edge weight f64 1.5 2.0 2.0");
  EXPECT_EQ(error(d, "n.graphml", text),
            "n.graphml:8:5: expected integer, found \"n1\" (ids are integers; for others use Ids::Text, "
            "--ids string)");
}

TEST(GraphMl, WhatIsWrongIsSaidWithItsPlace) {
  const Directory d;
  const std::string open =
      "<graphml>\n<key id=\"k\" for=\"node\" attr.name=\"n\" attr.type=\"int\"/>\n"
      "<graph edgedefault=\"directed\">\n";
  const auto inside = [&](const std::string& text) {
    return error(d, "g.graphml", open + text + "</graph></graphml>\n");
  };
  EXPECT_EQ(error(d, "g.graphml", ""), "g.graphml:1:1: expected XML, found: no element found");
  EXPECT_EQ(error(d, "g.graphml", "<html/>"), "g.graphml:1:1: expected <graphml>, found <html>");
  EXPECT_EQ(error(d, "g.graphml", "<graphml/>"),
            "g.graphml:1:11: expected a <graph>, found the end of the file");
  EXPECT_EQ(error(d, "g.graphml", "<graphml>\n<graph/></graphml>"),
            "g.graphml:2:1: expected <graph edgedefault=\"...\">, found none");
  EXPECT_EQ(inside("<node/>"), "g.graphml:4:1: expected <node id=\"...\">, found none");
  EXPECT_EQ(inside("<node id=\"1\"/>\n<node id=\"1\"/>"),
            "g.graphml:5:1: expected each node once, found \"1\" again");
  EXPECT_EQ(inside("<node id=\"1\"/>\n<node id=\"01\"/>"),
            "g.graphml:5:1: expected each node once, found \"01\" again");
  EXPECT_EQ(inside("<edge source=\"1\" target=\"2\"/>"),
            "g.graphml:4:1: expected an edge between nodes that the file lists, found the node \"1\"");
  EXPECT_EQ(inside("<node id=\"1\"><data key=\"x\">1</data></node>"),
            "g.graphml:4:14: expected a key that the file declares, found \"x\"");
  EXPECT_EQ(inside("<node id=\"1\"><data key=\"k\">1.5</data></node>"),
            "g.graphml:4:14: expected a value of 'n', which is i32, found \"1.5\"");
  EXPECT_EQ(
      inside("<node id=\"1\"/><node id=\"2\"><data key=\"k\">3</data></node>"),
      "g.graphml: expected the attribute 'n' of every node, since it is of integers, found none of number 1");
  EXPECT_EQ(inside("<hyperedge/>"), "g.graphml:4:1: expected edges between two nodes, found a <hyperedge>");
  EXPECT_EQ(inside("<node id=\"1\"><graph edgedefault=\"directed\"/></node>"),
            "g.graphml:4:14: expected no graph in another, found one");
  EXPECT_EQ(inside("<edge source=\"1\" target=\"1\" directed=\"false\"/>"),
            "g.graphml:4:1: expected all edges of one kind, as edgedefault has it, found directed=\"false\"");
  EXPECT_EQ(inside("<node id=\"1\"></edge>"), "g.graphml:4:16: expected XML, found: mismatched tag");
  std::string deep;
  for (int i = 0; i < 100000; ++i) deep += "<a>";
  EXPECT_EQ(inside(deep), "g.graphml:4:91: expected at most 32 elements in each other, found more");
}

/// Entities that hold entities would be gigabytes: they are not even begun.
TEST(GraphMl, NoTextGrowsWhileItIsRead) {
  const Directory d;
  std::string bomb = "<!DOCTYPE graphml [\n<!ENTITY a0 \"lol\">\n";
  for (int i = 1; i < 30; ++i) {
    const std::string last = "&a" + std::to_string(i - 1) + ";";
    bomb += "<!ENTITY a" + std::to_string(i) + " \"" + last + last + last + last + "\">\n";
  }
  bomb += "]>\n<graphml>&a29;</graphml>";
  EXPECT_EQ(error(d, "g.graphml", bomb),
            "g.graphml:2:13: expected no declaration of an entity, found one (GraphML has no use for them)");
}

TEST(Gml, WhatIsWrittenIsReadBack) {
  const Directory d;
  for (const bool undirected : {false, true})
    for (const bool text : {false, true}) {
      const Graph g = rich(undirected, text);
      write_graph(g, d / "g.gml");
      EXPECT_EQ(everything(read_graph(d / "g.gml", {.ids = text ? Ids::Text : Ids::Number})), everything(g))
          << contents(d / "g.gml");
    }
  Graph odd = read_graph("gen:path:2");
  odd.set_node_attribute("a b", Column(ScalarType::F64, 2));
  EXPECT_EQ(
      error_of([&] { write_graph(odd, d / "f.gml"); }, d / ""),
      "f.gml: expected attributes named by letters, digits and _, and not id, label, source or target, found "
      "\"a b\" (GML has no others)");
}

TEST(Gml, WhatOtherProgramsWrite) {
  const Directory d;
  const std::string text =
      "Creator \"Mark Newman on Sat Jul 22 05:32:16 2006\"\ngraph\n[\n  directed 0\n"
      "  node\n  [\n    id 7\n    label \"Beak [the] first\"\n    graphics [ x 1.5 fill \"#ff0000\" w [ z 1 "
      "] ]\n    value 3\n  ]\n"
      "# a comment [\n  node [ id -2 label \"b\" value 0.5 ]\n"
      "  edge\n  [\n    source 7\n    target -2\n    weight 2\n  ]\n]\nlast 1\n";
  EXPECT_EQ(everything(read_graph(d.write("g.gml", text))),
            "u -2>7#2 7>-2#2 | node value f64 0.5 3.0 | edge weight i64 2 2");
  EXPECT_EQ(describe(read_graph(d / "g.gml", kText)), "Beak [the] first>b#2 b>Beak [the] first#2");
}

TEST(Gml, WhatIsWrongIsSaidWithItsPlace) {
  const Directory d;
  const auto inside = [&](const std::string& text, const ReadOptions& options = {}) {
    return error(d, "g.gml", "graph [\n" + text + "\n]\n", options);
  };
  EXPECT_EQ(error(d, "g.gml", ""), "g.gml:1:1: expected \"graph [\", found the end of the file");
  EXPECT_EQ(error(d, "g.gml", "graph [\n"),
            "g.gml:2:1: expected a key, found the end of the file (lists are \"key value\")");
  EXPECT_EQ(error(d, "g.gml", "graph 5\n"), "g.gml:1:7: expected \"[\" after graph, found \"5\"");
  EXPECT_EQ(error(d, "g.gml", "graph [ ] graph [ ]"), "g.gml:1:11: expected one graph, found \"graph\"");
  EXPECT_EQ(inside("directed yes"), "g.gml:2:10: expected integer, found \"yes\"");
  EXPECT_EQ(inside("node [ id \"x\" ]"), "g.gml:2:11: expected integer, found \"x\"");
  EXPECT_EQ(inside("node [ id 1 ]\nnode [ id 1 ]"), "g.gml:3:11: expected each node once, found \"1\" again");
  EXPECT_EQ(inside("node [ label \"x\" ]"), "g.gml:2:1: expected a node with an id, found \"node\"");
  EXPECT_EQ(inside("node [ id 1 ]", kText),
            "g.gml:2:11: expected a node with a label, found \"node\" (which is its id as text)");
  EXPECT_EQ(inside("edge [ source 1 ]"),
            "g.gml:2:1: expected an edge with source and target, found \"edge\"");
  EXPECT_EQ(inside("node [ id 1 ]\n  edge [ source 1 target 2 ]"),
            "g.gml:3:3: expected an edge between nodes that the file lists, found the node \"2\"");
  EXPECT_EQ(inside("node [ id 1 value 1x ]"), "g.gml:2:19: expected number, found \"1x\"");
  EXPECT_EQ(
      inside("node [ id 1 value 2 ]\nnode [ id 2 ]"),
      "g.gml: expected the attribute 'value' of every node, since it is of integers, found none of number 2");
  EXPECT_EQ(inside("name \"open"), "g.gml:2:6: expected a closing quote, found the end of the file");
  std::string deep;
  for (int i = 0; i < 100000; ++i) deep += "a [ ";
  EXPECT_EQ(inside(deep), "g.gml:2:259: expected at most 64 lists in each other, found \"[\"");
}

}  // namespace
}  // namespace monograph::test
