// Columns in order, on all threads: what sorts, ranks and frequencies are made of.
#pragma once

#include <monograph/types.h>

#include <cstdint>
#include <vector>

#include "host/ir/program.h"

namespace monograph::cpu {

/// An operation that sorts (ops::Access::Whole): one numeric or bool column in, one column out.
struct OrderJob {
  ops::OpId op{};
  std::span<const ops::Attr> attrs = {};
  ScalarType type{};
  const void* x = nullptr;
  std::int64_t count = 0;
  void* out = nullptr;
  std::int64_t out_count = 0;
};

/// Keeps its memory for the next job.
class Order {
 public:
  explicit Order(int threads) : threads_(threads) {}
  void run(const OrderJob& job);

 private:
  template <class T>
  void run_as(const OrderJob& job);
  /// The elements' numbers in order of their keys, in numbers_[0], and the keys in keys_[0].
  void sort(std::int64_t count, int key_bits);
  bool pass(std::int64_t count, int shift);

  int threads_;
  std::vector<std::uint64_t> keys_[2];
  std::vector<std::int64_t> numbers_[2];
  std::vector<std::int64_t> places_;  // [chunk][digit]
};

}  // namespace monograph::cpu
