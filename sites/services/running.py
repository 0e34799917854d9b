"""Proposing a local site, deciding on it, and what its organizers change."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction

from jam import caching, log, meanwhile, outbox
from jam.errors import refuse
from jam.languages import gettext_later as _
from jam.meanwhile import Seen
from jam.models import Jam, User
from jam.services import participation_for_update
from sites.models import LocalSite
from sites.permissions import (
    SiteRefusal,
    approve_refusal,
    day_refusal,
    decline_refusal,
    open_refusal,
    propose_refusal,
    run_refusal,
)
from sites.services.talking import tell_of_proposal
from sites.services.waiting import locked, settle


@transaction.atomic
def propose(*, jam: Jam, by: User, fields: dict[str, Any], moment: datetime) -> LocalSite:
    """Propose a site; who proposes it organizes it, and agrees to the code of conduct. Raises
    Refused."""
    participation = participation_for_update(jam, by)
    refuse(propose_refusal(jam, participation, moment))
    site = LocalSite.objects.create(jam=jam, proposed_at=moment, agreed_at=moment, **fields)
    site.organizers.add(by)
    log.record("proposed", site, by=by, jam=jam, moment=moment)
    tell_of_proposal(site, moment)
    return site


@transaction.atomic
def change(
    *, site: LocalSite, by: User, fields: dict[str, Any], seen: Seen | None = None, moment: datetime
) -> LocalSite:
    """Change what is said of a site. Raises Refused, and Changed unless it is as it was `seen`."""
    site = locked(site, moment)
    refuse(run_refusal(by, site))
    if fields.get("capacity", site.capacity) < site.taken + site.offered:
        refuse(SiteRefusal.TOO_SMALL)
    refuse(day_refusal(by, site, fields, moment))
    changed = {name: value for name, value in fields.items() if getattr(site, name) != value}
    if changed:
        meanwhile.check(seen, meanwhile.of_row(site))
        before = {name: str(getattr(site, name)) for name in changed}
        for name, value in changed.items():
            setattr(site, name, value)
        site.save(update_fields=list(changed))
        caching.forget()
        after = {name: str(value) for name, value in changed.items()}
        log.record("changed", site, by=by, jam=site.jam, before=before, after=after, moment=moment)
        # More places are offered to those who wait.
        settle(site, moment)
    return site


@transaction.atomic
def name_organizers(
    *, site: LocalSite, by: User, organizers: Iterable[User], moment: datetime
) -> None:
    """Have the site organized by these people and no others. Raises Refused."""
    site = locked(site, moment)
    refuse(run_refusal(by, site))
    before = [user.pk for user in site.organizers.all()]
    site.organizers.set(organizers)
    log.record(
        "named organizers",
        site,
        by=by,
        jam=site.jam,
        before={"organizers": before},
        after={"organizers": [user.pk for user in site.organizers.all()]},
        moment=moment,
    )


@transaction.atomic
def set_open(*, site: LocalSite, by: User, is_open: bool, moment: datetime) -> None:
    """Open the site for joining, or close it; places that are taken stay. Raises Refused."""
    site = locked(site, moment)
    refuse(open_refusal(by, site, is_open))
    site.is_open = is_open
    site.save(update_fields=["is_open"])
    caching.forget()
    log.record("opened" if is_open else "closed", site, by=by, jam=site.jam, moment=moment)
    settle(site, moment)


@transaction.atomic
def approve(*, site: LocalSite, by: User, moment: datetime) -> None:
    """Take the site into the jam, closed for joining until its organizers open it. Raises
    Refused."""
    site = locked(site, moment)
    refuse(approve_refusal(by, site))
    site.approved_at, site.declined_at, site.decline_reason = moment, None, ""
    site.save(update_fields=["approved_at", "declined_at", "decline_reason"])
    caching.forget()
    log.record("approved", site, by=by, jam=site.jam, moment=moment)
    tell_organizers(
        site,
        key=f"approved:{site.pk}:{moment.isoformat()}",
        subject=_("“%(site)s” is approved") % {"site": site},
        paragraphs=[
            _("Your local site is part of %(jam)s. Open it as soon as people may take places.")
            % {"jam": site.jam}
        ],
        moment=moment,
    )


@transaction.atomic
def take_in(*, jam: Jam, sites: list[LocalSite], by: User, moment: datetime) -> None:
    """Have sites that are not saved yet be part of the jam, approved, closed, and organized by
    nobody so far. Raises Refused."""
    for site in sites:
        site.jam, site.approved_at, site.is_open = jam, None, False
        refuse(approve_refusal(by, site))
        site.proposed_at = site.approved_at = moment
        site.save(force_insert=True)
        log.record("added", site, by=by, jam=jam, moment=moment)
    caching.forget()


@transaction.atomic
def decline(*, site: LocalSite, by: User, reason: str, moment: datetime) -> None:
    """Decline a proposal, or an approved site where nobody has a place; its organizers are told
    why. Raises Refused."""
    site = locked(site, moment)
    refuse(decline_refusal(by, site, reason))
    site.declined_at, site.decline_reason, site.is_open = moment, reason.strip(), False
    site.save(update_fields=["declined_at", "decline_reason", "is_open"])
    caching.forget()
    log.record("declined", site, by=by, jam=site.jam, reason=reason.strip(), moment=moment)
    tell_organizers(
        site,
        key=f"declined:{site.pk}:{moment.isoformat()}",
        subject=_("“%(site)s” was declined") % {"site": site},
        paragraphs=[
            _("The organizers of %(jam)s declined your local site. Their reason:")
            % {"jam": site.jam},
            reason.strip(),
        ],
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
