"""What fails for a while, and what is our fault, told apart."""

from __future__ import annotations

import errno

import pytest
from django.db import InterfaceError, OperationalError
from django.test import Client

from jam.views import pages
from tests.factories import JamFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("error", "status", "words"),
    [
        (OperationalError("the database system is shutting down"), 503, "Back in a moment"),
        (InterfaceError("connection already closed"), 503, "Back in a moment"),
        (OSError(errno.ENOSPC, "No space left on device"), 507, "no room at the moment"),
        (OSError(errno.EIO, "Input/output error"), 500, "Something broke"),
        (ValueError("secret detail"), 500, "Something broke"),
    ],
)
def test_a_failure_says_whether_it_passes(monkeypatch, error, status, words):
    jam = JamFactory()

    def fail(*args):
        raise error

    monkeypatch.setattr(pages.parts, "refresh", fail)
    client = Client(raise_request_exception=False)
    response = client.get(jam.get_absolute_url())
    assert response.status_code == status
    assert words in response.content.decode()
    assert str(error) not in response.content.decode()
    assert response.has_header("Retry-After") == (status == 503)
    spoken = client.get(jam.get_absolute_url(), headers={"Accept": "application/json"})
    assert (spoken.status_code, list(spoken.json())) == (status, ["error"])
