# SPDX-License-Identifier: Apache-2.0
"""A fleet as its operators think of it: services, pools and backends, written
down as a configuration file in more than one style."""
import dataclasses


@dataclasses.dataclass
class Backend:
    name: str
    address: str
    weight: int = 100
    state: str = "active"
    labels: dict = dataclasses.field(default_factory=dict)

    def takes_new_flows(self):
        return self.state == "active"


@dataclasses.dataclass
class Pool:
    name: str
    backends: list
    min_healthy: int = 50  # percent
    min_backends: int = 0  # 0: not said
    health: dict = dataclasses.field(default_factory=lambda: {"interval": 2000, "timeout": 1000, "fall": 3, "rise": 2})
    greatest_weight: int = 0  # that it has had so far

    def weight(self):
        return sum(backend.weight for backend in self.backends if backend.takes_new_flows())

    def serving(self):
        return [backend for backend in self.backends if backend.takes_new_flows()]


@dataclasses.dataclass
class Service:
    name: str
    vip: str
    pool: str
    port: int = 80
    protocol: str = "tcp"
    forward: str = "ipip"
    state: str = "active"


HEAD = """schema = 1

[host]
interfaces = ["eth0"]
xdp_mode = "native"
source = ["198.51.100.0/24"]
hash_seed = "fleet"

[limits]
services = 64
backends = 512
flows = "64K"
"""


class Fleet:
    def __init__(self):
        self.services = []
        self.pools = []
        self.comments = []  # at the top of the file
        self.inline = set()  # pools whose backends stand in one list

    def pool(self, name):
        return next(pool for pool in self.pools if pool.name == name)

    def addresses(self):
        return {backend.address for pool in self.pools for backend in pool.backends}

    def endpoints(self):
        return [f"{service.protocol} {service.vip}:{service.port}" for service in self.services]

    def text(self):
        blocks = [f"# {comment}\n" for comment in self.comments] + [HEAD]
        blocks += [service_text(service) for service in self.services]
        blocks += [pool_text(pool, pool.name in self.inline) for pool in self.pools]
        return "".join(blocks)


def duration(milliseconds):
    return f"{milliseconds // 1000}s" if milliseconds % 1000 == 0 else f"{milliseconds}ms"


def service_text(service):
    text = f'\n[[service]]\nname = "{service.name}"\nvip = "{service.vip}"\nprotocol = "{service.protocol}"\n'
    text += f'port = {service.port}\nforward = "{service.forward}"\npool = "{service.pool}"\n'
    return text if service.state == "active" else text + f'state = "{service.state}"\n'


def pool_text(pool, inline):
    health = pool.health
    text = f'\n[[pool]]\nname = "{pool.name}"\nmin_healthy = "{pool.min_healthy}%"\n'
    if pool.min_backends:
        text += f"min_backends = {pool.min_backends}\n"
    text += (f'health = {{ type = "tcp", interval = "{duration(health["interval"])}", '
             f'timeout = "{duration(health["timeout"])}", fall = {health["fall"]}, rise = {health["rise"]} }}\n')
    if not inline:
        return text + "".join("\n[[pool.backend]]\n" + "".join(f"{key} = {value}\n" for key, value in keys(backend))
                              for backend in pool.backends)
    rows = ("  { " + ", ".join(f"{key} = {value}" for key, value in keys(backend)) + " },\n" for backend in pool.backends)
    return text + "backend = [\n" + "".join(rows) + "]\n"


def keys(backend):
    yield "name", f'"{backend.name}"'
    yield "address", f'"{backend.address}"'
    yield "weight", backend.weight
    if backend.state != "active":
        yield "state", f'"{backend.state}"'
    if backend.labels:
        yield "labels", "{ " + ", ".join(f'{key} = "{value}"' for key, value in backend.labels.items()) + " }"
