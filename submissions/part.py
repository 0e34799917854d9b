from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, IntegerField, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from jam import timeline
from jam.models import Jam, Participation, User
from jam.parts import Action, Number, Part, Reader, Section, Step, Tab
from jam.timeline import Phase
from submissions import freezing, gallery, services
from submissions.admin import SubmissionRulesInline
from submissions.checklist import missing_from
from submissions.models import Closing, File, LateGrant, Submission, SubmissionRules
from submissions.permissions import edit_refusal


class SubmissionsPart(Part):
    """Drafts, the gallery, closing."""

    def facts(self) -> dict[str, Any]:
        grants = LateGrant.objects.live().filter(submission__jam=OuterRef("pk"))
        return {
            "is_closed": Exists(Closing.objects.filter(jam=OuterRef("pk"))),
            "has_grants": Exists(grants),
        }

    def numbers(self) -> list[Number]:
        return [Number("submissions", gettext_lazy("handed in"), _handed_in)]

    def tabs(self, jam: Jam, reader: Reader) -> list[Tab]:
        to_come = ""
        if jam.making_window.is_before(reader.moment):
            to_come = _("from %(when)s") % {"when": day(jam.starts_at)}
        url = reverse("submissions:gallery", args=[jam.slug])
        return [Tab("submissions", _("Submissions"), url, to_come)]

    def refresh(self, jam: Jam, moment: datetime) -> None:
        if not timeline.closing_due(jam, moment) or not jam.is_published:
            return
        if jam.is_closed:
            if jam.has_grants and freezing.grants_over(jam, moment).exists():
                freezing.close(jam, moment)
            return
        if Submission.objects.filter(jam=jam)[: freezing.AT_ONCE + 1].count() <= freezing.AT_ONCE:
            jam.is_closed = freezing.close(jam, moment) is not None

    def set_up(self, jam: Jam) -> None:
        SubmissionRules.objects.get_or_create(jam=jam)

    def participation_cancelled(self, participation: Participation, moment: datetime) -> None:
        services.leave_jam(participation=participation, moment=moment)

    def step(self, jam: Jam, reader: Reader) -> Step | None:
        if not reader.is_participant:
            return None
        phase = jam.phase_at(reader.moment)
        if phase == Phase.MAKING:
            return self.making_step(jam, reader)
        if jam.has_grants and (step := self.late_step(jam, reader)):
            return step
        if phase == Phase.CLOSING:
            return Step(
                weight=50,
                eyebrow=_("Submissions have closed"),
                title=_("Taking in the last submissions"),
                text=_("A complete draft counts as handed in. Rating opens soon."),
                action=Action(
                    _("See your submissions"), reverse("submissions:gallery", args=[jam.slug])
                ),
            )
        return None

    def making_step(self, jam: Jam, reader: Reader) -> Step:
        own = (
            Submission.objects.filter(jam=jam, withdrawn_at=None)
            .of_team_member(reader.user)
            .with_checklist()
            .annotate(is_handed_in=Exists(Submission.objects.handed_in().filter(pk=OuterRef("pk"))))
            .order_by("-saved_at")
        )
        submission = own.first()
        until = day(jam.submissions_close_at, with_time=True)
        if submission is None:
            return Step(
                weight=50,
                title=_("Find a team, or start alone"),
                text=_("A draft is yours from the first minute; others join it by a link."),
                action=Action(
                    _("Start a submission"),
                    reverse("submissions:start", args=[jam.slug]),
                    post=True,
                    icon="plus-lg",
                ),
            )
        edit = reverse("submissions:edit", args=[jam.slug, submission.pk])
        missing = missing_from(submission)
        if missing:
            title = ngettext(
                "One thing is missing before %(until)s",
                "%(n)s things are missing before %(until)s",
                len(missing),
            ) % {"n": len(missing), "until": until}
            text = " · ".join(str(item.label) for item in missing)
            if submission.is_handed_in:
                text += " " + _("What you handed in stays in.")
            action = Action(_("Go on writing"), edit, icon="pencil")
            return Step(weight=55, eyebrow=str(submission), title=title, text=text, action=action)
        if submission.is_handed_in:
            return Step(
                weight=55,
                eyebrow=str(submission),
                title=_("It is handed in"),
                text=_("You can go on improving it until %(until)s.") % {"until": until},
                action=Action(_("Improve it"), edit, icon="pencil"),
            )
        return Step(
            weight=55,
            eyebrow=str(submission),
            title=_("Your draft is complete"),
            text=_("It counts as handed in at %(until)s. Hand it in now for a receipt.")
            % {"until": until},
            action=Action(
                _("Hand in"),
                reverse("submissions:hand_in", args=[jam.slug, submission.pk]),
                post=True,
                icon="send",
            ),
            more=(Action(_("Go on writing"), edit),),
        )

    def late_step(self, jam: Jam, reader: Reader) -> Step | None:
        """For whoever was given time after the deadline and has not handed in yet."""
        own = Submission.objects.filter(jam=jam).of_team_member(reader.user).with_checklist()
        for submission in own.filter(granted_until__isnull=False).prefetch_related("contributors"):
            submission.jam = jam
            if edit_refusal(reader.user, submission, reader.moment) is None:
                until = day(submission.granted_until, with_time=True)
                return Step(
                    weight=60,
                    eyebrow=str(submission),
                    title=_("You have more time, until %(until)s") % {"until": until},
                    text=_("What you hand in now is labelled late."),
                    action=Action(
                        _("Go on writing"),
                        reverse("submissions:edit", args=[jam.slug, submission.pk]),
                        icon="pencil",
                    ),
                )
        return None

    def place_sections(self, jam: Jam, place: Any, reader: Reader) -> list[Section]:
        """What was made at a local site."""
        made = gallery.submissions_of(jam, reader.user, reader.moment, site=str(place.pk))[:24]
        cards = gallery.cards(made, jam)
        if not cards:
            return []
        return [Section(_("Made here"), "made-here", "submissions/place.html", {"cards": cards})]

    def personal_data(self, user: User) -> dict[str, Any]:
        own = Submission.objects.with_content().filter(contributors__user=user)
        return {
            "submissions": [
                {
                    "jam": submission.jam.title,
                    "draft": freezing.content_of(submission),
                    "handed in": list(
                        submission.revisions.values("number", "arrived_at", "digest", "content")
                    ),
                }
                for submission in own
            ],
            "files uploaded": list(
                File.objects.filter(uploaded_by=user).values(
                    "submission__title", "name", "size", "sha256", "uploaded_at", "removed_at"
                )
            ),
        }

    def admin_inlines(self) -> list[type]:
        return [SubmissionRulesInline]


def _handed_in() -> Coalesce:
    submissions = Submission.objects.filter(jam=OuterRef("pk")).handed_in()
    counted = submissions.order_by().values("jam").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def day(at: datetime, with_time: bool = False) -> str:
    """A date in the reader's zone, with its weekday; with the time also the zone."""
    local = localtime(at)
    if with_time:
        return f"{date_format(local, 'l j F, H:i')} {local.tzname()}"
    return date_format(local, "D j M")
