"""Questions of a jam's own on the form of a submission, and what was answered."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from jam.models import OPTIONS_FIT, Asked, Jam


class Question(Asked):
    """Something that a jam wants to know of each submission."""

    jam = models.ForeignKey(Jam, on_delete=models.CASCADE, related_name="submission_questions")
    is_required = models.BooleanField(
        _("required"),
        default=False,
        help_text=_("A draft without an answer is not complete."),
    )

    class Meta:
        verbose_name = _("question to submissions")
        verbose_name_plural = _("questions to submissions")
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["jam", "text"], name="submissions_are_asked_once"),
            models.CheckConstraint(
                condition=OPTIONS_FIT,
                name="choices_and_only_they_have_options",
                violation_error_message=_("A choice has options, and nothing else has."),
            ),
        ]


class Answer(models.Model):
    """What a draft says to a question."""

    submission = models.ForeignKey(
        "submissions.Submission", on_delete=models.CASCADE, related_name="answers"
    )
    # A question that somebody answered can be worded anew, and not be deleted.
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="answers")
    text = models.TextField(_("answer"))

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        ordering = ["question__order", "question"]
        constraints = [
            models.UniqueConstraint(
                fields=["submission", "question"], name="one_answer_per_question"
            ),
            models.CheckConstraint(condition=~Q(text=""), name="answers_to_a_jam_say_something"),
        ]

    def __str__(self) -> str:
        return self.text
