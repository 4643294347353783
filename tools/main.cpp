#include "cli/main.h"

#include <csignal>

int main(int argc, char** argv) {
  std::signal(SIGXFSZ,
              SIG_IGN);  // a file-size limit is then a write error, which leaves nothing half written
  monograph::cli::Terminal terminal = monograph::cli::standard_terminal();
  return monograph::cli::run_program({argv + 1, argv + argc}, terminal);
}
