// SPDX-License-Identifier: Apache-2.0
#include "tools/steadfast/picture.h"

#include <sys/wait.h>

#include <cstdio>

namespace steadfast::cli {
namespace {

constexpr int kNotFound = 127;
constexpr char kGnuplot[] = "command -v gnuplot >/dev/null || exit 127; exec gnuplot";

std::string quoted(const std::string& text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("''") : std::string(1, c);
  return out + "'";
}

}  // namespace

Result<void> draw(const std::string& plot, const std::string& file) {
  const std::string script = "set output " + quoted(file) + "\n" + plot;
  std::FILE* const gnuplot = popen(kGnuplot, "we");
  if (gnuplot == nullptr) return Error::from_errno("starting gnuplot");
  // What a gnuplot that is not there does not take shows in how it ends.
  std::fwrite(script.data(), 1, script.size(), gnuplot);
  const int status = pclose(gnuplot);
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return {};
  if (WIFEXITED(status) && WEXITSTATUS(status) == kNotFound)
    return Error{"gnuplot is not installed (apt-get install gnuplot-nox)"};
  return Error{"gnuplot failed; " + file + " is not what it should be"};
}

}  // namespace steadfast::cli
