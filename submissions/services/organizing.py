"""What organizers decide about one submission."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from datetime import datetime

from django.db import transaction

from jam import caching, log, outbox
from jam.errors import Refused, refuse
from jam.languages import gettext_later as _
from jam.models import Jam, User
from submissions.models import (
    Contributor,
    LateGrant,
    Submission,
)
from submissions.permissions import (
    OrganizerRefusal,
    disqualify_refusal,
    grant_refusal,
    reinstate_refusal,
    revoke_refusal,
    write_to_teams_refusal,
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
    submission.time_requests.open().update(settled_at=moment, settled_by=by)
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


@transaction.atomic
def disqualify_many(
    *, submissions: Iterable[Submission], by: User, reason: str, moment: datetime
) -> int:
    """Take submissions out of the running as `disqualify` does; how many were in it.
    Raises Refused."""
    return sum(
        _is_done(lambda one=one: disqualify(submission=one, by=by, reason=reason, moment=moment))
        for one in submissions
    )


@transaction.atomic
def reinstate_many(
    *, submissions: Iterable[Submission], by: User, reason: str, moment: datetime
) -> int:
    """Put submissions back into the running as `reinstate` does; how many were out of it. Raises
    Refused."""
    return sum(
        _is_done(lambda one=one: reinstate(submission=one, by=by, reason=reason, moment=moment))
        for one in submissions
    )


def _is_done(act: Callable[[], None]) -> bool:
    """Whether there was something to do; raises whatever else is refused."""
    try:
        act()
    except Refused as refused:
        if refused.refusal != OrganizerRefusal.NOTHING_TO_DO:
            raise
        return False
    return True


@transaction.atomic
def write_to_teams(
    *,
    jam: Jam,
    submissions: Iterable[Submission],
    by: User,
    subject: str,
    text: str,
    moment: datetime,
) -> int:
    """Mail everybody on the teams of these submissions of `jam`; how many people. The same words
    reach a person once, whoever presses the button twice. Raises Refused."""
    refuse(write_to_teams_refusal(by, jam, text))
    named = [submission.pk for submission in submissions]
    team = Contributor.objects.filter(submission__in=named, submission__jam=jam)
    people = User.objects.filter(pk__in=team.values("user")).select_related("mail_hours")
    words = hashlib.sha256(f"{subject}\n{text}".encode()).hexdigest()[:16]
    written = 0
    for user in people.order_by("pk"):
        mail = outbox.post(
            user=user,
            key=f"teams:{jam.pk}:{words}",
            jam=jam,
            subject=subject,
            paragraphs=[],
            markdown=text,
            action_label=_("See the jam"),
            action_path=jam.get_absolute_url(),
            footer=_("From %(who)s, to your team in %(jam)s.") % {"who": by, "jam": jam},
            moment=moment,
        )
        written += mail is not None
    log.record("wrote to teams", jam, by=by, jam=jam, moment=moment,
               after={"subject": subject, "submissions": named, "people": written})  # fmt: skip
    return written
