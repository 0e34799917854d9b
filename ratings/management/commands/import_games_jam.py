from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management import BaseCommand, CommandError, CommandParser
from django.utils.dateparse import parse_datetime

from jam import clock, timeline
from jam.archive.tables import Malformed
from jam.models import Jam, User
from ratings import published


class Command(BaseCommand):
    help = (
        "Take in a jam that was held at the games shop: a finished jam with its submissions, and "
        "its results as they were published. SUBMISSIONS is CSV with the columns submission, "
        "title and, where they are there, contributors (between commas), url and abstract; "
        "RESULTS has submission, rating_count, criterion, rank, score and raw_score, a line for "
        "each criterion and “overall”. Instants are ISO 8601, in UTC where no offset is given."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("submissions", type=Path)
        parser.add_argument("results", type=Path)
        parser.add_argument("--slug", required=True, help="its address, as in /jams/SLUG/")
        parser.add_argument("--title", required=True)
        parser.add_argument("--organizer", required=True, help="e-mail address of an account")
        parser.add_argument("--from", dest="origin", required=True, help="the address it was at")
        parser.add_argument("--starts", type=instant, required=True)
        parser.add_argument("--closes", type=instant, required=True, help="submissions close")
        parser.add_argument("--rated-until", type=instant, required=True)

    def handle(self, *, submissions: Path, results: Path, **options: Any) -> None:
        organizer = User.objects.filter(email__iexact=options["organizer"], is_active=True).first()
        if organizer is None:
            raise CommandError(f"Nobody here has the address {options['organizer']}.")
        jam = self.jam(**options)
        try:
            with (
                submissions.open(encoding="utf-8-sig", newline="") as works,
                results.open(encoding="utf-8-sig", newline="") as table,
            ):
                found = published.read(works, table)
            kept = published.take_in(
                published=found,
                jam=jam,
                organizer=organizer,
                origin=options["origin"],
                moment=clock.now(),
            )
        except Malformed as error:
            raise CommandError(f"{error}\nNothing was taken in.") from error
        except UnicodeDecodeError as error:
            raise CommandError(f"A table is not UTF-8: {error}\nNothing was taken in.") from error
        except OSError as error:
            raise CommandError(f"{error.filename}: {error.strerror}") from error
        if found.mended:
            self.stdout.write(f"{found.mended} texts had been decoded wrongly, and were repaired.")
        self.stdout.write(
            f"{jam} is at {jam.get_absolute_url()}: {kept.submissions} submissions, "
            f"{kept.ratings} ratings, {len(kept.criteria)} criteria."
        )

    def jam(self, **options: Any) -> Jam:
        """The jam, not saved yet. Raises CommandError."""
        jam = Jam(
            slug=options["slug"],
            title=options["title"],
            starts_at=options["starts"],
            submissions_close_at=options["closes"],
            ratings_open_at=options["closes"] + timeline.SETTLING,
            ratings_close_at=options["rated_until"],
            results_at=options["rated_until"] + timeline.SETTLING,
            code_of_conduct="",
        )
        if not timeline.results_due(jam, clock.now()):
            raise CommandError("--rated-until: this jam is not over yet.")
        try:
            jam.full_clean()
        except ValidationError as error:
            raise CommandError("\n".join(error.messages)) from None
        return jam


def instant(text: str) -> datetime:
    """An instant, for argparse, which tells of a ValueError."""
    found = parse_datetime(text)
    if found is None:
        raise ValueError
    return found if found.tzinfo else found.replace(tzinfo=UTC)
