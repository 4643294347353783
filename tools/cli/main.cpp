#include "cli/main.h"

#include <monograph/error.h>

#include <new>

#include "cli/app.h"
#include "cli/interrupt.h"
#include "cli/names.h"

namespace monograph::cli {
namespace {

constexpr int kInternal = static_cast<int>(ErrorKind::Internal);

// The subcommand that was reached, or the program itself.
CLI::App& reached(CLI::App& parser) {
  const auto parsed = parser.get_subcommands();
  return parsed.empty() ? parser : *parsed.back();
}

// What the user wrote and nobody takes. Asked before anything else: a misspelt flag also makes the right one
// missing, and the misspelling is what to name.
std::string unexpected_argument(CLI::App& parser) {
  for (const std::string& word : parser.remaining(true)) {
    if (!word.starts_with("-") || word == "-" || word == "--") return "unexpected argument \"" + word + "\"";
    std::vector<std::string> known;
    for (const CLI::Option* option : reached(parser).get_options())
      for (const std::string& name : option->get_lnames()) known.push_back("--" + name);
    return unknown_name("option", word.substr(0, word.find('=')), known);
  }
  return {};
}

// CLI11 says "Could not convert: --top = x".
std::string what_of(const CLI::ParseError& error) {
  constexpr std::string_view kHead = "Could not convert: ", kEquals = " = ";
  const std::string what = error.what();
  const std::size_t equals = what.find(kEquals);
  if (!what.starts_with(kHead) || equals == what.npos) return what;
  return what.substr(kHead.size(), equals - kHead.size()) + ": expected a number, found \"" +
         what.substr(equals + kEquals.size()) + "\"";
}

std::string usage_message(CLI::App& parser, const CLI::ParseError& error) {
  const std::string command = reached(parser).get_name();
  const std::string help = command == "monograph" ? command + " --help" : "monograph " + command + " --help";
  const std::string unexpected = unexpected_argument(parser);
  return (unexpected.empty() ? what_of(error) : unexpected) + "; see " + help;
}

void check_command(const std::vector<std::string>& arguments) {
  if (arguments.empty()) throw UsageError("expected a command; see monograph --help");
  if (arguments[0].starts_with("-")) return;
  std::vector<std::string> known;
  for (const Command* command : commands()) {
    if (command->name == arguments[0]) return;
    known.emplace_back(command->name);
  }
  throw UsageError(unknown_name("command", arguments[0], known));
}

// What people type out of habit: "monograph help run", "monograph --version".
std::vector<std::string> with_habits(std::vector<std::string> arguments) {
  if (arguments.size() == 1 && (arguments[0] == "--version" || arguments[0] == "-V")) return {"version"};
  if (arguments.empty() || arguments[0] != "help") return arguments;
  arguments.erase(arguments.begin());
  arguments.push_back("--help");
  return arguments;
}

int dispatch(std::vector<std::string> arguments, Terminal& terminal) {
  arguments = with_habits(std::move(arguments));
  check_command(arguments);
  const auto app = make_app();
  try {
    std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());  // as CLI11 wants them
    app->parser.parse(reversed);
  } catch (const CLI::CallForHelp&) {
    terminal.out << app->parser.help();
    return 0;
  } catch (const CLI::ParseError& error) {
    throw UsageError(usage_message(app->parser, error));
  }
  return app->runs.at(&reached(app->parser))(terminal);
}

}  // namespace

int run_program(std::vector<std::string> arguments, Terminal& terminal) {
  try {
    const int code = dispatch(std::move(arguments), terminal);
    finish_output(terminal);
    return code;
  } catch (const Cancelled& error) {
    report_error(terminal, error.what());
    return interrupted_exit_code();
  } catch (const Error& error) {
    report_error(terminal, error.what());
    return static_cast<int>(error.kind());
  } catch (const std::bad_alloc&) {
    report_error(terminal, "out of memory; a smaller graph, or a machine with more memory, is needed");
    return static_cast<int>(ErrorKind::OutOfMemory);
  } catch (const std::exception& error) {
    report_error(terminal, std::string("internal error, please report it: ") + error.what());
    return kInternal;
  }
}

}  // namespace monograph::cli
