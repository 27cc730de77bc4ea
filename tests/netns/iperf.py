#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A TCP stream with full-size segments and a UDP stream through the VIP: both
arrive, and the balancer forwards every packet of them."""
import json
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "scripts" / "lib"))
from balancer_file import balancer_file, pool, service  # noqa: E402
from testbed import VIP4, VIP6, Testbed, backend4, need_traffic  # noqa: E402

PORT = 5201
SECONDS = 2
FILE = balancer_file(
    *(service(f"iperf-{protocol}-{family}", vip, "iperf", "ipip", PORT, protocol)
      for family, vip in ((4, VIP4), (6, VIP6)) for protocol in ("tcp", "udp")),
    # iperf3 needs its control and its data connection on one server.
    pool("iperf", [("b1", backend4(1), 100)]))


def stream(bed, vip, *more):
    server = bed.spawn_listening("b1", PORT, "iperf3", "-s", "-1", "-B", vip, "-p", PORT)
    report = json.loads(bed.run("client", "iperf3", "-c", vip, "-p", PORT, "-t", SECONDS, "--json", *more).stdout)
    server.wait(20)
    assert "error" not in report, report["error"]
    return report["end"]


def main():
    need_traffic()
    with Testbed("iperf", backends=1) as bed:
        bed.decap(1)
        bed.steadfastd(FILE)
        for vip in (VIP4, VIP6):
            tcp = stream(bed, vip)["sum_received"]
            print(f"tcp to {vip}: {tcp['bytes']} bytes, {tcp['bits_per_second'] / 1e6:.0f} Mbit/s")
            assert tcp["bytes"] > 0
            udp = stream(bed, vip, "-u", "-b", "20M", "-l", "1200")["sum"]
            print(f"udp to {vip}: {udp['packets']} packets, {udp['lost_packets']} lost")
            assert 0 <= udp["lost_packets"] < udp["packets"]
        assert bed.ask("show", "drops")["drops"] == []
        frames, verdicts = bed.balance()
        print(f"{frames} frames = {dict(+verdicts)}")
        for row in bed.ask("show", "services")["services"]:
            assert row["packets"] == row["verdicts"]["forwarded"]["packets"] > 0, row


if __name__ == "__main__":
    main()
