# SPDX-License-Identifier: Apache-2.0
"""What a host's kernel has received of ICMP, from its own counters."""

# name: (IPv4's in /proc/net/snmp, IPv6's in /proc/net/snmp6)
NAMES = {"unreachable": ("InDestUnreachs", "Icmp6InDestUnreachs"), "time_exceeded": ("InTimeExcds", "Icmp6InTimeExcds"),
         # IPv4's fragmentation needed is one of the unreachables.
         "too_big": ("InDestUnreachs", "Icmp6InPktTooBigs"), "errors": ("InErrors", "Icmp6InErrors")}


def icmp_counts(bed, host, family):
    if family == 6:
        lines = bed.run(host, "cat", "/proc/self/net/snmp6").stdout.splitlines()
        known = dict(line.split() for line in lines)
    else:
        lines = [line.split() for line in bed.run(host, "cat", "/proc/self/net/snmp").stdout.splitlines()]
        heading, values = [line for line in lines if line[0] == "Icmp:"]
        known = dict(zip(heading, values))
    return {name: int(known[both[family == 6]]) for name, both in NAMES.items()}
