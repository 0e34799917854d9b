"""Every write of the submissions app: a verb, keyword-only, one transaction, `moment` last."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.files.base import File as DjangoFile
from django.db import transaction
from django.utils.translation import gettext as _

from jam import caching, log, outbox
from jam import services as jam_services
from jam.errors import refuse
from jam.models import Jam, Participation, User
from sites.models import Place
from submissions import files, freezing
from submissions.models import (
    Contributor,
    File,
    LateGrant,
    Link,
    Revision,
    Submission,
    new_invitation,
)
from submissions.permissions import (
    disqualify_refusal,
    edit_refusal,
    grant_refusal,
    hand_in_refusal,
    join_team_refusal,
    leave_team_refusal,
    reinstate_refusal,
    revoke_refusal,
    start_refusal,
    withdraw_refusal,
)

DRAFT_FIELDS = ("title", "abstract", "body", "tags", "licence", "commit", "site")


class StaleDraft(Exception):
    """Someone saved the draft in between; `submission` is what is there now."""

    def __init__(self, submission: Submission):
        super().__init__(submission.pk)
        self.submission = submission


def locked(submission: Submission) -> Submission:
    """The submission as it is now with all that a revision is made of, locked."""
    return Submission.objects.with_content().select_for_update(of=("self",)).get(pk=submission.pk)


@transaction.atomic
def start(*, jam: Jam, by: User, moment: datetime) -> Submission:
    """Begin an empty draft with `by` as its first contributor. Raises Refused."""
    participation = Participation.objects.filter(jam=jam, user=by).first()
    refuse(start_refusal(jam, participation, moment))
    place = Place.objects.taken().filter(participation=participation).first()
    submission = Submission.objects.create(
        jam=jam,
        site_id=place.site_id if place else None,
        created_at=moment,
        saved_at=moment,
        saved_by=by,
    )
    Contributor.objects.create(submission=submission, user=by, confirmed_at=moment)
    log.record("started", submission, by=by, jam=jam, moment=moment)
    return submission


@transaction.atomic
def save_draft(
    *,
    submission: Submission,
    by: User,
    fields: dict[str, Any],
    links: list[dict[str, str]] | None,
    version: int,
    moment: datetime,
) -> Submission:
    """Write `fields` (some of DRAFT_FIELDS) and `links` (None leaves them) to the draft.

    `version` is the one that the writer saw. Raises Refused, and StaleDraft where someone else
    saved other words in between; saving what is there already is never stale.
    """
    submission = locked(submission)
    refuse(edit_refusal(by, submission, moment))
    changed = {name: value for name, value in fields.items() if getattr(submission, name) != value}
    there = [
        {"kind": link.kind, "url": link.url, "label": link.label} for link in submission.links.all()
    ]
    links_changed = links is not None and links != there
    if not changed and not links_changed:
        return submission
    if submission.version != version:
        raise StaleDraft(submission)
    for name, value in changed.items():
        setattr(submission, name, value)
    submission.version += 1
    submission.saved_at, submission.saved_by = moment, by
    submission.save(update_fields=[*changed, "version", "saved_at", "saved_by"])
    if links_changed:
        submission.links.all().delete()
        Link.objects.bulk_create(Link(submission=submission, **link) for link in links)
    return Submission.objects.with_content().get(pk=submission.pk)


def add_file(*, submission: Submission, by: User, upload: DjangoFile, moment: datetime) -> File:
    """Store an upload with the draft. Raises Refused, and files.FileRefused with the reason.

    The same file a second time is the one that is there.
    """
    refuse(edit_refusal(by, submission, moment))
    # Before the transaction, since drawing a large picture anew takes a while.
    inspected = files.inspect(upload)
    with transaction.atomic():
        submission = locked(submission)
        refuse(edit_refusal(by, submission, moment))
        for file in submission.live_files:
            if file.sha256 == inspected.sha256:
                return file
        if len(submission.live_files) >= files.MOST_FILES:
            raise files.FileRefused(
                _("A submission holds %(most)s files at most. Remove one first.")
                % {"most": files.MOST_FILES}
            )
        file = File(
            submission=submission,
            kind=inspected.kind,
            name=inspected.name,
            content_type=inspected.content_type,
            size=inspected.size,
            sha256=inspected.sha256,
            uploaded_at=moment,
            uploaded_by=by,
        )
        files.store(file, inspected)
        file.save()
    return file


@transaction.atomic
def remove_file(*, submission: Submission, by: User, file_id: int, moment: datetime) -> None:
    """Take a file from the draft; revisions that have it keep it. Raises Refused."""
    submission = locked(submission)
    refuse(edit_refusal(by, submission, moment))
    submission.files.filter(pk=file_id, removed_at=None).update(removed_at=moment)


@transaction.atomic
def hand_in(*, submission: Submission, by: User, moment: datetime) -> Revision:
    """Keep the draft as it is as a revision, and send receipts. Raises Refused.

    Handing in twice what is the same is one revision with one receipt.
    """
    submission = locked(submission)
    refuse(hand_in_refusal(by, submission, moment))
    last = submission.revisions.order_by("-number").first()
    is_late = submission.jam.making_window.is_over(moment)
    origin = Revision.Origin.LATE if is_late else Revision.Origin.HANDED_IN
    revision = freezing.revision_of(submission, last, origin=origin, by=by, moment=moment)
    if revision is last:
        return revision
    revision.save()
    freezing.keep_files([revision])
    if is_late:
        # The jam is closed: what comes by a grant goes straight to the raters.
        submission.frozen = revision
        submission.save(update_fields=["frozen"])
        caching.forget()
    freezing.send_receipt(revision, list(submission.contributors.all()), moment)
    log.record(
        "handed in",
        submission,
        by=by,
        jam=submission.jam,
        moment=moment,
        after={"revision": revision.number, "digest": revision.digest},
    )
    return revision


@transaction.atomic
def join_team(*, submission: Submission, user: User, moment: datetime) -> Contributor:
    """Confirm `user` as a contributor; who has not joined the jam joins it. Raises Refused."""
    submission = locked(submission)
    refuse(join_team_refusal(user, submission, moment))
    participation = jam_services.participation_for_update(submission.jam, user)
    if participation is None or not participation.is_active:
        jam_services.join(jam=submission.jam, user=user, moment=moment)
    contributor = Contributor.objects.create(submission=submission, user=user, confirmed_at=moment)
    log.record("joined the team", submission, by=user, jam=submission.jam, moment=moment)
    return contributor


@transaction.atomic
def leave_team(*, submission: Submission, user: User, moment: datetime) -> None:
    """Take `user` off the team. Raises Refused."""
    submission = locked(submission)
    refuse(leave_team_refusal(user, submission, moment))
    submission.contributors.filter(user=user).delete()
    log.record("left the team", submission, by=user, jam=submission.jam, moment=moment)


@transaction.atomic
def renew_invitation(*, submission: Submission, by: User, moment: datetime) -> str:
    """Replace the invitation link, so that the old one leads nowhere. Raises Refused."""
    submission = locked(submission)
    refuse(edit_refusal(by, submission, moment))
    submission.invitation = new_invitation()
    submission.save(update_fields=["invitation"])
    log.record("renewed the invitation", submission, by=by, jam=submission.jam, moment=moment)
    return submission.invitation


@transaction.atomic
def withdraw(*, submission: Submission, by: User, moment: datetime) -> None:
    """Take the submission out of the jam for good; the team is told. Raises Refused."""
    submission = locked(submission)
    refuse(withdraw_refusal(by, submission, moment))
    submission.withdrawn_at = moment
    submission.save(update_fields=["withdrawn_at"])
    caching.forget()
    log.record("withdrew", submission, by=by, jam=submission.jam, moment=moment)
    tell_team(
        submission,
        key=f"withdrawn:{submission.pk}",
        subject=_("“%(title)s” was withdrawn") % {"title": submission},
        text=_("%(name)s withdrew your submission. It takes no further part in the jam.")
        % {"name": by},
        moment=moment,
    )


def leave_jam(*, participation: Participation, moment: datetime) -> None:
    """Take someone who cancels off their teams; who is alone on one withdraws it."""
    contributions = Contributor.objects.filter(
        user=participation.user, submission__jam=participation.jam, submission__frozen=None
    )
    for contribution in contributions.select_related("submission"):
        submission = locked(contribution.submission)
        if len(submission.contributors.all()) > 1:
            contribution.delete()
            log.record("left the team", submission, by=participation.user,
                       jam=participation.jam, moment=moment)  # fmt: skip
        elif submission.withdrawn_at is None:
            submission.withdrawn_at = moment
            submission.save(update_fields=["withdrawn_at"])
            caching.forget()
            log.record("withdrew", submission, by=participation.user,
                       jam=participation.jam, moment=moment)  # fmt: skip


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
