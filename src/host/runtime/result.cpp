#include "host/runtime/result.h"

namespace monograph {

const Output& Result::Columns::fetched(std::size_t output) {
  if (!is_remote(output)) return outputs[output];
  const std::lock_guard lock(mutex_);
  here_.resize(outputs.size());
  if (!here_[output]) outputs[output].column = remote->column(output), here_[output] = true;
  return outputs[output];
}

const std::vector<Output>& Result::outputs() const {
  static const std::vector<Output> none;
  if (!columns_) return none;
  for (std::size_t i = 0; i < columns_->outputs.size(); ++i) columns_->fetched(i);
  return columns_->outputs;
}

std::size_t Result::find(std::string_view name) const {
  std::string known;
  for (std::size_t i = 0; columns_ && i < columns_->outputs.size(); ++i) {
    const std::string& has = columns_->outputs[i].name;
    if (has == name) return i;
    known += (known.empty() ? "" : ", ") + has;
  }
  throw UsageError("no output named \"" + std::string(name) +
                   "\" (there are: " + (known.empty() ? "none" : known) + ")");
}

const Output& Result::fetched(std::size_t output) const { return columns_->fetched(output); }

const Output& Result::output(std::string_view name) const { return fetched(find(name)); }

std::size_t Result::expect(std::string_view name, ScalarType asked, bool scalar) const {
  const std::size_t i = find(name);
  const Output& o = columns_->outputs[i];
  if (o.type.scalar != asked || (scalar && o.type.domain != Domain::Scalar))
    throw UsageError("output \"" + o.name + "\": asked for as " + std::string(to_string(asked)) +
                     (scalar ? " scalar" : "") + ", but it is " + to_string(o.type));
  return i;
}

/// Of a column that is elsewhere only the piece that is asked for is fetched.
void Result::pieces(std::string_view name, ScalarType asked, std::int64_t chunk, const Piece& take) const {
  const std::size_t output = expect(name, asked, false);
  if (chunk < 1)
    throw UsageError("stream: expected chunks of 1 element or more, got " + std::to_string(chunk));
  const bool remote = columns_->is_remote(output);
  const Column& here = columns_->outputs[output].column;
  const std::int64_t size = remote ? columns_->remote->size(output) : here.size();
  Column piece(asked, remote ? std::min(chunk, size) : 0);
  for (std::int64_t first = 0, count; first < size; first += count) {
    count = std::min(chunk, size - first);
    if (remote) columns_->remote->read(output, first, count, piece.data());
    const auto* elements = static_cast<const std::byte*>(remote ? std::as_const(piece).data() : here.data());
    take(first, remote ? elements : elements + first * size_of(asked), count);
  }
}

std::optional<DeviceView> Result::device(std::string_view name) const {
  const std::size_t output = find(name);
  if (!columns_->is_remote(output)) return {};
  const void* data = columns_->remote->where(output);
  if (!data) return {};
  return DeviceView{.data = data,
                    .type = columns_->outputs[output].type.scalar,
                    .size = columns_->remote->size(output),
                    .device = columns_->device};
}

}  // namespace monograph
