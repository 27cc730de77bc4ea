#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""chat_server.py NAME PORT: a messaging service of one host: every line that comes
in goes back with the name of the host before it, for as long as the user stays.
"""
import asyncio
import contextlib
import sys


async def talk(name, reader, writer):
    with contextlib.suppress(OSError):
        while line := await reader.readline():
            writer.write(name + b" " + line)
            await writer.drain()
    writer.close()


async def serve(name, port):
    server = await asyncio.start_server(lambda *ends: talk(name.encode(), *ends), "0.0.0.0", port, backlog=4096)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1], int(sys.argv[2])))
