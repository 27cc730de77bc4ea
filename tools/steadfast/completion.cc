// SPDX-License-Identifier: Apache-2.0
#include "tools/steadfast/completion.h"

#include <set>

#include "base/bug.h"
#include "tools/steadfast/verb.h"

namespace steadfast::cli {
namespace {

std::string first_word(const std::string& path) { return path.substr(0, path.find(' ')); }
std::string last_word(const std::string& path) { return path.substr(path.rfind(' ') + 1); }
bool is_grouped(const Verb& verb) { return verb.path.find(' ') != std::string::npos; }

void add_word(std::string& list, const std::string& word) { list += (list.empty() ? "" : " ") + word; }

bool is_verb(const std::string& path) {
  for (const auto& verb : verbs())
    if (verb.path == path) return true;
  return false;
}

// The words that may follow `group`; the verbs themselves when it is empty.
std::string words_below(const std::string& group) {
  std::set<std::string> seen;
  std::string list;
  for (const auto& verb : verbs()) {
    if (verb.hidden || (!group.empty() && (!is_grouped(verb) || first_word(verb.path) != group))) continue;
    const std::string word = group.empty() ? first_word(verb.path) : last_word(verb.path);
    if (seen.insert(word).second) add_word(list, word);
  }
  return list;
}

std::string options_and_words(const Verb& verb) {
  std::string list;
  for (const auto& parameter : verb.parameters) {
    if (parameter.is_option()) add_word(list, parameter.name);
    for (const auto& word : parameter.words) add_word(list, word);
  }
  for (const auto& option : global_options()) add_word(list, option.name);
  if (const std::string below = words_below(verb.path); !below.empty()) add_word(list, below);
  return list + " --help";
}

// Options after which a file is expected, as a bash pattern.
std::string file_options() {
  std::set<std::string> names;
  const auto take = [&](const Parameter& parameter) {
    if (parameter.is_option() && parameter.kind == Kind::file) names.insert(parameter.name);
  };
  for (const auto& verb : verbs())
    for (const auto& parameter : verb.parameters) take(parameter);
  for (const auto& option : global_options()) take(option);
  std::string pattern;
  for (const auto& name : names) pattern += (pattern.empty() ? "" : "|") + name;
  return pattern;
}

bool takes_file(const Verb& verb) {
  for (const auto& parameter : verb.parameters)
    if (!parameter.is_option() && parameter.kind == Kind::file) return true;
  return false;
}

std::string groups() {
  std::set<std::string> names;
  for (const auto& verb : verbs())
    if (is_grouped(verb)) names.insert(first_word(verb.path));
  std::string pattern;
  for (const auto& name : names) pattern += (pattern.empty() ? "" : "|") + name;
  return pattern;
}

std::string bash_cases() {
  std::string cases = "    \"\") words=\"" + words_below("") + " --help --version\" ;;\n";
  std::set<std::string> groups;
  for (const auto& verb : verbs()) {
    if (verb.hidden) continue;
    if (is_grouped(verb) && !is_verb(first_word(verb.path)) && groups.insert(first_word(verb.path)).second)
      cases +=
          "    \"" + first_word(verb.path) + "\") words=\"" + words_below(first_word(verb.path)) + "\" ;;\n";
    cases += "    \"" + verb.path + "\") words=\"" + options_and_words(verb) + "\"" +
             (takes_file(verb) ? " files=yes" : "") + " ;;\n";
  }
  return cases;
}

// Only the words that name a verb make the path: values of options and names of
// pools come after it.
std::string bash_function() {
  return "_steadfast() {\n"
         "  local cur=\"${COMP_WORDS[COMP_CWORD]}\" previous=\"${COMP_WORDS[COMP_CWORD-1]}\"\n"
         "  local verb=\"\" words=\"\" files=\"\" word i\n"
         "  COMPREPLY=()\n"
         "  case \"$previous\" in " +
         file_options() +
         ") COMPREPLY=($(compgen -f -- \"$cur\")); return ;; esac\n"
         "  for ((i = 1; i < COMP_CWORD; i++)); do\n"
         "    word=\"${COMP_WORDS[i]}\"\n"
         "    case \"${COMP_WORDS[i-1]}\" in " +
         file_options() +
         ") continue ;; esac\n"
         "    case \"$verb\" in\n"
         "      \"\") case \"$word\" in -*) ;; *) verb=\"$word\" ;; esac ;;\n"
         "      " +
         groups() +
         ") case \"$word\" in -*) ;; *) verb=\"$verb $word\" ;; esac ;;\n"
         "    esac\n"
         "  done\n"
         "  case \"$verb\" in\n" +
         bash_cases() +
         "  esac\n"
         "  COMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))\n"
         "  if [ -n \"$files\" ]; then COMPREPLY+=($(compgen -f -- \"$cur\")); fi\n"
         "}\n";
}

std::string bash() { return bash_function() + "complete -o filenames -F _steadfast steadfast\n"; }

// zsh runs bash's function through its own compatibility layer: one list of words.
std::string zsh() {
  return "#compdef steadfast\nautoload -U +X bashcompinit && bashcompinit\n" + bash_function() +
         "complete -o filenames -F _steadfast steadfast\n";
}

std::string in_single_quotes(const std::string& text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("\\'") : std::string(1, c);
  return out + "'";
}

std::string fish_condition(const Verb& verb) {
  std::string condition = "__fish_seen_subcommand_from " + first_word(verb.path);
  if (is_grouped(verb)) condition += "; and __fish_seen_subcommand_from " + last_word(verb.path);
  return in_single_quotes(condition);
}

std::string fish_option(const std::string& condition, const Parameter& option) {
  const bool takes_value = option.kind != Kind::flag;
  const bool takes_path = option.kind == Kind::file;
  const bool is_long = option.name.substr(0, 2) == "--";
  return "complete -c steadfast " + condition + (is_long ? " -l " : " -s ") +
         option.name.substr(is_long ? 2 : 1) +
         (takes_path    ? " -r -F"
          : takes_value ? " -x"
                        : "") +
         " -d " + in_single_quotes(option.help) + "\n";
}

std::string fish() {
  std::string out = "complete -c steadfast -f\n";
  std::set<std::string> firsts;
  for (const auto& verb : verbs()) {
    if (verb.hidden) continue;
    const std::string first = first_word(verb.path);
    if (firsts.insert(first).second)
      out += "complete -c steadfast -n __fish_use_subcommand -a " + first + " -d " +
             in_single_quotes(is_grouped(verb) ? group_summary(first) : verb.summary) + "\n";
    if (is_grouped(verb))
      out += "complete -c steadfast -n " +
             in_single_quotes("__fish_seen_subcommand_from " + first +
                              "; and not __fish_seen_subcommand_from " + words_below(first)) +
             " -a " + last_word(verb.path) + " -d " + in_single_quotes(verb.summary) + "\n";
    if (takes_file(verb)) out += "complete -c steadfast -n " + fish_condition(verb) + " -F\n";
    for (const auto& parameter : verb.parameters) {
      if (parameter.is_option()) out += fish_option("-n " + fish_condition(verb), parameter);
      for (const auto& word : parameter.words)
        out += "complete -c steadfast -n " + fish_condition(verb) + " -a " + word + "\n";
    }
  }
  for (const auto& option : global_options()) out += fish_option("", option);
  return out;
}

}  // namespace

std::string completion_script(const std::string& shell) {
  if (shell == "bash") return bash();
  if (shell == "zsh") return zsh();
  if (shell == "fish") return fish();
  bug("a shell without a completion script");
}

}  // namespace steadfast::cli
