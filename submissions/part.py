from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db.models import (
    Count,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Subquery,
    prefetch_related_objects,
)
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from jam import caching, once, timeline
from jam.archive.tables import Table
from jam.models import Idea, Jam, Participation, User
from jam.parts import Action, Merit, Number, Reader, Section, Step, Tab
from jam.permissions import gone_refusal
from jam.timeline import Phase
from submissions import (
    certificates,
    claims,
    freezing,
    gallery,
    later,
    lineage,
    services,
    tables,
)
from submissions.admin import QuestionInline, SubmissionRulesInline, TrackInline
from submissions.audiences import AudiencesPart
from submissions.checklist import missing_from
from submissions.citing.page import citation_of
from submissions.desk_part import DeskPart
from submissions.dry_run_part import DryRunPart
from submissions.models import (
    Certificate,
    Closing,
    Contributor,
    File,
    LateGrant,
    Submission,
    SubmissionRules,
    TimeRequest,
    Track,
)
from submissions.permissions import (
    continue_refusal,
    edit_refusal,
    is_discussion_hidden,
    is_in_rating,
    is_on_team,
)
from submissions.services import looking
from submissions.setting_up import SettingUpPart
from submissions.telling import TellingPart
from submissions.trust_part import TrustPart

# On the page of a submission.
FIRST_THREADS = 3


class SubmissionsPart(SettingUpPart, DeskPart, DryRunPart, AudiencesPart, TellingPart, TrustPart):
    """Drafts, the gallery, closing."""

    def facts(self) -> dict[str, Any]:
        grants = LateGrant.objects.live().filter(submission__jam=OuterRef("pk"))
        return {
            "is_closed": Exists(Closing.objects.filter(jam=OuterRef("pk"))),
            "has_grants": Exists(grants),
            "discussion_rule": F("submission_rules__discussion"),
            "has_tracks": Exists(Track.objects.filter(jam=OuterRef("pk"))),
            "is_blind": Exists(SubmissionRules.objects.filter(jam=OuterRef("pk"), blind=True)),
        }

    def numbers(self) -> list[Number]:
        return [Number("submissions", gettext_lazy("handed in"), _handed_in)]

    def tabs(self, jam: Jam, reader: Reader) -> list[Tab]:
        to_come = ""
        if jam.making_window.is_before(reader.moment):
            to_come = _("from %(when)s") % {"when": day(jam.starts_at)}
        url = reverse("submissions:gallery", args=[jam.slug])
        tabs = [Tab("submissions", _("Submissions"), url, to_come)]
        if reader.moment in jam.joining_window:
            board = reverse("submissions:board", args=[jam.slug])
            tabs.append(Tab("teams", _("Find a team"), board))
        return tabs

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

    def participation_cancelled(
        self, participation: Participation, by: User, moment: datetime
    ) -> None:
        services.leave_jam(participation=participation, by=by, moment=moment)
        services.stop_looking(participation=participation, moment=moment)

    def export_tables(self) -> list[Table]:
        return tables.tables()

    def left_out_of_exports(self) -> dict[type, str]:
        return tables.left_out()

    def people_parted(self, user: User, whom: User, moment: datetime) -> None:
        services.part_people(user=user, whom=whom, moment=moment)

    def sections(self, jam: Jam, reader: Reader) -> list[Section]:
        found = []
        if jam.is_blind:
            context = {"is_over": timeline.results_due(jam, reader.moment)}
            found.append(Section(_("Rated blind"), "blind", "submissions/_blind.html", context))
        if not jam.has_tracks:
            return found
        url = reverse("submissions:gallery", args=[jam.slug])
        tracks = tuple(
            (track.name, track.description, f"{url}?track={track.pk}" if jam.is_closed else "")
            for track in caching.kept(jam, "tracks", lambda: list(jam.tracks.all()))
        )
        context = {"tracks": tracks}
        return [*found, Section(_("Tracks"), "tracks", "submissions/_tracks.html", context)]

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
            .annotate(
                has_proposal=Exists(
                    Contributor.objects.filter(
                        submission=OuterRef("pk"), proposed_order__isnull=False
                    )
                )
            )
            .annotate(is_handed_in=Exists(Submission.objects.handed_in().filter(pk=OuterRef("pk"))))
            .order_by("-saved_at")
        )
        submission = own.first()
        until = day(jam.submissions_close_at, with_time=True)
        if submission is None:
            board = reverse("submissions:board", args=[jam.slug])
            return Step(
                weight=50,
                title=_("Find a team, or start alone"),
                text=_("A draft is yours from the first minute; others join it by a link."),
                action=Action(
                    _("Start a submission"),
                    reverse("submissions:start", args=[jam.slug]),
                    post=True,
                    fields=once.fields(reader.moment),
                    icon="plus-lg",
                ),
                more=(Action(_("Find a team"), board, icon="people"),),
                is_beginning=True,
            )
        step = self.own_step(jam, submission, until)
        return replace(step, text=f"{step.text} {order_told(submission)}".strip())

    def own_step(self, jam: Jam, submission: Submission, until: str) -> Step:
        """What is to be done with a draft that there is."""
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
            if is_in_rating(submission, reader.moment):
                continue
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
        """What was made at a local site, once something can be seen of it."""
        if not jam.is_closed:
            return []
        made = gallery.submissions_of(jam, reader.user, reader.moment, site=str(place.pk))[:24]
        cards = gallery.cards(made, jam, reader.user, reader.moment)
        if not cards:
            return []
        return [Section(_("Made here"), "made-here", "submissions/place.html", {"cards": cards})]

    def submission_sections(
        self, jam: Jam, submission: Submission, reader: Reader
    ) -> list[Section]:
        """Below the work: that it is what was handed in, how to cite it, where it comes from."""
        return [
            *self.record_section(jam, submission, reader),
            *self.citing_section(submission, reader),
            *self.lineage_section(jam, submission, reader),
            *self.discussion_section(jam, submission, reader),
        ]

    def discussion_section(self, jam: Jam, submission: Submission, reader: Reader) -> list[Section]:
        """The first threads, and the way to the others."""
        if not submission.is_frozen:
            return []
        hidden = is_discussion_hidden(jam, jam.discussion_rule or "hidden", reader.moment)
        context: dict[str, Any] = {"is_hidden": hidden}
        if not hidden and (n := getattr(submission, "n_comments", 0)):
            context["n"] = n
            # Its team, whose page has more to tell, is told of each by mail.
            if not is_on_team(reader.user, submission):
                threads = submission.comments.live().filter(answers_to=None)
                context["threads"] = list(threads.select_related("author")[:FIRST_THREADS])
                team = {contributor.user_id for contributor in submission.contributors.all()}
                for comment in context["threads"]:
                    comment.is_of_team = comment.author_id in team
        template = "submissions/discussion/_section.html"
        return [Section(_("Discussion"), "discussion", template, context, below=True)]

    def record_section(self, jam: Jam, submission: Submission, reader: Reader) -> list[Section]:
        """Where it can be checked that this is what was handed in."""
        if submission.frozen is None:
            return []
        note = later.record_note(jam, submission, reader.moment)
        return [Section(_("Record"), "record", "submissions/_record_note.html", note, below=True)]

    def citing_section(self, submission: Submission, reader: Reader) -> list[Section]:
        citation = citation_of(submission, reader.moment)
        if citation is None:
            return []
        template = "submissions/citing/_section.html"
        return [Section(_("Cite this"), "cite", template, {"citation": citation}, below=True)]

    def lineage_section(self, jam: Jam, submission: Submission, reader: Reader) -> list[Section]:
        """Where a submission comes from and where it led, as far as the reader may see it."""
        found = lineage.of(submission)
        continuations = []
        if submission.is_frozen and getattr(submission, "has_continuations", True):
            continuations = list(submission.continuations.all())
        may_tell = continue_refusal(reader.user, submission, reader.moment) is None
        if not (found or continuations or may_tell):
            return []
        context = {"lineage": found, "continuations": continuations, "may_tell": may_tell}
        title = _("Where it comes from, and where it led")
        return [Section(title, "lineage", "submissions/_lineage.html", context, below=True)]

    def idea_facts(self) -> dict[str, Any]:
        return {"came_of": lineage.came_of(), "teams": lineage.teams_on()}

    def idea_sections(self, jam: Jam, idea: Idea, reader: Reader) -> list[Section]:
        """Who takes it up, as long as anybody may, and what came of it."""
        found = []
        if reader.moment in jam.joining_window and gone_refusal(idea) is None:
            context = claims.told(jam, idea, reader)
            template = "submissions/_taking_up.html"
            found.append(Section(_("Who takes it up"), "teams", template, context))
        if idea.came_of:
            grown = lineage.grown_from(idea, reader.user, reader.moment)[: lineage.MOST_SHOWN]
            context = {"submissions": list(grown)}
            found.append(Section(_("What came of it"), "grown", "submissions/_grown.html", context))
        return found

    def merits(self, jam: Jam, user: User, moment: datetime) -> list[Merit]:
        found = certificates.taking_part(jam, user, moment)
        return found + certificates.contributing(jam, user, moment)

    def person_left(self, user: User, moment: datetime) -> None:
        # They name one person alone, who goes.
        Certificate.objects.filter(user=user).delete()
        # What was handed in keeps it; what they may hand in no more does not need it.
        Contributor.objects.filter(user=user).update(affiliation="")
        TimeRequest.objects.filter(by=user).delete()
        looking.forget_person(user, moment)

    def personal_data(self, user: User) -> dict[str, Any]:
        own = Submission.objects.with_content().filter(contributors__user=user)
        return looking.said_by(user) | {
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
            "requests for more time": list(
                TimeRequest.objects.filter(by=user).values(
                    "submission__title", "text", "asked_at", "settled_at", "declined_because"
                )
            ),
            "certificates": list(
                Certificate.objects.filter(user=user).values(
                    "jam__title", "kind", "code", "issued_at", "facts"
                )
            ),
            "comments": list(
                user.comments.values("submission__frozen__title", "text", "written_at", "edited_at")
            ),
            "files uploaded": list(
                File.objects.filter(uploaded_by=user).values(
                    "submission__title", "name", "size", "sha256", "uploaded_at", "removed_at"
                )
            ),
        }

    def admin_inlines(self) -> list[type]:
        return [SubmissionRulesInline, TrackInline, QuestionInline]


def order_told(submission: Submission) -> str:
    """That an order of the contributors is proposed, and who has not agreed to it."""
    if not submission.has_proposal:
        return ""
    prefetch_related_objects([submission], "contributors__user")
    names = ", ".join(map(str, submission.not_agreed))
    return _("Another order of contributors is proposed; not agreed yet: %(names)s.") % {
        "names": names
    }


def _handed_in() -> Coalesce:
    submissions = Submission.objects.filter(jam=OuterRef("pk")).handed_in()
    counted = submissions.order_by().values("jam").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def day(at: datetime, with_time: bool = False) -> str:
    """A date in the reader's zone, with its weekday; with the time also the zone."""
    local = localtime(at)
    if with_time:
        return f"{date_format(local, _('l j F, H:i'))} {local.tzname()}"
    return date_format(local, _("D j M"))
