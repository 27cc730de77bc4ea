# SPDX-License-Identifier: Apache-2.0
"""The demo without privileges: the same packet code in a process of its own
answers for the packets of a capture."""
import collections
import json
import pathlib
import subprocess
import tempfile

from packets import ethernet, ipv4, tcp, write_capture
from story import share_table
from testbed import VIP4, program

FLOWS = 2000
CLIENT = "203.0.113.7"


def steadfast(*words):
    return subprocess.run([program("steadfast"), *map(str, words)], check=True, capture_output=True, text=True).stdout


def answers(file, capture):
    return json.loads(steadfast("trace", "--pcap", capture, "--file", file, "--json"))["answers"]


def syns():
    return [ethernet("02:00:00:00:02:02", ipv4(CLIENT, VIP4, 6, tcp(CLIENT, port, VIP4, 80)))
            for port in range(10000, 10000 + FLOWS)]


def distribution(story, file, capture):
    story.scene(f"{FLOWS} first packets of new connections, from a capture")
    chosen = [answer["backend"] for answer in answers(file, capture)]
    weights = {"b1": 100, "b2": 100, "b3": 200, "b4": 50}
    rows = [{"name": name, "weight": weight, "ring_share": weight / sum(weights.values())}
            for name, weight in weights.items()]
    worst = share_table(story, collections.Counter(chosen), rows, FLOWS)
    story.expect("every share within 3 points of the weights", worst <= 0.03, f"{worst:.2%}")
    return chosen


def drain(story, folder, file, capture, before):
    story.scene("The same packets with b2 drained")
    drained = folder / "drained.toml"
    drained.write_text(file.read_text().replace('name = "b2"', 'name = "b2"\nstate = "drain"'))
    after = [answer["backend"] for answer in answers(drained, capture)]
    moved = sum(old != new for old, new in zip(before, after))
    story.say(f"{moved} of {FLOWS} new connections go elsewhere: those b2 would have got, {before.count('b2')}")
    story.expect("b2 gets no new connection", "b2" not in after, collections.Counter(after))
    story.expect("only b2's share moved", moved == before.count("b2"), moved)


def drops(story, folder, file, frames):
    story.scene("Drops have names")
    capture = folder / "unwelcome.pcap"
    write_capture(capture, [frame for _, frame in frames])
    for (expected, _), answer in zip(frames, answers(file, capture)):
        story.say(answer["verdict"])
        story.expect(f"{expected} named", answer["verdict"] == expected, answer["verdict"])


def tell_on_host(story, text, frames, reason):
    story.say(f"Real traffic cannot be run here: {reason}.")
    story.say("The host engine tells the story: the same packet code, no privileges.")
    with tempfile.TemporaryDirectory(prefix="steadfast-demo-") as folder:
        folder = pathlib.Path(folder)
        file, capture = folder / "steadfast.toml", folder / "flows.pcap"
        file.write_text(text)
        story.scene("The file is checked")
        for line in steadfast("check", file).splitlines():
            story.say(line)
        story.scene("One packet, and the line of the file that decided it")
        saved = folder / "one.pcap"
        packet = f"tcp {CLIENT}:40000 > {VIP4}:80 syn"
        for line in steadfast("trace", packet, "--file", file, "--save", saved).splitlines():
            story.say(line)
        again = answers(file, saved)
        story.expect("the packet is forwarded, from the words and from the capture alike",
                     [answer["verdict"] for answer in again] == ["forwarded"], again)
        write_capture(capture, syns())
        chosen = distribution(story, file, capture)
        drain(story, folder, file, capture, chosen)
        drops(story, folder, file, frames)
    return {"flows": FLOWS}
