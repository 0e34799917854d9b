"""Keeping what was handed in: revisions, and the closing of a jam's submissions."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from jam import caching, log, outbox, timeline
from jam.models import Jam
from submissions.checklist import missing_from
from submissions.models import Closing, Contributor, LateGrant, Revision, Submission

# A visitor's request closes a jam of so many submissions itself; a larger one waits for beat.
AT_ONCE = 200


def content_of(submission: Submission) -> dict[str, Any]:
    """All that a revision keeps of a submission that was fetched by `with_content`."""
    return {
        "title": submission.title.strip(),
        "abstract": submission.abstract.strip(),
        "body": submission.body,
        "tags": submission.tag_list,
        "licence": submission.licence,
        "commit": submission.commit,
        "site": submission.site.name if submission.site else "",
        "links": [
            {"kind": link.kind, "url": link.url, "label": link.label}
            for link in submission.links.all()
        ],
        "files": [
            {
                "id": file.pk,
                "kind": file.kind,
                "name": file.name,
                "size": file.size,
                "sha256": file.sha256,
            }
            for file in submission.live_files
        ],
        "contributors": [
            {
                "id": contributor.user_id,
                "name": str(contributor.user),
                "affiliation": contributor.user.affiliation,
            }
            for contributor in submission.contributors.all()
        ],
    }


def canonical(content: dict[str, Any]) -> bytes:
    """The content as canonical JSON: keys sorted, no spaces, UTF-8."""
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text.encode()


def digest_of(content: dict[str, Any]) -> str:
    """SHA-256, in hexadecimal, of the content's canonical JSON."""
    return hashlib.sha256(canonical(content)).hexdigest()


def revision_of(
    submission: Submission,
    last: Revision | None,
    *,
    origin: Revision.Origin,
    by: Any,
    moment: datetime,
) -> Revision:
    """The revision that keeps the submission as it is: the last one, if that is the same, else a
    new one, not saved yet."""
    content = content_of(submission)
    digest = digest_of(content)
    if last is not None and last.digest == digest:
        return last
    names = [contributor["name"] for contributor in content["contributors"]]
    searched = [content["title"], content["abstract"], *names, *content["tags"]]
    cover = next((f["id"] for f in content["files"] if f["kind"] == "image"), None)
    return Revision(
        submission=submission,
        number=last.number + 1 if last else 1,
        origin=origin,
        content=content,
        digest=digest,
        title=content["title"],
        abstract=content["abstract"],
        names=", ".join(names),
        tag_index="".join(f"|{tag.casefold()}" for tag in content["tags"]) + "|",
        search_index="\n".join(searched).casefold(),
        cover_id=cover,
        site_id=submission.site_id,
        arrived_at=moment,
        handed_in_by=by,
    )


def keep_files(revisions: list[Revision]) -> None:
    """Note which files belong to revisions that have just been saved."""
    Revision.files.through.objects.bulk_create(
        Revision.files.through(revision_id=revision.pk, file_id=file["id"])
        for revision in revisions
        for file in revision.content["files"]
    )


def send_receipt(revision: Revision, contributors: list[Contributor], moment: datetime) -> None:
    """Tell every contributor, once for each revision, what is in, since when, and its hashes."""
    submission = revision.submission
    hashes = [f"{file['name']}\n{file['sha256']}" for file in revision.content["files"]]
    for contributor in contributors:
        zone = contributor.user.time_zone
        outbox.post(
            user=contributor.user,
            key=f"receipt:{revision.pk}",
            jam=submission.jam,
            subject=_("“%(title)s” is in") % {"title": revision.title},
            paragraphs=[
                _("It arrived on %(when)s and is kept as revision %(number)s.")
                % {"when": outbox.tell(revision.arrived_at, zone), "number": revision.number},
                _("You can go on improving it until submissions close, on %(when)s.")
                % {"when": outbox.tell(submission.jam.submissions_close_at, zone)}
                if revision.origin == Revision.Origin.HANDED_IN
                else _("It is labelled late.")
                if revision.origin == Revision.Origin.LATE
                else _("Your draft was complete at the deadline, so it counts as handed in."),
                _("SHA-256 of the content:") + "\n" + revision.digest,
                *hashes,
            ],
            action_label=_("See the receipt"),
            action_path=f"/jams/{submission.jam.slug}/submissions/{submission.pk}"
            f"/receipts/{revision.number}/",
            moment=moment,
        )


@transaction.atomic
def close(jam: Jam, moment: datetime) -> Closing | None:
    """Freeze the submissions of `jam`, once: None before it is due, else the closing.

    A complete draft counts as handed in; of an incomplete one the last revision that was handed
    in does, if there is one. Whoever comes first does it; the others wait for the lock and find it
    done. Everything happens in one transaction, so that it is never half done.
    """
    if not timeline.closing_due(jam, moment):
        return None
    # Not against the references to the jam that a hand-in on its way writes: it holds the lock on
    # its submission, which is wanted below.
    Jam.objects.select_for_update(no_key=True).get(pk=jam.pk)
    if closing := Closing.objects.filter(jam=jam).first():
        settle_grants(jam, moment)
        return closing

    # No hand-in that is being carried out may slip in beside the snapshot: what was made before
    # the lock was had is read after it.
    submissions = list(
        Submission.objects.filter(jam=jam).with_content().select_for_update(of=("self",))
    )
    last_of = {
        revision.submission_id: revision
        for revision in Revision.objects.filter(submission__jam=jam).order_by("number")
    }
    frozen, made = [], []
    for submission in submissions:
        revision = last_of.get(submission.pk)
        if not missing_from(submission) and submission.withdrawn_at is None:
            kept = revision_of(
                submission,
                revision,
                origin=Revision.Origin.DEADLINE,
                by=None,
                moment=jam.submissions_close_at,
            )
            if kept is not revision:
                made.append(kept)
            revision = kept
        if revision is not None:
            frozen.append((submission, revision))
    Revision.objects.bulk_create(made, batch_size=500)
    keep_files(made)
    for submission, revision in frozen:
        submission.frozen = revision
    Submission.objects.bulk_update(
        [submission for submission, _revision in frozen], ["frozen"], batch_size=500
    )
    for revision in made:
        send_receipt(revision, list(revision.submission.contributors.all()), moment)
    caching.forget()
    closing = Closing.objects.create(jam=jam, closed_at=moment, handed_in=len(frozen))
    log.record("closed submissions", jam, by=None, jam=jam, moment=moment,
               after={"handed_in": len(frozen)})  # fmt: skip
    return closing


def grants_over(jam: Jam, moment: datetime) -> QuerySet[LateGrant]:
    """Grants that ran out so long ago that all that arrived in time has been taken in."""
    return LateGrant.objects.live().filter(
        timeline.reached("expires_at", moment, after=timeline.SETTLING), submission__jam=jam
    )


def settle_grants(jam: Jam, moment: datetime) -> None:
    """Freeze, under the lock on a closed jam, what was complete when time that was granted ran
    out, where nothing is in yet."""
    for grant in grants_over(jam, moment):
        submission = (
            Submission.objects.with_content()
            .select_for_update(of=("self",))
            .get(pk=grant.submission_id)
        )
        out = submission.withdrawn_at is not None or submission.disqualified_at is not None
        if not (submission.is_frozen or out or missing_from(submission)):
            last = submission.revisions.order_by("-number").first()
            revision = revision_of(
                submission, last, origin=Revision.Origin.LATE, by=None, moment=grant.expires_at
            )
            if revision is not last:
                revision.save()
                keep_files([revision])
                send_receipt(revision, list(submission.contributors.all()), moment)
            submission.frozen = revision
            submission.save(update_fields=["frozen"])
            caching.forget()
        grant.settled_at = moment
        grant.save(update_fields=["settled_at"])
