// SPDX-License-Identifier: Apache-2.0
#include "control/api.h"
#include "tools/steadfast/reference.h"
#include "tools/steadfast/run.h"

namespace steadfast::cli {
namespace {

const Parameter kJson{"--json", Kind::flag, "", "print JSON"};
const Parameter kFile{"FILE", Kind::file, "", "configuration file; - reads standard input", true};
const Parameter kStrict{"--strict", Kind::flag, "", "refuse warnings too"};
const Parameter kAccept{"--accept",    Kind::text,
                        "CODE:OBJECT", "let one gate pass, as in SF501:pool/web; needs --reason",
                        false,         true};
const Parameter kReason{"--reason", Kind::text, "TEXT", "why, for the journal"};
const Parameter kPool{"POOL", Kind::text, "", "name of the pool", true};
const Parameter kName{"NAME", Kind::text, "", "name of the backend", true};

Parameter required(Parameter parameter) {
  parameter.required = true;
  return parameter;
}

const Parameter kAddress{"--address", Kind::text, "ADDRESS", "IP address of the backend"};
const Parameter kWeight{"--weight", Kind::number, "W", "share of new flows relative to the rest of the pool"};
const Parameter kPort{"--port", Kind::port, "PORT", "port, where the forwarding mode can rewrite it"};

Verb backend_verb(const char* name, const char* summary, const char* details, std::vector<Parameter> extra,
                  int (*run)(const Arguments&, Terminal&)) {
  Verb verb{std::string("backend ") + name, summary, details, {kPool, kName}, run};
  for (auto& parameter : extra) verb.parameters.push_back(std::move(parameter));
  for (const auto& parameter : {kAccept, kReason, kJson}) verb.parameters.push_back(parameter);
  return verb;
}

Verb show_verb(const char* name, const char* summary, const char* details,
               int (*run)(const Arguments&, Terminal&)) {
  return {std::string("show ") + name, summary, details, {kJson}, run};
}

std::vector<std::string> dropping_verdicts() {
  std::vector<std::string> labels;
  for (std::uint32_t value = 0; value < SF_VERDICT_COUNT; value++)
    if (const auto verdict = static_cast<sf_verdict>(value); report::is_drop(verdict))
      labels.emplace_back(report::label(verdict));
  return labels;
}

const Parameter kIncident{"N", Kind::number, "", "number of the incident", true};

const std::vector<Verb>& table() {
  static const std::vector<Verb> kVerbs{
      {"check",
       "report every finding about a configuration file",
       "Needs no daemon and no privileges. Each finding comes with its file, line and column, the line "
       "itself and a fix.",
       {kFile, kJson, {"--sarif", Kind::flag, "", "print SARIF 2.1.0, for code review tools"}, kStrict},
       run_check},
      {"test",
       "play the tests of a configuration file on the real packet code",
       "Without TESTFILE the tests beside FILE are played: STEM.test.toml and STEM.*.test.toml, or else "
       "every *.test.toml in its folder. The host engine needs no privileges; the kernel engine loads the "
       "program without attaching it; live asks the daemon about what it runs. What a test with against = "
       "\"running\" compares with is --against, or what the daemon runs, or FILE itself where none answers.",
       {kFile,
        {"TESTFILE", Kind::file, "", "file with tests", false, true},
        {"--engine",
         Kind::word,
         "ENGINE",
         "host (default), kernel or live",
         false,
         false,
         {"host", "kernel", "live"}},
        {"--against", Kind::file, "BASE", "configuration file that stands for what runs"},
        {"--init", Kind::flag, "", "write first tests for FILE instead of playing any"},
        {"-o", Kind::file, "OUT", "with --init: write them to this new file"},
        {"--mutate", Kind::flag, "", "measure the tests: how many of so many mistakes are caught"},
        {"--mutants", Kind::number, "N", "with --mutate: mistakes at most (default 200)"},
        {"--junit", Kind::file, "OUT", "write the results as JUnit XML to this file"},
        kStrict,
        kJson},
       run_test},
      {"plan",
       "what a change would do: objects, the exact shares of new flows that move or drop, capacity",
       "The shares are counted in the rings of both generations and weighted by the packets that each "
       "service carries now. Nothing is changed. With -o the plan is written to a file that apply takes: "
       "it holds the configuration, is bound to the generation it was made against, and is sealed. With "
       "--against no daemon is asked: another file stands for what runs, and every service counts alike.",
       {{"FILE", Kind::file, "", "configuration file, or a plan made by plan -o; - reads standard input",
         true},
        {"-o", Kind::file, "PLAN", "write the sealed plan to this file, unless an error forbids the change"},
        {"--against", Kind::file, "BASE", "configuration file that stands for what runs"},
        kStrict,
        kJson},
       run_plan},
      {"apply",
       "make a configuration file the running generation",
       "Checks the file here first and sends the very bytes that were checked with their digest. A file "
       "with error findings is never sent. The tests beside the file go along and are played before any "
       "packet of a user meets the change. The change is all or nothing; the running generation stays on "
       "any failure. A plan is applied to the generation it was made against and to no other.",
       {{"FILE", Kind::file, "", "configuration file, or a plan made by plan -o; - reads standard input",
         true},
        {"--confirm", Kind::text, "DURATION", "go back by itself unless confirmed in this time, as in 60s"},
        {"--auto-confirm", Kind::flag, "", "with --confirm: confirmed at its end unless harm was seen"},
        {"--canary", Kind::text, "SHARE:DURATION,...",
         "let so much of the new flows go by the change for so long, then more, as in 5%:20s,50%:20s"},
        kAccept,
        kReason,
        kStrict,
        kJson},
       run_apply},
      {"confirm", "keep the pending change", "", {kJson}, run_confirm},
      {"extend",
       "give the pending change more time",
       "It is added to the time that is left.",
       {{"DURATION", Kind::text, "", "as in 60s or 5m", true}, kJson},
       run_extend},
      {"cancel",
       "undo the pending change at once",
       "Traffic goes back to the generation before.",
       {kReason, kJson},
       run_cancel},
      {"rollback",
       "run an earlier generation again",
       "Without --to the generation before the running one. A rollback is a new generation with the old "
       "text.",
       {{"--to", Kind::number, "N", "number of the generation to run again"}, kReason, kJson},
       run_rollback},
      backend_verb("add", "add a backend to a pool",
                   "It takes its share of new flows at once; no known flow moves.",
                   {required(kAddress), required(kWeight), kPort}, run_backend_add),
      backend_verb("set", "change the weight, address or port of a backend",
                   "At least one of them must be given.", {kWeight, kAddress, kPort}, run_backend_set),
      backend_verb("drain", "send no new flows to a backend",
                   "Known flows stay, and the drain ends by itself when the last of them has closed or "
                   "fallen silent: show backends says how many are left. Only the share of this backend "
                   "moves, and undrain brings the very same ring back.",
                   {{"--force", Kind::flag, "", "end it now: the flows that are left choose another backend"},
                    {"--wait", Kind::flag, "", "come back when no flow is left"}},
                   run_backend_drain),
      backend_verb("undrain", "send new flows to a drained backend again", "", {}, run_backend_undrain),
      backend_verb("remove", "take a backend out of its pool",
                   "Its flows choose again. Drain it first to keep them.", {}, run_backend_remove),
      {"doctor",
       "what of this host, or of one backend's, would hurt: interfaces, routes, sysctls, netfilter, kernel",
       "Without FILE the daemon looks at its host for what it runs; with FILE this program looks here for "
       "that "
       "file, and needs no daemon. What could not be looked at is a finding too (SF718). With --backend the "
       "daemon sends probes along the packets' own path, for every service that uses the backend, and names "
       "the piece that is missing there.",
       {{"FILE", Kind::file, "", "configuration file, instead of what runs; - reads standard input"},
        {"--backend", Kind::text, "POOL/NAME", "examine this backend instead of the host"},
        {"--bpffs", Kind::file, "DIR",
         "with FILE: where the daemon would pin (default /sys/fs/bpf/steadfast)"},
        {"--sarif", Kind::flag, "", "print SARIF 2.1.0"},
        kStrict,
        kJson},
       run_doctor},
      {"audit",
       "what is declared against what is: every entry in the kernel, programs, links, pins, the file, the "
       "host",
       "The daemon compares all the time, a piece of the tables every second, and puts right what it finds "
       "as host.audit_tables and host.audit_program say; this verb looks at everything now and changes "
       "nothing. What was put right within the last hour is a warning. Tests that stand beside the file are "
       "judged by what they reach.",
       {{"--peer", Kind::text, "URL", "compare with another balancer, as in http://edge-02:9464", false,
         true},
        {"--sarif", Kind::flag, "", "print SARIF 2.1.0"},
        kStrict,
        kJson},
       run_audit},
      {"status", "what runs, since when and by whom", "", {kJson}, run_status},
      show_verb("services", "services, what they received and what was dropped", "", run_show_services),
      show_verb("pools", "pools and the sums over their backends", "", run_show_pools),
      show_verb("backends", "backends: state, exact share of new flows, flows, next hop", "",
                run_show_backends),
      show_verb("flows", "how full the flow table is, and flows per backend", "", run_show_flows),
      show_verb("drops", "every drop by name: where, why, how many", "", run_show_drops),
      show_verb("config", "the running configuration, byte for byte as it was applied",
                "What it prints is what apply accepts.", run_show_config),
      show_verb("generations", "the journal: who changed what, when and why", "", run_show_generations),
      {"history",
       "what was changed, by whom and why, and how it ended; the newest first",
       "",
       {kJson},
       run_history},
      {"diff",
       "the objects and keys in which two generations differ, with their lines",
       "B is compared with A. Without B the running generation, without A the one that B was built upon. "
       "With --file the file is compared with A, or with the running generation.",
       {{"A", Kind::number, "", "number of the older generation"},
        {"B", Kind::number, "", "number of the newer one"},
        {"--file", Kind::file, "FILE", "compare this configuration file instead of B"},
        kJson},
       run_diff},
      {"blame",
       "who changed an object last, when and why",
       "OBJECT is host, limits, service/NAME, pool/NAME or backend/POOL/NAME; one that was removed is "
       "found as long as the journal remembers it.",
       {{"OBJECT", Kind::text, "", "the object, as in backend/web/web-01", true}, kJson},
       run_blame},
      {"trace",
       "the program's answer for one packet, and the line that decided it",
       "PACKET is 'tcp|udp SOURCE:PORT > DESTINATION:PORT [syn] [ack] [fin] [rst] [len BYTES]', with IPv6 "
       "addresses in brackets; a source port * stands for port 40000. Nothing is counted and no flow is "
       "remembered. Without --file the daemon answers for what runs; with --file the same packet code "
       "answers here for a file, without privileges. Exactly one of PACKET and --pcap is needed.",
       {{"PACKET", Kind::text, "", "the packet in words"},
        {"--file", Kind::file, "FILE", "answer for this configuration file instead of asking the daemon"},
        {"--pcap", Kind::file, "IN", "answer for every packet of a capture (Ethernet)"},
        {"--write", Kind::file, "OUT", "write the frames that leave to this capture file"},
        {"--save", Kind::file, "OUT", "write the frame made from PACKET to this capture file"},
        kJson},
       run_trace},
      {"drops",
       "every drop by name, as show drops; with --follow the dropped packets themselves",
       "While somebody follows, the program samples what it drops: so many of each verdict per second and "
       "CPU, with their first 128 bytes. --pcap opens in Wireshark, with the verdict as each packet's "
       "comment. Forwarding costs the same whether somebody follows or not.",
       {{"--follow", Kind::flag, "", "print packets as they are dropped"},
        {"--pcap", Kind::file, "FILE", "follow into this capture file (pcapng); - is standard output"},
        {"--count", Kind::number, "N", "end after so many packets"},
        {"--service", Kind::text, "NAME", "of this service alone"},
        {"--verdict", Kind::word, "LABEL", "with this verdict alone", false, false, dropping_verdicts()},
        kJson},
       run_drops},
      {"incidents",
       "what was wrong: how soon it was detected, located and undone, and who had brought it",
       "The latest first. An incident begins with an alarm that pages, or with a pending change that was "
       "taken back; what comes together is one. The delays count from the first affected packet.",
       {kJson},
       run_incidents},
      {"incidents show",
       "one incident with its suspects and its timeline",
       "",
       {kIncident, kJson},
       run_incidents_show},
      {"incidents report",
       "the draft of a post-mortem, in Markdown",
       "With -o the traffic around the incident is drawn beside it, as FILE with .svg at its end (needs "
       "gnuplot).",
       {kIncident, {"-o", Kind::file, "FILE", "write it to this file"}, kJson},
       run_incidents_report},
      {"top",
       "services, backends and drops as they change, on the whole terminal",
       "Rates are between two reads, a second apart. q quits, tab turns to the next table, s sorts by the "
       "next column, j k and the arrows scroll.",
       {},
       run_top},
      {"explain",
       "what a finding code or a verdict means",
       "",
       {{"TERM", Kind::text, "", "a finding code (SF501) or a verdict (no_backend)", true}, kJson},
       run_explain},
      {"completion",
       "print the completion script of a shell",
       "As in: source <(steadfast completion bash)",
       {{"SHELL", Kind::word, "", "the shell", true, false, {"bash", "zsh", "fish"}}},
       run_completion},
      {"reference",
       "print a generated page",
       "",
       {{"PAGE", Kind::word, "", "the page", true, false, reference_pages()}},
       run_reference,
       true},
  };
  return kVerbs;
}

}  // namespace

std::span<const Verb> verbs() { return table(); }

std::span<const Parameter> global_options() {
  static const std::vector<Parameter> kOptions{
      {"--control", Kind::file, "SOCKET",
       std::string("control socket of the daemon (default ") + api::kDefaultSocket +
           ", or the environment variable STEADFAST_CONTROL)"},
  };
  return kOptions;
}

std::string group_summary(std::string_view group) {
  if (group == "backend") return "everyday changes of one backend; each is a generation of its own";
  if (group == "show") return "what is running";
  return {};
}

}  // namespace steadfast::cli
