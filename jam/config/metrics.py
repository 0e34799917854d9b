"""/metrics for Prometheus: what django-prometheus counts, and what waits to be done here."""

from __future__ import annotations

import secrets

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db.models import Min
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path
from prometheus_client import CollectorRegistry, Gauge, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from jam import clock, tasks
from jam.models import Jam, Message
from jam.outbox import MOST_ATTEMPTS


def _waiting() -> bytes:
    """Gauges read off the database, the same whichever process is asked."""
    now, registry = clock.now(), CollectorRegistry()

    def gauge(name: str, text: str, value: float) -> None:
        Gauge(f"peerjam_{name}", text, registry=registry).set(value)

    unsent = Message.objects.filter(sent_at=None)
    waiting = unsent.filter(attempts__lt=MOST_ATTEMPTS)
    oldest = waiting.aggregate(oldest=Min("created_at"))["oldest"]
    gauge("mails_waiting", "Mails in the outbox", waiting.count())
    gauge("mails_given_up", "Mails that were tried in vain", unsent.count() - waiting.count())
    gauge("mails_bounced", "Mails that came back", Message.objects.bounced().count())
    gauge(
        "oldest_mail_seconds",
        "Age of the oldest mail that waits",
        (now - oldest).total_seconds() if oldest else 0,
    )
    gauge(
        "jams_to_close",
        "Jams whose submissions are due to be frozen",
        Jam.objects.closing_due(now).filter(closing=None).count(),
    )
    gauge(
        "jams_to_count",
        "Jams whose results are due",
        Jam.objects.results_due(now).filter(results=None).count(),
    )
    swept_at = tasks.last_sweep()
    gauge(
        "seconds_since_sweep",
        "Time since a worker last swept; NaN where that is not known",
        (now - swept_at).total_seconds() if swept_at else float("nan"),
    )
    return generate_latest(registry)


@login_not_required
def metrics(request: HttpRequest) -> HttpResponse:
    """For whoever shows the token; for others there is nothing here."""
    from django_prometheus.exports import ExportToDjangoView

    shown = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not secrets.compare_digest(shown.encode(), settings.METRICS_TOKEN.encode()):
        raise Http404
    body = ExportToDjangoView(request).content + _waiting()
    return HttpResponse(body, content_type=CONTENT_TYPE_LATEST)


urlpatterns = [path("metrics", metrics, name="metrics")] if settings.METRICS_TOKEN else []
