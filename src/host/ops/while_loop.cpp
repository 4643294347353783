#include <algorithm>
#include <iterator>
#include <utility>

#include "host/ops/region_types.h"
#include "host/ops/signature.h"

namespace monograph::ops {
namespace {

enum : std::size_t { kGo, kMaxIterations, kFirstCarried };

constexpr OperandSpec kOperands[] = {
    {"go", "a bool scalar: whether to begin"},
    {"max_iterations", "an i64 scalar: how often the body may run"},
    {"values", "the carried values, then the captures", OperandKind::Variadic}};
constexpr AttrSpec kAttrs[] = {
    {.name = "carried", .kind = AttrKind::Int, .doc = "how many of the values the loop changes"}};

std::size_t carried_count(const InferContext& c) {
  const std::int64_t k = std::get<std::int64_t>(c.attrs[0]);
  const auto values = static_cast<std::int64_t>(c.operands.size() - kFirstCarried);
  if (k < 0 || k > values)
    c.fail("carried within 0.." + std::to_string(values) + ", the number of values", std::to_string(k));
  return static_cast<std::size_t>(k);
}

std::vector<Type> infer(const InferContext& c) {
  expect_scalar(c, kGo, ScalarType::Bool);
  expect_scalar(c, kMaxIterations, ScalarType::I64);
  expect_regions(c);
  const std::size_t k = carried_count(c);

  auto args = operand_types(c, kFirstCarried, c.operands.size() - kFirstCarried);
  args.insert(args.begin(), scalar_of(ScalarType::I64));
  expect_types(c, "arguments of the body (iteration, carried values, captures)", args, c.regions[0].args);

  auto results = operand_types(c, kFirstCarried, k);
  results.insert(results.begin(), scalar_of(ScalarType::Bool));
  expect_types(c, "results of the body (go, carried values)", results, c.regions[0].results);

  results.erase(results.begin());
  results.push_back(scalar_of(ScalarType::I64));
  results.push_back(scalar_of(ScalarType::Bool));
  return results;
}

template <class T>
Value scalar_value(T v) {
  Value value{scalar_of(scalar_type_of<T>), Column(scalar_type_of<T>, 1)};
  value.column.set(0, Constant::of(v));
  return value;
}

/// One run of the body: all carried values change at once.
bool iterate(EvalContext& c, std::int64_t iteration, std::vector<Value>& carried) {
  std::vector<Value> args{scalar_value(iteration)};
  std::ranges::move(carried, std::back_inserter(args));
  for (std::size_t i = kFirstCarried + carried.size(); i < c.operands.size(); ++i) args.push_back(c.in(i));
  auto results = c.region(0, std::move(args));
  std::move(results.begin() + 1, results.end(), carried.begin());
  return std::as_const(results[0].column).span<bool>()[0];
}

void evaluate(EvalContext& c) {
  const std::int64_t most = c.in<std::int64_t>(kMaxIterations)[0];
  std::vector<Value> carried;
  for (std::size_t i = 0; i + 2 < c.results.size(); ++i) carried.push_back(c.in(kFirstCarried + i));
  bool go = c.in<bool>(kGo)[0];
  std::int64_t i = 0;
  for (; go && i < most; ++i) {
    c.run.begin_iteration(i);
    go = iterate(c, i, carried);
  }
  c.run.end_loop(i, !go);
  std::ranges::move(carried, c.results.begin());
  c.results[carried.size()] = scalar_value(i);
  c.results[carried.size() + 1] = scalar_value(!go);
}

}  // namespace

extern const OpDef while_loop{.name = "control.while",
                              .doc =
                                  "runs the body while go is true, at most max_iterations times. Body: "
                                  "(iteration, carried values, captures) "
                                  "-> (go, carried values). Yields the carried values, iterations: i64, and "
                                  "finished: bool (go, not the "
                                  "limit, ended it)",
                              .access = Access::Control,
                              .effect = Effect::Report,
                              .operands = kOperands,
                              .attrs = kAttrs,
                              .regions = 1,
                              .argument_offset = 1,
                              .infer = infer,
                              .evaluate = evaluate};

}  // namespace monograph::ops
