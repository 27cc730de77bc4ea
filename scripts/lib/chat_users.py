#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""chat_users.py VIP PORT USERS FILE: people who chat, until SIGTERM. Each logs in over
a new TCP connection, says something every SAY_EVERY_S and waits for the answer,
stays STAY_S, leaves, and comes again at once, as phones do.

Each login and each message becomes one line of FILE when it has ended: the user,
when it began and ended (Unix time), `login` or `message`, and the host that answered,
or - when none did within PATIENCE_S. Who gets no answer hangs up and logs in again.
"""
import asyncio
import random
import signal
import sys
import time

PATIENCE_S = 2.0
SAY_EVERY_S = 0.5
STAY_S = (1.5, 2.5)  # 300 users begin about 150 connections a second


class User:
    def __init__(self, number, vip, port, journal):
        self.number, self.vip, self.port, self.journal = number, vip, port, journal
        self.chance = random.Random(number)
        self.reader = self.writer = None

    async def live(self):
        """Nobody comes at the same moment as everybody else."""
        await asyncio.sleep(self.chance.uniform(0, STAY_S[1]))
        while True:
            await self.visit()

    async def visit(self):
        try:
            await self.noted("login", self.login())
            leaves = time.monotonic() + self.chance.uniform(*STAY_S)
            while time.monotonic() < leaves:
                await asyncio.sleep(SAY_EVERY_S)
                await self.noted("message", self.say())
        except (OSError, TimeoutError):
            await asyncio.sleep(SAY_EVERY_S)
        finally:
            self.hang_up()

    async def noted(self, kind, doing):
        began = time.time()
        try:
            async with asyncio.timeout(PATIENCE_S):
                host = await doing
        except (OSError, TimeoutError):
            self.note(began, kind, "-")
            raise
        self.note(began, kind, host)

    async def login(self):
        self.reader, self.writer = await asyncio.open_connection(self.vip, self.port)
        return await self.say()

    async def say(self):
        self.writer.write(b"hello\n")
        answer = await self.reader.readline()
        if not answer:
            raise ConnectionError("hung up")
        return answer.split()[0].decode()

    def hang_up(self):
        if self.writer:
            self.writer.transport.abort()
        self.writer = None

    def note(self, began, kind, host):
        print(self.number, f"{began:.6f}", f"{time.time():.6f}", kind, host, file=self.journal)


async def crowd(vip, port, users, journal):
    tasks = [asyncio.create_task(User(number, vip, port, journal).live()) for number in range(users)]
    stopped = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopped.set)
    await stopped.wait()
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def main(vip, port, users, path):
    with open(path, "w", encoding="ascii", buffering=1) as journal:
        asyncio.run(crowd(vip, int(port), int(users), journal))


if __name__ == "__main__":
    main(*sys.argv[1:])
