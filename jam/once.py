"""A form that begins something, sent twice by a double click, begins one thing.

Its page says when it was shown; what its reader has begun since then is what the first click began,
and the second one leads there. Whoever means to begin another has its page shown anew first.
"""

from __future__ import annotations

from datetime import UTC, datetime

from django.http import HttpRequest
from django.utils.dateparse import parse_datetime

FIELD = "shown_at"


def fields(moment: datetime) -> dict[str, str]:
    """What a form has hidden that is shown at `moment`; in templates components/once.html."""
    return {FIELD: moment.isoformat()}


def shown_at(request: HttpRequest) -> datetime | None:
    """When the form that was sent was shown; None where it does not say so."""
    try:
        at = parse_datetime(request.POST.get(FIELD, ""))
        return at.astimezone(UTC) if at and at.tzinfo else None
    except (ValueError, OverflowError):
        return None
