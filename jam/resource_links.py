"""Whether the links of resources still answer; organizers are told of those that do not.

Once may be an accident: they are told when a link did not answer for a day.
"""

from __future__ import annotations

import time
from datetime import datetime

from django.db.models import F, Q, QuerySet
from django.urls import reverse

from jam import outbox, reporting, timeline
from jam.languages import gettext_later as _
from jam.link_answers import HOLDS, SECONDS_OF_A_SWEEP, UNTIL, answer_of, may_ask
from jam.models import Jam, Resource

# Resources that one sweep looks at, at most.
PORTION = 50


def due(moment: datetime) -> QuerySet[Resource]:
    """Resources whose links are to be asked, those never asked first."""
    jams = Jam.objects.published().filter(~timeline.reached("results_at", moment, after=UNTIL))
    asked = timeline.reached("link_asked_at", moment, after=HOLDS)
    found = Resource.objects.filter(Q(link_asked_at=None) | asked, jam__in=jams)
    return found.select_related("jam").order_by(F("link_asked_at").asc(nulls_first=True), "pk")


def ask_due(moment: datetime) -> None:
    """Ask the links that are due, as far as a sweep has time."""
    until = time.monotonic() + SECONDS_OF_A_SWEEP
    for resource in due(moment)[:PORTION]:
        if time.monotonic() > until:
            return
        claim = Resource.objects.filter(pk=resource.pk, link_asked_at=resource.link_asked_at)
        if may_ask(resource.url, moment) and claim.update(link_asked_at=moment):
            _ask(resource, moment)


def _ask(resource: Resource, moment: datetime) -> None:
    answer = answer_of(resource.url, moment)
    since = None if answer["there"] else resource.link_dead_since or moment
    # Not if the address has changed since.
    same = Resource.objects.filter(pk=resource.pk, url=resource.url, link_asked_at=moment)
    if same.update(link_answer=answer, link_dead_since=since) and since not in (None, moment):
        _tell(resource, since, moment)


def _tell(resource: Resource, since: datetime, moment: datetime) -> None:
    jam = resource.jam
    for organizer in jam.organizers.all():
        outbox.post(
            user=organizer,
            key=f"dead-link:{resource.pk}:{since.isoformat()}",
            kind=reporting.KIND,
            jam=jam,
            subject=_("“%(what)s” does not answer") % {"what": resource.title},
            paragraphs=[
                _("The address of this resource has not answered for a day. Look whether it has "
                  "moved, and change or remove it:"),
                resource.url,
            ],
            action_label=_("Arrange the resources"),
            action_path=reverse("jam:arrange_resources", args=[jam.slug]),
            moment=moment,
        )  # fmt: skip
