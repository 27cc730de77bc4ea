#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The daemon may go at any time: forwarding stays, and its successor takes over
the flows. --detach-on-exit is the one way to end forwarding."""
import pathlib
import signal
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "scripts" / "lib"))
from balancer_file import balancer_file, pool, service  # noqa: E402
from testbed import CLIENT4, VIP4, Testbed, backend4, need_traffic  # noqa: E402
from web_client import Session, fetch, fetch_many  # noqa: E402

BACKENDS = 4
FILE = balancer_file(service("web", VIP4, "web", "ipip"),
                     pool("web", [(f"b{i}", backend4(i), 100) for i in range(1, BACKENDS + 1)]))


def attached(bed):
    return "xdp" in bed.run("balancer", "ip", "link", "show", "eth0").stdout


def check_forwarding(bed, first_port, when):
    with bed.inside("client"):
        answers, failures = fetch_many(100, CLIENT4, VIP4, first_port)
    assert not failures, f"{when}: {failures[0]}"
    assert len(answers) == BACKENDS, f"{when}: {answers}"
    print(f"{when}: {dict(answers)}")


def check_session(session, backend, when):
    answer = session.ask()
    assert answer == backend, f"{when}: {answer} instead of {backend}"
    print(f"{when}: the open connection is still with {backend}")


def stays_away(bed, port):
    with bed.inside("client"):
        try:
            fetch(CLIENT4, port, VIP4, timeout=1)
        except OSError:
            return True
    return False


def main():
    need_traffic()
    with Testbed("daemon", BACKENDS) as bed:
        for number in range(1, BACKENDS + 1):
            bed.decap(number)
            bed.nginx(number)
        daemon = bed.steadfastd(FILE)
        with bed.inside("client"):
            session = Session(CLIENT4, VIP4)
        backend = session.ask()
        forwarded = bed.verdicts()["forwarded"]

        assert bed.end(daemon) == 0
        assert attached(bed)
        check_session(session, backend, "stopped")
        check_forwarding(bed, 20000, "stopped")

        daemon = bed.steadfastd(FILE)
        assert bed.verdicts()["forwarded"] > forwarded, "the counters began anew"
        check_session(session, backend, "restarted")
        # The ring would choose another backend now: only the flow table keeps the connection.
        bed.steadfast("backend", "drain", "web", backend)
        check_session(session, backend, "restarted and drained")
        bed.steadfast("backend", "undrain", "web", backend)

        bed.end(daemon, signal.SIGKILL)
        check_session(session, backend, "killed")
        check_forwarding(bed, 21000, "killed")

        daemon = bed.steadfastd(FILE, "--detach-on-exit")
        check_session(session, backend, "restarted after a kill")
        assert bed.end(daemon) == 0
        assert not attached(bed), "--detach-on-exit left the program attached"
        assert stays_away(bed, 22000), "the VIP still answers"
        session.close()


if __name__ == "__main__":
    main()
