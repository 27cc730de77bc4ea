// SPDX-License-Identifier: Apache-2.0
// probe_once: one check, one examination or a load of checks of one backend of a
// configuration file, from the namespace it is started in; prints JSON.
#include <sys/resource.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "compile/rows.h"
#include "model/names.h"
#include "probe/doctor.h"
#include "probe/record.h"

namespace {

using namespace steadfast;
using namespace steadfast::probe;
using nlohmann::ordered_json;

struct Options {
  std::string file, service, backend, check = "tcp", host, path = "/", inner_source;
  std::vector<std::string> interfaces{"eth0"};
  std::string payload = "ping";
  unsigned timeout_ms = 1000, load = 0, concurrency = 4096;
  bool examine = false, independent = false, verify = false, full_size = false;
};

[[noreturn]] void fail(const std::string& why) {
  std::fprintf(stderr, "probe_once: %s\n", why.c_str());
  std::exit(2);
}

Options read_words(int argc, char** argv) {
  Options words;
  CLI::App app("probes one backend");
  app.add_option("--config", words.file)->required();
  app.add_option("--service", words.service)->required();
  app.add_option("--backend", words.backend)->required();
  app.add_option("--check", words.check);
  app.add_option("--host", words.host);
  app.add_option("--path", words.path);
  app.add_option("--payload", words.payload);
  app.add_option("--interface", words.interfaces);
  app.add_option("--inner-source", words.inner_source);
  app.add_option("--timeout-ms", words.timeout_ms);
  app.add_option("--load", words.load);
  app.add_option("--concurrency", words.concurrency);
  app.add_flag("--examine", words.examine);
  app.add_flag("--independent", words.independent);
  app.add_flag("--verify", words.verify);
  app.add_flag("--full-size", words.full_size);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    std::exit(app.exit(error));
  }
  return words;
}

Model read_model(const std::string& file) {
  std::ifstream input(file, std::ios::binary);
  const std::string text(std::istreambuf_iterator<char>(input), {});
  Findings findings;
  auto model = build(config::parse(text, file, findings), findings);
  if (!model) fail(findings.empty() ? file : findings.front().message);
  return std::move(*model);
}

Patient patient_of(const Options& words) {
  const Model model = read_model(words.file);
  for (const Service& service : model.services)
    for (const Backend& backend : model.pool_of(service).backends) {
      if (service.name != words.service || backend.name != words.backend) continue;
      Patient patient;
      patient.row = backend_row(model, service, 1, backend, nullptr);
      patient.port = service.port.value;
      patient.timeout = std::chrono::milliseconds(words.timeout_ms);
      patient.check.full_size = words.full_size;
      patient.check.host = words.host;
      patient.check.path = words.path;
      patient.check.verify = words.verify;
      patient.check.payload = words.payload;
      for (const auto& [text, type] : kHealthTypes)
        if (text == words.check) patient.check.type = type;
      if (!words.inner_source.empty()) patient.inner_source = Address::parse(words.inner_source);
      return patient;
    }
  fail("no such service and backend");
}

ProbeRequest request_of(const Options& words, const Patient& patient) {
  ProbeRequest request{0, patient.check, backend_of(patient.row, patient.port), {}, patient.timeout};
  if (words.independent) return request;
  request.path = path_to_vip(patient.row, patient.check.protocol(), patient.port, patient.inner_source);
  if (!request.path) fail("no path without --inner-source");
  return request;
}

ordered_json json_of(const ProbeResult& result) {
  ordered_json json{{"outcome", name(result.outcome)}, {"detail", result.detail}};
  json["ms"] = static_cast<double>(result.duration.count()) / 1e6;
  if (result.full_bytes != 0) json["full_bytes"] = result.full_bytes;
  if (!result.wire) return json;
  json["sent"] = result.wire->sent;
  json["answers"] = result.wire->answers;
  if (result.wire->wrong_source) json["wrong_source"] = result.wire->wrong_source->text();
  return json;
}

ordered_json json_of(const Examination& examination) {
  const Evidence& seen = examination.evidence;
  ordered_json json{{"small", json_of(seen.small)}, {"own", json_of(seen.own)}};
  if (seen.full) json["full"] = json_of(*seen.full);
  if (seen.itself) json["itself"] = json_of(*seen.itself);
  if (seen.knock) json["knock"] = json_of(*seen.knock);
  if (!examination.diagnosis) return json;
  const Diagnosis& diagnosis = *examination.diagnosis;
  json["fault"] = diagnosis.fault ? name(*diagnosis.fault) : "";
  json["code"] = diagnosis.fault ? code_of(*diagnosis.fault) : "";
  json["sentence"] = diagnosis.sentence;
  json["deaf"] = diagnosis.deaf;
  return json;
}

double cpu_s() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

ordered_json run_all(Prober& prober) {
  ordered_json json, outcomes = ordered_json::object();
  const double before = cpu_s();
  const auto start = std::chrono::steady_clock::now();
  while (!prober.idle()) {
    const auto ended = prober.run(std::chrono::seconds(1));
    if (!ended) fail(ended.error().what);
    for (const ProbeResult& result : *ended) {
      const std::string outcome(name(result.outcome));
      outcomes[outcome] = outcomes.value(outcome, 0) + 1;
      json["last"] = json_of(result);
    }
  }
  json["outcomes"] = outcomes;
  json["cpu_s"] = cpu_s() - before;
  json["wall_s"] = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return json;
}

}  // namespace

int main(int argc, char** argv) {
  const Options words = read_words(argc, argv);
  const Patient patient = patient_of(words);
  const auto path = ProbePath::attach(words.interfaces);
  if (!path) fail(path.error().what);
  if (words.examine) {
    const auto examination = examine(patient, *path);
    if (!examination) fail(examination.error().what);
    std::printf("%s\n", json_of(*examination).dump().c_str());
    return 0;
  }
  auto prober = Prober::open({words.concurrency, &*path});
  if (!prober) fail(prober.error().what);
  for (unsigned i = 0; i < std::max(1u, words.load); ++i) prober->start(request_of(words, patient));
  const ordered_json all = run_all(*prober);
  std::printf("%s\n", (words.load == 0 ? all["last"] : all).dump().c_str());
  return 0;
}
