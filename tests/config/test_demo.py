"""`make demo`, as a newcomer meets it."""

from __future__ import annotations

import html
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import zipfile
from pathlib import Path

import pytest

from tests.browser.conftest import PHONE, is_accessible  # noqa: F401 -- a fixture
from tests.processes import free_port

ROOT = Path(__file__).resolve().parents[2]
# As long as a newcomer may have to wait, and other work on the machine with them.
PATIENCE = 120


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


def recomputed(folder: Path, port: int) -> str:
    """What the command that the results page prints says, run over what is downloaded there."""
    page = "/jams/interpretability-hackathon-2-0/results/"
    said = get(port, page)[1]
    for link in re.findall(
        r'href="([^"]+(?:ratings.csv|rules.json|standings.csv)\?version=1)"', said
    ):
        name = link.split("?")[0].rsplit("/", 1)[1]
        (folder / name).write_text(get(port, link)[1])
    command = re.search(r"<code>(python manage.py recompute[^<]+)</code>", said).group(1)
    command = html.unescape(command).replace(
        "python manage.py", f"{sys.executable} {ROOT}/manage.py"
    )
    done = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {command}"], cwd=folder, capture_output=True, text=True,
        env={"PATH": os.environ["PATH"], "DATABASE_URL": "postgres://nobody@127.0.0.1:1/nothing"},
        check=False,
    )  # fmt: skip
    return f"{done.returncode} {done.stdout}{done.stderr}"


def test_it_starts_shows_four_jams_and_stops_at_one_interrupt(var, tmp_path):
    port = free_port()
    demo = start(var, port)
    try:
        wait_for(demo, port)
        assert get(port, "/readyz")[0] == 200
        status, front = get(port, "/")
        assert status == 200
        assert "Small Models" in front
        assert get(port, "/jams/interpretability-hackathon-2-0/")[0] == 200
        assert recomputed(tmp_path, port) == "0 "
        assert (tmp_path / "standings.csv").read_text().count("\n") > 100
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


# -- the proceedings of its first jam, from a disk ---------------------------------------------

BROKEN = "[...document.images].filter((image) => !image.naturalWidth).map((image) => image.src)"
FONTS = "[...document.fonts].filter((font) => font.status === 'error').length"
HREFS = "[...document.querySelectorAll('a[href]')].map((a) => a.href.split('#')[0])"
IS_SET = "document.querySelectorAll('.math:not(:has(.katex))').length === 0"


@pytest.fixture(scope="module")
def disk(var, tmp_path_factory) -> Path:
    """The proceedings, unpacked; what was seeded above is there still."""
    folder = tmp_path_factory.mktemp("disk")
    environment = {"PATH": os.environ["PATH"], "DEBUG": "1", "VAR_DIR": str(var)}
    command = ["manage.py", "proceedings", "interpretability-hackathon-2-0", str(folder / "a.zip")]
    subprocess.run([sys.executable, *command], cwd=ROOT, env=environment, check=True)
    with zipfile.ZipFile(folder / "a.zip") as archive:
        archive.extractall(folder)
    return folder / "interpretability-hackathon-2-0-proceedings"


def test_the_proceedings_are_whole(disk):
    command = ["sha256sum", "--check", "--quiet", "SHA256SUMS"]
    done = subprocess.run(command, cwd=disk, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")


@pytest.mark.browser
def test_the_proceedings_are_read_from_a_disk(browser, is_accessible, disk):  # noqa: F811
    """Every page is opened: nothing is missing, and nothing is asked of the network."""
    context = browser.new_context(offline=True, viewport=PHONE)
    page = context.new_page()
    wrong: list[str] = []
    page.on("requestfailed", lambda request: wrong.append(request.url))
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("request", lambda r: wrong.append(r.url) if not r.url.startswith("file:") else None)
    waiting = [f"file://{disk}/index.html"]
    seen, files = set(waiting), set()
    while waiting:
        page.goto(waiting.pop())
        page.wait_for_function(IS_SET)
        wrong += page.evaluate(BROKEN)
        assert page.evaluate(FONTS) == 0
        for address in page.evaluate(HREFS):
            if not address.startswith("file:"):
                continue
            if not address.endswith(".html"):
                files.add(address)
            elif address not in seen:
                seen.add(address)
                waiting.append(address)
    assert wrong == []
    assert len(seen) > 40
    gone = [a for a in files if not Path(urllib.request.url2pathname(a[7:])).is_file()]
    assert gone == []
    assert len(files) > 200
    # One of each kind of page.
    works = sorted(address for address in seen if "/submissions/" in address)
    notebooks = [address for address in works if "/notebook-" in address]
    for address in (f"file://{disk}/index.html", f"file://{disk}/results.html", works[0],
                    notebooks[0]):  # fmt: skip
        page.goto(address)
        page.wait_for_function("document.fonts.status === 'loaded'")
        is_accessible(page)
    page.goto(f"file://{disk}/print.html")
    assert page.pdf().startswith(b"%PDF-")
    context.close()
