"""Requests per second of the pages that everybody reads, signed out: one process, sixteen
connections, beside a bare answer of Django in the same run."""

from __future__ import annotations

import asyncio
import re
import shutil
import subprocess
import time
from urllib.parse import urlsplit

import psycopg2

from tests.benchmarks import ground

CONNECTIONS, SECONDS = 16, 5


def pages(url: str) -> dict[str, str]:
    connection = psycopg2.connect(url)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT slug, max(s.id) - 10 FROM jam_jam JOIN submissions_submission s"
            " ON s.jam_id = jam_jam.id GROUP BY slug"
        )
        newest = dict(cursor.fetchall())
    connection.close()
    return {
        "jam, rating": "/jams/rating/",
        "jam, finished": "/jams/finished/",
        "gallery, rating": "/jams/rating/submissions/",
        "gallery, finished": "/jams/finished/submissions/",
        "submission": f"/jams/finished/submissions/{newest['finished']}/",
        "results": "/jams/finished/results/",
    }


def rate(address: str) -> tuple[float, float]:
    """Requests per second, and the 99th percentile of their time in milliseconds."""
    if not shutil.which("wrk"):
        return asyncio.run(own_rate(address))
    said = subprocess.run(
        ["wrk", "--threads", "1", "--connections", str(CONNECTIONS), "--duration",
         f"{SECONDS}s", "--latency", address],
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    if "Non-2xx" in said:
        raise SystemExit(f"{address} answered with an error:\n{said}")
    slowest = re.search(r"99%\s+([\d.]+)(us|ms|s)", said)
    unit = {"us": 0.001, "ms": 1, "s": 1000}[slowest[2]]
    return float(re.search(r"Requests/sec:\s+([\d.]+)", said)[1]), float(slowest[1]) * unit


async def own_rate(address: str) -> tuple[float, float]:
    """The same without wrk: some processor time goes to this client."""
    host, path = urlsplit(address).netloc, urlsplit(address).path
    request = f"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode()
    end, times = time.perf_counter() + SECONDS, []

    async def client() -> None:
        while (began := time.perf_counter()) < end:
            reader, writer = await asyncio.open_connection(*host.split(":"))
            writer.write(request)
            answer = await reader.read(-1)
            writer.close()
            if b" 200 " not in answer[:20]:
                raise SystemExit(f"{address} answered {answer[:20]!r}")
            times.append(time.perf_counter() - began)

    await asyncio.gather(*(client() for _n in range(CONNECTIONS)))
    return len(times) / SECONDS, 1000 * sorted(times)[len(times) * 99 // 100]


def busy(server: ground.Server, path: str) -> tuple[float, float, float]:
    """As `rate`, and the worker's processor time for each request, in milliseconds."""
    ground.fetch(server.address + path)
    before = server.processor_time()
    a_second, slowest = rate(server.address + path)
    return a_second, slowest, 1000 * (server.processor_time() - before) / (a_second * SECONDS)


def measure(url: str, bare: float, title: str, **settings: str) -> None:
    print(f"\n{title}")
    with ground.served("jam.config.wsgi", url, **settings) as server:
        for name, path in pages(url).items():
            a_second, slowest, work = busy(server, path)
            print(
                f"  {name:20} {a_second:7.0f}/s  {a_second / bare:5.1%} of bare  {work:5.2f} ms of "
                f"work  99 % within {slowest:5.0f} ms  {ground.load()}",
                flush=True,
            )


def main() -> None:
    url = ground.prepare()
    ground.manage("collectstatic", "--noinput", "--verbosity", "0")
    with ground.served("tests.benchmarks.bare", url) as server:
        bare, _slowest, work = busy(server, "/")
    print(f"\nBare Django: {bare:.0f}/s, {work:.2f} ms of work  {ground.load()}")
    measure(url, bare, "Pages, without the shared cache", PAGE_CACHE_SECONDS="0")
    measure(url, bare, "Pages, with the cache as it is by default")


if __name__ == "__main__":
    main()
