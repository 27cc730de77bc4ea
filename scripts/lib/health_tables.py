#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes what health_trial.py and healthy_hour.py measured into docs/health.md.

health_tables.py PAGE.md FILE.json…    what their --json wrote; the page's marks are
                                       trial, storm and hour
"""
import json
import pathlib
import sys

from page import put


def trial_table(results):
    yield "| found by | new connections/s of each backend | the backend | median | p99 | not within 120 s | wrong culprits |"
    yield "|---|--:|---|--:|--:|--:|--:|"
    for result in results:
        signal, rate, sickness = result["cell"].split()
        yield (f"| {signal} | {rate.removesuffix('/s')} | {sickness} | {result['median_s']:.1f} s | {result['p99_s']:.1f} s "
               f"| {result['missed']} of {result['runs']} | {result['wrong']} |")


def storm_table(storm):
    yield f"| {storm['seconds']:.0f} s, 60 % of the backends down and up again every 5 s | |"
    yield "|---|--:|"
    yield f"| backends that serve, at least; the floor | {storm['least_serving']}; {storm['needed']} |"
    yield f"| share of the time on the floor | {storm['on_floor_share']:.0%} |"
    yield f"| changes of health published per second | {storm['publishes_per_s']:.2f} |"
    yield f"| requests; without an answer | {storm['requests']:,}; {storm['failed']:,} ({storm['failed'] / storm['requests']:.1%}) |"


def hour_table(hour):
    events = ", ".join(f"{count} × {name.replace('_', ' ')}" for name, count in hour["happened"].items())
    yield f"| {hour['seconds'] / 60:.0f} minutes, {hour['rate']} new connections/s to each backend | |"
    yield "|---|--:|"
    yield f"| what happened | {events} |"
    yield f"| requests; without an answer | {hour['requests']:,}; {hour['failed']:,} |"
    yield f"| backends taken out | {len(hour['ejections'])} |"


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    page = pathlib.Path(sys.argv[1])
    text, cells = page.read_text(), []
    for name in sys.argv[2:]:
        content = json.loads(pathlib.Path(name).read_text())
        if "happened" in content:
            text = put(text, "hour", hour_table(content))
        for result in content.get("results", []):
            if result["cell"] == "flap storm":
                text = put(text, "storm", storm_table(result))
            else:
                cells.append(result)
    if cells:
        text = put(text, "trial", trial_table(cells))
    page.write_text(text)


if __name__ == "__main__":
    main()
