// What a result holds: outputs, of which some may still lie on a device.
#pragma once

#include <monograph/session.h>

#include <mutex>

#include "host/cuda/remote_columns.h"

namespace monograph {

struct Result::Columns {
  std::vector<Output> outputs;
  std::shared_ptr<cuda::RemoteColumns> remote;  ///< null: all of them are here
  int device = 0;

  bool is_remote(std::size_t output) const { return remote && remote->holds(output); }
  /// With its column, fetched if it was not.
  const Output& fetched(std::size_t output);

 private:
  std::mutex mutex_;
  std::vector<bool> here_;  // of remote ones
};

}  // namespace monograph
