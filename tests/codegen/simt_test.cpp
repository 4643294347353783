// The shim tests itself: right kernels run right under every interleaving, planted bugs are found.
#include <cstring>
#include <map>
#include <numeric>

#include "support.h"

namespace monograph {
namespace {

using simt::Emulator;
using simt::Launch;
using simt::Module;

// One text for all tests: a compile costs more than a launch.
constexpr const char* kText = R"(
typedef unsigned int u32;
typedef unsigned long long u64;
extern "C" __global__ void where(u32* out) {
  u32 i = (blockIdx.x * gridDim.y + blockIdx.y) * blockDim.x * blockDim.y + threadIdx.y * blockDim.x + threadIdx.x;
  out[i] = i;
}
MG_KERNEL_ENTRY(where)

extern "C" __global__ void block_sum(const u32* in, u64* out) {
  MG_SHARED(arena);
  u64* s = (u64*)arena;
  s[threadIdx.x] = in[blockIdx.x * blockDim.x + threadIdx.x];
  for (u32 half = blockDim.x / 2; half; half /= 2) {
    __syncthreads();
    if (threadIdx.x < half) s[threadIdx.x] += s[threadIdx.x + half];
  }
  if (threadIdx.x == 0) out[blockIdx.x] = s[0];
}
MG_KERNEL_ENTRY(block_sum)

// As above without the barrier before the tree.
extern "C" __global__ void missing_barrier(const u32* in, u64* out) {
  MG_SHARED(arena);
  u64* s = (u64*)arena;
  s[threadIdx.x] = in[threadIdx.x];
  for (u32 half = blockDim.x / 2; half; half /= 2) {
    if (threadIdx.x < half) s[threadIdx.x] += s[threadIdx.x + half];
    __syncthreads();
  }
  if (threadIdx.x == 0) *out = s[0];
}
MG_KERNEL_ENTRY(missing_barrier)

// Reads a buffer that the next round overwrites: in order it is right, only another schedule shows it.
extern "C" __global__ void missing_second_barrier(u32* out) {
  MG_SHARED(arena);
  u32* s = (u32*)arena;
  u32 wrong = 0;
  for (u32 round = 0; round < 4; ++round) {
    if (threadIdx.x == 0) s[0] = round;
    __syncthreads();
    wrong |= s[0] != round;
  }
  out[threadIdx.x] = wrong;
}
MG_KERNEL_ENTRY(missing_second_barrier)

extern "C" __global__ void uninitialised(double* out) {
  MG_SHARED(arena);
  double* s = (double*)arena;
  double before = s[threadIdx.x];
  s[threadIdx.x] = 1.0;
  __syncthreads();
  out[blockIdx.x * blockDim.x + threadIdx.x] = before;
}
MG_KERNEL_ENTRY(uninitialised)

extern "C" __global__ void warp_ops(u32* out) {
  u32 lane = threadIdx.x & 31u, full = 0xffffffffu, v = lane * lane + 1u;
  u32* o = out + threadIdx.x * 20u;
  o[0] = __shfl_sync(full, v, 5);
  o[1] = __shfl_sync(full, v, 3, 8);
  o[2] = __shfl_up_sync(full, v, 3u);
  o[3] = __shfl_down_sync(full, v, 7u, 16);
  o[4] = __shfl_xor_sync(full, v, 9);
  o[5] = __ballot_sync(full, lane % 3u == 0u);
  o[6] = (u32)__any_sync(full, lane == 9u) + 2u * (u32)__all_sync(full, lane < 31u);
  o[7] = __match_any_sync(full, lane % 5u);
  o[8] = __reduce_add_sync(full, v);
  o[9] = __reduce_max_sync(full, v ^ 21u);
  o[10] = (u32)__reduce_min_sync(full, (int)lane - 7);
  int same;
  o[11] = __match_all_sync(full, 3.5, &same) + (u32)same;
  __syncwarp();
  o[12] = 0u;
  if (lane & 1u) o[12] = __ballot_sync(0xaaaaaaaau, lane > 15u);  // two halves meet separately
  else o[12] = __reduce_or_sync(0x55555555u, lane);
  o[13] = (u32)__double_as_longlong(__shfl_sync(full, __longlong_as_double((long long)v), 2));
  o[14] = (u32)__syncthreads_count(lane == 0u);
  o[15] = (u32)__syncthreads_or(threadIdx.x == 40u) + 2u * (u32)__syncthreads_and(threadIdx.x < 1000u);
  o[16] = (u32)__popc(v) + (u32)__clz((int)v) * 100u + (u32)__ffs((int)(v & ~1u)) * 10000u;
  o[17] = (u32)__shfl_sync(full, -1LL * (long long)lane, 31);
  o[18] = __brev(v);
  o[19] = __umulhi(v << 20, v << 20);
}
MG_KERNEL_ENTRY(warp_ops)

extern "C" __global__ void atomics(u32* count, u64* sum, u32* slots, float* total) {
  u32 ticket = atomicAdd(count, 1u);
  slots[ticket] = threadIdx.x;
  atomicAdd(sum, (u64)ticket);
  atomicAdd(total, 0.5f);
}
MG_KERNEL_ENTRY(atomics)

// A grid barrier by hand: needs all blocks resident.
extern "C" __global__ void grid_barrier(u32* arrived, u32* out) {
  if (threadIdx.x == 0) {
    atomicAdd(arrived, 1u);
    while (__ldcv(arrived) < gridDim.x) {}
  }
  __syncthreads();
  out[blockIdx.x * blockDim.x + threadIdx.x] = *arrived;
}
MG_KERNEL_ENTRY(grid_barrier)

extern "C" __global__ void split_barrier() { if (threadIdx.x < 40u) __syncthreads(); else
  __syncthreads(); }
MG_KERNEL_ENTRY(split_barrier)
extern "C" __global__ void early_exit() { if (threadIdx.x < 40u) return; __syncthreads(); }
MG_KERNEL_ENTRY(early_exit)
extern "C" __global__ void missing_lane(u32* out) {
  if (threadIdx.x != 7u) out[threadIdx.x] = __ballot_sync(0xffffffffu, 1);
}
MG_KERNEL_ENTRY(missing_lane)
extern "C" __global__ void waits_elsewhere(u32* out) {
  if (threadIdx.x != 7u) out[threadIdx.x] = __ballot_sync(0xffffffffu, 1);
  __syncthreads();
}
MG_KERNEL_ENTRY(waits_elsewhere)
extern "C" __global__ void mixed(u32* out) {
  u32 lane = threadIdx.x & 31u;
  out[threadIdx.x] = lane < 16u ? __ballot_sync(0xffffffffu, 1) : __shfl_sync(0xffffffffu, lane, 0);
}
MG_KERNEL_ENTRY(mixed)
extern "C" __global__ void not_in_mask(u32* out) { out[threadIdx.x] = __ballot_sync(0xfffffffeu, 1); }
MG_KERNEL_ENTRY(not_in_mask)
)";

const Module& module() {
  static const Module made = test::build(kText);
  return made;
}

simt::LaunchResult run(const char* kernel, Launch launch, std::vector<void*> arguments) {
  Emulator emulator;
  launch.arguments = arguments;
  const auto k = module().kernel(kernel);
  EXPECT_TRUE(k) << kernel;
  return emulator.launch(k, launch);
}

class Simt : public ::testing::Test {
  void SetUp() override { MONOGRAPH_NEEDS_COMPILER(); }
};

TEST_F(Simt, NumbersThreadsAndBlocks) {
  std::vector<std::uint32_t> out(3 * 2 * 64, 0xffffffff), expected(out.size());
  std::iota(expected.begin(), expected.end(), 0u);
  std::uint32_t* p = out.data();
  const auto result = run("where", {.grid = {3, 2, 1}, .block = {16, 4, 1}, .seed = 5}, {&p});
  EXPECT_TRUE(result.ok()) << result.error;
  EXPECT_EQ(out, expected);
}

TEST_F(Simt, BlocksSumInSharedMemoryUnderEveryInterleaving) {
  std::vector<std::uint32_t> in(8 * 256);
  std::iota(in.begin(), in.end(), 1u);
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    std::vector<std::uint64_t> out(8, 0);
    const std::uint32_t* a = in.data();
    std::uint64_t* b = out.data();
    const Launch launch{.grid = {8, 1, 1},
                        .block = {256, 1, 1},
                        .shared_bytes = 256 * 8,
                        .seed = seed,
                        .resident_blocks = 1 + static_cast<unsigned>(seed % 4)};
    const auto result = run("block_sum", launch, {&a, &b});
    ASSERT_TRUE(result.ok()) << result.error;
    for (std::uint64_t i = 0; i < 8; ++i)
      EXPECT_EQ(out[i], 256 * (i * 256) + 256 * 257 / 2) << "seed " << seed;
  }
}

TEST_F(Simt, FindsAMissingBarrier) {
  std::vector<std::uint32_t> in(64, 1);
  const std::uint32_t* a = in.data();
  std::uint64_t sum = 0, *b = &sum;
  int wrong = 0;
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    run("missing_barrier", {.block = {64, 1, 1}, .shared_bytes = 64 * 8, .seed = seed}, {&a, &b});
    wrong += sum != 64;
  }
  EXPECT_EQ(wrong, 5);
}

TEST_F(Simt, FindsAMissingSecondBarrierByRandomSchedules) {
  int wrong = 0;
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    std::vector<std::uint32_t> out(64, 0);
    std::uint32_t* p = out.data();
    run("missing_second_barrier", {.block = {64, 1, 1}, .shared_bytes = 4, .seed = seed}, {&p});
    wrong += std::accumulate(out.begin(), out.end(), 0u) > 0;
  }
  EXPECT_GE(wrong, 5);
}

TEST_F(Simt, SharedMemoryIsNaNAtTheStartOfEachBlock) {
  for (unsigned resident : {1u, 3u}) {
    std::vector<double> out(3 * 32, 0.0);
    double* p = out.data();
    const auto result = run(
        "uninitialised",
        {.grid = {3, 1, 1}, .block = {32, 1, 1}, .shared_bytes = 256, .seed = 2, .resident_blocks = resident},
        {&p});
    EXPECT_TRUE(result.ok()) << result.error;
    for (double x : out) EXPECT_TRUE(x != x);
  }
}

TEST_F(Simt, WarpOperationsFollowCuda) {
  for (std::uint64_t seed : {0, 1, 2, 3}) {
    std::vector<std::uint32_t> out(64 * 20, 0);
    std::uint32_t* p = out.data();
    const auto result = run("warp_ops", {.block = {64, 1, 1}, .seed = seed}, {&p});
    ASSERT_TRUE(result.ok()) << result.error;
    const auto v = [](std::uint32_t lane) { return lane * lane + 1; };
    for (std::uint32_t t = 0; t < 64; ++t) {
      const std::uint32_t lane = t % 32, *o = out.data() + t * 20;
      std::uint32_t same5 = 0, sum = 0, top = 0;
      for (std::uint32_t i = 0; i < 32; ++i)
        same5 |= (i % 5 == lane % 5) << i, sum += v(i), top = std::max(top, v(i) ^ 21u);
      EXPECT_EQ(o[0], v(5));
      EXPECT_EQ(o[1], v(lane / 8 * 8 + 3));
      EXPECT_EQ(o[2], v(lane >= 3 ? lane - 3 : lane));
      EXPECT_EQ(o[3], v(lane % 16 + 7 < 16 ? lane + 7 : lane));
      EXPECT_EQ(o[4], v(lane ^ 9));
      EXPECT_EQ(o[5], 0x49249249u);
      EXPECT_EQ(o[6], 1u);
      EXPECT_EQ(o[7], same5);
      EXPECT_EQ(o[8], sum);
      EXPECT_EQ(o[9], top);
      EXPECT_EQ(o[10], static_cast<std::uint32_t>(-7));
      EXPECT_EQ(o[11], 0u);  // all lanes and the flag: 0xffffffff + 1
      EXPECT_EQ(o[12], lane & 1 ? 0xaaaa0000u : 30u);
      EXPECT_EQ(o[13], v(2));
      EXPECT_EQ(o[14], 2u);
      EXPECT_EQ(o[15], 3u);
      EXPECT_EQ(o[17], static_cast<std::uint32_t>(-31));
      EXPECT_EQ(o[19], static_cast<std::uint32_t>(std::uint64_t{v(lane) << 20} * (v(lane) << 20) >> 32));
    }
  }
}

TEST_F(Simt, AtomicsGiveEachThreadItsTicket) {
  std::uint32_t count = 0, *c = &count;
  std::uint64_t sum = 0, *s = &sum;
  std::vector<std::uint32_t> slots(512, 0xffffffff);
  std::uint32_t* sl = slots.data();
  float total = 0, *t = &total;
  const auto result =
      run("atomics", {.grid = {4, 1, 1}, .block = {128, 1, 1}, .seed = 9, .resident_blocks = 4},
          {&c, &s, &sl, &t});
  ASSERT_TRUE(result.ok()) << result.error;
  EXPECT_EQ(count, 512u);
  EXPECT_EQ(sum, 512u * 511 / 2);
  EXPECT_EQ(total, 256.0f);
  std::map<std::uint32_t, int> seen;
  for (auto x : slots) ++seen[x];
  EXPECT_EQ(seen.size(), 128u);
  for (auto [thread, times] : seen) EXPECT_EQ(times, 4) << thread;
}

TEST_F(Simt, AGridBarrierNeedsItsBlocksResident) {
  std::vector<std::uint32_t> out(4 * 32, 0);
  std::uint32_t arrived = 0, *a = &arrived, *o = out.data();
  auto all = run("grid_barrier", {.grid = {4, 1, 1}, .block = {32, 1, 1}, .seed = 3, .resident_blocks = 4},
                 {&a, &o});
  EXPECT_TRUE(all.ok()) << all.error;
  for (auto x : out) EXPECT_EQ(x, 4u);
  arrived = 0;
  for (std::uint64_t seed : {0, 3}) {
    auto some = run("grid_barrier",
                    {.grid = {4, 1, 1}, .block = {32, 1, 1}, .seed = seed, .resident_blocks = 2}, {&a, &o});
    EXPECT_NE(some.error.find("no progress"), std::string::npos) << some.error;
    arrived = 0;
  }
}

TEST_F(Simt, ReportsEveryPlantedViolation) {
  std::vector<std::uint32_t> out(64, 0);
  std::uint32_t* p = out.data();
  const std::map<const char*, std::vector<const char*>> planted = {
      {"split_barrier", {"divergent barrier", "__syncthreads (line "}},
      {"early_exit", {"divergent barrier", "ended"}},
      {"missing_lane", {"__ballot_sync mask 0xffffffff", "names thread 7 that ended"}},
      {"waits_elsewhere", {"deadlock", "thread 7 wait at __syncthreads", "__ballot_sync"}},
      {"mixed", {"divergent collective", "__ballot_sync", "__shfl_sync"}},
      {"not_in_mask", {"does not name its own lane"}}};
  for (const auto& [kernel, words] : planted)
    for (std::uint64_t seed = 0; seed < 4; ++seed) {
      const auto result = run(kernel, {.block = {64, 1, 1}, .seed = seed}, {&p});
      for (const char* word : words)
        EXPECT_NE(result.error.find(word), std::string::npos) << kernel << ": " << result.error;
    }
}

TEST_F(Simt, AnEmulatorGoesOnAfterAViolation) {
  Emulator emulator;
  std::vector<std::uint32_t> out(64, 0);
  std::uint32_t* p = out.data();
  std::vector<void*> arguments{&p};
  const Launch launch{.block = {64, 1, 1}, .arguments = arguments, .seed = 1};
  EXPECT_FALSE(emulator.launch(module().kernel("missing_lane"), launch).ok());
  const auto after = emulator.launch(module().kernel("where"), launch);
  EXPECT_TRUE(after.ok()) << after.error;
  EXPECT_EQ(out[63], 63u);
}

TEST_F(Simt, RefusesImpossibleLaunches) {
  for (const Launch& launch :
       {Launch{.block = {2048, 1, 1}}, Launch{.block = {0, 1, 1}}, Launch{.grid = {0, 1, 1}}})
    EXPECT_NE(run("split_barrier", launch, {}).error.find("are possible"), std::string::npos);
}

TEST_F(Simt, TextThatDoesNotCompileIsReportedByItsOwnLines) {
  const auto built =
      Module::compile(*test::compiler().compiler, "\nextern \"C\" __global__ void f() { missing(); }\n");
  EXPECT_FALSE(built.module);
  EXPECT_NE(built.reason.find("device.cu:2:"), std::string::npos) << built.reason;
  const auto shared = Module::compile(*test::compiler().compiler,
                                      "extern \"C\" __global__ void f() { __shared__ int x[4]; }\n");
  EXPECT_NE(shared.reason.find("MG_SHARED"), std::string::npos) << shared.reason;
}

// clang and g++ both take the shim, whichever built this test.
TEST_F(Simt, TheShimCompilesWithEveryCompilerHere) {
  for (const char* name : {"g++", "clang++"}) {
    const auto found = codegen::HostCompiler::find(name);
    if (!found.compiler) continue;
    const auto built = Module::compile(*found.compiler, kText, {"-O1", "-Wall", "-Wextra", "-Werror"});
    EXPECT_TRUE(built.module) << built.reason << built.log;
  }
}

}  // namespace
}  // namespace monograph
