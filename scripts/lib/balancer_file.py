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


def value(given):
    if isinstance(given, dict):
        return "{ " + ", ".join(f"{key} = {value(each)}" for key, each in given.items()) + " }"
    if isinstance(given, (list, tuple)):
        return "[" + ", ".join(map(value, given)) + "]"
    return f'"{given}"' if isinstance(given, str) else str(given)


def keys(more):
    return "".join(f"{key} = {value(each)}\n" for key, each in more.items())


def service(name, vip, pool, forward, port=80, protocol="tcp", **more):
    """`more`: any other key of a service."""
    return f"""
[[service]]
name = "{name}"
vip = "{vip}"
protocol = "{protocol}"
port = {value(port)}
forward = "{forward}"
pool = "{pool}"
""" + keys(more)


def pool(name, backends, **pool_keys):
    """backends: (name, address, weight) each, and a dict of other keys where there are any."""
    text = f'\n[[pool]]\nname = "{name}"\n' + keys(pool_keys)
    for backend, address, weight, *more in backends:
        text += f'\n[[pool.backend]]\nname = "{backend}"\naddress = "{address}"\nweight = {weight}\n'
        text += keys(more[0]) if more else ""
    return text


def balancer_file(*blocks, host=None, flows="1M", interfaces=("eth0",)):
    """`host`: other keys of [host]."""
    head = HEAD.replace('flows = "1M"', f'flows = "{flows}"')
    head = head.replace('interfaces = ["eth0"]\n', f"interfaces = {value(interfaces)}\n{keys(host or {})}")
    return head + "".join(blocks)
