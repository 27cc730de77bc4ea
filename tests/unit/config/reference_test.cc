// SPDX-License-Identifier: Apache-2.0
// docs/configuration.md is written by hand: every key that a reader asks for must
// stand in the section of its table.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>

namespace steadfast::config {
namespace {

using Keys = std::map<std::string, std::set<std::string>>;  // heading → keys

std::string read(const std::string& path) {
  std::ifstream stream(std::filesystem::path(STEADFAST_SOURCE_DIR) / path, std::ios::binary);
  EXPECT_TRUE(stream.is_open()) << path;
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

std::string heading_of(const std::string& reader) {
  if (reader == "host" || reader == "limits") return "[" + reader + "]";
  if (reader == "service" || reader == "pool") return "[[" + reader + "]]";
  return reader == "backend" ? "[[pool.backend]]" : reader;
}

// A reader begins with read_TABLE(const Node&…); the service's own is a class and
// asks its table_.
void add_asked(const std::string& source, Keys& keys) {
  static const std::regex kPart(R"(read_(\w+)\(const Node|\btable(_?)\.\w+\("(\w+)\")");
  std::string reader;
  for (std::sregex_iterator part(source.begin(), source.end(), kPart), end; part != end; ++part) {
    if ((*part)[1].matched)
      reader = (*part)[1];
    else
      keys[heading_of((*part)[2].length() != 0 ? "service" : reader)].insert((*part)[3]);
  }
}

Keys documented() {
  static const std::regex kPart(R"((?:^|\n)(?:#+ ([^\n]+)|\| `(\w+)` \|))");
  const std::string page = read("docs/configuration.md");
  Keys keys;
  std::string heading;
  for (std::sregex_iterator part(page.begin(), page.end(), kPart), end; part != end; ++part) {
    if ((*part)[1].matched)
      heading = (*part)[1];
    else
      keys[heading].insert((*part)[2]);
  }
  return keys;
}

TEST(Reference, HasEveryKeyThatIsReadAndNoOther) {
  Keys keys;
  for (const char* source : {"userspace/config/parse.cc", "userspace/config/service_reader.cc"})
    add_asked(read(source), keys);
  EXPECT_EQ(keys.size(), 7u) << "host, limits, service, quic, pool, health, backend";
  EXPECT_EQ(documented(), keys);
}

}  // namespace
}  // namespace steadfast::config
