"""What the benchmarks stand on: a seeded database, the product's server on it, and a clock.

The database is made beside the one of DATABASE_URL, with `_bench` after its name, and kept for the
next run; a benchmark that writes gets a copy.
"""

from __future__ import annotations

import os
import secrets
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg2
from psycopg2 import sql

ROOT = Path(__file__).resolve().parents[2]
SUBMISSIONS = int(os.environ.get("BENCH_SUBMISSIONS", "10000"))
RATERS, EACH = SUBMISSIONS * 3 // 2, 20
# The jams, by the phase that they are in, and for how many hours after the seeding.
FRESH = {"making": 27, "rating": 200, "finished": 10_000}
URL = os.environ.get("DATABASE_URL", "")


def url_of(suffix: str) -> str:
    address = urlsplit(URL)
    return address._replace(path=f"{address.path}{suffix}").geturl()


@contextmanager
def maintenance() -> Iterator[psycopg2.extensions.cursor]:
    """A cursor that can make and drop databases."""
    connection = psycopg2.connect(urlsplit(URL)._replace(path="/postgres").geturl())
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            yield cursor
    finally:
        connection.close()


def drop(suffix: str) -> None:
    name = sql.Identifier(urlsplit(url_of(suffix)).path[1:])
    with maintenance() as cursor:
        cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))


def make(suffix: str, template: str = "template0") -> None:
    name = sql.Identifier(urlsplit(url_of(suffix)).path[1:])
    with maintenance() as cursor:
        cursor.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(name, sql.Identifier(template))
        )


def environment(url: str, **more: str) -> dict[str, str]:
    """The product's settings as in production, but for TLS."""
    var = os.environ.setdefault("BENCH_DIR", tempfile.mkdtemp(prefix="peerjam-bench-"))
    return {
        **os.environ,
        "DATABASE_URL": url,
        "DEBUG": "0",
        "LOCAL": "0",
        "SECURE_TLS": "0",
        "SECRET_KEY": os.environ.setdefault("BENCH_KEY", secrets.token_urlsafe(64)),
        "ALLOWED_HOSTS": "127.0.0.1,testserver",
        "SITE_URL": "http://127.0.0.1",
        "VAR_DIR": var,
        "STATIC_ROOT": f"{var}/static",
        "LOG_LEVEL": "WARNING",
        **more,
    }


def manage(*arguments: str, url: str | None = None) -> str:
    """What a command of manage.py prints."""
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=environment(url or url_of("_bench")),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return done.stdout.strip()


def prepare() -> str:
    """The address of the seeded database, which is made now if it is not there or too old."""
    if not URL.startswith("postgres"):
        sys.exit("The benchmarks need PostgreSQL: DATABASE_URL=postgres://… make bench")
    if not is_fresh():
        print(f"Seeding {SUBMISSIONS} submissions, {RATERS * EACH} ratings, three times …")
        drop("_bench")
        make("_bench")
        manage("migrate", "--verbosity", "0")
        for phase in FRESH:
            print(manage("seed_load", "--slug", phase, "--phase", phase,
                         "--submissions", str(SUBMISSIONS), "--raters", str(RATERS),
                         "--ratings-each", str(EACH)))  # fmt: skip
        print(manage("freeze", "finished"))
        analyze()
    manage("migrate", "--verbosity", "0")
    return url_of("_bench")


def analyze() -> None:
    """What autovacuum would do in a minute, where it is on."""
    connection = psycopg2.connect(url_of("_bench"))
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    connection.close()


def is_fresh() -> bool:
    """Whether the database is there, of the size asked for, and its jams in their phases."""
    try:
        connection = psycopg2.connect(url_of("_bench"))
    except psycopg2.OperationalError:
        return False
    try:
        with connection.cursor() as cursor:
            for phase, hours in FRESH.items():
                cursor.execute(
                    "SELECT count(*) FROM jam_jam JOIN submissions_submission s ON s.jam_id ="
                    " jam_jam.id WHERE slug = %s AND jam_jam.created_at > now() - %s * interval"
                    " '1 hour'",
                    [phase, hours],
                )
                if cursor.fetchone() != (SUBMISSIONS,):
                    return False
            cursor.execute("SELECT count(*) FROM ratings_results")
            return cursor.fetchone() == (1,)
    except psycopg2.Error:
        return False
    finally:
        connection.close()


@contextmanager
def copy() -> Iterator[str]:
    """The address of a copy of the seeded database, to be written to."""
    drop("_bench_copy")
    make("_bench_copy", urlsplit(url_of("_bench")).path[1:])
    try:
        yield url_of("_bench_copy")
    finally:
        drop("_bench_copy")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@dataclass(frozen=True)
class Server:
    """A running gunicorn: where it answers, and its process, whose one child does the work."""

    address: str
    pid: int

    def processor_time(self) -> float:
        """Seconds that the worker has spent working, which others on the machine do not change
        much."""
        worker = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()[0]
        fields = Path(f"/proc/{worker}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def served(application: str, url: str, **more: str) -> Iterator[Server]:
    """One gunicorn process, one worker, without threads."""
    port = free_port()
    server = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", application, "--workers", "1", "--worker-class", "sync",
         "--bind", f"127.0.0.1:{port}", "--log-level", "warning"],
        cwd=ROOT,
        env=environment(url, **more),
    )  # fmt: skip
    address = f"http://127.0.0.1:{port}"
    try:
        for _attempt in range(300):
            with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            time.sleep(0.1)
        yield Server(address, server.pid)
    finally:
        server.terminate()
        server.wait(20)


def fetch(address: str, **headers: str) -> tuple[int, bytes]:
    """Status and body of a page."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(urllib.request.Request(address, headers=headers), timeout=60) as response:
        return response.status, response.read()


def measure(client: Any, paths: Iterable[str], times: int = 8) -> None:
    """Print what pages cost that are asked for in this process, without a server in between."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    print("statements, bytes, ms of work, ms in all (medians)")
    for path in paths:
        spent, work, size = [], [], 0
        for _n in range(times):
            began, worked = time.perf_counter(), time.process_time()
            response = client.get(path)
            if response.status_code != 200:
                raise SystemExit(f"{path} answered {response.status_code}")
            parts = response.streaming_content if response.streaming else [response.content]
            size = sum(map(len, parts))
            spent.append(1000 * (time.perf_counter() - began))
            work.append(1000 * (time.process_time() - worked))
        with CaptureQueriesContext(connection) as statements:
            response = client.get(path)
            if response.streaming:
                list(response.streaming_content)
        print(
            f"  {path:44} {len(statements):3}  {size:8}  {statistics.median(work):7.1f}  "
            f"{statistics.median(spent):7.1f}  {load()}"
        )


def load() -> str:
    """How busy the machine was during the last minute."""
    return f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors"


def begin(url: str) -> None:
    """Set Django up in this process, on the database at `url`."""
    os.environ.update(environment(url))
    os.environ["DJANGO_SETTINGS_MODULE"] = "jam.config.settings"
    import django

    django.setup()
