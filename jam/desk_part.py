"""What the floor brings to the organizers' desk."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from jam import growing, roster, timeline
from jam.desk import Coming, Decision, DeskPage, Group, counted
from jam.models import (
    Announcement,
    Jam,
    Message,
    Participation,
    Report,
    Resource,
    SignUpAnswer,
    User,
)
from jam.parts import Number, Part, Reader, Section
from jam.roles import Right, may
from jam.spam import LATEST, LONGEST, Written

# Sign-ups are drawn from so many days before the start at most.
DAYS_BEFORE = 60
MOST_SCHEDULED = 5


class DeskPart(Part):
    """Set-up, people and messages."""

    def desk_pages(self, jam: Jam, reader: Reader) -> list[DeskPage]:
        def page(group: Group, name: str, label: str) -> DeskPage:
            return DeskPage(group, name, label, reverse(f"jam:{name}", args=[jam.slug]))

        pages = [
            page(Group.SET_UP, "set_up", _("What is missing")),
            page(Group.SET_UP, "see_as", _("See it as somebody else")),
            page(Group.SET_UP, "dry_run", _("Try it out")),
            page(Group.SET_UP, "texts", _("Texts and look")),
            page(Group.SET_UP, "dates", _("Dates")),
            page(Group.SET_UP, "hosts", _("Hosts")),
            page(Group.SET_UP, "schedule", _("Schedule")),
            page(Group.SET_UP, "arrange_resources", _("Resources")),
            page(Group.SET_UP, "sign_up_questions", _("Questions at sign-up")),
            page(Group.PEOPLE, "people", _("Everybody")),
            page(Group.PEOPLE, "participants", _("List of participants")),
            page(Group.PEOPLE, "answers", _("Answers at sign-up")),
            page(Group.PEOPLE, "roles", _("Roles")),
            page(Group.MESSAGES, "announcements", _("Announcements")),
            page(Group.MESSAGES, "reports", _("Reports")),
            page(Group.MESSAGES, "spam", _("Signs of spam")),
            page(Group.FAIRNESS, "privacy", _("What is kept of people")),
            page(Group.FAIRNESS, "log", _("Log of acts")),
            page(Group.FAIRNESS, "exports", _("Tables to take away")),
        ]
        if reader.user.is_staff:
            url = reverse("admin:jam_jam_change", args=[jam.pk])
            pages.append(DeskPage(Group.SET_UP, "settings", _("All settings"), url))
        return pages

    def person_facts(self, jam: Jam) -> dict[str, Any]:
        return {"ideas_here": counted(jam.ideas.all(), "author")}

    def person_sections(self, jam: Jam, user: User, reader: Reader) -> list[Section]:
        return roster.sections_about(jam, user, reader)

    def written(self, jam: Jam, reader: Reader) -> list[Written]:
        ideas = jam.ideas.shown().select_related("author").order_by("-proposed_at", "-pk")
        found = [
            Written(one, _("Idea"), f"{one.title}\n{one.text[:LONGEST]}", one.author,
                    one.proposed_at, reverse("jam:idea", args=[jam.slug, one.pk]))
            for one in ideas[:LATEST]
        ]  # fmt: skip
        sees_people = may(reader.user, jam, Right.PEOPLE)
        people = Participation.objects.active().filter(jam=jam).select_related("user")
        if not sees_people:
            people = people.filter(shown=True, user__is_active=True)
        for one in people.order_by("-joined_at", "-pk")[:LATEST]:
            user = one.user
            words = f"{user.display_name}\n{user.bio}"
            found.append(
                Written(user, _("Profile"), words, user, one.joined_at, user.get_absolute_url())
            )
        if not sees_people:
            return found
        answers = SignUpAnswer.objects.filter(
            participation__jam=jam, participation__cancelled_at=None
        ).select_related("participation__user")
        for one in answers.order_by("-participation__joined_at", "-pk")[:LATEST]:
            mine = one.participation
            url = reverse("jam:organize_person", args=[jam.slug, mine.user_id])
            found.append(
                Written(one, _("Answer at sign-up"), one.text, mine.user, mine.joined_at, url)
            )
        return found

    def desk_facts(self, user: User, moment: datetime) -> dict[str, Any]:
        drafts = Announcement.objects.filter(confirmed_at=None, cancelled_at=None)
        return {
            "desk_reports": counted(Report.objects.open().handled_by(user)),
            "desk_mails": counted(Message.objects.failing(moment).filter(user__isnull=False)),
            "desk_dead_links": counted(Resource.objects.filter(link_dead_since__isnull=False)),
            "desk_unsent": counted(drafts),
        }

    def funnel(self, jam: Jam) -> list[Number]:
        joined = Participation.objects.active()
        return [Number("joined", gettext_lazy("have joined"), lambda: counted(joined))]

    def decisions(self, jam: Jam, reader: Reader) -> list[Decision]:
        found = []

        def waits(count: int, text: str, label: str, page: str, query: str = "") -> None:
            if count:
                url = reverse(page, args=[jam.slug]) + query
                found.append(Decision(text % {"n": count}, label, url))

        if not jam.is_published:
            text = _("This jam is a draft: nobody but its organizers sees it.")
            url = reverse("jam:set_up", args=[jam.slug])
            found.append(Decision(text, _("See what is missing"), url))
        waits(
            n := jam.desk_reports,
            ngettext("%(n)s report is open.", "%(n)s reports are open.", n),
            _("See the reports"),
            "jam:reports",
        )
        waits(
            n := jam.desk_mails,
            ngettext("%(n)s mail did not arrive.", "%(n)s mails did not arrive.", n),
            _("See whom they were for"),
            "jam:people",
            "?state=mails",
        )
        waits(
            n := jam.desk_dead_links,
            ngettext(
                "The address of %(n)s resource does not answer.",
                "The addresses of %(n)s resources do not answer.",
                n,
            ),
            _("Arrange the resources"),
            "jam:arrange_resources",
        )
        waits(
            n := jam.desk_unsent,
            ngettext(
                "%(n)s announcement is written and not sent.",
                "%(n)s announcements are written and not sent.",
                n,
            ),
            _("See the announcements"),
            "jam:announcements",
        )
        return found

    def coming(self, jam: Jam, reader: Reader) -> list[Coming]:
        moment = reader.moment
        found = [
            Coming(getattr(jam, boundary.field), boundary.label)
            for boundary in timeline.boundaries_ahead(jam, moment)
        ]
        ahead = Announcement.objects.filter(
            ~timeline.reached("send_at", moment),
            jam=jam,
            confirmed_at__isnull=False,
            cancelled_at=None,
        )
        text = _("Announcement: %(title)s")
        for one in ahead.order_by("send_at")[:MOST_SCHEDULED]:
            url = reverse("jam:announcement", args=[jam.slug, one.pk])
            found.append(Coming(one.send_at, text % {"title": one.title}, url))
        return found

    def growths(self, jam: Jam) -> list[growing.Growing]:
        def day(at: datetime) -> int:
            return (at - jam.starts_at) // growing.DAY

        opened = day(jam.published_at) if jam.is_published else -1
        clock = growing.Clock(
            "starts_at",
            growing.DAY,
            first=max(min(opened, -1), -DAYS_BEFORE),
            last=day(jam.submissions_close_at),
            head=_("Days from the start"),
        )
        grown = growing.Growing(
            "signups",
            _("Sign-ups"),
            Participation.objects.active(),
            path="jam",
            field="joined_at",
            clock=clock,
        )
        return [grown]
