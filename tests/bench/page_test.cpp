// A report of monograph_peers as a page: whole, alone, and as XML where it is XML.
#include "bench/peers/page.h"

#include <expat.h>
#include <gtest/gtest.h>
#include <monograph/error.h>

#include "bench/peers/charts.h"
#include "bench/peers/svg.h"
#include "bench/report.h"

namespace monograph::test {
namespace {

using namespace monograph::bench::peers;
using bench::Report;

const std::string kHostile = "<script>alert(\"1\")</script> & 'x' \x01";

Report row(const std::string& algorithm, const std::string& graph, double ratio) {
  return {{"algorithm", algorithm}, {"setting", kHostile}, {"graph", graph}, {"peer", "igraph"},
          {"method", kHostile},     {"peer_threads", 1},   {"threads", 2},   {"tier", "native"},
          {"ours_ms", ratio},       {"peer_ms", 1.0},      {"ratio", ratio}, {"spread", 0.1},
          {"repetitions", 7}};
}

Report scaling_row(const std::string& family, int edges, double ns, Report memory) {
  return {{"algorithm", "wcc"},
          {"family", family},
          {"graph", family + std::to_string(edges)},
          {"nodes", edges},
          {"edges", edges},
          {"ms", 1.0},
          {"ns_per_edge", ns},
          {"level", "L2"},
          {"growth", nullptr},
          {"growth_bound", 1.3},
          {"growth_ok", false},
          {"ns_bound", 1.3 * ns},
          {"memory_mb", memory},
          {"csr_mb", 1.0},
          {"columns_mb", 1.0},
          {"memory_bound_mb", nullptr},
          {"memory_ok", nullptr}};
}

Report report() {
  Report r = bench::new_report("peers", {});
  for (const char* list : {"peers", "graphs", "skipped", "failures"}) r[list] = Report::array();
  r["rows"] = {row("bfs", "gen:rmat:18:16", 0.25), row("wcc", "gen:rmat:18:16", 4), row("wcc", kHostile, 1)};
  r["scaling"] = {scaling_row("rmat", 1000, 2, 10), scaling_row("rmat", 20000, 2.5, 30),
                  scaling_row("grid", 300, 1, nullptr)};
  r["failures"].push_back(
      {{"algorithm", "lcc"}, {"setting", ""}, {"graph", "g"}, {"peer", "p"}, {"what", kHostile}});
  return r;
}

/// The element names of a well-formed document, or what is wrong with it.
std::string parsed(const std::string& xml) {
  const XML_Parser parser = XML_ParserCreate(nullptr);
  std::string names;
  XML_SetUserData(parser, &names);
  XML_SetStartElementHandler(parser, [](void* data, const XML_Char* name, const XML_Char**) {
    *static_cast<std::string*>(data) += std::string(name) + " ";
  });
  if (XML_Parse(parser, xml.data(), static_cast<int>(xml.size()), 1) != XML_STATUS_OK)
    names = std::string("not well-formed: ") + XML_ErrorString(XML_GetErrorCode(parser));
  XML_ParserFree(parser);
  return names;
}

std::vector<std::string> drawings(const std::string& html) {
  std::vector<std::string> all;
  for (std::size_t at = 0; (at = html.find("<svg", at)) != html.npos;) {
    const std::size_t end = html.find("</svg>", at);
    if (end == html.npos) break;
    all.push_back(html.substr(at, end + 6 - at));
    at = end;
  }
  return all;
}

std::size_t count(const std::string& text, const std::string& what) {
  std::size_t n = 0;
  for (std::size_t at = 0; (at = text.find(what, at)) != text.npos; ++at) ++n;
  return n;
}

TEST(PeersPage, DrawingsAreWellFormed) {
  const auto all = drawings(page(report()));
  ASSERT_EQ(all.size(), 4u);  // two graphs; time and memory of one algorithm
  for (const std::string& svg : all) EXPECT_EQ(parsed(svg).rfind("svg title ", 0), 0u) << parsed(svg);
  EXPECT_EQ(count(all[0], "<rect class=\"ours\""), 1u);
  EXPECT_EQ(count(all[0], "<rect class=\"theirs\""), 1u);
  EXPECT_EQ(count(all[2], "class=\"curve first\" points"), 1u);
  EXPECT_EQ(count(all[2], "class=\"bound first\""), 1u);
  EXPECT_EQ(count(all[3], "second"), 0u);  // no grid's memory is known
}

TEST(PeersPage, StandsAlone) {
  const std::string html = page(report());
  for (const char* word : {"<script", "src=", "href=", "@import", "url("})
    EXPECT_EQ(count(html, word), 0u) << word;
  EXPECT_EQ(count(html, "http"), count(html, "http://www.w3.org/2000/svg"));
  EXPECT_EQ(count(html, "prefers-color-scheme: dark"), 1u);
  EXPECT_NE(html.find("&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; &#39;x&#39; ?"), html.npos);
  EXPECT_NE(html.find("<td class=\"wrong\">NO</td>"), html.npos);  // a bound that is broken
  EXPECT_NE(html.find("<h2>Wrong answers</h2>"), html.npos);
}

TEST(PeersPage, WithoutRowsIsAPage) {
  Report r = report();
  r["rows"] = Report::array();
  r.erase("scaling");
  EXPECT_TRUE(drawings(page(r)).empty());
}

TEST(PeersPage, RefusesWhatIsNoReport) {
  Report other = report(), missing = report(), text = report();
  other["suite"] = "seeds";
  missing["rows"][0].erase("ratio");
  text["rows"][0]["ratio"] = "fast";
  for (const Report& r : {other, missing, text, Report::array(), Report()})
    EXPECT_THROW(page(r, "x.json"), InputError);
  try {
    page(other, "x.json");
  } catch (const InputError& e) {
    EXPECT_STREQ(e.what(), "x.json: expected a report of suite \"peers\", found \"seeds\"");
  }
}

TEST(Drawings, ScalesArePowersOfTen) {
  const LogScale x(0.3, 40, 0, 300, 1);
  EXPECT_EQ(x.ticks().size(), 4u);  // 0.1 1 10 100
  EXPECT_NEAR(x.at(0.1), 0, 1e-9);
  EXPECT_NEAR(x.at(1), 100, 1e-9);
  EXPECT_NEAR(x.at(100), 300, 1e-9);
  EXPECT_EQ(LogScale(10, 10, 0, 1).ticks().size(), 2u);
  EXPECT_EQ(LogScale(2, 3, 0, 1, 1).ticks().size(), 2u);  // 1 is at an end
}

TEST(Drawings, Numbers) {
  EXPECT_EQ(short_number(0.04237), "0.0424");
  EXPECT_EQ(short_number(1.3), "1.30");
  EXPECT_EQ(short_number(17.26), "17.3");
  EXPECT_EQ(short_number(1234567), "1234567");
  EXPECT_EQ(short_number(0), "0.000");
  EXPECT_EQ(tick_text(0.01), "0.01");
  EXPECT_EQ(tick_text(100), "100");
  EXPECT_EQ(tick_text(1e4), "10 k");
  EXPECT_EQ(tick_text(1e8), "100 M");
}

}  // namespace
}  // namespace monograph::test
