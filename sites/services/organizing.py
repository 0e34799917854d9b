"""Who organizes a local site: asking somebody, accepting, handing over, leaving."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from jam import caching, log, outbox
from jam.errors import refuse
from jam.languages import gettext_later as _
from jam.models import User
from sites.models import Invitation, LocalSite
from sites.permissions import SiteRefusal, invite_refusal, run_refusal, stop_organizing_refusal
from sites.services.waiting import locked


@transaction.atomic
def invite(
    *, site: LocalSite, by: User, invited: User, hands_over: bool = False, moment: datetime
) -> Invitation:
    """Ask somebody to organize the site as well, or, with `hands_over`, in the place of `by`.
    Raises Refused."""
    site = locked(site, moment)
    pending = site.invitations.pending().filter(user=invited).first()
    refuse(invite_refusal(by, site, invited, pending))
    invitation = Invitation.objects.create(
        site=site, user=invited, by=by, hands_over=hands_over, invited_at=moment
    )
    log.record("invited", invitation, by=by, jam=site.jam, moment=moment)
    outbox.post(
        user=invited,
        key=f"organize:{invitation.pk}",
        jam=site.jam,
        subject=_("Will you organize “%(site)s”?") % {"site": site},
        paragraphs=[
            _("%(name)s hands this local site of %(jam)s over to you, if you accept.")
            % {"name": by, "jam": site.jam}
            if hands_over
            else _("%(name)s asks you to organize this local site of %(jam)s with them.")
            % {"name": by, "jam": site.jam},
            _("You open and close it, see who comes, and check people in."),
        ],
        action_label=_("See the local site"),
        action_path=site.get_absolute_url(),
        moment=moment,
    )
    return invitation


@transaction.atomic
def answer_invitation(*, site: LocalSite, by: User, accepts: bool, moment: datetime) -> None:
    """Have `by` organize the site, or not; where it is handed over, whoever asked leaves. Raises
    Refused."""
    site = locked(site, moment)
    invitation = site.invitations.pending().filter(user=by).select_related("by").first()
    refuse(SiteRefusal.NOT_INVITED if invitation is None else None)
    invitation.answered_at, invitation.was_accepted = moment, accepts
    invitation.save(update_fields=["answered_at", "was_accepted"])
    log.record("accepted" if accepts else "declined", invitation, by=by, jam=site.jam,
               moment=moment)  # fmt: skip
    if not accepts:
        return
    site.organizers.add(by)
    caching.forget()
    if invitation.hands_over and site.is_organized_by(invitation.by):
        site.organizers.remove(invitation.by)
        log.record("handed over", site, by=invitation.by, jam=site.jam, moment=moment)
    outbox.post(
        user=invitation.by,
        key=f"organizes:{invitation.pk}",
        jam=site.jam,
        subject=_("%(name)s organizes “%(site)s”") % {"name": by, "site": site},
        paragraphs=[
            _("Your invitation was accepted."),
            _("You do not organize it any more.")
            if invitation.hands_over
            else _("You organize it together now."),
        ],
        action_label=_("See the local site"),
        action_path=site.get_absolute_url(),
        moment=moment,
    )


@transaction.atomic
def withdraw_invitation(*, site: LocalSite, invitation_id: int, by: User, moment: datetime) -> None:
    """Take back an invitation that nobody has answered. Raises Refused."""
    site = locked(site, moment)
    refuse(run_refusal(by, site))
    invitation = site.invitations.pending().filter(pk=invitation_id).first()
    refuse(SiteRefusal.NOTHING_TO_DO if invitation is None else None)
    invitation.answered_at = moment
    invitation.save(update_fields=["answered_at"])
    log.record("withdrew", invitation, by=by, jam=site.jam, moment=moment)


@transaction.atomic
def stop_organizing(*, site: LocalSite, by: User, moment: datetime) -> None:
    """Take `by` off the organizers of the site, of whom one always stays. Raises Refused."""
    site = locked(site, moment)
    refuse(stop_organizing_refusal(by, site))
    site.organizers.remove(by)
    caching.forget()
    log.record("left the organizers", site, by=by, jam=site.jam, moment=moment)
