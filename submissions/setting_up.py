"""What submissions have to say of setting a jam up: rules, tracks, questions."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jam import timeline
from jam.desk import counted
from jam.loading import Kind
from jam.models import Jam, User
from jam.parts import Part
from jam.questions import MOST_QUESTIONS
from jam.set_up import Check, Copying, Portion, Role, State
from submissions import freezing
from submissions.models import (
    Closing,
    Contributor,
    LateGrant,
    Question,
    Submission,
    SubmissionRules,
    Track,
)

# What suits a template, where it is not the default.
TEMPLATES = {
    "evening": {"team_size": 4, "ai_tools": SubmissionRules.AiTools.OFF},
}


TRACKS = Kind(Track, ("name", "description"))
QUESTIONS = Kind(Question, ("text", "kind", "options", "help_text", "is_required"), MOST_QUESTIONS)


class SettingUpPart(Part):
    """Setting up, as far as it is about submissions."""

    def kinds(self) -> list[Kind]:
        return [TRACKS, QUESTIONS]

    def suit(self, jam: Jam, template: str) -> None:
        rules = SubmissionRules.of(jam)
        for name, value in TEMPLATES.get(template, {}).items():
            setattr(rules, name, value)
        rules.save()

    def portions(self, source: Jam) -> list[Portion]:
        rows = (
            ("tracks", _("tracks"), source.tracks),
            ("submission questions", _("questions to submissions"), source.submission_questions),
        )
        rules = Portion("submission rules", _("rules for submissions"))
        return [rules, *(Portion(name, label) for name, label, found in rows if found.exists())]

    def copy(self, copying: Copying) -> None:
        source, jam = copying.source, copying.jam
        if "submission rules" in copying.chosen:
            copying.over(SubmissionRules.of(jam), SubmissionRules.of(source))
        if "tracks" in copying.chosen:
            copying.rows(source.tracks.all())
        if "submission questions" in copying.chosen:
            copying.rows(source.submission_questions.all())

    def check_facts(self) -> dict[str, Any]:
        return {
            "n_tracks": counted(Track.objects.all()),
            "n_submission_questions": counted(Question.objects.all()),
        }

    def checks(self, jam: Jam, moment: datetime) -> list[Check]:
        here, done = [jam.slug], State.DONE
        rules = SubmissionRules.of(jam)
        asked = [_("Teams of up to %(n)s people.") % {"n": rules.team_size}]
        if rules.report_required:
            asked.append(_("A report is required."))
        if rules.repository_required:
            asked.append(_("A code repository is required."))
        if rules.blind:
            asked.append(_("Rated blind."))
        tracks, questions = jam.n_tracks, jam.n_submission_questions
        alone = tracks == 1
        return [
            Check(
                _("Rules for submissions"), done, " ".join(asked),
                reverse("submissions:rules", args=here),
            ),
            Check(
                _("Tracks"),
                State.LOOK if alone else done,
                _("There is only one, which tells nothing apart. Add another, or remove it.")
                if alone
                else ngettext("%(n)s track.", "%(n)s tracks.", tracks) % {"n": tracks}
                if tracks
                else _("None: everybody is ranked together."),
                reverse("submissions:tracks", args=here),
            ),
            Check(
                _("Questions to submissions"),
                done,
                ngettext("%(n)s question.", "%(n)s questions.", questions) % {"n": questions}
                if questions
                else _("Nothing is asked beside the work."),
                reverse("submissions:questions", args=here),
            ),
        ]  # fmt: skip

    def moving(self, jam: Jam, moves: dict[str, datetime], moment: datetime) -> list[str]:
        told = []
        if close := moves.get("submissions_close_at"):
            there = Submission.objects.filter(jam=jam, withdrawn_at=None)
            handed_in = there.handed_in().count()
            if handed_in:
                told.append(
                    ngettext(
                        "%(n)s handed-in submission stays in.",
                        "%(n)s handed-in submissions stay in.",
                        handed_in,
                    )
                    % {"n": handed_in}
                )
            if drafts := there.filter(disqualified_at=None).count() - handed_in:
                if timeline.is_later(close, jam.submissions_close_at):
                    words = ngettext(
                        "%(n)s draft has more time.", "%(n)s drafts have more time.", drafts
                    )
                else:
                    words = ngettext(
                        "%(n)s draft has less time.", "%(n)s drafts have less time.", drafts
                    )
                told.append(words % {"n": drafts})
        if close := moves.get("ratings_close_at"):
            late = LateGrant.objects.live().filter(submission__jam=jam)
            if n := late.filter(timeline.ends_after(close)).count():
                told.append(
                    ngettext(
                        "%(n)s submission was granted time beyond the end of rating, and will not "
                        "be rated unless you change that.",
                        "%(n)s submissions were granted time beyond the end of rating, and will "
                        "not be rated unless you change that.",
                        n,
                    )
                    % {"n": n}
                )
        return told

    def pages_to_see(self) -> list[str]:
        names = ("gallery", "detail", "edit", "board")
        return [f"submissions:{name}" for name in names]

    def stand_in(self, jam: Jam, user: User, role: Role, moment: datetime) -> None:
        """Whoever hands something in has done so, from the start of the jam on."""
        if role == Role.CONTRIBUTOR and not jam.making_window.is_before(moment):
            stand_in_submission(jam, user)


def stand_in_submission(jam: Jam, user: User) -> None:
    """A submission of somebody who is made up: handed in, and frozen where others are."""
    begun = jam.starts_at
    made = Submission.objects.create(
        jam=jam, title=_("What you made"), abstract=_("An example, in a sentence."),
        body=_("An example."), licence="CC-BY-4.0", track=jam.tracks.first(),
        created_at=begun, saved_at=begun, saved_by=user,
    )  # fmt: skip
    Contributor.objects.create(submission=made, user=user, confirmed_at=begun)
    made = Submission.objects.with_content().get(pk=made.pk)
    origin = freezing.Revision.Origin.HANDED_IN
    revision = freezing.revision_of(made, None, origin=origin, by=user, moment=begun)
    revision.save()
    if Closing.objects.filter(jam=jam).exists():
        Submission.objects.filter(pk=made.pk).update(frozen=revision)
