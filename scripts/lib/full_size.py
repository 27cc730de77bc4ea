# SPDX-License-Identifier: Apache-2.0
"""A balancer at full size: 1,000 services over 1,000 pools of ten backends, and one
host that stands for all 10,000 of them. It has every address and every VIP, and its
neighbour entries are made by hand.

Service `lost` is one more, whose only backend has no next hop: as soon as it has
users, an incident is open.
"""
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
HEAD = """schema = 1
[host]
interfaces = ["eth0"]
xdp_mode = "native"
source = ["198.51.100.0/24"]
hash_seed = "full size"
[limits]
services = {services}
backends = {backends}
flows = "1M"
"""
SERVICE = """
[[service]]
name = "{name}"
vip = "{vip}"
protocol = "tcp"
port = 80
forward = "l2"
pool = "{name}"
[[pool]]
name = "{name}"
min_healthy = "50%"
{health}backend = [
{members}
]
"""
HEALTH = 'health = {{ type = "tcp", interval = "{}s", timeout = "1s", fall = 3, rise = 2 }}\n'
MEMBER = '  {{ name = "{}", address = "{}", weight = {} }}'
MAC = "02:00:00:00:02:0b"  # of b1, scripts/netns
LOST, NOBODY = "10.201.0.1", "10.101.0.1"
SPARE_SERVICES, SPARE_BACKENDS = 24, 6384  # room for changes that add
CHECKED_EVERY_S = 10
MOST_MORE = 5  # backends that such a change adds to a pool


def address(network, number):
    return f"10.{network}.{number // 250}.{number % 250 + 1}"


def service(name, vip, members, interval_s=None):
    """`members`: (name, address, weight) of its pool's backends."""
    return SERVICE.format(name=name, vip=vip, health=HEALTH.format(interval_s) if interval_s else "",
                          members=",\n".join(MEMBER.format(*member) for member in members))


def file_of(pools, each, interval_s=None, weight_of=lambda pool, backend: 100, more=lambda pool: 0):
    """`more` backends beyond `each` in a pool; without an interval nobody is checked."""
    text = HEAD.format(services=pools + SPARE_SERVICES, backends=pools * each + SPARE_BACKENDS)
    for i in range(pools):
        members = [(f"b{j}", address(100, i * each + j), weight_of(i, j)) for j in range(each)]
        members += [(f"more{j}", address(102, i * MOST_MORE + j), 100) for j in range(more(i))]
        text += service(f"s{i}", address(200, i), members, interval_s)
    return text + service("lost", LOST, [("nobody", NOBODY, 100)])


def neighbours(bed, network, count):
    batch = "".join(f"neigh replace {address(network, i)} lladdr {MAC} dev eth0 nud permanent\n" for i in range(count))
    with bed.inside("balancer"):
        subprocess.run(["ip", "-batch", "-"], input=batch, text=True, check=True)


def equip(bed, backends):
    bed.shell("b1", *(f"ip route add local 10.{network}.0.0/16 dev lo" for network in (100, 102, 200)),
              "sysctl -qw net.ipv4.conf.all.arp_ignore=0")
    bed.nginx(1, listen=("0.0.0.0",))
    bed.shell("balancer", *(f"ip route add 10.{network}.0.0/16 dev eth0" for network in (100, 101, 102)))
    bed.shell("client", *(f"ip route add 10.{network}.0.0/16 via 10.0.2.2" for network in (200, 201)))
    neighbours(bed, 100, backends)


def users(bed, vips, per_s):
    return bed.spawn("client", sys.executable, HERE / "steady_users.py", *vips, per_s)
