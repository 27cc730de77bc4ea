#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
# Debian's own python3, whose python3-matplotlib this draws with, whatever else is in PATH.
"""How many people got answers over time, while a change that breaks 3 of 10 backends was live.

incident_picture.py RUNS.json PICTURE…    (.svg, .png)
"""

import json
import sys

import matplotlib

matplotlib.use("agg")
matplotlib.rcParams["svg.hashsalt"] = "steadfast"
from matplotlib import pyplot  # noqa: E402

# Of each act: its colour, and what saw the harm.
ACTS = {"wrong network": ("tab:green", "lost here, seen by its drops"),
        "no VIP": ("tab:blue", "lost on the backends, seen by users' handshakes"),
        "kernel": ("tab:orange", "seen by nobody, the daemon is dead")}
THEN = 70  # percent, from half past one to four o'clock


def middle(runs):
    """Of the runs of one act that of median length."""
    return sorted(runs, key=lambda run: run["undone_s"])[len(runs) // 2]


def act_of(run):
    return "kernel" if run["undone_by"].endswith("by the kernel") else run["change"]


def curve(axes, act, run):
    seconds = [at for at, _ in run["curve"]]
    percent = [100 * share for _, share in run["curve"]]
    colour, words = ACTS[act]
    axes.plot(seconds, percent, color=colour, linewidth=1.6,
              label=f"{words}: {run['undone_by']} after {run['undone_s']:.1f} s")
    axes.axvline(run["undone_s"], color=colour, linewidth=0.8, linestyle=":")


def draw(runs, targets):
    figure, axes = pyplot.subplots(figsize=(8, 4.2))
    axes.axhline(THEN, color="tab:red", linewidth=1.2, linestyle="--",
                 label="then: seen after 30 min, located after 75, undone after 150")
    for act in ACTS:
        curve(axes, act, middle([run for run in runs if act_of(run) == act]))
    axes.axvline(0, color="black", linewidth=0.8)
    axes.set_ylim(0, 104)
    axes.set_xlim(left=-2)
    axes.set_xlabel("seconds since the first packet that harmed a user")
    axes.set_ylabel("people who get answers, %")
    axes.set_title("A change that breaks 3 of 10 backends, let through by hand")
    axes.grid(True, alpha=0.3)
    axes.legend(loc="lower right", fontsize="small")
    figure.tight_layout()
    for target in targets:
        # An SVG with its date would differ at every run.
        figure.savefig(target, dpi=150, metadata={"Date": None} if target.endswith(".svg") else None)


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    with open(sys.argv[1], encoding="utf-8") as file:
        draw(json.load(file), sys.argv[2:])


if __name__ == "__main__":
    main()
