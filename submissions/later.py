"""What pages say of the frozen revision, and of those that were added after it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.urls import reverse

from jam.models import Jam
from submissions.models import Submission


def record_note(jam: Jam, submission: Submission, moment: datetime) -> dict[str, Any]:
    """What submissions/_record_note.html prints of a frozen submission that was fetched by
    `with_later`: that raters go by what was frozen, and whether there is a later revision."""
    here = [jam.slug, submission.pk]
    return {
        "number": submission.frozen.number,
        "url": reverse("submissions:record", args=[*here, submission.frozen.number]),
        "is_late": submission.is_late,
        "frozen_at": jam.submissions_close_at,
        "is_rated": jam.rating_window.is_over(moment),
        "later_number": getattr(submission, "later_number", None),
        "changes_url": reverse("submissions:changes", args=here),
    }
