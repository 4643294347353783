#include "cli/main.h"

int main(int argc, char** argv) {
  monograph::cli::Terminal terminal = monograph::cli::standard_terminal();
  return monograph::cli::run_program({argv + 1, argv + argc}, terminal);
}
