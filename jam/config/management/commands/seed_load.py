from __future__ import annotations

import csv
import io
import random
import re
import time
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.core.management import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_slug
from django.db import connection, transaction
from django.db.models import OuterRef, Subquery
from django.utils import timezone

from jam import parts
from jam.config.demo import feedback, hackathon
from jam.config.demo.people import PEOPLE
from jam.config.demo.rooms import rooms
from jam.config.demo.submissions import SUBMISSIONS
from jam.models import Host, Jam, Participation, Resource, ScheduleItem, User
from ratings import queue
from ratings.models import Criterion, Rating, Score
from sites.models import LocalSite, Place
from submissions import freezing
from submissions.models import Closing, Contributor, Link, Revision, Submission

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MAKING, RATING = 2 * DAY, 14 * DAY
# How long ago the jam began.
BEGAN = {
    "making": 20 * HOUR,
    "rating": MAKING + HOUR + 5 * DAY,
    "counting": MAKING + HOUR + RATING + 2 * HOUR,
    "finished": MAKING + HOUR + RATING + 26 * HOUR,
}
BATCH = 500
TWISTS = (
    "", "in smaller models", "in code models", "across seeds", "in five languages", "revisited",
    "on real text", "under fine-tuning", "with fewer assumptions", "a negative result",
    "after quantization", "in a toy world", "one layer earlier", "with sparse codes",
)  # fmt: skip


class Command(BaseCommand):
    help = "Make a large jam for trials. Nobody in it can sign in, unless --password is given."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--submissions", type=int, default=1000, metavar="N")
        parser.add_argument("--raters", type=int, default=1500, metavar="R")
        parser.add_argument("--ratings-each", type=int, default=20, metavar="K")
        parser.add_argument("--sites", type=int, metavar="S", help="else one for 100 submissions")
        parser.add_argument("--slug", default="load")
        parser.add_argument("--criteria", type=int, default=5)
        parser.add_argument("--phase", choices=list(BEGAN), default="rating")
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--password", help="one for all: person1@SLUG.example, and so on")

    def handle(self, **options: Any) -> None:
        slug = options["slug"]
        try:
            validate_slug(slug)
        except ValidationError as error:
            raise CommandError(f"--slug {slug}: {error.messages[0]}") from None
        if Jam.objects.filter(slug=slug).exists():
            raise CommandError(f"There is a jam at /jams/{slug}/ already. Choose another --slug.")
        for name in ("submissions", "raters", "criteria"):
            if options[name] < 1:
                raise CommandError(f"--{name} must be at least 1.")
        began = time.monotonic()
        with transaction.atomic():
            load = Load(options, timezone.now().replace(second=0, microsecond=0))
            load.make()
        if connection.vendor == "postgresql" and not connection.in_atomic_block:
            # Else the planner would know nothing of the rows until autovacuum comes by.
            with connection.cursor() as cursor:
                cursor.execute("VACUUM ANALYZE")
        self.stdout.write(
            f"/jams/{slug}/ ({options['phase']}): {load.submissions} submissions of "
            f"{len(load.people)} people at {len(load.sites)} local sites, {load.ratings} ratings "
            f"on {len(load.criteria)} criteria, in {time.monotonic() - began:.0f} s."
        )


class Load:
    """A jam of any size, made without the services: rows in batches, the same for each seed."""

    def __init__(self, options: dict[str, Any], now: datetime):
        self.options, self.now = options, now
        self.slug: str = options["slug"]
        self.submissions: int = options["submissions"]
        self.ratings = 0
        self.chance = random.Random(options["seed"])  # noqa: S311

    def make(self) -> None:
        self.jam = self.make_jam()
        self.criteria = self.make_criteria()
        self.people = self.make_people()
        self.sites = self.make_sites()
        self.participate()
        self.make_submissions()
        if self.options["phase"] != "making":
            self.freeze()
            self.rate()
            queue.rebuild(self.jam, self.now)

    # -- the jam -------------------------------------------------------------------------------

    def make_jam(self) -> Jam:
        texts = hackathon.JAM
        starts_at = self.now - BEGAN[self.options["phase"]]
        close = starts_at + MAKING
        jam = Jam.objects.create(
            **{name: texts[name] for name in ("tagline", "description", "hashtag", "hue")},
            title=f"{texts['title']} ({self.slug})"[:120],
            slug=self.slug,
            starts_at=starts_at,
            submissions_close_at=close,
            ratings_open_at=close + HOUR,
            ratings_close_at=close + HOUR + RATING,
            results_at=close + HOUR + RATING + DAY,
            published_at=starts_at - 21 * DAY,
        )
        parts.set_up(jam)
        Host.objects.bulk_create(Host(jam=jam, **host) for host in hackathon.HOSTS)
        Resource.objects.bulk_create(Resource(jam=jam, **fields) for fields in hackathon.RESOURCES)
        shift = starts_at - datetime.fromisoformat(texts["starts_at"])
        for item in hackathon.SCHEDULE:
            times = {
                name: item[name] and datetime.fromisoformat(item[name]) + shift
                for name in ("starts_at", "ends_at")
            }
            ScheduleItem.objects.create(jam=jam, **{**item, **times})
        return jam

    def make_criteria(self) -> list[Criterion]:
        wanted = self.options["criteria"]
        there = list(self.jam.criteria.all())
        Criterion.objects.filter(pk__in=[criterion.pk for criterion in there[wanted:]]).delete()
        Criterion.objects.bulk_create(
            Criterion(jam=self.jam, order=n, name=f"Criterion {n + 1}", question="How good is it?")
            for n in range(len(there), wanted)
        )
        return list(self.jam.criteria.all())

    # -- people and places ---------------------------------------------------------------------

    def make_people(self) -> list[int]:
        """Ids of people: the raters first, and at least as many people as submissions."""
        password = self.options["password"]
        # One hash for all: making thousands would take hours, and none of them has a secret.
        hashed = make_password(password)
        given, family = zip(*(p["name"].split(maxsplit=1) for p in PEOPLE if " " in p["name"]),
                            strict=True)  # fmt: skip
        people: list[int] = []
        for numbers in batched(range(max(self.options["raters"], self.submissions)), BATCH):
            users = User.objects.bulk_create(
                User(
                    email=f"person{n + 1}@{self.slug}.example",
                    password=hashed,
                    display_name=f"{self.chance.choice(given)} {self.chance.choice(family)}",
                    affiliation=self.chance.choice(PEOPLE)["affiliation"],
                    time_zone=self.chance.choice(PEOPLE)["time_zone"],
                )
                for n in numbers
            )
            EmailAddress.objects.bulk_create(
                EmailAddress(user=user, email=user.email, primary=True, verified=True)
                for user in users
            )
            people += [user.pk for user in users]
        return people

    def make_sites(self) -> list[LocalSite]:
        count = self.options["sites"] or min(max(self.submissions // 100, 3), 100)
        sites = LocalSite.objects.bulk_create(
            LocalSite(
                jam=self.jam,
                **room,
                capacity=1 + len(self.people) // count,
                proposed_at=self.jam.published_at,
                approved_at=self.jam.published_at + DAY,
                is_open=True,
            )
            for room in rooms(count)
        )
        through = LocalSite.organizers.through
        through.objects.bulk_create(
            through(localsite_id=site.pk, user_id=self.people[n % len(self.people)])
            for n, site in enumerate(sites)
        )
        return sites

    def participate(self) -> None:
        for numbers in batched(range(len(self.people)), BATCH):
            joined = Participation.objects.bulk_create(
                Participation(jam=self.jam, user_id=self.people[n], joined_at=self.joined_at())
                for n in numbers
            )
            Place.objects.bulk_create(
                Place(
                    site=self.sites[n % len(self.sites)],
                    participation=participation,
                    shown=n % 4 != 0,
                    taken_at=participation.joined_at,
                )
                for n, participation in zip(numbers, joined, strict=True)
                if n % 3 == 0
            )

    def joined_at(self) -> datetime:
        return self.jam.starts_at - self.chance.random() * 20 * DAY

    # -- submissions ---------------------------------------------------------------------------

    def make_submissions(self) -> None:
        """Teams of one to three, people taking their turns; what everybody made is handed in, in
        the making phase by every second team."""
        self.works = [work for work in SUBMISSIONS if work["body"].count("\n## ") >= 3]
        self.own: dict[int, set[int]] = defaultdict(set)
        turn = 0
        for numbers in batched(range(self.submissions), BATCH):
            submissions = Submission.objects.bulk_create(self.draft() for _n in numbers)
            contributors, links = [], []
            for submission in submissions:
                size = min(self.chance.choice((1, 1, 1, 2, 3)), len(self.people))
                for user in (self.people[(turn + n) % len(self.people)] for n in range(size)):
                    contributors.append(
                        Contributor(
                            submission=submission, user_id=user, confirmed_at=submission.created_at
                        )
                    )
                    self.own[user].add(submission.pk)
                turn += size
                links += [
                    Link(submission=submission, **link)
                    for link in self.chance.choice(self.works)["links"]
                ]
            Contributor.objects.bulk_create(contributors)
            Link.objects.bulk_create(links)
            half = self.options["phase"] == "making"
            self.hand_in(submissions[::2] if half else submissions)

    def draft(self) -> Submission:
        first, second = self.chance.choice(self.works), self.chance.choice(self.works)
        twist = self.chance.choice(TWISTS)
        begun = self.jam.starts_at + self.chance.random() * 10 * HOUR
        return Submission(
            jam=self.jam,
            title=f"{first['title']}{', ' if twist else ''}{twist}"[:160],
            abstract=first["abstract"],
            body=body_of(first["body"], second["body"]),
            tags=", ".join(dict.fromkeys([*first["tags"], *second["tags"][:1]]))[:160],
            licence=first["licence"],
            commit=f"{self.chance.getrandbits(160):040x}",
            site=self.chance.choice(self.sites) if self.chance.random() < 0.6 else None,
            version=1,
            created_at=begun,
            saved_at=begun + HOUR,
        )

    def hand_in(self, submissions: Sequence[Submission]) -> None:
        keys = [submission.pk for submission in submissions]
        Revision.objects.bulk_create(
            freezing.revision_of(
                submission,
                None,
                origin=Revision.Origin.HANDED_IN,
                by=submission.contributors.all()[0].user,
                moment=submission.saved_at + HOUR,
            )
            for submission in Submission.objects.filter(pk__in=keys).with_content()
        )

    def freeze(self) -> None:
        revision = Revision.objects.filter(submission=OuterRef("pk")).values("pk")
        Submission.objects.filter(jam=self.jam).update(frozen=Subquery(revision))
        Closing.objects.create(
            jam=self.jam,
            closed_at=self.jam.submissions_close_at + 3 * HOUR / 60,
            handed_in=self.submissions,
        )
        parts.submissions_frozen(self.jam)

    # -- ratings -------------------------------------------------------------------------------

    def rate(self) -> None:
        """Each rater rates as many, strictly or mildly; what is good is rated higher."""
        submissions = list(
            Submission.objects.filter(jam=self.jam).order_by("pk").values_list("pk", flat=True)
        )
        raters = self.people[: self.options["raters"]]
        each = self.options["ratings_each"]
        most = len(submissions) - max(len(self.own[rater]) for rater in raters)
        if each > most:
            raise CommandError(f"Nobody rates their own: --ratings-each can be {most} at most.")
        quality = {pk: self.chance.gauss(3.2, 0.6) for pk in submissions}
        opened = self.jam.ratings_open_at
        span = min(self.jam.ratings_close_at, self.now) - opened
        hands = dealt(self.chance, submissions, raters, each, self.own)
        for batch in batched(hands, max(1, 2 * BATCH // max(each, 1))):
            ratings, means = [], []
            for rater, hand in batch:
                leaning = self.chance.gauss(0, 0.4)
                for pk in hand:
                    ratings.append(self.rating(pk, rater, opened + self.chance.random() * span))
                    means.append(quality[pk] + leaning)
            Rating.objects.bulk_create(ratings)
            self.score(ratings, means)
            self.ratings += len(ratings)

    def rating(self, submission: int, rater: int, at: datetime) -> Rating:
        return Rating(
            submission_id=submission,
            rater_id=rater,
            from_queue=self.chance.random() < 0.8,
            strong=self.sometimes(feedback.STRONG, 0.7),
            weak=self.sometimes(feedback.WEAK, 0.6),
            next=self.sometimes(feedback.NEXT, 0.4),
            signed=self.chance.random() < 0.4,
            started_at=at,
            saved_at=at,
            completed_at=at,
        )

    def score(self, ratings: list[Rating], means: list[float]) -> None:
        rows = (
            (rating.pk, criterion.pk, self.stars(mean), self.remark(criterion), False)
            for rating, mean in zip(ratings, means, strict=True)
            for criterion in self.criteria
        )
        fields = ("rating_id", "criterion_id", "stars", "remark", "not_applicable")
        if connection.vendor != "postgresql":
            Score.objects.bulk_create(Score(**dict(zip(fields, row, strict=True))) for row in rows)
            return
        # A million and a half of them: COPY takes a fifth of the time.
        lines = io.StringIO()
        csv.writer(lines, quoting=csv.QUOTE_NONNUMERIC).writerows(rows)
        lines.seek(0)
        with connection.cursor() as cursor:
            cursor.copy_expert(
                f"COPY {Score._meta.db_table} ({', '.join(fields)}) FROM STDIN (FORMAT csv)", lines
            )

    def stars(self, mean: float) -> int:
        return min(5, max(1, round(self.chance.gauss(mean, 0.8))))

    def remark(self, criterion: Criterion) -> str:
        return self.sometimes(feedback.CRITERION_REMARKS.get(criterion.name, [""]), 0.1)

    def sometimes(self, texts: list[str], share: float) -> str:
        return self.chance.choice(texts) if self.chance.random() < share else ""


def body_of(first: str, second: str) -> str:
    """A report of a few kB: one demonstration's, with the experiment of another as a second one."""
    again = re.split(r"^## .*$", second, flags=re.M)
    return f"{first}\n\n## A second experiment\n{again[2]}\n### What came of it\n{again[3]}".strip()


def batched(items: Iterable[Any], size: int) -> Iterator[list[Any]]:
    """The items in lists of `size`; the last may be shorter."""
    left = iter(items)
    while batch := list(islice(left, size)):
        yield batch


def dealt(
    chance: random.Random,
    submissions: list[int],
    raters: list[int],
    each: int,
    own: dict[int, set[int]],
) -> Iterator[tuple[int, list[int]]]:
    """What each rater rates, as cards are dealt: a shuffled deck of all submissions, a new one when
    it is used up; whoever may not take a card leaves it to the next."""
    deck: deque[int] = deque()
    for rater in raters:
        hand: dict[int, None] = {}
        left = []
        while len(hand) < each:
            if not deck:
                deck.extend(chance.sample(submissions, len(submissions)))
            card = deck.popleft()
            if card in hand or card in own[rater]:
                left.append(card)
            else:
                hand[card] = None
        deck.extendleft(left)
        yield rater, list(hand)
