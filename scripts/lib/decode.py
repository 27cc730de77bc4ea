# SPDX-License-Identifier: Apache-2.0
"""Frames as tshark reads them: a second opinion on what the balancer makes."""
import json
import re
import subprocess

from packets import write_capture

OPTIONS = ("-n", "-o", "ip.check_checksum:TRUE", "-o", "tcp.check_checksum:TRUE", "-o", "udp.check_checksum:TRUE",
           "-o", "tcp.relative_sequence_numbers:FALSE", "-o", "tcp.analyze_sequence_numbers:FALSE")
SHOWN = "eth,vlan,ip,ipv6,udp,tcp,icmp,icmpv6"
BAD = "0"  # of *.checksum.status
# What tells of this capture and not of the packet, and the bits of a field that
# stands decoded in the line above.
NOISE = re.compile(r"^ {8,}|^ *\[(Stream|Timestamps|Conversation|Time |Response|No response|Completeness|Window size scaling"
                   r"|Calculated|Next Sequence|TCP Segment|Expert Info \((Chat|Note|Warning))|^ *(Frame|Capture) ")


def tshark(folder, frames, gue, *words):
    """`gue`: what follows the UDP header of GUE, ip or ipv6; tshark cannot tell."""
    path = folder / "decode.pcap"
    write_capture(path, frames)
    return subprocess.run(["tshark", "-r", path, "-d", f"udp.port==6080,{gue}", *OPTIONS, *words],
                          check=True, capture_output=True, text=True).stdout


def values(tree, name):
    """Every value of a field, at any depth, outermost first."""
    if isinstance(tree, list):
        return [each for item in tree for each in values(item, name)]
    if not isinstance(tree, dict):
        return []
    own = [value for key, value in tree.items() if key.endswith(name) and isinstance(value, str)]
    return own + [each for item in tree.values() for each in values(item, name)]


def layers(tree):
    """The names of IP and what is above, outermost first."""
    names = values(tree, "frame.protocols")[0].split(":")
    return [name for name in names if name in ("ip", "ipv6", "udp", "tcp", "icmp", "icmpv6")]


def dissect(folder, frames, gue="ip"):
    """tshark's tree of each frame, all found good: no checksum wrong, nothing malformed."""
    answer = tshark(folder, frames, gue, "-T", "json", "--no-duplicate-keys")
    trees = [each["_source"]["layers"] for each in json.loads(answer)]
    assert len(trees) == len(frames), answer
    for tree in trees:
        statuses = values(tree, "checksum.status")
        assert statuses and BAD not in statuses, json.dumps(tree, indent=1)
        assert "_ws.malformed" not in json.dumps(tree), json.dumps(tree, indent=1)
    return trees


def readable(folder, frames, gue="ip"):
    """Each frame as text for people, the same whenever it was taken."""
    pages = re.split(r"^Frame \d+:.*$", tshark(folder, frames, gue, "-O", SHOWN), flags=re.MULTILINE)[1:]
    return ["\n".join(line for line in page.splitlines() if line and not NOISE.match(line)) for page in pages]
