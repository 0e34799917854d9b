"""A jam is made of parts: what the apps above add to the pages and the life of a jam.

Each app registers one `Part` in its `AppConfig.ready()`. The pages of the jam ask the parts and
know none of them by name; adding an app is adding a part.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.core.cache import caches
from django.db.models import QuerySet, Value

if TYPE_CHECKING:
    from django.db.models import Expression

    from jam.models import Jam, Participation, User


@dataclass(frozen=True)
class Reader:
    """Who looks at a page of a jam, and when. `participation` is None unless they take part."""

    user: Any
    moment: datetime
    participation: Participation | None = None

    @property
    def is_participant(self) -> bool:
        return self.participation is not None


@dataclass(frozen=True)
class Action:
    """A button: a link, or, where it changes something, a form that posts."""

    label: Any
    url: str
    post: bool = False
    icon: str = ""
    fields: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Step:
    """The next step of a reader. Of all that the parts offer, the weightiest is shown."""

    weight: int
    title: Any
    text: Any = ""
    eyebrow: Any = ""
    action: Action | None = None
    more: tuple[Action, ...] = ()
    refusal: Any = ""


@dataclass(frozen=True)
class Tab:
    """A page of the jam; one that means nothing yet says in `to_come` when it will."""

    name: str
    label: Any
    url: str
    to_come: Any = ""


@dataclass(frozen=True)
class Number:
    """A count shown on the jam page; `expression` makes an expression over the jam."""

    name: str
    label: Any
    expression: Callable[[], Expression]


@dataclass(frozen=True)
class Section:
    """A section of the jam's overview: a template, and what it prints."""

    title: Any
    anchor: str
    template: str
    context: dict[str, Any]


class Part:
    """What one app adds to a jam. A part overrides what it has something to say about."""

    def tabs(self, jam: Jam, reader: Reader) -> list[Tab]:
        """Pages of the jam, without touching the database."""
        return []

    def facts(self) -> dict[str, Expression]:
        """Expressions over the jam that are fetched along with it for each of its pages."""
        return {}

    def numbers(self) -> list[Number]:
        """Counts that everybody may see; none may depend on the values of ratings."""
        return []

    def sections(self, jam: Jam, reader: Reader) -> list[Section]:
        """Sections of the overview."""
        return []

    def submission_sections(self, jam: Jam, submission: Any, reader: Reader) -> list[Section]:
        """Sections of the page of a submission."""
        return []

    def place_sections(self, jam: Jam, place: Any, reader: Reader) -> list[Section]:
        """Sections of the page of a place where participants meet."""
        return []

    def step(self, jam: Jam, reader: Reader) -> Step | None:
        """The next step that this part would have the reader take."""
        return None

    def refresh(self, jam: Jam, moment: datetime) -> None:
        """Make what is due and not yet made, where that takes well under a second."""

    def set_up(self, jam: Jam) -> None:
        """Give a jam that has just been created its rows with good defaults."""

    def participation_cancelled(self, participation: Participation, moment: datetime) -> None:
        """Clear up after a participation, in the same transaction."""

    def personal_data(self, user: User) -> dict[str, Any]:
        """What is held about a person, for their download: names of things, and plain values."""
        return {}

    def person_left(self, user: User, moment: datetime) -> None:
        """Clear up after someone whose account is closed, in the same transaction. What counts
        goes on counting: nothing that was handed in, rated or published changes."""

    def admin_inlines(self) -> list[type]:
        """Inlines for the jam's page in the admin."""
        return []


# Counting more rows than these takes longer than all else of a page.
LARGE = 5_000

_parts: list[Part] = []


def register(part: Part) -> None:
    """Add a part; called once by each app, in the order of the installed apps."""
    _parts.append(part)


def all_parts() -> Iterator[Part]:
    """The parts, from the floor upwards."""
    # Apps are installed from the top down, so that an upper one can override templates.
    return reversed(_parts)


def with_facts(jams: QuerySet[Jam]) -> QuerySet[Jam]:
    """Fetch what the parts want to know of every jam whose page is shown."""
    return jams.annotate(
        **{name: fact for part in all_parts() for name, fact in part.facts().items()}
    )


def with_numbers(jams: QuerySet[Jam], slug: str) -> QuerySet[Jam]:
    """Fetch the numbers of every part together with the jam that has this slug; the numbers of a
    large jam may be half a minute old."""
    kept = caches["process"].get(f"numbers:{slug}", {})
    return jams.annotate(
        **{
            f"number_{number.name}": Value(kept[number.name])
            if number.name in kept
            else number.expression()
            for number in _numbers()
        }
    )


@dataclass(frozen=True)
class ShownNumber:
    value: int
    label: Any


def numbers_of(jam: Jam) -> list[ShownNumber]:
    """The numbers of a jam that was fetched by `with_numbers`."""
    numbers = _numbers()
    values = {number.name: getattr(jam, f"number_{number.name}") for number in numbers}
    if sum(values.values()) > LARGE:
        caches["process"].add(f"numbers:{jam.slug}", values, timeout=30)
    return [ShownNumber(values[number.name], number.label) for number in numbers]


def _numbers() -> list[Number]:
    return [number for part in all_parts() for number in part.numbers()]


def next_step(jam: Jam, reader: Reader) -> Step | None:
    """The weightiest of the steps that the parts offer this reader."""
    steps = [step for part in all_parts() if (step := part.step(jam, reader))]
    return max(steps, key=lambda step: step.weight, default=None)


def tabs_of(jam: Jam, reader: Reader) -> list[Tab]:
    """The pages of a jam, in the order of the parts."""
    return [tab for part in all_parts() for tab in part.tabs(jam, reader)]


def sections_of(jam: Jam, reader: Reader) -> list[Section]:
    """The sections that the parts add to a jam's overview."""
    return [section for part in all_parts() for section in part.sections(jam, reader)]


def submission_sections_of(jam: Jam, submission: Any, reader: Reader) -> list[Section]:
    """The sections that the parts add to the page of a submission."""
    return [s for part in all_parts() for s in part.submission_sections(jam, submission, reader)]


def place_sections_of(jam: Jam, place: Any, reader: Reader) -> list[Section]:
    """The sections that the parts add to the page of a place."""
    return [s for part in all_parts() for s in part.place_sections(jam, place, reader)]


def refresh(jam: Jam, moment: datetime) -> None:
    """Have every part make what is due."""
    for part in all_parts():
        part.refresh(jam, moment)


def set_up(jam: Jam) -> None:
    """Have every part give a new jam its defaults."""
    for part in all_parts():
        part.set_up(jam)
