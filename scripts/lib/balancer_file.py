# SPDX-License-Identifier: Apache-2.0
"""The configuration file of the testbed's balancer, as text."""

HEAD = """schema = 1

[host]
interfaces = ["eth0"]
xdp_mode = "native"
source = ["198.51.100.0/24", "2001:db8:51::/112"]
hash_seed = "testbed"

[limits]
services = 64
backends = 256
flows = "1M"
"""


def service(name, vip, pool, forward, port=80, protocol="tcp"):
    return f"""
[[service]]
name = "{name}"
vip = "{vip}"
protocol = "{protocol}"
port = {port}
forward = "{forward}"
pool = "{pool}"
"""


def pool(name, backends):
    """backends: (name, address, weight) each."""
    text = f'\n[[pool]]\nname = "{name}"\n'
    for backend, address, weight in backends:
        text += f'\n[[pool.backend]]\nname = "{backend}"\naddress = "{address}"\nweight = {weight}\n'
    return text


def balancer_file(*blocks):
    return HEAD + "".join(blocks)
