#include <sstream>

#include "cli/app.h"
#include "cli/command.h"
#include "cli/options.h"

namespace monograph::cli {
namespace {

enum class Shell { Bash, Zsh, Fish };

struct CompletionArguments {
  Shell shell = Shell::Bash;
};

void add_to_completion(CLI::App& app, CompletionArguments& options) {
  add_choice<Shell>(app, "shell", options.shell,
                    {{"bash", Shell::Bash}, {"zsh", Shell::Zsh}, {"fish", Shell::Fish}}, "Which shell")
      ->required();
}

std::vector<std::string> long_flags(const CLI::App& command) {
  std::vector<std::string> flags;
  for (const CLI::Option* option : command.get_options())
    for (const std::string& name : option->get_lnames()) flags.push_back("--" + name);
  return flags;
}

std::vector<std::string> names_after(const std::string& command) {
  std::vector<std::string> names;
  if (command == "run" || command == "validate" || command == "explain")
    for (const AlgorithmInfo& a : algorithms()) names.emplace_back(a.name);
  return names;
}

std::string command_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* command : app.get_subcommands({})) names.push_back(command->get_name());
  return join(names, " ");
}

std::string bash_script(const CLI::App& app) {
  std::ostringstream out;
  out << "_monograph() {\n  local word=${COMP_WORDS[COMP_CWORD]} words\n"
      << "  if ((COMP_CWORD == 1)); then\n    words='" << command_names(app) << "'\n  else\n"
      << "    case ${COMP_WORDS[1]} in\n";
  for (const CLI::App* command : app.get_subcommands({})) {
    const std::string name = command->get_name();
    out << "      " << name << ") words='" << join(long_flags(*command), " ") << " "
        << join(names_after(name), " ") << "' ;;\n";
  }
  out << "    esac\n  fi\n  COMPREPLY=($(compgen -W \"$words\" -- \"$word\"))\n}\n"
      << "complete -o default -F _monograph monograph\n";
  return out.str();
}

std::string fish_script(const CLI::App& app) {
  std::ostringstream out;
  for (const CLI::App* command : app.get_subcommands({})) {
    const std::string name = command->get_name();
    out << "complete -c monograph -n __fish_use_subcommand -a " << name << " -d '"
        << command->get_description() << "'\n";
    for (const std::string& flag : long_flags(*command))
      out << "complete -c monograph -n '__fish_seen_subcommand_from " << name << "' -l " << flag.substr(2)
          << '\n';
    for (const std::string& word : names_after(name))
      out << "complete -c monograph -n '__fish_seen_subcommand_from " << name << "' -a " << word << '\n';
  }
  return out.str();
}

int run_completion(const CompletionArguments& options, Terminal& terminal) {
  const auto app = make_app();
  switch (options.shell) {
    case Shell::Bash:
      terminal.out << bash_script(app->parser);
      break;
    case Shell::Zsh:
      terminal.out << "autoload -U +X bashcompinit && bashcompinit\n" << bash_script(app->parser);
      break;
    case Shell::Fish:
      terminal.out << fish_script(app->parser);
      break;
  }
  return 0;
}

}  // namespace

extern const Command completion_command;
const Command completion_command = {"completion", "Print a script that completes commands in a shell",
                                    "source <(monograph completion bash)\n"
                                    "monograph completion fish | source\n",
                                    bind<CompletionArguments, add_to_completion, run_completion>};

}  // namespace monograph::cli
