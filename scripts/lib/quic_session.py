# SPDX-License-Identifier: Apache-2.0
"""As much of QUIC as a load balancer sees (RFC 9000 §17), with connection ids in
the unencrypted form of draft-ietf-quic-load-balancers: the first octet holds the
configuration in its upper three bits, the server id follows."""
import contextlib
import socket

from udp_server import UdpServer

SERVER_ID_BYTES, ID_BYTES = 2, 8
CONFIG = 0
UNROUTABLE = 7  # the configuration of ids that name no server
VERSION = b"\0\0\0\1"


def connection_id(server_id, nonce, config=CONFIG):
    first = config << 5 | (ID_BYTES - 1)
    rest = server_id.to_bytes(SERVER_ID_BYTES, "big") + nonce.to_bytes(ID_BYTES - 1 - SERVER_ID_BYTES, "big")
    return bytes([first]) + rest


def initial(destination, source):
    """A client's first packet: long header, and ids with their lengths."""
    return (b"\xc3" + VERSION + bytes([len(destination)]) + destination + bytes([len(source)]) + source).ljust(1200, b"\0")


def short(destination):
    return b"\x43" + destination + b"payload of one packet"


class QuicServer(UdpServer):
    """Gives each new client an id that names this server, and says who it is."""

    def __init__(self, bed, host, address, port, server_id):
        self.name, self.server_id, self.clients = host, server_id, 0
        super().__init__(bed, host, address, port, self.reply)

    def reply(self, packet):
        if packet[0] & 0x80:
            self.clients += 1
            return connection_id(self.server_id, self.clients) + self.name.encode()
        return b"." * ID_BYTES + self.name.encode()


class QuicSession:
    """One client, which may move to other addresses and ports."""

    def __init__(self, source, destination, number):
        self.destination = destination
        self.move(source)
        self.id, self.server = self.ask(initial(connection_id(0, number, UNROUTABLE), connection_id(1, number)))

    def move(self, source):
        with contextlib.suppress(AttributeError):
            self.socket.close()
        self.socket = socket.socket(socket.AF_INET6 if ":" in source else socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.settimeout(5)
        self.socket.bind((source, 0))
        self.socket.connect(self.destination)

    def ask(self, packet):
        """(id, name of the server) of the answer"""
        self.socket.send(packet)
        answer = self.socket.recv(2048)
        return answer[:ID_BYTES], answer[ID_BYTES:].decode()

    def who(self, identifier=None):
        return self.ask(short(identifier or self.id))[1]

    def close(self):
        self.socket.close()
