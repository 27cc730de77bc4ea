#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A real Prometheus scrapes a real daemon that forwards real packets: the shipped
configuration is taken, every rule evaluates, an alert comes up where something is
wrong and nowhere else, and every panel of every dashboard shows something."""
import http.client
import json
import pathlib
import sys
import time
import urllib.parse

import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts" / "lib"))
from balancer_file import balancer_file, pool, service  # noqa: E402
from packets import Wire, ethernet, ipv4, tcp  # noqa: E402
from testbed import CLIENT4, VIP4, Testbed, backend4, need_traffic  # noqa: E402

BACKENDS = 3
PORT = 9090
BALANCER_MAC = "02:00:00:00:02:02"
USERS_PER_SECOND = 50
PATIENCE_S = 60
CHECK = {"type": "http", "interval": "300ms", "timeout": "250ms", "fall": 3, "rise": 2}
# What Grafana would put in its place.
VARIABLES = {"$__rate_interval": "10s", "$job": ".*", "$instance": ".*", "$service": ".*"}
FILE = balancer_file(
    service("web", VIP4, "web", "ipip"),
    # Nobody has this backend's address: what is for it is dropped, and an alert says so.
    service("lonely", VIP4, "lonely", "ipip", port=81),
    pool("web", [(f"b{i}", backend4(i), 100) for i in range(1, BACKENDS + 1)], min_healthy="50%", health=CHECK),
    pool("lonely", [("nobody", "10.0.2.99", 100)]))


class Prometheus:
    def __init__(self, bed):
        self.bed = bed
        folder = bed.folder / "prometheus"
        folder.mkdir()
        config = yaml.safe_load((ROOT / "tools" / "prometheus" / "prometheus.yml").read_text())
        config["global"] = {"scrape_interval": "1s", "evaluation_interval": "1s"}
        config["rule_files"] = [str(ROOT / "tools" / "prometheus" / name) for name in config["rule_files"]]
        (folder / "prometheus.yml").write_text(yaml.safe_dump(config))
        bed.spawn_listening("balancer", PORT, "prometheus", f"--config.file={folder}/prometheus.yml",
                            f"--storage.tsdb.path={folder}/data", f"--web.listen-address=127.0.0.1:{PORT}")

        # It listens before it has read its own files.
        until("Prometheus is ready", lambda: self.read("/-/ready")[0] != 200)

    def read(self, path):
        """(status, text)"""
        with self.bed.inside("balancer"):
            connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=10)
            connection.request("GET", path)
            answer = connection.getresponse()
            text = answer.read()
            connection.close()
        return answer.status, text

    def get(self, what, **query):
        status, text = self.read(f"/api/v1/{what}?" + urllib.parse.urlencode(query))
        assert status == 200, f"{what} {query}: {status}: {text}"
        return json.loads(text)["data"]

    def ask(self, query):
        return self.get("query", query=query)["result"]

    def rules(self):
        return [rule for group in self.get("rules")["groups"] for rule in group["rules"]]

    def alerts(self):
        """Summaries by name, of those that fire and those that are about to."""
        return {alert["labels"]["alertname"]: alert["annotations"]["summary"] for alert in self.get("alerts")["alerts"]}


def until(what, left):
    """Until nothing is `left`."""
    deadline = time.monotonic() + PATIENCE_S
    while missing := left():
        assert time.monotonic() < deadline, f"not within {PATIENCE_S} s: {what}: {missing}"
        time.sleep(0.2)


def panels():
    """(where, query) of everything the dashboards ask for."""
    for path in sorted((ROOT / "tools" / "grafana").glob("*.json")):
        for panel in json.loads(path.read_text())["panels"]:
            for target in panel["targets"]:
                yield f"{path.name}: {panel['title']}", with_values(target["expr"])


def marks():
    for path in sorted((ROOT / "tools" / "grafana").glob("*.json")):
        for mark in json.loads(path.read_text())["annotations"]["list"]:
            yield with_values(mark["expr"])


def with_values(query):
    for name, value in VARIABLES.items():
        query = query.replace(name, value)
    assert "$" not in query, query
    return query


def rules_evaluate(prometheus):
    until("it is scraped", lambda: [row["value"][1] for row in prometheus.ask('up{job="steadfast"}')] != ["1"])
    until("every rule is evaluated", lambda: [rule["name"] for rule in prometheus.rules() if rule["health"] == "unknown"])
    wrong = {rule["name"]: rule.get("lastError") for rule in prometheus.rules() if rule["health"] != "ok"}
    assert not wrong, wrong
    print(f"{len(prometheus.rules())} rules evaluate")


def panels_show(prometheus):
    asked = empty = list(panels())

    def left():
        nonlocal empty
        empty = [(where, query) for where, query in empty if not prometheus.ask(query)]
        return [where for where, _ in empty]

    until("every panel shows something", left)
    for query in marks():
        prometheus.ask(query)
    print(f"{len(asked)} queries of the dashboards show something")


def alerts_tell_sick_from_well(bed, prometheus):
    # The start of everything may be late; it must have ended before the fault.
    until("nothing is alarming", lambda: set(prometheus.alerts()) - {"SteadfastNextHopUnresolved", "SteadfastDaemonAlerts"})
    with bed.inside("client"):
        wire = Wire()
    for port in range(10000, 10020):
        wire.send(ethernet(BALANCER_MAC, ipv4(CLIENT4, VIP4, 6, tcp(CLIENT4, port, VIP4, 81))))
    wire.close()
    until("the drops are alarming", lambda: "SteadfastDropsNoNextHop" not in prometheus.alerts())
    summary = prometheus.alerts()["SteadfastDropsNoNextHop"]
    assert summary.startswith("lonely drops ") and summary.endswith(" packets/s as no_next_hop"), summary
    others = {name for name in prometheus.alerts() if name.startswith("SteadfastDrops")} - {"SteadfastDropsNoNextHop"}
    assert not others, others
    print(summary)


def main():
    need_traffic("prometheus")
    with Testbed("prometheus", BACKENDS) as bed:
        for number in range(1, BACKENDS + 1):
            bed.decap(number)
            bed.nginx(number, listen=("0.0.0.0", "::"))
        bed.steadfastd(FILE)
        prometheus = Prometheus(bed)
        bed.spawn("client", sys.executable, ROOT / "scripts" / "lib" / "steady_users.py", VIP4, USERS_PER_SECOND)
        rules_evaluate(prometheus)
        panels_show(prometheus)
        alerts_tell_sick_from_well(bed, prometheus)


if __name__ == "__main__":
    main()
