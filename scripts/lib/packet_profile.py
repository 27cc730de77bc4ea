#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Where a packet's instructions are: per stage, which is a header of bpf/.

packet_profile.py BUILD [FAMILY MODE PROTOCOL]

Held: instructions of sf_lb in the object, by the source line they come from.
Called: helper calls among them. Walked: instructions one packet of a known flow
executes in the same code compiled for the host, counted by callgrind as the
difference between few and many packets.
"""

import collections
import pathlib
import re
import subprocess
import sys
import tempfile

FEW, MANY = 100, 1100
LINE = re.compile(r"^; (\S+/bpf/\S+\.[ch]):(\d+)")
SYMBOL = re.compile(r"^[0-9a-f]+ <(?!LBB)(\w+)>:")
OTHERS = {"sf_lb_dry", "sf_clock_start", "sf_clock_tick", "sf_tick"}  # programs beside sf_lb
INSTRUCTION = re.compile(r"^\s+\d+:\t(.*)")


def held(build):
    """Instructions and calls of sf_lb per source file."""
    text = subprocess.run(
        ["llvm-objdump", "-d", "--line-numbers", "--no-show-raw-insn", f"{build}/bpf/xdp_lb.bpf.o"],
        check=True, capture_output=True, text=True).stdout
    instructions, calls, stage = collections.Counter(), collections.Counter(), "?"
    counted = False
    for line in text.splitlines():
        if symbol := SYMBOL.match(line):
            counted = symbol[1] not in OTHERS
        elif place := LINE.match(line):
            stage = pathlib.Path(place[1]).name
        elif counted and (instruction := INSTRUCTION.match(line)):
            instructions[stage] += 1
            calls[stage] += instruction[1].startswith("call")
    return instructions, calls


def callgrind(build, path, packets):
    """Instructions per source file; names are compressed as `(id) name`, then `(id)`."""
    with tempfile.TemporaryDirectory() as folder:
        out = pathlib.Path(folder) / "out"
        subprocess.run(["valgrind", "--tool=callgrind", f"--callgrind-out-file={out}",
                        f"{build}/tests/bench/profile_run", *path, str(packets)],
                       check=True, capture_output=True)
        return per_file(out.read_text(encoding="utf-8").splitlines())


def per_file(lines):
    names, cost, stage, skip = {}, collections.Counter(), "?", False
    for line in lines:
        if mark := re.match(r"^(fl|fi|fe)=\((\d+)\)(?: (.*))?$", line):
            names.setdefault(mark[2], mark[3])
            stage = names[mark[2]]
        elif mark := re.match(r"^cfi=\((\d+)\) (.*)$", line) or re.match(r"^cfl=\((\d+)\) (.*)$", line):
            names.setdefault(mark[1], mark[2])
        elif line.startswith("calls="):
            skip = True  # the next line is what the callee cost, counted there already
        elif re.match(r"^[+\-*\d]\S* \d+$", line):
            if not skip:
                cost[stage] += int(line.split()[1])
            skip = False
    return cost


def walked(build, path):
    few, many = callgrind(build, path, FEW), callgrind(build, path, MANY)
    return {pathlib.Path(name).name: round((many[name] - few[name]) / (MANY - FEW), 1)
            for name in many if name and "/bpf/" in name and many[name] > few[name]}


def main():
    if len(sys.argv) not in (2, 5):
        sys.exit(__doc__)
    build, path = sys.argv[1], sys.argv[2:] or ["ipv4", "ipip", "tcp"]
    instructions, calls = held(build)
    each = walked(build, path)
    print("| stage | held | calls | walked on a hit |\n|---|--:|--:|--:|")
    for stage in sorted(set(instructions) | set(each), key=lambda name: -each.get(name, 0)):
        print(f"| {stage} | {instructions[stage]} | {calls[stage]} | {each.get(stage, 0):g} |")
    print(f"| all | {sum(instructions.values())} | {sum(calls.values())} | {sum(each.values()):g} |")


if __name__ == "__main__":
    main()
