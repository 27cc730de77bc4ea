# SPDX-License-Identifier: Apache-2.0
"""What the kernel runs, read from the pinned tables with no daemon in between
(layout: bpf/abi.h)."""
import json
import pathlib
import re
import struct
import subprocess

ABI = (pathlib.Path(__file__).resolve().parents[2] / "bpf" / "abi.h").read_text()


def number_in_abi(pattern):
    return int(re.search(pattern, ABI)[1])


ABI_VERSION = number_in_abi(r"#define SF_ABI_VERSION (\d+)")
SLOT_BYTES = number_in_abi(r"SF_SIZE\(sf_slot, (\d+)\)")
NO_SLOT = 0xFFFFFFFF
SELECTOR = struct.Struct("<QIIQQQQIIQ")
SLOT = struct.Struct("<QQQQ")  # what every sf_slot begins with


def pin(bpffs, table):
    return f"{bpffs}/v{ABI_VERSION}/{table}"


def lookup(bpffs, table):
    out = subprocess.run(["bpftool", "-j", "map", "lookup", "pinned", pin(bpffs, table), "key", "0", "0", "0", "0"],
                         check=True, capture_output=True, text=True).stdout
    return bytes(int(byte, 16) for byte in json.loads(out)["value"])


class KernelState:
    def __init__(self, bpffs):
        control = lookup(bpffs, "sf_control")
        (live, self.previous, self.confirmed, self.deadline_ns, self.ticks, self.fallbacks, self.fell_back_ns,
         self.clock_s, self.sample_until_s, _) = SELECTOR.unpack_from(control)
        self.current = live & 0xFFFFFFFF
        self.share = live >> 40 & 0xFFFF
        self.generations = [SLOT.unpack_from(control, SELECTOR.size + slot * SLOT_BYTES)[3] for slot in range(4)]

    def generation_of(self, slot):
        return 0 if slot == NO_SLOT else self.generations[slot]

    @property
    def generation(self):
        """The generation that packets meet."""
        return self.generation_of(self.current)

    @property
    def generation_confirmed(self):
        return self.generation_of(self.confirmed)
