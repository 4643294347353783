// Node attributes from files, for the algorithms that read some.
#pragma once

#include <monograph/graph.h>

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

namespace monograph::cli {

/// "name=file" each; the last of a name counts.
struct NodeFiles {
  /// A .npy with an element for each node, in its type; or lines of numbers: i64 where all are whole, else
  /// f64.
  std::vector<std::string> values;
  std::vector<std::string> labels;  ///< any text: i64, the index of the first node with that text
};
void add_node_file_options(CLI::App& app, NodeFiles& files);
/// UsageError: not "name=file".
void check_node_files(const NodeFiles& files);
/// InputError: neither NumPy nor "id value" lines, one for each node of the graph, or not numbers.
void read_node_files(const NodeFiles& files, Graph& graph);

}  // namespace monograph::cli
