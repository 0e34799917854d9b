"""Why a person may not comment on a submission, or do something with a comment."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from jam import timeline
from jam.models import Jam
from jam.permissions import has_verified_email
from jam.roles import Right, may
from submissions.models import Comment, Submission, SubmissionRules


class CommentRefusal(TextChoices):
    """Why someone may not write, change, delete or hide a comment."""

    NOT_FROZEN = "not_frozen", _("Comments open when submissions have closed.")
    QUIET = "quiet", _("Nobody comments while submissions are being rated.")
    OUT = "out", _("This submission was withdrawn or disqualified.")
    SIGNED_OUT = "signed_out", _("Sign in to comment.")
    UNVERIFIED = "unverified", _("Confirm your e-mail address first.")
    BANNED = "banned", _("The organizers keep you out of this jam.")
    GONE = "gone", _("This comment is not there any more.")
    EMPTY = "empty", _("Write something first.")
    TOO_MANY = "too_many", _("Those were many comments. Go on in an hour.")
    NOT_AUTHOR = "not_author", _("Only whoever wrote this comment may do that.")
    NOT_ORGANIZER = "not_organizer", _("Only organizers may do that.")
    NO_REASON = "no_reason", _("Say why: who wrote it is told.")
    NOTHING_TO_DO = "nothing_to_do", _("It is so already.")


def is_discussion_hidden(jam: Jam, rule: str, moment: datetime) -> bool:
    """Whether nobody reads comments now, where the jam has this rule for its discussions."""
    return rule == SubmissionRules.Discussion.HIDDEN and moment in timeline.quiet_window(jam)


def comment_refusal(
    user: Any, submission: Submission, rule: str, moment: datetime
) -> CommentRefusal | None:
    """Why `user` may not comment on the submission. What the person can mend comes last."""
    if not submission.is_frozen:
        return CommentRefusal.NOT_FROZEN
    if submission.withdrawn_at is not None or submission.disqualified_at is not None:
        return CommentRefusal.OUT
    is_quiet = moment in timeline.quiet_window(submission.jam)
    if is_quiet and rule != SubmissionRules.Discussion.OPEN:
        return CommentRefusal.QUIET
    if not user.is_authenticated:
        return CommentRefusal.SIGNED_OUT
    if submission.jam.has_banned(user):
        return CommentRefusal.BANNED
    return None if has_verified_email(user) else CommentRefusal.UNVERIFIED


def edit_comment_refusal(
    user: Any, comment: Comment, rule: str, moment: datetime
) -> CommentRefusal | None:
    """Why `user` may not change what the comment says."""
    if refusal := delete_comment_refusal(user, comment):
        return refusal
    if comment.hidden_at is not None:
        return CommentRefusal.GONE
    return comment_refusal(user, comment.submission, rule, moment)


def delete_comment_refusal(user: Any, comment: Comment) -> CommentRefusal | None:
    """Why `user` may not delete the comment, which is possible for ever."""
    if not user.is_authenticated or comment.author_id != user.pk:
        return CommentRefusal.NOT_AUTHOR
    return CommentRefusal.GONE if comment.deleted_at is not None else None


def hide_comment_refusal(
    user: Any, comment: Comment, is_hidden: bool, reason: str
) -> CommentRefusal | None:
    """Why `user` may not hide the comment for `reason`, or show it again."""
    if not may(user, comment.submission.jam, Right.MODERATE):
        return CommentRefusal.NOT_ORGANIZER
    if comment.deleted_at is not None or (comment.hidden_at is not None) == is_hidden:
        return CommentRefusal.NOTHING_TO_DO
    return CommentRefusal.NO_REASON if is_hidden and not reason.strip() else None
