// Every state that a machine can be in, each with its own words; and the owners of what the runtime hands
// out.
#include "host/cuda/devices.h"

#include <gtest/gtest.h>
#include <monograph/error.h>
#include <monograph/session.h>

#include <set>

#include "cuda/fake_runtime.h"
#include "host/cuda/handles.h"
#include "host/runtime/backends.h"

namespace monograph::test {
namespace {

using cuda::Depth;
using cuda::State;
using cuda::Status;
using cuda::Survey;

cuda::Nvrtc::Lookup no_nvrtc() { return cuda::Nvrtc::find(std::vector<std::string>{}); }

/// NVRTC where the machine has it: what is asked of it here is only that it is there.
cuda::Nvrtc::Lookup machine_nvrtc() {
  static const cuda::Nvrtc::Lookup found = cuda::Nvrtc::find();
  return found;
}

Survey survey_of(FakeRuntime& runtime, Depth depth = Depth::All) {
  return cuda::survey(&runtime, no_nvrtc, depth);
}

void expect_state(const Survey& s, State state, const std::string& reason, const std::string& remedy) {
  EXPECT_EQ(to_string(s.finding.state), to_string(state));
  EXPECT_NE(s.finding.reason.find(reason), std::string::npos) << s.finding.reason;
  EXPECT_NE(s.finding.remedy.find(remedy), std::string::npos) << s.finding.remedy;
  EXPECT_EQ((s.finding.reason + s.finding.remedy).find('\n'), std::string::npos) << "one line";
}

TEST(Devices, NotBuiltWithCuda) {
  const Survey s = cuda::survey(nullptr, no_nvrtc, Depth::Enough);
  expect_state(s, State::NotBuilt, "built without CUDA", "-DMONOGRAPH_CUDA=ON");
  EXPECT_FALSE(s.nvrtc_asked) << "a large library is not loaded for nothing";
}

TEST(Devices, NoDriver) {
  FakeRuntime runtime;
  runtime.driver = 0, runtime.count_status = Status::InsufficientDriver;
  expect_state(survey_of(runtime), State::NoDriver, "no NVIDIA driver on this machine", "580 or newer");
}

TEST(Devices, TheStubIsNoDriver) {
  for (const int driver : {0, 13000}) {  // the stub may claim a version
    FakeRuntime runtime;
    runtime.driver = driver, runtime.count_status = Status::StubLibrary;
    expect_state(survey_of(runtime), State::NoDriver, "the CUDA toolkit's stub", "LD_LIBRARY_PATH");
  }
}

TEST(Devices, DriverTooOld) {
  FakeRuntime runtime;
  runtime.driver = 12080, runtime.count_status = Status::InsufficientDriver;
  expect_state(survey_of(runtime), State::DriverTooOld, "is for CUDA 12.8, 13.0 is needed", "580");
  runtime.count_status = Status::Success;  // a runtime of 12 would still count them
  expect_state(survey_of(runtime), State::DriverTooOld, "is for CUDA 12.8, 13.0 is needed", "580");
  runtime.driver = 13010, runtime.toolkit = 14020, runtime.count_status = Status::InsufficientDriver;
  expect_state(survey_of(runtime), State::DriverTooOld, "is for CUDA 13.1, 14.0 is needed", "580");
}

TEST(Devices, NoVisibleDevice) {
  FakeRuntime runtime;
  runtime.devices.clear(), runtime.count_status = Status::NoDevice;
  expect_state(survey_of(runtime), State::NoDevice, "no device is visible", "CUDA_VISIBLE_DEVICES");
  runtime.count_status = Status::Success;
  expect_state(survey_of(runtime), State::NoDevice, "no device is visible", "CUDA_VISIBLE_DEVICES");
}

TEST(Devices, AnotherErrorOfTheDriverIsNamed) {
  FakeRuntime runtime;
  runtime.count_status = Status{802};
  expect_state(survey_of(runtime), State::DriverFails, "cudaErrorSystemNotReady (as the driver words it)",
               "nvidia-smi");
}

TEST(Devices, ArchitectureNotSupported) {
  FakeRuntime runtime;
  runtime.devices[0].properties.name = "Tesla V100", runtime.devices[0].properties.major = 7;
  expect_state(survey_of(runtime), State::UnsupportedArchitecture,
               "device 0 (Tesla V100) is sm_70, sm_80 or newer is needed", "A100");
  EXPECT_EQ(runtime.count("set_device"), 0) << "no context on what cannot be used";
}

TEST(Devices, WithoutNvrtcOnlyWhatWasCompiled) {
  FakeRuntime runtime;
  const Survey s = survey_of(runtime, Depth::Enough);
  expect_state(s, State::NoCompiler, "only programs that were compiled before can run: NVRTC",
               "toolkit 13.0");
  EXPECT_TRUE(cuda::usable(s.finding.state));
  EXPECT_EQ(runtime.count("set_device"), 0) << "a context takes time and memory";
}

TEST(Devices, Ready) {
  if (!machine_nvrtc().nvrtc) GTEST_SKIP() << machine_nvrtc().reason;
  FakeRuntime runtime;
  const Survey s = cuda::survey(&runtime, machine_nvrtc, Depth::All);
  expect_state(s, State::Ready, "", "");
  ASSERT_EQ(s.devices.size(), 1u);
  EXPECT_EQ(s.devices[0].free_memory, 140ull << 30);
  EXPECT_NE(s.nvrtc, "");
}

TEST(Devices, OutOfMemory) {
  FakeRuntime runtime;
  runtime.devices[0].context = Status::OutOfMemory;
  expect_state(survey_of(runtime), State::OutOfMemory, "device 0 (NVIDIA H200) has no memory left",
               "end other programs");
}

TEST(Devices, EachDeviceHasItsState) {
  FakeRuntime runtime;
  runtime.devices.resize(3);
  runtime.devices[0].properties.major = 7;
  runtime.devices[1].context = Status::OutOfMemory;
  const Survey s = survey_of(runtime);
  ASSERT_EQ(s.devices.size(), 3u);
  EXPECT_EQ(s.devices[0].finding.state, State::UnsupportedArchitecture);
  EXPECT_EQ(s.devices[1].finding.state, State::OutOfMemory);
  EXPECT_EQ(s.devices[2].finding.state, State::NoCompiler);
  EXPECT_EQ(s.finding.state, State::NoCompiler) << "the one that can be used counts";
  EXPECT_EQ(cuda::finding_of(s, 1).state, State::OutOfMemory);
  EXPECT_EQ(cuda::finding_of(s, 3).reason, "there is no device 3, the last one is device 2");
}

TEST(Devices, EveryCallOfASurveyMayFail) {
  FakeRuntime whole;
  survey_of(whole);
  for (int i = 0; i < static_cast<int>(whole.calls.size()); ++i) {
    FakeRuntime runtime;
    runtime.fail_at = i;
    const Survey s = survey_of(runtime);
    if (whole.calls[static_cast<std::size_t>(i)] == "runtime_version") continue;  // only words depend on it
    EXPECT_FALSE(cuda::usable(s.finding.state)) << whole.calls[static_cast<std::size_t>(i)];
    EXPECT_NE(s.finding.reason, "");
  }
}

std::string device_error(const std::string& name, const Survey& s) {
  try {
    runtime::choose_backend(name, s);
  } catch (const DeviceError& error) {
    return error.what();
  }
  return "no DeviceError";
}

TEST(ChooseBackend, CudaAskedForAndAbsentIsAnErrorThatSaysWhy) {
  FakeRuntime runtime;
  runtime.driver = 0;
  EXPECT_EQ(device_error("cuda", survey_of(runtime)),
            "backend cuda: there is no NVIDIA driver on this machine; install NVIDIA driver 580 or newer");
  runtime.driver = 13000;
  EXPECT_EQ(device_error("cuda:1", survey_of(runtime)),
            "backend cuda:1: there is no device 1, the last one is device 0; monograph devices lists them");
}

TEST(ChooseBackend, ADeviceThatCanBeUsedIsTaken) {
  FakeRuntime runtime;
  runtime.devices.resize(2);
  runtime.devices[0].properties.major = 7;
  Survey survey = survey_of(runtime);
  EXPECT_EQ(runtime::choose_backend("cuda", survey).device->index, 1) << "without a compiler too";
  EXPECT_EQ(runtime::choose_backend("auto", survey).backend.name, "cpu") << "but not unasked";
  survey.finding = survey.devices[1].finding = {};
  for (const auto& [name, device] : {std::pair("cuda", 1), std::pair("cuda:1", 1), std::pair("auto", 1)}) {
    const runtime::Choice choice = runtime::choose_backend(name, survey);
    EXPECT_EQ(choice.backend.name, "cuda") << name;
    ASSERT_TRUE(choice.device);
    EXPECT_EQ(choice.device->index, device) << name;
  }
  EXPECT_NE(device_error("cuda:0", survey).find("sm_70"), std::string::npos);
}

TEST(ChooseBackend, AutoFallsBackAndSaysWhy) {
  std::set<std::string> reasons;
  for (const int driver : {0, 12000, 13000}) {
    FakeRuntime runtime;
    runtime.driver = driver;
    if (driver == 13000) runtime.devices.clear();
    const runtime::Choice choice = runtime::choose_backend("auto", survey_of(runtime));
    EXPECT_EQ(choice.backend.name, "cpu");
    EXPECT_TRUE(choice.reason.starts_with("auto: no cuda: ")) << choice.reason;
    reasons.insert(choice.reason);
  }
  EXPECT_EQ(reasons.size(), 3u) << "each its own";
}

TEST(ChooseBackend, OthersDoNotDependOnTheMachine) {
  for (const std::string name : {"cpu", "reference"}) {
    const runtime::Choice choice = runtime::choose_backend(name, {});
    EXPECT_EQ(choice.backend.name, name);
    EXPECT_EQ(choice.reason, "asked for");
  }
}

TEST(ChooseBackend, NamesAreReadWithCare) {
  EXPECT_EQ(runtime::parse_backend("cuda").device, -1);
  EXPECT_EQ(runtime::parse_backend("cuda:12").device, 12);
  EXPECT_EQ(runtime::parse_backend("auto").backend, nullptr);
  for (const std::string name :
       {"cuda:", "cuda:x", "cuda:-1", "cuda:1x", "cuda: 1", "cuda:99999999999", "cpu:0", "CUDA", "", ":0"})
    EXPECT_THROW(runtime::parse_backend(name), UsageError) << name;
}

TEST(ChooseBackend, TheListNamesCudaWithItsReason) {
  const std::vector<BackendInfo> all = backends();
  ASSERT_FALSE(all.empty());
  EXPECT_EQ(all[0].name, "cuda") << "what auto would take first";
  for (const BackendInfo& b : all) EXPECT_EQ(b.available, b.reason.empty()) << b.name;
  for (const char* name : {"cpu", "reference"})
    EXPECT_TRUE(std::ranges::any_of(all, [&](const BackendInfo& b) { return b.name == name && b.available; }))
        << name;
}

/// Takes one of everything.
void take_everything(FakeRuntime& runtime) {
  const std::byte cubin[1] = {};
  const auto stream = cuda::make_stream(runtime);
  const auto event = cuda::make_event(runtime);
  auto library = cuda::load_library(runtime, cubin);
  const auto graph = cuda::make_graph(runtime);
  const auto exec = cuda::instantiate(runtime, graph.get());
  cuda::DeviceMemory memory = cuda::allocate(runtime, 64, "a column");
  const auto pinned = cuda::allocate_pinned(runtime, 64, "results");
  memory = cuda::allocate(runtime, 128, "a longer column");
  const cuda::OwnedLibrary moved = std::move(library);
  EXPECT_FALSE(library);
}

TEST(Handles, AreGivenBackWhicheverCallFails) {
  FakeRuntime whole;
  take_everything(whole);
  EXPECT_EQ(whole.alive(), 0u);
  const auto first_release = std::ranges::find(whole.calls, "release") - whole.calls.begin();
  ASSERT_GT(first_release, 7);
  for (int i = 0; i < first_release; ++i)
    for (const bool sticky : {false, true}) {
      FakeRuntime runtime;
      runtime.fail_at = i, runtime.sticky = sticky;
      EXPECT_THROW(take_everything(runtime), RuntimeError) << whole.calls[static_cast<std::size_t>(i)];
      EXPECT_EQ(runtime.alive(), 0u) << whole.calls[static_cast<std::size_t>(i)];
    }
}

TEST(Handles, ErrorsNameTheCall) {
  FakeRuntime runtime;
  runtime.fail_at = 0;
  try {
    cuda::make_stream(runtime);
    FAIL() << "expected an error";
  } catch (const RuntimeError& error) {
    EXPECT_STREQ(error.what(),
                 "CUDA: create_stream(stream): cudaErrorLaunchFailure (unspecified launch failure)");
  }
}

TEST(Handles, OutOfMemorySaysHowMuchIsNeededAndFree) {
  FakeRuntime runtime;
  runtime.devices[0].free_memory = 3ull << 20;
  try {
    cuda::allocate(runtime, 1536ull << 20, "the graph");
    FAIL() << "expected an error";
  } catch (const MemoryError& error) {
    EXPECT_STREQ(error.what(),
                 "out of device memory: the graph needs 1.5 GiB, 3.0 MiB of 150.0 GiB are free; end other "
                 "programs on the device, or run on --backend cpu");
  }
  runtime.devices[0].context = Status::OutOfMemory;
  EXPECT_THROW(cuda::make_stream(runtime), MemoryError);
  EXPECT_THROW(cuda::allocate_pinned(runtime, 1, "results"), MemoryError);
  EXPECT_FALSE(cuda::allocate(runtime, 0, "nothing"));
}

TEST(MachineRuntime, ThisMachineIsInSomeState) {
  const Survey& s = cuda::this_machine();
  EXPECT_EQ(s.finding.reason.empty(), s.finding.state == State::Ready);
  EXPECT_EQ(s.finding.state == State::NotBuilt, cuda::machine_runtime() == nullptr);
  EXPECT_TRUE(!cuda::usable(s.finding.state) || !s.devices.empty());
}

}  // namespace
}  // namespace monograph::test
