// Zstandard (RFC 8878) in memory.
#pragma once

#include "host/io/encoder.h"
#include "host/io/load.h"

namespace monograph::io {

bool is_zstd(const Bytes& bytes);
/// Decompresses; frames that follow each other are one content. InputError with the offset in the compressed
/// file where the data is damaged or ends. `begun` is called once, with the first bytes, and may throw;
/// `poll` now and then, likewise.
Bytes unzstd(const Bytes& compressed, const std::string& path, const std::function<void(const Bytes&)>& begun,
             const std::function<void()>& poll);
std::unique_ptr<Encoder> zstd_encoder();

}  // namespace monograph::io
