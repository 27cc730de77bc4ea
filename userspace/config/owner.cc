// SPDX-License-Identifier: Apache-2.0
#include "config/owner.h"

#include <algorithm>
#include <cstddef>

#include "config/bytes.h"
#include "config/toml.h"

namespace steadfast::config {
namespace {

// Follows the headers down the file, counting objects and remembering their names.
class Walk {
 public:
  Walk(std::string_view text, const std::vector<Statement>& statements)
      : text_(text), statements_(statements) {}

  std::string enter(std::size_t header) {
    const auto& path = statements_[header].path;
    if (path.empty()) return "file";
    if (path[0] == "host" || path[0] == "limits") return path[0];
    if (path[0] == "service") return "service/" + (path.size() == 1 ? enter_service(header) : service_);
    if (path[0] != "pool") return "file";
    if (path.size() == 1) return "pool/" + enter_pool(header);
    if (path[1] != "backend") return "pool/" + pool_;
    if (path.size() == 2) enter_backend(header);
    return "backend/" + pool_ + "/" + backend_;
  }

 private:
  const std::string& enter_service(std::size_t header) {
    return service_ = name_or_number(header, ++services_);
  }

  const std::string& enter_pool(std::size_t header) {
    backends_ = 0;
    return pool_ = name_or_number(header, ++pools_);
  }

  void enter_backend(std::size_t header) { backend_ = name_or_number(header, ++backends_); }

  std::string name_or_number(std::size_t header, std::size_t number) const {
    for (std::size_t i = header + 1; i < statements_.size(); ++i) {
      const Statement& statement = statements_[i];
      if (statement.kind == Statement::Kind::header) break;
      if (statement.path.size() != 1 || statement.path[0] != "name") continue;
      const std::string name = value(statement);
      if (!name.empty()) return name;
    }
    return "#" + std::to_string(number);
  }

  // The statement is read as it stands in a file that has faults, so its bytes
  // are inspected first: toml++ must not see those that inspect_bytes() refuses.
  std::string value(const Statement& pair) const {
    const std::string line = std::string(text_.substr(pair.begin, pair.end - pair.begin)) + "\n";
    Findings reported_already;
    if (!inspect_bytes(line, reported_already).lines.empty()) return {};
    Node root;
    if (read_toml(line, root)) return {};
    const Node* name = root.find("name");
    return name ? name->text : std::string();
  }

  std::string_view text_;
  const std::vector<Statement>& statements_;
  std::size_t services_ = 0, pools_ = 0, backends_ = 0;
  std::string service_ = "#0", pool_ = "#0", backend_ = "#0";
};

}  // namespace

Owners::Owners(std::string_view text, const std::vector<Statement>& statements) {
  Walk walk(text, statements);
  for (std::size_t i = 0; i < statements.size(); ++i)
    if (statements[i].kind == Statement::Kind::header)
      headers_.emplace_back(statements[i].line, walk.enter(i));
}

std::string Owners::at(std::uint32_t line) const {
  const auto below =
      std::upper_bound(headers_.begin(), headers_.end(), line,
                       [](std::uint32_t sought, const auto& header) { return sought < header.first; });
  return below == headers_.begin() ? "file" : std::prev(below)->second;
}

}  // namespace steadfast::config
