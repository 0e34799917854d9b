from __future__ import annotations

import pytest
from django.core.cache import cache

from jam import tasks
from jam.config import health
from tests.factories import START

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _a_sweep_just_now() -> None:
    tasks.send_mail_due()


def test_alive_asks_nothing(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        response = client.get("/healthz")
    assert response.status_code == 200
    assert response.content == b"ok"


def test_ready_names_each_part(client):
    response = client.get("/readyz")
    assert response.status_code == 200
    assert response.json() == dict.fromkeys(health.CHECKS, "ok")


@pytest.mark.parametrize("part", health.CHECKS)
def test_a_part_that_does_not_answer_is_named(client, monkeypatch, part):
    def broken():
        raise ConnectionError("secret details")

    monkeypatch.setitem(health.CHECKS, part, health.CHECKS[part]._replace(ask=broken))
    response = client.get("/readyz")
    # Pages and hand-ins go on without a cache, a broker or a worker.
    vital = part in ("database", "migrations", "files")
    assert response.status_code == (503 if vital else 200)
    assert response.json()[part] == "ConnectionError"
    assert b"secret" not in response.content


def test_sweeps_that_have_stopped_are_told(client, at):
    cache.clear()
    assert client.get("/readyz").json()["sweeps"] == "none yet"
    at(START)
    tasks.send_mail_due()
    at(START.replace(minute=3))
    assert client.get("/readyz").json()["sweeps"] == "ok"
    at(START.replace(minute=3, second=1))
    assert client.get("/readyz").json()["sweeps"].startswith("none since 2030-05-03 17:00:00")


def test_files_that_cannot_be_written_are_told(client, settings, tmp_path):
    (tmp_path / "taken").write_text("not a folder")
    settings.MEDIA_ROOT = tmp_path / "taken"
    assert client.get("/readyz").status_code == 503


def test_health_needs_no_session(client):
    client.get("/healthz")
    client.get("/readyz")
    assert not client.cookies
