"""What people write: statements and service time of autosave, hand-in, a rating, and the next
submission of the queue, each by many people, on a copy of the database."""

from __future__ import annotations

import time
from collections.abc import Iterator
from statistics import median, quantiles
from typing import Any

from tests.benchmarks import ground

PEOPLE, ALL_AT_ONCE = 60, 40


def drafts() -> Iterator[tuple[Any, str, dict[str, str]]]:
    """Author, address and form of drafts that were not handed in yet."""
    from submissions.models import Submission

    new = Submission.objects.filter(jam__slug="making", revisions=None).order_by("pk")
    for submission in new[:PEOPLE]:
        form = {
            name: str(getattr(submission, name))
            for name in ("title", "abstract", "body", "tags", "licence", "commit", "version")
        }
        form |= {"site": submission.site_id or "", "links-TOTAL_FORMS": "0",
                 "links-INITIAL_FORMS": "0"}  # fmt: skip
        here = f"/jams/making/submissions/{submission.pk}/"
        yield submission.contributors.first().user, here, form


class Timed:
    """The answers to one kind of request: how long each took, and how many statements."""

    def __init__(self, name: str):
        self.name, self.times, self.statements = name, [], []

    def post(self, client: Any, path: str, form: dict[str, str], status: int) -> Any:
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(connection) as statements:
            began = time.perf_counter()
            response = client.post(path, form)
            self.times.append(1000 * (time.perf_counter() - began))
        if response.status_code != status:
            raise SystemExit(f"{path} answered {response.status_code}, not {status}")
        self.statements.append(len(statements))
        return response

    def tell(self) -> None:
        slow = quantiles(self.times, n=20)[-1]
        print(
            f"  {self.name:22} {max(self.statements):3} statements  median "
            f"{median(self.times):6.1f} ms  95 % within {slow:6.1f} ms  {ground.load()}"
        )


def write() -> None:
    from django.test import Client

    from jam.models import Jam, User
    from ratings.forms import RatingForm

    autosave, hand_in = Timed("autosave of a draft"), Timed("hand-in")
    for author, here, form in drafts():
        client = Client()
        client.force_login(author)
        form["title"] = f"{form['title'][:150]} again"
        autosave.post(client, f"{here}autosave/", form, 200)
        hand_in.post(client, f"{here}hand-in/", {}, 302)

    queue, rating = Timed("next of the queue"), Timed("saving a rating")
    criteria = list(Jam.objects.get(slug="rating").criteria.all())
    form = {RatingForm.stars_of(criterion): "4" for criterion in criteria}
    form |= {"strong": "It is short.", "weak": "One seed.", "next": "More seeds.", "version": ""}
    for rater in User.objects.filter(ratings__submission__jam__slug="rating").distinct()[:PEOPLE]:
        client = Client()
        client.force_login(rater)
        drawn = queue.post(client, "/jams/rating/rate/next/", {}, 302)
        rating.post(client, f"{drawn.url}autosave/", form, 200)

    print(f"\nWriting, {PEOPLE} people each")
    for timed in (autosave, hand_in, queue, rating):
        timed.tell()


def rush() -> None:
    """Forty who ask the queue at once: each is given another submission."""
    from concurrent.futures import ThreadPoolExecutor

    from django.db import connections
    from django.utils import timezone

    from jam.models import Jam, User
    from ratings.queue import next_submission

    jam, now = Jam.objects.get(slug="rating"), timezone.now()
    raters = list(
        User.objects.filter(ratings__submission__jam=jam).distinct().order_by("-pk")[:ALL_AT_ONCE]
    )

    def ask(rater: Any) -> tuple[int, float]:
        began = time.perf_counter()
        drawn = next_submission(jam, rater, now)
        took = 1000 * (time.perf_counter() - began)
        connections.close_all()
        return drawn.pk, took

    with ThreadPoolExecutor(ALL_AT_ONCE) as pool:
        drawn, times = zip(*pool.map(ask, raters), strict=True)
    if len(set(drawn)) < ALL_AT_ONCE:
        raise SystemExit("A place was given twice.")
    print(f"  {ALL_AT_ONCE} ask the queue at once: no place twice, median {median(times):.0f} ms, "
          f"the last after {max(times):.0f} ms  {ground.load()}")  # fmt: skip


def main() -> None:
    ground.prepare()
    ground.manage("collectstatic", "--noinput", "--verbosity", "0")
    with ground.copy() as url:
        ground.begin(url)
        write()
        rush()


if __name__ == "__main__":
    main()
