"""Every write of the sites app: a verb, keyword-only, one transaction, `moment` last."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from jam import log, outbox
from jam.errors import refuse
from jam.models import Jam, Participation, User
from sites.models import LocalSite, Place
from sites.permissions import (
    SiteRefusal,
    decide_refusal,
    join_refusal,
    leave_refusal,
    open_refusal,
    propose_refusal,
    run_refusal,
)


def locked(site: LocalSite) -> LocalSite:
    """The site as it is now with the places taken counted, locked."""
    # Two statements, since a count cannot be locked.
    LocalSite.objects.select_for_update().get(pk=site.pk)
    return LocalSite.objects.with_taken().select_related("jam").get(pk=site.pk)


def place_of(participation: Participation | None) -> Place | None:
    """The place that a participation has taken, at any site."""
    return Place.objects.taken().filter(participation=participation).first()


@transaction.atomic
def propose(*, jam: Jam, by: User, fields: dict[str, Any], moment: datetime) -> LocalSite:
    """Propose a site; who proposes it organizes it. Raises Refused."""
    participation = Participation.objects.filter(jam=jam, user=by).first()
    refuse(propose_refusal(jam, participation, moment))
    site = LocalSite.objects.create(jam=jam, proposed_at=moment, **fields)
    site.organizers.add(by)
    log.record("proposed", site, by=by, jam=jam, moment=moment)
    return site


@transaction.atomic
def change(*, site: LocalSite, by: User, fields: dict[str, Any], moment: datetime) -> LocalSite:
    """Change what is said of a site. Raises Refused."""
    site = locked(site)
    refuse(run_refusal(by, site))
    if fields.get("capacity", site.capacity) < site.taken:
        refuse(SiteRefusal.TOO_SMALL)
    changed = {name: value for name, value in fields.items() if getattr(site, name) != value}
    before = {name: str(getattr(site, name)) for name in changed}
    for name, value in changed.items():
        setattr(site, name, value)
    site.save(update_fields=list(changed))
    log.record("changed", site, by=by, jam=site.jam, before=before,
               after={name: str(value) for name, value in changed.items()},
               moment=moment)  # fmt: skip
    return site


@transaction.atomic
def join(*, site: LocalSite, user: User, shown: bool = False, moment: datetime) -> Place:
    """Give `user` a place at `site`, leaving the one they had elsewhere. Raises Refused."""
    site = locked(site)
    participation = (
        Participation.objects.select_for_update().filter(jam=site.jam, user=user).first()
    )
    old = place_of(participation)
    refuse(join_refusal(site, participation, old, moment))
    if old is not None:
        Place.objects.filter(pk=old.pk).update(released_at=moment)
    place = Place.objects.create(
        site=site, participation=participation, shown=shown, taken_at=moment
    )
    log.record("joined", site, by=user, jam=site.jam, moment=moment)
    return place


@transaction.atomic
def leave(*, site: LocalSite, user: User, moment: datetime) -> None:
    """Give the place back. Raises Refused."""
    site = locked(site)
    participation = Participation.objects.filter(jam=site.jam, user=user).first()
    place = place_of(participation)
    refuse(leave_refusal(site, place, moment))
    Place.objects.filter(pk=place.pk).update(released_at=moment)
    log.record("left", site, by=user, jam=site.jam, moment=moment)


def release(*, participation: Participation, moment: datetime) -> None:
    """Free the place of someone who takes no part in the jam any more."""
    Place.objects.taken().filter(participation=participation).update(released_at=moment)


@transaction.atomic
def set_open(*, site: LocalSite, by: User, is_open: bool, moment: datetime) -> None:
    """Open the site for joining, or close it; places that are taken stay. Raises Refused."""
    site = locked(site)
    refuse(open_refusal(by, site, is_open))
    site.is_open = is_open
    site.save(update_fields=["is_open"])
    log.record("opened" if is_open else "closed", site, by=by, jam=site.jam, moment=moment)


@transaction.atomic
def approve(*, site: LocalSite, by: User, moment: datetime) -> None:
    """Take the site into the jam, closed for joining until its organizers open it. Raises
    Refused."""
    site = locked(site)
    refuse(decide_refusal(by, site))
    site.approved_at, site.declined_at, site.decline_reason = moment, None, ""
    site.save(update_fields=["approved_at", "declined_at", "decline_reason"])
    log.record("approved", site, by=by, jam=site.jam, moment=moment)
    tell_organizers(
        site,
        key=f"approved:{site.pk}:{moment.isoformat()}",
        subject=_("“%(site)s” is approved") % {"site": site},
        paragraphs=[_("Your local site is part of the jam. Open it when people may join.")],
        moment=moment,
    )


@transaction.atomic
def decline(*, site: LocalSite, by: User, reason: str, moment: datetime) -> None:
    """Decline a proposal, or an approved site where nobody has a place; its organizers are told
    why. Raises Refused."""
    site = locked(site)
    refuse(decide_refusal(by, site, reason))
    if site.taken:
        refuse(SiteRefusal.TOO_SMALL)
    site.declined_at, site.decline_reason, site.is_open = moment, reason.strip(), False
    site.save(update_fields=["declined_at", "decline_reason", "is_open"])
    log.record("declined", site, by=by, jam=site.jam, reason=reason, moment=moment)
    tell_organizers(
        site,
        key=f"declined:{site.pk}:{moment.isoformat()}",
        subject=_("“%(site)s” was declined") % {"site": site},
        paragraphs=[_("The organizers declined your local site. Their reason:"), reason.strip()],
        moment=moment,
    )


def tell_organizers(
    site: LocalSite, *, key: str, subject: str, paragraphs: list[str], moment: datetime
) -> None:
    """Mail those who organize `site`."""
    for user in site.organizers.all():
        outbox.post(
            user=user,
            key=key,
            jam=site.jam,
            subject=subject,
            paragraphs=paragraphs,
            action_label=_("See your site"),
            action_path=site.get_absolute_url(),
            moment=moment,
        )
