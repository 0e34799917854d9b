"""When things are: the one place where instants are compared.

A jam stores instants; its phases and windows are derived from them here, for Python, for SQL and
for the database's check constraints alike, all from ``BOUNDARIES``. Windows are half-open: the
opening instant is in, the closing one is not.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from django.db.models import CheckConstraint, F, Q, TextChoices
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _


class Phase(TextChoices):
    """What a jam is in, for showing. What may be done is a matter of windows, not of phases."""

    ANNOUNCED = "announced", _("announced")
    MAKING = "making", _("making")
    CLOSING = "closing", _("closing")
    RATING = "rating", _("rating")
    COUNTING = "counting", _("counting")
    FINISHED = "finished", _("finished")


# The longest that a request may be on its way between the front server and the application.
# Nothing is frozen sooner than this after a boundary, so no request that arrived in time can
# come after the freezing.
SETTLING = timedelta(minutes=2)


@dataclass(frozen=True)
class Boundary:
    """An instant of a jam: the field that holds it, the phase that it opens, the least distance
    from the boundary before it, and whether people have to be done with something by then."""

    field: str
    opens: Phase
    label: Any
    at_least_after: timedelta = timedelta(0)
    is_deadline: bool = False


BOUNDARIES = (
    Boundary("starts_at", Phase.MAKING, _("Start")),
    Boundary("submissions_close_at", Phase.CLOSING, _("Submissions close"), is_deadline=True),
    Boundary("ratings_open_at", Phase.RATING, _("Rating opens"), SETTLING),
    Boundary("ratings_close_at", Phase.COUNTING, _("Rating closes"), is_deadline=True),
    Boundary("results_at", Phase.FINISHED, _("Results"), SETTLING),
)


class HasTimes(Protocol):
    """Anything with the five instants of a jam, in UTC."""

    starts_at: datetime
    submissions_close_at: datetime
    ratings_open_at: datetime
    ratings_close_at: datetime
    results_at: datetime


@dataclass(frozen=True)
class Window:
    """A half-open stretch of time; an end that is None is open without limit."""

    opens_at: datetime | None
    closes_at: datetime | None

    def __contains__(self, moment: datetime) -> bool:
        return not self.is_before(moment) and not self.is_over(moment)

    def is_before(self, moment: datetime) -> bool:
        """Whether the window has not opened yet at `moment`."""
        return self.opens_at is not None and moment < self.opens_at

    def is_over(self, moment: datetime) -> bool:
        """Whether the window has closed at `moment`."""
        return self.closes_at is not None and moment >= self.closes_at


def phase_at(jam: HasTimes, moment: datetime) -> Phase:
    """The phase that `jam` is in at `moment`."""
    phase = Phase.ANNOUNCED
    for boundary in BOUNDARIES:
        if moment < getattr(jam, boundary.field):
            break
        phase = boundary.opens
    return phase


def in_phase(phase: Phase, moment: datetime, prefix: str = "") -> Q:
    """The SQL twin of `phase_at`: a filter for jams that are in `phase` at `moment`.

    `prefix` is the path to the jam from the filtered model, e.g. ``"jam__"``.
    """
    opening = [boundary.opens for boundary in BOUNDARIES]
    place = opening.index(phase) if phase in opening else -1
    condition = Q()
    if place >= 0:
        condition &= reached(BOUNDARIES[place].field, moment, prefix)
    if place + 1 < len(BOUNDARIES):
        condition &= ~reached(BOUNDARIES[place + 1].field, moment, prefix)
    return condition


def reached(field: str, moment: datetime, prefix: str = "", after: timedelta = timedelta(0)) -> Q:
    """A filter for rows whose instant `field`, plus `after`, has come at `moment`."""
    return Q(**{f"{prefix}{field}__lte": moment - after})


def since(field: str, at: datetime) -> Q:
    """A filter for rows whose instant `field` is later than `at`."""
    return Q(**{f"{field}__gt": at})


def happens_here(field: str, prefix: str = "") -> Q:
    """Jams of which the instant `field` is news: not those that were imported after it, of which
    the installation where they were made has told."""
    since = f"{prefix}imported_at"
    return Q(**{since: None}) | Q(**{f"{since}__lt": F(f"{prefix}{field}")})


def next_boundary(jam: HasTimes, moment: datetime) -> Boundary | None:
    """The first boundary of `jam` that lies after `moment`, or None once all are past."""
    return next((b for b in BOUNDARIES if moment < getattr(jam, b.field)), None)


def boundaries_ahead(jam: HasTimes, moment: datetime) -> list[Boundary]:
    """The boundaries of `jam` that lie after `moment`."""
    return [boundary for boundary in BOUNDARIES if moment < getattr(jam, boundary.field)]


def unchanged_until(jam: HasTimes, moment: datetime) -> datetime | None:
    """The first instant after `moment` at which pages may begin to say something else."""
    changes = [getattr(jam, boundary.field) for boundary in BOUNDARIES]
    changes.append(jam.submissions_close_at + SETTLING)
    return min((change for change in changes if moment < change), default=None)


def order_constraints() -> list[CheckConstraint]:
    """The check constraints that keep a jam's instants in order and far enough apart."""
    return [
        CheckConstraint(
            condition=(
                Q(**{f"{later.field}__gte": F(earlier.field) + later.at_least_after})
                if later.at_least_after
                else Q(**{f"{later.field}__gt": F(earlier.field)})
            ),
            name=f"{later.field}_after_{earlier.field}",
            violation_error_message=format_lazy(
                _("“{later}” must be at least two minutes after “{earlier}”.")
                if later.at_least_after
                else _("“{later}” must be after “{earlier}”."),
                later=later.label,
                earlier=earlier.label,
            ),
        )
        for earlier, later in zip(BOUNDARIES, BOUNDARIES[1:], strict=False)
    ]


def joining_window(jam: HasTimes) -> Window:
    """When people may join and cancel: from the announcement until submissions close."""
    return Window(None, jam.submissions_close_at)


def making_window(jam: HasTimes) -> Window:
    """When submissions may be written, changed and handed in."""
    return Window(jam.starts_at, jam.submissions_close_at)


def late_window(jam: HasTimes, expires_at: datetime) -> Window:
    """When a submission that was granted time until `expires_at` may still be handed in."""
    return Window(jam.submissions_close_at, expires_at)


def granting_window(jam: HasTimes, moment: datetime) -> Window:
    """Where the end of time that is granted at `moment` may lie: ahead, after the deadline, and
    early enough that what comes in can be rated."""
    return Window(max(moment, jam.submissions_close_at), jam.ratings_close_at)


def rating_window(jam: HasTimes) -> Window:
    """When ratings may be given and changed."""
    return Window(jam.ratings_open_at, jam.ratings_close_at)


def reached_before_deadline(
    jam: HasTimes, moment: datetime, leads: tuple[timedelta, ...]
) -> timedelta | None:
    """Which of `leads`, in falling order, was the last to be reached before submissions close;
    None before the first, and once they have closed."""
    left = jam.submissions_close_at - moment
    if left <= timedelta(0):
        return None
    return next((lead for lead in reversed(leads) if left <= lead), None)


def before_start(jam: HasTimes, lead: timedelta) -> Window:
    """When people are told that `jam` starts soon, `lead` before it does."""
    return Window(jam.starts_at - lead, jam.starts_at)


def after_start(jam: HasTimes, news: timedelta) -> Window:
    """When it is news that `jam` has begun, which it is for as long as `news`."""
    return Window(jam.starts_at, min(jam.starts_at + news, jam.submissions_close_at))


def opened_window(jam: HasTimes, news: timedelta) -> Window:
    """When it is news that rating has opened."""
    return Window(jam.ratings_open_at, min(jam.ratings_open_at + news, jam.ratings_close_at))


def last_call_window(jam: HasTimes, lead: timedelta) -> Window:
    """When raters are told that rating ends soon; not while it is news that it has opened."""
    opens = jam.ratings_close_at - lead
    return Window(max(opens, jam.ratings_open_at + lead), jam.ratings_close_at)


def published_window(jam: HasTimes, news: timedelta) -> Window:
    """When it is news that the results are out."""
    return Window(jam.results_at, jam.results_at + news)


def closing_due(jam: HasTimes, moment: datetime) -> bool:
    """Whether all that arrived before the deadline must have been taken in, so that the
    submissions can be frozen."""
    return moment >= jam.submissions_close_at + SETTLING


def counting_due(jam: HasTimes, moment: datetime) -> bool:
    """Whether all ratings that arrived in time must have been taken in."""
    return moment >= jam.ratings_close_at + SETTLING


def appealing_window(jam: HasTimes) -> Window:
    """When authors see provisional scores and may appeal, where the jam has that."""
    return Window(jam.ratings_close_at + SETTLING, jam.results_at)


def results_due(jam: HasTimes, moment: datetime) -> bool:
    """Whether the results are to be frozen and shown."""
    return moment >= jam.results_at


def ends_what_runs(jam: HasTimes, moment: datetime) -> str | None:
    """The instant, by its field, that ends what people are at: making, rating or appealing; None
    where they are at nothing."""
    windows = {
        "submissions_close_at": making_window(jam),
        "ratings_close_at": rating_window(jam),
        "results_at": appealing_window(jam),
    }
    return next((name for name, window in windows.items() if moment in window), None)


def is_cut_short(end: datetime, sooner: datetime, notice: timedelta, moment: datetime) -> bool:
    """Whether what was to end at `end` ends before that, and less than `notice` from now."""
    return sooner < end and sooner < moment + notice


def is_later(at: datetime, than: datetime) -> bool:
    """Whether something is put off."""
    return at > than


def not_before(at: datetime, earliest: datetime) -> datetime:
    """`at`, or `earliest` where that is later."""
    return max(at, earliest)


def ends_after(at: datetime) -> Q:
    """A filter for time that was granted beyond `at`."""
    return Q(expires_at__gt=at)


# When an offer of a place ends sooner than the site has it: a part of the time that is left, though
# nobody has less than this to answer.
SHORTEST_OFFER = timedelta(minutes=30)
SHARE_OF_TIME_LEFT = 4
# People come a day before a jam starts at the earliest.
DOORS = timedelta(days=1)


def gathering_window(jam: HasTimes, ends_at: datetime | None) -> Window:
    """Until when people are at a place of `jam`, which ends with the submissions unless it has an
    end of its own."""
    return Window(None, ends_at or jam.submissions_close_at)


def is_gathering_over(moment: datetime) -> Q:
    """The SQL twin of `gathering_window`, for rows with `ends_at` and a jam."""
    # What is NULL says so itself, since this is asked for its negation as well.
    return (Q(ends_at__isnull=False) & reached("ends_at", moment)) | (
        Q(ends_at=None) & reached("submissions_close_at", moment, "jam__")
    )


def places_window(jam: HasTimes, ends_at: datetime | None) -> Window:
    """When places may be taken, waited for and given back."""
    closes_at = jam.submissions_close_at
    return Window(None, min(ends_at, closes_at) if ends_at else closes_at)


def arriving_window(jam: HasTimes, ends_at: datetime | None) -> Window:
    """When people are checked in at a place."""
    return Window(jam.starts_at - DOORS, gathering_window(jam, ends_at).closes_at)


def offer_ends_at(places: Window, hours: int, moment: datetime) -> datetime:
    """When a place that is offered at `moment`, for `hours`, goes to the next in line: sooner where
    the window in which `places` may be taken is soon over."""
    if places.closes_at is None:
        return moment + timedelta(hours=hours)
    shorter = max((places.closes_at - moment) / SHARE_OF_TIME_LEFT, SHORTEST_OFFER)
    return min(moment + min(timedelta(hours=hours), shorter), places.closes_at)


# How long a question to authors, once its time has come, may still be asked.
ASKING = timedelta(days=14)


def days(number: int) -> timedelta:
    return timedelta(days=number)


def forgetting_at(jam: HasTimes, number: int) -> datetime:
    """When what `jam` keeps for so many days after the results is forgotten."""
    return jam.results_at + days(number)


def forget_due(jam: HasTimes, number: int, moment: datetime) -> bool:
    """Whether what `jam` keeps for so many days is to be forgotten."""
    return moment >= forgetting_at(jam, number)


def quiet_window(jam: HasTimes) -> Window:
    """When a jam may have comments on submissions hidden or closed: from their closing, since they
    are read from then on, until rating closes."""
    return Window(jam.submissions_close_at, jam.ratings_close_at)


def asking_window(jam: HasTimes, after: timedelta) -> Window:
    """When authors are asked what became of their work: `after` the results, and two weeks on, in
    which a sweep that was held up asks still."""
    return Window(jam.results_at + after, jam.results_at + after + ASKING)


# How long a page says that something was moved, and from when.
SHOWN_AS_MOVED = timedelta(days=1)


def schedule_window(jam: HasTimes) -> Window:
    """Where what happens in a jam may lie: what is farther off is a slip of the keyboard."""
    return Window(jam.starts_at - timedelta(days=366), jam.results_at + timedelta(days=366))


def time_to_start(jam: HasTimes, moment: datetime) -> timedelta | None:
    """How long it is until `jam` starts; None once it has."""
    return jam.starts_at - moment if moment < jam.starts_at else None


# A jam is planned so far ahead at most: what is farther off is a slip of the keyboard.
PLANNED = timedelta(days=10 * 366)


def planning_window(moment: datetime) -> Window:
    """Where the instants of a jam that is begun at `moment` may lie."""
    return Window(moment, moment + PLANNED)


def moving_window(moment: datetime) -> Window:
    """Where instants may be moved to at `moment`, whatever else holds."""
    return Window(moment - PLANNED, moment + PLANNED)


@dataclass(frozen=True)
class Segment:
    """The phase from one stop to the next, filled to now: `fill` is a whole percentage."""

    label: str
    fill: int
    is_current: bool


@dataclass(frozen=True)
class Stop:
    """A boundary on the jam line; `state` is past, next or future. The last has no segment."""

    name: str
    label: str
    at: datetime
    state: str
    segment: Segment | None


@dataclass(frozen=True)
class JamLine:
    """A jam's boundaries on a line, filled to a moment, for showing."""

    stops: tuple[Stop, ...]
    phase: Phase
    next: Stop | None

    @property
    def phase_label(self) -> str:
        return self.phase.label


def jam_line(jam: HasTimes, moment: datetime) -> JamLine:
    """The jam line of `jam` as it stands at `moment`."""
    phase = phase_at(jam, moment)
    following = next_boundary(jam, moment)
    stops = []
    for boundary, later in zip(BOUNDARIES, [*BOUNDARIES[1:], None], strict=True):
        at = getattr(jam, boundary.field)
        segment = None
        if later:
            share = (moment - at) / (getattr(jam, later.field) - at)
            fill = round(100 * min(max(share, 0.0), 1.0))
            segment = Segment(str(boundary.opens.label), fill, boundary.opens == phase)
        state = "next" if boundary == following else "past" if moment >= at else "future"
        stops.append(Stop(boundary.field, str(boundary.label), at, state, segment))
    return JamLine(
        tuple(stops), phase, next((stop for stop in stops if stop.state == "next"), None)
    )
