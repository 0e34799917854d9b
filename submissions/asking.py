"""Asking authors, some while after the results, what became of their work: who agreed to it."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import CharField, Exists, OuterRef, Value
from django.db.models.functions import Cast, Concat

from jam import choices, outbox, timeline
from jam.languages import gettext_later as _
from jam.models import Jam, Message
from submissions.models import Contributor, Submission

KIND = "continued"
AFTER = (timedelta(days=30), timedelta(days=90))
# Mails of one sweep.
AT_ONCE = 300


def due(moment: datetime) -> list[Jam]:
    """Jams whose authors may have to be asked at `moment`."""
    since = moment - max(AFTER) - timeline.ASKING
    jams = Jam.objects.published().filter(
        timeline.reached("results_at", moment, after=min(AFTER)),
        timeline.happens_here("results_at"),
        results_at__gt=since,
    )
    return list(jams)


def ask(jam: Jam, moment: datetime) -> int:
    """Mail the authors who agreed to be asked, once for each of `AFTER`, a portion at a time; how
    many mails. Whoever has theirs gets no second one, whatever died in between."""
    after = next((a for a in AFTER if moment in timeline.asking_window(jam, a)), None)
    if after is None:
        return 0
    suffix = f":{after.days}"
    key = Concat(Value(f"{KIND}:"), Cast(OuterRef("submission"), CharField()), Value(suffix))
    waiting = (
        Contributor.objects.filter(
            choices.wanted(KIND, "user"),
            ~Exists(Message.objects.filter(user=OuterRef("user"), key=key)),
            submission__in=Submission.objects.filter(jam=jam).in_the_running(),
            user__is_active=True,
        )
        .select_related("user", "submission__frozen")
        .defer("submission__body", "submission__frozen__content")
        .order_by("pk")
    )
    asked = 0
    for contributor in waiting[:AT_ONCE]:
        submission = contributor.submission
        title = submission.frozen.title
        asked += bool(
            outbox.post(
                user=contributor.user,
                key=f"{KIND}:{submission.pk}{suffix}",
                kind=KIND,
                jam=jam,
                subject=_("What became of “%(title)s”?") % {"title": title},
                paragraphs=[
                    _("%(jam)s was over %(days)s days ago. Has “%(title)s” gone on: as a paper, a "
                      "post, a repository?")
                    % {"jam": jam.title, "days": after.days, "title": title},
                    _("A line is enough. It is shown with your submission, so that who reads it "
                      "finds what came after."),
                ],
                action_label=_("Tell what became of it"),
                action_path=f"/jams/{jam.slug}/submissions/{submission.pk}/continued/",
                moment=moment,
            )
        )  # fmt: skip
    return asked
