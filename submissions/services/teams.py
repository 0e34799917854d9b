"""Who is on a team, and telling them."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from jam import caching, log, outbox
from jam import services as jam_services
from jam.errors import refuse
from jam.languages import gettext_later as _
from jam.models import Participation, User
from submissions.models import (
    Contributor,
    Submission,
    new_invitation,
)
from submissions.permissions import (
    TeamRefusal,
    agree_refusal,
    edit_refusal,
    join_team_refusal,
    leave_team_refusal,
    propose_order_refusal,
)


def locked(submission: Submission) -> Submission:
    """The submission as it is now with all that a revision is made of, locked."""
    return Submission.objects.with_content().select_for_update(of=("self",)).get(pk=submission.pk)


def tell_team(
    submission: Submission, *, key: str, subject: str, text: str, moment: datetime
) -> None:
    """Mail every contributor of `submission`."""
    for contributor in submission.contributors.all():
        outbox.post(
            user=contributor.user,
            key=key,
            jam=submission.jam,
            subject=subject,
            paragraphs=[text],
            action_label=_("See the submission"),
            action_path=submission.get_absolute_url(),
            moment=moment,
        )


@transaction.atomic
def join_team(*, submission: Submission, user: User, moment: datetime) -> Contributor:
    """Confirm `user` as a contributor; who has not joined the jam joins it. Raises Refused."""
    submission = locked(submission)
    refuse(join_team_refusal(user, submission, moment))
    participation = jam_services.participation_for_update(submission.jam, user)
    if participation is None or not participation.is_active:
        jam_services.join(jam=submission.jam, user=user, moment=moment)
    # Last in the order, and in the one that somebody proposes, which is theirs to agree to as well.
    team = submission.contributors.all()
    last = 1 + max(contributor.order for contributor in team)
    contributor = Contributor.objects.create(
        submission=submission,
        user=user,
        affiliation=user.affiliation,
        order=last,
        proposed_order=len(team) if submission.proposed_team else None,
        confirmed_at=moment,
    )
    log.record("joined the team", submission, by=user, jam=submission.jam, moment=moment)
    return contributor


@transaction.atomic
def leave_team(*, submission: Submission, user: User, moment: datetime) -> None:
    """Take `user` off the team. Raises Refused."""
    submission = locked(submission)
    refuse(leave_team_refusal(user, submission, moment))
    take_off(submission.contributors.get(user=user), moment)
    log.record("left the team", submission, by=user, jam=submission.jam, moment=moment)


def take_off(contributor: Contributor, moment: datetime) -> None:
    """Remove `contributor` from a team that is locked; the others may all have agreed by that."""
    contributor.delete()
    settle_order(Submission.objects.with_contributors().get(pk=contributor.submission_id), moment)


def settle_order(submission: Submission, moment: datetime) -> None:
    """Have the proposed order hold if all have agreed, and be forgotten if it is the order that
    holds already; `submission` is locked."""
    proposed = submission.proposed_team
    if not proposed or (submission.not_agreed and proposed != list(submission.contributors.all())):
        return
    changed = proposed != list(submission.contributors.all())
    for order, contributor in enumerate(proposed):
        contributor.order, contributor.proposed_order, contributor.agreed_at = order, None, None
    Contributor.objects.bulk_update(proposed, ["order", "proposed_order", "agreed_at"])
    if changed:
        log.record("agreed on the order", submission, by=None, jam=submission.jam,
                   after={"order": [c.user_id for c in proposed]}, moment=moment)  # fmt: skip


@transaction.atomic
def propose_order(
    *, submission: Submission, by: User, order: list[int], seen: list[int], moment: datetime
) -> None:
    """Have `by` propose the order in which contributors stand, people by their keys, in the place
    of the one that they have `seen`. It holds once all have agreed. Raises Refused."""
    submission = locked(submission)
    refuse(propose_order_refusal(by, submission, order, seen, moment))
    if order == seen:
        return
    team = list(submission.contributors.all())
    for contributor in team:
        contributor.proposed_order = order.index(contributor.user_id)
        contributor.agreed_at = moment if contributor.user_id == by.pk else None
    Contributor.objects.bulk_update(team, ["proposed_order", "agreed_at"])
    log.record("proposed an order", submission, by=by, jam=submission.jam,
               after={"order": order}, moment=moment)  # fmt: skip
    settle_order(submission, moment)
    for contributor in submission.not_agreed:
        outbox.post(
            user=contributor.user,
            # Once an hour at most, however often somebody moves a name up and down.
            key=f"order:{submission.pk}:{moment:%Y-%m-%d %H}",
            jam=submission.jam,
            subject=_("In which order does “%(title)s” name you?") % {"title": submission},
            paragraphs=[
                _("%(name)s proposes another order of the contributors. It holds once all of you "
                  "have agreed; until then the old one does.") % {"name": by},
            ],
            action_label=_("See the order"),
            action_path=f"/jams/{submission.jam.slug}/submissions/{submission.pk}/edit/#team",
            moment=moment,
        )  # fmt: skip


@transaction.atomic
def agree_to_order(*, submission: Submission, by: User, seen: list[int], moment: datetime) -> None:
    """Have `by` agree to the proposed order that they have `seen`. Raises Refused."""
    submission = locked(submission)
    refuse(agree_refusal(by, submission, seen, moment))
    for contributor in submission.contributors.all():
        if contributor.user_id == by.pk:
            contributor.agreed_at = moment
            contributor.save(update_fields=["agreed_at"])
    log.record("agreed to an order", submission, by=by, jam=submission.jam, moment=moment)
    settle_order(submission, moment)


@transaction.atomic
def renew_invitation(*, submission: Submission, by: User, moment: datetime) -> str:
    """Replace the invitation link, so that the old one leads nowhere. Raises Refused."""
    submission = locked(submission)
    refuse(edit_refusal(by, submission, moment))
    # Nobody joins any more, whatever is added later.
    refuse(TeamRefusal.CLOSED if submission.is_frozen else None)
    submission.invitation = new_invitation()
    submission.save(update_fields=["invitation"])
    log.record("renewed the invitation", submission, by=by, jam=submission.jam, moment=moment)
    return submission.invitation


def leave_jam(*, participation: Participation, by: User, moment: datetime) -> None:
    """Take someone whose participation `by` has ended off their teams; what they are alone on is
    withdrawn."""
    contributions = Contributor.objects.filter(
        user=participation.user, submission__jam=participation.jam, submission__frozen=None
    )
    for contribution in contributions.select_related("submission"):
        submission = locked(contribution.submission)
        if len(submission.contributors.all()) > 1:
            take_off(contribution, moment)
            log.record("left the team", submission, by=by, jam=participation.jam,
                       after={"person": participation.user_id}, moment=moment)  # fmt: skip
        elif submission.withdrawn_at is None:
            submission.withdrawn_at = moment
            submission.save(update_fields=["withdrawn_at"])
            caching.forget()
            log.record("withdrew", submission, by=by, jam=participation.jam, moment=moment)
