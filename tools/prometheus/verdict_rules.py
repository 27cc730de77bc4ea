#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Rules and their tests that follow from the list of verdicts in bpf/abi.h: one
alert for each way to drop a packet, and the rates by class that all others and
the dashboards build on.

    verdict_rules.py           write tools/prometheus/verdicts.rules.yml and
                               tests/prometheus/verdicts.test.yml
    verdict_rules.py --check   fail when they are not what would be written
"""
import ast
import collections
import difflib
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
RULES = ROOT / "tools" / "prometheus" / "verdicts.rules.yml"
TESTS = ROOT / "tests" / "prometheus" / "verdicts.test.yml"
HEAD = """# SPDX-License-Identifier: Apache-2.0
# Generated from bpf/abi.h by tools/prometheus/verdict_rules.py; do not edit.
"""
# The preprocessor reads the list, and adjacent strings are one string in Python too.
READER = """#include "bpf/abi.h"
#define VERDICT(symbol, value, action, kind, label, help) (label, #kind, help),
#define KIND(symbol, label, help) (#symbol, label, help),
verdicts [SF_VERDICTS(VERDICT)]
kinds [SF_KINDS(KIND)]
"""

Verdict = collections.namedtuple("Verdict", "label kind help")
Kind = collections.namedtuple("Kind", "symbol label help")
# What a class of drops is compared with, when it is too much, for how long, and who is told.
Class = collections.namedtuple("Class", "of_service share hold minutes severity why")
CLASSES = {
    "CONFIGURATION": Class(True, 0.001, "30s", 10, "page", "The configuration is why, and a change of it has caused this."),
    "LIMIT": Class(True, 0.05, "10m", 20, "warn", "A limit of the configuration is why; it may be what was meant."),
    "SENDER": Class(False, 0.05, "5m", 15, "warn", "The sender is why: noise, or an attack. No change here causes it."),
}
WINDOWS = ("5m", "30m", "1h", "2h", "6h", "1d", "3d")


def read_list():
    words = subprocess.run(["gcc", "-E", "-P", "-I", ROOT, "-x", "c", "-"], input=READER, text=True, check=True,
                           capture_output=True).stdout
    _, _, rest = words.partition("verdicts [")
    verdicts, _, kinds = rest.partition("kinds [")
    return ([Verdict(*row) for row in ast.literal_eval("[" + verdicts)],
            [Kind(*row) for row in ast.literal_eval("[" + kinds)])


def one_of(verdicts, kind):
    return "|".join(verdict.label for verdict in verdicts if verdict.kind == kind)


def alert_name(verdict):
    return "SteadfastDrops" + "".join(word.capitalize() for word in verdict.label.split("_"))


def recording(name, expr, labels=""):
    return f"      - record: {name}\n        expr: {expr}\n{labels}"


def rate_rules(verdicts, kinds):
    """Rates by class, and the share that the configuration loses over every window."""
    packets = "steadfast_service_packets_total"
    for kind in kinds:
        chosen = one_of(verdicts, kind.symbol)
        yield recording("steadfast:service_packets_by_kind:rate1m",
                        f'sum without (verdict) (rate({packets}{{verdict=~"{chosen}"}}[1m]))',
                        f'        labels: {{ kind: "{kind.label}" }}\n')
    lost = one_of(verdicts, "CONFIGURATION")
    for window in WINDOWS:
        yield recording(f"steadfast:service_lost:ratio_rate{window}",
                        f'sum without (verdict) (rate({packets}{{verdict=~"{lost}"}}[{window}]))'
                        f" / (sum without (verdict) (rate({packets}[{window}])) > 0)")
    yield recording("steadfast:host_packets:rate1m",
                    f"sum by (job, instance) (rate({packets}[1m]))"
                    " + sum by (job, instance) (rate(steadfast_host_packets_total[1m]))")


def expression(verdict, cls):
    if cls.of_service:
        return (f'rate(steadfast_service_packets_total{{verdict="{verdict.label}"}}[1m])\n'
                f"            > on (job, instance, service) group_left () {cls.share} *"
                " (steadfast:service_packets:rate1m > 0)")
    return (f'rate(steadfast_dropped_packets_total{{verdict="{verdict.label}"}}[1m])\n'
            f"            > on (job, instance) group_left () {cls.share} * (steadfast:host_packets:rate1m > 0)")


def alert(verdict, cls):
    whose = "{{ $labels.service }}" if cls.of_service else "{{ $labels.instance }}"
    return f"""      - alert: {alert_name(verdict)}
        expr: |
          {expression(verdict, cls)}
        for: {cls.hold}
        labels: {{ severity: {cls.severity} }}
        annotations:
          summary: "{whose} drops {{{{ $value | humanize }}}} packets/s as {verdict.label}"
          description: "{verdict.help[0].upper() + verdict.help[1:]}. {cls.why}"
          command: steadfast explain {verdict.label}
"""


def dropped(verdicts):
    return [(verdict, CLASSES[verdict.kind]) for verdict in verdicts if verdict.kind in CLASSES]


def rules_file(verdicts, kinds):
    return (HEAD + "groups:\n  - name: steadfast.verdicts\n    rules:\n" + "".join(rate_rules(verdicts, kinds))
            + "\n  - name: steadfast.drops\n    rules:\n"
            + "\n".join(alert(verdict, cls) for verdict, cls in dropped(verdicts)))


def series(verdict, cls, instance, share):
    """A balancer's packets, 10,000 each step, of which it drops `share` so."""
    name, more = ("service", ', service="web"') if cls.of_service else ("host", "")
    labels = f'job="steadfast", instance="{instance}"'
    drops = round(10000 * share)
    rows = [("steadfast_service_packets_total", f'{labels}, service="web", verdict="forwarded"', 10000 - drops),
            (f"steadfast_{name}_packets_total", f'{labels}{more}, verdict="{verdict.label}"', drops)]
    if not cls.of_service:
        rows.append(("steadfast_host_packets_total", f'{labels}, verdict="not_service"', 0))
        rows.append(("steadfast_dropped_packets_total",
                     f'{labels}, verdict="{verdict.label}", kind="dropped-by-sender"', drops))
    return "".join(f"      - series: '{metric}{{{labels}}}'\n        values: 0+{step}x60\n" for metric, labels, step in rows)


def test(verdict, cls):
    """What is too much fires, what is just bearable does not."""
    name = alert_name(verdict)
    more = ', service="web"' if cls.of_service else ', kind="dropped-by-sender"'
    return f"""
  - interval: 30s
    input_series:
{series(verdict, cls, "sick", 2 * cls.share)}{series(verdict, cls, "well", cls.share / 2)}    promql_expr_test:
      - expr: ALERTS{{alertname="{name}", alertstate="firing"}}
        eval_time: {cls.minutes}m
        exp_samples:
          - labels: 'ALERTS{{alertname="{name}", alertstate="firing", instance="sick", job="steadfast"{more}, severity="{cls.severity}", verdict="{verdict.label}"}}'
            value: 1
"""


def tests_file(verdicts):
    return (HEAD + "rule_files:\n  - ../../tools/prometheus/steadfast.rules.yml\n"
            "  - ../../tools/prometheus/verdicts.rules.yml\nevaluation_interval: 30s\n\ntests:"
            + "".join(test(verdict, cls) for verdict, cls in dropped(verdicts)))


def differences(path, wanted):
    """Why a file is stale, as a patch; empty when it is not."""
    found = path.read_text() if path.exists() else ""
    return "".join(difflib.unified_diff(found.splitlines(True), wanted.splitlines(True), str(path), "from bpf/abi.h"))


def main():
    verdicts, kinds = read_list()
    wanted = {RULES: rules_file(verdicts, kinds), TESTS: tests_file(verdicts)}
    if sys.argv[1:] == ["--check"]:
        stale = "".join(differences(path, text) for path, text in wanted.items())
        if stale:
            sys.exit(stale + "\nstale: run tools/prometheus/verdict_rules.py")
        return
    if sys.argv[1:]:
        sys.exit(__doc__)
    for path, text in wanted.items():
        path.write_text(text)


if __name__ == "__main__":
    main()
