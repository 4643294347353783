// read_graph: any bytes give a graph, or an error that says where; nothing else.
#include <monograph/io.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <string>

#include "fuzz_input.h"
#include "host/io/checksum.h"

namespace {

/// A file in memory, with a path.
class File {
 public:
  explicit File(const std::string& bytes) : fd_(::memfd_create("graph", MFD_CLOEXEC)) {
    if (fd_ < 0 || ::write(fd_, bytes.data(), bytes.size()) != static_cast<ssize_t>(bytes.size()))
      std::abort();
  }
  ~File() { ::close(fd_); }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  std::string path() const { return "/proc/self/fd/" + std::to_string(fd_); }

 private:
  int fd_;
};

template <class T>
T at(const std::string& bytes, std::size_t offset) {
  T value;
  std::memcpy(&value, bytes.data() + offset, sizeof value);
  return value;
}

void put(std::string& bytes, std::size_t offset, std::uint64_t value) {
  std::memcpy(bytes.data() + offset, &value, sizeof value);
}

/// A .mcsr whose checksums and size are right, which no fuzzer would ever guess: what is behind them is
/// tried.
void seal(std::string& bytes) {
  constexpr std::size_t kLine = 64;
  if (bytes.size() < kLine) return;
  put(bytes, 16, bytes.size());
  const std::size_t sections = at<std::uint32_t>(bytes, 44);
  if (sections > bytes.size() / kLine - 1) return;
  for (std::size_t s = 1; s <= sections; ++s) {
    const auto offset = at<std::uint64_t>(bytes, s * kLine + 8),
               size = at<std::uint64_t>(bytes, s * kLine + 16);
    if (offset > bytes.size() || size > bytes.size() - offset) continue;
    put(bytes, s * kLine + 24, monograph::io::checksum(std::string_view(bytes).substr(offset, size)));
  }
  put(bytes, 56, 0);
  put(bytes, 56, monograph::io::checksum(std::string_view(bytes).substr(0, kLine * (sections + 1))));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace monograph;
  if (size == 0 || data[0] % 64 >= std::size(fuzz::kGraphFormats)) return 0;
  std::string bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  ReadOptions options;
  options.format = fuzz::kGraphFormats[data[0] % 64];
  options.threads = 1;
  if (data[0] & 64) options.undirected = true;
  if (data[0] & 128) options.multi_edges = MultiEdges::Min;
  if (options.format == "mcsr") seal(bytes);
  const File file(bytes);
  try {
    const Graph graph = read_graph(file.path(), options);
    const Adjacency in = graph.in();
    if (in.offsets.back() != graph.edge_count()) std::abort();
  } catch (const InputError&) {
  } catch (const MemoryError&) {
  }
  return 0;
}
