from __future__ import annotations

from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser

from jam import clock
from jam.models import Jam
from ratings import freezing
from submissions import freezing as submissions_freezing


class Command(BaseCommand):
    help = "Close a jam's submissions and freeze its results, as far as that is due."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug", help="the jam's address, as in /jams/SLUG/")

    def handle(self, *, slug: str, **options: Any) -> None:
        """Do what beat does each minute, for one jam, and tell what came of it."""
        jam = Jam.objects.filter(slug=slug).first()
        if jam is None:
            raise CommandError(f"There is no jam at /jams/{slug}/.")
        if not jam.is_published:
            raise CommandError(f"{jam} is a draft: nothing of it is frozen.")
        now = clock.now()
        closing = submissions_freezing.close(jam, now)
        if closing is None:
            raise CommandError(
                f"Submissions of {jam} close at {jam.submissions_close_at:%Y-%m-%d %H:%M} UTC; "
                "they are frozen two minutes later."
            )
        self.stdout.write(
            f"Submissions are frozen since {closing.closed_at:%Y-%m-%d %H:%M} UTC: "
            f"{closing.handed_in} handed in."
        )
        results = freezing.results_of(jam, now)
        if results is None:
            self.stdout.write(f"Results are due at {jam.results_at:%Y-%m-%d %H:%M} UTC.")
            return
        self.stdout.write(
            f"Results are frozen since {results.frozen_at:%Y-%m-%d %H:%M} UTC, version "
            f"{results.version}: {results.submissions} submissions, {results.ratings} ratings."
        )
