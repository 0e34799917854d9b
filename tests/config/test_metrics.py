"""/metrics exists where there is a token, for whoever shows it."""

from __future__ import annotations

import pytest
from django.http import Http404
from django.test import RequestFactory

from jam import tasks
from jam.config import metrics
from tests.factories import MOMENTS, JamFactory
from tests.jam.factories import MessageFactory

pytestmark = pytest.mark.django_db


def test_without_a_token_there_are_none(client):
    assert metrics.urlpatterns == []
    assert client.get("/metrics").status_code == 404


@pytest.mark.parametrize("shown", ["", "Bearer", "Bearer wrong", "Basic secret", "Bearer sécret"])
def test_nobody_reads_them_without_the_token(settings, shown):
    settings.METRICS_TOKEN = "secret"
    with pytest.raises(Http404):
        metrics.metrics(RequestFactory().get("/metrics", headers={"Authorization": shown}))


def test_they_tell_what_waits(settings, at):
    JamFactory()
    MessageFactory(created_at=MOMENTS["announced"])
    MessageFactory(attempts=8, bounced_at=MOMENTS["announced"])
    at(MOMENTS["rating"])
    age = (MOMENTS["rating"] - MOMENTS["announced"]).total_seconds()
    assert "peerjam_seconds_since_sweep NaN" in metrics.waiting().decode()
    told = metrics.waiting().decode()
    assert "peerjam_mails_waiting 1.0" in told
    assert "peerjam_mails_given_up 1.0" in told
    assert "peerjam_mails_bounced 1.0" in told
    assert "peerjam_jams_to_close 1.0" in told
    assert "peerjam_jams_to_count 0.0" in told
    assert f"peerjam_oldest_mail_seconds {age}" in told
    tasks.send_mail_due()
    assert "peerjam_seconds_since_sweep 0.0" in metrics.waiting().decode()
    settings.METRICS_TOKEN = "secret"
    request = RequestFactory().get("/metrics", headers={"Authorization": "Bearer secret"})
    response = metrics.metrics(request)
    assert response.status_code == 200
    assert b"python_info" in response.content
