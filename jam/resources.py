"""What a jam gives people to start from: organizers add and arrange it, participants mark it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from jam import caching, log, meanwhile, reporting
from jam.errors import refuse
from jam.meanwhile import Seen
from jam.models import Jam, Participation, Resource, User, Worked
from jam.services import participation_for_update

# Of one jam, and on the path for those who start.
MOST, MOST_STEPS = 400, 7
# What organizers say of one.
FIELDS = ("section", "kind", "title", "url", "description", "level", "minutes", "starts_here")


class ResourceRefusal(TextChoices):
    """Why someone may not change, arrange or mark resources."""

    NOT_ORGANIZER = "not_organizer", _("Only organizers may do that.")
    TOO_MANY = "too_many", _("There are as many resources as fit. Remove one first.")
    PATH_FULL = "path_full", _("The path has seven steps. Take one off it first.")
    OUTSIDE = "outside", _("Join the jam first, then tell what worked for you.")


def arrange_refusal(user: Any, jam: Jam) -> ResourceRefusal | None:
    """Why `user` may not change the resources of `jam`."""
    return None if jam.is_organized_by(user) else ResourceRefusal.NOT_ORGANIZER


def mark_refusal(participation: Participation | None) -> ResourceRefusal | None:
    """Why this participation may not say what worked."""
    is_in = participation is not None and participation.is_active
    return None if is_in else ResourceRefusal.OUTSIDE


def _locked(jam: Jam, by: User) -> list[Resource]:
    """The resources of `jam` in their order, section by section, nobody else changing them.
    Raises Refused."""
    jam = Jam.objects.select_for_update(no_key=True).get(pk=jam.pk)
    refuse(arrange_refusal(by, jam))
    sections: dict[str, list[Resource]] = {}
    for resource in jam.resources.all():
        resource.jam = jam
        sections.setdefault(resource.section, []).append(resource)
    return [resource for section in sections.values() for resource in section]


def _check_path(resources: list[Resource]) -> None:
    if sum(resource.starts_here for resource in resources) > MOST_STEPS:
        refuse(ResourceRefusal.PATH_FULL)


def _number(resources: list[Resource]) -> None:
    """Keep the order in which they are given."""
    moved = [
        (order, resource) for order, resource in enumerate(resources) if resource.order != order
    ]
    for order, resource in moved:
        resource.order = order
    Resource.objects.bulk_update([resource for _order, resource in moved], ["order"])


@transaction.atomic
def add(*, jam: Jam, by: User, said: dict[str, Any], moment: datetime) -> Resource:
    """Add a resource (`said` holds its FIELDS) at the end of its section. Raises Refused."""
    there = _locked(jam, by)
    if len(there) >= MOST:
        refuse(ResourceRefusal.TOO_MANY)
    made = Resource(jam=jam, **{name: said[name] for name in FIELDS})
    _check_path([*there, made])
    made.save()
    last = max((n for n, r in enumerate(there) if r.section == made.section), default=len(there))
    _number([*there[: last + 1], made, *there[last + 1 :]])
    caching.forget()
    log.record("added", made, by=by, jam=jam, after={"url": made.url}, moment=moment)
    return made


@transaction.atomic
def change(
    *, resource: Resource, by: User, said: dict[str, Any], seen: Seen | None = None,
    moment: datetime,
) -> Resource:  # fmt: skip
    """Change what is said of a resource. One with a new address is looked at anew, and what was
    reported of the old one is settled. Raises Refused, and Changed unless it is as it was
    `seen`."""
    there = _locked(resource.jam, by)
    resource = next((r for r in there if r.pk == resource.pk), resource)
    before = {name: getattr(resource, name) for name in FIELDS}
    after = {name: said[name] for name in FIELDS}
    changed = [name for name in FIELDS if before[name] != after[name]]
    if not changed:
        return resource
    meanwhile.check(seen, before)
    for name in changed:
        setattr(resource, name, after[name])
    _check_path(there)
    if "url" in changed:
        resource.link_answer = resource.link_asked_at = resource.link_dead_since = None
        reporting.settle(target=resource, by=by, moment=moment)
    resource.save()
    caching.forget()
    log.record("changed", resource, by=by, jam=resource.jam, moment=moment,
               before={name: before[name] for name in changed},
               after={name: after[name] for name in changed})  # fmt: skip
    return resource


@transaction.atomic
def remove(*, resource: Resource, by: User, moment: datetime) -> None:
    """Take a resource from the jam; its address stays in the log. Twice is as once. Raises
    Refused."""
    there = _locked(resource.jam, by)
    if resource.pk not in {each.pk for each in there}:
        return
    reporting.settle(target=resource, by=by, moment=moment)
    before = {"url": resource.url, "section": resource.section}
    log.record("removed", resource, by=by, jam=resource.jam, before=before, moment=moment)
    resource.delete()
    caching.forget()


@transaction.atomic
def move(*, resource: Resource, by: User, down: bool, moment: datetime) -> None:
    """Move a resource by one place within its section; at the end it stays. Raises Refused."""
    there = _locked(resource.jam, by)
    section = [r for r in there if r.section == resource.section]
    place = next((n for n, r in enumerate(section) if r.pk == resource.pk), None)
    other = None if place is None else place + (1 if down else -1)
    if other is None or not 0 <= other < len(section):
        return
    one, two = there.index(section[place]), there.index(section[other])
    there[one], there[two] = there[two], there[one]
    _number(there)
    caching.forget()
    log.record("moved", resource, by=by, jam=resource.jam, after={"down": down}, moment=moment)


@transaction.atomic
def mark_worked(*, resource: Resource, by: User, worked: bool, moment: datetime) -> None:
    """Say, or take back, that it worked for `by`; twice is as once. Raises Refused."""
    refuse(mark_refusal(participation_for_update(resource.jam, by)))
    if worked:
        _mark, changed = Worked.objects.get_or_create(
            resource=resource, user=by, defaults={"marked_at": moment}
        )
    else:
        changed = Worked.objects.filter(resource=resource, user=by).delete()[0]
    if changed:
        verb = "found working" if worked else "took back that it works"
        log.record(verb, resource, by=by, jam=resource.jam, moment=moment)
