# SPDX-License-Identifier: Apache-2.0
"""The story that scripts/demo tells with real traffic. Where that cannot be run
host_demo.py tells it without privileges."""
import argparse
import contextlib
import json
import signal
import sys
import time

from balancer_file import balancer_file, pool, service
from host_demo import tell_on_host
from kernel_state import KernelState
from load import Load
from packets import Wire, ethernet, ip, ipv4, tcp, udp
from story import Story, share_table
from testbed import CLIENT4, CLIENT6, VIP4, VIP6, Testbed, backend4, backend6, program, why_impossible
from udp_server import UdpServer
from web_client import FIRST_PORT, fetch_many

BACKENDS = 4
WEIGHTS = (100, 100, 200, 50)
REQUESTS = 10000
BALANCER_MAC = "02:00:00:00:02:02"
TCP, UDP = 6, 17
NARROW_PORT = 82


def backends(address):
    return [(f"b{number}", address(number), WEIGHTS[number - 1]) for number in range(1, BACKENDS + 1)]


FILE = balancer_file(
    service("web-v4", VIP4, "web-v4", "ipip"),
    service("web-v6", VIP6, "web-v6", "ipip"),
    # Nobody has this backend's address: its packets are dropped, and say why.
    service("lonely", VIP4, "lonely", "ipip", port=81),
    # Full-size packets do not fit through a path this narrow.
    service("narrow", VIP4, "web-v4", "ipip", port=NARROW_PORT, protocol="udp") + "mtu = 1280\n",
    pool("web-v4", backends(backend4)),
    pool("web-v6", backends(backend6)),
    pool("lonely", [("nobody", "10.0.2.99", 100)]))


def start(bed, story):
    story.scene("Hosts: a client, a switch, a balancer, four web servers")
    for number in range(1, BACKENDS + 1):
        bed.decap(number)
        bed.nginx(number)
        UdpServer(bed, f"b{number}", VIP4, NARROW_PORT, lambda datagram: datagram)
    story.say(f"each server has {VIP4} and {VIP6} on its loopback and takes packets out of the tunnel itself")
    story.scene("steadfastd: the program goes onto the balancer's interface")
    bed.steadfastd(FILE)
    status = bed.ask("status")
    story.say(f"generation {status['generation']} on {', '.join(status['interfaces'])} ({status['xdp_mode']})")
    return status


def first_answers(bed, story):
    story.scene("One request through each VIP")
    for vip in (VIP4, f"[{VIP6}]"):
        answer = bed.run("client", "curl", "-sS", "-m", "10", f"http://{vip}/").stdout.strip()
        story.say(f"curl http://{vip}/  ->  {answer}")


def distribution(bed, story):
    story.scene(f"{REQUESTS} requests to each VIP, a new connection for each")
    for name, source, vip in (("web-v4", CLIENT4, VIP4), ("web-v6", CLIENT6, VIP6)):
        with bed.inside("client"):
            answers, failures = fetch_many(REQUESTS, source, vip, FIRST_PORT)
        rows = [row for row in bed.ask("show", "backends")["backends"] if row["service"] == name]
        worst = share_table(story, answers, rows, REQUESTS)
        story.expect(f"{name}: no request of {REQUESTS} failed", not failures, failures[:1])
        story.expect(f"{name}: every share within 2 points of the ring's", worst <= 0.02, f"{worst:.2%}")


def packets_of(bed, name):
    return sum(row["packets"] for row in bed.ask("show", "backends")["backends"] if row["name"] == name)


def wait_until_quiet(bed, name):
    """Drained: connections here live for milliseconds, so two equal readings are enough."""
    for _ in range(100):
        before = packets_of(bed, name)
        with contextlib.suppress(Exception):
            bed.processes[-1].wait(0.2)
        if packets_of(bed, name) == before:
            return
    raise RuntimeError(f"{name} still gets packets")


def change_under_load(bed, story):
    story.scene("Under load: b2 is drained, b3 is drained and then removed")
    load = Load(bed, VIP4)
    for words in (("drain", "web-v4", "b2"), ("drain", "web-v4", "b3")):
        bed.steadfast("backend", *words)
        wait_until_quiet(bed, words[2])
        story.say(f"steadfast backend {' '.join(words)}  ->  no packet goes to {words[2]} any more")
    bed.steadfast("backend", "remove", "web-v4", "b3")
    story.say("steadfast backend remove web-v4 b3")
    wait_until_quiet(bed, "b2")
    result = load.end()
    story.say(f"wrk: {result['requests']} requests, {result['failed']} failed")
    story.expect("no request failed while two backends left", result["failed"] == 0 and result["requests"] > 0,
                 result["words"])
    with bed.inside("client"):
        answers, failures = fetch_many(500, CLIENT4, VIP4, 20000)
    story.expect("new connections go to b1 and b4 alone", set(answers) == {"b1", "b4"} and not failures,
                 (dict(answers), failures[:3]))
    return result


def wait_for_fallback(bed):
    for _ in range(200):
        state = KernelState(bed.bpffs)
        if state.fallbacks:
            return state
        time.sleep(0.05)
    raise RuntimeError("the kernel did not go back")


def unconfirmed(bed, story):
    story.scene("A change that nobody confirms undoes itself, with the daemon stopped")
    daemon = next(process for process in bed.processes if str(process.args[0]).endswith("steadfastd"))
    running = bed.ask("status")["generation"]
    path = bed.folder / "undrained.toml"
    path.write_text(bed.ask("show", "config")["text"].replace('state = "drain"\n', "", 1))
    story.say("steadfast plan   ->  " + bed.steadfast("plan", path).stdout.splitlines()[0])
    outcome = bed.ask("apply", path, "--confirm", "2s", "--reason", "demo")
    story.say(f"steadfast apply --confirm 2s  ->  generation {outcome['generation']}, pending; steadfastd is stopped now")
    daemon.send_signal(signal.SIGSTOP)
    try:
        state = wait_for_fallback(bed)
    finally:
        daemon.send_signal(signal.SIGCONT)
    story.say(f"the kernel went back to generation {state.generation} by itself")
    story.expect("the kernel went back while the daemon was stopped", state.generation == running, state.generation)
    newest = bed.ask("history")["generations"][0]
    story.say(f"steadfast history  ->  generation {newest['number']}: {newest['outcome']}, {newest['ended_because']}")
    story.expect("history says what happened", newest["outcome"] == "rolled-back", newest)


# What the balancer should call each of these frames.
def unwelcome():
    def to_vip(protocol, payload, **more):
        return ipv4(CLIENT4, VIP4, protocol, payload, **more)

    syn = tcp(CLIENT4, 50000, VIP4, 80)
    return [
        ("truncated", ethernet(BALANCER_MAC, to_vip(TCP, syn)[:16])),
        ("bad_ip_header", ethernet(BALANCER_MAC, to_vip(TCP, syn, length=1400))),
        ("bad_transport", ethernet(BALANCER_MAC, to_vip(TCP, tcp(CLIENT4, 50000, VIP4, 80, data_offset=15)))),
        ("no_next_hop", ethernet(BALANCER_MAC, to_vip(TCP, tcp(CLIENT4, 50000, VIP4, 81)))),
        ("too_big_answered", ethernet(BALANCER_MAC, ip(CLIENT4, VIP4, UDP, udp(CLIENT4, 50000, VIP4, NARROW_PORT, bytes(1400))))),
    ]


def drops(bed, story):
    story.scene("Drops have names: ten frames of each kind that nobody can deliver")
    with bed.inside("client"):
        wire = Wire()
        for _, frame in unwelcome():
            for _ in range(10):
                wire.send(frame)
        wire.close()
    bed.balance()
    seen = {}
    for drop in bed.ask("show", "drops")["drops"]:
        seen[drop["verdict"]] = seen.get(drop["verdict"], 0) + drop["packets"]
    # What is too large is no drop: its sender is told the size that fits.
    seen["too_big_answered"] = sum(service["verdicts"].get("too_big_answered", {}).get("packets", 0)
                                   for service in bed.ask("show", "services")["services"])
    for line in bed.steadfast("show", "drops").stdout.splitlines():
        story.say(line)
    for name, _ in unwelcome():
        story.expect(f"{name} counted", seen.get(name, 0) == 10, seen)


def account(bed, story, before):
    story.scene("The law: frames received = the sum of the verdicts")
    frames, verdicts = bed.balance()
    frames, verdicts = frames - before[0], verdicts - before[1]
    story.say(f"{frames} frames = " + " + ".join(f"{count} {name}" for name, count in verdicts.most_common()))
    story.expect("every frame has a verdict", frames == verdicts.total(), verdicts.total())
    return {"frames": frames, "verdicts": dict(verdicts)}


def how_to_look_around(bed, story):
    tool = f"{program('steadfast')} --control {bed.control}"
    story.scene("It is left standing. Look around:")
    for line in (f"{tool} status", f"{tool} show backends", f"{tool} show drops",
                 f"{tool} trace 'tcp 203.0.113.7:40000 > {VIP4}:80 syn'",
                 f"scripts/netns exec {bed.name} client curl http://{VIP4}/",
                 f"scripts/netns exec {bed.name} balancer curl http://127.0.0.1:9180/metrics"):
        story.say(line)
    story.say("and take it all away with:")
    story.say(f"scripts/netns down {bed.name}")


def tell(story, keep):
    with Testbed("demo", BACKENDS) as bed:
        start(bed, story)
        before = bed.balance()
        first_answers(bed, story)
        distribution(bed, story)
        load = change_under_load(bed, story)
        unconfirmed(bed, story)
        drops(bed, story)
        figures = account(bed, story, before)
        figures["load"] = {"requests": load["requests"], "failed": load["failed"]}
        if keep:
            how_to_look_around(bed, story)
            bed.keep = True
    if not keep:
        story.say("everything is taken away again")
    return figures


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--keep", action="store_true")
    options.add_argument("--json", action="store_true")
    options = options.parse_args()
    story = Story(sys.stderr if options.json else sys.stdout)
    reason = why_impossible()
    if reason:
        # No next hop can be asked for on a host of somebody else: `lonely` is not part of this story.
        figures = tell_on_host(story, FILE, [row for row in unwelcome() if row[0] != "no_next_hop"], reason)
    else:
        figures = tell(story, options.keep)
    if options.json:
        print(json.dumps({"engine": "host" if reason else "kernel", "checks": story.checks, **figures}, indent=2))
    sys.exit(story.end())


if __name__ == "__main__":
    main()
