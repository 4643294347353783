#include "bench/peers/page.h"

#include <monograph/error.h>

#include "bench/peers/charts.h"
#include "bench/peers/svg.h"
#include "bench/report.h"

namespace monograph::bench::peers {
namespace {

// Blue and orange are told apart by nearly everyone; the figures beside the bars say the same.
constexpr const char* kStyle = R"(
:root { color-scheme: light dark; --ink: #1b1f24; --faint: #6a737d; --rule: #d8dee4; --paper: #ffffff;
  --ours: #1f6fb5; --theirs: #c8641a; --third: #5b8c3a; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6e8eb; --faint: #9aa4af; --rule: #353c44; --paper: #14171a;
    --ours: #63aef0; --theirs: #f0a05a; --third: #9ccc70; } }
body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); margin: 2rem auto;
  max-width: 60rem; padding: 0 1rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.15rem; margin-top: 2.2rem; }
.scroll { overflow-x: auto; } .small { display: flex; flex-wrap: wrap; gap: 1rem; }
svg { max-width: 100%; height: auto; } svg text { font: 12px system-ui, sans-serif; fill: var(--ink); }
svg .tick { fill: var(--faint); } svg .grid { stroke: var(--rule); } svg .one { stroke: var(--ink); }
svg .ours, svg .first { fill: var(--ours); } svg .theirs, svg .second { fill: var(--theirs); }
svg .third { fill: var(--third); }
svg .curve, svg .bound { fill: none; stroke-width: 2; } svg .bound { stroke-dasharray: 4 4; stroke-width: 1; }
svg .curve.first, svg .bound.first { stroke: var(--ours); } svg .curve.third, svg .bound.third { stroke: var(--third); }
svg .curve.second, svg .bound.second { stroke: var(--theirs); }
table { border-collapse: collapse; font-size: 13px; } th, td { padding: .2rem .6rem; border-bottom: 1px solid var(--rule);
  text-align: left; white-space: nowrap; } td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; }
.wrong { color: var(--theirs); font-weight: 600; }
)";

constexpr Heading kRows[] = {
    {"algorithm", "algorithm"}, {"setting", "setting"},     {"graph", "graph"},
    {"peer", "peer"},           {"what it does", "method"}, {"its threads", "peer_threads"},
    {"our threads", "threads"}, {"tier", "tier"},           {"ours, ms", "ours_ms"},
    {"peer, ms", "peer_ms"},    {"ours / peer", "ratio"},   {"spread", "spread"},
    {"rounds", "repetitions"}};
constexpr Heading kScaling[] = {{"algorithm", "algorithm"},
                                {"graph", "graph"},
                                {"nodes", "nodes"},
                                {"edges", "edges"},
                                {"ms", "ms"},
                                {"ns / edge", "ns_per_edge"},
                                {"gathered from", "level"},
                                {"growth", "growth"},
                                {"at most", "growth_bound"},
                                {"within", "growth_ok"},
                                {"memory, MB", "memory_mb"},
                                {"CSR, MB", "csr_mb"},
                                {"columns, MB", "columns_mb"},
                                {"at most, MB", "memory_bound_mb"},
                                {"within", "memory_ok"}};
constexpr Heading kGraphs[] = {
    {"graph", "graph"}, {"nodes", "nodes"}, {"edges", "edges"}, {"undirected", "undirected"}};
constexpr Heading kPeers[] = {
    {"peer", "name"}, {"version", "version"}, {"one thread", "one_thread"}, {"not here", "missing"}};
constexpr Heading kSkipped[] = {
    {"algorithm", "algorithm"}, {"setting", "setting"}, {"graph", "graph"}, {"why", "reason"}};
constexpr Heading kFailures[] = {{"algorithm", "algorithm"},
                                 {"setting", "setting"},
                                 {"graph", "graph"},
                                 {"peer", "peer"},
                                 {"what", "what"}};

std::string cell_text(const Report& value) {
  if (value.is_null()) return "-";
  if (value.is_string()) return value.get<std::string>();
  if (value.is_boolean()) return value.get<bool>() ? "yes" : "NO";
  if (value.is_number_integer()) return std::to_string(value.get<std::int64_t>());
  if (value.is_number()) return short_number(value.get<double>());
  return value.dump();
}

std::string cell(const Report& row, const Heading& h) {
  const auto at = row.find(h.field);
  if (at == row.end()) return "<td>-</td>";
  const bool within = h.heading == "within" && at->is_boolean() && !at->get<bool>();
  const char* style = within ? " class=\"wrong\"" : at->is_number() ? " class=\"number\"" : "";
  return std::string("<td") + style + ">" + escaped(cell_text(*at)) + "</td>";
}

std::string table(const Report& rows, std::span<const Heading> headings) {
  std::string out = "<div class=\"scroll\"><table><thead><tr>";
  for (const Heading& h : headings) out += "<th>" + escaped(h.heading) + "</th>";
  out += "</tr></thead><tbody>\n";
  for (const Report& row : rows) {
    out += "<tr>";
    for (const Heading& h : headings) out += cell(row, h);
    out += "</tr>\n";
  }
  return out + "</tbody></table></div>\n";
}

/// A heading and a table; nothing without rows.
std::string section(const Report& report, const char* list, const char* title,
                    std::span<const Heading> headings) {
  if (!report.contains(list) || report.at(list).empty()) return "";
  return std::string("<h2>") + title + "</h2>\n" + table(report.at(list), headings);
}

std::string text(const Report& value) { return escaped(cell_text(value)); }

std::string measured_where(const Report& r) {
  const Report& machine = r.at("machine");
  return "<p>Measured " + text(r.at("date")) + " on " + text(machine.at("cpu")) + ", " +
         text(machine.at("cores")) + " cores, " + text(machine.at("memory_gb")) + " GB, at a load of " +
         text(r.at("load_average")) + "; Monograph " + text(r.at("version")) + ", commit " +
         text(r.at("commit")) + ", " + text(r.at("compiler")) + ", " + text(r.at("build_type")) + ", " +
         text(r.at("threads")) + " threads.</p>\n";
}

std::string ratios(const Report& r) {
  const Report& rows = r.at("rows");
  if (rows.empty()) return "";
  std::string out =
      "<h2>Time of ours over time of the peer</h2>\n<p>Everyone ran in turns, in one process, on the same "
      "graph, which "
      "each had in its own form before the clock started; a ratio is the median of those of rounds. Every "
      "answer was "
      "compared with ours. Bars to the left: ours takes less time.</p>\n";
  for (const std::string& graph : values_of(rows, "graph"))
    out += "<h3>" + escaped(graph) + "</h3>\n<div class=\"scroll\">" + ratio_bars(rows, graph) + "</div>\n";
  return out;
}

std::string scaling(const Report& r) {
  if (!r.contains("scaling") || r.at("scaling").empty()) return "";
  const Report& rows = r.at("scaling");
  std::string out =
      "<h2>Scaling</h2>\n<p>Dashed: 1.3 times the least time per edge of a smaller graph whose gathered "
      "columns fit "
      "into the same level of memory; 1.25 times the rows of the graph and the columns that the plan "
      "keeps.</p>\n";
  for (const std::string& algorithm : values_of(rows, "algorithm"))
    out += "<div class=\"small\">" + time_lines(rows, algorithm) + memory_lines(rows, algorithm) + "</div>\n";
  return out;
}

std::string body(const Report& r) {
  return "<h1>Monograph and its peers</h1>\n" + measured_where(r) +
         section(r, "failures", "Wrong answers", kFailures) + ratios(r) + scaling(r) +
         section(r, "rows", "All figures", kRows) + section(r, "scaling", "Scaling, all figures", kScaling) +
         section(r, "graphs", "Graphs", kGraphs) + section(r, "peers", "Peers", kPeers) +
         section(r, "skipped", "Not asked", kSkipped);
}

}  // namespace

std::string page(const Report& report, const std::string& origin) {
  try {
    if (report.at("suite") != "peers")
      throw InputError({origin}, "expected a report of suite \"peers\", found " + report.at("suite").dump());
    return "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n<title>Monograph and its "
           "peers</title>\n"
           "<meta name=\"viewport\" content=\"width=device-width\">\n<style>" +
           std::string(kStyle) + "</style></head>\n<body>\n" + body(report) + "</body></html>\n";
  } catch (const nlohmann::json::exception& error) {
    throw InputError({origin}, std::string("not a report of monograph_peers: ") + error.what());
  }
}

}  // namespace monograph::bench::peers
