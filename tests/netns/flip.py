#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""STEADFAST_GENERATIONS generations are published while wrk opens connection
after connection: no request fails, and frames in = forwarded + passed + drops
by name."""
import itertools
import os
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "scripts" / "lib"))
from balancer_file import balancer_file, pool, service  # noqa: E402
from load import Load  # noqa: E402
from testbed import VIP4, Testbed, backend4, need_traffic  # noqa: E402

BACKENDS = 4
FILE = balancer_file(service("web", VIP4, "web", "ipip"),
                     pool("web", [(f"b{i}", backend4(i), 100) for i in range(1, BACKENDS + 1)]))


def publish(bed, generations):
    """Moves weight from backend to backend; every change is one generation."""
    edits = ((f"b{number}", weight) for weight in itertools.cycle((50, 100)) for number in range(1, BACKENDS + 1))
    for name, weight in itertools.islice(edits, generations):
        bed.steadfast("backend", "set", "web", name, "--weight", weight)


def main():
    need_traffic()
    generations = int(os.environ.get("STEADFAST_GENERATIONS", "100"))
    with Testbed("flip", BACKENDS) as bed:
        for number in range(1, BACKENDS + 1):
            bed.decap(number)
            bed.nginx(number)
        bed.steadfastd(FILE)
        first = bed.ask("status")["generation"]
        frames_before, verdicts_before = bed.balance()
        load = Load(bed, VIP4)
        publish(bed, generations)
        result = load.end()
        print(f"{result['requests']} requests during {generations} generations, {result['failed']} failed")
        assert result["failed"] == 0 and result["requests"] > 0, result["words"]
        assert bed.ask("status")["generation"] == first + generations
        frames, verdicts = bed.balance()
        seen = verdicts - verdicts_before
        print(f"{frames - frames_before} frames = {dict(seen)}")
        assert frames - frames_before == seen.total()
        dropped = {drop["verdict"]: drop["packets"] for drop in bed.ask("show", "drops")["drops"]}
        assert dropped == {}, dropped


if __name__ == "__main__":
    main()
