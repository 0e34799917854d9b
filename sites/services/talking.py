"""What organizers of the jam and those of a local site tell each other about it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction

from jam import caching, log, outbox, timeline
from jam.errors import refuse
from jam.languages import gettext_later as _
from jam.models import User
from sites.models import LocalSite, ProposalMessage
from sites.permissions import SiteRefusal, propose_again_refusal, write_refusal
from sites.services.waiting import locked

TALK = "site_talk"
MOST_A_DAY = 40


@transaction.atomic
def write(*, site: LocalSite, by: User, text: str, moment: datetime) -> ProposalMessage:
    """Write to those on the other side: the jam's organizers, or the site's; they are told by mail.
    Raises Refused."""
    site = locked(site, moment)
    refuse(write_refusal(by, site, text))
    today = ~timeline.reached("written_at", moment, after=timedelta(days=1))
    if ProposalMessage.objects.filter(today, author=by).count() >= MOST_A_DAY:
        refuse(SiteRefusal.TOO_MANY)
    of_the_jam = not site.is_organized_by(by)
    message = ProposalMessage.objects.create(
        site=site, author=by, of_the_jam=of_the_jam, text=text.strip(), written_at=moment
    )
    log.record("wrote", message, by=by, jam=site.jam, moment=moment)
    others = site.organizers if of_the_jam else site.jam.organizers
    tell(
        site,
        others.exclude(pk=by.pk),
        key=f"site-message:{message.pk}",
        subject=_("About “%(site)s”") % {"site": site},
        paragraphs=[_("%(name)s writes:") % {"name": by}, message.text],
        label=_("Answer"),
        path=f"{site.get_absolute_url()}#talk",
        moment=moment,
    )
    return message


@transaction.atomic
def propose_again(*, site: LocalSite, by: User, moment: datetime) -> None:
    """Ask the organizers to decide anew on a site that they declined. Raises Refused."""
    site = locked(site, moment)
    refuse(propose_again_refusal(by, site, moment))
    before = {"declined_at": site.declined_at.isoformat(), "reason": site.decline_reason}
    site.proposed_at, site.approved_at = moment, None
    site.declined_at, site.decline_reason = None, ""
    site.save(update_fields=["proposed_at", "approved_at", "declined_at", "decline_reason"])
    caching.forget()
    log.record("proposed again", site, by=by, jam=site.jam, before=before, moment=moment)
    tell_of_proposal(site, moment)


def tell_of_proposal(site: LocalSite, moment: datetime) -> None:
    """Mail the jam's organizers that there is something to decide on."""
    tell(
        site,
        site.jam.organizers.all(),
        key=f"proposal:{site.pk}:{moment.isoformat()}",
        subject=_("A local site is proposed: “%(site)s”") % {"site": site},
        paragraphs=[
            f"{site.venue}, {site.city}, {site.country.name}",
            _("Approve it, ask what you want to know, or decline it with a reason."),
        ],
        label=_("See the proposal"),
        path=site.get_absolute_url(),
        moment=moment,
    )


def tell(
    site: LocalSite,
    people: Iterable[User],
    *,
    key: str,
    subject: str,
    paragraphs: list[str],
    label: str,
    path: str,
    moment: datetime,
) -> None:
    for user in people:
        outbox.post(
            user=user,
            key=key,
            kind=TALK,
            jam=site.jam,
            subject=subject,
            paragraphs=paragraphs,
            action_label=label,
            action_path=path,
            moment=moment,
        )
