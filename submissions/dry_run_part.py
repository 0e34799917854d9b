"""What happens in a dry run with submissions: some are handed in, some are left to the deadline."""

from __future__ import annotations

import hashlib
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jam.dry_run import FIRST_KEY, Play, Scene, answer_to, refused
from jam.models import User
from jam.parts import Part
from submissions import freezing, reminding, services
from submissions.checklist import missing_from
from submissions.models import AiUse, Contributor, File, Link, Submission, SubmissionRules

# Who makes something with whom, by their places among the people: two teams hand in what they made,
# the third leaves a complete draft to the deadline, and the last one an incomplete draft.
TEAMS = ((0, 1), (2, 3), (4,), (5,))
HANDING_IN = 2


class DryRunPart(Part):
    """A dry run, as far as it is about submissions."""

    def perform(self, play: Play, scene: Scene) -> None:
        match scene:
            case Scene.START:
                self._begin(play)
            case Scene.LAST_DAY:
                self._remind(play)
            case Scene.LAST_HOUR:
                self._hand_in(play)
                self._remind(play)
            case Scene.DEADLINE:
                self._come_late(play)
            case Scene.FREEZING:
                self._close(play)
                self._comment(play)
            case Scene.RATED:
                self._comment(play)

    def _begin(self, play: Play) -> None:
        jam = play.jam
        rules = SubmissionRules.of(jam)
        for place, members in enumerate(TEAMS):
            first, *others = [play.people[member] for member in members[: rules.team_size]]
            draft = _numbered(services.start(jam=jam, by=first, moment=play.moment), place)
            for other in others:
                services.join_team(submission=draft, user=other, moment=play.moment)
            _write(play, draft, first, "ABCD"[place], is_complete=place < len(TEAMS) - 1)
        people = Contributor.objects.filter(submission__jam=jam).count()
        text = ngettext(
            "%(people)s person begins %(teams)s submissions.",
            "%(people)s people begin %(teams)s submissions.",
            people,
        )
        play.tell(text % {"people": people, "teams": len(TEAMS)})

    def _remind(self, play: Play) -> None:
        reminding.remind(play.jam, play.moment)
        reminding.remind_idle(play.jam, play.moment)

    def _hand_in(self, play: Play) -> None:
        drafts = _drafts_of(play)
        for draft in drafts[:HANDING_IN]:
            _hand_in(play, draft)
        last = drafts[-1]
        play.tell(
            _("“%(title)s” is left as it is. It lacks: %(items)s")
            % {"title": last, "items": ", ".join(str(item.label) for item in missing_from(last))}
        )

    def _come_late(self, play: Play) -> None:
        """Whoever comes with the closing instant comes too late."""
        draft = _drafts_of(play)[0]
        words = refused(
            lambda: services.hand_in(submission=draft, by=draft.saved_by, moment=play.moment)
        )
        play.tell(_("Who hands in now reads: %(words)s") % {"words": words})

    def _close(self, play: Play) -> None:
        closing = freezing.close(play.jam, play.moment)
        frozen = Submission.objects.filter(jam=play.jam, frozen__isnull=False)
        by_themselves = frozen.filter(frozen__origin="deadline").count()
        text = ngettext(
            "%(n)s submission is in and will be rated.",
            "%(n)s submissions are in and will be rated.",
            closing.handed_in,
        )
        (play.tell if closing.handed_in else play.warn)(text % {"n": closing.handed_in})
        if by_themselves:
            text = ngettext(
                "%(n)s of them is a complete draft that nobody handed in: it counts all the same.",
                "%(n)s of them are complete drafts that nobody handed in: they count all the same.",
                by_themselves,
            )
            play.tell(text % {"n": by_themselves})
        left = len(TEAMS) - closing.handed_in
        text = ngettext(
            "%(n)s draft lacks something and is not in.",
            "%(n)s drafts lack something and are not in.",
            left,
        )
        play.tell(text % {"n": left})

    def _comment(self, play: Play) -> None:
        """Who has made nothing has a word on the first submission, and its author answers."""
        submission = Submission.objects.filter(jam=play.jam).public().order_by("pk").first()
        if submission is None or submission.comments.exists():
            return
        text = _("An invented question.")
        words = refused(
            lambda: services.comment(
                submission=submission, by=play.idle, text=text, moment=play.moment
            )
        )
        if words:
            play.tell(_("Who comments now reads: %(words)s") % {"words": words})
            return
        services.comment(
            submission=submission,
            by=submission.saved_by,
            text=_("An invented answer."),
            answers_to=submission.comments.get(),
            moment=play.moment,
        )
        told = {"name": play.idle, "title": submission, "author": submission.saved_by}
        play.tell(_("%(name)s comments on “%(title)s”, and %(author)s answers.") % told)


def _drafts_of(play: Play) -> list[Submission]:
    return list(Submission.objects.with_content().filter(jam=play.jam).order_by("pk"))


def _hand_in(play: Play, draft: Submission) -> None:
    words = refused(
        lambda: services.hand_in(submission=draft, by=draft.saved_by, moment=play.moment)
    )
    title = {"title": draft, "words": words}
    if words:
        play.warn(_("“%(title)s” cannot be handed in: %(words)s") % title)
    else:
        play.tell(_("“%(title)s” is handed in.") % title)


def _numbered(draft: Submission, place: int) -> Submission:
    key = FIRST_KEY + place
    Contributor.objects.filter(submission=draft).update(submission=key)
    Submission.objects.filter(pk=draft.pk).update(id=key)
    return Submission.objects.get(pk=key)


def _write(play: Play, draft: Submission, by: User, letter: str, *, is_complete: bool) -> None:
    """Have `by` write a draft; a complete one has all that the jam asks for."""
    jam, rules = play.jam, SubmissionRules.of(play.jam)
    fields: dict[str, Any] = {"title": _("What team %(letter)s made") % {"letter": letter}}
    links: list[dict[str, str]] = []
    answers = {}
    if is_complete:
        fields |= {
            "abstract": _("An invented abstract, in a sentence."),
            "body": _("An invented text."),
            "licence": "CC-BY-4.0",
            "track": jam.tracks.first(),
        }
        if rules.ai_tools != rules.AiTools.OFF:
            fields["ai_use"] = AiUse.NONE
        if rules.repository_required:
            url = "https://example.org/code"
            links.append({"kind": Link.Kind.REPOSITORY, "url": url, "label": ""})
        if rules.report_required:
            _add_report(draft, by, play)
        answers = {question.pk: answer_to(question) for question in jam.submission_questions.all()}
    services.save_draft(
        submission=draft,
        by=by,
        fields=fields,
        links=links,
        answers=answers,
        version=services.locked(draft).version,
        moment=play.moment,
    )


def _add_report(draft: Submission, by: User, play: Play) -> None:
    """A row without a file: what is stored would not be rolled back."""
    name = "report.pdf"
    File.objects.create(
        submission=draft,
        kind=File.Kind.REPORT,
        name=name,
        content=name,
        content_type="application/pdf",
        size=1,
        sha256=hashlib.sha256(name.encode()).hexdigest(),
        uploaded_at=play.moment,
        uploaded_by=by,
    )
