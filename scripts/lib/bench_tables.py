#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The bench's figures as tables.

bench_tables.py FOLDER            prints them; FOLDER holds packet.json, live.json,
                                 memory.json and profile.md
bench_tables.py FOLDER PAGE.md    writes them into a page, between its marks
"""
import json

from page import show_or_write


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


def tables_of(folder):
    tables = {name: table(json.loads((folder / f"{name}.json").read_text(encoding="utf-8")))
              for name, table in TABLES.items()}
    return tables | {"profile": (folder / "profile.md").read_text(encoding="utf-8").splitlines()}


if __name__ == "__main__":
    show_or_write(__doc__, tables_of)
