"""Reminding raters of what they began and did not complete, once a day at most."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef

from jam import choices, outbox, timeline
from jam.languages import gettext_later as _
from jam.languages import ngettext_later as ngettext
from jam.models import Jam, Message
from ratings.coverage import behind

KIND = "behind"
DAY = timedelta(days=1)
# Whoever has not come back after so many days is left in peace.
MOST = 3


def remind(jam: Jam, moment: datetime) -> int:
    """Mail those who are behind, once for each whole day since they last saved a rating, three
    days long; how many mails were written. What a run that dies has left, the next one writes."""
    reminder = f"behind:{jam.pk}:"
    # Whose draft is gone may seem to be behind since another day.
    lately = Message.objects.filter(user=OuterRef("pk"), key__startswith=reminder).exclude(
        timeline.reached("created_at", moment, after=DAY)
    )
    waiting = behind(jam, moment).filter(
        choices.wanted(KIND, "pk"),
        ~Exists(lately),
        timeline.reached("last_saved", moment, after=DAY),
    )
    written = 0
    for rater in waiting.iterator(chunk_size=500):
        days = (moment - rater.last_saved) // DAY
        if days > MOST:
            continue
        closes = outbox.tell(jam.ratings_close_at, rater.time_zone)
        written += bool(
            outbox.post(
                user=rater,
                key=f"{reminder}{rater.last_saved:%Y-%m-%d %H:%M}:{days}",
                kind=KIND,
                jam=jam,
                boundary="ratings_close_at",
                until=jam.ratings_close_at,
                subject=ngettext(
                    "%(n)s rating that you began does not count yet",
                    "%(n)s ratings that you began do not count yet",
                    rater.begun,
                )
                % {"n": rater.begun},
                paragraphs=[
                    _("A rating counts once every criterion has its stars. Its authors wait for "
                      "it; a few minutes may be enough."),
                    _("Rating closes on %(when)s.") % {"when": closes},
                    _("If you would rather not rate one of them, skip it: that costs nothing, and "
                      "somebody else is given it."),
                ],
                action_label=_("Go on rating"),
                action_path=f"/jams/{jam.slug}/rate/",
                footer=_("You get this once a day at most, and three times at most."),
                moment=moment,
            )
        )  # fmt: skip
    return written
