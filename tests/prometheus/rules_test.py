#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The rules an operator gives to Prometheus: promtool takes them, each alert has a
test in which it fires and one in which it does not, and all they ask for exists.
What is generated is what its generator would write."""
import json
import pathlib
import re
import subprocess
import sys

import yaml

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
TOOLS = ROOT / "tools" / "prometheus"
RULES = sorted(TOOLS.glob("*.rules.yml"))
TESTS = sorted(HERE.glob("*.test.yml"))
FIRING = re.compile(r'alertname="(\w+)", alertstate="firing", (.*)}')
METRIC = re.compile(r"\bsteadfast_\w+")
RECORDED = re.compile(r"\bsteadfast:[\w:]+")


def promtool(*words):
    ran = subprocess.run(["promtool", *words], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr


def rules():
    return [rule for path in RULES for group in yaml.safe_load(path.read_text())["groups"] for rule in group["rules"]]


def fires_for():
    """By alert, the labels for which a test expects it to fire."""
    found = {}
    for path in TESTS:
        for test in yaml.safe_load(path.read_text())["tests"]:
            for question in test["promql_expr_test"]:
                for sample in question["exp_samples"]:
                    if seen := FIRING.search(sample["labels"]):
                        found.setdefault(seen[1], []).append((seen[2], json.dumps(test["input_series"])))
    return found


def every_alert_is_tested():
    tested = fires_for()
    for rule in rules():
        name = rule.get("alert")
        if not name:
            continue
        assert name in tested, f"no test in which {name} fires"
        # What is absent has no well twin: there it is the time before that is silent.
        assert name == "SteadfastAbsent" or any("sick" in labels and "well" in series for labels, series in tested[name]), \
            f"{name}: no test in which it must not fire"


def what_they_ask_for_exists():
    declared = set(re.findall(r'"(steadfast_\w+)"', (ROOT / "userspace" / "report" / "metric_list.h").read_text()))
    recorded = {rule["record"] for rule in rules() if "record" in rule}
    for rule in rules():
        unknown = set(METRIC.findall(rule["expr"])) - declared | set(RECORDED.findall(rule["expr"])) - recorded
        assert not unknown, f"{rule.get('alert') or rule['record']} asks for {unknown}"


def alerts_speak():
    """The first line names the object; then what it means, and what to type."""
    for rule in rules():
        if "alert" in rule:
            assert set(rule["annotations"]) == {"summary", "description", "command"}, rule
            assert rule["labels"]["severity"] in ("page", "warn"), rule


def main():
    for generator in (TOOLS / "verdict_rules.py", ROOT / "tools" / "grafana" / "dashboards.py"):
        assert subprocess.run([sys.executable, generator, "--check"], check=False).returncode == 0, f"stale: {generator}"
    promtool("check", "rules", *RULES)
    promtool("check", "config", "--syntax-only", TOOLS / "prometheus.yml")
    every_alert_is_tested()
    what_they_ask_for_exists()
    alerts_speak()
    promtool("test", "rules", *TESTS)
    print(f"{sum('alert' in rule for rule in rules())} alerts hold")


if __name__ == "__main__":
    main()
