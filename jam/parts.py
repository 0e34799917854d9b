"""A jam is made of parts: what the apps above add to the pages and the life of a jam.

Each app registers one `Part` in its `AppConfig.ready()`. The pages of the jam ask the parts and
know none of them by name; adding an app is adding a part.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property, reduce
from operator import or_
from typing import TYPE_CHECKING, Any

from django.core.cache import caches
from django.db.models import Q, QuerySet, Value

from jam import alone
from jam.organizing import Organizing
from jam.set_up import SetUp
from jam.trust import Trust

if TYPE_CHECKING:
    from django.db.models import Expression

    from jam.models import Idea, Jam, Message, Participation, User
    from jam.models.schedule import Happening


@dataclass(frozen=True)
class Reader:
    """Who looks at a page of a jam, and when; `find` looks up how they take part in it, once it is
    asked for."""

    user: Any
    moment: datetime
    find: Callable[[], Participation | None] = lambda: None

    @cached_property
    def participation(self) -> Participation | None:
        """None unless they take part."""
        return self.find()

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
    # For somebody who takes part and has not begun to make anything.
    is_beginning: bool = False
    # Under the buttons: what pressing one means.
    note: Any = ""


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
    """A section of a page: a template, and what it prints; on the page of a submission above the
    work, or below it; on that of a jam below its description, unless it `leads` to what its reader
    has to do here."""

    title: Any
    anchor: str
    template: str
    context: dict[str, Any]
    below: bool = False
    leads: bool = False


@dataclass(frozen=True)
class MailKind:
    """A kind of mails that people may want or not; `default` holds until they choose. That one
    which `is_private` was sent is told to nobody but its reader."""

    name: str
    label: Any
    default: bool = True
    is_private: bool = False


@dataclass(frozen=True)
class Merit:
    """Something that a person did in a jam and may have certified: `sentence` says it, without
    the name; `values` are what it stands on; `submission` and `thing` tell several apart."""

    kind: str
    sentence: str
    values: dict[str, Any]
    submission: int | None = None
    thing: str = ""
    details: tuple[tuple[str, str], ...] = ()

    @property
    def key(self) -> str:
        return f"{self.kind}-{self.submission or 0}-{self.thing}"


class Part(SetUp, Organizing, Trust):
    """What one app adds to a jam. A part overrides what it has something to say about."""

    def look_again(self, message: Message) -> bool:
        """Whether a mail that has waited is still to be sent; what has changed is put right in
        it."""
        return True

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

    def schedule_zones(self, jam: Jam, reader: Reader) -> list[tuple[Any, str]]:
        """Time zones, each with a label, that the jam's schedule is worth looking at in."""
        return []

    def calendar_items(self, user: User) -> list[Happening]:
        """What stands in the private calendar of `user` beside the jams that they joined."""
        return []

    def idea_facts(self) -> dict[str, Expression]:
        """Expressions over an idea that are fetched along with it; the list of ideas knows `teams`
        (how many are on it) and `came_of` (how many submissions grew from it)."""
        return {}

    def idea_sections(self, jam: Jam, idea: Idea, reader: Reader) -> list[Section]:
        """Sections of the page of an idea."""
        return []

    def step(self, jam: Jam, reader: Reader) -> Step | None:
        """The next step that this part would have the reader take."""
        return None

    def merits(self, jam: Jam, user: User, moment: datetime) -> list[Merit]:
        """What `user` may have certified of `jam`."""
        return []

    def refresh(self, jam: Jam, moment: datetime) -> None:
        """Make what is due and not yet made, where that takes well under a second."""

    def set_up(self, jam: Jam) -> None:
        """Give a jam that has just been created its rows with good defaults."""

    def submissions_frozen(self, jam: Jam) -> None:
        """Submissions of `jam` have just been frozen; in the same transaction."""

    def contributors_added(
        self, submission: Any, added: list[User], by: User, moment: datetime
    ) -> None:
        """Organizers had people be contributors of a submission that is frozen; in the same
        transaction, and under a lock on the jam."""

    def participation_cancelled(
        self, participation: Participation, by: User, moment: datetime
    ) -> None:
        """Clear up after a participation that was ended by `by`, in the same transaction."""

    def looks_after(self, jam: Jam, user: User) -> Q | None:
        """A filter for the participations of `jam` that `user`, who does not organize it, looks
        after; None if this part has them look after nobody."""
        return None

    def people_parted(self, user: User, whom: User, moment: datetime) -> None:
        """`user` has blocked `whom`: end what there is between them, in the same transaction and
        without a word to anybody."""

    def personal_data(self, user: User) -> dict[str, Any]:
        """What is held about a person, for their download: names of things, and plain values."""
        return {}

    def person_left(self, user: User, moment: datetime) -> None:
        """Clear up after someone whose account is closed, in the same transaction. What counts
        goes on counting: nothing that was handed in, rated or published changes."""

    def mail_kinds(self) -> list[MailKind]:
        """The kinds of mails that people may choose."""
        return []

    def admin_inlines(self) -> list[type]:
        """Inlines for the jam's page in the admin."""
        return []


# Counting more rows than these takes longer than all else of a page.
LARGE = 5_000
LONGEST_SLUG = 80

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
    kept = caches["process"].get(numbers_key(slug), {})
    return jams.annotate(
        **{
            f"number_{number.name}": Value(kept[number.name])
            if number.name in kept
            else number.expression()
            for number in _numbers()
        }
    )


def numbers_key(slug: str) -> str:
    """Where the numbers of the jam with this slug are kept. In an address a slug may be longer
    than a key may be; what goes beyond the longest of a jam's tells none apart."""
    return f"numbers:{slug[: LONGEST_SLUG + 1]}"


@dataclass(frozen=True)
class ShownNumber:
    value: int
    label: Any


def numbers_of(jam: Jam) -> list[ShownNumber]:
    """The numbers of a jam that was fetched by `with_numbers`."""
    numbers = _numbers()
    values = {number.name: getattr(jam, f"number_{number.name}") for number in numbers}
    if sum(values.values()) > LARGE and alone.keeps():
        caches["process"].add(numbers_key(jam.slug), values, timeout=30)
    return [ShownNumber(values[number.name], number.label) for number in numbers]


def _numbers() -> list[Number]:
    return [number for part in all_parts() for number in part.numbers()]


def steps_of(jam: Jam, reader: Reader) -> list[Step]:
    """The steps that the parts offer this reader."""
    return [step for part in all_parts() if (step := part.step(jam, reader))]


def next_step(steps: list[Step]) -> Step | None:
    """The weightiest of them."""
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


def schedule_zones_of(jam: Jam, reader: Reader) -> list[tuple[Any, str]]:
    """The time zones that the parts offer for a jam's schedule."""
    return [zone for part in all_parts() for zone in part.schedule_zones(jam, reader)]


def calendar_items_of(user: User) -> list[Happening]:
    """What the parts put into the private calendar of `user`."""
    return [item for part in all_parts() for item in part.calendar_items(user)]


def with_idea_facts(ideas: QuerySet[Idea]) -> QuerySet[Idea]:
    """Fetch what the parts want to tell of ideas."""
    facts = {"teams": Value(0), "came_of": Value(0)}
    for part in all_parts():
        facts |= part.idea_facts()
    return ideas.annotate(**facts)


def person_sections_of(jam: Jam, user: User, reader: Reader) -> list[Section]:
    """The sections of the page about a person, for the organizers of a jam, in order."""
    found = [s for part in all_parts() for s in part.person_sections(jam, user, reader)]
    return sorted(found, key=lambda section: section.below)


def idea_sections_of(jam: Jam, idea: Idea, reader: Reader) -> list[Section]:
    """The sections that the parts add to the page of an idea."""
    return [s for part in all_parts() for s in part.idea_sections(jam, idea, reader)]


def merits_of(jam: Jam, user: User, moment: datetime) -> list[Merit]:
    """All that `user` may have certified of `jam`."""
    return [merit for part in all_parts() for merit in part.merits(jam, user, moment)]


def looked_after(jam: Jam, user: User) -> Q | None:
    """A filter for the participations that some part has `user` look after, or None."""
    found = [q for part in all_parts() if (q := part.looks_after(jam, user)) is not None]
    return reduce(or_, found) if found else None


def refresh(jam: Jam, moment: datetime) -> None:
    """Have every part make what is due."""
    for part in all_parts():
        part.refresh(jam, moment)


def submissions_frozen(jam: Jam) -> None:
    """Tell every part that submissions have been frozen."""
    for part in all_parts():
        part.submissions_frozen(jam)


def contributors_added(submission: Any, added: list[User], by: User, moment: datetime) -> None:
    """Tell every part that a frozen submission has become the own of people."""
    for part in all_parts():
        part.contributors_added(submission, added, by, moment)


def set_up(jam: Jam) -> None:
    """Have every part give a new jam its defaults."""
    for part in all_parts():
        part.set_up(jam)
