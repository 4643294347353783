// From a region to a kernel: a struct whose members are the group's element-wise code, handed to a schedule.
#include <monograph/error.h>

#include <algorithm>
#include <map>
#include <optional>

#include "host/codegen/cuda_text.h"

namespace monograph::codegen {
namespace {

using ir::Node;
using ir::Region;
using ir::ValueId;
using Kind = KernelParameter::Kind;
using ops::OpId;

/// Why a region has no kernel; ends the emission.
struct Unsupported {
  std::string reason;
};

/// An aggregation over neighbours that is a monoid.
struct Aggregate {
  ValueId id;
  const Node* node = nullptr;
  ops::MonoidKind monoid{};
  std::string_view name;
  bool include_self = false;
  ScalarType type{};  ///< in which elements are combined
};

/// Straight-line code at one index: statements, and the names of the values computed so far.
struct Scope {
  std::string node;  ///< the index of [V] and [k] columns here
  std::string edge;  ///< the index of [E] columns here; empty where there is none
  std::string text;
  std::map<ValueId, std::string> names;
};

class Emitter {
 public:
  Emitter(const Region& region, const std::string& group) : region_(region), group_(group) {}

  KernelText emit() {
    result_.domain = domain();
    find_aggregate();
    add_parameters();
    result_.name =
        "mg_" + group_ + "_" + what() + "_" + std::string(to_string(type(region_.results[0]).scalar));
    std::string members = aggregate_ ? edge_member() + row_member() : element_member();
    const std::string holder = result_.name + "_group";
    result_.text = "struct " + holder + " {\n" + fields() + members + "};\n" + kernel(holder);
    return std::move(result_);
  }

 private:
  const Type& type(ValueId v) const { return ir::type_of(region_, v); }
  std::string_view text_of(ScalarType t) const { return device_type(t); }

  // ---- shape of the group
  Type domain() const {
    if (region_.results.empty()) throw Unsupported{"a group without results"};
    const Type first = type(region_.results.front());
    for (ValueId v : region_.results)
      if (with_scalar(type(v), first.scalar) != first)
        throw Unsupported{"results over " + to_string(first) + " and " + to_string(type(v))};
    if (first.domain == Domain::Scalar) throw Unsupported{"a scalar result"};
    return first;
  }

  void find_aggregate() {
    for (std::uint32_t i = 0; i < region_.nodes.size(); ++i) {
      if (region_.nodes[i].op != OpId::NeighborAgg) continue;
      if (aggregate_) throw Unsupported{"two aggregations over neighbours"};
      aggregate_ = read_aggregate(region_.nodes[i], {i, 0});
    }
    if (aggregate_ && result_.domain.domain != Domain::Nodes)
      throw Unsupported{"an aggregation over neighbours with results over " + to_string(result_.domain)};
  }

  Aggregate read_aggregate(const Node& node, ValueId id) {
    const auto& attrs = ops::def(node.op).attrs;
    const auto named = [&](std::size_t i) {
      return attrs[i].names[std::get<ops::EnumValue>(node.attrs[i]).index];
    };
    result_.direction = static_cast<ops::Direction>(std::get<ops::EnumValue>(node.attrs[1]).index);
    if (result_.direction == ops::Direction::Both) throw Unsupported{"an aggregation in both directions"};
    const std::string_view name = named(0), monoid = name == "count" ? "sum" : name;
    for (const ops::MonoidInfo& m : ops::monoid_table())
      if (m.name == monoid)
        return {.id = id,
                .node = &node,
                .monoid = m.kind,
                .name = name,
                .include_self = std::get<bool>(node.attrs[2]),
                .type = node.results[0].scalar};
    throw Unsupported{"graph.neighbor_agg with agg " + std::string(name)};
  }

  std::string what() const {
    if (!aggregate_) return "map";
    return (result_.direction == ops::Direction::In ? "in_" : "out_") + std::string(aggregate_->name);
  }

  // ---- parameters: fields of the struct and parameters of the kernel, in the same order
  void add(Kind kind, std::uint32_t index, const std::string& name, Type t, const std::string& spelled) {
    result_.parameters.push_back({.kind = kind, .index = index, .name = name, .type = t});
    spelled_.push_back(spelled);
  }
  std::string pointer(ScalarType t) const { return std::string(text_of(t)) + "* "; }

  void add_parameters() {
    for (std::uint32_t i = 0; i < region_.args.size(); ++i) {
      const Type& t = region_.args[i];
      const std::string name = "a" + std::to_string(i);
      add(Kind::Argument, i, name, t,
          (t.domain == Domain::Scalar ? std::string(text_of(t.scalar)) + " " : "const " + pointer(t.scalar)) +
              name);
    }
    add(Kind::NodeCount, 0, "", scalar_of(ScalarType::I64), "mg_i64 node_count");
    add(Kind::EdgeCount, 0, "", scalar_of(ScalarType::I64), "mg_i64 edge_count");
    for (std::uint32_t i = 0; i < region_.nodes.size(); ++i)
      if (region_.nodes[i].op == OpId::Parameter) add_run_parameter(i);
    if (aggregate_) {
      add(Kind::RowOffsets, 0, "", {}, "const mg_i64* row_offsets");
      add(Kind::Neighbors, 0, "", {}, "const int* neighbors");
      add(Kind::EdgePositions, 0, "", {}, "const mg_i64* edge_positions");
    }
    for (std::uint32_t i = 0; i < region_.results.size(); ++i)
      add(Kind::Result, i, "r" + std::to_string(i), type(region_.results[i]),
          pointer(type(region_.results[i]).scalar) + "r" + std::to_string(i));
    add(Kind::Count, 0, "", scalar_of(ScalarType::I64), "mg_i64 count");
  }

  void add_run_parameter(std::uint32_t node) {
    const Type& t = region_.nodes[node].results[0];
    add(Kind::Scalar, 0, std::get<std::string>(region_.nodes[node].attrs[0]), t,
        std::string(text_of(t.scalar)) + " p" + std::to_string(node));
  }

  std::string fields() const {
    std::string text;
    for (const std::string& p : spelled_) text += "  " + p + ";\n";
    return text;
  }

  // ---- code
  std::string value(Scope& s, ValueId v) {
    if (const auto known = s.names.find(v); known != s.names.end()) return known->second;
    const std::string expression = v.is_argument() ? argument(s, v) : node(s, v);
    std::string name = "v" + std::to_string(s.names.size());
    s.text += "    const " + std::string(text_of(type(v).scalar)) + " " + name + " = " + expression + ";\n";
    return s.names.emplace(v, std::move(name)).first->second;
  }

  std::string argument(const Scope& s, ValueId v) const {
    const std::string name = "a" + std::to_string(v.result);
    switch (type(v).domain) {
      case Domain::Scalar:
        return name;
      case Domain::Edges:
        if (s.edge.empty()) throw Unsupported{"an [E] column at a node"};
        return name + "[" + s.edge + "]";
      default:
        if (s.node.empty()) throw Unsupported{"a [V] column at an edge"};
        return name + "[" + s.node + "]";
    }
  }

  std::string node(Scope& s, ValueId v) {
    const Node& n = region_.nodes[v.node];
    if (ops::is_scalar(n.op)) return row(s, n);
    switch (n.op) {
      case OpId::Constant:
      case OpId::Full:
        return device_literal(std::get<Constant>(n.attrs[0]));
      case OpId::Broadcast:
        return value(s, n.operands[0]);
      case OpId::Parameter:
        return "p" + std::to_string(v.node);
      case OpId::NodeCount:
        return "node_count";
      case OpId::EdgeCount:
        return "edge_count";
      case OpId::NodeIndex:
        return "int(" + s.node + ")";
      case OpId::Iota:
        return "mg_i64(" + s.node + ")";
      case OpId::NeighborAgg:
        throw Unsupported{"an aggregation of an aggregation"};
      default:
        throw Unsupported{std::string(ops::def(n.op).name)};
    }
  }

  std::string row(Scope& s, const Node& n) {
    const ops::ScalarOp op = ops::scalar_op(n.op);
    const bool select = ops::info(op).operands == ops::Operands::Select;
    std::vector<std::string> operands;
    for (ValueId v : n.operands) operands.push_back(value(s, v));
    return device_call(op, type(n.operands[select ? 1 : 0]).scalar, n.results[0].scalar, operands);
  }

  std::string stores(Scope& s, const std::string& index) {
    std::string text;
    for (std::size_t i = 0; i < region_.results.size(); ++i) {
      const std::string v = value(s, region_.results[i]);
      text += "    r" + std::to_string(i) + "[" + index + "] = " + v + ";\n";
    }
    return s.text + text;
  }

  std::string element_member() {
    Scope s;
    (result_.domain.domain == Domain::Edges ? s.edge : s.node) = "i";
    return "  MG_FN void element(mg_i64 i) const {\n" + stores(s, "i") + "  }\n";
  }

  /// What edge k adds: x at the neighbour, times the edge's weight where there is one.
  std::string edge_member() {
    const Node& n = *aggregate_->node;
    Scope s{.node = "u", .edge = "e", .text = {}, .names = {}};
    const ScalarType t = type(n.operands[0]).scalar;
    std::string x = value(s, n.operands[0]);
    if (!n.operands[1].is_none()) {
      const std::string both[] = {x, value(s, n.operands[1])};
      x = device_call(ops::ScalarOp::Mul, t, t, both);
    }
    return "  MG_FN " + std::string(text_of(t)) +
           " edge(mg_i64 k) const {\n    const int u = neighbors[k];\n"
           "    [[maybe_unused]] const mg_i64 e = edge_positions ? edge_positions[k] : k;\n" +
           s.text + "    return " + x + ";\n  }\n";
  }

  /// What a row stores, once its neighbours are combined.
  std::string row_member() {
    const Node& n = *aggregate_->node;
    const std::string t(text_of(aggregate_->type)),
        monoid = "mg_monoid_" + std::string(ops::info(aggregate_->monoid).name);
    Scope s{.node = "i", .edge = {}, .text = {}, .names = {}};
    std::string combined = "combined";
    if (aggregate_->include_self) {
      const std::string self = t + "(" + value(s, n.operands[0]) + ")";
      combined = monoid + "::combine(combined, " + self + ")";
    } else if (!n.operands[2].is_none()) {
      combined = "degree == 0 ? " + value(s, n.operands[2]) + " : combined";
    }
    s.text += "    const " + t + " aggregate = " + combined + ";\n";
    s.names.emplace(aggregate_->id, "aggregate");
    return "  MG_FN void row(mg_i64 i, " + t + " combined, [[maybe_unused]] mg_i64 degree) const {\n" +
           stores(s, "i") + "  }\n";
  }

  std::string kernel(const std::string& holder) const {
    std::string parameters, names;
    for (std::size_t i = 0; i < spelled_.size(); ++i) {
      parameters += (i ? ", " : "") + spelled_[i];
      names += (i ? ", " : "") + spelled_[i].substr(spelled_[i].rfind(' ') + 1);
    }
    const std::string run = aggregate_ ? "mg_pull_rows<mg_monoid_" +
                                             std::string(ops::info(aggregate_->monoid).name) + ", " +
                                             std::string(text_of(aggregate_->type)) + ">(row_offsets, count, "
                                       : "mg_map(count, ";
    return "extern \"C\" __global__ void __launch_bounds__(" + std::to_string(result_.block_threads) + ") " +
           result_.name + "(" + parameters + ") {\n  " + run + holder + "{" + names +
           "});\n}\nMG_KERNEL_ENTRY(" + result_.name + ")\n";
  }

  const Region& region_;
  const std::string& group_;
  std::optional<Aggregate> aggregate_;
  std::vector<std::string> spelled_;  ///< parameters as C++ text
  KernelText result_;
};

}  // namespace

KernelText emit_group(const ir::Region& region, const std::string& group) {
  try {
    return Emitter(region, group).emit();
  } catch (const Unsupported& u) {
    KernelText none;
    none.reason = "no device text for " + u.reason;
    return none;
  }
}

}  // namespace monograph::codegen
