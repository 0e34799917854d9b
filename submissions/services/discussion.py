"""Commenting on a submission, and what organizers hide."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from jam import caching, log, outbox, reporting
from jam.errors import refuse
from jam.languages import gettext_later as _
from jam.models import User
from submissions.models import Comment, Submission, SubmissionRules
from submissions.permissions import (
    CommentRefusal,
    comment_refusal,
    delete_comment_refusal,
    edit_comment_refusal,
    hide_comment_refusal,
)

# Kinds of mails.
ON_MINE, ANSWERS = "comments", "answers"


def _locked(comment: Comment) -> Comment:
    comments = Comment.objects.select_related("submission__jam", "submission__frozen", "author")
    return comments.select_for_update(of=("self",)).get(pk=comment.pk)


def _rule(submission: Submission) -> str:
    return SubmissionRules.of(submission.jam).discussion


@transaction.atomic
def comment(
    *,
    submission: Submission,
    by: User,
    text: str,
    answers_to: Comment | None = None,
    moment: datetime,
) -> Comment:
    """Say something about the submission, or answer somebody; an answer to an answer stands in the
    same thread. Its team, and who is answered, are told if they want. Raises Refused."""
    submission = (
        Submission.objects.select_related("jam__submission_rules", "frozen")
        .select_for_update(of=("self",), no_key=True)
        .get(pk=submission.pk)
    )
    refuse(comment_refusal(by, submission, _rule(submission), moment))
    thread = None
    if answers_to is not None:
        thread = _locked(answers_to)
        if thread.answers_to_id:
            thread = _locked(thread.answers_to)
        if thread.submission_id != submission.pk or thread.deleted_at or thread.hidden_at:
            refuse(CommentRefusal.GONE)
    text = text.strip()
    if not text:
        refuse(CommentRefusal.EMPTY)
    # Pages of those who are signed out show it some seconds later.
    made = Comment.objects.create(
        submission=submission, answers_to=thread, author=by, text=text, written_at=moment
    )
    log.record("commented", made, by=by, jam=submission.jam, moment=moment)
    told = {by.pk}
    if thread is not None and thread.author_id not in told:
        told.add(thread.author_id)
        _tell(thread.author, made, ANSWERS, _("%(name)s answered you"), moment)
    for contributor in submission.contributors.select_related("user"):
        if contributor.user_id not in told:
            subject = _("%(name)s on “%(title)s”")
            _tell(contributor.user, made, ON_MINE, subject, moment)
    return made


def _tell(user: User, made: Comment, kind: str, subject: str, moment: datetime) -> None:
    title = made.submission.frozen.title
    outbox.post(
        user=user,
        key=f"comment:{made.pk}",
        kind=kind,
        jam=made.submission.jam,
        subject=subject % {"name": made.author, "title": title},
        paragraphs=[_("On “%(title)s”:") % {"title": title}, made.text],
        action_label=_("Read it there, and answer"),
        action_path=made.get_absolute_url(),
        moment=moment,
    )


@transaction.atomic
def edit_comment(*, comment: Comment, by: User, text: str, moment: datetime) -> Comment:
    """Say it in other words; it is marked as edited. Raises Refused."""
    comment, text = _locked(comment), text.strip()
    refuse(edit_comment_refusal(by, comment, _rule(comment.submission), moment))
    if not text:
        refuse(CommentRefusal.EMPTY)
    if text != comment.text:
        comment.text, comment.edited_at = text, moment
        comment.save(update_fields=["text", "edited_at"])
        caching.forget()
        log.record("edited", comment, by=by, jam=comment.submission.jam, moment=moment)
    return comment


@transaction.atomic
def delete_comment(*, comment: Comment, by: User, moment: datetime) -> None:
    """Take the words away; where they were answered, the place stays. Raises Refused."""
    comment = _locked(comment)
    refuse(delete_comment_refusal(by, comment))
    comment.text, comment.deleted_at = "", moment
    comment.save(update_fields=["text", "deleted_at"])
    caching.forget()
    log.record("deleted", comment, by=by, jam=comment.submission.jam, moment=moment)


@transaction.atomic
def hide_comment(
    *, comment: Comment, by: User, is_hidden: bool, reason: str, moment: datetime
) -> None:
    """Show the comment to its author and the organizers alone, or to everybody again; its author is
    told. Raises Refused."""
    comment, reason = _locked(comment), reason.strip()
    refuse(hide_comment_refusal(by, comment, is_hidden, reason))
    jam, before = comment.submission.jam, {"reason": comment.hidden_reason}
    comment.hidden_at = moment if is_hidden else None
    comment.hidden_reason = reason if is_hidden else ""
    comment.save(update_fields=["hidden_at", "hidden_reason"])
    caching.forget()
    reporting.settle(target=comment, by=by, moment=moment)
    log.record("hid" if is_hidden else "showed again", comment, by=by, jam=jam, reason=reason,
               before={} if is_hidden else before, moment=moment)  # fmt: skip
    if is_hidden:
        subject = _("Your comment is hidden")
        paragraphs = [_("The organizers have hidden it from others. Their reason:"), reason]
    else:
        subject = _("Your comment is back")
        paragraphs = [_("The organizers show it to everybody again.")]
    outbox.post(
        user=comment.author,
        key=f"hidden-comment:{comment.pk}:{moment.isoformat()}",
        jam=jam,
        subject=subject,
        paragraphs=[*paragraphs, _("You had written:"), comment.text],
        action_label=_("See it"),
        action_path=comment.get_absolute_url(),
        moment=moment,
    )
