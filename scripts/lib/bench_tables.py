#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes the bench's figures into a page, between its marks.

bench_tables.py PAGE.md FOLDER    FOLDER holds packet.json, live.json, memory.json
                                 and profile.md

A mark is a line `<!-- NAME -->`; what stands between it and `<!-- end NAME -->`
is replaced. A page without one of the marks is an error.
"""

import json
import pathlib
import re
import sys


def packet_table(rows):
    yield "| row | family | mode | protocol | flows | order | services | backends | ns | target | floor | of it taking back |"
    yield "|---|---|---|---|--:|---|--:|--:|--:|--:|--:|--:|"
    for row in rows:
        yield (
            f"| {row['name']} | {row['family']} | {row['mode']} | {row['protocol']} | {row['flows']:,} "
            f"| {row['order']} | {row['services']:,} | {row['backends']:,} | {row['ns']:.1f} "
            f"| {row.get('target_ns', '')} | {row['driver_ns']:.1f} | {row['restore_ns']:.1f} |"
        )


def live_table(rows):
    yield "| family | mode | flows | packets/s | bare XDP_TX | ratio | came back |"
    yield "|---|---|--:|--:|--:|--:|--:|"
    for row in rows:
        yield (
            f"| {row['family']} | {row['mode']} | {row['flows']:,} | {row['pps']:,.0f} "
            f"| {row['bare_tx_pps']:,.0f} | {row['ratio']:.1%} | {row['came_back']:.2%} |"
        )


def memory_table(rows):
    yield "| what | count | bytes | bytes each |"
    yield "|---|--:|--:|--:|"
    for row in rows:
        yield f"| {row['name']} | {row['count']:,} | {row['bytes']:,.0f} | {row['bytes_each']:,.2f} |"


TABLES = {"packet": packet_table, "live": live_table, "memory": memory_table}


def put(page, name, lines):
    start, end = f"<!-- {name} -->", f"<!-- end {name} -->"
    pattern = re.compile(re.escape(start) + ".*?" + re.escape(end), re.DOTALL)
    if not pattern.search(page):
        sys.exit(f"bench_tables.py: the page has no mark {start}")
    return pattern.sub(lambda _: "\n".join([start, *lines, end]), page)


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    page, folder = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    text = page.read_text(encoding="utf-8")
    for name, table in TABLES.items():
        rows = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
        text = put(text, name, table(rows))
    text = put(text, "profile", (folder / "profile.md").read_text(encoding="utf-8").splitlines())
    page.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
