// Behind the DSL: records raw operations (no folding, no sharing) into closed regions. Scopes are regions
// that are still open; a value of an outer scope that is used inside becomes a block argument, a variable
// that is assigned inside becomes a carried value or a branch's result.
#pragma once

#include <monograph/program.h>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "host/ir/builder.h"

namespace monograph::detail {

using NamedOperands = std::vector<std::pair<std::string_view, std::optional<Operand>>>;
using NamedAttrs = std::vector<std::pair<std::string_view, ir::Attr>>;

class Recorder : public std::enable_shared_from_this<Recorder> {
 public:
  explicit Recorder(std::string name);

  /// The recorder that the operands belong to; CompileError when they are all numbers, or of two programs.
  static Recorder& of(std::initializer_list<const Operand*> operands);

  // ---- operations
  Value emit(std::string_view op, const NamedOperands& operands, const NamedAttrs& attrs,
             const Source& where);
  Value scalar(ops::ScalarOp op, const std::vector<Operand>& operands, ir::Attr attr = {});
  Value constant(Constant c, const Source& where);
  /// The operand as a value of the current scope; numbers become constants of type `wanted` (or i64, f64,
  /// bool).
  Value value(const Operand& x, std::optional<ScalarType> wanted = {});
  /// Likewise, converted to i64 when it is an i32.
  Value count_value(const Operand& x);

  // ---- variables
  std::uint32_t declare(const Operand& initial);
  Value read(std::uint32_t variable, const Location& where = {});
  void assign(std::uint32_t variable, const Operand& x);

  // ---- control
  struct Loop {
    Value go, max_iterations;
    std::function<void()> body;
    std::function<Value()> again;  ///< whether to go on, recorded at the end of the body; empty: always
  };
  LoopResult loop(const Loop& l, const Source& where);
  void branch(const Operand& condition, const std::function<void()>& then_body,
              const std::function<void()>& else_body);
  /// The rest of the loop body is skipped where `condition` holds; with `leave` the loop ends as well.
  void escape(const Operand& condition, bool leave, std::string_view what);
  Value iteration(const Source& where);
  /// Records `condition`, from within which the loops that are open now can be neither left nor counted: it
  /// is recorded once before its loop and once inside.
  Value condition(const std::function<Value()>& condition);

  ir::Program build(const Source& where) const;

 private:
  enum class Kind : std::uint8_t { Entry, Loop, Branch, Guard };
  struct Scope {
    std::uint64_t serial;
    Kind kind;
    ir::RegionIndex region;
    std::vector<ir::ValueId> sources = {};  ///< per block argument: the value of the parent scope
    std::map<ir::ValueId, std::uint32_t> captures = {};    ///< value of the parent scope -> block argument
    std::map<std::uint32_t, ir::ValueId> bindings = {};    ///< variable -> its value here
    std::map<std::uint32_t, std::uint32_t> entering = {};  ///< variable -> block argument it came in by
    ir::ValueId condition = {};                            ///< of a guard: in the parent scope
    std::optional<std::uint32_t> skip = {},
                                 broken = {};  ///< of a loop with break or continue: hidden variables
    int escapes = 0;  ///< of a loop: how many break_if and continue_if its body has so far
  };
  struct VariableInfo {
    Type type;
    std::uint64_t scope;  ///< serial of the scope that declared it
  };

  Scope& top() { return stack_.back(); }
  void open(Kind kind, const Location& where, std::vector<Type> args = {});
  Scope pop();
  Value wrap(ir::ValueId v);
  Value wrap(ir::ValueId v, const Scope& scope);
  ir::ValueId resolve(const Value& v, const Source& where);
  ir::ValueId capture(std::size_t scope, ir::ValueId parent_value);
  ir::ValueId read_in(std::size_t scope, std::uint32_t variable);
  void bind(std::uint32_t variable, ir::ValueId v);
  std::vector<std::uint32_t> assigned(const Scope& s) const;
  void renumber_arguments(const Scope& s, const std::vector<std::uint32_t>& number, std::vector<Type> args);
  void finish_branch(ir::ValueId condition, Scope then_scope, Scope else_scope, std::vector<Location> where);
  LoopResult finish_loop(const Loop& l, ir::ValueId again, const Source& where);
  void close_guards();
  std::uint32_t declare_hidden(std::size_t scope);
  Scope* innermost_loop();
  Scope& loop_for(const Source& where, std::string_view what);

  ir::Builder builder_;
  std::vector<Scope> stack_;
  std::vector<VariableInfo> variables_;
  std::uint64_t next_serial_ = 1;
  std::size_t closed_scopes_ = 0;  ///< scopes that were open when the condition being recorded began
};

Location location(const Source& where);

}  // namespace monograph::detail
