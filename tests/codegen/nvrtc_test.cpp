// The device compiler as a component: absent, wrong, refusing, and cubins that are damaged.
#include "host/cuda/nvrtc.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "host/cuda/cubin.h"

namespace monograph {
namespace {

using cuda::Nvrtc;

constexpr const char* kKernel = "extern \"C\" __global__ void f(double* x) { x[threadIdx.x] *= 2.0; }\n";

TEST(Nvrtc, AbsenceIsAValueThatSaysWhatToDo) {
  const auto none = Nvrtc::find(std::vector<std::string>{});
  EXPECT_FALSE(none.nvrtc);
  EXPECT_NE(none.reason.find("CUDA_PATH"), std::string::npos) << none.reason;
  const auto other = Nvrtc::find(std::vector<std::string>{"/no/such/libnvrtc.so", "libm.so.6"});
  EXPECT_FALSE(other.nvrtc);
  EXPECT_NE(other.reason.find("libm.so.6 has no function nvrtcVersion"), std::string::npos) << other.reason;
}

class NvrtcCompiles : public ::testing::Test {
 protected:
  void SetUp() override {
    static const auto found = Nvrtc::find();
    if (!found.nvrtc) GTEST_SKIP() << found.reason;
    nvrtc = &*found.nvrtc;
  }
  const Nvrtc* nvrtc = nullptr;
};

TEST_F(NvrtcCompiles, KnowsVersionAndArchitectures) {
  EXPECT_GE(nvrtc->major(), 13);
  EXPECT_TRUE(std::ranges::is_sorted(nvrtc->architectures()));
  EXPECT_TRUE(std::ranges::binary_search(nvrtc->architectures(), 90));
}

TEST_F(NvrtcCompiles, ErrorsNameTheLineAndKeepTheText) {
  const auto result = nvrtc->compile(
      {.name = "group.cu", .source = std::string(kKernel) + "__device__ int g() { return nothing; }\n"});
  EXPECT_FALSE(result.ok());
  EXPECT_TRUE(result.cubin.empty());
  EXPECT_NE(result.reason.find("group.cu(2): error"), std::string::npos) << result.reason;
  EXPECT_NE(result.reason.find("sm_90"), std::string::npos) << result.reason;
  EXPECT_EQ(result.reason.find('\n'), std::string::npos);
  EXPECT_NE(result.source.find("return nothing"), std::string::npos);
}

TEST_F(NvrtcCompiles, RefusesAnArchitectureItDoesNotKnow) {
  const auto result = nvrtc->compile({.source = kKernel, .architecture = 42});
  EXPECT_NE(result.reason.find("cannot compile for sm_42"), std::string::npos) << result.reason;
}

TEST_F(NvrtcCompiles, ATextWithoutKernelIsNoCubinToHandOut) {
  const auto result = nvrtc->compile({.source = "__device__ int unused;\n"});
  EXPECT_NE(result.reason.find("no kernel"), std::string::npos) << result.reason;
}

TEST_F(NvrtcCompiles, EveryDamageToACubinIsSeenOrHarmless) {
  const auto result = nvrtc->compile({.source = kKernel});
  ASSERT_TRUE(result.ok()) << result.reason;
  EXPECT_EQ(cuda::inspect_cubin(result.cubin).kernels, std::vector<std::string>{"f"});
  ASSERT_EQ(cuda::inspect_cubin(result.cubin).uses.size(), 1u);
  for (std::size_t bytes = 0; bytes < result.cubin.size(); bytes += 7) {
    const auto report = cuda::inspect_cubin(std::span(result.cubin).first(bytes));
    EXPECT_TRUE(!report.ok() || report.kernels == std::vector<std::string>{"f"});
  }
  std::mt19937 random(5);
  for (int round = 0; round < 20'000; ++round) {  // a sanitizer sees a read outside
    std::vector<std::byte> damaged = result.cubin;
    const std::size_t header = round % 2 ? 64 : damaged.size();
    for (int i = 0; i < 3; ++i) damaged[random() % header] = static_cast<std::byte>(random());
    cuda::inspect_cubin(damaged);
  }
  std::vector<std::byte> other = result.cubin;
  other[18] = std::byte{62};  // x86-64
  EXPECT_NE(cuda::inspect_cubin(other).reason.find("machine 62"), std::string::npos);
  EXPECT_FALSE(cuda::inspect_cubin({}).ok());
}

TEST_F(NvrtcCompiles, ACubinSaysWhatAThreadTakes) {
  const auto result = nvrtc->compile(
      {.source = std::string(kKernel) + "extern \"C\" __global__ void spills(double* x, int n, int* at) {\n"
                                        "  double all[64];\n"
                                        "  for (int i = 0; i < 64; ++i) all[i] = x[i * n];\n"
                                        "  for (int i = 0; i < n; ++i) all[at[i] & 63] += x[i];\n"
                                        "  for (int i = 0; i < 64; ++i) x[i * n] = all[i];\n}\n"});
  ASSERT_TRUE(result.ok()) << result.reason;
  const cuda::CubinReport report = cuda::inspect_cubin(result.cubin);
  ASSERT_EQ(report.kernels, (std::vector<std::string>{"f", "spills"}));
  EXPECT_GT(report.uses[0].registers, 0u);
  EXPECT_LT(report.uses[0].registers, 24u);
  EXPECT_EQ(report.uses[0].stack_bytes, 0u);
  EXPECT_GE(report.uses[1].stack_bytes, 64 * sizeof(double));
}

}  // namespace
}  // namespace monograph
