#include <monograph/error.h>

#include <ctime>

#include "cli/command.h"
#include "cli/names.h"
#include "cli/options.h"
#include "cli/result_view.h"
#include "cli/table.h"
#include "host/plan/cache_folder.h"
#include "host/plan/forms.h"

namespace monograph::cli {
namespace {

using plan::CacheFolder;
using plan::CacheKind;

struct CacheArguments;
using Action = int (*)(const CacheArguments&, Terminal&);

struct CacheArguments {
  Action action = nullptr;
  std::string entry;
  bool json = false;
};

/// An entry as people and programs see it.
struct Line {
  CacheFolder::Entry entry;
  std::string what;       ///< of a plan its name; of code nothing
  std::string objection;  ///< why it is not used
  std::optional<Plan> plan;
};

/// The folder; empty when there is none yet. InputError when it cannot be used.
std::optional<CacheFolder> open_folder(std::string& path) {
  std::string reason;
  path = CacheFolder::by_environment(reason).string();
  if (path.empty()) throw InputError(reason);
  std::error_code error;
  if (!std::filesystem::exists(path, error)) return {};
  auto folder = CacheFolder::open(path, reason, false);
  if (!folder) throw InputError(reason);
  return folder;
}

Line examine(const CacheFolder& folder, const CacheFolder::Entry& entry) {
  Line line{.entry = entry, .what = {}, .objection = {}, .plan = {}};
  const CacheFolder::Found found = folder.read(entry.key, CacheFolder::Touch::No);
  line.objection = found.reason;
  if (!found.content || entry.key.kind != CacheKind::Plan) return line;
  try {
    line.plan = Plan::from_bytes(*found.content, "cache entry " + entry.key.file_name());
    line.what = line.plan->name() + ", level " + std::to_string(line.plan->level());
  } catch (const PlanError& error) {
    line.objection = error.what();
  }
  return line;
}

std::vector<Line> examine_all(const std::optional<CacheFolder>& folder) {
  std::vector<Line> lines;
  if (folder)
    for (const CacheFolder::Entry& entry : folder->list()) lines.push_back(examine(*folder, entry));
  return lines;
}

std::string_view kind_name(const Line& line) {
  return plan::kCacheKindNames[static_cast<std::size_t>(line.entry.key.kind)];
}

std::string time_text(std::chrono::system_clock::time_point time) {
  const std::time_t seconds = std::chrono::system_clock::to_time_t(time);
  std::tm parts = {};
  char text[32];
  gmtime_r(&seconds, &parts);
  std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
  return text;
}

Json line_json(const Line& line) {
  Json json = {{"entry", line.entry.key.file_name()},
               {"kind", kind_name(line)},
               {"bytes", line.entry.bytes},
               {"used", time_text(line.entry.used)},
               {"usable", line.objection.empty()}};
  if (!line.objection.empty()) json["reason"] = line.objection;
  if (line.plan) {
    json["plan"] = line.plan->name();
    json["plan_hash"] = line.plan->hash();
    json["program_hash"] = line.plan->source_hash();
    json["level"] = line.plan->level();
  }
  return json;
}

std::uint64_t total_bytes(const std::vector<Line>& lines) {
  std::uint64_t total = 0;
  for (const Line& line : lines) total += line.entry.bytes;
  return total;
}

Json lines_json(const std::string& path, const std::vector<Line>& lines) {
  Json json = {{"folder", path}, {"bytes", total_bytes(lines)}, {"entries", Json::array()}};
  for (const Line& line : lines) json["entries"].push_back(line_json(line));
  return json;
}

std::string count_text(std::size_t n) { return std::to_string(n) + (n == 1 ? " entry" : " entries"); }

int list(const CacheArguments& options, Terminal& terminal) {
  std::string path;
  const std::vector<Line> lines = examine_all(open_folder(path));
  if (options.json) {
    terminal.out << pretty(lines_json(path, lines));
    return 0;
  }
  Table table({{"entry"}, {"bytes", Table::Align::Right}, {"last used"}, {"what"}});
  for (const Line& line : lines)
    table.add({line.entry.key.file_name(), std::to_string(line.entry.bytes), time_text(line.entry.used),
               line.objection.empty() ? line.what : "not usable"});
  if (!lines.empty()) terminal.out << table.text();
  terminal.err << count_text(lines.size()) << ", " << total_bytes(lines) << " bytes in " << path << '\n';
  return 0;
}

/// The one entry whose name begins so.
Line find(const CacheArguments& options) {
  std::string path;
  std::vector<Line> lines = examine_all(open_folder(path)), matches;
  for (Line& line : lines)
    if (line.entry.key.file_name().starts_with(options.entry)) matches.push_back(std::move(line));
  if (matches.size() != 1)
    throw UsageError("cache show: expected the beginning of one entry's name (cache ls), found \"" +
                     options.entry + "\", which begins " + std::to_string(matches.size()) + " of " +
                     std::to_string(lines.size()));
  return std::move(matches.front());
}

int show(const CacheArguments& options, Terminal& terminal) {
  if (options.entry.empty())
    throw UsageError("cache show: expected an entry (cache ls lists them), found none");
  const Line line = find(options);
  Json json = line_json(line);
  if (options.json && line.plan) json["content"] = Json::parse(line.plan->to_json());
  if (options.json) {
    terminal.out << pretty(json);
    return 0;
  }
  for (const auto& [name, value] : json.items())
    terminal.out << name << ": " << (value.is_string() ? value.get<std::string>() : value.dump()) << '\n';
  if (line.plan) terminal.out << '\n' << line.plan->to_text();
  return 0;
}

int verify(const CacheArguments& options, Terminal& terminal) {
  std::string path;
  const std::vector<Line> lines = examine_all(open_folder(path));
  std::size_t bad = 0;
  for (const Line& line : lines) bad += !line.objection.empty();
  if (options.json)
    terminal.out << pretty(lines_json(path, lines));
  else
    terminal.out << count_text(lines.size()) << ", " << bad << " not usable\n";
  for (const Line& line : lines)
    if (!line.objection.empty()) report_error(terminal, line.objection);
  return bad == 0 ? 0 : static_cast<int>(ErrorKind::Plan);
}

int clear(const CacheArguments& options, Terminal& terminal) {
  std::string path;
  const auto folder = open_folder(path);
  const CacheFolder::Cleared cleared = folder ? folder->clear() : CacheFolder::Cleared{};
  if (options.json)
    terminal.out << pretty({{"folder", path}, {"removed", cleared.removed}, {"left", cleared.left.size()}});
  else
    terminal.out << "removed " << count_text(cleared.removed) << '\n';
  for (const std::string& line : cleared.left) report_error(terminal, line);
  return cleared.left.empty() ? 0 : static_cast<int>(ErrorKind::Plan);
}

void add_to_cache(CLI::App& app, CacheArguments& options) {
  add_choice<Action>(app, "what", options.action,
                     {{"ls", list}, {"show", show}, {"verify", verify}, {"clear", clear}},
                     "List the entries; show one; check all, ending with 6 if one is not usable; remove all")
      ->required();
  app.add_option("entry", options.entry, "Of show: the beginning of an entry's name")->type_name("ENTRY");
  add_json_option(app, options.json);
}

int run_cache(const CacheArguments& options, Terminal& terminal) {
  if (!options.entry.empty() && options.action != show)
    throw UsageError("cache: expected an entry after show only, found \"" + options.entry + "\"");
  return options.action(options, terminal);
}

}  // namespace

extern const Command cache_command;
const Command cache_command = {"cache", "List, show, check or remove what compilations have left on disk",
                               "monograph cache ls\n"
                               "monograph cache show 0123abcd --json\n"
                               "monograph cache verify\n"
                               "MONOGRAPH_CACHE_DIR=/tmp/mine monograph cache clear\n",
                               bind<CacheArguments, add_to_cache, run_cache>};

}  // namespace monograph::cli
