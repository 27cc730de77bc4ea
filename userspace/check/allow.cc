// SPDX-License-Identifier: Apache-2.0
#include "check/allow.h"

#include <cctype>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "check/catalogue.h"
#include "check/change_rules.h"
#include "config/comments.h"
#include "config/examples.h"
#include "config/owner.h"
#include "config/schema_rules.h"
#include "config/suggest.h"
#include "config/table_reader.h"

namespace steadfast {
namespace {

constexpr std::string_view kMark = "steadfast:";
constexpr std::string_view kWord = "allow";
constexpr std::string_view kBlanks = " \t";

// Words of ours that a comment may hold; the others guard against truncation (config/bytes.cc).
const std::vector<std::string_view>& words() {
  static const std::vector<std::string_view> kWords{kWord, "begin", "end"};
  return kWords;
}

struct Allow {
  std::string code;
  std::string reason;
  Date until;
  std::string object;      // it speaks of
  std::uint32_t line = 0;  // it speaks of
  bool line_only = false;  // one line of a list, not the object the list belongs to
};

std::string_view skip_blanks(std::string_view text) {
  const auto at = text.find_first_not_of(kBlanks);
  return at == text.npos ? std::string_view() : text.substr(at);
}

std::string_view take_word(std::string_view& rest) {
  rest = skip_blanks(rest);
  const auto end = std::min(rest.find_first_of(kBlanks), rest.size());
  const std::string_view word = rest.substr(0, end);
  rest.remove_prefix(end);
  return word;
}

bool is_about_a_change(std::string_view code) {
#define X(check) \
  if (rules::check.rule.code == code) return true;
  SF_CHANGE_CHECKS(X)
#undef X
  return code.starts_with("SF5");
}

std::string unknown_code(std::string_view code) {
  std::vector<std::string_view> known;
  for (const Rule* rule : catalogue()) known.push_back(rule->code);
  return config::in_quotes(code) + " is no code of a finding" + did_you_mean(nearest(code, known));
}

// Reads one comment; what is wrong with it is a sentence.
class Reader {
 public:
  explicit Reader(std::string_view rest) : rest_(rest) {}

  std::optional<std::string> read(Allow& allow) {
    allow.code = take_word(rest_);
    if (auto fault = check_code(allow.code)) return fault;
    for (rest_ = skip_blanks(rest_); !rest_.empty(); rest_ = skip_blanks(rest_))
      if (auto fault = read_pair(allow)) return fault;
    if (!has_reason_) return "it has no reason: reason=\"TEXT\"";
    if (!has_until_) return "it has no end: until=YYYY-MM-DD";
    return std::nullopt;
  }

 private:
  static std::optional<std::string> check_code(const std::string& code) {
    if (code.empty()) return "it names no code: steadfast:allow SF408 …";
    const Rule* rule = find_rule(code);
    if (rule == nullptr) return unknown_code(code);
    if (is_about_a_change(code)) return code + " is about a change, which no file can allow in advance";
    if (rule->severity == Severity::error) return code + " is an error, and errors cannot be allowed";
    return std::nullopt;
  }

  std::optional<std::string> read_pair(Allow& allow) {
    if (take("reason=")) return read_reason(allow);
    if (take("until=")) return read_until(allow);
    return config::in_quotes(take_word(rest_)) + " is neither reason=\"TEXT\" nor until=YYYY-MM-DD";
  }

  bool take(std::string_view key) {
    if (!rest_.starts_with(key)) return false;
    rest_.remove_prefix(key.size());
    return true;
  }

  std::optional<std::string> read_reason(Allow& allow) {
    if (std::exchange(has_reason_, true)) return "it has two reasons";
    const auto end = rest_.find('"', 1);
    if (!rest_.starts_with('"') || end == rest_.npos)
      return "the reason must stand in quotes: reason=\"TEXT\"";
    allow.reason = rest_.substr(1, end - 1);
    rest_.remove_prefix(end + 1);
    if (skip_blanks(allow.reason).empty()) return "the reason is blank";
    return std::nullopt;
  }

  std::optional<std::string> read_until(Allow& allow) {
    if (std::exchange(has_until_, true)) return "it ends twice";
    const std::string_view word = take_word(rest_);
    const auto date = Date::parse(word);
    if (!date) return config::in_quotes(word) + " is no date: until=YYYY-MM-DD";
    allow.until = *date;
    return std::nullopt;
  }

  std::string_view rest_;
  bool has_reason_ = false, has_until_ = false;
};

class Application {
 public:
  Application(std::string_view text, Date today, Findings& findings)
      : today_(today),
        findings_(findings),
        statements_(config::split_statements(text)),
        owners_(text, statements_),
        comments_(config::find_comments(text, statements_)) {}

  void run() {
    const std::size_t found = findings_.size();
    for (const config::Comment& comment : comments_) read(comment);
    for (std::size_t i = 0; i < found; ++i) allow(findings_[i]);
  }

 private:
  void read(const config::Comment& comment) {
    std::string_view rest = skip_blanks(comment.text);
    if (!rest.starts_with(kMark)) return;
    rest.remove_prefix(kMark.size());
    const std::string_view word = take_word(rest);
    if (word == kWord) return read_allow(comment, rest);
    for (const std::string_view known : words())
      if (word == known) return;
    refuse(comment, config::in_quotes(word) + " means nothing here" + did_you_mean(nearest(word, words())));
  }

  void read_allow(const config::Comment& comment, std::string_view rest) {
    Allow allow;
    if (auto fault = Reader(rest).read(allow)) return refuse(comment, *fault);
    if (comment.statement == config::kNoStatement)
      return refuse(comment, "it stands with nothing: no statement is on its line or directly below");
    allow.object = object_of(comment);
    allow.line = comment.line;
    allow.line_only = comment.within;
    if (allow.until < today_) return report_expired(comment, allow);
    allows_.push_back(std::move(allow));
  }

  std::string object_of(const config::Comment& comment) const {
    return comment.statement == config::kNoStatement ? "file"
                                                     : owners_.at(statements_[comment.statement].line);
  }

  void refuse(const config::Comment& comment, const std::string& fault) {
    Finding finding = make(config::kOutOfDomain, object_of(comment), comment.place,
                           "the comment for Steadfast is not understood: " + fault);
    finding.fix = "write # steadfast:allow CODE reason=\"TEXT\" until=YYYY-MM-DD, or remove the comment";
    findings_.push_back(std::move(finding));
  }

  void report_expired(const config::Comment& comment, const Allow& allow) {
    findings_.push_back(make(
        kExpiredAllow, allow.object, comment.place,
        "the exception for " + allow.code + " ended on " + allow.until.text() + " (" + allow.reason + ")"));
  }

  static bool speaks_of(const Allow& allow, const Finding& finding) {
    if (allow.code != finding.code) return false;
    return finding.place.line == allow.line || (!allow.line_only && finding.object == allow.object);
  }

  void allow(Finding& finding) const {
    if (finding.severity == Severity::error) return;
    for (const Allow& allow : allows_) {
      if (!speaks_of(allow, finding)) continue;
      finding.severity = Severity::note;
      finding.message += "; allowed until " + allow.until.text() + ": " + allow.reason;
      return;
    }
  }

  Date today_;
  Findings& findings_;
  std::vector<config::Statement> statements_;
  config::Owners owners_;
  std::vector<config::Comment> comments_;
  std::vector<Allow> allows_;
};

}  // namespace

// Files without such a comment, nearly all, are not read a second time.
void apply_allows(std::string_view text, Date today, Findings& findings) {
  if (text.find(kMark) != text.npos) Application(text, today, findings).run();
}

#define SF_EXAMPLE_ALLOWED(until)                                                    \
  SF_EXAMPLE_HEAD SF_EXAMPLE_SERVICE                                                 \
      "# steadfast:allow SF410 reason=\"the checks are being rebuilt\" until=" until \
      "\n"                                                                           \
      "[[pool]]\n"                                                                   \
      "name = \"web\"\n" SF_EXAMPLE_HEALTH SF_EXAMPLE_BACKENDS

const Rule kExpiredAllow{
    "SF911",
    Severity::warn,
    "exception that has ended",
    "what was meant for a while has become the rule, and the risk it stood for is still there",
    "remove the cause of the finding, or renew the exception with a reason that holds today",
    SF_EXAMPLE_ALLOWED("2020-12-31"),
    SF_EXAMPLE_ALLOWED("2099-12-31"),
};

}  // namespace steadfast
