#include "host/codegen/whole_step.h"

#include <monograph/error.h>

#include "host/codegen/kernel_text.h"
#include "host/codegen/stage_text.h"

namespace monograph::codegen {
namespace {

using ops::OpId;

constexpr std::uint32_t kNumberBytes = 8;  // of elements in a sort

bool sorts(OpId op) {
  switch (op) {
    case OpId::ArgSort:
    case OpId::Sort:
    case OpId::Rank:
    case OpId::TopK:
    case OpId::Frequency:
    case OpId::IsFirst:
      return true;
    default:
      return false;
  }
}

std::string number(std::int64_t n) { return std::to_string(n); }

/// "a0, a1": all operands. What is absent is a null pointer.
std::string arguments(const DeviceStep& s) {
  std::string text;
  for (std::size_t i = 0; i < s.operands.size(); ++i)
    text += "a" + number(static_cast<std::int64_t>(i)) + ", ";
  return text;
}

std::string parameters(const DeviceStep& s) {
  std::string text = "mg_device* run";
  for (std::size_t i = 0; i < s.operands.size(); ++i) {
    const auto& t = s.operands[i];
    const std::string word = !t                            ? type_word(ScalarType::F64)
                             : t->domain == Domain::Scalar ? std::string("mg_value")
                                                           : type_word(t->scalar);
    text += ", const " + word + "* a" + number(static_cast<std::int64_t>(i));
  }
  return text + ", " + type_word(s.gives.scalar) + "* r0";
}

/// As the operations' attributes have them.
bool descending(const DeviceStep& s) {
  const auto specs = ops::def(s.op).attrs;
  for (std::size_t i = 0; i < specs.size(); ++i)
    if (specs[i].name == "descending") return std::get<bool>(s.attrs[i]);
  return false;
}
std::int64_t chosen(const DeviceStep& s) { return std::get<ops::EnumValue>(s.attrs[0]).index; }

/// What comes of the order of a0.
std::string from_order(const DeviceStep& s, const std::string& order) {
  const std::string grid = "(mg_grid{blockIdx.x, gridDim.x}, " + order;
  switch (s.op) {
    case OpId::ArgSort:
      return "mg_put_order" + grid + ", r0)";
    case OpId::Sort:
      return "mg_put_sorted" + grid + ", r0)";
    case OpId::Rank:
      return "mg_put_rank<" + number(chosen(s)) + ">" + grid + ", r0)";
    case OpId::TopK:
      return "mg_put_first" + grid + ", " + number(s.gives.length) + ", r0)";
    case OpId::Frequency:
      return "mg_put_frequency" + grid + ", r0)";
    default:
      return "mg_put_is_first" + grid + ", r0)";
  }
}

void emit_sort(KernelText& text, const DeviceStep& s) {
  const Type& x = *s.operands[0];
  const std::string operands = count_text(x) + ", a0, " + (descending(s) ? "true" : "false");
  for (std::int64_t pass = 0; pass < size_of(x.scalar); ++pass) {
    const std::string p = number(pass), call = "<" + p + ">(" + kGrid + ", " + operands + ", arena)";
    text.kernel("_count" + p, "mg_sort_count" + call, scalar::mg_column_leaf, kDigitBytes);
    text.kernel("_place" + p, "mg_sort_place" + call, scalar::mg_column_leaf,
                kBlockThreads / 32 * 256 * kNumberBytes);
  }
  text.kernel("_put", from_order(s, "mg_sorted<" + type_word(x.scalar) + ">(run, " + operands + ")"),
              scalar::mg_column_leaf);
}

void emit_zeros(KernelText& text, const DeviceStep& s) {
  text.kernel("_empty", "mg_fill(mg_grid{blockIdx.x, gridDim.x}, " + count_text(s.gives) + ", mg_i64(0), r0)",
              scalar::mg_column_leaf);
}

}  // namespace

Type whole_rows(const DeviceStep& s) {
  if (s.op == OpId::CommonNeighbors || s.op == OpId::Triangles) return edges_of(ScalarType::Bool);
  return with_scalar(s.operands.empty() ? s.gives : *s.operands[0], ScalarType::Bool);
}

std::int64_t whole_room(const DeviceStep& s, std::int64_t nodes, std::int64_t edges) {
  return sorts(s.op) ? sort_room(ops::element_count(*s.operands[0], nodes, edges), kNumberBytes) : 0;
}

DeviceGroup emit_whole(const DeviceStep& s, const std::string& name) {
  const std::string op(ops::def(s.op).name.substr(ops::def(s.op).name.find('.') + 1));
  KernelText text("mg_" + name + "_" + op, parameters(s));
  const std::string grid = kGrid, all = arguments(s) + "r0)", count = count_text(whole_rows(s));
  const auto kernel = [&](const std::string& call) { text.kernel("", call, scalar::mg_column_leaf); };
  const auto walks = [&] { return number(static_cast<std::int64_t>(*ops::walked(ops::def(s.op), s.attrs))); };
  switch (s.op) {
    case OpId::Bincount:
      emit_zeros(text, s);
      kernel("mg_bincount(mg_grid{blockIdx.x, gridDim.x}, " + count + ", a0, " + count_text(s.gives) +
             ", r0)");
      break;
    case OpId::NeighborAt:
    case OpId::PickNeighbor:
      kernel("mg_" + op + "(" + grid + ", " + walks() + ", " + count + ", " + all);
      break;
    case OpId::NeighborCount:
    case OpId::CommonNeighbors:
      kernel("mg_" + op + "(" + grid + ", " + all);
      break;
    case OpId::Triangles:
      emit_zeros(text, s);
      kernel("mg_triangles<" + number(chosen(s)) + ">(" + grid + ", " + all);
      break;
    case OpId::BestLabel:
      kernel("mg_best_label(" + grid + ", " + walks() + ", " + all);
      break;
    default:
      if (!sorts(s.op)) throw InternalError("no device code for " + std::string(ops::def(s.op).name));
      emit_sort(text, s);
  }
  return std::move(text).finish();
}

}  // namespace monograph::codegen
