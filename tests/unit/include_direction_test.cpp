// Floors: what may include what. base -> ops -> ir -> passes -> plan -> codegen -> {reference, cpu} ->
// {simt, cuda} -> runtime -> {algorithms, io, tools}. Nothing includes a floor above itself or beside itself.
#include <map>
#include <regex>

#include "unit/source_tree.h"

namespace monograph::test {
namespace {

const std::map<std::string, int> kFloors = {{"base", 0}, {"ops", 1},     {"ir", 2},        {"passes", 3},
                                            {"plan", 4}, {"codegen", 5}, {"reference", 6}, {"cpu", 6},
                                            {"simt", 7}, {"cuda", 7},    {"runtime", 8},   {"algorithms", 9},
                                            {"io", 9},   {"tools", 9}};

// Public headers whose meaning lives on a high floor. The others speak of types, programs and graphs:
// anyone's.
const std::map<std::string, int> kPublicFloors = {{"monograph/plan.h", 4},
                                                  {"monograph/session.h", 8},
                                                  {"monograph/algorithms.h", 9},
                                                  {"monograph/io.h", 9},
                                                  {"monograph/monograph.h", 9}};

/// "src/host/ir/x.cpp" and "host/ir/x.h" -> "ir"; "tools/x.cpp" -> "tools"; "" for files on no floor.
std::string floor_of(const std::string& path) {
  std::smatch match;
  if (std::regex_search(path, match, std::regex("^(src/)?host/([a-z_0-9]+)/"))) return match[2];
  return path.starts_with("tools/") ? "tools" : "";
}

bool is_cuda_header(const std::string& target) {
  return std::regex_search(target, std::regex("^(cuda|nvrtc|cub/|thrust/|cooperative_groups)"));
}

/// Why a file on `floor` may not include `target`, or "".
std::string objection(const std::string& floor, const std::string& target) {
  const int rank = kFloors.at(floor);
  if (const auto it = kPublicFloors.find(target); it != kPublicFloors.end() && it->second > rank)
    return "is the public face of a floor above " + floor;
  const std::string other = floor_of(target);
  if (floor == "algorithms" && !other.empty() && other != floor)
    return "is internal; algorithms use the public DSL";
  if (is_cuda_header(target) && floor != "cuda")
    return "is a CUDA header; those belong to src/host/cuda and src/kernels";
  if (target.starts_with("nvtx") && floor != "base") return "is NVTX, which stands behind host/base/ranges.h";
  if (other.empty() || other == floor) return "";
  if (!kFloors.contains(other)) return "names a floor that is not in kFloors";
  return kFloors.at(other) < rank ? "" : "stands not below " + floor;
}

Offenders direction_offenders(const SourceFile& file) {
  const std::string floor = floor_of(file.path);
  if (floor.empty()) return {};
  if (!kFloors.contains(floor)) return {file.path + ": is on a floor that is not in kFloors"};
  Offenders offenders;
  for (const Include& include : includes_of(file.text))
    if (const std::string why = objection(floor, include.target); !why.empty())
      offenders.push_back(file.path + ":" + std::to_string(include.line) + ": " + include.target + " " + why);
  return offenders;
}

/// Public headers include public headers and the standard library; kernels include kernels.
Offenders closed_offenders(const SourceFile& file) {
  const bool is_public = file.path.starts_with("include/");
  const std::regex allowed(is_public ? "^(monograph/[a-z_]+\\.(h|def)|[a-z_]+)$"
                                     : "^((kernels|monograph|cub|thrust)/.*|[^/]*)$");
  Offenders offenders;
  for (const Include& include : includes_of(file.text))
    if (!std::regex_match(include.target, allowed))
      offenders.push_back(file.path + ":" + std::to_string(include.line) + ": " + include.target);
  return offenders;
}

template <class Rule>
Offenders everywhere(const std::string& folder, Rule rule) {
  Offenders all;
  for (const SourceFile& file : source_files(folder))
    for (std::string& offender : rule(file)) all.push_back(std::move(offender));
  return all;
}

TEST(IncludeDirection, FloorsSeeOnlyWhatStandsBelow) {
  ASSERT_GT(source_files("src").size(), 20u);
  EXPECT_TRUE(none(everywhere("src", direction_offenders)));
  EXPECT_TRUE(none(everywhere("tools", direction_offenders)));
}

TEST(IncludeDirection, PublicHeadersIncludeNoInternals) {
  EXPECT_TRUE(none(everywhere("include", closed_offenders)));
}

TEST(IncludeDirection, KernelsIncludeNoHostCode) {
  EXPECT_TRUE(none(everywhere("src/kernels", closed_offenders)));
}

TEST(IncludeDirection, TheRulesCatchOffenders) {
  const auto caught = [](const char* path, const char* text) {
    const SourceFile file{path, text};
    return (std::string_view(path).starts_with("src/host") ? direction_offenders : closed_offenders)(file)
        .size();
  };
  EXPECT_EQ(caught("src/host/ops/a.cpp", "#include \"host/ir/program.h\"\n"), 1u);     // above
  EXPECT_EQ(caught("src/host/cpu/a.cpp", "#include \"host/cuda/nvrtc.h\"\n"), 1u);     // beside
  EXPECT_EQ(caught("src/host/simt/a.cpp", "# include <x>\n#include <cuda.h>\n"), 1u);  // CUDA
  EXPECT_EQ(caught("src/host/ir/a.cpp", "#include <monograph/session.h>\n"), 1u);      // a high public header
  EXPECT_EQ(caught("src/host/new/a.cpp", ""), 1u);                                     // an unknown floor
  EXPECT_EQ(caught("src/host/algorithms/a.cpp", "#include \"host/ir/program.h\"\n"), 1u);
  EXPECT_EQ(caught("include/monograph/a.h", "#include <nlohmann/json.hpp>\n"), 1u);
  EXPECT_EQ(caught("src/kernels/a.cuh", "#include \"host/base/hash.h\"\n"), 1u);
  EXPECT_EQ(caught("src/host/ir/a.cpp", "#include \"host/ops/op_def.h\"\n// #include \"host/io/a.h\"\n"), 0u);
  EXPECT_EQ(caught("src/host/ir/a.cpp", "const char* s = R\"(\n#include \"host/io/a.h\"\n)\";\n"), 0u);
}

}  // namespace
}  // namespace monograph::test
