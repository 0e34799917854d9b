"""Questions that organizers ask on a form of ours: their kinds, and the field for an answer.

Whatever has `text`, `kind`, `options` (one a line) and `help_text` can be asked. An answer is a
text: of a choice the option that was chosen, of yes or no one of `YES_NO`.
"""

from __future__ import annotations

from typing import Protocol

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy


class Kind(TextChoices):
    """What kind of answer a question wants."""

    SHORT = "short", gettext_lazy("a line")
    LONG = "long", gettext_lazy("a text")
    CHOICE = "choice", gettext_lazy("one of several options")
    YES_NO = "yes_no", gettext_lazy("yes or no")


# Kept as they are: what was answered does not depend on the language that it was answered in.
YES_NO = (("Yes", gettext_lazy("Yes")), ("No", gettext_lazy("No")))
# Characters of an answer, and how many options a choice has.
LONGEST = {Kind.SHORT: 200, Kind.LONG: 4000}
MOST_OPTIONS = 40
# Of one form: more keep people from joining, and teams from their work.
MOST_QUESTIONS = 20


class Question(Protocol):
    """What can be asked."""

    text: str
    kind: str
    options: str
    help_text: str


def options_of(question: Question) -> list[str]:
    """The options of a choice, in order."""
    return [line.strip() for line in question.options.splitlines() if line.strip()]


def check(question: Question) -> None:
    """Raise ValidationError where the options do not fit the kind of question."""
    options = options_of(question)
    wrong = ""
    if question.kind != Kind.CHOICE:
        wrong = _("Only a choice has options.") if options else ""
    elif len(options) < 2 or len(set(options)) < len(options):
        wrong = _("Write at least two options, one a line, each of them once.")
    elif len(options) > MOST_OPTIONS or max(map(len, options)) > LONGEST[Kind.SHORT]:
        wrong = _("At most %(options)s options, of %(letters)s characters each.") % {
            "options": MOST_OPTIONS,
            "letters": LONGEST[Kind.SHORT],
        }
    if wrong:
        raise ValidationError({"options": wrong})


def field_of(question: Question, *, answered: str = "", required: bool = False) -> forms.Field:
    """A field for the answer. What was answered before stays among the options, though the
    question may have been changed since."""
    asked = {
        "label": question.text,
        "help_text": question.help_text,
        "required": required,
        "initial": answered,
    }
    if question.kind in LONGEST:
        longest = max(LONGEST[question.kind], len(answered))
        widget = forms.TextInput()
        if question.kind == Kind.LONG:
            widget = forms.Textarea(attrs={"rows": 3, "class": "short"})
        return forms.CharField(max_length=longest, widget=widget, **asked)
    choices = list(YES_NO)
    if question.kind == Kind.CHOICE:
        choices = [(option, option) for option in options_of(question)]
    if answered and answered not in dict(choices):
        choices.append((answered, answered))
    return forms.ChoiceField(choices=[("", _("Choose …")), *choices], **asked)
