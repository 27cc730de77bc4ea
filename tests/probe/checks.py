#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""checks.py MODE: HTTP, HTTPS, UDP and DNS checks along the packets' path, what
they say of servers that are not well, and a UDP server that answers from the
wrong address."""
import pathlib
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from matrix import Ward, need_traffic  # noqa: E402  (finds the testbed for both)
from testbed import Testbed  # noqa: E402

HERE = pathlib.Path(__file__).resolve().parent


def certificate(folder):
    """Self-signed: nobody trusts it."""
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                    "-subj", "/CN=www.example", "-keyout", folder / "key.pem", "-out", folder / "cert.pem"],
                   check=True, capture_output=True)
    return folder / "cert.pem", folder / "key.pem"


class Checks(Ward):
    def serve(self, kind, address, *more):
        return self.bed.spawn("b1", sys.executable, HERE / "servers.py", kind, address, 80, *more, ready=True)

    def expect(self, outcome, *words):
        seen = self.probe(*words)
        assert seen["outcome"] == outcome, (words, seen)
        print(" ".join(map(str, words)) + f": {outcome} {seen['detail']}")
        return seen


def http(checks):
    server = checks.bed.nginx(1)
    checks.expect("passed", "--check", "http")
    checks.expect("tls-failed", "--check", "https", "--host", "www.example")
    checks.bed.end(server)


def https(checks):
    server = checks.serve("https", checks.vip, *certificate(checks.bed.folder))
    checks.expect("passed", "--check", "https", "--host", "www.example", "--path", "/health")
    checks.expect("bad-status", "--check", "https", "--host", "www.example", "--path", "/other")
    seen = checks.expect("tls-failed", "--check", "https", "--host", "www.example", "--path", "/health", "--verify")
    assert "certificate" in seen["detail"], seen
    checks.bed.end(server)


def udp(checks):
    seen = checks.expect("refused", "--check", "udp")
    assert checks.vip in seen["detail"], seen
    server = checks.serve("udp", checks.vip)
    checks.expect("passed", "--check", "udp")
    checks.bed.end(server)
    server = checks.serve("dns", checks.vip)
    checks.expect("passed", "--check", "dns", "--host", "www.example")
    checks.bed.end(server)
    server = checks.serve("servfail", checks.vip)
    checks.expect("bad-status", "--check", "dns", "--host", "www.example")
    checks.bed.end(server)


def wrong_source(checks):
    """A socket on every address answers from the address of the way out."""
    if checks.family != checks.backend_family:
        return
    server = checks.serve("udp", "0.0.0.0" if checks.family == 4 else "::")
    seen = checks.expect("wrong-source", "--check", "udp")
    assert checks.backend in seen["wrong_source"], seen
    checks.expect("passed", "--check", "udp", "--independent")
    checks.bed.end(server)


def main(mode):
    need_traffic("openssl")
    with Testbed("check" + mode, 1) as bed:
        checks = Checks(bed, mode)
        checks.start_decap()
        for step in (http, https, udp, wrong_source):
            step(checks)


if __name__ == "__main__":
    main(sys.argv[1])
