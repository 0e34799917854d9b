"""A thousand ideas: what the list, a search, and those that sound alike cost, and how many
statements they ask; by one who takes part, without a server in between."""

from __future__ import annotations

import random
import statistics
import time

from tests.benchmarks import ground

IDEAS, PEOPLE, TIMES = 1000, 300, 12
# Milliseconds for what is asked while somebody types.
MOST_MS = 50
WORDS = [
    "attention", "heads", "copy", "names", "circuits", "features", "seeds", "noise", "layers",
    "tokens", "grammar", "surprise", "training", "order", "weights", "rounding", "probes",
    "sparse", "dictionary", "neurons", "carry", "digits", "languages", "stories", "memory",
    "gradient", "patching", "ablation", "scale", "ladder", "judge", "baseline", "control",
    "interval",
]  # fmt: skip


def fill(jam, people) -> None:
    """Ideas with tags and interest, as people propose and mark them."""
    from jam.models import Idea, IdeaTag, Interest
    from jam.words import folded

    chance = random.Random(7)
    made = []
    for n in range(IDEAS):
        title = " ".join(chance.choices(WORDS, k=8)) + f" {n}"
        text = ". ".join(" ".join(chance.choices(WORDS, k=12)) for _line in range(15))
        made.append(Idea(jam=jam, author=people[n % PEOPLE], title=title, text=text,
                         words=folded(f"{title} {text}"), proposed_at=jam.starts_at))  # fmt: skip
    ideas = Idea.objects.bulk_create(made)
    IdeaTag.objects.bulk_create(
        IdeaTag(idea=idea, name=name) for idea in ideas for name in chance.sample(WORDS, 3)
    )
    Interest.objects.bulk_create(
        Interest(idea=idea, user=user, marked_at=jam.starts_at)
        for idea in ideas
        for user in chance.sample(people, 5)
    )


def main() -> None:
    ground.prepare()
    ground.manage("collectstatic", "--noinput", "--verbosity", "0")
    with ground.copy() as url:
        ground.begin(url)
        measure()
        from django.db import connections

        connections.close_all()


def measure() -> None:
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from jam import caching
    from jam.models import Jam, User

    jam = Jam.objects.get(slug="making")
    taking_part = User.objects.filter(participations__jam=jam, participations__cancelled_at=None)
    people = list(taking_part.order_by("pk")[:PEOPLE])
    fill(jam, people)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    client = Client()
    client.force_login(people[0])
    here = "/jams/making/ideas/"
    asked = "alike/?title=attention+heads+copy+names+of+seeds&text=sparse+dictionary"
    print(f"\n{IDEAS} ideas: statements, bytes, ms of work, ms in all (medians); * is too much")
    for path in ("", "?sort=interest", "?sort=free", "?q=attention+seeds", "?tag=noise",
                 asked):  # fmt: skip
        for is_new in (False, True) if path == asked else (False,):
            client.get(here + path)
            times, work = [], []
            for _n in range(TIMES):
                if is_new:
                    # As after each change of an idea anywhere.
                    caching.forget()
                began, worked = time.perf_counter(), time.process_time()
                response = client.get(here + path)
                times.append(1000 * (time.perf_counter() - began))
                work.append(1000 * (time.process_time() - worked))
                if response.status_code != 200:
                    raise SystemExit(f"{path} answered {response.status_code}")
            with CaptureQueriesContext(connection) as statements:
                client.get(here + path)
            # Of this process, since others on the machine make the clock tell another story.
            own, in_all = statistics.median(work), statistics.median(times)
            is_too_slow = path == asked and own > MOST_MS
            name = f"{path.partition('?title')[0]}{' made ready anew' if is_new else ''}"
            print(f"  {name:26} {len(statements):3}  {len(response.content):7}  {own:6.1f}  "
                  f"{in_all:6.1f} {'*' if is_too_slow else ''}  {ground.load()}")  # fmt: skip


if __name__ == "__main__":
    main()
