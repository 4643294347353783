// What the written forms of a program (text and JSON) share: how strings, constants and choices look, and how
// a node is put together from what was written.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "host/ir/builder.h"
#include "host/ir/program.h"

namespace monograph::ir {

/// Of the JSON form: raised when a reader of before could misread what is written now.
inline constexpr int kJsonVersion = 1;

/// In double quotes with C escapes; always one line.
std::string quote(std::string_view text);
/// The same, cut short, with and without the quotes: for messages about input that may be long.
std::string excerpt(std::string_view text);
std::string bare_excerpt(std::string_view text);
/// "a, b or c".
std::string choices(std::span<const std::string_view> names);
/// "; did you mean a?", or nothing when no name is near.
std::string did_you_mean(std::string_view name, std::span<const std::string_view> names);

/// "0.85:f64" and back; false when the text is not one.
std::string constant_text(const Constant& c);
bool read_constant(std::string_view text, Constant& out);
/// As the text form shows it, "" where it is absent.
std::string attr_text(const ops::AttrSpec& spec, const ops::Attr& a);
/// The enumerator of that name; CompileError listing the names otherwise.
ops::EnumValue read_enum(const ops::AttrSpec& spec, std::string_view name, const Location& at);
/// The operation of that name; CompileError with the nearest one otherwise.
OpId read_op(std::string_view name, const Location& at);

/// Operands before the variadic ones.
std::size_t fixed_operands(const ops::OpDef& def);
inline bool is_variadic(const ops::OpDef& def) { return fixed_operands(def) != def.operands.size(); }
std::string types_text(std::span<const Type> types);

/// A node while it is read: operands and attributes as they come, checked against the signature.
class NodeDraft {
 public:
  NodeDraft(OpId op, Location where);

  const ops::OpDef& def() const { return def_; }
  const Location& where() const { return where_; }
  void operand(ValueId v) { positional_.push_back(v); }
  void operand(std::string_view name, ValueId v, const Location& at);
  /// The attribute of that name, not given before; CompileError otherwise.
  const ops::AttrSpec& attr_spec(std::string_view name, const Location& at) const;
  void attr(const ops::AttrSpec& spec, ops::Attr value);
  /// The node, left-out attributes filled in, its place in the file as source line; CompileError when
  /// operands or attributes are missing or too many.
  Node finish() &&;
  [[noreturn]] void fail(const Location& at, const std::string& expected, const std::string& found) const;

 private:
  [[noreturn]] void fail_count() const;
  OpId op_;
  const ops::OpDef& def_;
  Location where_;
  std::vector<ValueId> positional_, fixed_;
  std::vector<ops::Attr> attrs_;
};

/// A program while it is read. Until `finish`, a node's source line is its place in the file being read, so
/// that every error of inference and verification names it; then it is what the file says, mostly nothing.
class Assembler {
 public:
  explicit Assembler(std::string name) : builder_(std::move(name)) {}

  RegionIndex add_region(std::vector<Type> args) { return builder_.add_region(std::move(args)); }
  Region& region(RegionIndex r) { return builder_.region(r); }
  const Region& region(RegionIndex r) const { return builder_.region(r); }
  const Type& type(RegionIndex r, ValueId v) const { return builder_.type(r, v); }
  /// Appends `node`; its source lines become `where` at the end.
  ValueId emit(RegionIndex r, Node node, std::vector<Location> where = {});
  Program finish(Places places);

 private:
  struct Lines {
    RegionIndex region;
    std::uint32_t node;
    std::vector<Location> where;
  };
  Builder builder_;
  std::vector<Lines> lines_;
};

}  // namespace monograph::ir
