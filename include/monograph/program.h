// Writing programs. A `ProgramBuilder` records operations; `Value`s are what they yield; `Variable`s change
// in loops.
//
//   ProgramBuilder p("pagerank");
//   GraphRef g = p.graph();
//   Variable rank = p.variable(g.full(1.0 / as_f64(g.node_count())));
//   p.until_converged(rank, {.tolerance = 1e-6, .norm = Norm::L1, .max_iterations = 100}, [&] {
//     ...
//     rank = base + damping * g.in_sum(rank / degree);
//   });
//   p.output("rank", rank);
//   Program program = p.build();
//
// Nothing is computed here: the same program runs on any graph and any backend. Every function that meets a
// wrong type throws CompileError naming the operation, what it expects, what it got, and the caller's source
// line.
#pragma once

#include <monograph/error.h>
#include <monograph/types.h>

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <source_location>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace monograph {

namespace ir {
struct Program;
}

// ----------------------------------------------------------------------------------------------------
// programs

/// What a program asks of a run.
struct ParameterInfo {
  std::string name;
  Constant fallback;  ///< the value when the run gives none
  std::optional<Constant> minimum, maximum;
  bool is_node = false;  ///< the user gives a node id; the program sees the node's index (i32)
  std::string doc;
};

/// What a program yields.
struct OutputInfo {
  std::string name;
  Type type;
  bool is_node = false;  ///< elements are node indices, to be shown as the user's ids
};

/// A finished program: immutable, cheap to copy, independent of any graph.
class Program {
 public:
  explicit Program(ir::Program program);

  const std::string& name() const;
  std::vector<ParameterInfo> parameters() const;
  std::vector<OutputInfo> outputs() const;
  /// A stable digest of the content (not of names or source lines): 32 hexadecimal digits.
  std::string hash() const;

  /// Text that `from_text` reads back to an equal program. CompileError "file:line:col: ..." on anything
  /// else.
  std::string to_text(bool with_locations = false) const;
  static Program from_text(std::string_view text, const std::string& file = "program");
  /// JSON likewise; the form in which other languages send programs.
  std::string to_json() const;
  static Program from_json(std::string_view text, const std::string& file = "program");

  const ir::Program& ir() const { return *program_; }
  friend bool operator==(const Program& a, const Program& b);

 private:
  std::shared_ptr<const ir::Program> program_;
};

// ------------------------------------------------------------------------------------------------------
// values

class ProgramBuilder;
class Variable;
namespace detail {
class Recorder;
}

/// What an operation yields: a scalar, or a column over the nodes or edges. Cheap to copy. It may be used
/// where it was computed and in loops and branches inside; to carry something out of a loop, assign it to a
/// `Variable`.
class Value {
 public:
  const Type& type() const { return type_; }

 private:
  friend class detail::Recorder;
  std::shared_ptr<detail::Recorder> recorder_;
  Type type_;
  std::uint64_t scope_ = 0;
  std::uint32_t node_ = 0, result_ = 0;
};

#ifdef __cpp_lib_source_location
using Source = std::source_location;
#else
/// std::source_location for compilers that have the language but not the library's class (clang 14 with
/// libstdc++).
class Source {
 public:
  static constexpr Source current(const char* file = __builtin_FILE(),
                                  std::uint_least32_t line = __builtin_LINE()) {
    Source s;
    s.file_ = file;
    s.line_ = line;
    return s;
  }
  constexpr const char* file_name() const { return file_; }
  constexpr std::uint_least32_t line() const { return line_; }
  constexpr std::uint_least32_t column() const { return 0; }

 private:
  const char* file_ = "";
  std::uint_least32_t line_ = 0;
};
#endif

/// An operand: a value, a variable's present value, or a C++ number. Numbers take the element type that the
/// other operand has (a fraction never becomes an integer); on their own they are i64 or f64. Remembers the
/// caller's line.
class Operand {
 public:
  Operand(const Value& v, Source where = Source::current()) : content_(v), where_(where) {}
  Operand(const Variable& v, Source where = Source::current());
  template <class T>
  requires std::is_arithmetic_v<T> Operand(T v, Source where = Source::current()) : where_(where) {
    if constexpr (std::is_same_v<T, bool>)
      content_ = v;
    else if constexpr (std::is_integral_v<T>) {
      if constexpr (std::is_unsigned_v<T> && sizeof(T) == 8)
        if (v >> 63)
          throw CompileError({where.file_name(), where.line(), 0},
                             "expected a number that fits i64, got " + std::to_string(v));
      content_ = static_cast<std::int64_t>(v);
    } else
      content_ = static_cast<double>(v);
  }
  Operand(const char*) = delete;

  const std::variant<Value, bool, std::int64_t, double>& content() const { return content_; }
  const Source& where() const { return where_; }

 private:
  std::variant<Value, bool, std::int64_t, double> content_;
  Source where_;
};

/// A name for a value that loops and branches may change. Reading it gives the value assigned last (a
/// snapshot: later assignments do not change it); assigning records the new one. Assigned in a loop, it is
/// carried from iteration to iteration; assigned in a branch, it is what the branch taken left. Its type is
/// that of its first value.
class Variable {
 public:
  Variable(Variable&&) noexcept = default;
  Variable(const Variable&) = delete;
  Variable& operator=(const Operand& value);
  Variable& operator=(const Variable& other);
  Value value() const;
  operator Value() const { return value(); }

 private:
  friend class Operand;
  friend class ProgramBuilder;
  friend class detail::Recorder;
  Variable(std::shared_ptr<detail::Recorder> recorder, std::uint32_t index)
      : recorder_(std::move(recorder)), index_(index) {}
  std::shared_ptr<detail::Recorder> recorder_;
  std::uint32_t index_;
};

/// Exchanges two variables (of one type).
void swap(Variable& a, Variable& b);

// ------------------------------------------------------------------------- element-wise operations
// (scalar_ops.def) Columns of one domain work element by element; a scalar broadcasts; all operands have one
// element type.

#define MONOGRAPH_DSL_1_Same(ident) Value ident(const Operand& a);
#define MONOGRAPH_DSL_1_Bool(ident) Value ident(const Operand& a);
#define MONOGRAPH_DSL_1_Sibling(ident) Value ident(const Operand& a);
#define MONOGRAPH_DSL_1_Target(ident) Value ident(const Operand& a, ScalarType to);
#define MONOGRAPH_DSL_2_Same(ident) Value ident(const Operand& a, const Operand& b);
#define MONOGRAPH_DSL_2_Bool(ident) Value ident(const Operand& a, const Operand& b);
#define MONOGRAPH_DSL_2_Real(ident) Value ident(const Operand& a, const Operand& b);
#define MONOGRAPH_DSL_2_F64(ident) Value ident(const Operand& a, const Operand& b);
#define MONOGRAPH_DSL_3_Same(ident) Value ident(const Operand& a, const Operand& b, const Operand& c);
#define MONOGRAPH_SCALAR_OP(Kind, ident, name, arity, operands, allowed, result, ...) \
  MONOGRAPH_DSL_##arity##_##result(ident)
#include <monograph/scalar_ops.def>

/// floor(a / b) of integers. A zero divisor stops the run with RuntimeError (safe_idiv gives 0 instead).
Value idiv(const Operand& a, const Operand& b);
/// a - b * floor(a / b). A zero divisor stops the run with RuntimeError (safe_mod gives 0 instead).
Value mod(const Operand& a, const Operand& b);
/// cast to f64, f32, i64, i32.
Value as_f64(const Operand& a);
Value as_f32(const Operand& a);
Value as_i64(const Operand& a);
Value as_i32(const Operand& a);

inline Value operator+(const Operand& a, const Operand& b) { return add(a, b); }
inline Value operator-(const Operand& a, const Operand& b) { return sub(a, b); }
inline Value operator*(const Operand& a, const Operand& b) { return mul(a, b); }
inline Value operator/(const Operand& a, const Operand& b) { return div(a, b); }
inline Value operator%(const Operand& a, const Operand& b) { return mod(a, b); }
inline Value operator-(const Operand& a) { return neg(a); }
inline Value operator==(const Operand& a, const Operand& b) { return eq(a, b); }
inline Value operator!=(const Operand& a, const Operand& b) { return ne(a, b); }
inline Value operator<(const Operand& a, const Operand& b) { return lt(a, b); }
inline Value operator<=(const Operand& a, const Operand& b) { return le(a, b); }
inline Value operator>(const Operand& a, const Operand& b) { return gt(a, b); }
inline Value operator>=(const Operand& a, const Operand& b) { return ge(a, b); }
/// Logical on bool, bitwise on integers.
Value operator&(const Operand& a, const Operand& b);
Value operator|(const Operand& a, const Operand& b);
Value operator^(const Operand& a, const Operand& b);
inline Value operator!(const Operand& a) { return logical_not(a); }
inline Value operator<<(const Operand& a, const Operand& b) { return shl(a, b); }
inline Value operator>>(const Operand& a, const Operand& b) { return shr(a, b); }

// --------------------------------------------------------------------------------------- reductions: column
// -> scalar

/// BitOr and BitAnd are of integers: unions and intersections of sets of up to 64 things.
enum class Monoid : std::uint8_t { Sum, Prod, Min, Max, Any, All, BitOr, BitAnd };
enum class Normalize : std::uint8_t { Sum, Max, MinMax };
enum class Norm : std::uint8_t { L1, L2, Max };

/// All elements combined; of an empty column the identity. Sums of bool and i32 are i64. Float sums have one
/// fixed shape (docs/semantics.md), so every run and every thread count gives the same bits.
Value reduce(const Operand& x, Monoid monoid);
Value sum(const Operand& x);
Value prod(const Operand& x);
Value reduce_min(const Operand& x);  ///< a NaN wins; +inf or the type's maximum when empty
Value reduce_max(const Operand& x);  ///< a NaN wins; -inf or the type's minimum when empty
Value any(const Operand& x);         ///< bool -> bool
Value all(const Operand& x);         ///< bool -> bool
Value count(const Operand& x);       ///< how many are true, i64
Value argmin(const Operand& x);  ///< i64 index; NaN skipped, ties to the lowest index, -1 if there is none
Value argmax(const Operand& x);
Value mean(const Operand& x);      ///< 0 when empty
Value variance(const Operand& x);  ///< of a sample (n - 1); 0 when n < 2
Value std_dev(const Operand& x);   ///< square root of `variance`
Value norm_l1(const Operand& x);   ///< sum of |x|
Value norm_l2(const Operand& x);   ///< square root of the sum of squares
Value norm_max(const Operand& x);  ///< largest |x|; 0 when empty
Value norm(const Operand& x, Norm which);
/// x / sum(x), x / max(x), or (x - min) / (max - min); zeros where the divisor is 0. Column -> column.
Value normalize(const Operand& x, Normalize mode);
/// (x - mean) / population standard deviation; zeros where that is 0. Column -> column.
Value standardize(const Operand& x);

// ------------------------------------------------------------------------------------------------------- the
// graph

/// Which neighbours: In = sources of the edges entering a node, Out = targets of those leaving, Both = one
/// after the other. On an undirected graph Both means each incident edge once.
enum class Direction : std::uint8_t { In, Out, Both };
enum class EdgeEnd : std::uint8_t { Src, Dst, Both };
// clang-format off
enum class Aggregate : std::uint8_t { Sum, Mean, Min, Max, Prod, Count, Any, All, Mode, ArgMin, ArgMax, BitOr, BitAnd };
// clang-format on
enum class Ties : std::uint8_t { Lowest, Highest, Keep };

struct AggregateOptions {
  Direction direction = Direction::In;
  std::optional<Operand> weights = {};  ///< [E], multiplies each neighbour's value
  bool include_self = false;            ///< the node's own value joins last, with weight 1
  std::optional<Operand> fill =
      {};  ///< scalar: min and max of an empty neighbourhood (default +inf, -inf or type limits)
};

struct ModeOptions {
  Direction direction = Direction::In;
  Ties ties = Ties::Lowest;
  bool include_self = false;
  std::optional<Operand> weights = {};  ///< [E]: the label with the greatest weight total wins
};

/// What `triangles` counts at a node. Each: the triangles through it. Once: of every triangle one corner
/// counts it, so that their sum is the number of triangles; faster. Arcs: the stored directed edges between
/// any two of its neighbours (parallel ones once), which the clustering coefficient of directed graphs wants.
enum class Triangles : std::uint8_t { Each, Once, Arcs };

struct BestLabelOptions {
  Direction direction = Direction::In;
  std::optional<Operand> weights = {};  ///< f64[E]; 1 each without
};

struct RandomWalkOptions {
  Direction direction = Direction::Out;
  Operand restart = 0.0;  ///< probability, each step, of going back to the start
  Operand seed = 0;       ///< i64
  std::optional<Operand> weights =
      {};  ///< f64[E]: a step takes an edge with probability in proportion (not positive: never)
};
struct RandomWalk {
  Value last;    ///< i64, per walker: the node where it is after `length` steps
  Value visits;  ///< i64[V]: how often walkers stood at each node, starts included
};

/// The graph that the program will run on. Columns over nodes are [V], over stored edges [E] (CSR order).
class GraphRef {
 public:
  Value node_count(Source where = Source::current()) const;  ///< i64
  Value edge_count(
      Source where = Source::current()) const;  ///< i64: stored edges; an undirected edge counts twice
  Value node_index(
      Source where = Source::current()) const;  ///< i32[V]: 0, 1, ...; ordered as the user's ids are
  Value edge_src(Source where = Source::current()) const;  ///< i32[E]
  Value edge_dst(Source where = Source::current()) const;  ///< i32[E]
  /// A column of one value.
  Value full(const Operand& value) const;        ///< [V]
  Value full_edges(const Operand& value) const;  ///< [E]

  /// Number of edges at each node, i64[V]; with weights [E] their sum.
  Value degree(Direction direction = Direction::Out, Source where = Source::current()) const;
  Value degree(Direction direction, const Operand& weights) const;

  Value gather_src(const Operand& x) const;  ///< [V] -> [E]: x at each edge's source
  Value gather_dst(const Operand& x) const;  ///< [V] -> [E]: x at each edge's target
  /// [E] -> [V]: the edges at each node combined; `fill` (default the identity) where there is none.
  Value reduce_edges(const Operand& e, EdgeEnd at, Monoid monoid, std::optional<Operand> fill = {}) const;
  /// [V] -> [V]: the neighbours' values combined.
  Value neighbor_agg(const Operand& x, Aggregate aggregate, const AggregateOptions& options = {}) const;
  Value in_sum(const Operand& x) const { return neighbor_agg(x, Aggregate::Sum); }
  Value out_sum(const Operand& x) const {
    return neighbor_agg(x, Aggregate::Sum, {.direction = Direction::Out});
  }
  Value in_min(const Operand& x) const { return neighbor_agg(x, Aggregate::Min); }
  Value in_max(const Operand& x) const { return neighbor_agg(x, Aggregate::Max); }
  Value in_mean(const Operand& x) const { return neighbor_agg(x, Aggregate::Mean); }
  /// i32|i64[V] -> the same: the most frequent label among the neighbours; the own label where there is none.
  Value neighbor_mode(const Operand& labels, const ModeOptions& options = {}) const;

  /// The k-th neighbour (from 0, in row order) of each node, i64, over the domain of `node` and `k` (i32 or
  /// i64 columns over one domain): -1 where the node is none or has no such neighbour. Both: in, then out.
  Value neighbor_at(const Operand& node, const Operand& k, Direction direction = Direction::Out) const;
  /// A neighbour of each node (i32 or i64, any domain) by `u` (f64, in [0, 1)): floor(u * degree), or, with
  /// weights f64[E], the first whose running sum of positive weights exceeds u * their sum. -1 as above.
  Value pick_neighbor(const Operand& node, const Operand& u, Direction direction = Direction::Out,
                      const std::optional<Operand>& weights = {}) const;

  // Of the undirected simple view: who is adjacent in either direction; no self-loops, parallel edges once.
  /// i64[V]: how many nodes are adjacent.
  Value neighbor_count(Source where = Source::current()) const;
  /// i64[E]: how many nodes are adjacent to both ends of each edge; 0 at a self-loop.
  Value common_neighbors(Source where = Source::current()) const;
  /// i64[V]: see `Triangles`.
  Value triangles(Triangles count = Triangles::Each, Source where = Source::current()) const;

  /// The label (of `labels`, i32|i64[V]) among the neighbours' and the own one that scores highest, with
  /// score(c) = weight of the edges to neighbours labelled c - factor * node_cost[v] * cost(c), where cost(c)
  /// is label_cost[c] (0 for c outside of 0..V-1), less node_cost[v] when c is the own label. Edges from v to
  /// itself do not count. The own label stays unless another scores higher; ties of others to the lowest; a
  /// NaN is below all numbers. Costs are f64[V], factor f64. With node_cost = weighted degree, label_cost =
  /// its sum by label and factor = resolution / (2m) this is the local move of Louvain.
  Value best_label(const Operand& labels, const Operand& node_cost, const Operand& label_cost,
                   const Operand& factor, const BestLabelOptions& options = {}) const;
  /// [V]: each node gets what the x of all nodes with its label combine to (sum mean min max prod count any
  /// all bit_or bit_and). Labels are i32|i64[V] in 0..V-1, else the run stops with RuntimeError.
  Value group_by(const Operand& labels, const Operand& x, Aggregate aggregate) const;
  /// i64[V]: how many elements of `index` (i32 or i64, any domain) are v; those outside of 0..V-1 do not
  /// count.
  Value count_at(const Operand& index) const;
  /// bool[V]: `count` nodes chosen at random (all, if there are fewer), each set as likely as any other.
  Value sample(const Operand& count, const Operand& seed) const;
  /// Likewise round(fraction * V) nodes.
  Value sample_fraction(const Operand& fraction, const Operand& seed) const;
  /// bool[V]: the largest set of nodes each of which has at least k edges (of either direction, parallel ones
  /// counted, self-loops not) to nodes of the set.
  Value k_core(const Operand& k) const;
  /// Walkers begin at the nodes of `start` (i32 or i64 column; -1: none) and take `length` steps. Who finds
  /// no edge begins again. The same seed gives the same walks, on every backend.
  RandomWalk random_walk(const Operand& start, const Operand& length,
                         const RandomWalkOptions& options = {}) const;

  /// A node or edge attribute as element type `type`; without `fallback` the graph must have it (InputError).
  Value load_node(const std::string& name, ScalarType type = ScalarType::F64,
                  std::optional<Operand> fallback = {}, Source where = Source::current()) const;
  Value load_edge(const std::string& name, ScalarType type = ScalarType::F64,
                  std::optional<Operand> fallback = {}, Source where = Source::current()) const;

 private:
  friend class ProgramBuilder;
  explicit GraphRef(std::shared_ptr<detail::Recorder> recorder) : recorder_(std::move(recorder)) {}
  std::shared_ptr<detail::Recorder> recorder_;
};

/// x[index[i]] for each i; `index` is i32 or i64. An index outside of [0, V) stops the run with RuntimeError.
Value take(const Operand& x, const Operand& index);
/// [V]: all x[i] whose index[i] is v combined; the identity where there is none. Indices are checked as for
/// `take`.
Value scatter_reduce(const Operand& x, const Operand& index, Monoid monoid);

// ------------------------------------------------------------------------------------------------------ the
// builder

struct ParameterOptions {
  std::string doc = {};
  std::optional<double> minimum = {}, maximum = {};  ///< inclusive
};

struct ConvergenceOptions {
  Operand tolerance = 1e-6;  ///< ends when norm(new - old) < tolerance; 0 never does
  Norm norm = Norm::L1;
  Operand max_iterations = 100;  ///< reaching it is reported, not an error
  int check_every = 1;           ///< iterations between tests
};

/// What a loop leaves behind besides its variables.
struct LoopResult {
  Value iterations;  ///< i64: how often the body ran
  Value finished;    ///< bool: its condition ended it, not max_iterations
};

/// Records one program. Not for use from several threads at once.
class ProgramBuilder {
 public:
  using Body = std::function<void()>;

  explicit ProgramBuilder(std::string name);
  /// Goes on with the program that `x` belongs to: for functions that record loops.
  explicit ProgramBuilder(const GraphRef& graph) : recorder_(graph.recorder_) {}
  GraphRef graph() const { return GraphRef(recorder_); }

  /// A scalar that each run may set by name. The default gives its type.
  Value parameter(const std::string& name, double fallback, const ParameterOptions& options = {},
                  Source where = Source::current());
  Value parameter(const std::string& name, std::int64_t fallback, const ParameterOptions& options = {},
                  Source where = Source::current());
  Value parameter(const std::string& name, int fallback, const ParameterOptions& options = {},
                  Source where = Source::current());
  Value parameter(const std::string& name, bool fallback, const ParameterOptions& options = {},
                  Source where = Source::current());
  /// A node that each run may choose by the user's id; its index, i32. Default: the node with the smallest
  /// id.
  Value node_parameter(const std::string& name, const std::string& doc = {},
                       Source where = Source::current());
  Value constant(Constant value, Source where = Source::current());
  Value constant(const Operand& value);
  Value iota(std::int64_t length, Source where = Source::current());  ///< i64[length]: 0, 1, ...

  Variable variable(const Operand& initial);

  /// Runs `body` `count` times.
  LoopResult loop(const Operand& count, const Body& body);
  /// Runs `body` while `condition()` holds; it is tested before each iteration (and so recorded twice).
  LoopResult while_loop(const std::function<Value()>& condition, const Operand& max_iterations,
                        const Body& body, Source where = Source::current());
  /// Runs `body` until `variable` changes by less than the tolerance.
  LoopResult until_converged(const Variable& variable, const ConvergenceOptions& options, const Body& body,
                             Source where = Source::current());
  void if_else(const Operand& condition, const Body& then_body, const Body& else_body = {});
  /// Leaves the innermost loop; its variables keep what is assigned at this point.
  void break_if(const Operand& condition);
  /// Goes on with the next iteration of the innermost loop.
  void continue_if(const Operand& condition);
  /// i64: 0 in the first iteration of the innermost loop.
  Value iteration(Source where = Source::current());

  /// Stops the run with RuntimeError "what" when any element of `bad` is true.
  void check(const Operand& bad, const std::string& what);
  /// A named result of the run. Outputs and stores belong to the top level, outside of loops and branches.
  void output(const std::string& name, const Operand& x);
  /// A result whose elements are node indices; shown as the user's ids.
  void output_nodes(const std::string& name, const Operand& x);
  /// Sets an attribute of the graph that the program runs on.
  void store_node(const std::string& name, const Operand& x);
  void store_edge(const std::string& name, const Operand& x);

  /// The program so far. CompileError inside of a loop or branch, or when there is no output and no store.
  Program build(Source where = Source::current());

 private:
  std::shared_ptr<detail::Recorder> recorder_;
};

}  // namespace monograph
