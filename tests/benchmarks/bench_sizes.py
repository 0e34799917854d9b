"""Statements and bytes of every page that visitors and participants meet."""

from __future__ import annotations

import gzip
from collections.abc import Iterator

from tests.benchmarks import ground

MOST_BYTES, MOST_STATEMENTS = 150_000, 10


def pages() -> Iterator[tuple[str, str, object]]:
    """Who reads, where, and as which user."""
    from jam.models import Jam
    from ratings.models import Rating
    from sites.models import LocalSite
    from submissions.models import Revision, Submission

    making, rating, finished = (Jam.objects.get(slug=slug) for slug in ground.FRESH)
    yield from (("visitor", path, None) for path in ("/", "/jams/", "/jams/?when=running",
                "/accounts/login/", "/accounts/signup/"))  # fmt: skip
    for jam in (making, rating, finished):
        here = f"/jams/{jam.slug}/"
        for page in ("", "schedule/", "calendar.ics", "theme.css", "sites/", "sites/?page=5",
                     "sites/?q=a", "submissions/", "rate/", "results/"):  # fmt: skip
            yield "visitor", here + page, None
    here = "/jams/finished/"
    site = LocalSite.objects.filter(jam=finished).first()
    submission = Submission.objects.filter(jam=finished).last()
    for page in ("submissions/?page=2", "submissions/?page=300", "submissions/?q=heads",
                 "submissions/?tag=probing", f"submissions/?site={site.pk}",
                 f"submissions/{submission.pk}/", "results/?page=2", "results/?page=150",
                 f"results/?criterion={finished.criteria.last().pk}",
                 f"results/{submission.pk}/"):  # fmt: skip
        yield "visitor", here + page, None

    revision = Revision.objects.filter(submission__jam=making).last()
    author = revision.submission.contributors.first().user
    here = f"/jams/making/submissions/{revision.submission_id}/"
    for path in ("/my-jams/", "/profile/", f"/people/{author.pk}/", "/jams/making/",
                 "/jams/making/submissions/", "/jams/making/sites/", here, f"{here}edit/",
                 f"{here}preview/", f"{here}receipts/{revision.number}/", f"{here}withdraw/",
                 f"/jams/making/sites/{making.local_sites.last().pk}/"):  # fmt: skip
        yield "author", path, author
    given = Rating.objects.filter(submission__jam=rating).last()
    here = f"/jams/rating/rate/{given.submission_id}/"
    for path in ("/jams/rating/", "/jams/rating/submissions/", "/jams/rating/rate/", here,
                 f"/jams/rating/submissions/{given.submission_id}/"):  # fmt: skip
        yield "rater", path, given.rater
    author = submission.contributors.first().user
    for path in ("/jams/finished/", "/jams/finished/results/", "/jams/finished/rate/",
                 f"/jams/finished/results/{submission.pk}/"):  # fmt: skip
        yield "author", path, author


def main() -> None:
    url = ground.prepare()
    ground.manage("collectstatic", "--noinput", "--verbosity", "0")
    ground.begin(url)
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    print("\nPages: statements, bytes, bytes compressed; * is too much")
    too_much = []
    for who, path, user in pages():
        client = Client()
        if user:
            client.force_login(user)
        # What is due, and what a process keeps, is there at the second visit.
        client.get(path)
        with CaptureQueriesContext(connection) as statements:
            response = client.get(path)
        if response.status_code != 200:
            raise SystemExit(f"{path} answered {response.status_code}")
        html = response.content
        is_too_much = len(html) > MOST_BYTES or len(statements) > MOST_STATEMENTS
        too_much += [path] if is_too_much else []
        print(f"  {who:8} {path:44} {len(statements):3}  {len(html):7}  "
              f"{len(gzip.compress(html, 6)):6} {'*' if is_too_much else ''}")  # fmt: skip
    if too_much:
        raise SystemExit(f"More than {MOST_BYTES} bytes or {MOST_STATEMENTS} statements: "
                         f"{', '.join(too_much)}")  # fmt: skip


if __name__ == "__main__":
    main()
