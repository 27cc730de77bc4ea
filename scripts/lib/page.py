# SPDX-License-Identifier: Apache-2.0
"""Tables between the marks of a page of docs, <!-- NAME --> and <!-- end NAME -->."""
import pathlib
import re
import sys


def put(text, name, lines):
    start, end = f"<!-- {name} -->", f"<!-- end {name} -->"
    pattern = re.compile(re.escape(start) + ".*?" + re.escape(end), re.DOTALL)
    if not pattern.search(text):
        sys.exit(f"the page has no mark {start}")
    return pattern.sub(lambda _: "\n".join([start, *lines, end]), text)


def write(page, tables):
    """Into the page, by name of their marks; what else stands there is left as it is."""
    page = pathlib.Path(page)
    text = page.read_text(encoding="utf-8")
    for name, lines in tables.items():
        text = put(text, name, lines)
    page.write_text(text, encoding="utf-8")


def show_or_write(usage, tables_of):
    """main() of FIGURES [PAGE.md]: the tables of these figures on stdout, or into the page."""
    if len(sys.argv) not in (2, 3):
        sys.exit(usage)
    tables = tables_of(pathlib.Path(sys.argv[1]))
    if len(sys.argv) == 3:
        write(sys.argv[2], tables)
        return
    for name, lines in tables.items():
        print(f"{name}\n", *lines, "", sep="\n")
