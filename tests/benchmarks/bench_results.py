"""Closing a jam and counting its results: seconds and the peak of memory, on a copy of the
database, beside a floor: the same scores copied out, summed once by numpy, and standings copied
in."""

from __future__ import annotations

import io
import subprocess
import sys
import time
from statistics import median

from tests.benchmarks import ground

SCORES = """
    COPY (SELECT r.submission_id, s.criterion_id, s.stars
          FROM ratings_score s JOIN ratings_rating r ON r.id = s.rating_id
          JOIN submissions_submission u ON u.id = r.submission_id JOIN jam_jam j ON j.id = u.jam_id
          WHERE j.slug = 'rating' AND r.completed_at IS NOT NULL) TO STDOUT (FORMAT csv)"""
SUBMISSIONS = ground.SUBMISSIONS


def peak() -> int:
    """The most memory that this process has had, in MB."""
    with open("/proc/self/status") as file:
        return int(next(line for line in file if line.startswith("VmHWM")).split()[1]) // 1024


def close() -> None:
    from jam.models import Jam
    from submissions import freezing

    jam = Jam.objects.get(slug="making")
    freezing.close(jam, jam.submissions_close_at + freezing.timeline.SETTLING)


def freeze(draws: bool) -> None:
    """All three rules with approximate intervals, from the database and back, in its parts."""
    from jam.models import Jam
    from ratings import freezing
    from ratings.tally import adjusted, itch, mean

    if not draws:
        adjusted.DRAWS = adjusted.DRAWS_OF_MANY = 0
    jam = Jam.objects.get(slug="rating")
    parts: dict[str, float] = {}

    def timed(module: object, name: str, label: str) -> None:
        work = getattr(module, name)

        def slow(*args, **kwargs):
            began = time.perf_counter()
            try:
                return work(*args, **kwargs)
            finally:
                parts[label] = parts.get(label, 0) + time.perf_counter() - began

        setattr(module, name, slow)

    timed(freezing, "current_ballot", "reading")
    timed(freezing, "digest_of", "digest")
    timed(mean, "rankings", "mean")
    timed(itch, "rankings", "itch")
    timed(adjusted, "adjusted", "adjusted")
    timed(freezing.bulk, "insert", "writing")
    freezing.freeze(jam, jam.results_at)
    print("           ", ", ".join(f"{name} {took:.2f} s" for name, took in parts.items()))


def floor() -> None:
    """What no program can do without: the scores copied out, one pass of numpy, and as many
    numbers copied in as three rules make standings."""
    import numpy
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        out = io.BytesIO()
        began = time.perf_counter()
        cursor.copy_expert(SCORES, out)
        read = time.perf_counter()
        scores = numpy.fromstring(out.getvalue().decode().replace("\n", ","), dtype=int, sep=",")
        scores = scores.reshape(-1, 3)
        keys, place = numpy.unique(scores[:, 0] * 1000 + scores[:, 1], return_inverse=True)
        n = numpy.bincount(place.ravel())
        means = numpy.bincount(place.ravel(), scores[:, 2]) / n
        summed = time.perf_counter()
        lines = io.StringIO()
        for rule in range(3):
            for key, count, mean in zip(keys.tolist(), n.tolist(), means.tolist(), strict=True):
                lines.write(f"{key},{rule},{count},{mean}\n")
            lines.write("".join(f"{k},{rule},0,0\n" for k in range(SUBMISSIONS)))
        lines.seek(0)
        cursor.execute("CREATE TEMPORARY TABLE floor (key int, rule int, n int, mean float8)")
        cursor.copy_expert("COPY floor FROM STDIN (FORMAT csv)", lines)
        done = time.perf_counter()
    print(f"             reading {read - began:.2f} s, one pass {summed - read:.2f} s, "
          f"writing {done - summed:.2f} s")  # fmt: skip


WORK = {
    "close": close,
    "count": lambda: freeze(draws=False),
    "with draws": lambda: freeze(draws=True),
    "floor": floor,
}


def measure(name: str) -> None:
    """In a process of its own, so that the peak is its own."""
    from django.db import connection

    connection.ensure_connection()
    before, began = peak(), time.perf_counter()
    WORK[name]()
    print(f"  {name:12} {time.perf_counter() - began:6.1f} s  peak {peak():5} MB "
          f"({before} before)  {ground.load()}", flush=True)  # fmt: skip


def pages_meanwhile() -> None:
    """How much slower a page is answered while results are counted beside it."""
    with (
        ground.copy() as url,
        ground.served("jam.config.wsgi", url, PAGE_CACHE_SECONDS="0") as server,
    ):
        page = f"{server.address}/jams/finished/"

        def timed() -> float:
            began = time.perf_counter()
            ground.fetch(page)
            return 1000 * (time.perf_counter() - began)

        timed()
        before = [timed() for _ in range(30)]
        command = [sys.executable, "-m", __spec__.name, "count"]
        counting = subprocess.Popen(
            command, cwd=ground.ROOT, env=ground.environment(url), stdout=subprocess.DEVNULL
        )
        during = []
        while counting.poll() is None:
            during.append(timed())
    slow = f"{median(during):.0f} ms, {max(during):.0f} ms at most of {len(during)}"
    print(f"  a page of another jam: median {median(before):.0f} ms, while counting {slow}")


def main() -> None:
    ground.prepare()
    print(f"\nClosing and counting, {ground.SUBMISSIONS} submissions, "
          f"{ground.RATERS * ground.EACH} ratings, five criteria", flush=True)  # fmt: skip
    for names in (("floor", "count", "close"), ("with draws",)):
        # What was frozen once is not frozen again: a fresh copy for each time.
        with ground.copy() as url:
            for name in names:
                subprocess.run(
                    [sys.executable, "-m", __spec__.name, name],
                    cwd=ground.ROOT, env=ground.environment(url), check=True,
                )  # fmt: skip
    pages_meanwhile()


if __name__ == "__main__":
    if len(sys.argv) > 1:
        import os

        ground.begin(os.environ["DATABASE_URL"])
        measure(sys.argv[1])
    else:
        main()
