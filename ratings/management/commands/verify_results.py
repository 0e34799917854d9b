from __future__ import annotations

from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser

from jam.models import Jam
from ratings import counting, freezing
from ratings.models import Results

# Told of at most; the rest is counted.
MOST = 20


class Command(BaseCommand):
    help = (
        "Recompute a jam's results from the database, and compare every number with what is kept."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug", help="the jam's address, as in /jams/SLUG/")
        parser.add_argument("--number", type=int, help="of the version; else the newest")

    def handle(self, *, slug: str, number: int | None, **options: Any) -> None:
        """Raise CommandError, which ends with 1, where anything differs."""
        jam = Jam.objects.filter(slug=slug).first()
        if jam is None:
            raise CommandError(f"There is no jam at /jams/{slug}/.")
        versions = jam.results.order_by("-version")
        results = (versions.filter(version=number) if number else versions).first()
        if results is None:
            raise CommandError(f"{jam} has no such results.")
        if results.are_as_published:
            raise CommandError(
                f"{results} was published elsewhere, and nobody has its ratings; the digest is "
                "that of the table."
            )
        if not results.software:
            raise CommandError(
                f"{results} was computed before results could be verified; only its digest is kept."
            )
        if results.software != freezing.software():
            self.stdout.write(f"Computed by {results.software}, verified by {freezing.software()}.")
        ballot = freezing.ballot_of(results)
        told = self.differences(results, ballot)
        if told:
            for line in told[:MOST]:
                self.stdout.write(line)
            raise CommandError(f"{results}: {len(told)} differences.")
        self.stdout.write(
            f"{results}: {results.standings.count()} standings from {results.ratings} ratings, "
            "all equal."
        )

    def differences(self, results: Results, ballot: counting.Ballot) -> list[str]:
        """What is kept otherwise than it comes out now, a line each."""
        digest = freezing.digest_of(ballot)
        told = []
        if digest != results.digest:
            told.append(f"SHA-256 of the ratings: kept {results.digest}, now {digest}")
        counts = counting.count(ballot, seed=results.seed)
        names = {c["name"]: c["id"] for c in results.criteria}
        kept = {
            (row["submission_id"], row["criterion_id"]): row
            for row in results.standings.values(*counting.FIELDS)
        }
        # The track was that of then; a submission may have been moved since.
        tracks = {pk: row["track_id"] for (pk, criterion), row in kept.items() if criterion is None}
        sheet = counting.Sheet(counts, results.rule, names, tracks)
        for values in sheet.rows(results.pk):
            row = dict(zip(counting.FIELDS, values, strict=True))
            found = kept.pop((row["submission_id"], row["criterion_id"]), None)
            where = f"submission {row['submission_id']}, criterion {row['criterion_id']}"
            if found is None:
                told.append(f"{where}: not kept")
                continue
            told += [
                f"{where}: {name} kept {found[name]}, now {row[name]}"
                for name in counting.FIELDS
                if found[name] != row[name]
            ]
        told += [f"submission {pk}, criterion {c}: kept, and not there now" for pk, c in kept]
        return told
