from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management import BaseCommand, CommandError, CommandParser

from jam import clock
from jam.archive import taking_in
from jam.archive.reading import Package
from jam.archive.tables import Malformed
from jam.models import Jam


class Command(BaseCommand):
    help = (
        "Take in a jam from an archive that `export_jam` wrote. People are found by their e-mail "
        "addresses; who is not known gets an account without a password. All of it, or nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="the archive")
        parser.add_argument("--slug", help="another address for the jam than it had")

    def handle(self, *, file: Path, slug: str | None, **options: Any) -> None:
        try:
            with file.open("rb") as source:
                digest = hashlib.file_digest(source, "sha256").hexdigest()
                package = Package(source)
                package.check()
                taken = taking_in.take_in(
                    package=package,
                    slug=self.address(slug or package.slug),
                    origin=f"an archive with the SHA-256 {digest}",
                    moment=clock.now(),
                )
        except Malformed as error:
            raise CommandError(f"{error}\nNothing was taken in.") from error
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error
        for name, number in sorted(taken.left_out.items()):
            self.stdout.write(
                f"{name}: {number} left out, since they lead to jams that are not here."
            )
        self.stdout.write(
            f"{taken.jam} is at {taken.jam.get_absolute_url()}: {sum(taken.rows.values())} rows, "
            f"{taken.rows['people']} people."
        )

    def address(self, slug: str) -> str:
        try:
            return Jam._meta.get_field("slug").clean(slug, None)
        except ValidationError as error:
            raise CommandError(f"--slug: {' '.join(error.messages)}") from None
