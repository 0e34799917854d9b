"""Moving somebody to another local site, as organizers of the jam may."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from jam import caching, log, outbox
from jam.errors import refuse
from jam.languages import gettext_later as _
from jam.models import Jam, User
from jam.services import participation_for_update
from sites.models import LocalSite, Place, Wait
from sites.permissions import move_refusal, move_to_refusal
from sites.services.places import place_of, release
from sites.services.waiting import end, locked, wait_of


@transaction.atomic
def move(
    *, jam: Jam, user: User, to: LocalSite | None, by: User, reason: str, moment: datetime
) -> Place | None:
    """Give `user` a place at the site `to`, or, where that is None, none, in place of the one that
    they have; they are told why. Undone by moving them back as long as a place is free. Raises
    Refused."""
    site = None if to is None else locked(to, moment)
    participation = participation_for_update(jam, user)
    refuse(move_refusal(by, jam, participation, moment))
    place = place_of(participation, moment)
    refuse(move_to_refusal(jam, site, place, reason, moment))
    before = place.site if place else None
    release(participation=participation, by=by, moment=moment)
    made = None
    if site is not None:
        if wait := wait_of(site, participation, moment):
            end(wait, Wait.Ending.ACCEPTED, moment)
        made = Place.objects.create(
            site=site,
            participation=participation,
            shown=place is not None and place.shown,
            taken_at=moment,
        )
        caching.forget()
    log.record(
        "moved",
        participation,
        by=by,
        jam=jam,
        before={"site": before and before.name},
        after={"site": site and site.name},
        reason=reason.strip(),
        moment=moment,
    )
    _tell(jam, user, before, site, made, reason.strip(), moment)
    return made


def _tell(
    jam: Jam,
    user: User,
    before: LocalSite | None,
    site: LocalSite | None,
    made: Place | None,
    reason: str,
    moment: datetime,
) -> None:
    if site is None:
        subject = _("You have no place at “%(site)s” any more") % {"site": before}
    else:
        subject = _("You have a place at “%(site)s” now") % {"site": site}
    said = [_("The organizers moved you. Their reason:"), reason]
    if site is not None and before is not None:
        said.insert(0, _("Your place at “%(site)s” is free again.") % {"site": before})
    outbox.post(
        user=user,
        key=f"moved:{made.pk}" if made else f"moved:{user.pk}:{moment.isoformat()}",
        jam=jam,
        subject=subject,
        paragraphs=said,
        action_label=_("See the local site"),
        action_path=(site or before).get_absolute_url(),
        moment=moment,
    )
