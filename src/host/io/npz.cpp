// Sparse matrices as SciPy saves them (scipy.sparse.save_npz): row = source, column = target. Results as a
// set of named arrays.
#include <algorithm>
#include <deque>
#include <limits>
#include <utility>

#include "host/io/format.h"
#include "host/io/npy.h"
#include "host/io/zip.h"

namespace monograph::io {
namespace {

constexpr std::int64_t kMostNodes = std::numeric_limits<std::int32_t>::max();
constexpr std::int64_t kFreeNodes = 1 << 24;  // a matrix may have this many rows however small its file is

/// The members of an archive as arrays, whose bytes it keeps.
class Arrays {
 public:
  explicit Arrays(const Binary& file) : file_(file), zip_(file) {}
  bool has(const std::string& name) const { return zip_.has(name + ".npy"); }
  Array get(const std::string& name) {
    const std::string member = name + ".npy";
    return parse_npy(kept_.emplace_back(zip_.extract(member)), file_.path() + ": " + member);
  }

 private:
  const Binary& file_;
  Zip zip_;
  std::deque<std::string> kept_;
};

std::int64_t read_shape(const Binary& file, Arrays& arrays) {
  const auto shape = arrays.get("shape").integers();
  if (shape.size() != 2 || shape[0] != shape[1] || shape[0] < 0)
    throw InputError({file.path()}, "expected the shape of a square matrix, found " +
                                        (shape.size() == 2 ? std::to_string(shape[0]) + " rows and " +
                                                                 std::to_string(shape[1]) + " columns"
                                                           : std::to_string(shape.size()) + " dimensions"));
  const auto most = std::min(kMostNodes, std::max(kFreeNodes, 8 * static_cast<std::int64_t>(file.size())));
  if (shape[0] > most)
    throw InputError({file.path()}, "expected at most " + std::to_string(most) + " nodes in a file of " +
                                        std::to_string(file.size()) + " bytes, found " +
                                        std::to_string(shape[0]));
  return shape[0];
}

std::vector<std::int32_t> read_indices(Arrays& arrays, const std::string& name, std::int64_t nodes) {
  const Array array = arrays.get(name);
  const auto all = array.integers();
  for (std::size_t k = 0; k < all.size(); ++k)
    if (all[k] < 0 || all[k] >= nodes)
      throw InputError({array.where}, "expected indices below " + std::to_string(nodes) + ", found " +
                                          std::to_string(all[k]) + " at " + std::to_string(k));
  return {all.begin(), all.end()};
}

/// The row of each entry.
std::vector<std::int32_t> expanded(Arrays& arrays, std::int64_t nodes, std::size_t entries) {
  const Array array = arrays.get("indptr");
  const auto offsets = array.integers();
  if (static_cast<std::int64_t>(offsets.size()) != nodes + 1 || offsets.front() != 0 ||
      offsets.back() != static_cast<std::int64_t>(entries) || !std::ranges::is_sorted(offsets))
    throw InputError({array.where}, "expected " + std::to_string(nodes + 1) +
                                        " ascending offsets from 0 to " + std::to_string(entries) +
                                        ", found others");
  std::vector<std::int32_t> rows;
  rows.reserve(entries);
  for (std::size_t v = 0; v + 1 < offsets.size(); ++v)
    rows.insert(rows.end(), static_cast<std::size_t>(offsets[v + 1] - offsets[v]),
                static_cast<std::int32_t>(v));
  return rows;
}

/// Entries of a matrix of bools are edges without weights; integers become i64.
void add_values(EdgeList& list, Arrays& arrays) {
  const Array array = arrays.get("data");
  Column values = array.column();
  if (values.size() != static_cast<std::int64_t>(list.source.size()))
    throw InputError({array.where}, "expected " + std::to_string(list.source.size()) +
                                        " values, one for each index, found " +
                                        std::to_string(values.size()));
  if (values.type() == ScalarType::Bool) {
    const auto all = std::as_const(values).span<bool>();
    if (std::ranges::find(all, false) != all.end())
      throw InputError(
          {array.where},
          "expected entries that are true, found one that is not (eliminate_zeros() leaves them out)");
    return;
  }
  if (values.type() == ScalarType::I32) values = Column::of<std::int64_t>(array.integers());
  list.attributes.push_back({"weight", std::move(values)});
}

Graph read_npz(const Binary& file, const ReadOptions& options) {
  Arrays arrays(file);
  const std::string format = arrays.get("format").text();
  if (format != "csr" && format != "csc" && format != "coo")
    throw InputError({file.path()}, "expected a sparse matrix in csr, csc or coo, found " + quoted(format));
  const std::int64_t nodes = read_shape(file, arrays);
  EdgeList list;
  list.ids = NodeIds::dense(nodes);
  list.source = read_indices(arrays, format == "coo" ? "row" : "indices", nodes);
  list.target =
      format == "coo" ? read_indices(arrays, "col", nodes) : expanded(arrays, nodes, list.source.size());
  if (format == "csr") std::swap(list.source, list.target);
  if (list.source.size() != list.target.size())
    throw InputError({file.path()}, "expected as many columns as rows of entries, found " +
                                        std::to_string(list.target.size()) + " and " +
                                        std::to_string(list.source.size()));
  add_values(list, arrays);
  return make_graph(std::move(list), options, file.poll());
}

std::string indices(std::span<const std::int64_t> values, bool small) {
  if (!small) return npy_bytes(values);
  Column narrow(ScalarType::I32, static_cast<std::int64_t>(values.size()));
  std::ranges::transform(values, narrow.span<std::int32_t>().begin(),
                         [](std::int64_t x) { return static_cast<std::int32_t>(x); });
  return npy_bytes(narrow);
}

void write_npz(const Graph& graph, const std::string& path) {
  FileOutput out(path);
  ZipWriter zip(out, path);
  const auto rows = graph.out();
  const std::int64_t shape[] = {graph.node_count(), graph.node_count()};
  const Column* weight = graph.edge_attribute("weight");
  Column ones;
  if (!weight) {
    ones = Column(ScalarType::Bool, graph.edge_count());
    std::ranges::fill(ones.span<bool>(), true);
  }
  zip.add("indices.npy", npy_bytes(Column::of(rows.neighbors)));
  zip.add("indptr.npy", indices(rows.offsets, graph.edge_count() <= kMostNodes));
  zip.add("format.npy", npy_text("csr"));
  zip.add("shape.npy", npy_bytes(shape));
  zip.add("data.npy", npy_bytes(weight ? *weight : ones));
  zip.finish();
  out.commit();
}

void write_result(Output& out, const NodeIds& ids, std::span<const ResultColumn> columns) {
  if (ids.is_text())
    throw InputError("the ids of nodes are text: a .npz holds numbers (csv and json hold text)");
  ZipWriter zip(out, "result");
  std::vector<std::int64_t> numbers;
  for (std::int32_t v = 0; v < ids.size(); ++v) numbers.push_back(ids.number(v));
  zip.add("id.npy", npy_bytes(numbers));
  for (const auto& c : columns) {
    if (c.name == "id" || c.name.find_first_of("/\\") != c.name.npos)
      throw InputError("expected result columns of other names than \"id\" and without slashes, found " +
                       quoted(c.name));
    zip.add(c.name + ".npy", npy_bytes(result_array(ids, c)));
  }
  zip.finish();
}

}  // namespace

constinit const Format npz_format = {
    "npz",
    ".npz",
    "SciPy: a sparse matrix; of results, arrays \"id\" and one for each column",
    nullptr,
    write_npz,
    write_result,
    {.nodes = true, .ids = false, .both_directions = true, .first_id = 0},
    read_npz};

}  // namespace monograph::io
