#include "host/codegen/whole_step.h"

#include <monograph/error.h>

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

/// Without its family.
std::string short_name(const DeviceStep& s) {
  const std::string_view name = ops::def(s.op).name;
  return std::string(name.substr(name.find('.') + 1));
}

/// As the operations' attributes have them.
bool descending(const DeviceStep& s) {
  const auto specs = ops::def(s.op).attrs;
  for (std::size_t i = 0; i < specs.size(); ++i)
    if (specs[i].name == "descending") return std::get<bool>(s.attrs[i]);
  return false;
}
std::int64_t chosen(const DeviceStep& s) { return std::get<ops::EnumValue>(s.attrs[0]).index; }

/// The calls of one step while they are made.
class Calls {
 public:
  Calls(const DeviceStep& s, const StepWords& w) : s_(s), w_(w) {}

  std::vector<StepCall> make() {
    const std::string op(short_name(s_)), rows = count(whole_rows(s_));
    switch (s_.op) {
      case OpId::Bincount:
        zeros();
        call("", "mg_bincount(" + w_.grid + ", " + rows + ", " + w_.in[0] + ", " + count(s_.gives) + ", " +
                     w_.out);
        break;
      case OpId::NeighborAt:
      case OpId::PickNeighbor:
        call("", "mg_" + op + "(" + grid() + walked() + ", " + rows + ", " + all());
        break;
      case OpId::NeighborCount:
      case OpId::CommonNeighbors:
        call("", "mg_" + op + "(" + grid() + all());
        break;
      case OpId::Triangles:
        zeros();
        call("", "mg_triangles<" + number(chosen(s_)) + ">(" + grid() + all());
        break;
      case OpId::BestLabel:
        call("", "mg_best_label(" + grid() + walked() + ", " + all());
        break;
      default:
        if (!sorts(s_.op)) throw InternalError("no device code for " + std::string(ops::def(s_.op).name));
        sort();
    }
    return std::move(calls_);
  }

 private:
  void call(const std::string& part, const std::string& text, std::uint32_t shared_bytes = 0) {
    calls_.push_back({.part = part,
                      .text = text + ")",
                      .rows_per_block = scalar::mg_column_leaf,
                      .shared_bytes = shared_bytes});
  }
  void zeros() { call("_empty", "mg_fill(" + w_.grid + ", " + count(s_.gives) + ", mg_i64(0), " + w_.out); }
  std::string grid() const { return w_.grid + ", " + w_.run + ", "; }
  /// Operands and result. What is absent is a null pointer.
  std::string all() const {
    std::string text;
    for (const std::string& a : w_.in) text += a + ", ";
    return text + w_.out;
  }
  std::string walked() const {
    return number(static_cast<std::int64_t>(*ops::walked(ops::def(s_.op), s_.attrs)));
  }
  std::string count(const Type& t) const {
    return t.domain == Domain::Nodes   ? w_.run + "->nodes"
           : t.domain == Domain::Edges ? w_.run + "->edges"
                                       : number(t.length);
  }

  void sort() {
    const Type& x = *s_.operands[0];
    const std::string column = count(x) + ", " + w_.in[0] + ", " + (descending(s_) ? "true" : "false");
    for (std::int64_t pass = 0; pass < size_of(x.scalar); ++pass) {
      const std::string p = number(pass), rest = "<" + p + ">(" + grid() + column + ", " + w_.arena;
      call("_count" + p, "mg_sort_count" + rest, kDigitBytes);
      call("_place" + p, "mg_sort_place" + rest, kBlockThreads / 32 * 256 * kNumberBytes);
    }
    const std::string order = "mg_sorted<" + type_word(x.scalar) + ">(" + w_.run + ", " + column + ")";
    call("_put", "mg_put_" + from_order(w_.grid + ", " + order) + ", " + w_.out);
  }
  /// What comes of the order.
  std::string from_order(const std::string& given) const {
    switch (s_.op) {
      case OpId::ArgSort:
        return "order(" + given;
      case OpId::Sort:
        return "sorted(" + given;
      case OpId::Rank:
        return "rank<" + number(chosen(s_)) + ">(" + given;
      case OpId::TopK:
        return "first(" + given + ", " + number(s_.gives.length);
      case OpId::Frequency:
        return "frequency(" + given;
      default:
        return "is_first(" + given;
    }
  }

  const DeviceStep& s_;
  const StepWords& w_;
  std::vector<StepCall> calls_;
};

}  // namespace

Type whole_rows(const DeviceStep& s) {
  if (s.op == OpId::CommonNeighbors || s.op == OpId::Triangles) return edges_of(ScalarType::Bool);
  return with_scalar(s.operands.empty() ? s.gives : *s.operands[0], ScalarType::Bool);
}

std::int64_t whole_room(const DeviceStep& s, std::int64_t nodes, std::int64_t edges) {
  return sorts(s.op) ? sort_room(ops::element_count(*s.operands[0], nodes, edges), kNumberBytes) : 0;
}

std::vector<StepCall> whole_calls(const DeviceStep& step, const StepWords& words) {
  return Calls(step, words).make();
}

KernelHead whole_head(const DeviceStep& s, const std::string& name) {
  return {
      .name = "mg_" + name + "_" + short_name(s), .parameters = parameters(s), .operands = s.operands.size()};
}

}  // namespace monograph::codegen
