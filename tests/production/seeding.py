"""Rows for a stack, made in a process with its settings: python -m tests.production.seeding …"""

from __future__ import annotations

import json
import os
import sys
from datetime import timedelta
from importlib import import_module
from typing import Any


def people_with_drafts(
    slug: str, number: int, closes_in: float, complete: bool = True, handed_in: bool = False
) -> dict[str, Any]:
    """A jam whose submissions close in so many seconds, with so many drafts of one person each.

    Rating opens two minutes after the closing; returns the deadline (Unix time), and by
    submission the session of the person whose it is.
    """
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

    from jam import clock, parts
    from jam.models import Jam, Participation, User
    from submissions import services
    from submissions.models import Contributor, Submission

    now = clock.now()
    closes_at = now + timedelta(seconds=closes_in)
    jam = Jam.objects.create(
        title=f"Jam {slug}", slug=slug, published_at=now,
        starts_at=closes_at - timedelta(days=2), submissions_close_at=closes_at,
        ratings_open_at=closes_at + timedelta(minutes=2),
        ratings_close_at=closes_at + timedelta(days=14),
        results_at=closes_at + timedelta(days=15),
    )  # fmt: skip
    parts.set_up(jam)
    users = User.objects.bulk_create(
        User(email=f"{slug}-{n}@example.org", display_name=f"Person {n}", password="!")
        for n in range(number)
    )
    Participation.objects.bulk_create(
        Participation(jam=jam, user=user, joined_at=jam.starts_at) for user in users
    )
    submissions = Submission.objects.bulk_create(
        Submission(
            jam=jam,
            title=f"Work {n}",
            abstract="What we found." if complete else "",
            body="We looked inside. " * 50,
            licence="CC-BY-4.0",
            created_at=jam.starts_at,
            saved_at=jam.starts_at,
        )  # fmt: skip
        for n in range(number)
    )
    Contributor.objects.bulk_create(
        Contributor(submission=submission, user=user, confirmed_at=jam.starts_at)
        for submission, user in zip(submissions, users, strict=True)
    )
    sessions = {}
    store = import_module(settings.SESSION_ENGINE).SessionStore
    for submission, user in zip(submissions, users, strict=True):
        session = store()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.create()
        sessions[submission.pk] = session.session_key
        if handed_in:
            services.hand_in(submission=submission, by=user, moment=jam.starts_at)
    return {"jam": jam.pk, "deadline": closes_at.timestamp(), "sessions": sessions}


def rated(slug: str, number: int, raters: int) -> dict[str, Any]:
    """A jam whose results are due now, with `number` submissions, each rated by `raters`."""
    from jam import clock
    from jam.models import Jam, User
    from ratings.models import Rating, Score
    from submissions import freezing
    from submissions.models import Submission

    people_with_drafts(slug, number, closes_in=-600)
    jam, now = Jam.objects.get(slug=slug), clock.now()
    freezing.close(jam, now)
    users = User.objects.bulk_create(
        User(email=f"{slug}-rater-{n}@example.org", display_name=f"Rater {n}", password="!")
        for n in range(raters)
    )
    given = jam.submissions_close_at + timedelta(minutes=3)
    ratings = Rating.objects.bulk_create(
        Rating(
            submission=submission, rater=user, started_at=given, saved_at=given, completed_at=given
        )  # fmt: skip
        for submission in Submission.objects.filter(jam=jam)
        for user in users
    )
    Score.objects.bulk_create(
        [
            Score(rating=rating, criterion=criterion, stars=1 + (n + k) % 5)
            for n, rating in enumerate(ratings)
            for k, criterion in enumerate(jam.criteria.all())
        ],
        batch_size=5000,
    )
    jam.ratings_close_at, jam.results_at = now - timedelta(minutes=4), now - timedelta(minutes=1)
    jam.save()
    return {"jam": jam.pk}


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jam.config.settings")
    django.setup()
    from django.db import transaction

    # All at once: the sweeps of the installation are at work.
    with transaction.atomic():
        made = globals()[sys.argv[1]](*json.loads(sys.argv[2]))
    print(json.dumps(made))
