#include "property/random_program.h"

#include <monograph/order.h>

#include <array>
#include <limits>
#include <optional>

#include "host/ir/recorder.h"

namespace monograph::testing {
namespace {

constexpr double kInf = std::numeric_limits<double>::infinity();
constexpr std::array kNumbers{
    0.0,   1.0,    -1.0, 0.5, 2.0, -0.0, 3.25, -7.0, kInf, -kInf, std::numeric_limits<double>::quiet_NaN(),
    1e300, 1e-300, 100.0};

/// Reads choices one by one; when they run out, every further choice is 0.
class Stream {
 public:
  explicit Stream(const Choices& choices) : choices_(choices) {}
  bool more() const { return at_ < choices_.size(); }
  std::size_t pick(std::size_t n) { return at_ < choices_.size() ? choices_[at_++] % n : 0; }

 private:
  const Choices& choices_;
  std::size_t at_ = 0;
};

class Generator {
 public:
  explicit Generator(const Choices& choices) : in_(choices), p_("random"), g_(p_.graph()) {}

  Program run() {
    seed_pool();
    while (in_.more()) step(0);
    for (std::size_t i = 0; i < variables_.size(); ++i) p_.output("v" + std::to_string(i), variables_[i]);
    for (std::size_t i = pool_.size(); i-- > 0 && i + 6 > pool_.size();)
      p_.output("p" + std::to_string(i), pool_[i]);
    return p_.build();
  }

 private:
  void seed_pool() {
    pool_ = {
        g_.load_node("x"),        g_.node_index(), g_.load_edge("weight"),  as_i64(g_.degree(Direction::Out)),
        p_.constant(1.5),         g_.node_count(), g_.load_node("x") > 0.0, p_.parameter("parameter", 0.75),
        as_f32(g_.load_node("x"))};
    variables_.push_back(p_.variable(pool_[0]));
    variables_.push_back(p_.variable(pool_[1]));
    variables_.push_back(p_.variable(p_.constant(2)));
  }

  /// A value of the pool that fits, searched from a chosen place; nothing when there is none.
  template <class Fits>
  std::optional<Value> find(Fits fits) {
    const std::size_t start = in_.pick(pool_.size());
    for (std::size_t i = 0; i < pool_.size(); ++i) {
      const Value& v = pool_[(start + pool_.size() - i) % pool_.size()];
      if (fits(v.type())) return v;
    }
    return std::nullopt;
  }
  std::optional<Value> nodes(auto allowed) {
    return find([&](const Type& t) { return t.domain == Domain::Nodes && allowed(t.scalar); });
  }
  static bool number(ScalarType s) { return s != ScalarType::Bool; }
  static bool boolean(ScalarType s) { return s == ScalarType::Bool; }

  void add(const std::optional<Value>& v) {
    if (v) pool_.push_back(*v);
  }

  void step(int depth) {
    switch (in_.pick(depth < 3 ? 13 : 10)) {
      case 0:
      case 1:
      case 2:
        return add(element_wise());
      case 3:
        return add(neighbours());
      case 4:
        return add(edges());
      case 5:
        return add(reduction());
      case 6:
        return add(indexed());
      case 7:
        return assign();
      case 8:
        return add(literal());
      case 9:
        return add(whole());
      case 10:
        return loop(depth);
      case 11:
        return branch(depth);
      default:
        return escape();
    }
  }

  std::optional<Value> literal() {
    const double d = kNumbers[in_.pick(kNumbers.size())];
    switch (in_.pick(4)) {
      case 0:
        return p_.constant(Constant::of(static_cast<std::int32_t>(in_.pick(7)) - 3));
      case 1:
        return p_.constant(Constant::of(static_cast<std::int64_t>(in_.pick(9)) - 4));
      case 2:
        return p_.constant(Constant::of(static_cast<float>(d)));
      default:
        return p_.constant(Constant::of(d));
    }
  }

  std::optional<Value> element_wise() {
    const auto table = ops::scalar_table();
    const ops::ScalarInfo& row = table[in_.pick(table.size())];
    const auto first = find([&](const Type& t) { return ops::allows(row.allowed, t.scalar); });
    if (!first) return std::nullopt;
    std::vector<Operand> operands;
    Domain domain = first->type().domain;
    const auto joins = [&](const Type& t) {
      if (domain == Domain::Scalar || t.domain == Domain::Scalar || t.domain == domain) return true;
      return false;
    };
    const auto take_operand = [&](auto fits) {
      const auto v = find([&](const Type& t) { return fits(t) && joins(t); });
      if (v && v->type().domain != Domain::Scalar) domain = v->type().domain;
      if (v) operands.push_back(*v);
      return v.has_value();
    };
    if (row.operands == ops::Operands::Select &&
        !take_operand([](const Type& t) { return boolean(t.scalar); }))
      return std::nullopt;
    if (domain != first->type().domain && !joins(first->type())) return std::nullopt;
    operands.push_back(*first);
    while (operands.size() < static_cast<std::size_t>(row.arity))
      if (!take_operand([&](const Type& t) { return t.scalar == first->type().scalar; })) return std::nullopt;
    ir::Attr to;
    if (row.result == ops::ResultRule::Target) to = scalar_of(static_cast<ScalarType>(in_.pick(5)));
    return detail::Recorder::of({&operands.back()}).scalar(row.op, operands, to);
  }

  std::optional<Value> neighbours() {
    const auto direction = static_cast<Direction>(in_.pick(3));
    const bool self = in_.pick(2) == 1;
    const auto agg = static_cast<Aggregate>(in_.pick(13));
    const bool logical = agg == Aggregate::Any || agg == Aggregate::All || agg == Aggregate::Count;
    const bool labels = agg == Aggregate::Mode, bits = agg >= Aggregate::BitOr;
    const auto x = nodes([&](ScalarType s) {
      return logical ? boolean(s) : labels || bits ? is_integer(s) : number(s);
    });
    if (!x) return std::nullopt;
    if (labels && in_.pick(2))
      return g_.neighbor_mode(
          *x, {.direction = direction, .ties = static_cast<Ties>(in_.pick(3)), .include_self = self});
    AggregateOptions o{.direction = direction, .include_self = self};
    if (!logical && !labels && !bits && in_.pick(3) == 0)
      if (const auto w =
              find([&](const Type& t) { return t.domain == Domain::Edges && t.scalar == x->type().scalar; }))
        o.weights = *w;
    return g_.neighbor_agg(*x, agg, o);
  }

  std::optional<Value> edges() {
    switch (in_.pick(3)) {
      case 0: {
        const auto x = nodes([](ScalarType) { return true; });
        return x ? std::optional(in_.pick(2) ? g_.gather_src(*x) : g_.gather_dst(*x)) : std::nullopt;
      }
      case 1:
        return in_.pick(2) ? g_.edge_src() : g_.edge_dst();
      default: {
        const auto monoid = static_cast<Monoid>(in_.pick(8));
        const bool logical = monoid == Monoid::Any || monoid == Monoid::All, bits = monoid >= Monoid::BitOr;
        const auto e = find([&](const Type& t) {
          return t.domain == Domain::Edges && (bits ? is_integer(t.scalar) : boolean(t.scalar) == logical);
        });
        return e ? std::optional(g_.reduce_edges(*e, static_cast<EdgeEnd>(in_.pick(3)), monoid))
                 : std::nullopt;
      }
    }
  }

  std::optional<Value> reduction() {
    const auto x = find([](const Type& t) { return t.domain != Domain::Scalar; });
    if (!x) return std::nullopt;
    if (boolean(x->type().scalar)) return in_.pick(2) ? any(*x) : count(*x);
    switch (in_.pick(9)) {
      case 0:
        return sum(*x);
      case 1:
        return reduce_min(*x);
      case 2:
        return reduce_max(*x);
      case 3:
        return prod(*x);
      case 4:
        return mean(*x);
      case 5:
        return argmax(*x);
      case 6:
        return norm_l1(*x);
      case 7:
        return is_float(x->type().scalar) ? normalize(*x, static_cast<Normalize>(in_.pick(3))) : argmin(*x);
      default:
        return is_float(x->type().scalar) ? standardize(*x) : variance(*x);
    }
  }

  /// Operations that are steps of their own.
  std::optional<Value> whole() {
    if (in_.pick(2)) return rows();
    const auto x = find([](const Type& t) { return t.domain != Domain::Scalar; });
    if (!x) return std::nullopt;
    const bool falling = in_.pick(2) == 1;
    switch (in_.pick(8)) {
      case 0:
        return argsort(*x, falling);
      case 1:
        return monograph::sort(*x, falling);
      case 2:
        return monograph::rank(*x, static_cast<RankTies>(in_.pick(3)), falling);
      case 3:
        return frequency(*x);
      case 4:
        return is_first(*x);
      case 5:
        return number(x->type().scalar) ? mode(*x) : unique_count(*x);
      case 6:
        return number(x->type().scalar) ? median(*x) : unique_count(*x);
      default:
        return is_integer(x->type().scalar) ? g_.count_at(*x) : sum(top_k(*x, 3, falling));
    }
  }

  std::optional<Value> rows() {
    const auto direction = static_cast<Direction>(in_.pick(3));
    const auto node = nodes([](ScalarType s) { return is_integer(s); });
    const auto x = nodes([](ScalarType s) { return s == ScalarType::F64; });
    const auto w = find([](const Type& t) { return t == edges_of(ScalarType::F64); });
    switch (in_.pick(6)) {
      case 0:
        return g_.neighbor_count();
      case 1:
        return g_.common_neighbors();
      case 2:
        return g_.triangles(static_cast<Triangles>(in_.pick(3)));
      case 3:
        return node ? std::optional(g_.neighbor_at(g_.node_index(), *node, direction)) : std::nullopt;
      case 4:
        if (!node || !x) return std::nullopt;
        return g_.pick_neighbor(*node, *x, direction,
                                in_.pick(2) ? std::optional<Operand>(*w) : std::nullopt);
      default:
        if (!node || !x) return std::nullopt;
        return g_.best_label(*node, *x, *x, 0.5, {.direction = direction, .weights = *w});
    }
  }

  std::optional<Value> indexed() {
    const auto x = nodes(number);
    const auto i = nodes([](ScalarType s) { return is_integer(s); });
    if (!x || !i) return std::nullopt;
    const Value wild = as_i64(*i);
    const Value index = in_.pick(8) == 7 ? failing(wild) : safe_mod(wild, max(g_.node_count(), 1));
    if (in_.pick(2)) return take(*x, index);
    const std::size_t monoid = in_.pick(6);
    const bool bits = monoid > 3 && is_integer(x->type().scalar);
    return scatter_reduce(*x, index, static_cast<Monoid>(bits ? monoid + 2 : monoid % 4));
  }

  /// An index with which some runs fail: one that lives on, or that nobody else reads.
  Value failing(const Value& index) {
    switch (in_.pick(3)) {
      case 0:
        return index;
      case 1:
        return index + 1;
      default:
        return index - 1;
    }
  }

  void assign() {
    Variable& v = variables_[in_.pick(variables_.size())];
    const Type type = v.value().type();
    if (const auto x = find([&](const Type& t) { return t == type; })) v = *x;
    if (in_.pick(4) == 3 && type == variables_[0].value().type()) pool_.push_back(v);
  }

  void body(int depth) {
    const std::size_t outside = pool_.size();
    for (Variable& v : variables_) pool_.push_back(v);
    const std::size_t steps = 1 + in_.pick(6);
    if (loops_ > 0 && in_.pick(3) == 1) pull();
    for (std::size_t i = 0; i < steps; ++i) step(depth + 1);
    if (in_.pick(2)) swap(variables_[0], variables_[0]);
    assign();
    pool_.resize(outside, pool_[0]);  // what is computed inside may not be used outside
  }

  /// What iterative algorithms begin with: neighbours' values of something made from a carried column, and a
  /// total of it, become the column's next value.
  void pull() {
    Variable& y = variables_[0];
    const auto real = [&](Domain d) {
      return find([&](const Type& t) { return t == Type{.scalar = ScalarType::F64, .domain = d}; });
    };
    const auto derived = [&]() -> Value {
      const auto other = real(in_.pick(2) ? Domain::Nodes : Domain::Scalar);
      if (!other) return y;
      switch (in_.pick(4)) {
        case 0:
          return y * *other;
        case 1:
          return safe_div(y, *other, 0.0);
        case 2:
          return where(*other > 0.0, y, -*other);
        default:
          return max(y, *other) - y;
      }
    };
    const Value gathered = derived();
    const Value next = in_.pick(3) == 0 ? g_.in_max(gathered)
                                        : g_.neighbor_agg(gathered, Aggregate::Sum, {.include_self = true});
    const Value total = in_.pick(2) ? sum(derived()) : reduce_max(in_.pick(2) ? gathered : y);
    if (in_.pick(3) == 0) pool_.push_back(gathered);
    y = in_.pick(2) ? next : in_.pick(2) ? next + total : derived() / total;
  }

  void loop(int depth) {
    ++loops_;
    const auto run = [&] { body(depth); };
    switch (in_.pick(3)) {
      case 0:
        p_.loop(static_cast<int>(in_.pick(4)), run);
        break;
      case 1:
        p_.until_converged(variables_[0],
                           {.tolerance = 0.5,
                            .norm = static_cast<Norm>(in_.pick(3)),
                            .max_iterations = 3,
                            .check_every = 1 + static_cast<int>(in_.pick(2))},
                           run);
        break;
      default:
        p_.while_loop([&] { return variables_[2] < 5; }, 3, run);
    }
    --loops_;
  }

  void branch(int depth) {
    const auto c = find([](const Type& t) { return t == scalar_of(ScalarType::Bool); });
    const Value condition = c ? *c : any(pool_[6]);
    p_.if_else(
        condition, [&] { body(depth); }, [&] { body(depth); });
  }

  void escape() {
    if (loops_ == 0) return;
    const Value condition = variables_[2].value() > static_cast<int>(in_.pick(4));
    // values computed after this point live in the guarded rest of the body, which is fine: so does their use
    if (in_.pick(2))
      p_.break_if(condition);
    else
      p_.continue_if(condition);
  }

  Stream in_;
  ProgramBuilder p_;
  GraphRef g_;
  std::vector<Value> pool_;
  std::vector<Variable> variables_;
  int loops_ = 0;
};

}  // namespace

Program random_program(const Choices& choices) { return Generator(choices).run(); }

Graph random_graph(const Choices& choices) {
  Stream in(choices);
  EdgeList list;
  const auto n = static_cast<std::int32_t>(in.pick(13));
  list.undirected = in.pick(3) == 1;
  list.ids = NodeIds::dense(n);
  std::vector<double> weights;
  const std::size_t edges = n == 0 ? 0 : in.pick(40);
  for (std::size_t i = 0; i < edges; ++i) {
    list.source.push_back(static_cast<std::int32_t>(in.pick(static_cast<std::size_t>(n))));
    list.target.push_back(static_cast<std::int32_t>(in.pick(static_cast<std::size_t>(n))));
    weights.push_back(kNumbers[in.pick(kNumbers.size())]);
  }
  list.attributes.push_back({"weight", Column::of(std::span<const double>(weights))});
  Graph g = Graph::from_edges(std::move(list));
  std::vector<double> x;
  for (std::int32_t v = 0; v < n; ++v) x.push_back(kNumbers[in.pick(kNumbers.size())]);
  g.set_node_attribute("x", Column::of(std::span<const double>(x)));
  return g;
}

}  // namespace monograph::testing
