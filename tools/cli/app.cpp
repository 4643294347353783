#include "cli/app.h"

namespace monograph::cli {
namespace {

std::string indented(std::string_view lines) {
  std::string text;
  while (!lines.empty()) {
    const std::size_t end = lines.find('\n');
    text.append("  ").append(lines.substr(0, end)).append("\n");
    lines.remove_prefix(end == std::string_view::npos ? lines.size() : end + 1);
  }
  return text;
}

void add_command(App& app, const Command& command) {
  CLI::App* sub = app.parser.add_subcommand(std::string(command.name), std::string(command.doc));
  sub->get_formatter()->column_width(34);
  app.runs[sub] = command.add_options(*sub);
  sub->footer("Examples:\n" + indented(command.examples));
}

}  // namespace

std::unique_ptr<App> make_app() {
  auto app = std::make_unique<App>();
  app->parser.get_formatter()->column_width(34);
  app->parser.footer("monograph COMMAND --help shows a command's options and examples.\n");
  app->parser.require_subcommand(1);
  for (const Command* command : commands()) add_command(*app, *command);
  return app;
}

}  // namespace monograph::cli
