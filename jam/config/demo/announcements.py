"""What organizers announced, by the jam: to whom, and how long before its deadline."""

from __future__ import annotations

from datetime import timedelta

from jam import announcing
from jam.audiences import audiences_of
from jam.models import Announcement, Jam

ANNOUNCEMENTS = {
    "interpretability-hackathon-2-0": [
        dict(
            to="everyone",
            hours=44,
            title="We have begun: where to find everything",
            text=(
                "Welcome, all of you.\n\n"
                "- the **schedule** has the talks, each with its stream\n"
                "- the **ideas** are there to be taken up, also by several teams\n"
                "- questions go to whoever organizes your local site, or to us\n\n"
                "Start small, look early, write down what did *not* work."
            ),
        ),
        dict(
            to="participants",
            hours=6,
            title="Six hours to go: hand in early, improve afterwards",
            text=(
                "What you hand in now you can still change until the deadline. A complete draft "
                "counts as handed in by itself; the checklist beside it says what is missing."
            ),
        ),
    ],
}


def announce(jam: Jam) -> None:
    """Announce what belongs to `jam`; none of its people reads mail."""
    for said in ANNOUNCEMENTS.get(jam.slug, ()):
        by = jam.organizers.order_by("pk").first()
        at = jam.submissions_close_at - timedelta(hours=said["hours"])
        audience = next(a for a in audiences_of(jam, by) if a.key == said["to"])
        announcement = announcing.write(
            jam=jam, by=by, title=said["title"], text=said["text"], audience=audience,
            send_at=None, moment=at,
        )  # fmt: skip
        announcing.confirm(announcement=announcement, by=by, moment=at)
        Announcement.objects.filter(pk=announcement.pk).update(begun_at=at, sent_at=at)
