#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
# Debian's own python3, whose python3-matplotlib this draws with, whatever else is in PATH.
"""Cost of a hit against the number of flows, as SVG, from the bench's JSON.

cost_picture.py BENCH.json PICTURE.svg
"""

import json
import sys

import matplotlib

matplotlib.use("svg")
matplotlib.rcParams["svg.hashsalt"] = "steadfast"
from matplotlib import pyplot  # noqa: E402

ORDERS = {"in order": "-", "scattered": "--"}
FAMILIES = {"ipv4": "tab:blue", "ipv6": "tab:orange"}


def curve(rows, family, order):
    """Flow counts and nanoseconds of one line; a single flow belongs to both orders."""
    points = sorted(
        (row["flows"], row["ns"])
        for row in rows
        if (row["name"], row["family"], row["mode"], row["protocol"]) == ("hit", family, "ipip", "tcp")
        and (row["order"] == order or row["flows"] == 1)
    )
    return [flows for flows, _ in points], [ns for _, ns in points]


def draw(rows, target):
    figure, axes = pyplot.subplots(figsize=(8, 4.5))
    for family, colour in FAMILIES.items():
        for order, style in ORDERS.items():
            flows, ns = curve(rows, family, order)
            axes.plot(flows, ns, style, color=colour, marker="o", markersize=3, label=f"{family}, {order}")
    axes.set_xscale("log")
    axes.set_ylim(bottom=0)
    axes.set_xlabel("flows")
    axes.set_ylabel("ns per packet over the driver's floor")
    axes.set_title("Known flow, TCP, IPIP")
    axes.grid(True, alpha=0.3)
    axes.legend()
    figure.tight_layout()
    figure.savefig(target, format="svg", metadata={"Date": None})


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    with open(sys.argv[1], encoding="utf-8") as file:
        draw(json.load(file), sys.argv[2])


if __name__ == "__main__":
    main()
