"""What parts bring to those who run a jam: to whom they announce something, the desk, the pages
about people, what is looked through for spam, and what can be taken away."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Q

if TYPE_CHECKING:
    from django.db.models import Expression

    from jam.archive.tables import Table
    from jam.audiences import Audience
    from jam.desk import Coming, Decision, DeskPage
    from jam.exports import Export
    from jam.growing import Growing
    from jam.models import Jam, User
    from jam.parts import Number, Reader, Section
    from jam.spam import Written


class Organizing:
    """What one app has of it."""

    def audiences(self, jam: Jam, by: User) -> list[Audience]:
        """Those to whom `by` may announce something; to whom else, other parts say."""
        return []

    def people_in(self, jam: Jam, name: str, of: int | None, moment: datetime) -> Any:
        """The people of an audience of this part, as a queryset; None if it has none such."""
        return None

    def announced_to(self, jam: Jam, user: User, moment: datetime) -> Q | None:
        """A filter for announcements to the audiences of this part in which `user` is; None if
        they are in none."""
        return None

    def involved(self, jam: Jam) -> list[Any]:
        """Querysets of the numbers of people who have to do with `jam`."""
        return []

    def desk_pages(self, jam: Jam, reader: Reader) -> list[DeskPage]:
        """Pages for organizers, of whom `reader` is one, without touching the database."""
        return []

    def export_tables(self) -> list[Table]:
        """How the rows of this part stand in the archive of a jam, in the order in which they can
        be taken in again."""
        return []

    def left_out_of_exports(self) -> dict[type, str]:
        """Models of this part that no archive has, each with the reason."""
        return {}

    def exports(self, jam: Jam, moment: datetime) -> list[Export]:
        """Further tables that organizers may take away, without touching the database."""
        return []

    def jam_taken_in(self, jam: Jam, moment: datetime) -> None:
        """Make what can be found from the rows of a jam that has just been taken in, in the same
        transaction."""

    def person_facts(self, jam: Jam) -> dict[str, Expression]:
        """Expressions over a person that are fetched along with them for their page."""
        return {}

    def person_sections(self, jam: Jam, user: User, reader: Reader) -> list[Section]:
        """What `user`, from `jam.roster.person_of`, did in `jam`, for its organizers, of whom
        `reader` is one; how many ratings they gave, but never what those say."""
        return []

    def written(self, jam: Jam, reader: Reader) -> list[Written]:
        """The latest that people wrote here, as far as `reader` may see it, to be looked through
        for spam."""
        return []

    def desk_facts(self, user: User, moment: datetime) -> dict[str, Expression]:
        """Expressions over the jam that are fetched along with it for its desk."""
        return {}

    def funnel(self, jam: Jam) -> list[Number]:
        """How many participants of `jam` have come how far, in the order in which they come there.
        Who did is found by the key of `jam`, so once, and not for each of them."""
        return []

    def decisions(self, jam: Jam, reader: Reader) -> list[Decision]:
        """What waits for an organizer, without touching the database; nothing of it depends on
        the values of ratings."""
        return []

    def coming(self, jam: Jam, reader: Reader) -> list[Coming]:
        """What is to come, in one statement at most."""
        return []

    def growths(self, jam: Jam) -> list[Growing]:
        """What grows with time, to be drawn beside earlier jams; without touching the database."""
        return []

    def charts(self, jam: Jam, moment: datetime) -> list[Any]:
        """How else it goes, as `jam.charts` draws it, in one statement at most."""
        return []
