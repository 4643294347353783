// What an operation is: signature, type rule, meaning. One `OpDef` per primitive, in a file of its own,
// listed in op_list.def; element-wise operations get theirs from scalar_ops.def. Printer, parser, JSON,
// binary form and verifier walk the signature, so nothing else has to change when an operation is added.
#pragma once

#include <monograph/error.h>
#include <monograph/graph.h>
#include <monograph/types.h>

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "host/ops/attr.h"
#include "host/ops/scalar.h"

namespace monograph::ops {

/// Primitives in the order of op_list.def, then the element-wise operations in the order of scalar_ops.def.
enum class OpId : std::uint16_t {
#define MONOGRAPH_OP(Kind, symbol) Kind,
#include "host/ops/op_list.def"
  FirstScalar,
};

/// How an operation reads its operands: what fusion and scheduling need to know.
enum class Access : std::uint8_t {
  Source,       ///< reads no column
  Elementwise,  ///< element i of every operand
  Gather,       ///< elements of other nodes, chosen by topology or an index
  Scatter,      ///< writes to elements chosen by topology or an index
  Segmented,    ///< one result per neighbourhood
  Global,       ///< all elements of one operand, to a scalar
  Whole,        ///< all elements or rows in ways of its own (a sort, an intersection): a step of its own
  Control,      ///< runs regions
};

/// What an operation does besides yielding its results.
enum class Effect : std::uint8_t {
  Pure,    ///< nothing: may be shared, moved, dropped
  Report,  ///< a loop: outside of other loops its course is part of the run's result (iterations, converged)
  Check,   ///< may stop the run; stays in its region and order
  Write,   ///< writes an output or attribute; stays in its region and order
};

enum class OperandKind : std::uint8_t { Required, Optional, Variadic };
struct OperandSpec {
  std::string_view name;
  std::string_view doc;
  OperandKind kind = OperandKind::Required;
};

/// A region of a control operation: types of its block arguments and results.
struct RegionType {
  std::vector<Type> args, results;
};

struct OpDef;

/// What a type rule sees. `operands[i]` is empty where an optional operand is absent.
struct InferContext {
  const OpDef& op;
  std::span<const std::optional<Type>> operands;
  std::span<const Attr> attrs;
  std::span<const RegionType> regions;
  Location where;

  const Type& operand(std::size_t i) const;  ///< a required operand
  bool has(std::size_t i) const { return i < operands.size() && operands[i].has_value(); }
  /// Throws CompileError: "where: op: expected <what>, got <what>".
  [[noreturn]] void fail(const std::string& expected, const std::string& got) const;
  void expect(bool ok, const std::string& expected, std::size_t operand) const;
  template <class E>
  E enumeration(std::size_t attr) const {
    return static_cast<E>(std::get<EnumValue>(attrs[attr]).index);
  }
};

/// A typed value at run time: `column.size()` elements, 1 for scalars.
struct Value {
  Type type;
  Column column;
};

/// What an evaluation may ask of the run it is part of.
class RunContext {
 public:
  virtual ~RunContext() = default;
  virtual const Graph& graph() = 0;
  virtual Constant parameter(std::string_view name) = 0;
  /// The attribute's column, or null; of nodes when `domain` is Nodes, else of edges.
  virtual const Column* attribute(std::string_view name, Domain domain) = 0;
  virtual void output(std::string_view name, const Value& value, Role role) = 0;
  virtual void store(std::string_view name, const Value& value) = 0;
  /// Called before each iteration of a loop; throws Cancelled when the caller asked for it.
  virtual void begin_iteration(std::int64_t iteration) = 0;
  /// Called when a loop ends: how often its body ran, and whether its condition (not max_iterations) ended
  /// it.
  virtual void end_loop(std::int64_t iterations, bool finished) = 0;
  /// " in iteration 3" (of nested loops all, outermost first), or empty outside loops: for messages of
  /// checks.
  virtual std::string loop_context() = 0;
};

/// What an evaluation sees: operands, attributes and the run; it fills `results` (already typed and sized).
struct EvalContext {
  const OpDef& op;
  std::span<const Value* const> operands;  ///< null where absent
  std::span<const Attr> attrs;
  std::span<Value> results;
  RunContext& run;
  Location where;
  /// Runs region `i` of this node on `args` and returns its results (control operations).
  std::function<std::vector<Value>(std::size_t i, std::vector<Value> args)> region;

  const Value& in(std::size_t i) const { return *operands[i]; }
  bool has(std::size_t i) const { return i < operands.size() && operands[i] != nullptr; }
  template <class T>
  std::span<const T> in(std::size_t i) const {
    return in(i).column.span<T>();
  }
  template <class T>
  std::span<T> out(std::size_t i = 0) const {
    return results[i].column.span<T>();
  }
  template <class E>
  E enumeration(std::size_t attr) const {
    return static_cast<E>(std::get<EnumValue>(attrs[attr]).index);
  }
  /// Throws RuntimeError: "op at file:line: <what><loop context>".
  [[noreturn]] void fail(const std::string& what) const;
};

/// Builds the expansion of a composite operation out of other operations. Handles are opaque.
class Expansion {
 public:
  using Handle = std::uint32_t;
  virtual ~Expansion() = default;
  virtual Type type(Handle value) const = 0;
  virtual Handle constant(Constant value) = 0;
  virtual Handle op(OpId op, std::vector<std::optional<Handle>> operands, std::vector<Attr> attrs = {}) = 0;
  // conveniences on top of op()
  Handle scalar(ScalarOp op, std::vector<Handle> operands);
  Handle cast(Handle value, ScalarType to);
};

struct OpDef {
  std::string_view name;  ///< dotted: "graph.neighbor_agg"
  std::string_view doc;   ///< one line, then details
  Access access = Access::Elementwise;
  Effect effect = Effect::Pure;
  std::span<const OperandSpec> operands = {};
  std::span<const AttrSpec> attrs = {};
  int regions = 0;
  /// A run binds its value before it begins (parameters, attributes of the graph): there is nothing to
  /// compute.
  bool bound = false;
  /// Of Access::Whole: reads rows of neighbours, in the attribute `direction`, or in both where it has none.
  bool walks = false;
  /// Block argument a of each region mirrors operand a + argument_offset (of a loop's argument 0, the
  /// iteration, the operand max_iterations stands in that place).
  std::size_t argument_offset = 0;
  std::vector<Type> (*infer)(const InferContext&) = nullptr;
  /// The definition of truth. Null for composite operations, whose meaning is their expansion.
  void (*evaluate)(EvalContext&) = nullptr;
  /// Composite operations only: the same value out of simpler operations.
  Expansion::Handle (*expand)(Expansion&, std::span<const std::optional<Expansion::Handle>>,
                              std::span<const Attr>) = nullptr;
  /// Throws InputError when the graph lacks what a node of these attributes needs: asked before a run begins.
  void (*bind)(const Graph&, std::span<const Attr> attrs, const Location& where) = nullptr;
  /// The row of an element-wise operation.
  std::optional<ScalarOp> scalar = {};
};

constexpr OpId scalar_id(ScalarOp op) {
  return static_cast<OpId>(static_cast<int>(OpId::FirstScalar) + static_cast<int>(op));
}
constexpr bool is_scalar(OpId id) { return id >= OpId::FirstScalar; }
constexpr ScalarOp scalar_op(OpId id) {
  return static_cast<ScalarOp>(static_cast<int>(id) - static_cast<int>(OpId::FirstScalar));
}

/// Every operation, in the order of OpId.
std::span<const OpDef* const> op_table();
const OpDef& def(OpId id);
std::optional<OpId> find_op(std::string_view name);
/// The operation whose name is nearest to `name` ("did you mean"), or "" when none is near.
std::string_view nearest_op(std::string_view name);

/// The rows that an operation with `walks` reads.
std::optional<Direction> walked(const OpDef& op, std::span<const Attr> attrs);

/// Elements of a value of type `t` on a graph with `nodes` and `edges`.
std::int64_t element_count(const Type& t, std::int64_t nodes, std::int64_t edges);

}  // namespace monograph::ops
