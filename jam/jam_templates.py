"""Templates that a jam can be begun from: when things are, what is planned, what is asked. Plain
data; what a template means for submissions and ratings, their apps say (`Part.suit`)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from jam.models import ScheduleItem
from jam.questions import Kind as Answers
from jam.timeline import BOUNDARIES
from jam.wall_clock import later_by_the_clock

Kind = ScheduleItem.Kind


@dataclass(frozen=True)
class Planned:
    """An item of the schedule: so long after the start, by the clock, and so long."""

    kind: str
    title: Any
    after: timedelta
    lasts: timedelta
    description: Any = ""


@dataclass(frozen=True)
class Asks:
    """A question at sign-up; options are one a line."""

    text: Any
    kind: str
    options: Any = ""
    help_text: Any = ""
    is_public: bool = False


@dataclass(frozen=True)
class Template:
    """How a jam begins: on which day of the week (Monday is 0), at which hour, and how far apart
    its instants lie."""

    name: str
    label: Any
    text: Any
    weekday: int
    hour: int
    gaps: tuple[timedelta, ...]
    description: Any = ""
    schedule: tuple[Planned, ...] = ()
    questions: tuple[Asks, ...] = ()

    def first(self, moment: datetime, zone: ZoneInfo) -> datetime:
        """A sensible start for a jam that is thought of at `moment`: in four weeks or more."""
        today = moment.astimezone(zone)
        day = today + timedelta(days=28 + (self.weekday - today.weekday()) % 7)
        return day.replace(hour=self.hour, minute=0, second=0, microsecond=0)


def laid_out(
    start: datetime,
    gaps: tuple[timedelta, ...],
    zone: ZoneInfo,
    given: dict[str, datetime | None] | None = None,
) -> dict[str, datetime]:
    """The five instants of a jam that begins at `start`: those that are `given`, and between them
    what the `gaps` make, by the clock of `zone`."""
    given = given or {}
    times = {BOUNDARIES[0].field: start}
    last = start
    for boundary, gap in zip(BOUNDARIES[1:], gaps, strict=True):
        last = given.get(boundary.field) or later_by_the_clock(last, gap, zone)
        times[boundary.field] = last
    return times


def sensible_times(moment: datetime) -> dict[str, datetime]:
    """The five instants of a weekend that begins on the Friday after the next four weeks."""
    zone = ZoneInfo("UTC")
    return laid_out(SCRATCH.first(moment, zone), SCRATCH.gaps, zone)


def _hours(hours: float) -> timedelta:
    return timedelta(hours=hours)


_EXPERIENCE = Asks(
    text=_("How much of this have you done before?"),
    kind=Answers.CHOICE,
    options=_("It is my first time\nSome of it\nI do this all the time"),
    help_text=_("Everybody is welcome. It helps others to find a team that fits."),
    is_public=True,
)

SCRATCH = Template(
    name="",
    label=_("From scratch"),
    text=_("A weekend of making and two weeks of rating, with good defaults for everything. "
           "You fill in the rest."),
    weekday=4,
    hour=17,
    gaps=(_hours(60), _hours(1), timedelta(days=14), _hours(6)),
)  # fmt: skip

WEEKEND = Template(
    name="weekend",
    label=_("Weekend hackathon with local sites"),
    text=_("Friday evening to Sunday evening, in rooms all over the place and online. Two weeks of "
           "rating; the schedule has an opening, a round to find teams, and office hours."),
    weekday=4,
    hour=17,
    gaps=(_hours(50), _hours(1), timedelta(days=14), _hours(6)),
    description=_(
        "## What it is\n\nFrom Friday evening to Sunday evening we make something together: a "
        "result, a tool, or a good failed attempt. Come alone or with a team, to one of the local "
        "sites or from wherever you are.\n\n"
        "## How it goes\n\nWe open together on Friday. Then you look for an idea and a team, "
        "and make. On Sunday evening you hand in. In the two weeks after that we rate each "
        "other’s work, and then the results come out."
    ),
    schedule=(
        Planned(Kind.KEYNOTE, _("Opening"), _hours(0), _hours(1),
                _("What this is about, how it goes, and where to find help.")),
        Planned(Kind.SOCIAL, _("Find an idea and a team"), _hours(1), _hours(1.5),
                _("Say in a minute what you would like to work on, or listen and join somebody.")),
        Planned(Kind.OFFICE_HOURS, _("Office hours"), _hours(22), _hours(2),
                _("Bring what does not work.")),
        Planned(Kind.OFFICE_HOURS, _("Office hours before the end"), _hours(44), _hours(2),
                _("Last questions, also on how to hand in.")),
        Planned(Kind.SOCIAL, _("Show what you made"), _hours(50.5), _hours(1.5),
                _("Three minutes for whoever wants them.")),
    ),
    questions=(
        _EXPERIENCE,
        Asks(_("Is there anything that we should know, for you to be well at a local site?"),
             Answers.LONG, help_text=_("Food, access, whatever helps.")),
    ),
)  # fmt: skip

WEEK = Template(
    name="week",
    label=_("One week online"),
    text=_("Monday to Monday, for people in all time zones who have other things to do as well. "
           "Two weeks of rating; office hours twice, at different hours of the day."),
    weekday=0,
    hour=15,
    gaps=(timedelta(days=7), _hours(1), timedelta(days=14), _hours(6)),
    description=_(
        "## What it is\n\nA week to make something together, online. Nobody has to take days off: "
        "a few evenings are enough for a small, honest result.\n\n"
        "## How it goes\n\nWe open on Monday. You look for an idea and a team, and meet when it "
        "suits you. On the Monday after you hand in. In the two weeks after that we rate each "
        "other’s work, and then the results come out."
    ),
    schedule=(
        Planned(Kind.KEYNOTE, _("Opening"), _hours(0), _hours(1),
                _("What this is about, how it goes, and where to find help.")),
        Planned(Kind.SOCIAL, _("Find an idea and a team"), _hours(1), _hours(1),
                _("Say in a minute what you would like to work on, or listen and join somebody.")),
        Planned(Kind.OFFICE_HOURS, _("Office hours, early"), _hours(42), _hours(1),
                _("Bring what does not work.")),
        Planned(Kind.OFFICE_HOURS, _("Office hours, late"), _hours(102), _hours(1),
                _("Bring what does not work.")),
    ),
    questions=(_EXPERIENCE,),
)  # fmt: skip

EVENING = Template(
    name="evening",
    label=_("Class or club evening"),
    text=_("Three hours in one room, and an hour in which everybody who is there rates the others. "
           "Results the same evening. Small teams, few questions."),
    weekday=2,
    hour=18,
    gaps=(_hours(3), timedelta(minutes=10), _hours(1), timedelta(minutes=10)),
    description=_(
        "## What it is\n\nOne evening, one room, three hours to make something small that works. "
        "Then everybody looks at what the others made.\n\n"
        "## How it goes\n\nYou make and hand in. After a short break each of you rates a few of "
        "the others’ works; ten minutes later the results are out."
    ),
    schedule=(
        Planned(Kind.TALK, _("Welcome"), _hours(0), _hours(0.25),
                _("What we do tonight, and who works with whom.")),
        Planned(Kind.SOCIAL, _("Break"), _hours(3), timedelta(minutes=10)),
        Planned(Kind.SOCIAL, _("Results, and what we learned"), _hours(4.5), _hours(0.5)),
    ),
)  # fmt: skip

TEMPLATES = {template.name: template for template in (SCRATCH, WEEKEND, WEEK, EVENING)}
