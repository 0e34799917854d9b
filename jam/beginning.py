"""Beginning a jam: from scratch, from a template, or from an earlier jam."""

from __future__ import annotations

import itertools
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.text import slugify

from jam import log, parts, services
from jam.errors import refuse
from jam.jam_templates import Template
from jam.models import Jam, ScheduleItem, SignUpQuestion, User
from jam.models.jams import TAKEN_ADDRESSES
from jam.parts import LONGEST_SLUG
from jam.permissions import copy_refusal, create_refusal
from jam.set_up import Copying, Portion
from jam.wall_clock import Shift, later_by_the_clock

# Of two who take the same address at once, the second takes the next.
ATTEMPTS = 3


def earlier_jams(user: User) -> QuerySet[Jam]:
    """Which jams `user` may begin a new one from, the newest first."""
    return Jam.objects.filter(organizers=user).order_by("-starts_at", "-pk")


def portions_of(source: Jam) -> list[Portion]:
    """What of `source` can come along into a new jam."""
    return [portion for part in parts.all_parts() for portion in part.portions(source)]


@transaction.atomic
def begin(
    *,
    by: User,
    title: str,
    times: dict[str, datetime],
    time_zone: str,
    template: Template,
    moment: datetime,
) -> Jam:
    """Make a draft with every part's good defaults and with what `template` brings; `times` are
    its five instants by field. Raises Refused."""
    refuse(create_refusal(by))
    jam = _saved(Jam(title=title, time_zone=time_zone, **times))
    services.set_up(jam=jam, by=by, moment=moment)
    if template.name:
        _bring(jam, template)
        for part in parts.all_parts():
            part.suit(jam, template.name)
        log.record("began from a template", jam, by=by, jam=jam,
                   after={"template": template.name}, moment=moment)  # fmt: skip
    return jam


@transaction.atomic
def begin_from(
    *,
    source: Jam,
    chosen: frozenset[str],
    by: User,
    title: str,
    times: dict[str, datetime],
    time_zone: str,
    moment: datetime,
) -> Jam:
    """Make a draft with what was `chosen` (by the names of portions) of `source`, moved along with
    the start by the clock on the wall. Nobody who took part there takes part here. Raises
    Refused."""
    refuse(create_refusal(by) or copy_refusal(by, source))
    jam = _saved(Jam(title=title, time_zone=time_zone, **times))
    take_along(jam=jam, source=source, chosen=chosen, by=by, moment=moment)
    log.record("began from an earlier jam", jam, by=by, jam=jam,
               after={"from": source.slug, "with": sorted(chosen)}, moment=moment)  # fmt: skip
    return jam


def take_along(
    *, jam: Jam, source: Jam, chosen: frozenset[str], by: User, moment: datetime
) -> None:
    """Give `jam`, which has just been saved, its owner, every part's defaults, and what was
    `chosen` of `source`; in the transaction that saved it."""
    services.set_up(jam=jam, by=by, moment=moment)
    shift = Shift.between(source.starts_at, source.zone, jam.starts_at, jam.zone)
    copying = Copying(source, jam, chosen, shift, moment)
    for part in parts.all_parts():
        part.copy(copying)


def _saved(jam: Jam) -> Jam:
    """The jam, saved under a free address that is made from its title."""
    for attempt in range(ATTEMPTS):
        jam.slug = free_address(jam.title)
        try:
            with transaction.atomic():
                jam.save(force_insert=True)
        except IntegrityError:
            if attempt + 1 == ATTEMPTS:
                raise
        else:
            break
    return jam


def free_address(title: str) -> str:
    """An address that no jam has, made from `title`."""
    # Room for a number after it; a title in another script makes none.
    base = slugify(title)[: LONGEST_SLUG - 8].strip("-_") or "jam"
    taken = set(Jam.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    taken.update(TAKEN_ADDRESSES)
    numbered = (f"{base}-{n}" for n in itertools.count(2))
    return next(slug for slug in itertools.chain([base], numbered) if slug not in taken)


def _bring(jam: Jam, template: Template) -> None:
    """Give `jam` what the template plans and asks, in the language of whoever begins it."""
    jam.description = str(template.description)
    jam.save(update_fields=["description"])
    ScheduleItem.objects.bulk_create(
        ScheduleItem(
            jam=jam,
            kind=planned.kind,
            title=str(planned.title),
            description=str(planned.description),
            starts_at=(begin := later_by_the_clock(jam.starts_at, planned.after, jam.zone)),
            ends_at=begin + planned.lasts,
        )
        for planned in template.schedule
    )
    SignUpQuestion.objects.bulk_create(
        SignUpQuestion(
            jam=jam,
            order=order,
            text=str(asks.text),
            kind=asks.kind,
            options=str(asks.options),
            help_text=str(asks.help_text),
            is_public=asks.is_public,
        )
        for order, asks in enumerate(template.questions)
    )
