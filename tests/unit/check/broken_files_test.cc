// SPDX-License-Identifier: Apache-2.0
// Every file in tests/broken has the errors and gates its manifest names, where
// it names them, and no others: a fault must not drag a second one behind it.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <string>
#include <tuple>

#include "check/check.h"
#include "report/finding_text.h"

namespace steadfast {
namespace {

using Expected = std::set<std::tuple<std::uint32_t, std::uint32_t, std::string>>;

const std::filesystem::path kFolder = std::filesystem::path(STEADFAST_SOURCE_DIR) / "tests" / "broken";

std::string read(const std::filesystem::path& path) {
  std::ifstream stream(path, std::ios::binary);
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

std::map<std::string, Expected> manifest() {
  std::map<std::string, Expected> files;
  for (const auto& entry : nlohmann::json::parse(read(kFolder / "manifest.json")))
    files[entry.at("file")].emplace(entry.at("line"), entry.at("column"), entry.at("code"));
  return files;
}

// Errors and gates, and whatever else the manifest asks for.
Expected found(const Findings& findings, const Expected& expected) {
  Expected all;
  for (const Finding& finding : findings) {
    const auto entry = std::tuple(finding.place.line, finding.place.column, finding.code);
    const bool refuses = finding.severity == Severity::error || finding.severity == Severity::gate;
    if (refuses || expected.contains(entry)) all.insert(entry);
  }
  return all;
}

class BrokenFile : public testing::TestWithParam<std::pair<const std::string, Expected>> {};

TEST_P(BrokenFile, HasExactlyTheFindingsOfTheManifest) {
  const auto& [file, expected] = GetParam();
  const std::string text = read(kFolder / file);
  const Checked checked = check(text, file);
  EXPECT_EQ(found(checked.findings, expected), expected)
      << report::render_findings(checked.findings, text, false);
}

std::string file_name(const testing::TestParamInfo<BrokenFile::ParamType>& info) {
  std::string name = info.param.first.substr(0, info.param.first.find('.'));
  for (char& c : name)
    if (c == '-') c = '_';
  return name;
}

INSTANTIATE_TEST_SUITE_P(All, BrokenFile, testing::ValuesIn(manifest()), file_name);

TEST(BrokenFiles, AreAllInTheManifest) {
  const auto listed = manifest();
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(kFolder)) {
    if (entry.path().extension() != ".toml") continue;
    ++files;
    EXPECT_TRUE(listed.contains(entry.path().filename().string())) << entry.path();
  }
  EXPECT_EQ(files, listed.size());
}

}  // namespace
}  // namespace steadfast
