#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Figures of scripts/cost as tables; those that were not run are left as they are.

cost_tables.py FOLDER            prints them; FOLDER holds daemon.json, change.json
cost_tables.py FOLDER PAGE.md    writes them into a page, between its marks
"""
import json

from page import show_or_write

THREADS = {"steadfastd": "counters, detectors, history, audit", "health": "health", "probing": "checks",
           "incidents": "incidents", "http": "answers"}
STAGES = {"check_ms": "check", "compile_ms": "compile", "test_ms": "rehearse", "write_ms": "write", "total_ms": "all",
          "answered_ms": "answered after", "others_waited_ms": "others waited"}


def daemon_table(rows):
    yield "| switched on | " + " | ".join(THREADS.values()) + " | all | RSS | of it its own |"
    yield "|---|" + "--:|" * (len(THREADS) + 3)
    for row in rows:
        used = [f"{sum(row['threads'].get(name, (0, 0))):.2f}" for name in THREADS]
        memory = row["memory_mib"]
        yield f"| {row['name']} | {' | '.join(used)} | {row['percent']:.2f} | {memory['rss']} | {memory['own']} |"


def answers_table(rows):
    yield "| answer | bytes | longest, s |"
    yield "|---|--:|--:|"
    for path, answer in max((row["answers"] for row in rows), key=len).items():
        yield f"| `{path}` | {answer['bytes']:,} | {answer['s']:.2f} |"


def change_table(rows):
    yield "| change | " + " | ".join(STAGES.values()) + " | gates |"
    yield "|---|" + "--:|" * (len(STAGES) + 1)
    for row in rows:
        yield f"| {row['name']} | " + " | ".join(f"{row[stage]:,.0f}" for stage in STAGES) + f" | {row['gates']} |"


# By the mark on the page: how it is made, and of which file.
TABLES = {"daemon": (daemon_table, "daemon.json"), "answers": (answers_table, "daemon.json"),
          "change": (change_table, "change.json")}


def tables_of(folder):
    return {name: make(json.loads((folder / figures).read_text(encoding="utf-8")))
            for name, (make, figures) in TABLES.items() if (folder / figures).exists()}


if __name__ == "__main__":
    show_or_write(__doc__, tables_of)
