"""How the rows of the floor stand in the archive of a jam."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

from django.db.models import Model
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from jam.archive.numbers import Keys, Numbers
from jam.archive.tables import AT_ONCE, NamesTarget, Table
from jam.models import (
    Act,
    Announcement,
    Ban,
    Block,
    CalendarKey,
    Cleared,
    Host,
    Idea,
    IdeaTag,
    Interest,
    Jam,
    MailChoice,
    MailHours,
    Message,
    Participation,
    Report,
    ReportMessage,
    Resource,
    Retention,
    RoleHolder,
    RoleInvitation,
    ScheduleChange,
    ScheduleItem,
    SignUpAnswer,
    SignUpQuestion,
    User,
    Worked,
)

ACCOUNT = "belongs to the account, which is its installation's"


class People(Table):
    """All whom a jam has to do with, by their addresses; without one, who cannot be reached.

    An address that is known here is that person, whose account stays as it is. The others get an
    account without a password: they set one by way of their address.
    """

    def rows(self, jam: Jam) -> Any:
        raise NotImplementedError("people are those whom the other tables refer to")

    def values(self, jam: Jam, numbers: Numbers, names: list[str]) -> Iterator[tuple[Any, ...]]:
        keys = list(numbers.people)
        for start in range(0, len(keys), AT_ONCE):
            some = keys[start : start + AT_ONCE]
            rows = User.objects.filter(pk__in=some).values_list("pk", *names)
            found = {row[0]: row for row in rows}
            yield from (found[key] for key in some)

    def tell(self, row: dict[str, Any], numbers: Numbers) -> None:
        if not User(email=row["email"]).is_reachable:
            row["email"] = ""

    def insert(self, rows: list[Model], told: list[dict[str, Any]]) -> list[Any]:
        known = User.objects.annotate(address=Lower("email"))
        wanted = {person.email.lower() for person in rows} - {""}
        keys = dict(known.filter(address__in=wanted).values_list("address", "pk"))
        fresh = [(person, values) for person, values in zip(rows, told, strict=True)
                 if person.email.lower() not in keys]  # fmt: skip
        new = [person for person, _values in fresh]
        nowhere = [person for person in new if not person.email]
        for person in new:
            person.email = person.email.lower() or User.unreachable_address(str(uuid.uuid4()))
            person.set_unusable_password()
        made = dict(
            zip(
                map(id, new),
                super().insert(new, [values for _person, values in fresh]),
                strict=True,
            )
        )
        for person in nowhere:
            if not person.is_active:
                person.email = person.closed_address
        User.objects.bulk_update(nowhere, ["email"])
        return [made.get(id(person)) or keys[person.email.lower()] for person in rows]


class Announcements(Table):
    """An audience that is of something is, so far, of a local site."""

    def tell(self, row: dict[str, Any], numbers: Numbers) -> None:
        row["audience_of"] = numbers.number("local_sites.localsite", row["audience_of"])

    def take(self, row: dict[str, Any], keys: Keys) -> None:
        if row["audience_of"] is not None:
            row["audience_of"] = keys.key("local_sites.localsite", row["audience_of"])


class Acts(NamesTarget, Table):
    """The log of acts. What was before and after is in the words of then."""


class Reports(NamesTarget, Table):
    """Reports; where their targets stand is told by the targets themselves."""

    def insert(self, rows: list[Model], told: list[dict[str, Any]]) -> list[Any]:
        from django.apps import apps

        for report in rows:
            target = None
            if report.target_id.isdigit():
                model = apps.get_model(report.target_type)
                target = model._base_manager.filter(pk=report.target_id).first()
            report.target_path = (target or report.jam).get_absolute_url()
        return super().insert(rows, told)


def tables() -> list[Table]:
    return [
        People(
            User,
            "people",
            _("Everybody whom the jam has to do with"),
            is_personal=True,
            named_by=("display_name", "email"),
            left_out=dict.fromkeys(
                ["password", "last_login", "is_superuser", "is_staff", "merged_into"], ACCOUNT
            ),
        ),
        Table(
            Jam,
            "jam",
            _("The jam: its texts and its instants"),
            jam="pk",
            left_out=dict.fromkeys(
                ["imported_at", "imported_from"], "tells of this installation, not of the jam"
            ),
        ),
        Table(Jam.organizers.through, "organizers", _("Who organizes it")),
        Table(RoleHolder, "roles", _("Who has which other role in it")),
        Table(
            RoleInvitation,
            "role_invitations",
            _("Who is asked to have a role"),
            is_personal=True,
        ),
        Table(Retention, "retention", _("How long it keeps what is not kept for good")),
        Table(Host, "hosts", _("Who hosts it")),
        Table(
            SignUpQuestion,
            "sign_up_questions",
            _("What is asked of those who join"),
            named_by=("text",),
        ),
        Table(
            Participation,
            "participations",
            _("Who takes part"),
            is_personal=True,
            is_offered=True,
            named_by=("user__display_name", "user__email"),
        ),
        Table(Ban, "bans", _("Who is kept out of it, or was"), is_personal=True),
        Table(
            SignUpAnswer,
            "sign_up_answers",
            _("Answers at sign-up"),
            jam="participation__jam",
            is_personal=True,
            is_offered=True,
        ),
        Table(
            Idea,
            "ideas",
            _("Ideas"),
            abroad=("jam__slug", "title", "words"),
        ),
        Table(IdeaTag, "idea_tags", _("Tags of ideas"), jam="idea__jam"),
        Table(
            Interest,
            "idea_interests",
            _("Who is interested in ideas"),
            jam="idea__jam",
            is_personal=True,
        ),
        Table(Resource, "resources", _("Resources")),
        Table(
            Worked,
            "resource_marks",
            _("For whom resources worked"),
            jam="resource__jam",
            is_personal=True,
        ),
        Table(ScheduleItem, "schedule", _("The schedule"), is_offered=True, named_by=("title",)),
        Table(ScheduleChange, "schedule_changes", _("Changes of the schedule")),
        Announcements(Announcement, "announcements", _("Announcements"), turn=1),
        Reports(
            Report,
            "reports",
            _("Reports to the organizers"),
            is_personal=True,
            turn=2,
            left_out={"target_path": "is the target's own address, made anew"},
        ),
        Table(
            ReportMessage,
            "report_messages",
            _("What was written about reports"),
            jam="report__jam",
            is_personal=True,
            turn=2,
        ),
        Acts(Act, "acts", _("The log of acts"), is_personal=True, turn=3),
    ]


def left_out() -> dict[type[Model], str]:
    """Models whose rows stay where they are, with the reason."""
    return {
        Cleared: "spares organizers of this installation a second look",
        Message: "a mail is sent by the installation that wrote it, and told nowhere else",
        MailChoice: ACCOUNT,
        MailHours: ACCOUNT,
        Block: "is between two people, whatever jams they are in",
        CalendarKey: "a key holds on its own installation alone",
    }
