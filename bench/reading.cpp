// A weighted edge list: how fast it becomes edges, and a graph, against the C library and against finding its
// line ends.
#include <unistd.h>

#include <cstdio>
#include <cstring>
#include <ctime>
#include <filesystem>
#include <random>

#include "bench/report.h"
#include "bench/timing.h"
#include "host/io/edge_lines.h"

namespace monograph::bench {
namespace {

constexpr std::size_t kBytes = 100'000'000, kQuickBytes = 1'000'000;

/// A file in a folder of its own, both gone at the end.
class EdgeListFile {
 public:
  explicit EdgeListFile(std::size_t bytes) {
    std::string folder = (std::filesystem::temp_directory_path() / "monograph-bench-XXXXXX").string();
    if (!::mkdtemp(folder.data())) throw InputError({folder}, "cannot make a temporary folder");
    folder_ = folder;
    path_ = folder + "/edges.wel";
    write_file(path_, lines(bytes));
  }
  ~EdgeListFile() {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  EdgeListFile(const EdgeListFile&) = delete;
  EdgeListFile& operator=(const EdgeListFile&) = delete;
  const std::string& path() const { return path_; }

 private:
  /// "140891 596853 84.7434": a million nodes, six digits of weight.
  static std::string lines(std::size_t bytes) {
    std::mt19937_64 random(1);
    std::string text;
    text.reserve(bytes + 32);
    for (char line[64]; text.size() < bytes; text += line)
      std::snprintf(line, sizeof line, "%d %d %.6g\n", static_cast<int>(random() % 1000000),
                    static_cast<int>(random() % 1000000), static_cast<double>(random() % 100000000) / 1e6);
    return text;
  }
  std::string folder_, path_;
};

using File = std::unique_ptr<std::FILE, int (*)(std::FILE*)>;
File open(const std::string& path) { return {std::fopen(path.c_str(), "rb"), std::fclose}; }

/// What `wc -l` does.
std::size_t count_lines(const std::string& path) {
  const File file = open(path);
  std::vector<char> buffer(1 << 17);
  std::size_t lines = 0;
  for (std::size_t n; (n = std::fread(buffer.data(), 1, buffer.size(), file.get())) > 0;)
    for (const char *p = buffer.data(), *end = p + n;
         (p = static_cast<const char*>(std::memchr(p, '\n', static_cast<std::size_t>(end - p)))); ++p)
      ++lines;
  return lines;
}

std::size_t scan(const std::string& path) {
  const File file = open(path);
  std::vector<long> source, target;
  std::vector<double> weight;
  double w = 0;
  for (long s = 0, t = 0; std::fscanf(file.get(), "%ld %ld %lf", &s, &t, &w) == 3;) {
    source.push_back(s);
    target.push_back(t);
    weight.push_back(w);
  }
  return weight.size();
}

std::size_t parse(const std::string& path, const ReadOptions& options) {
  const io::Text text(path, options);
  const auto list = io::list_edges<io::UnsetVector<std::int64_t>>(
      text, options, [](io::Cursor& cursor) { return cursor.index(); });
  return list.source.size();
}

double cpu_ms() {
  timespec time{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_nsec) * 1e-6;
}

struct Way {
  std::string name;
  int threads;
  std::function<std::size_t()> read;
};

/// In turns with fscanf, by time of a core: on a machine with other work only such ratios mean something.
Report row(const Way& way, const std::function<std::size_t()>& reference, double megabytes,
           const SuiteOptions& options) {
  Times cpu, ratios;
  const auto count = reference();
  const Effort effort =
      options.quick ? Effort{.least = 2, .most = 2, .budget_ms = 0} : Effort{.least = 3, .most = 5};
  const auto timed = [&](const std::function<std::size_t()>& read) {
    const double before = cpu_ms();
    if (read() != count)
      throw RuntimeError("reading: " + way.name + " finds another number of edges than fscanf");
    return cpu_ms() - before;
  };
  const auto times = measure_pair([&] { cpu.push_back(timed(way.read)); },
                                  [&] { ratios.push_back(timed(reference) / cpu.back()); }, effort);
  const double ms = median(times.first);
  return {{"way", way.name},
          {"threads", way.threads},
          {"ms", rounded(ms)},
          {"mb_per_s", rounded(megabytes / ms * 1e3)},
          {"mb_per_s_core", rounded(megabytes / median(cpu) * 1e3)},
          {"times_fscanf", rounded(median(ratios))},
          {"repetitions", times.first.size()}};
}

}  // namespace

Report reading(const SuiteOptions& options) {
  Report report = new_report("reading", options);
  const EdgeListFile file(options.quick ? kQuickBytes : kBytes);
  const std::string& path = file.path();
  const double megabytes = static_cast<double>(std::filesystem::file_size(path)) / 1e6;
  report["megabytes"] = rounded(megabytes);
  const ReadOptions one{.threads = 1}, all{.threads = options.threads};
  const Way ways[] = {
      {"line ends (wc -l)", 1, [&] { return count_lines(path); }},
      {"edges", 1, [&] { return parse(path, one); }},
      {"edges", options.threads, [&] { return parse(path, all); }},
      {"graph", 1, [&] { return static_cast<std::size_t>(read_graph(path, one).edge_count()); }},
      {"graph", options.threads,
       [&] { return static_cast<std::size_t>(read_graph(path, all).edge_count()); }}};
  for (const Way& way : ways) {
    throw_if_cancelled(options);
    options.progress(way.name + (way.threads == 1 ? ", one thread" : ", all threads"));
    report["rows"].push_back(row(
        way, [&] { return scan(path); }, megabytes, options));
  }
  return report;
}

}  // namespace monograph::bench
