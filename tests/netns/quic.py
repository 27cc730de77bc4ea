#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Sessions whose connection id names their server keep it when the client moves to
another port and to another address; those without such an id go by hash."""
import collections
import contextlib
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "scripts" / "lib"))
from balancer_file import balancer_file, pool, service  # noqa: E402
from quic_session import SERVER_ID_BYTES, UNROUTABLE, QuicServer, QuicSession, connection_id  # noqa: E402
from testbed import CLIENT4, CLIENT6, VIP4, VIP6, Testbed, backend4, need_traffic  # noqa: E402

PORT, BACKENDS, SESSIONS = 4433, 3, 100
MOVED = {CLIENT4: "10.0.2.200", CLIENT6: "2001:db8:2::200"}
# So that the two bytes of an id are no small number in either byte order.
SERVER_IDS = {number: 0x0100 * number + 0x17 for number in range(1, BACKENDS + 1)}

FILE = balancer_file(
    *(service(f"quic{family}", vip, "quic", "ipip", PORT, "udp", quic={"server_id_bytes": SERVER_ID_BYTES})
      for family, vip in ((4, VIP4), (6, VIP6))),
    pool("quic", [(f"b{i}", backend4(i), 100, {"server_id": SERVER_IDS[i]}) for i in SERVER_IDS]))


def check_sessions(source, vip):
    """Each client has sent from three places; its server is the same all along."""
    moved, servers = 0, collections.Counter()
    with contextlib.ExitStack() as closing:
        for number in range(1, SESSIONS + 1):
            session = QuicSession(source, (vip, PORT), number)
            closing.callback(session.close)
            seen = [session.who()]
            for place in (source, MOVED[source]):
                session.move(place)
                seen += [session.who(), session.who()]
            # The flow from the new place is remembered: a packet whose id names nobody stays.
            seen.append(session.who(connection_id(0, number, UNROUTABLE)))
            servers[session.server] += 1
            moved += set(seen) != {session.server}
    print(f"{vip}: {SESSIONS} sessions on {dict(servers)}, {moved} moved")
    assert moved == 0 and len(servers) == BACKENDS, servers


def check_hash(source, vip):
    """Ids that name no server: the address and port decide, again and again alike."""
    servers = collections.Counter()
    with contextlib.ExitStack() as closing:
        for number in range(1, SESSIONS + 1):
            session = QuicSession(source, (vip, PORT), number)
            closing.callback(session.close)
            strangers = [connection_id(0xffff, number), connection_id(SERVER_IDS[1], number, UNROUTABLE)]
            session.move(source)
            answers = {session.who(strangers[0]), session.who(strangers[1]), session.who(strangers[0])}
            assert len(answers) == 1, answers
            servers.update(answers)
    print(f"{vip}: without an id that names a server {dict(servers)}")
    assert len(servers) == BACKENDS, servers


def main():
    need_traffic()
    with Testbed("quic", BACKENDS) as bed, contextlib.ExitStack() as servers:
        bed.shell("client", f"ip address add {MOVED[CLIENT4]}/24 dev eth0",
                  f"ip address add {MOVED[CLIENT6]}/64 dev eth0 nodad")
        for number, server_id in SERVER_IDS.items():
            bed.decap(number)
            for vip in (VIP4, VIP6):
                servers.enter_context(QuicServer(bed, f"b{number}", vip, PORT, server_id))
        bed.steadfastd(FILE)
        with bed.counting() as seen, bed.inside("client"):
            for source, vip in ((CLIENT4, VIP4), (CLIENT6, VIP6)):
                check_sessions(source, vip)
                check_hash(source, vip)
        print(dict(seen))
        packets = 2 * SESSIONS * (7 + 4)
        assert seen["forwarded"] == packets, (seen, packets)


if __name__ == "__main__":
    main()
