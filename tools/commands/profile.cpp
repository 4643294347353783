#include "host/runtime/profile.h"

#include <monograph/error.h>

#include <cstdio>
#include <filesystem>
#include <map>
#include <optional>
#include <set>

#include "cli/command.h"
#include "cli/execute.h"
#include "cli/interrupt.h"
#include "cli/result_view.h"
#include "cli/table.h"
#include "host/runtime/backends.h"
#ifdef MONOGRAPH_HAS_BENCH
#include "bench/floor.h"
#include "bench/native/native.h"
#endif

namespace monograph::cli {
namespace {

using runtime::Profile;
using runtime::ProfiledStep;
using runtime::Traffic;

struct ProfileArguments {
  ProgramOptions program;
  GraphOptions graph;
  BackendOptions session;
  std::string backend = "cpu";
  int runs = 5;
  bool stamps = false;
  bool json = false;
};

void add_to_profile(CLI::App& app, ProfileArguments& options) {
  add_program_option(app, options.program);
  add_graph_options(app, options.graph);
  add_parameter_options(app, options.program);
  add_session_options(app, options.session);
  app.add_option("--backend", options.backend, "cpu (in tiles), or cuda or cuda:N (step by step)")
      ->capture_default_str()
      ->type_name("NAME");
  app.add_flag("--stamps", options.stamps,
               "On cuda: one launch as in a run, with a kernel after each step that writes down the time");
  app.add_option("--runs", options.runs, "Runs after the first, which warms up; times are their medians")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str()
      ->type_name("N");
  add_json_option(app, options.json);
}

std::string formatted(const char* format, double value) {
  char text[32];
  std::snprintf(text, sizeof text, format, value);
  return text;
}

/// How fast this machine moves data, measured now; of a device, measured before. Gathers: 0 where they were
/// not measured.
struct Limits {
  double stream_gbs = 0, gather4_gps = 0, gather8_gps = 0;
  /// The least that `t` can take.
  double ms(const Traffic& t) const {
    const double stream = static_cast<double>(t.read + t.written) / stream_gbs,
                 gather = gather4_gps > 0 ? static_cast<double>(t.gathers4) / gather4_gps +
                                                static_cast<double>(t.gathers8) / gather8_gps
                                          : 0;
    return (stream > gather ? stream : gather) * 1e-6;
  }
};

std::optional<Limits> measure_limits([[maybe_unused]] const Graph& graph, [[maybe_unused]] int threads) {
#ifdef MONOGRAPH_HAS_BENCH
  const bench::Ceilings c =
      bench::measure_ceilings(graph, threads > 0 ? threads : bench::native::max_threads());
  return Limits{c.stream_gbs, c.gather4_gps, c.gather8_gps};
#else
  return {};
#endif
}

std::optional<Limits> limits_of(const Profile& profile, const Graph& graph, int threads) {
  if (profile.backend == "cpu") return measure_limits(graph, threads);
  if (!profile.limit_gbs) return {};
  return Limits{.stream_gbs = *profile.limit_gbs};
}

std::string limits_text(const std::optional<Limits>& limits, const Profile& profile) {
  if (!limits && profile.backend == "cpu")
    return "no measured limit: this program was built without its benchmarks";
  if (!limits) return "limit unknown: nobody measured this device";
  const std::string stream = "limit: " + formatted("%.1f", limits->stream_gbs) + " GB/s";
  if (limits->gather4_gps <= 0) return stream;
  return stream + ", " + formatted("%.2f", limits->gather4_gps) + " and " +
         formatted("%.2f", limits->gather8_gps) + " G gathers/s of 4 and 8 bytes";
}

struct Figures {
  std::int64_t bytes = 0;
  double gbs = 0;                    ///< 0: the step moves no columns
  std::optional<double> share = {};  ///< of the time of a run
  std::optional<double> limit = {};  ///< share of what this machine can do at most
};

Figures figures_of(const ProfiledStep& s, const Profile& profile, const std::optional<Limits>& limits) {
  Figures f{.bytes = s.traffic.read + s.traffic.written};
  if (!s.once && profile.total_ms > 0) f.share = s.ms / profile.total_ms;
  if (s.calls == 0 || s.ms <= 0 || f.bytes == 0) return f;
  const double call_ms = s.ms / static_cast<double>(s.calls);
  f.gbs = static_cast<double>(f.bytes) / call_ms * 1e-6;
  if (limits) f.limit = limits->ms(s.traffic) / call_ms;
  return f;
}

std::string_view kind_of(const ProfiledStep& s) {
  switch (s.kind) {
    case plan::Step::Kind::Group:
      return s.once ? "group, once" : "group";
    case plan::Step::Kind::Host:
      return "host";
    case plan::Step::Kind::While:
      return "loop";
    case plan::Step::Kind::If:
      return "branch";
  }
  return "";
}

std::string percent(const std::optional<double>& share) {
  return share ? formatted("%.1f%%", *share * 100) : "";
}

/// Operations in order, then the lines that they came from: "pagerank.cpp:25,26".
std::string ops_text(const ProfiledStep& s) {
  std::vector<std::string> names;
  std::map<std::string, std::set<std::uint32_t>> lines;
  for (const ProfiledStep::Op& op : s.ops) {
    names.push_back(op.name);
    for (const Location& where : op.where)
      if (where.line > 0) lines[std::filesystem::path(where.file).filename().string()].insert(where.line);
  }
  std::string text = join(names, " ");
  for (const auto& [file, numbers] : lines) {
    std::vector<std::string> each;
    for (const std::uint32_t line : numbers) each.push_back(std::to_string(line));
    text += " @ " + file + ":" + join(each, ",");
  }
  return text;
}

std::string table_of(const Profile& profile, const std::optional<Limits>& limits) {
  using enum Table::Align;
  std::vector<Table::Column> columns = {{"step", Left},     {"kind", Left},   {"calls", Right},
                                        {"ms", Right},      {"share", Right}, {"bytes", Right},
                                        {"gathers", Right}, {"GB/s", Right}};
  if (limits) columns.push_back({"of limit", Right});
  columns.push_back({"operations", Left});
  Table table(std::move(columns));
  for (const ProfiledStep& s : profile.steps) {
    const Figures f = figures_of(s, profile, limits);
    const auto count = [&](std::int64_t n) { return s.some_rows ? "" : std::to_string(n); };
    std::vector<std::string> cells = {std::to_string(s.block) + "." + std::to_string(s.step),
                                      std::string(kind_of(s)),
                                      std::to_string(s.calls),
                                      formatted("%.3f", s.ms),
                                      percent(f.share),
                                      count(f.bytes),
                                      count(s.traffic.gathers4 + s.traffic.gathers8),
                                      f.gbs > 0 ? formatted("%.2f", f.gbs) : ""};
    if (limits) cells.push_back(percent(f.limit));
    cells.push_back(ops_text(s));
    table.add(std::move(cells));
  }
  return table.text();
}

Json step_json(const ProfiledStep& s, const Figures& f) {
  Json ops = Json::array();
  for (const ProfiledStep::Op& op : s.ops) {
    Json where = Json::array();
    for (const Location& line : op.where) where.push_back(to_string(line));
    ops.push_back({{"op", op.name}, {"where", where}});
  }
  const auto maybe = [](const std::optional<double>& x) { return x ? Json(*x) : Json(); };
  const auto counted = [&](std::int64_t n) { return s.some_rows ? Json() : Json(n); };
  return {{"block", s.block},
          {"step", s.step},
          {"kind", plan::Step::Kind::Group == s.kind ? "group" : std::string(kind_of(s))},
          {"once", s.once},
          {"calls", s.calls},
          {"ms", s.ms},
          {"share", maybe(f.share)},
          {"bytes_read", counted(s.traffic.read)},
          {"bytes_written", counted(s.traffic.written)},
          {"gathers", counted(s.traffic.gathers4 + s.traffic.gathers8)},
          {"gbs", s.some_rows ? Json() : Json(f.gbs)},
          {"limit_share", maybe(f.limit)},
          {"kernels", s.kernels},
          {"ops", ops}};
}

/// Times from the first one on.
Json stamps_json(const Profile& profile) {
  Json rows = Json::array();
  for (const cuda::Stamp& s : profile.stamps) {
    const bool none = s.step == cuda::PlanStep{};
    rows.push_back({{"block", none ? Json() : Json(s.step.block)},
                    {"step", none ? Json() : Json(s.step.step)},
                    {"iteration", s.iteration < 0 ? Json() : Json(s.iteration)},
                    {"ns", s.ns - profile.stamps.front().ns}});
  }
  return rows;
}

Json document_of(const ProfileArguments& options, const Job& job, const Profile& profile,
                 const std::optional<Limits>& limits) {
  Json json = {{"program", job.program.name()},
               {"plan_hash", job.executable.plan_hash()},
               {"graph",
                {{"nodes", job.graph.node_count()},
                 {"stored_edges", job.graph.edge_count()},
                 {"undirected", job.graph.undirected()}}},
               {"backend", profile.backend},
               {"tier", profile.tier},
               {"runs", options.runs},
               {"total_ms", profile.total_ms},
               {"limits", Json()},
               {"steps", Json::array()}};
  const auto known = [](double x) { return x > 0 ? Json(x) : Json(); };
  if (limits)
    json["limits"] = {{"stream_gbs", limits->stream_gbs},
                      {"gather4_gps", known(limits->gather4_gps)},
                      {"gather8_gps", known(limits->gather8_gps)}};
  for (const ProfiledStep& s : profile.steps)
    json["steps"].push_back(step_json(s, figures_of(s, profile, limits)));
  if (options.stamps) json["stamps"] = stamps_json(profile), json["stamps_lost"] = profile.stamps_lost;
  return json;
}

Profile profile_of(const ProfileArguments& options, const Job& job, const RunOptions& run_options) {
  const auto plan = std::make_shared<const plan::Plan>(job.executable.plan()->content());
  if (options.backend == "cpu")
    return runtime::profile(plan, job.program.parameters(), job.parameters, job.graph,
                            options.session.threads, options.runs, run_options);
  runtime::DeviceProfileOptions how;
  how.backend = options.backend;
  how.session.cache = options.session.cache;
  how.session.threads = options.session.threads;
  how.session.device_memory = options.session.device_memory.value_or(0);
  how.timing = options.stamps ? runtime::DeviceTiming::Stamps : runtime::DeviceTiming::Steps;
  how.runs = options.runs;
  return runtime::profile(runtime::this_machine(), plan, job.program.parameters(), job.parameters, job.graph,
                          how, run_options);
}

/// Before anything is read.
void check(const ProfileArguments& options) {
  const runtime::BackendName asked = runtime::parse_backend(options.backend);
  const bool device = asked.backend && asked.backend->kind == runtime::Backend::Kind::Cuda;
  if (!device && options.backend != "cpu")
    throw UsageError("profile: expected backend cpu or cuda, got " + options.backend);
  if (!device && options.stamps) throw UsageError("--stamps: only with --backend cuda");
  if (device) runtime::choose_backend(options.backend, runtime::this_machine().survey());
}

int run_profile(const ProfileArguments& options, Terminal& terminal) {
  check(options);
  BackendOptions backend = options.session;
  check_has_effect(backend, {std::string(options.backend == "cpu" ? "cpu" : "cuda")});
  backend.name = "cpu";  // makes the plan, which is the same everywhere
  backend.cpu_tier = CpuTier::Tiles;
  const Target target = load_target(options.program, backend.plan);
  const Parameters parameters = read_parameters(options.program, options.graph, target.program);
  const Job job = prepare(target, parameters, backend, load_graph(options.graph, terminal), terminal);
  job.session.check(job.executable, job.graph, job.parameters);
  const CancelScope interrupt;
  RunOptions run_options;
  run_options.cancel = interrupt.token();
  const Profile profile = profile_of(options, job, run_options);
  const std::optional<Limits> limits = limits_of(profile, job.graph, options.session.threads);
  interrupt.throw_if_cancelled("while the machine's limits were measured");
  if (options.json)
    terminal.out << pretty(document_of(options, job, profile, limits));
  else
    terminal.out << table_of(profile, limits);
  if (profile.stamps_lost > 0)
    report_error(terminal, "warning: there was no room for the first " + std::to_string(profile.stamps_lost) +
                               " stamps of a run; times are of what followed");
  terminal.err << job.program.name() << ": " << formatted("%.3f", profile.total_ms) << " ms a run, median of "
               << options.runs << "; backend " << profile.backend << ", " << profile.tier << "; "
               << limits_text(limits, profile) << '\n';
  return 0;
}

}  // namespace

extern const Command profile_command;
const Command profile_command = {"profile", "Show where the time of a run goes, step by step",
                                 "monograph profile pagerank --graph gen:rmat:16:16\n"
                                 "monograph profile wcc --graph web.mtx --runs 9 --json\n"
                                 "monograph profile bfs --graph gen:rmat:20:16 --backend cuda --stamps\n",
                                 bind<ProfileArguments, add_to_profile, run_profile>};

}  // namespace monograph::cli
