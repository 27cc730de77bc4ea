// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <pugixml.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "report/test_json.h"
#include "report/test_text.h"

namespace steadfast::report {
namespace {

using rehearsal::TestReport;
using rehearsal::TestResult;

// In the order in which they were played.
std::vector<std::string> files_of(const TestReport& report) {
  std::vector<std::string> files;
  for (const TestResult& test : report.results)
    if (std::find(files.begin(), files.end(), test.file) == files.end()) files.push_back(test.file);
  return files;
}

// XML 1.0 has no way to write most control characters.
std::string writable(std::string text) {
  std::replace_if(
      text.begin(), text.end(), [](unsigned char c) { return c < 0x20 && c != '\n' && c != '\t'; }, '?');
  return text;
}

void set(pugi::xml_node node, const char* name, const std::string& value) {
  node.append_attribute(name).set_value(writable(value).c_str());
}

void set_seconds(pugi::xml_node node, double took_ms) { set(node, "time", std::to_string(took_ms / 1000)); }

void add_case(pugi::xml_node suite, const TestResult& test) {
  pugi::xml_node node = suite.append_child("testcase");
  set(node, "name", test.name);
  set(node, "classname", test.service.empty() ? "no service" : "service/" + test.service);
  set(node, "file", test.file);
  set(node, "line", std::to_string(test.place.line));
  set_seconds(node, test.took_ms);
  if (test.passed()) return;
  std::string text = test.packet + "\n";
  for (const auto& mismatch : test.mismatches) text += mismatch_text(mismatch) + "\n";
  pugi::xml_node failure = node.append_child("failure");
  set(failure, "message", mismatch_text(test.mismatches.front()));
  failure.text().set(writable(text).c_str());
}

void add_suite(pugi::xml_node root, const TestReport& report, const std::string& file) {
  pugi::xml_node suite = root.append_child("testsuite");
  std::size_t tests = 0, failed = 0;
  double took_ms = 0;
  for (const TestResult& test : report.results) {
    if (test.file != file) continue;
    ++tests;
    failed += test.passed() ? 0 : 1;
    took_ms += test.took_ms;
  }
  set(suite, "name", file);
  set(suite, "tests", std::to_string(tests));
  set(suite, "failures", std::to_string(failed));
  set_seconds(suite, took_ms);
  for (const TestResult& test : report.results)
    if (test.file == file) add_case(suite, test);
}

}  // namespace

std::string tests_junit(const TestReport& report) {
  pugi::xml_document document;
  pugi::xml_node declaration = document.append_child(pugi::node_declaration);
  set(declaration, "version", "1.0");
  set(declaration, "encoding", "UTF-8");
  pugi::xml_node root = document.append_child("testsuites");
  set(root, "tests", std::to_string(report.results.size()));
  set(root, "failures", std::to_string(report.failed()));
  for (const std::string& file : files_of(report)) add_suite(root, report, file);
  std::ostringstream out;
  document.save(out, "  ");
  return out.str();
}

}  // namespace steadfast::report
