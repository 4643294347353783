// Results in pieces.
#include <gtest/gtest.h>
#include <monograph/error.h>
#include <monograph/io.h>
#include <monograph/session.h>

#include <functional>
#include <stdexcept>
#include <utility>
#include <vector>

namespace monograph {
namespace {

/// Node indices as "x", one scalar as "n".
Result numbered(const std::string& graph) {
  ProgramBuilder p("numbered");
  const GraphRef g = p.graph();
  p.output("x", g.node_index());
  p.output("n", g.node_count());
  Session session({.backend = "cpu", .cpu_tier = CpuTier::Tiles, .cache = CacheUse::Off});
  return session.run(p.build(), read_graph(graph));
}

using Pieces = std::vector<std::pair<std::int64_t, std::vector<std::int32_t>>>;

Pieces pieces(const Result& result, std::int64_t chunk) {
  Pieces all;
  result.stream<std::int32_t>("x", chunk, [&](std::int64_t first, std::span<const std::int32_t> part) {
    all.emplace_back(first, std::vector<std::int32_t>(part.begin(), part.end()));
  });
  return all;
}

TEST(Stream, GivesPiecesInOrderAndTheRestLast) {
  const Result result = numbered("gen:path:7");
  EXPECT_EQ(pieces(result, 3), (Pieces{{0, {0, 1, 2}}, {3, {3, 4, 5}}, {6, {6}}}));
  EXPECT_EQ(pieces(result, 1).size(), 7u);
}

TEST(Stream, AChunkMayBeAllOfItOrMore) {
  const Result result = numbered("gen:path:4");
  const Pieces whole = {{0, {0, 1, 2, 3}}};
  EXPECT_EQ(pieces(result, 4), whole);
  EXPECT_EQ(pieces(result, 5), whole);
  EXPECT_EQ(pieces(result, std::numeric_limits<std::int64_t>::max()), whole);
}

TEST(Stream, OfAScalarIsOneElement) {
  std::vector<std::int64_t> seen;
  numbered("gen:path:4").stream<std::int64_t>("n", 10, [&](std::int64_t, std::span<const std::int64_t> part) {
    seen.assign(part.begin(), part.end());
  });
  EXPECT_EQ(seen, std::vector<std::int64_t>{4});
}

TEST(Stream, OfAnEmptyGraphAsksForNothing) { EXPECT_EQ(pieces(numbered("gen:path:0"), 8), Pieces{}); }

/// The message of a UsageError; fails when there is none.
std::string refusal(const std::function<void()>& call) {
  try {
    call();
  } catch (const UsageError& error) {
    return error.what();
  }
  ADD_FAILURE() << "expected a UsageError";
  return {};
}

TEST(Stream, RefusesChunksOfNothingOtherTypesAndUnknownNames) {
  const Result result = numbered("gen:path:4");
  for (const std::int64_t chunk : {std::int64_t{0}, std::int64_t{-1}})
    EXPECT_EQ(refusal([&] { pieces(result, chunk); }),
              "stream: expected chunks of 1 element or more, got " + std::to_string(chunk));
  EXPECT_NE(refusal([&] { result.stream<double>("x", 1, [](auto, auto) {}); }).find("but it is i32[V]"),
            std::string::npos);
  EXPECT_NE(refusal([&] { result.stream<double>("y", 1, [](auto, auto) {}); }).find("no output named \"y\""),
            std::string::npos);
  EXPECT_NE(refusal([&] { pieces(numbered("gen:path:0"), 0); }).find("expected chunks"), std::string::npos)
      << "also where there is nothing to give";
}

TEST(Stream, WhatTheCallerThrowsEndsItAndTheResultStays) {
  const Result result = numbered("gen:path:9");
  int calls = 0;
  const auto stop = [&](std::int64_t first, std::span<const std::int32_t>) {
    ++calls;
    if (first == 2) throw std::runtime_error("enough");
  };
  EXPECT_THROW(result.stream<std::int32_t>("x", 2, stop), std::runtime_error);
  EXPECT_EQ(calls, 2);
  EXPECT_EQ(pieces(result, 9).size(), 1u);
}

}  // namespace
}  // namespace monograph
