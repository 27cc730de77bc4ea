#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A change breaks a service: a real Alertmanager and a webhook are told, and told
again when it is over; the incident is on record with its culprit, across restarts.
A receiver that is not there holds up nobody."""
import contextlib
import http.server
import json
import pathlib
import queue
import signal
import socket
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "scripts" / "lib"))
from balancer_file import balancer_file, pool, service  # noqa: E402
from control_socket import ControlSocket  # noqa: E402
from testbed import CLIENT4, VIP4, Testbed, backend4, need_traffic  # noqa: E402

PATIENCE_S = 60
PORT = 9093
NOBODY = "10.0.2.99"
CONFIG = "route: { receiver: nobody }\nreceivers: [{ name: nobody }]\n"
NOT_CONFIRMED_S = 2


def file_with(address, weight=100):
    return balancer_file(service("dns", VIP4, "dns", "ipip", port=53, protocol="udp"),
                         pool("dns", [("d1", backend4(1), 100), ("d2", address, weight)]))


def wait_for(what, found):
    """What is found at last."""
    deadline = time.monotonic() + PATIENCE_S
    while not (value := found()):
        assert time.monotonic() < deadline, f"not within {PATIENCE_S} s: {what}"
        time.sleep(0.1)
    return value


class Webhook:
    """Whatever is posted, in the order of arrival."""

    def __init__(self, bed):
        self.got = queue.Queue()
        with bed.inside("balancer"):
            self.server = http.server.HTTPServer(("127.0.0.1", 0), self.handler())
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}/hook"

    def handler(self):
        got = self.got

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                got.put(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
                self.send_response(204)
                self.end_headers()

            def log_message(self, *_):
                pass

        return Handler

    def next(self):
        return self.got.get(timeout=PATIENCE_S)


class Alertmanager:
    def __init__(self, bed):
        self.bed = bed
        folder = bed.folder / "alertmanager"
        folder.mkdir()
        (folder / "alertmanager.yml").write_text(CONFIG)
        bed.spawn_listening("balancer", PORT, "prometheus-alertmanager", f"--config.file={folder}/alertmanager.yml",
                            f"--storage.path={folder}/data", f"--web.listen-address=127.0.0.1:{PORT}",
                            "--cluster.listen-address=")
        self.url = f"http://127.0.0.1:{PORT}"

    def firing(self):
        return json.loads(self.bed.run("balancer", "curl", "-sSf", "-m", "10", f"{self.url}/api/v2/alerts").stdout)


@contextlib.contextmanager
def questions(bed):
    """Users ask all the time."""
    stop = threading.Event()
    with bed.inside("client"):
        users = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(50)]
    for user in users:
        user.bind((CLIENT4, 0))

    def ask():
        while not stop.wait(0.1):
            for user in users:
                user.sendto(b"who?", (VIP4, 53))

    thread = threading.Thread(target=ask)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()
        for user in users:
            user.close()


class Story:
    def __init__(self, bed):
        self.bed = bed
        self.alertmanager, self.webhook = Alertmanager(bed), Webhook(bed)
        self.receivers = ["--alertmanager", self.alertmanager.url, "--webhook", self.webhook.url,
                          "--webhook", "http://127.0.0.1:1/nobody"]
        self.daemon = bed.steadfastd(file_with(backend4(2)), *self.receivers)

    def get(self, what):
        return ControlSocket(self.bed.control).get(what)

    def metric(self, series):
        page = ControlSocket(self.bed.control).read("/metrics")
        return next(float(line.rpartition(" ")[2]) for line in page.splitlines() if line.startswith(series + " "))

    def apply(self, text, *more):
        path = self.bed.folder / "next.toml"
        path.write_text(text)
        done = self.bed.steadfast("apply", path, "--reason", "test", *more, check=False)
        assert done.returncode == 0, done

    def incident(self, number):
        known = {each["number"]: each for each in self.get("incidents")["incidents"]}
        return known.get(number)

    def begins(self):
        self.apply(file_with(NOBODY), "--accept", "SF504:service/dns")
        alert = wait_for("an alert fires", self.alertmanager.firing)
        assert len(alert) == 1, alert
        labels, told = alert[0]["labels"], alert[0]["annotations"]
        assert labels["alertname"] == "SteadfastNoNextHop" and labels["severity"] == "page", labels
        assert labels["service"] == "dns" and labels["verdict"] == "no_next_hop" and labels["instance"], labels
        assert labels["generation"] == "2" and told["command"].startswith("steadfast "), alert
        posted = self.webhook.next()
        assert posted["status"] == "firing" and posted["alarm"]["sentence"] == told["summary"], posted
        standing = self.get("alerts")["alerts"]
        assert [each["sentence"] for each in standing] == [told["summary"]], standing
        print("firing:", told["summary"])

    def is_recorded(self):
        wait_for("an incident is open", lambda: self.get("status").get("incidents", {}).get("open"))
        record = self.get("incident?number=1")
        assert record["open"] and record["undone_s"] is None, record
        culprit = record["culprit"]
        assert culprit["generation"] == 2 and culprit["file"].endswith("next.toml") and culprit["line"], culprit
        assert record["service"] == "dns" and record["located_s"] <= PATIENCE_S, record
        assert self.metric("steadfast_incidents_open") == 1
        shown = self.bed.steadfast("incidents", "show", 1).stdout
        assert culprit["object"] in shown and f"next.toml:{culprit['line']}" in shown, shown
        print(f"detected after {record['detected_s']:.1f} s: {culprit['object']}, line {culprit['line']}")

    def ends(self):
        self.bed.steadfast("rollback", "--reason", "it hurts")
        wait_for("nothing fires any more", lambda: not self.alertmanager.firing())
        posted = self.webhook.next()
        assert posted["status"] == "resolved" and posted["ended_s"] > posted["alarm"]["raised_s"], posted
        assert self.incident(1)["undone_s"] > 0
        record = wait_for("the incident is over", lambda: not self.incident(1)["open"] and self.incident(1))
        assert record["recovered_s"] > record["undone_s"], record
        steps = [entry["what"] for entry in record["timeline"]]
        assert steps[0] == "first-packet" and {"detected", "located", "rolled-back", "recovered"} <= set(steps), steps
        print(f"undone after {record['undone_s']:.1f} s, recovered after {record['recovered_s']:.1f} s")

    def is_reported(self):
        target = self.bed.folder / "incident.md"
        report = self.bed.ask("incidents", "report", 1, "-o", target)
        text, picture = target.read_text(), target.with_suffix(".svg").read_text()
        assert report["markdown"] == text and "(incident.svg)" in text and "## Timeline" in text, text
        assert picture.rstrip().endswith("</svg>") and "undone" in picture, picture[-200:]
        print(f"reported in {len(text)} characters and a picture of {len(picture)}")

    def receivers_are_counted(self):
        sent, failed = "steadfast_alerts_sent_total", "steadfast_alerts_failed_total"
        assert self.metric(sent + '{receiver="alertmanager"}') >= 2
        assert self.metric(sent + '{receiver="webhook"}') == 2
        assert self.metric(failed + '{receiver="alertmanager"}') == 0
        assert self.metric(failed + '{receiver="webhook"}') >= 1

    def nobody_confirms(self):
        """The kernel goes back by itself: an incident although no alarm stood."""
        self.apply(file_with(backend4(2), 50), "--confirm", f"{NOT_CONFIRMED_S}s")
        record = wait_for("the change is on record", lambda: self.incident(2))
        assert not record["open"] and record["culprit"]["object"] == "generation/4", record
        assert NOT_CONFIRMED_S - 1 < record["undone_s"] < NOT_CONFIRMED_S + PATIENCE_S, record
        print("not confirmed:", record["sentence"])

    def outlives_the_daemon(self):
        before = self.get("incidents")
        self.apply(file_with(backend4(2), 60), "--confirm", "60s")
        self.bed.end(self.daemon, signal.SIGKILL)
        self.daemon = self.bed.steadfastd(file_with(backend4(2)), *self.receivers)
        record = wait_for("what the dead daemon left pending is on record", lambda: self.incident(3))
        assert "ended before it was confirmed" in record["sentence"], record
        assert self.get("incidents")["incidents"][1:] == before["incidents"]
        assert self.metric("steadfast_incidents_total") == 3
        print("after a crash:", record["sentence"])

    def a_damaged_record_is_named(self):
        self.bed.end(self.daemon)
        (self.bed.folder / "state" / "incidents" / "0001.json").write_text("{")
        self.daemon = self.bed.steadfastd(file_with(backend4(2)), *self.receivers)
        wait_for("it is an alert", lambda: any("0001.json is damaged" in each for each in self.get("status")["alerts"]))
        shown = self.bed.steadfast("incidents", "show", 1, check=False)
        assert shown.returncode == 2 and "0001.json is damaged" in shown.stderr, shown
        assert "0001.json is damaged" in self.bed.steadfast("incidents").stdout


def main():
    need_traffic("prometheus-alertmanager", "gnuplot", "curl")
    with Testbed("alerts", 2) as bed:
        story = Story(bed)
        with questions(bed):
            wait_for("packets are forwarded", lambda: bed.verdicts()["forwarded"] > 100)
            for step in (story.begins, story.is_recorded, story.ends, story.is_reported, story.receivers_are_counted,
                         story.nobody_confirms, story.outlives_the_daemon, story.a_damaged_record_is_named):
                step()


if __name__ == "__main__":
    main()
