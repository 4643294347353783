// Checks, branches and loops: type rules of regions, and what runs how often.
#include "ops_harness.h"

namespace monograph::ops::testing {
namespace {

using monograph::scalar_of;
constexpr Type kBool = scalar_of(ScalarType::Bool), kI64 = scalar_of(ScalarType::I64),
               kF64 = scalar_of(ScalarType::F64);

TEST(Check, StopsAtTheFirstBadElement) {
  FakeRun r(small_graph());
  const auto check = [&](Value bad) {
    run_all(r, OpId::Check, {std::move(bad)}, {std::string("division by zero")});
  };
  check(nodes<bool>(std::vector<bool>(6, false)));
  check(scalar(false));
  EXPECT_EQ(error_of<RuntimeError>([&] {
              check(nodes<bool>({false, false, true, false, true, false}));
            }),
            "here.cpp:7: control.check: division by zero at index 2");
  r.loop = " in iteration 3";
  EXPECT_EQ(error_of<RuntimeError>([&] { check(scalar(true)); }),
            "here.cpp:7: control.check: division by zero in iteration 3");
  EXPECT_EQ(error_of<CompileError>([&] { check(scalar(1.0)); }),
            "here.cpp:7: control.check: expected elements of bool as operand bad, got f64");
}

Body constant_body(double value) {
  return {{{kF64}, {kF64}}, [value](std::vector<Value>) { return std::vector<Value>{scalar(value)}; }};
}

TEST(If, RunsOneBranchOnItsCaptures) {
  FakeRun r;
  const Body twice{{{kF64}, {kF64}}, [](std::vector<Value> args) {
                     return std::vector<Value>{scalar(2 * list<double>(args.at(0))[0])};
                   }};
  const Body never{{{kF64}, {kF64}}, [](std::vector<Value>) -> std::vector<Value> {
                     ADD_FAILURE() << "the other branch ran";
                     return {scalar(0.0)};
                   }};
  const auto branch = [&](bool c, const Body& a, const Body& b) {
    return list<double>(run_all(r, OpId::If, {scalar(c), scalar(21.0)}, {}, {a, b}).at(0));
  };
  EXPECT_EQ(branch(true, twice, never), std::vector<double>{42});
  EXPECT_EQ(branch(false, never, twice), std::vector<double>{42});
}

TEST(Fused, RunsItsRegionOnItsOperands) {
  FakeRun r;
  const Body both{{{kF64, kI64}, {kI64, kF64}}, [](std::vector<Value> args) {
                    return std::vector<Value>{args.at(1), args.at(0)};
                  }};
  const auto results = run_all(r, OpId::Fused, {scalar(2.5), scalar(std::int64_t{7})}, {}, {both});
  EXPECT_EQ(list<std::int64_t>(results.at(0)), std::vector<std::int64_t>{7});
  EXPECT_EQ(list<double>(results.at(1)), std::vector<double>{2.5});
  EXPECT_EQ(error_of<CompileError>([&] { run_all(r, OpId::Fused, {scalar(2.5)}, {}, {both}); }),
            "here.cpp:7: control.fused: expected arguments of the group (f64), got (f64, i64)");
}

TEST(If, RegionsMustFit) {
  FakeRun r;
  const auto error = [&](Operands operands, const Body& a, const Body& b) {
    return error_of<CompileError>([&] { run_all(r, OpId::If, operands, {}, {a, b}); });
  };
  const Body good = constant_body(1);
  Body extra = good, other = good;
  extra.type.args.push_back(kBool);
  other.type.results = {kI64};
  EXPECT_EQ(error({scalar(1.0), scalar(1.0)}, good, good),
            "here.cpp:7: control.if: expected a scalar of bool as operand condition, got f64");
  EXPECT_EQ(error({scalar(true), scalar(1.0)}, extra, good),
            "here.cpp:7: control.if: expected arguments of the first branch (f64), got (f64, bool)");
  EXPECT_EQ(error({scalar(true)}, good, good),
            "here.cpp:7: control.if: expected arguments of the first branch (), got (f64)");
  EXPECT_EQ(error({scalar(true), scalar(1.0)}, good, extra),
            "here.cpp:7: control.if: expected arguments of the second branch (f64), got (f64, bool)");
  EXPECT_EQ(error({scalar(true), scalar(1.0)}, good, other),
            "here.cpp:7: control.if: expected results of the second branch like those of the first, (f64), "
            "got (i64)");
  EXPECT_THROW(run_all(r, OpId::If, {scalar(true), scalar(1.0)}, {}, {good}), CompileError);
}

// ---- loops
/// (iteration, a, b, limit) -> (iteration + 1 < limit, b, a)
Body swap_body() {
  return {{{kI64, kF64, kF64, kI64}, {kBool, kF64, kF64}}, [](std::vector<Value> args) {
            const auto i = list<std::int64_t>(args.at(0))[0], limit = list<std::int64_t>(args.at(3))[0];
            return std::vector<Value>{scalar(i + 1 < limit), args.at(2), args.at(1)};
          }};
}

struct LoopOutcome {
  double a, b;
  std::int64_t iterations;
  bool finished;
  bool operator==(const LoopOutcome&) const = default;
};
LoopOutcome swap_loop(FakeRun& r, bool go, std::int64_t most, std::int64_t limit) {
  const auto out =
      run_all(r, OpId::While, {scalar(go), scalar(most), scalar(1.0), scalar(2.0), scalar(limit)},
              {std::int64_t{2}}, {swap_body()});
  return {list<double>(out.at(0))[0], list<double>(out.at(1))[0], list<std::int64_t>(out.at(2))[0],
          list<bool>(out.at(3))[0]};
}

TEST(While, CarriesInParallel) {
  FakeRun r;
  EXPECT_EQ(swap_loop(r, true, 100, 3), (LoopOutcome{2, 1, 3, true}));
  EXPECT_EQ(swap_loop(r, true, 100, 4), (LoopOutcome{1, 2, 4, true}));
  EXPECT_EQ(r.iterations, (std::vector<std::int64_t>{0, 1, 2, 0, 1, 2, 3}));
  EXPECT_EQ(r.ends, (std::vector<std::pair<std::int64_t, bool>>{{3, true}, {4, true}}));
}

TEST(While, ReportsWhatEndedIt) {
  FakeRun r;
  EXPECT_EQ(swap_loop(r, true, 3, 100), (LoopOutcome{2, 1, 3, false}));
  EXPECT_EQ(swap_loop(r, true, 3, 3), (LoopOutcome{2, 1, 3, true}));  // both at once: its condition
  EXPECT_EQ(swap_loop(r, false, 100, 3), (LoopOutcome{1, 2, 0, true}));
  EXPECT_EQ(swap_loop(r, true, 0, 3), (LoopOutcome{1, 2, 0, false}));
  EXPECT_EQ(swap_loop(r, true, -5, 3), (LoopOutcome{1, 2, 0, false}));
  EXPECT_EQ(r.ends, (std::vector<std::pair<std::int64_t, bool>>{
                        {3, false}, {3, true}, {0, true}, {0, false}, {0, false}}));
}

TEST(While, CarriesColumnsAndNothing) {
  FakeRun r(small_graph());
  const Type column = nodes_of(ScalarType::F64);
  const Body add_one{
      {{kI64, column}, {kBool, column}}, [&](std::vector<Value> args) {
        return std::vector<Value>{scalar(true), run(r, scalar_id(ScalarOp::Add), {args.at(1), scalar(1.0)})};
      }};
  const Value zero = nodes<double>(std::vector<double>(6));
  const auto out =
      run_all(r, OpId::While, {scalar(true), scalar(std::int64_t{5}), zero}, {std::int64_t{1}}, {add_one});
  EXPECT_EQ(list<double>(out.at(0)), std::vector<double>(6, 5));
  EXPECT_EQ(list<double>(zero), std::vector<double>(6, 0));  // the initial value is untouched
  const Body empty{{{kI64}, {kBool}}, [](std::vector<Value>) { return std::vector<Value>{scalar(true)}; }};
  EXPECT_EQ(
      list<std::int64_t>(
          run_all(r, OpId::While, {scalar(true), scalar(std::int64_t{2})}, {std::int64_t{0}}, {empty}).at(0)),
      std::vector<std::int64_t>{2});
}

TEST(While, RegionsMustFit) {
  FakeRun r;
  const auto error = [&](Operands operands, std::int64_t carried, const RegionType& type) {
    return error_of<CompileError>([&] { run_all(r, OpId::While, operands, {carried}, {Body{type, {}}}); });
  };
  const Value go = scalar(true), most = scalar(std::int64_t{9}), a = scalar(1.0), cap = scalar(true);
  const RegionType good{{kI64, kF64, kBool}, {kBool, kF64}};
  EXPECT_EQ(error({most, most, a, cap}, 1, good),
            "here.cpp:7: control.while: expected a scalar of bool as operand go, got i64");
  EXPECT_EQ(error({go, scalar(9), a, cap}, 1, good),
            "here.cpp:7: control.while: expected a scalar of i64 as operand max_iterations, got i32");
  EXPECT_EQ(error({go, most, a, cap}, 3, good),
            "here.cpp:7: control.while: expected carried within 0..2, the number of values, got 3");
  EXPECT_EQ(error({go, most, a, cap}, -1, good),
            "here.cpp:7: control.while: expected carried within 0..2, the number of values, got -1");
  EXPECT_EQ(
      error({go, most, a, cap}, 1, {{kI64, kF64}, {kBool, kF64}}),
      "here.cpp:7: control.while: expected arguments of the body (iteration, carried values, captures) (i64, "
      "f64, bool), got (i64, f64)");
  EXPECT_EQ(
      error({go, most, a, cap}, 2, good),
      "here.cpp:7: control.while: expected results of the body (go, carried values) (bool, f64, bool), got "
      "(bool, f64)");
  EXPECT_EQ(error({go, most, a, cap}, 1, {{kI64, kF64, kBool}, {kBool, kI64}}),
            "here.cpp:7: control.while: expected results of the body (go, carried values) (bool, f64), got "
            "(bool, i64)");
}

}  // namespace
}  // namespace monograph::ops::testing
