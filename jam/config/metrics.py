"""/metrics for Prometheus: what django-prometheus counts, and what waits to be done here."""

from __future__ import annotations

import secrets
from collections.abc import Iterator

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db.models import Min, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily

from jam import clock, tasks, timeline
from jam.models import Jam, Message
from jam.outbox import MOST_ATTEMPTS


class Waiting:
    """Gauges read off the database, the same whichever process is asked."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        now, swept_at = clock.now(), tasks.last_sweep()
        unsent = Message.objects.waiting()
        # Not what waits for a quieter hour, or for a digest.
        come = Q(due_at=None) | timeline.reached("due_at", now)
        waiting = unsent.filter(come, is_daily=False, attempts__lt=MOST_ATTEMPTS)
        oldest = waiting.aggregate(oldest=Min("created_at"))["oldest"]
        for name, text, value in (
            ("mails_waiting", "Mails in the outbox", waiting.count()),
            (
                "mails_given_up",
                "Mails that were tried in vain",
                unsent.filter(attempts__gte=MOST_ATTEMPTS).count(),
            ),
            ("mails_bounced", "Mails that came back", Message.objects.bounced().count()),
            (
                "oldest_mail_seconds",
                "Age of the oldest mail that waits",
                (now - oldest).total_seconds() if oldest else 0,
            ),
            (
                "jams_to_close",
                "Jams whose submissions are due to be frozen",
                Jam.objects.closing_due(now).filter(closing=None).count(),
            ),
            (
                "jams_to_count",
                "Jams whose results are due",
                Jam.objects.results_due(now).filter(results=None).count(),
            ),
            (
                "seconds_since_sweep",
                "Time since a worker last swept; NaN where that is not known",
                (now - swept_at).total_seconds() if swept_at else float("nan"),
            ),
        ):
            yield GaugeMetricFamily(f"peerjam_{name}", text, value)


def waiting() -> bytes:
    """What `Waiting` finds now, as Prometheus reads it."""
    registry = CollectorRegistry()
    registry.register(Waiting())
    return generate_latest(registry)


@login_not_required
def metrics(request: HttpRequest) -> HttpResponse:
    """For whoever shows the token; for others there is nothing here."""
    from django_prometheus.exports import ExportToDjangoView

    shown = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not secrets.compare_digest(shown.encode(), settings.METRICS_TOKEN.encode()):
        raise Http404
    body = ExportToDjangoView(request).content + waiting()
    return HttpResponse(body, content_type=CONTENT_TYPE_LATEST)


urlpatterns = [path("metrics", metrics, name="metrics")] if settings.METRICS_TOKEN else []
