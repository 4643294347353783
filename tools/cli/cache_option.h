// What a command keeps for the next one.
#pragma once

#include <monograph/session.h>

#include <CLI/CLI.hpp>

namespace monograph::cli {

void add_cache_option(CLI::App& app, CacheUse& use);

}  // namespace monograph::cli
