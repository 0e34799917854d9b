"""What submissions bring to the organizers' desk."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import OuterRef, Q, Subquery
from django.db.models.functions import Left
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from jam import growing, timeline
from jam.desk import Coming, Decision, DeskPage, Group, counted
from jam.models import Jam, Participation, User
from jam.parts import Number, Part, Reader, Section
from jam.roles import Right, may
from jam.spam import LATEST, LONGEST, Written
from submissions.models import (
    Comment,
    Contributor,
    LateGrant,
    Revision,
    Submission,
    TimeRequest,
    hides_names,
)

# A jam that is longer is drawn by days.
DRAWN_BY_HOURS = 7 * growing.DAY


class DeskPart(Part):
    """How far the teams are."""

    def desk_pages(self, jam: Jam, reader: Reader) -> list[DeskPage]:
        set_up = (
            ("submission_rules", _("Rules for submissions"), "rules"),
            ("tracks", _("Tracks"), "tracks"),
            ("submission_questions", _("Questions to submissions"), "questions"),
        )
        pages = [
            *(
                DeskPage(Group.SET_UP, name, label, reverse(f"submissions:{page}", args=[jam.slug]))
                for name, label, page in set_up
            ),
            DeskPage(
                Group.SUBMISSIONS,
                "teams",
                _("People and teams who look for each other"),
                reverse("submissions:board", args=[jam.slug]),
            ),
        ]
        if reader.user.is_staff:
            url = reverse("admin:submissions_submission_changelist") + f"?jam__id__exact={jam.pk}"
            pages.append(DeskPage(Group.SUBMISSIONS, "admin", _("As a table, in the admin"), url))
        return pages

    def person_facts(self, jam: Jam) -> dict[str, Any]:
        return {"comments_here": counted(Comment.objects.filter(submission__jam=jam), "author")}

    def person_sections(self, jam: Jam, user: User, reader: Reader) -> list[Section]:
        own = Contributor.objects.filter(user=user, submission__jam=jam)
        own = list(own.select_related("submission__frozen").order_by("submission"))
        for contribution in own:
            contribution.submission.jam = jam
        context = {"own": own, "comments": user.comments_here}
        title = _("Teams and submissions")
        return [Section(title, "teams", "submissions/_of_person.html", context)]

    def written(self, jam: Jam, reader: Reader) -> list[Written]:
        found = []
        comments = Comment.objects.live().filter(submission__jam=jam).select_related("author")
        for one in comments.order_by("-written_at", "-pk")[:LATEST]:
            thread = [jam.slug, one.submission_id, one.thread_id]
            url = reverse("submissions:thread", args=thread) + f"#comment-{one.pk}"
            found.append(Written(one, _("Comment"), one.text, one.author, one.written_at, url))
        cards = jam.cards.select_related("author").order_by("-shown_at", "-pk")
        for one in cards[:LATEST]:
            one.jam = jam
            url = one.get_absolute_url()
            found.append(Written(one, _("Card"), one.text, one.author, one.shown_at, url))
        submissions = Submission.objects.filter(jam=jam, disqualified_at=None, withdrawn_at=None)
        if not may(reader.user, jam, Right.SUBMISSIONS):
            submissions = submissions.public()
        is_nameless = hides_names(jam, reader.user, reader.moment)
        # By the first of each team, so that all comes in one statement.
        first = Contributor.objects.filter(submission=OuterRef("submission")).values("pk")[:1]
        firsts = (
            Contributor.objects.filter(submission__in=submissions, pk=Subquery(first))
            .select_related("submission", "user")
            .annotate(begins=Left("submission__body", LONGEST))
            .defer("submission__body")
            .order_by("-submission__saved_at")
        )
        for each in firsts[:LATEST]:
            one = each.submission
            words = f"{one.title}\n{one.abstract}\n{each.begins}"
            url = reverse("submissions:detail", args=[jam.slug, one.pk])
            by = None if is_nameless else each.user
            found.append(Written(one, _("Submission"), words, by, one.saved_at, url))
        return found

    def desk_facts(self, user: User, moment: datetime) -> dict[str, Any]:
        grants = LateGrant.objects.live().filter(
            ~timeline.reached("expires_at", moment), submission__jam=OuterRef("pk")
        )
        requests = TimeRequest.objects.open().filter(
            submission__withdrawn_at=None, submission__disqualified_at=None
        )
        return {
            "desk_grant_ends": Subquery(grants.order_by("expires_at").values("expires_at")[:1]),
            "desk_requests": counted(requests, "submission__jam"),
            "desk_request": Subquery(
                requests.filter(submission__jam=OuterRef("pk"))
                .order_by("asked_at")
                .values("submission")[:1]
            ),
        }

    def funnel(self, jam: Jam) -> list[Number]:
        written = ~Q(submission__title="") | ~Q(submission__body="")
        handed_in = Q(submission__revisions__isnull=False)
        return [
            Number("team", gettext_lazy("are on a team"), lambda: _on_a_team(jam, Q())),
            Number("draft", gettext_lazy("have begun to write"), lambda: _on_a_team(jam, written)),
            Number("handed_in", gettext_lazy("have handed in"), lambda: _on_a_team(jam, handed_in)),
        ]

    def decisions(self, jam: Jam, reader: Reader) -> list[Decision]:
        if not (n := jam.desk_requests):
            return []
        text = ngettext(
            "%(n)s team asks for more time.", "%(n)s teams ask for more time.", n
        ) % {"n": n}  # fmt: skip
        url = reverse("submissions:organize", args=[jam.slug, jam.desk_request])
        return [Decision(text, _("Answer the one that waits longest"), url)]

    def coming(self, jam: Jam, reader: Reader) -> list[Coming]:
        if jam.desk_grant_ends is None:
            return []
        return [Coming(jam.desk_grant_ends, _("The time ends that was granted to a submission"))]

    def growths(self, jam: Jam) -> list[growing.Growing]:
        length = jam.submissions_close_at - jam.starts_at
        by_hours = length <= DRAWN_BY_HOURS
        unit = growing.HOUR if by_hours else growing.DAY
        clock = growing.Clock(
            "submissions_close_at",
            unit,
            first=min(-length // unit, -1),
            last=0,
            head=_("Hours to the deadline") if by_hours else _("Days to the deadline"),
        )
        grown = growing.Growing(
            "submissions",
            _("Handed in"),
            Revision.objects.filter(number=1, submission__withdrawn_at=None),
            path="submission__jam",
            field="arrived_at",
            clock=clock,
        )
        return [grown]


def _on_a_team(jam: Jam, condition: Q) -> Any:
    """How many participants of `jam` are on a team whose submission is as `condition` says."""
    teams = Contributor.objects.filter(
        condition, submission__jam=jam, submission__withdrawn_at=None
    ).order_by()
    return counted(Participation.objects.active().filter(user__in=teams.values("user")))
