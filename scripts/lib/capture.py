# SPDX-License-Identifier: Apache-2.0
"""What passes an interface of a host, frame by frame, as it is on the wire."""
import socket
import struct
import time

ETH_P_ALL = 3
SOL_PACKET, PACKET_AUXDATA = 263, 8
AUXDATA = struct.Struct("=IIIHHHH")  # struct tpacket_auxdata
TAG_VALID = 0x10  # TP_STATUS_VLAN_VALID
BUFFER_BYTES = 8 << 20
PATIENCE_S = 10


class Capture:
    """Sees what arrives and what leaves from the moment it is made."""

    def __init__(self, bed, host, interface="eth0"):
        with bed.inside(host):
            self.socket = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL))
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER_BYTES)
        self.socket.setsockopt(SOL_PACKET, PACKET_AUXDATA, 1)
        with bed.inside(host):
            self.socket.bind((interface, ETH_P_ALL))
        self.frames = []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def read(self, timeout_s):
        """One frame more, or None."""
        self.socket.settimeout(timeout_s)
        try:
            data, ancillary, _, _ = self.socket.recvmsg(65536, socket.CMSG_SPACE(AUXDATA.size))
        except (TimeoutError, BlockingIOError):
            return None
        self.frames.append(with_tag(data, ancillary))
        return self.frames[-1]

    def drain(self):
        """All frames so far."""
        while self.read(0) is not None:
            pass
        return self.frames

    def wait_for(self, accepts, what):
        """The first frame, from the beginning of the capture, that `accepts` likes."""
        deadline = time.monotonic() + PATIENCE_S
        found = next((frame for frame in self.frames if accepts(frame)), None)
        while found is None:
            assert time.monotonic() < deadline, f"not seen within {PATIENCE_S} s: {what}"
            frame = self.read(0.2)
            found = frame if frame is not None and accepts(frame) else None
        return found


def with_tag(data, ancillary):
    """The kernel takes the outer tag off a frame and tells it beside."""
    for level, kind, value in ancillary:
        if (level, kind) == (SOL_PACKET, PACKET_AUXDATA):
            status, _, _, _, _, tci, tpid = AUXDATA.unpack(value[:AUXDATA.size])
            if status & TAG_VALID:
                return data[:12] + struct.pack("!HH", tpid, tci) + data[12:]
    return data
