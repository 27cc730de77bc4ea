#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""steady_users.py VIP… RATE: new users at a steady rate, one VIP after the other, each
with one connection and one request, until SIGTERM; then how many there were and how many
had no answer.

A user whose SYN is lost sends it again as TCP does, and gives up after PATIENCE_S.
"""
import collections
import itertools
import json
import selectors
import signal
import socket
import sys
import time

from web_client import REQUEST

PATIENCE_S = 5.0


class Users:
    def __init__(self, vips, rate):
        self.vips, self.gap_s = itertools.cycle(vips), 1 / rate
        self.waiting = selectors.DefaultSelector()
        self.begun = collections.deque()  # (time, connection), the oldest first
        self.open = set()
        self.requests = self.failed = 0
        self.going = True

    def run(self):
        due = time.monotonic()
        while self.going:
            now = time.monotonic()
            while due <= now:
                self.begin(now)
                due += self.gap_s
            self.give_up(now - PATIENCE_S)
            for key, events in self.waiting.select(max(0, due - time.monotonic())):
                self.proceed(key.fileobj, events)

    def begin(self, now):
        connection = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        connection.setblocking(False)
        connection.connect_ex((next(self.vips), 80))
        self.requests += 1
        self.open.add(connection)
        self.begun.append((now, connection))
        self.waiting.register(connection, selectors.EVENT_WRITE)

    def proceed(self, connection, events):
        try:
            if events & selectors.EVENT_WRITE:
                connection.sendall(REQUEST)
                self.waiting.modify(connection, selectors.EVENT_READ)
                return
            answered = connection.recv(4096).startswith(b"HTTP/1.1 200")
        except OSError:
            answered = False
        self.end(connection, answered)

    def end(self, connection, answered):
        self.failed += not answered
        self.open.discard(connection)
        self.waiting.unregister(connection)
        connection.close()

    def give_up(self, began_before):
        while self.begun and self.begun[0][0] <= began_before:
            connection = self.begun.popleft()[1]
            if connection in self.open:
                self.end(connection, False)

    def stop(self, *_):
        self.going = False


def main(*vips_and_rate):
    users = Users(vips_and_rate[:-1], float(vips_and_rate[-1]))
    signal.signal(signal.SIGTERM, users.stop)
    users.run()
    print(json.dumps({"requests": users.requests, "failed": users.failed}), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
