"""Questions that a jam asks of its own accord: what all have in common, and those at sign-up."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from jam import questions

from .jams import Jam
from .taking_part import Participation

# A choice has options, and nothing else has.
OPTIONS_FIT = Q(kind=questions.Kind.CHOICE) & ~Q(options="") | ~Q(kind=questions.Kind.CHOICE) & Q(
    options=""
)


class Asked(models.Model):
    """A question with a kind of answer, in its place among others."""

    order = models.PositiveSmallIntegerField(_("order"), default=0)
    text = models.CharField(_("question"), max_length=200)
    kind = models.CharField(
        _("answer"), max_length=8, choices=questions.Kind, default=questions.Kind.SHORT
    )
    options = models.TextField(
        _("options"), max_length=10_000, blank=True, help_text=_("Of a choice: one a line.")
    )
    help_text = models.CharField(_("help"), max_length=300, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.text

    def clean(self) -> None:
        questions.check(self)


class SignUpQuestion(Asked):
    """Something that a jam wants to know of each person who joins."""

    jam = models.ForeignKey(Jam, on_delete=models.CASCADE, related_name="sign_up_questions")
    is_required = models.BooleanField(
        _("required"), default=False, help_text=_("Nobody joins without an answer.")
    )
    is_public = models.BooleanField(
        _("public"),
        default=False,
        help_text=_(
            "Those who take part see the answers of those who are on the list of participants. "
            "What was answered before you ticked this stays private."
        ),
    )

    class Meta:
        verbose_name = _("question at sign-up")
        verbose_name_plural = _("questions at sign-up")
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["jam", "text"], name="people_are_asked_once"),
            models.CheckConstraint(
                condition=OPTIONS_FIT,
                name="sign_up_choices_have_options",
                violation_error_message=_("A choice has options, and nothing else has."),
            ),
        ]


class SignUpAnswerQuerySet(models.QuerySet):
    def public(self) -> "SignUpAnswerQuerySet":
        """What others who take part may read: asked in public, then and now."""
        return self.filter(is_public=True, question__is_public=True)


class SignUpAnswer(models.Model):
    """What somebody who takes part says to a question of the jam."""

    participation = models.ForeignKey(
        Participation, on_delete=models.CASCADE, related_name="answers"
    )
    # A question that somebody answered can be worded anew, and not be deleted.
    question = models.ForeignKey(SignUpQuestion, on_delete=models.PROTECT, related_name="answers")
    text = models.TextField(_("answer"))
    # As it was promised to whoever answered.
    is_public = models.BooleanField(_("public"), default=False)

    objects = SignUpAnswerQuerySet.as_manager()

    class Meta:
        verbose_name = _("answer at sign-up")
        verbose_name_plural = _("answers at sign-up")
        ordering = ["question__order", "question"]
        constraints = [
            models.UniqueConstraint(
                fields=["participation", "question"], name="one_sign_up_answer_per_question"
            ),
            models.CheckConstraint(condition=~Q(text=""), name="sign_up_answers_say_something"),
        ]

    def __str__(self) -> str:
        return self.text
