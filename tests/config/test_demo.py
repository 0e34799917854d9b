"""`make demo`, as a newcomer meets it."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from tests.processes import free_port

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 90


def start(var: Path, port: int) -> subprocess.Popen[str]:
    environment = {
        name: value
        for name, value in os.environ.items()
        if name in ("PATH", "HOME", "LANG", "VIRTUAL_ENV")
    }
    return subprocess.Popen(
        [sys.executable, "manage.py", "demo", "--port", str(port)],
        cwd=ROOT,
        env={**environment, "DEBUG": "1", "VAR_DIR": str(var)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def get(port: int, path: str) -> tuple[int, str]:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(f"http://127.0.0.1:{port}{path}", timeout=20) as response:
            return response.status, response.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def wait_for(demo: subprocess.Popen[str], port: int) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if demo.poll() is not None:
            pytest.fail(f"The demonstration ended:\n{demo.stdout.read()}")
        try:
            if get(port, "/healthz")[0] == 200:
                return
        except OSError:
            time.sleep(0.2)
    demo.kill()
    pytest.fail(f"No answer:\n{demo.stdout.read()}")


def processes_of(var: Path) -> list[str]:
    """Command lines of processes that work in `var`."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if f"VAR_DIR={var}".encode() in (process / "environ").read_bytes().split(b"\0"):
                found.append((process / "cmdline").read_text())
        except OSError:
            continue
    return found


@pytest.fixture(scope="module")
def var(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("demo")


def test_it_starts_shows_four_jams_and_stops_at_one_interrupt(var):
    port = free_port()
    demo = start(var, port)
    try:
        wait_for(demo, port)
        assert get(port, "/readyz")[0] == 200
        status, front = get(port, "/")
        assert status == 200
        assert "Small Models" in front
        assert get(port, "/jams/interpretability-hackathon-2-0/")[0] == 200
        assert get(port, "/jams/interpretability-hackathon-2-0/results/")[0] == 200
        assert get(port, "/jams/no-such-jam/")[0] == 404
        stylesheet = re.search(r'href="(/static/[^"]+\.css)"', front).group(1)
        assert get(port, stylesheet)[0] == 200
    finally:
        os.kill(demo.pid, signal.SIGINT)
        output, _ = demo.communicate(timeout=30)
    assert f"http://localhost:{port}/" in output
    assert "organizer@peerjam.example" in output
    assert demo.returncode == 0, output
    assert processes_of(var) == []


def test_a_second_start_keeps_what_was_there_and_a_taken_port_is_named(var):
    key = (var / "secret-key").read_text()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        demo = start(var, taken.getsockname()[1])
        output, _ = demo.communicate(timeout=PATIENCE)
        assert demo.returncode != 0
        assert "make demo PORT=" in output
    port = free_port()
    began = time.monotonic()
    demo = start(var, port)
    try:
        wait_for(demo, port)
        print(f"second start: {time.monotonic() - began:.1f} s")
        assert "Interpretability Hackathon 2.0" in get(port, "/jams/")[1]
    finally:
        os.kill(demo.pid, signal.SIGTERM)
        output, _ = demo.communicate(timeout=30)
    assert "Making the demonstration" not in output
    assert (var / "secret-key").read_text() == key
    assert processes_of(var) == []
