from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser

from jam import clock, forgetting, log
from jam.archive import writing
from jam.models import Jam


class Command(BaseCommand):
    help = (
        "Write a whole jam into one zip, a Frictionless Data Package: every table, every file. "
        "`import_jam` takes it in on another installation. It holds personal data: keep it so."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug", help="the jam's address, as in /jams/SLUG/")
        parser.add_argument("file", type=Path, help="where to write it; must not be there yet")

    def handle(self, *, slug: str, file: Path, **options: Any) -> None:
        jam = Jam.objects.filter(slug=slug).first()
        if jam is None:
            raise CommandError(f"There is no jam at /jams/{slug}/.")
        forgetting.forget_overdue(jam, clock.now())
        # Beside it first, so that there is a whole archive or none; for its owner's eyes.
        beside = file.with_name(f".{file.name}.part")
        try:
            with open(os.open(beside, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600), "w+b") as made:
                counts = writing.write(jam, made)
                made.flush()
                os.fsync(made.fileno())
            os.link(beside, file)
        except FileExistsError:
            raise CommandError(f"{file} is there already.") from None
        except (writing.Damaged, OSError) as error:
            raise CommandError(str(error)) from error
        finally:
            beside.unlink(missing_ok=True)
        # Not a line of the jam's own log, which would then not be the one in the archive.
        log.record("exported the jam", jam, by=None, moment=clock.now(),
                   after={"rows": sum(counts.values())})  # fmt: skip
        self.stdout.write(
            f"{file}: {sum(counts.values())} rows in {len(counts)} tables, "
            f"{file.stat().st_size} bytes."
        )
