from __future__ import annotations

import pytest

from jam.config import health

pytestmark = pytest.mark.django_db


def test_alive_asks_nothing(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        response = client.get("/healthz")
    assert response.status_code == 200
    assert response.content == b"ok"


def test_ready_names_each_part(client):
    response = client.get("/readyz")
    assert response.status_code == 200
    assert response.json() == {"database": "ok", "cache": "ok", "broker": "ok"}


@pytest.mark.parametrize("part", ["database", "cache", "broker"])
def test_a_part_that_does_not_answer_makes_503(client, monkeypatch, part):
    def broken():
        raise ConnectionError("secret details")

    monkeypatch.setitem(health.CHECKS, part, broken)
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()[part] == "ConnectionError"
    assert b"secret" not in response.content


def test_health_needs_no_session(client):
    client.get("/healthz")
    client.get("/readyz")
    assert not client.cookies
