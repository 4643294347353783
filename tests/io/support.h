// Files for tests, and what a graph says in short.
#pragma once

#include <gtest/gtest.h>
#include <monograph/io.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

namespace monograph::test {

/// A directory that goes away with the test.
class Directory {
 public:
  Directory() {
    std::string name = (std::filesystem::temp_directory_path() / "monograph-io-XXXXXX").string();
    if (!::mkdtemp(name.data())) throw std::runtime_error("cannot make a temporary directory");
    path_ = name;
  }
  ~Directory() { std::filesystem::remove_all(path_); }
  std::string operator/(const std::string& name) const { return path_ + "/" + name; }
  std::string write(const std::string& name, const std::string& text) const {
    std::filesystem::remove(path_ + "/" +
                            name);  // some file systems wait for the disk when a file is cut and rewritten
    std::ofstream(path_ + "/" + name, std::ios::binary) << text;
    return path_ + "/" + name;
  }
  std::size_t files() const {
    return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(path_), {}));
  }

 private:
  std::string path_;
};

inline std::string contents(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

inline std::string gzipped(const std::string& text) {
  z_stream z{};
  deflateInit2(&z, 6, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY);
  std::string out(deflateBound(&z, text.size()) + 32, '\0');
  z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  z.avail_in = static_cast<uInt>(text.size());
  z.next_out = reinterpret_cast<Bytef*>(out.data());
  z.avail_out = static_cast<uInt>(out.size());
  deflate(&z, Z_FINISH);
  out.resize(z.total_out);
  deflateEnd(&z);
  return out;
}

inline std::string zstandard(const std::string& text) {
  std::string out(ZSTD_compressBound(text.size()), '\0');
  out.resize(ZSTD_compress(out.data(), out.size(), text.data(), text.size(), 3));
  return out;
}

/// "1>2 1>3*0.5; 4" : edges in CSR order by the user's ids, weights where there are any, then the nodes
/// without edges.
inline std::string describe(const Graph& g) {
  std::ostringstream s;
  const auto out = g.out(), in = g.in();
  const auto* weight = g.edge_attribute("weight");
  std::string lonely;
  for (std::int32_t v = 0; v < g.node_count(); ++v) {
    for (auto k = out.offsets[v]; k < out.offsets[v + 1]; ++k) {
      s << (s.tellp() > 0 ? " " : "") << g.ids().text(v) << '>' << g.ids().text(out.neighbors[k]);
      if (weight && weight->type() == ScalarType::F64) s << '*' << weight->span<double>()[k];
      if (weight && weight->type() == ScalarType::I64) s << '#' << weight->span<std::int64_t>()[k];
    }
    if (out.offsets[v] == out.offsets[v + 1] && in.offsets[v] == in.offsets[v + 1])
      lonely += " " + g.ids().text(v);
  }
  return s.str() + (lonely.empty() ? "" : ";" + lonely);
}

/// All that a graph says: undirected or not, edges and ids as `describe`, each attribute with its type.
inline std::string everything(const Graph& g) {
  std::ostringstream s;
  s << (g.undirected() ? "u " : "") << describe(g);
  const auto put = [&](const std::string& kind, const std::string& name, const Column& c) {
    s << " | " << kind << " " << name << " " << to_string(c.type());
    for (std::int64_t i = 0; i < c.size(); ++i) s << ' ' << to_string(c.at(i));
  };
  for (const auto& name : g.node_attribute_names()) put("node", name, *g.node_attribute(name));
  for (const auto& name : g.edge_attribute_names()) put("edge", name, *g.edge_attribute(name));
  return s.str();
}

/// "mtx, el, ...": the formats that can do it, as errors list them.
inline std::string names_of(bool FormatInfo::*can) {
  std::string names;
  for (const FormatInfo& f : formats())
    if (f.*can) names += (names.empty() ? "" : ", ") + std::string(f.name);
  return names;
}

/// The message of the error that `f` throws, without `directory`; the type is part of it when it is no
/// InputError.
template <class F>
std::string error_of(F f, const std::string& directory = "") {
  std::string message = "no error";
  try {
    f();
  } catch (const InputError& e) {
    message = e.what();
  } catch (const UsageError& e) {
    message = std::string("usage: ") + e.what();
  } catch (const MemoryError& e) {
    message = std::string("memory: ") + e.what();
  }
  for (auto at = message.find(directory); !directory.empty() && at != message.npos;
       at = message.find(directory))
    message.erase(at, directory.size());
  return message;
}

inline const std::string kShared = MONOGRAPH_SHARED_DATA;
#define MONOGRAPH_NEED_SHARED_DATA()                                       \
  if (!std::filesystem::exists(::monograph::test::kShared + "/README.md")) \
  GTEST_SKIP() << "no test data at " << ::monograph::test::kShared << " (-DMONOGRAPH_SHARED_DATA=...)"

}  // namespace monograph::test
