"""What people of the demonstration did with ideas and with what there is to start from."""

from __future__ import annotations

from datetime import datetime, timedelta

from jam import proposing, resources
from jam.models import Idea, Jam, User
from submissions import services
from submissions.models import Submission

# Of the ideas of each jam, from the first on: how many are interested. The same for marks of
# resources: how many say that each worked.
INTERESTED, WORKED = (4, 7, 2, 0, 3), (9, 6, 0, 3, 1)
PINNED = "The smallest model that can be surprised"
JOINED = {
    "Raise two models on the same books, read backwards": (
        "Raise two models on the same books in another order"
    )
}
# By the title of an idea: the drafts that are on it.
TAKEN_UP = {
    "Raise two models on the same books in another order": [
        "Twins raised apart",
        "Does a sorting network know what it is about to do?",
    ],
    "Four bits, three bits, two": ["Four bits are plenty, until they are not"],
}


def tell(jam: Jam, organizer: User, now: datetime) -> None:
    """Have participants of `jam` mark its ideas and resources, teams take ideas up, and the
    organizer pin one and join two."""
    moment = min(jam.starts_at + timedelta(hours=8), now)
    people = User.objects.filter(participations__jam=jam, participations__cancelled_at=None)
    people = list(people.order_by("pk")[: max(INTERESTED + WORKED)])
    ideas = list(Idea.objects.filter(jam=jam).order_by("pk"))
    for idea, many in zip(ideas, INTERESTED, strict=False):
        for place, user in enumerate(people[:many]):
            shown = place % 3 != 2
            proposing.mark_interest(idea=idea, by=user, is_shown=shown, moment=moment)
    for resource, many in zip(jam.resources.all(), WORKED, strict=False):
        for user in people[:many]:
            resources.mark_worked(resource=resource, by=user, worked=True, moment=moment)
    by_title = {idea.title: idea for idea in ideas}
    for title, works in TAKEN_UP.items():
        for work in Submission.objects.filter(
            jam=jam, title__in=works if title in by_title else []
        ):
            by = work.contributors.first().user
            services.take_up(idea=by_title[title], submission=work, by=by, moment=moment)
    if PINNED in by_title:
        proposing.pin(idea=by_title[PINNED], by=organizer, is_pinned=True, moment=moment)
    for title, into in JOINED.items():
        if title in by_title:
            pair = {"idea": by_title[title], "into": by_title[into]}
            proposing.merge(**pair, by=organizer, moment=moment)
