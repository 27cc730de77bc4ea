#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""An MTU of 1500 everywhere and an outer header on top: full-size packets do not
fit towards the backends. The balancer tells the client so, the client sends
smaller ones, and TCP uploads and fragmented UDP get through."""
import contextlib
import pathlib
import socket
import struct
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "scripts" / "lib"))
from balancer_file import balancer_file, pool, service  # noqa: E402
from capture import Capture  # noqa: E402
from packets import Wire, checksum, ethernet, ipv4, packed, pseudo_header  # noqa: E402
from testbed import CLIENT4, CLIENT6, VIP4, VIP6, Testbed, backend4, backend6, need_traffic  # noqa: E402
from udp_server import UdpServer  # noqa: E402

MTU, BACKENDS, ECHO_PORT = 1500, 2, 5000
UPLOAD_BYTES, DATAGRAM_BYTES = 4 << 20, 4000
ATTEMPTS = 10
# family: VIP, client, outer header, what is left for the client
FAMILIES = {4: (VIP4, CLIENT4, 20, MTU - 20), 6: (VIP6, CLIENT6, 40, MTU - 40)}
BALANCER_MAC = "02:00:00:00:02:02"

FILE = balancer_file(
    *(service(f"{kind}{family}", FAMILIES[family][0], f"pool{family}", "ipip", port, protocol)
      for family in (4, 6) for kind, port, protocol in (("web", 80, "tcp"), ("echo", ECHO_PORT, "udp"))),
    *(pool(f"pool{family}", [(f"b{i}", address(i), 100) for i in range(1, BACKENDS + 1)])
      for family, address in ((4, backend4), (6, backend6))))


def shrink(bed):
    for host in ["balancer", *(f"b{i}" for i in range(1, BACKENDS + 1))]:
        bed.shell(host, f"ip link set eth0 mtu {MTU}")
        bed.shell("switch", f"ip link set {host} mtu {MTU}")
    bed.shell("switch", f"ip link set fabric mtu {MTU}", f"ip link set client mtu {MTU}")


def is_too_big(family):
    def accepts(frame):
        if family == 4:
            return frame[12:14] == b"\x08\x00" and frame[23] == 1 and frame[34:36] == b"\x03\x04"
        return frame[12:14] == b"\x86\xdd" and frame[20] == 58 and frame[54:56] == b"\x02\x00"

    return accepts


def check_answer(family, frame):
    """The size that fits, good checksums, and the packet it is about."""
    vip, client, _, fits = FAMILIES[family]
    header = 20 if family == 4 else 40
    packet = frame[14:]
    message = packet[header:]
    if family == 4:
        assert checksum(packet[:20]) == 0
        assert checksum(message[:struct.unpack_from("!H", packet, 2)[0] - 20]) == 0
        assert struct.unpack_from("!HH", message, 4) == (0, fits), message[:8].hex()
        quoted = message[8:]
        assert (quoted[12:16], quoted[16:20]) == (packed(client), packed(vip))
    else:
        length = struct.unpack_from("!H", packet, 4)[0]
        source, destination = (socket.inet_ntop(socket.AF_INET6, packet[at:at + 16]) for at in (8, 24))
        assert checksum(pseudo_header(source, destination, 58, length) + message[:length]) == 0
        assert struct.unpack_from("!I", message, 4) == (fits,), message[:8].hex()
        assert length + 40 <= 1280
        quoted = message[8:]
        assert (quoted[8:24], quoted[24:40]) == (packed(client), packed(vip))


def check_upload(bed, family):
    vip = FAMILIES[family][0]
    body = bed.folder / "body"
    body.write_bytes(b"s" * UPLOAD_BYTES)
    url = f"http://{vip if family == 4 else f'[{vip}]'}/upload"
    with bed.counting() as seen, Capture(bed, "client") as capture:
        answer = bed.run("client", "curl", "-sS", "-f", "-m", "20", "-H", "Expect:", "-T", body, url).stdout.split()
        told = capture.wait_for(is_too_big(family), "the balancer's answer")
    assert answer[1:] == [str(UPLOAD_BYTES)], answer
    check_answer(family, told)
    print(f"IPv{family} upload of {UPLOAD_BYTES} bytes to {answer[0]}: {dict(seen)}")
    assert seen["too_big_answered"] >= 1 and seen["too_big"] == 0, seen


def ask_until_answered(bed, family):
    """How many datagrams it took; the first teach the client the smaller size."""
    vip = FAMILIES[family][0]
    datagram = bytes(range(250)) * (DATAGRAM_BYTES // 250)
    with bed.inside("client"):
        asking = socket.socket(socket.AF_INET6 if family == 6 else socket.AF_INET, socket.SOCK_DGRAM)
    with contextlib.closing(asking):
        asking.settimeout(1)
        asking.connect((vip, ECHO_PORT))
        for attempt in range(1, ATTEMPTS + 1):
            with contextlib.suppress(TimeoutError, OSError):
                asking.send(datagram)
                assert asking.recv(65536) == datagram
                return attempt
    raise AssertionError(f"no answer to {ATTEMPTS} datagrams of {DATAGRAM_BYTES} bytes")


def check_datagrams(bed, family):
    bed.shell("client", f"ip -{family} route flush cache")
    with bed.counting() as seen:
        attempts = ask_until_answered(bed, family)
    print(f"IPv{family} datagram of {DATAGRAM_BYTES} bytes answered at attempt {attempts}: {dict(seen)}")
    assert attempts >= 2 and seen["too_big_answered"] >= 1, "the first cannot have fitted"
    assert seen["fragment_forwarded"] >= 2, "later fragments follow their first"
    with bed.counting() as seen:
        assert ask_until_answered(bed, family) == 1
    assert seen["too_big_answered"] == 0 and seen["fragment_orphan"] == 0, seen
    assert seen["forwarded"] == 1 and seen["fragment_forwarded"] == 2, seen


def check_orphan(bed):
    with bed.inside("client"):
        wire = Wire()
    with contextlib.closing(wire), bed.counting() as seen:
        wire.send(ethernet(BALANCER_MAC, ipv4(CLIENT4, VIP4, 17, b"x" * 64, fragment=185)))
        bed.balance()
    assert seen["fragment_orphan"] == 1, seen


def main():
    need_traffic("curl")
    with Testbed("mtu", BACKENDS) as bed, contextlib.ExitStack() as servers:
        shrink(bed)
        for number in range(1, BACKENDS + 1):
            bed.decap(number)
            bed.nginx(number)
            for vip in (VIP4, VIP6):
                servers.enter_context(UdpServer(bed, f"b{number}", vip, ECHO_PORT, lambda datagram: datagram))
        bed.steadfastd(FILE)
        for family in FAMILIES:
            check_upload(bed, family)
            check_datagrams(bed, family)
        check_orphan(bed)


if __name__ == "__main__":
    main()
