# SPDX-License-Identifier: Apache-2.0
"""New UDP flows at a steady pace, each packet from a port of its own, and who
received them when. Clocks are CLOCK_MONOTONIC, which namespaces share."""
import socket
import threading
import time


class Receiver:
    """Notes when each packet for `address` arrived on a host of the testbed."""

    def __init__(self, bed, host, address, port):
        self.times_ns = []
        with bed.inside(host):
            self.socket = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind((address, port))
        self.socket.settimeout(0.2)
        self.stopping = False
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()

    def run(self):
        while not self.stopping:
            try:
                self.socket.recv(2048)
            except TimeoutError:
                continue
            self.times_ns.append(time.monotonic_ns())

    def close(self):
        self.stopping = True
        self.thread.join()
        self.socket.close()

    def first_after(self, moment_ns):
        return next((arrived for arrived in list(self.times_ns) if arrived > moment_ns), None)


class Sender:
    """One packet per new port, every `pause_s`, until it is closed."""

    def __init__(self, bed, host, destination, pause_s=0.001):
        self.bed, self.host, self.destination, self.pause_s = bed, host, destination, pause_s
        self.sent = 0
        self.stopping = False
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()

    def run(self):
        # The namespace of a thread is its own: sockets made here belong to the host.
        # A port is never used twice: its second packet would be a known flow.
        with self.bed.inside(self.host):
            for port in range(1024, 65536):
                if self.stopping:
                    return
                with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as flow:
                    flow.bind(("", port))
                    flow.sendto(b"flow", self.destination)
                self.sent += 1
                time.sleep(self.pause_s)

    def close(self):
        self.stopping = True
        self.thread.join()
