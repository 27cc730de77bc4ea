# SPDX-License-Identifier: Apache-2.0
"""The memory of a pinned map, mapped here as a stranger would: whatever is
written is what packets meet."""
import contextlib
import ctypes
import mmap
import os
import struct

from kernel_state import pin

SYS_BPF = 321
BPF_OBJ_GET, BPF_OBJ_GET_INFO_BY_FD = 7, 15

_libc = ctypes.CDLL(None, use_errno=True)


def bpf(command, attributes):
    result = _libc.syscall(SYS_BPF, command, attributes, len(attributes))
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))
    return result


def size_of(fd):
    """Bytes of all values: struct bpf_map_info begins with type, id, key, value and entries."""
    info = ctypes.create_string_buffer(256)
    bpf(BPF_OBJ_GET_INFO_BY_FD, ctypes.create_string_buffer(
        struct.pack("<IIQ", fd, len(info), ctypes.addressof(info)), 128))
    _, _, _, value_bytes, entries = struct.unpack_from("<IIIII", info)
    return (value_bytes + 7) // 8 * 8 * entries


@contextlib.contextmanager
def pinned_map(bpffs, table):
    """The values of a table, one after the other, to read and write."""
    path = ctypes.create_string_buffer(pin(bpffs, table).encode())
    fd = bpf(BPF_OBJ_GET, ctypes.create_string_buffer(struct.pack("<QI", ctypes.addressof(path), 0), 128))
    try:
        size = size_of(fd)
        memory = mmap.mmap(fd, (size + mmap.PAGESIZE - 1) // mmap.PAGESIZE * mmap.PAGESIZE)
    finally:
        os.close(fd)
    try:
        yield memory
    finally:
        memory.close()
