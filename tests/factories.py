"""Rows for tests. Times are told from `START`, so that a test names instants and needs no clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import factory
from allauth.account.models import EmailAddress
from factory.django import DjangoModelFactory

from jam import parts
from jam.models import Jam, Participation, User

START = datetime(2030, 5, 3, 17, 0, tzinfo=UTC)
SUBMISSIONS_CLOSE = START + timedelta(days=2)
RATINGS_OPEN = SUBMISSIONS_CLOSE + timedelta(hours=1)
RATINGS_CLOSE = RATINGS_OPEN + timedelta(days=14)
RESULTS = RATINGS_CLOSE + timedelta(hours=6)

TICK = timedelta(microseconds=1)

# A moment inside each phase.
MOMENTS = {
    "announced": START - timedelta(days=3),
    "making": START + timedelta(hours=5),
    "closing": SUBMISSIONS_CLOSE + timedelta(minutes=30),
    "rating": RATINGS_OPEN + timedelta(days=3),
    "counting": RATINGS_CLOSE + timedelta(hours=1),
    "finished": RESULTS + timedelta(days=1),
}


class UserFactory(DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"person{n}@example.org")
    display_name = factory.Sequence(lambda n: f"Person {n}")
    password = "!"

    @factory.post_generation
    def verified(user, create, extracted, **kwargs):
        """A confirmed e-mail address, unless `verified=False`."""
        EmailAddress.objects.create(
            user=user, email=user.email, primary=True, verified=extracted is not False
        )


class JamFactory(DjangoModelFactory):
    """A published jam with every part's defaults."""

    class Meta:
        model = Jam
        skip_postgeneration_save = True

    title = factory.Sequence(lambda n: f"Jam {n}")
    slug = factory.Sequence(lambda n: f"jam-{n}")
    tagline = "Two days of looking inside."
    starts_at = START
    submissions_close_at = SUBMISSIONS_CLOSE
    ratings_open_at = RATINGS_OPEN
    ratings_close_at = RATINGS_CLOSE
    results_at = RESULTS
    published_at = START - timedelta(days=30)

    @factory.post_generation
    def defaults(jam, create, extracted, **kwargs):
        if create:
            parts.set_up(jam)


class ParticipationFactory(DjangoModelFactory):
    class Meta:
        model = Participation

    jam = factory.SubFactory(JamFactory)
    user = factory.SubFactory(UserFactory)
    joined_at = MOMENTS["announced"]
