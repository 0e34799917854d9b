"""Keeping what was handed in: revisions, and the closing of a jam's submissions."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import CharField, Exists, OuterRef, QuerySet, Value
from django.db.models.functions import Cast, Concat

from jam import caching, log, outbox, parts, timeline
from jam.languages import gettext_later as _
from jam.models import Jam, Message
from submissions import lineage
from submissions.checklist import missing_from
from submissions.models import (
    Closing,
    Contributor,
    LateGrant,
    Original,
    Revision,
    Submission,
    SubmissionRules,
    fetch_answers,
    fetch_origins,
)

# A visitor's request closes a jam of so many submissions itself; a larger one waits for beat.
AT_ONCE = 200
# Submissions that are frozen, and receipts that are written, in one go.
PORTION, RECEIPTS = 500, 500
# For so long after a closing the sweep looks for receipts that are still to be written.
RECEIPTS_FOR = timedelta(days=3)


def content_of(submission: Submission) -> dict[str, Any]:
    """All that a revision keeps of a submission that was fetched by `with_content`."""
    content = {
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
        "contributors": [credit_of(contributor) for contributor in submission.contributors.all()],
    }
    # Only where there is one: what was handed in without keeps its digest.
    if submission.track:
        content["track"] = submission.track.name
        if reason := submission.track_reason.strip():
            content["track_reason"] = reason
    # As it is worded now: a question may be worded anew later.
    answers = [{"question": question.text, "answer": a} for question, a in submission.asked if a]
    if answers:
        content["answers"] = answers
    asks = SubmissionRules.of(submission.jam).ai_tools != SubmissionRules.AiTools.OFF
    if asks and submission.ai_declaration:
        content["ai_tools"] = submission.ai_declaration
    return content | lineage.content_of(submission.origin_list)


def findings_of(submission: Submission) -> dict[str, Any]:
    """What was found in the files of a submission that was fetched by `with_content`."""
    return {file.sha256: file.findings for file in submission.live_files if file.findings}


def credit_of(contributor: Contributor) -> dict[str, Any]:
    """What a revision keeps of a contributor."""
    user = contributor.user
    credit = {"id": user.pk, "name": str(user), "affiliation": contributor.affiliation}
    # Only where there are any, as above.
    if contributor.roles:
        credit["roles"] = contributor.roles
    if user.orcid:
        credit["orcid"] = user.orcid
    return credit


def canonical(content: dict[str, Any]) -> bytes:
    """The content as canonical JSON: keys sorted, no spaces, UTF-8."""
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text.encode()


def digest_of(content: dict[str, Any]) -> str:
    """SHA-256, in hexadecimal, of the content's canonical JSON."""
    return hashlib.sha256(canonical(content)).hexdigest()


def bytes_of(revision: Revision) -> bytes:
    """What the digest of a revision is of, as far as its reader may see it: the content as it was
    handed in, be it at another installation."""
    original = None
    if revision.digest and revision.submission.jam.imported_at is not None:
        original = Original.objects.filter(revision=revision.pk).first()
    return canonical((original or revision).content)


def searchable(content: dict[str, Any], contributors: list[dict[str, Any]]) -> dict[str, str]:
    """The columns of a revision that name its contributors, and that a search looks through."""
    names = [contributor["name"] for contributor in contributors]
    searched = [content["title"], content["abstract"], *names, *content["tags"]]
    return {"names": ", ".join(names), "search_index": "\n".join(searched).casefold()}


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
    cover = next((f["id"] for f in content["files"] if f["kind"] == "image"), None)
    return Revision(
        submission=submission,
        number=last.number + 1 if last else 1,
        origin=origin,
        content=content,
        digest=digest,
        title=content["title"],
        abstract=content["abstract"],
        **searchable(content, content["contributors"]),
        tag_index="".join(f"|{tag.casefold()}" for tag in content["tags"]) + "|",
        cover_id=cover,
        site_id=submission.site_id,
        arrived_at=moment,
        handed_in_by=by,
        findings=findings_of(submission),
    )


def keep_files(revisions: list[Revision]) -> None:
    """Note which files belong to revisions that have just been saved, and where they come from."""
    lineage.keep(revisions)
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
            subject=_("A later revision of “%(title)s” is kept") % {"title": revision.title}
            if revision.origin == Revision.Origin.LATER
            else _("“%(title)s” is in") % {"title": revision.title},
            paragraphs=[
                _("It arrived on %(when)s and is kept as revision %(number)s.")
                % {"when": outbox.tell(revision.arrived_at, zone), "number": revision.number},
                _("You can go on improving it until submissions close, on %(when)s.")
                % {"when": outbox.tell(submission.jam.submissions_close_at, zone)}
                if revision.origin == Revision.Origin.HANDED_IN
                else _("It is labelled late.")
                if revision.origin == Revision.Origin.LATE
                else _("It is labelled as added later: %(note)s") % {"note": revision.note}
                + "\n"
                + _("Raters go by what was frozen, which stays as it is.")
                if revision.origin == Revision.Origin.LATER
                else _("Your draft was complete at the deadline, so it counts as handed in."),
                _("It names, in this order: %(names)s.") % {"names": revision.names},
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
    # the locks were had is read after them.
    locked = Submission.objects.filter(jam=jam).order_by("pk").select_for_update()
    keys = list(locked.values_list("pk", flat=True))
    handed_in = 0
    # A portion at a time, so that memory does not grow with the jam.
    for start in range(0, len(keys), PORTION):
        handed_in += freeze_some(jam, keys[start : start + PORTION])
    parts.submissions_frozen(jam)
    closing = Closing.objects.create(jam=jam, closed_at=moment, handed_in=handed_in)
    send_receipts(jam, moment)
    caching.forget()
    log.record("closed submissions", jam, by=None, jam=jam, moment=moment,
               after={"handed_in": handed_in})  # fmt: skip
    return closing


def freeze_some(jam: Jam, keys: list[int]) -> int:
    """Freeze those submissions of `jam`, which are locked; how many are handed in."""
    submissions = list(Submission.objects.filter(pk__in=keys).with_content().order_by("pk"))
    fetch_answers(submissions, jam)
    fetch_origins(submissions)
    last_of = {
        revision.submission_id: revision
        for revision in Revision.objects.filter(submission__in=keys).order_by("number")
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
    Revision.objects.bulk_create(made)
    keep_files(made)
    tracks = {}
    if any("track" in revision.content for _submission, revision in frozen):
        tracks = {track.name: track for track in jam.tracks.all()}
    for submission, revision in frozen:
        submission.frozen = revision
        # The draft may have gone on to another; one that was renamed since cannot be told.
        named = revision.content.get("track", "")
        submission.track = tracks.get(named, submission.track) if named else None
    Submission.objects.bulk_update([s for s, _revision in frozen], ["frozen", "track"])
    return len(frozen)


def send_receipts(jam: Jam, moment: datetime) -> int:
    """Write the receipts of what the deadline took in, a portion at a time; how many people's.

    Those of a small jam are written with its closing; the sweep writes those that are left, and
    whoever has theirs gets no second one.
    """
    key = Concat(Value("receipt:"), Cast(OuterRef("submission__frozen"), CharField()))
    waiting = (
        Contributor.objects.filter(
            ~Exists(Message.objects.filter(key=key, user=OuterRef("user"))),
            submission__jam=jam,
            submission__frozen__origin=Revision.Origin.DEADLINE,
            user__is_active=True,
        )
        .select_related("user", "submission__frozen", "submission__jam")
        .defer("submission__body")
        .order_by("pk")
    )
    some = list(waiting[:RECEIPTS])
    for contributor in some:
        contributor.submission.frozen.submission = contributor.submission
        send_receipt(contributor.submission.frozen, [contributor], moment)
    return len(some)


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
            parts.submissions_frozen(jam)
            caching.forget()
        grant.settled_at = moment
        grant.save(update_fields=["settled_at"])
