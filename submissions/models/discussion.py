"""What people say about a submission."""

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _


class CommentQuerySet(models.QuerySet):
    def live(self) -> "CommentQuerySet":
        """Neither deleted nor hidden."""
        return self.filter(deleted_at=None, hidden_at=None)

    def shown_to(self, user, is_organizer: bool) -> "CommentQuerySet":
        """What is live; to its author and the organizers also what is hidden; and of a thread that
        goes on its place."""
        shown = Q(deleted_at=None, hidden_at=None)
        if is_organizer:
            shown |= Q(deleted_at=None)
        elif user.is_authenticated:
            shown |= Q(deleted_at=None, author_id=user.pk)
        answers = Comment.objects.live().filter(answers_to=OuterRef("pk"))
        return self.filter(shown | Exists(answers))


class Comment(models.Model):
    """A word on a submission, or an answer to one. Nothing answers an answer.

    A deleted comment has no words any more; its row keeps the place of those that answer it.
    """

    submission = models.ForeignKey(
        "submissions.Submission", on_delete=models.CASCADE, related_name="comments"
    )
    answers_to = models.ForeignKey(
        "self", on_delete=models.CASCADE, null=True, blank=True, related_name="answers"
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="comments"
    )
    text = models.TextField(_("comment"), max_length=5_000, blank=True)
    written_at = models.DateTimeField(_("written at"))
    edited_at = models.DateTimeField(_("edited at"), null=True, blank=True)
    deleted_at = models.DateTimeField(_("deleted at"), null=True, blank=True)
    hidden_at = models.DateTimeField(_("hidden at"), null=True, blank=True)
    hidden_reason = models.TextField(_("why it was hidden"), max_length=500, blank=True)

    objects = CommentQuerySet.as_manager()

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        ordering = ["written_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(deleted_at=None) & ~Q(text="") | Q(deleted_at__isnull=False, text=""),
                name="comments_have_words_until_deleted",
            ),
            models.CheckConstraint(
                condition=Q(hidden_at=None) | ~Q(hidden_reason=""),
                name="hiding_a_comment_has_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(answers_to=None) | Q(answers_to__lt=F("id")),
                name="answers_come_after",
            ),
        ]
        indexes = [
            models.Index(fields=["submission", "written_at"], condition=Q(answers_to=None),
                         name="threads_in_order"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return Truncator(self.text).chars(60) or str(_("A deleted comment"))

    def get_absolute_url(self) -> str:
        here = [self.submission.jam.slug, self.submission_id, self.thread_id]
        return reverse("submissions:thread", args=here) + f"#comment-{self.pk}"

    @property
    def name_in_log(self) -> str:
        # Not its words: the log outlives what is deleted.
        return f"comment {self.pk}"

    @property
    def thread_id(self) -> int:
        return self.answers_to_id or self.pk
