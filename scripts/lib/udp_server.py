# SPDX-License-Identifier: Apache-2.0
"""A UDP server on a host of the testbed."""
import socket
import threading


class UdpServer:
    """Answers every datagram with `answer(datagram)`, from the address it came to."""

    def __init__(self, bed, host, address, port, answer):
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        with bed.inside(host):
            self.socket = socket.socket(family, socket.SOCK_DGRAM)
        self.socket.bind((address, port))
        self.socket.settimeout(0.2)
        self.answer = answer
        self.received = 0
        self.stopping = False
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def run(self):
        while not self.stopping:
            try:
                datagram, peer = self.socket.recvfrom(65536)
            except OSError:  # the timeout that lets it stop, or an ICMP error of a former peer
                continue
            self.received += 1
            reply = self.answer(datagram)
            if reply is not None:
                self.socket.sendto(reply, peer)

    def close(self):
        self.stopping = True
        self.thread.join()
        self.socket.close()
