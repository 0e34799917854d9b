"""What organizers decide about one submission."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from jam import caching, log, outbox
from jam.errors import refuse
from jam.languages import gettext_later as _
from jam.models import User
from submissions.models import (
    LateGrant,
    Submission,
)
from submissions.permissions import (
    disqualify_refusal,
    grant_refusal,
    reinstate_refusal,
    revoke_refusal,
)
from submissions.services.teams import locked, tell_team


@transaction.atomic
def grant_time(
    *, submission: Submission, by: User, expires_at: datetime, reason: str, moment: datetime
) -> LateGrant:
    """Let the team go on until `expires_at`, in place of what was granted before; the team is
    told. What it hands in after the deadline is labelled late. Raises Refused."""
    submission = locked(submission)
    refuse(grant_refusal(by, submission, expires_at, reason, moment))
    submission.grants.live().update(revoked_at=moment)
    grant = LateGrant.objects.create(
        submission=submission,
        expires_at=expires_at,
        reason=reason.strip(),
        given_by=by,
        given_at=moment,
    )
    log.record("granted more time", submission, by=by, jam=submission.jam, reason=reason,
               after={"until": expires_at}, moment=moment)  # fmt: skip
    for contributor in submission.contributors.all():
        until = outbox.tell(expires_at, contributor.user.time_zone)
        outbox.post(
            user=contributor.user,
            key=f"granted:{grant.pk}",
            jam=submission.jam,
            subject=_("More time for “%(title)s”") % {"title": submission},
            paragraphs=[
                _("The organizers give you until %(until)s to hand in.") % {"until": until},
                _("Their reason:") + "\n" + reason.strip(),
                _("What you hand in after the deadline is labelled late. A draft that is complete "
                  "when the time is over counts as handed in."),
            ],
            action_label=_("Go on writing"),
            action_path=f"/jams/{submission.jam.slug}/submissions/{submission.pk}/edit/",
            moment=moment,
        )  # fmt: skip
    return grant


@transaction.atomic
def revoke_time(*, submission: Submission, by: User, reason: str, moment: datetime) -> None:
    """Take back the time that was granted; what was handed in stays in. Raises Refused."""
    submission = locked(submission)
    refuse(revoke_refusal(by, submission))
    submission.grants.live().update(revoked_at=moment)
    log.record("took back more time", submission, by=by, jam=submission.jam, reason=reason,
               moment=moment)  # fmt: skip
    text = _("The organizers took back the extra time. What you have handed in stays in.")
    tell_team(
        submission,
        key=f"revoked:{submission.pk}:{moment.isoformat()}",
        subject=_("No more time for “%(title)s”") % {"title": submission},
        text=f"{text}\n{reason}".strip(),
        moment=moment,
    )


@transaction.atomic
def disqualify(*, submission: Submission, by: User, reason: str, moment: datetime) -> None:
    """Take the submission out of the running; the team is told why. Raises Refused."""
    submission = locked(submission)
    refuse(disqualify_refusal(by, submission, reason))
    submission.disqualified_at, submission.disqualification_reason = moment, reason.strip()
    submission.save(update_fields=["disqualified_at", "disqualification_reason"])
    caching.forget()
    log.record("disqualified", submission, by=by, jam=submission.jam, reason=reason, moment=moment)
    tell_team(
        submission,
        key=f"disqualified:{submission.pk}:{moment.isoformat()}",
        subject=_("“%(title)s” was disqualified") % {"title": submission},
        text=_("The organizers took your submission out of the running. Their reason:")
        + "\n"
        + reason,
        moment=moment,
    )


@transaction.atomic
def reinstate(*, submission: Submission, by: User, reason: str, moment: datetime) -> None:
    """Put a disqualified submission back into the running; the team is told. Raises Refused."""
    submission = locked(submission)
    refuse(reinstate_refusal(by, submission))
    before = {"reason": submission.disqualification_reason}
    submission.disqualified_at, submission.disqualification_reason = None, ""
    submission.save(update_fields=["disqualified_at", "disqualification_reason"])
    caching.forget()
    log.record("reinstated", submission, by=by, jam=submission.jam, before=before, reason=reason,
               moment=moment)  # fmt: skip
    tell_team(
        submission,
        key=f"reinstated:{submission.pk}:{moment.isoformat()}",
        subject=_("“%(title)s” is back") % {"title": submission},
        text=_("The organizers put your submission back into the running."),
        moment=moment,
    )
