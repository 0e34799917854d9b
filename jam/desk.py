"""The desk of a jam, where its organizers see what is to be done and find all their pages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Count, OuterRef, QuerySet, Subquery, TextChoices
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jam import charts, growing, parts

if TYPE_CHECKING:
    from jam.models import Jam, User

# Of what is to come, the first.
MOST_COMING = 12


class Group(TextChoices):
    """What pages for organizers are about, in the order in which they are shown."""

    SET_UP = "set_up", gettext_lazy("Set-up")
    PEOPLE = "people", gettext_lazy("People")
    PLACES = "places", gettext_lazy("Places")
    SUBMISSIONS = "submissions", gettext_lazy("Submissions")
    RATINGS = "ratings", gettext_lazy("Ratings")
    MESSAGES = "messages", gettext_lazy("Messages")
    FAIRNESS = "fairness", gettext_lazy("Fairness")


@dataclass(frozen=True)
class DeskPage:
    """A page for organizers; one that means nothing yet says in `to_come` when it will."""

    group: Group
    name: str
    label: Any
    url: str
    to_come: Any = ""


@dataclass(frozen=True)
class Navigation:
    """All pages for organizers, by group; `current` is the one that is shown, if it is one."""

    groups: tuple[tuple[Group, tuple[DeskPage, ...]], ...]
    current: DeskPage | None = None


@dataclass(frozen=True)
class Decision:
    """Something that waits for an organizer, and the page where it is decided, named by its verb
    in `label`."""

    text: Any
    label: Any
    url: str


@dataclass(frozen=True)
class Coming:
    """Something that will happen at an instant."""

    at: datetime
    text: Any
    url: str = ""


def navigation(jam: Jam, reader: parts.Reader, current: str = "") -> Navigation:
    """The pages of every part for `reader`, who organizes `jam`."""
    pages = [page for part in parts.all_parts() for page in part.desk_pages(jam, reader)]
    groups = ((group, tuple(page for page in pages if page.group == group)) for group in Group)
    return Navigation(
        tuple((group, own) for group, own in groups if own),
        next((page for page in pages if page.name == current), None),
    )


def counted(rows: QuerySet, path: str = "jam") -> Coalesce:
    """How many of `rows` belong to a jam, as an expression over it; `path` leads from a row to
    its jam, or to whatever else the rows are counted for."""
    own = rows.filter(**{path: OuterRef("pk")}).order_by().values(path)
    return Coalesce(Subquery(own.annotate(n=Count("pk")).values("n")), 0)


def with_facts(jams: QuerySet[Jam], jam: Jam, user: User, moment: datetime) -> QuerySet[Jam]:
    """Fetch what the desk of `jam` shows of it."""
    found: dict[str, Any] = {}
    for part in parts.all_parts():
        found |= part.desk_facts(user, moment)
        found |= {f"funnel_{step.name}": step.expression() for step in part.funnel(jam)}
    return jams.annotate(**found)


def decisions_of(jam: Jam, reader: parts.Reader) -> list[Decision]:
    """What waits for an organizer of `jam`, which was fetched by `with_facts`."""
    return [one for part in parts.all_parts() for one in part.decisions(jam, reader)]


def coming_of(jam: Jam, reader: parts.Reader) -> list[Coming]:
    """What is to come in `jam`, the next first."""
    found = [one for part in parts.all_parts() for one in part.coming(jam, reader)]
    return sorted(found, key=lambda one: one.at)[:MOST_COMING]


def charts_of(jam: Jam, earlier: list[Jam], moment: datetime) -> list[Any]:
    """How it goes in `jam`, which was fetched by `with_facts`, beside `earlier` ones."""
    return [
        funnel_of(jam),
        *growing.drawn(
            [one for part in parts.all_parts() for one in part.growths(jam)], jam, earlier, moment
        ),
        *(chart for part in parts.all_parts() for chart in part.charts(jam, moment)),
    ]


def funnel_of(jam: Jam) -> charts.Bars:
    """How many participants have come how far."""
    steps = [step for part in parts.all_parts() for step in part.funnel(jam)]
    counts = [getattr(jam, f"funnel_{step.name}") for step in steps]
    joined = counts[0] if counts else 0
    bars = (
        charts.Bar(step.label, count, joined) for step, count in zip(steps, counts, strict=True)
    )
    note = _("Of those who take part now.")
    head = (_("How far"), _("People"))
    return charts.Bars("funnel", _("From joining to rating"), head, tuple(bars), note)
