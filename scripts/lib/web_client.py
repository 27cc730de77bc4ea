# SPDX-License-Identifier: Apache-2.0
"""A client that counts exactly: one request per connection, source ports in
order, so that the same run meets the same flows every time."""
import collections
import http.client
import socket

REQUEST = b"GET / HTTP/1.0\r\n\r\n"
FIRST_PORT = 10000


def fetch(source, port, vip, vip_port=80, timeout=5):
    """The body of one answer, which is the backend's name."""
    family = socket.AF_INET6 if ":" in vip else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as connection:
        connection.settimeout(timeout)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        connection.bind((source, port))
        connection.connect((vip, vip_port))
        connection.sendall(REQUEST)
        answer = b""
        while piece := connection.recv(4096):
            answer += piece
    head, _, body = answer.partition(b"\r\n\r\n")
    if b" 200 " not in head.splitlines()[0]:
        raise ConnectionError(f"not answered with 200: {head[:60]!r}")
    return body.decode().strip()


def fetch_many(count, source, vip, first_port=FIRST_PORT, vip_port=80):
    """(answers per backend, failures as text)"""
    answers, failures = collections.Counter(), []
    for port in range(first_port, first_port + count):
        try:
            answers[fetch(source, port, vip, vip_port)] += 1
        except (OSError, IndexError) as failure:
            failures.append(f"port {port}: {failure}")
    return answers, failures


class Session:
    """One connection that stays open over many requests."""

    def __init__(self, source, vip, port=80):
        self.http = http.client.HTTPConnection(vip, port, timeout=10, source_address=(source, 0))
        self.http.connect()
        # http.client would open a new connection in silence once this one is gone.
        self.http.auto_open = 0

    def ask(self):
        self.http.request("GET", "/")
        return self.http.getresponse().read().decode().strip()

    def close(self):
        self.http.close()
