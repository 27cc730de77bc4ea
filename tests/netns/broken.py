#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A running daemon is given every broken file there is, by the CLI and by a
client that checks nothing: each is refused, and the generation that runs goes on
forwarding."""
import json
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "scripts" / "lib"))
from balancer_file import balancer_file, pool, service  # noqa: E402
from testbed import CLIENT4, ROOT, VIP4, Testbed, backend4, need_traffic  # noqa: E402
from web_client import Session, fetch_many  # noqa: E402

FILE = balancer_file(service("web", VIP4, "web", "ipip"), pool("web", [("b1", backend4(1), 1), ("b2", backend4(2), 1)]))
REFUSED, WARNINGS, GATED = 1, 3, 4


def check_cli(bed, path):
    outcome = bed.steadfast("apply", path, "--strict", "--json", check=False)
    assert outcome.returncode in (REFUSED, WARNINGS, GATED), f"exit {outcome.returncode}: {outcome.stderr}"
    assert json.loads(outcome.stdout)["findings"]
    return outcome.returncode


def check_daemon(bed, path):
    """The CLI never sends what it refuses; the daemon must not rely on that."""
    change = json.dumps({"text": path.read_text(errors="surrogateescape"), "file": path.name})
    answer = bed.run("balancer", "curl", "-sS", "-m", "20", "--unix-socket", bed.control, "--data-binary", change,
                     "http://steadfast/api/v1/apply").stdout
    outcome = json.loads(answer)
    assert outcome["verdict"] in ("refused", "gated") and outcome["findings"], answer


def main():
    need_traffic()
    broken = sorted((ROOT / "tests" / "broken").glob("*.toml"))
    assert broken, "tests/broken is empty"
    with Testbed("broken", backends=2) as bed:
        for number in (1, 2):
            bed.decap(number)
            bed.nginx(number)
        bed.steadfastd(FILE)
        before = bed.ask("status")
        with bed.inside("client"):
            session = Session(CLIENT4, VIP4)
        backend = session.ask()
        for index, path in enumerate(broken):
            print(path.name)
            # Warnings alone do not keep the daemon from a file; the CLI refuses them under --strict.
            if check_cli(bed, path) != WARNINGS:
                check_daemon(bed, path)
            assert session.ask() == backend
            with bed.inside("client"):
                _, failures = fetch_many(10, CLIENT4, VIP4, 20000 + index * 10)
            assert not failures, failures[0]
        after = bed.ask("status")
        assert (after["generation"], after["digest"]) == (before["generation"], before["digest"])
        assert bed.ask("show", "drops")["drops"] == []
        print(f"{len(broken)} broken files refused; generation {after['generation']} forwards")


if __name__ == "__main__":
    main()
