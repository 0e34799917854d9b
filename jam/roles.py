"""Roles in a jam, and what each may do: one table, which pages show and tests go through.

Owners and organizers are the jam's organizers (`Jam.organizers`); moderators and judge coordinators
hold a row of their own (`RoleHolder`), judges one of the app that rates. Who runs a local site has
rights there alone, which are that app's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from jam.models import Jam


class Role(TextChoices):
    """What somebody is in a jam."""

    OWNER = "owner", _("owner")
    ORGANIZER = "organizer", _("organizer")
    MODERATOR = "moderator", _("moderator")
    COORDINATOR = "coordinator", _("judge coordinator")
    JUDGE = "judge", _("judge")


class Right(TextChoices):
    """What somebody may do in a jam."""

    SET_UP = "set_up", _("Set the jam up: texts, times, schedule, criteria, prizes, publishing")
    ANNOUNCE = "announce", _("Announce something to everybody or to some")
    PEOPLE = "people", _("See who takes part and what they answered")
    SITES = "sites", _("Approve local sites and help to run them")
    SUBMISSIONS = "submissions", _("Give more time, disqualify, correct contributors")
    MODERATE = "moderate", _("Look into reports; hide ideas, comments and cards, and show them")
    JUDGES = "judges", _("Invite judges, give them work, see how far they are")
    COVERAGE = "coverage", _("See which submissions lack ratings")
    RATE = "rate", _("Rate, even if the jam’s rules leave rating to others")
    AWARDS = "awards", _("Place the prizes that go by choice")
    DELIBERATE = "deliberate", _("Read and write the judges’ notes")
    INTEGRITY = "integrity", _("Void ratings, answer appeals, correct results")
    LOG = "log", _("Read the log of acts")
    EXPORT = "export", _("Take tables of the jam away, those of people too")
    ROLES = "roles", _("Give and take roles")


# Judges' notes are theirs and their coordinators'; whoever runs the jam may name themselves one,
# which the log then tells.
_ORGANIZER = frozenset(Right) - {Right.ROLES, Right.DELIBERATE}

TABLE: dict[Role, frozenset[Right]] = {
    Role.OWNER: _ORGANIZER | {Right.ROLES},
    Role.ORGANIZER: _ORGANIZER,
    Role.MODERATOR: frozenset({Right.MODERATE}),
    Role.COORDINATOR: frozenset({Right.JUDGES, Right.COVERAGE, Right.AWARDS, Right.DELIBERATE}),
    Role.JUDGE: frozenset({Right.RATE, Right.AWARDS, Right.DELIBERATE}),
}
# Those whom a jam knows as its organizers, and those who have a row of their own.
ORGANIZING = (Role.OWNER, Role.ORGANIZER)
HELPING = (Role.MODERATOR, Role.COORDINATOR)


def having(right: Right, among: tuple[Role, ...] = HELPING) -> list[Role]:
    """The roles that have `right`."""
    return [role for role in among if right in TABLE[role]]


def may(user: Any, jam: Jam, right: Right) -> bool:
    """Whether `user`, as an organizer or a helper of `jam`, has `right`; operators have all. What
    owners alone may, and what judges may, is asked elsewhere."""
    if not user.is_authenticated:
        return False
    if user.is_superuser or right in _ORGANIZER and jam.is_organized_by(user):
        return True
    return any(jam.is_helped_by(user, role) for role in having(right))
