#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""matrix.py MODE: STEADFAST_REQUESTS requests through the VIP in one forwarding
mode: none fails, every frame is accounted for, and each backend gets its exact
ring share within 2 percentage points."""
import os
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "scripts" / "lib"))
from balancer_file import balancer_file, pool, service  # noqa: E402
from testbed import CLIENT4, CLIENT6, VIP4, VIP6, Testbed, backend4, backend6, need_traffic  # noqa: E402
from web_client import fetch_many  # noqa: E402

WEIGHTS = (100, 100, 200, 50)
TOLERANCE = 0.02

# mode: forward, family of the VIP, family of the backends, how decapsulation counts it
MODES = {
    "l2_4": ("l2", 4, 4, None),
    "l2_6": ("l2", 6, 6, None),
    "ipip_4in4": ("ipip", 4, 4, "ipip_4in4"),
    "ipip_6in6": ("ipip", 6, 6, "ipip_6in6"),
    "ipip_4in6": ("ipip", 4, 6, "ipip_4in6"),
    "ipip_6in4": ("ipip", 6, 4, "ipip_6in4"),
    "gue_4in4": ("gue", 4, 4, "gue_4in4"),
    "gue_6in6": ("gue", 6, 6, "gue_6in6"),
    "gue_4in6": ("gue", 4, 6, "gue_4in6"),
    "gue_6in4": ("gue", 6, 4, "gue_6in4"),
}


def file_of(forward, vip, address):
    backends = [(f"b{i}", address(i), weight) for i, weight in enumerate(WEIGHTS, 1)]
    return balancer_file(service("web", vip, "web", forward), pool("web", backends))


def check_shares(answers, rows, requests):
    for row in rows:
        share = answers[row["name"]] / requests
        print(f"{row['name']}: {answers[row['name']]} requests, {share:.2%}, ring {row['ring_share']:.2%}")
        assert abs(share - row["ring_share"]) <= TOLERANCE, row["name"]
        assert row["new_flows"] == answers[row["name"]], (row["new_flows"], answers[row["name"]])


def main(mode):
    need_traffic()
    requests = int(os.environ.get("STEADFAST_REQUESTS", "10000"))
    forward, vip_family, backend_family, kind = MODES[mode]
    source, vip = (CLIENT4, VIP4) if vip_family == 4 else (CLIENT6, VIP6)
    with Testbed(mode) as bed:
        numbers = range(1, len(WEIGHTS) + 1)
        programs = [bed.decap(number) for number in numbers] if kind else []
        for number in numbers:
            bed.nginx(number)
        bed.steadfastd(file_of(forward, vip, backend4 if backend_family == 4 else backend6))
        frames_before, verdicts_before = bed.balance()
        with bed.inside("client"):
            answers, failures = fetch_many(requests, source, vip)
        assert not failures, f"{len(failures)} of {requests} failed, first {failures[0]}"
        frames, verdicts = bed.balance()
        seen = verdicts - verdicts_before
        print(f"{frames - frames_before} frames: {dict(seen)}")
        assert frames - frames_before == seen.total(), "frames without a verdict"
        assert bed.ask("show", "drops")["drops"] == []
        check_shares(answers, bed.ask("show", "backends")["backends"], requests)
        counts = [bed.decap_counts(program) for program in programs]
        if kind:
            assert sum(count[kind] for count in counts) == seen["forwarded"], counts
            assert not any(count["malformed"] or count["foreign"] for count in counts), counts


if __name__ == "__main__":
    main(sys.argv[1])
