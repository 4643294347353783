#include "host/cuda/device_tables.h"

#include <algorithm>
#include <cstring>

namespace monograph::cuda {
namespace {

constexpr std::size_t kPiece = 16 << 10, kAlignment = 16;

}  // namespace

const void* DeviceTables::put(const void* from, std::size_t bytes) {
  if (bytes == 0) return nullptr;
  if (pieces_.empty() || pieces_.back().content.size() - pieces_.back().used < bytes) {
    const std::size_t size = std::max(kPiece, bytes);
    pieces_.push_back(
        {.memory = allocate(runtime_, size, "tables of the graph"), .content = std::vector<std::byte>(size)});
  }
  Piece& piece = pieces_.back();
  const std::size_t at = piece.used;
  std::memcpy(piece.content.data() + at, from, bytes);
  piece.used = std::min((at + bytes + kAlignment - 1) / kAlignment * kAlignment, piece.content.size());
  return static_cast<const std::byte*>(piece.memory.get()) + at;
}

void DeviceTables::upload() {
  for (const Piece& p : pieces_) MONOGRAPH_CUDA(runtime_, copy(p.memory.get(), p.content.data(), p.used));
}

std::size_t DeviceTables::bytes() const {
  std::size_t bytes = 0;
  for (const Piece& p : pieces_) bytes += p.content.size();
  return bytes;
}

}  // namespace monograph::cuda
