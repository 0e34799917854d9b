from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser

from jam import clock
from jam.models import Jam
from ratings import freezing
from ratings.proceedings import keeping


class Command(BaseCommand):
    help = "Write the proceedings of a jam: a static site in a zip, to be read from any disk."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug", help="the jam's address, as in /jams/SLUG/")
        parser.add_argument("file", type=Path, help="the zip to write")

    def handle(self, *, slug: str, file: Path, **options: Any) -> None:
        """Write them once the results are out; before that nothing is written."""
        jam = Jam.objects.filter(slug=slug).first()
        if jam is None:
            raise CommandError(f"There is no jam at /jams/{slug}/.")
        results = freezing.results_of(jam, clock.now())
        if results is None:
            raise CommandError(
                f"Results of {jam} are due at {jam.results_at:%Y-%m-%d %H:%M} UTC, and the "
                "proceedings with them."
            )
        results.jam = jam
        part = file.with_name(f"{file.name}.part")
        try:
            with part.open("wb") as target:
                files = keeping.write(results, target)
            part.replace(file)
        except OSError as error:
            part.unlink(missing_ok=True)
            raise CommandError(f"{file} cannot be written: {error.strerror}.") from error
        size = file.stat().st_size / 1024**2
        self.stdout.write(f"{file}: {files} files, {size:.1f} MB.")
