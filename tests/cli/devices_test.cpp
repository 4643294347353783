// `devices` and `doctor`, on this machine and on machines that only exist in tests.
#include <gtest/gtest.h>

#include "cli/device_view.h"
#include "cli/program.h"
#include "cli/schema.h"
#include "cuda/fake_runtime.h"

namespace monograph::test {
namespace {

using Json = nlohmann::json;

cuda::Survey survey_of(FakeRuntime& runtime) {
  return cuda::survey(
      &runtime, [] { return cuda::Nvrtc::find(std::vector<std::string>{}); }, cuda::Depth::All);
}

Json devices_of(const cuda::Survey& survey) {
  const Json document = Json::parse(cli::devices_json(survey).dump());
  EXPECT_EQ(violation(document, "devices.schema.json"), "") << document.dump(1);
  return document;
}

/// "cuda ok, driver missing, ..."
std::string states_of(const std::vector<cli::Checkup>& checkups) {
  std::string states;
  for (const cli::Checkup& c : checkups) {
    states += (states.empty() ? "" : ", ") + c.name + (c.ok ? " ok" : " missing");
    EXPECT_NE(c.found, "") << c.name;
    EXPECT_EQ(c.remedy.empty(), c.ok) << c.name << ": what is missing has a remedy, and nothing else has";
  }
  return states;
}

TEST(DevicesCommand, DocumentOfThisMachine) {
  const Outcome outcome = monograph({"devices", "--json"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  const Json document = Json::parse(outcome.out, nullptr, false);
  EXPECT_EQ(violation(document, "devices.schema.json"), "") << outcome.out;
  EXPECT_EQ(document["usable"] == true, monograph({"devices"}).out.starts_with("device "))
      << "a table where there is something to run on";
}

TEST(DevicesCommand, DocumentsOfOtherMachines) {
  FakeRuntime runtime;
  runtime.devices.resize(2);
  runtime.devices[1].properties.major = 7;
  Json d = devices_of(survey_of(runtime));
  EXPECT_EQ(d["state"], "no compiler");
  EXPECT_EQ(d["driver"], "13.0");
  EXPECT_EQ(d["devices"][0]["architecture"], "sm_90");
  EXPECT_EQ(d["devices"][1]["state"], "unsupported architecture");
  runtime.driver = 0;
  d = devices_of(survey_of(runtime));
  EXPECT_EQ(d["driver"], nullptr);
  EXPECT_EQ(d["devices"], Json::array());
  EXPECT_EQ(
      devices_of(cuda::survey(
          nullptr, [] { return cuda::Nvrtc::find(std::vector<std::string>{}); }, cuda::Depth::All))["state"],
      "not built");
  d["state"] = "fine";
  EXPECT_EQ(violation(d, "devices.schema.json").substr(0, 7), "/state:") << "the schema refuses";
}

TEST(DevicesCommand, TablesAndLines) {
  FakeRuntime runtime;
  const std::string table = cli::devices_text(survey_of(runtime));
  EXPECT_TRUE(
      table.starts_with("device  name         architecture     memory       free  state\n"
                        "cuda:0  NVIDIA H200  sm_90         150.0 GiB  140.0 GiB  no compiler: only "))
      << table;
  runtime.driver = 12080;
  EXPECT_EQ(
      cli::devices_text(survey_of(runtime)),
      "driver too old: the NVIDIA driver is for CUDA 12.8, 13.0 is needed; install NVIDIA driver 580 or "
      "newer\n");
}

TEST(DoctorCommand, DocumentOfThisMachine) {
  const Outcome outcome = monograph({"doctor", "--json"});
  EXPECT_EQ(outcome.code, 0) << "what is missing is no failure of the doctor: " << outcome.err;
  const Json document = Json::parse(outcome.out, nullptr, false);
  EXPECT_EQ(violation(document, "doctor.schema.json"), "") << outcome.out;
  bool all = true;
  for (const Json& c : document["checks"]) all = all && c["ok"] == true;
  EXPECT_EQ(document["ok"], all);
  EXPECT_EQ(document["checks"].size(), 7u);
  const std::string text = monograph({"doctor"}).out;
  EXPECT_NE(text.find("\nprograms run on "), std::string::npos) << text;
}

TEST(DoctorCommand, EachStepOfTheWayToADevice) {
  FakeRuntime runtime;
  EXPECT_EQ(states_of(cli::cuda_checkups(survey_of(runtime))),
            "cuda ok, driver ok, device ok, nvrtc missing");
  runtime.devices[0].context = cuda::Status::OutOfMemory;
  EXPECT_EQ(states_of(cli::cuda_checkups(survey_of(runtime))),
            "cuda ok, driver ok, device missing, nvrtc missing");
  runtime.devices.clear();
  EXPECT_EQ(states_of(cli::cuda_checkups(survey_of(runtime))),
            "cuda ok, driver ok, device missing, nvrtc missing");
  runtime.count_status = cuda::Status{802};
  EXPECT_EQ(states_of(cli::cuda_checkups(survey_of(runtime))),
            "cuda ok, driver missing, device missing, nvrtc missing");
  runtime.driver = 12000;
  EXPECT_EQ(states_of(cli::cuda_checkups(survey_of(runtime))),
            "cuda ok, driver missing, device missing, nvrtc missing");
  EXPECT_EQ(states_of(cli::cuda_checkups(cuda::survey(
                nullptr, [] { return cuda::Nvrtc::find(std::vector<std::string>{}); }, cuda::Depth::All))),
            "cuda missing, driver missing, device missing, nvrtc missing");
}

TEST(BackendOption, CudaAskedForIsNeverAFallback) {
  const Json devices = Json::parse(monograph({"devices", "--json"}).out);
  for (const std::string name : {"cuda", "cuda:0"}) {
    const Outcome outcome = monograph({"run", "wcc", "--graph", "gen:karate", "--backend", name});
    EXPECT_EQ(outcome.code, 4) << outcome.err;
    EXPECT_EQ(outcome.out, "");
    ASSERT_EQ(lines_of(outcome.err).size(), 1u) << outcome.err;
    EXPECT_TRUE(outcome.err.starts_with("monograph: backend " + name + ": ")) << outcome.err;
    const std::string reason = devices["reason"];
    EXPECT_TRUE(devices["usable"] == true || outcome.err.find(reason) != std::string::npos) << outcome.err;
  }
  EXPECT_EQ(monograph({"compare", "wcc", "--graph", "gen:karate", "--backends", "reference,cuda:0"}).code, 4);
}

TEST(BackendOption, AutoSaysWhyItIsNotCuda) {
  const Json d = Json::parse(monograph({"run", "wcc", "--graph", "gen:karate", "--json"}).out);
  EXPECT_EQ(d["backend"], "cpu");
  EXPECT_TRUE(d["backend_reason"].get<std::string>().starts_with("auto: no cuda: ")) << d["backend_reason"];
}

}  // namespace
}  // namespace monograph::test
