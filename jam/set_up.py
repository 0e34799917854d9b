"""What parts say of setting a jam up: what of an earlier one comes along, what is still missing,
and what moving its dates means."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Model, TextChoices
from django.utils.translation import gettext_lazy as _

from jam.wall_clock import Shift

if TYPE_CHECKING:
    from jam.dry_run import Play, Scene
    from jam.loading import Kind
    from jam.models import Jam, User


@dataclass(frozen=True)
class Portion:
    """Something of an earlier jam that can come along into a new one."""

    name: str
    label: Any
    # Ticked until the organizer says otherwise.
    is_wanted: bool = True


class State(TextChoices):
    """How something stands that belongs to a jam."""

    MISSING = "missing", _("missing")
    LOOK = "look", _("worth a look")
    DONE = "done", _("done")


class Role(TextChoices):
    """As whom an organizer sees a jam."""

    VISITOR = "visitor", _("a visitor who is signed out")
    PARTICIPANT = "participant", _("somebody who takes part")
    CONTRIBUTOR = "contributor", _("somebody who hands something in")
    RATER = "rater", _("somebody who rates")
    JUDGE = "judge", _("a judge")


@dataclass(frozen=True)
class Check:
    """Something that belongs to a jam: how it stands, in words, and where it is put right."""

    label: Any
    state: State
    text: Any
    url: str


@dataclass
class Copying:
    """An earlier jam on its way into a new one, which has every part's defaults already."""

    source: Jam
    jam: Jam
    chosen: frozenset[str]
    shift: Shift
    moment: datetime
    _copies: dict[tuple[type[Model], Any], Model] = field(default_factory=dict)

    def rows(
        self,
        rows: Iterable[Model],
        *,
        without: Iterable[str] = (),
        change: Callable[[Model], dict[str, Any]] = lambda row: {},
    ) -> None:
        """Copy `rows` of one model into the new jam: fields named in `without` get their defaults,
        and `change` gives those that differ."""
        made = []
        for row in rows:
            values = values_of(row, without=without)
            if "jam_id" in values:
                values["jam_id"] = self.jam.pk
            copy = type(row)(**(values | change(row)))
            self._copies[type(row), row.pk] = copy
            made.append(copy)
        if made:
            type(made[0])._default_manager.bulk_create(made)

    def copy_of(self, model: type[Model], pk: Any) -> Model | None:
        """What the row of `model` with the key `pk` has become; None if it did not come along."""
        return self._copies.get((model, pk))

    def over(self, row: Model, source: Model, *, without: Iterable[str] = ()) -> None:
        """Have `row`, which the new jam has already, say what `source` says."""
        keep = {"jam_id", *without}
        for name, value in values_of(source, without=keep).items():
            setattr(row, name, value)
        row.save()


def values_of(row: Model, without: Iterable[str] = ()) -> dict[str, Any]:
    """What stands in `row`, by column; without its key."""
    left = set(without)
    return {
        f.attname: getattr(row, f.attname)
        for f in row._meta.concrete_fields
        if not f.primary_key and f.name not in left and f.attname not in left
    }


class SetUp:
    """What one app has to say of setting a jam up."""

    def suit(self, jam: Jam, template: str) -> None:
        """Change the defaults of a new jam to what suits the template that it is begun from."""

    def portions(self, source: Jam) -> list[Portion]:
        """What of `source` can come along into a new jam; only what there is."""
        return []

    def copy(self, copying: Copying) -> None:
        """Take what was chosen along, in the transaction that makes the new jam. Nothing of
        people's: nobody takes part in a jam because they took part in an earlier one."""

    def check_facts(self) -> dict[str, Any]:
        """Expressions over the jam that are fetched along with it for `checks`."""
        return {}

    def checks(self, jam: Jam, moment: datetime) -> list[Check]:
        """What is worth a look before `jam`, fetched with `check_facts`, is published, each said in
        words."""
        return []

    def moving(self, jam: Jam, moves: dict[str, datetime], moment: datetime) -> list[str]:
        """What it means that instants of `jam`, by field, are moved to where `moves` has them: a
        sentence for each thing."""
        return []

    def kinds(self) -> list[Kind]:
        """The lists of a jam that rows can be loaded into from a file, those first that others
        refer to."""
        return []

    def pages_to_see(self) -> list[str]:
        """The pages of a jam, by their names, that organizers may see as somebody else: those that
        keep nothing anywhere but in the database, and tell nothing that organizers may not know."""
        return []

    def stand_in(self, jam: Jam, user: User, role: Role, moment: datetime) -> None:
        """Make `user`, who is made up and whom a rolled-back transaction takes away again, what
        somebody in `role` is at `moment`."""

    def perform(self, play: Play, scene: Scene) -> None:
        """Have the invented people of a dry run do what people do in `scene`, and the sweeps what
        they do then; tell `play` of it. All of it is rolled back, and nobody gets a mail: whatever
        leaves a trace elsewhere than in the database does not belong here."""
