"""Closing a jam and counting its results: seconds and the peak of memory, on a copy of the
database, beside a floor: the same scores copied out, summed once by numpy, and standings copied
in."""

from __future__ import annotations

import io
import subprocess
import sys
import time

from tests.benchmarks import ground

SCORES = """
    COPY (SELECT r.submission_id, s.criterion_id, s.stars
          FROM ratings_score s JOIN ratings_rating r ON r.id = s.rating_id
          JOIN submissions_submission u ON u.id = r.submission_id JOIN jam_jam j ON j.id = u.jam_id
          WHERE j.slug = 'rating' AND r.completed_at IS NOT NULL) TO STDOUT (FORMAT csv)"""
STANDINGS = "CREATE TEMPORARY TABLE floor (LIKE ratings_standing INCLUDING INDEXES)"
COLUMNS = "id, results_id, submission_id, rule, criterion_id, n, raw, score, rank"


def peak() -> int:
    """The most memory that this process has had, in MB."""
    with open("/proc/self/status") as file:
        return int(next(line for line in file if line.startswith("VmHWM")).split()[1]) // 1024


def close() -> None:
    from jam.models import Jam
    from submissions import freezing

    jam = Jam.objects.get(slug="making")
    freezing.close(jam, jam.submissions_close_at + freezing.timeline.SETTLING)


def freeze() -> None:
    from jam.models import Jam
    from ratings import freezing

    jam = Jam.objects.get(slug="rating")
    freezing.freeze(jam, jam.results_at)


def floor() -> None:
    import numpy
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        out = io.StringIO()
        cursor.copy_expert(SCORES, out)
        scores = numpy.fromstring(out.getvalue().replace("\n", ","), dtype=int, sep=",")
        scores = scores.reshape(-1, 3)
        keys, place = numpy.unique(scores[:, :2], axis=0, return_inverse=True)
        n = numpy.bincount(place.ravel())
        means = numpy.bincount(place.ravel(), scores[:, 2]) / n
        lines, number = io.StringIO(), 0
        for rule in ("mean", "itch"):
            for (submission, criterion), count, mean in zip(keys, n, means, strict=True):
                number += 1
                lines.write(
                    f"{number},1,{submission},{rule},{criterion},{count},{mean},{mean},{number}\n"
                )
        lines.seek(0)
        cursor.execute(STANDINGS)
        cursor.copy_expert(f"COPY floor ({COLUMNS}) FROM STDIN (FORMAT csv)", lines)


def measure(name: str) -> None:
    """In a process of its own, so that the peak is its own."""
    from django.db import connection

    connection.ensure_connection()
    before, began = peak(), time.perf_counter()
    {"close": close, "freeze": freeze, "floor": floor}[name]()
    print(f"  {name:8} {time.perf_counter() - began:6.1f} s  peak {peak():5} MB "
          f"({before} before)  {ground.load()}", flush=True)  # fmt: skip


def main() -> None:
    ground.prepare()
    print(f"\nClosing and counting, {ground.SUBMISSIONS} submissions, "
          f"{ground.RATERS * ground.EACH} ratings, five criteria", flush=True)  # fmt: skip
    with ground.copy() as url:
        for name in ("close", "freeze", "floor"):
            subprocess.run(
                [sys.executable, "-m", __spec__.name, name],
                cwd=ground.ROOT, env=ground.environment(url), check=True,
            )  # fmt: skip


if __name__ == "__main__":
    if len(sys.argv) > 1:
        import os

        ground.begin(os.environ["DATABASE_URL"])
        measure(sys.argv[1])
    else:
        main()
