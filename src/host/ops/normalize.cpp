#include "host/ops/statistics.h"

namespace monograph::ops {
namespace {

enum class Mode : std::uint8_t { Sum, Max, MinMax };
constexpr std::string_view kModeNames[] = {"sum", "max", "minmax"};

constexpr OperandSpec kOperands[] = {{"x", "a numeric column"}};
constexpr AttrSpec kAttrs[] = {{.name = "mode",
                                .kind = AttrKind::Enum,
                                .doc = "sum: x / sum; max: x / max; minmax: (x - min) / (max - min)",
                                .names = kModeNames}};

Handle expand(Expansion& e, Handles in, std::span<const Attr> attrs) {
  Handle x = widen(e, *in[0]), divisor{};
  switch (static_cast<Mode>(std::get<EnumValue>(attrs[0]).index)) {
    case Mode::Sum:
      divisor = reduced(e, x, MonoidKind::Sum);
      break;
    case Mode::Max:
      divisor = reduced(e, x, MonoidKind::Max);
      break;
    case Mode::MinMax:
      const Handle low = reduced(e, x, MonoidKind::Min);
      divisor = e.scalar(ScalarOp::Sub, {reduced(e, x, MonoidKind::Max), low});
      x = e.scalar(ScalarOp::Sub, {x, low});
      break;
  }
  return narrow(e, ratio(e, x, divisor), *in[0]);
}

}  // namespace

extern const OpDef normalize{
    .name = "core.normalize",
    .doc = "x over its sum, its maximum or its range, a column; 0 everywhere when that divisor is 0",
    .access = Access::Global,
    .operands = kOperands,
    .attrs = kAttrs,
    .infer = infer_real_column,
    .expand = expand};

}  // namespace monograph::ops
