#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""servers.py KIND ADDRESS PORT: a server that a check can be asked of, until it is
ended. KIND: udp, dns, servfail, or https with CERTIFICATE and KEY behind it."""
import http.server
import os
import socket
import ssl
import sys

ANSWER, SERVFAIL = 0x80, 0x02


def say_ready():
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notify:
        notify.sendto(b"READY=1", os.environ["NOTIFY_SOCKET"])


def answer_of(kind, question):
    if kind == "udp":
        return question
    code = SERVFAIL if kind == "servfail" else 0
    return question[:2] + bytes([question[2] | ANSWER, ANSWER | code]) + question[4:]


def datagrams(kind, family, end):
    with socket.socket(family, socket.SOCK_DGRAM) as server:
        server.bind(end)
        say_ready()
        while True:
            question, client = server.recvfrom(4096)
            server.sendto(answer_of(kind, question), client)


class Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200 if self.path == "/health" else 404)
        self.end_headers()

    def log_message(self, *_):
        pass


def https(family, end, certificate, key):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)

    class Server(http.server.ThreadingHTTPServer):
        address_family = family

    server = Server(end, Page)
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    say_ready()
    server.serve_forever()


def main(kind, address, port, *more):
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    end = (address, int(port))
    if kind == "https":
        https(family, end, *more)
    else:
        datagrams(kind, family, end)


if __name__ == "__main__":
    main(*sys.argv[1:])
