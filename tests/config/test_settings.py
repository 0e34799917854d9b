"""Settings come from the environment and are safe where nothing is said."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CLEAN = {
    name: value
    for name, value in os.environ.items()
    if name in ("PATH", "HOME", "LANG", "VIRTUAL_ENV", "PYTHONPATH")
}


def run(code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", f"from jam.config import settings\n{code}"],
        cwd=ROOT,
        env={**CLEAN, **environment},
        capture_output=True,
        text=True,
        timeout=60,
    )


@pytest.fixture
def var(tmp_path) -> dict[str, str]:
    return {"VAR_DIR": str(tmp_path)}


@pytest.mark.parametrize(
    ("environment", "missing"),
    [
        ({}, "SECRET_KEY"),
        ({"SECRET_KEY": "x"}, "ALLOWED_HOSTS"),
        ({"ALLOWED_HOSTS": "jams.example.org"}, "SECRET_KEY"),
        ({"LOCAL": "1"}, "SECRET_KEY"),
    ],
)
def test_without_debug_a_missing_variable_stops_the_start_with_its_name(environment, missing, var):
    result = run("", **environment, **var)
    assert result.returncode != 0
    assert f"{missing} is not set" in result.stderr


def test_what_is_given_is_enough_and_safe(var):
    result = run(
        "print(settings.DEBUG, settings.SECURE_SSL_REDIRECT, settings.SESSION_COOKIE_SECURE,"
        " settings.SECURE_HSTS_SECONDS > 0, settings.ALLOWED_HOSTS)",
        SECRET_KEY="x" * 60,
        ALLOWED_HOSTS="jams.example.org,www.example.org",
        **var,
    )
    assert result.stdout.split(maxsplit=4) == [
        "False", "True", "True", "True", "['jams.example.org', 'www.example.org']\n",
    ]  # fmt: skip


def test_debug_needs_nothing(var):
    assert run("print(settings.DATABASES['default']['ENGINE'])", DEBUG="1", **var).stdout == (
        "django.db.backends.sqlite3\n"
    )


def test_sqlite_writes_ahead_and_locks_at_the_start(var):
    result = run("print(settings.DATABASES['default']['OPTIONS'])", DEBUG="1", **var)
    assert "IMMEDIATE" in result.stdout
    assert "journal_mode=WAL" in result.stdout


def test_psycopg_3_is_not_importable():
    # Django would prefer it to psycopg2, whenever it is there.
    with pytest.raises(ModuleNotFoundError):
        __import__("psycopg")


def test_requirements_are_pinned_by_hash_and_name_no_address():
    for name in ("requirements.txt", "requirements-dev.txt"):
        text = (ROOT / name).read_text()
        assert "://" not in text
        pins = [line for line in text.splitlines() if line and line[0].isalpha()]
        assert pins
        assert all("==" in pin for pin in pins)
        assert text.count("--hash=sha256:") >= len(pins)
