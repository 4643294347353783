// Laws that hold for every program on every graph.
#include <gtest/gtest.h>
#include <monograph/session.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <cstring>

#include "host/ir/builder.h"
#include "host/passes/passes.h"
#include "property/random_program.h"

using namespace monograph;
using monograph::testing::Choices;
using monograph::testing::random_graph;
using monograph::testing::random_program;

namespace {

/// What a run gave, element by element; every NaN reads the same. A failed run is what it failed with.
std::string outcome(Session& session, const Executable& e, const Graph& g) {
  std::string s;
  try {
    const Result r = session.run(e, g);
    for (const Output& o : r.outputs()) {
      s += o.name + " " + to_string(o.type) + ":";
      for (std::int64_t i = 0; i < o.column.size(); ++i) {
        const std::string text = to_string(o.column.at(i));
        s += " " + (text.starts_with("nan") ? "nan" : text);
      }
      s += "\n";
    }
    s += "iterations " + std::to_string(r.iterations) + (r.converged ? " converged\n" : "\n");
  } catch (const RuntimeError& error) {
    s = std::string("failed: ") + error.what();
  }
  return s;
}

/// By the oracle, which runs a program as it is: a pass is judged by what it made.
std::string outcome(const Program& p, const Graph& g) {
  Session session({.backend = "reference"});
  return outcome(session, session.compile(p), g);
}

Choices long_choices() { return *rc::gen::scale(3.0, rc::gen::arbitrary<Choices>()); }

}  // namespace

RC_GTEST_PROP(Programs, TextAndJsonReadBackToTheSameProgram, ()) {
  const Program p = random_program(long_choices());
  RC_ASSERT(Program::from_text(p.to_text(true)) == p);
  const Program from_json = Program::from_json(p.to_json());
  RC_ASSERT(from_json == p);
  RC_ASSERT(from_json.hash() == p.hash());
}

RC_GTEST_PROP(Programs, PassesKeepEveryBit, ()) {
  const Program p = random_program(long_choices());
  const Graph g = random_graph(long_choices());
  const std::string before = outcome(p, g);
  for (const auto& pass : passes::pass_table()) {
    const Program after(pass.run(p.ir()));
    RC_LOG() << p.to_text() << "\n--- " << pass.name << "\n" << after.to_text() << "\n";
    RC_ASSERT(pass.level == passes::kFastMath || outcome(after, g) == before);
    RC_ASSERT(ir::hash(pass.run(after.ir())) == ir::hash(after.ir()));  // idempotent
  }
  RC_ASSERT(outcome(Program(passes::run(p.ir())), g) == before);
}

RC_GTEST_PROP(Programs, AnyPassesMayBeLeftOut, ()) {
  const Program p = random_program(long_choices());
  const Graph g = random_graph(long_choices());
  passes::PassOptions options;
  for (const auto& pass : passes::pass_table())
    if (*rc::gen::inRange(0, 3) == 0) options.disabled.emplace_back(pass.name);
  const Program after(passes::run(p.ir(), options));
  RC_LOG() << p.to_text() << "\n--- passes\n" << after.to_text() << "\n";
  RC_ASSERT(outcome(after, g) == outcome(p, g));
}

RC_GTEST_PROP(Programs, PassesLeaveNothingDead, ()) {
  const ir::Program after = passes::run(random_program(long_choices()).ir());
  RC_LOG() << Program(after).to_text() << "\n";
  RC_ASSERT(passes::dce(after) == after);
}

RC_GTEST_PROP(Programs, TheSameBitsTwiceAndAfterAnotherGraph, ()) {
  const Program p = random_program(long_choices());
  const Graph a = random_graph(long_choices()), b = random_graph(long_choices());
  Session s({.cpu_tier = CpuTier::Tiles});  // a compiler's run for each program would take minutes
  const Executable e = s.compile(p);
  const std::string first = outcome(s, e, a), other = outcome(s, e, b);
  RC_ASSERT(outcome(s, e, a) == first);
  RC_ASSERT(outcome(s, e, b) == other);
  RC_ASSERT(outcome(p, a) == first);
}
