"""Many requests, each sent at its instant over a connection that is open already."""

from __future__ import annotations

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass


@dataclass(frozen=True)
class Sent:
    """A request: when its last byte was sent (Unix time), what it was answered, and after how
    many seconds."""

    name: str
    at: float
    status: int
    location: str
    seconds: float


async def _send(port: int, name: str, instant: float, request: bytes) -> Sent:
    # Not so early that it would be taken for a client that dawdles.
    await asyncio.sleep(max(0.0, instant - time.time() - 4))
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    await asyncio.sleep(max(0.0, instant - time.time() - 0.002))
    while time.time() < instant:
        await asyncio.sleep(0)
    writer.write(request)
    at = time.time()
    try:
        head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 130)
    except asyncio.IncompleteReadError:
        head = b"HTTP/1.1 000 no answer\r\n"
    seconds = time.time() - at
    writer.close()
    lines = head.decode("latin-1").split("\r\n")
    location = next((line[10:] for line in lines if line.lower().startswith("location: ")), "")
    return Sent(name, at, int(lines[0].split()[1]), location, seconds)


def rush(port: int, requests: dict[str, tuple[float, bytes]]) -> list[Sent]:
    """Send all of `requests`, by name their instant and their bytes."""

    async def all_of_them() -> list[Sent]:
        sending = (_send(port, name, *request) for name, request in requests.items())
        return await asyncio.gather(*sending)

    # In a thread of its own: one that drives a browser has a loop that is running already.
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, all_of_them()).result()
