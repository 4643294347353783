// The functions of monograph/order.h.
#include <monograph/order.h>

#include "host/ir/recorder.h"

namespace monograph {

using detail::Recorder;

namespace {

Value of_column(std::string_view op, const Operand& x, const detail::NamedAttrs& attrs = {}) {
  return Recorder::of({&x}).emit(op, {{"x", x}}, attrs, x.where());
}

}  // namespace

Value argsort(const Operand& x, bool descending) {
  return of_column("core.argsort", x, {{"descending", descending}});
}
Value sort(const Operand& x, bool descending) {
  return of_column("core.sort", x, {{"descending", descending}});
}
Value rank(const Operand& x, RankTies ties, bool descending) {
  const ops::EnumValue choice{static_cast<std::uint8_t>(ties)};
  return of_column("core.rank", x, {{"ties", choice}, {"descending", descending}});
}
Value top_k(const Operand& x, std::int64_t k, bool descending) {
  return of_column("core.top_k", x, {{"k", k}, {"descending", descending}});
}
Value frequency(const Operand& x) { return of_column("core.frequency", x); }
Value is_first(const Operand& x) { return of_column("core.is_first", x); }
Value bincount(const Operand& index, std::int64_t length) {
  return Recorder::of({&index}).emit("core.bincount", {{"index", index}},
                                     {{"over", fixed_of(ScalarType::I64, length)}}, index.where());
}

Value unique_count(const Operand& x) { return of_column("core.unique_count", x); }
Value quantile(const Operand& x, const Operand& q) {
  Recorder& r = Recorder::of({&x, &q});
  const Operand place(r.value(q, ScalarType::F64), q.where());
  return r.emit("core.quantile", {{"x", x}, {"q", place}}, {}, x.where());
}
Value median(const Operand& x) { return of_column("core.median", x); }
Value mode(const Operand& x) { return of_column("core.mode", x); }
Value entropy(const Operand& x) { return of_column("core.entropy", x); }
Value histogram(const Operand& x, std::int64_t bins, std::optional<Operand> low,
                std::optional<Operand> high) {
  Recorder& r = Recorder::of({&x});
  const auto real = [&](std::optional<Operand> bound) {
    return bound ? std::optional(Operand(r.value(*bound, ScalarType::F64), bound->where())) : bound;
  };
  return r.emit("core.histogram", {{"x", x}, {"low", real(low)}, {"high", real(high)}}, {{"bins", bins}},
                x.where());
}

}  // namespace monograph
