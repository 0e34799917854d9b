from __future__ import annotations

from typing import Any

import factory
from factory.django import DjangoModelFactory

from jam.models import Jam, User
from ratings import services
from ratings.models import Criterion, Judge, Rating
from ratings.services import Given
from submissions.models import Submission
from tests.factories import MOMENTS, JamFactory, UserFactory
from tests.submissions.factories import frozen_submission


class JudgeFactory(DjangoModelFactory):
    class Meta:
        model = Judge

    jam = factory.SubFactory(JamFactory)
    user = factory.SubFactory(UserFactory)


def small_jam(*, criteria: int = 2, **rules: Any) -> Jam:
    """A jam with so many criteria, named A, B, …, and these rules for rating."""
    jam = JamFactory()
    jam.criteria.all().delete()
    Criterion.objects.bulk_create(
        Criterion(jam=jam, name=chr(ord("A") + order), order=order, question=f"Question {order}?")
        for order in range(criteria)
    )
    for name, value in rules.items():
        setattr(jam.rating_rules, name, value)
    jam.rating_rules.save()
    return jam


def given(jam: Jam, *stars: int | str | None) -> dict[int, Given]:
    """Stars by criterion, in order: a number, None for nothing yet, "na" for not applicable."""
    return {
        criterion.pk: Given(
            stars=value if isinstance(value, int) else None, not_applicable=value == "na"
        )
        for criterion, value in zip(jam.criteria.all(), stars, strict=True)
    }


def rate(
    submission: Submission, *stars: int | str | None, by: User | None = None, **words: Any
) -> Rating:
    """A rating given in the middle of the rating window."""
    words.setdefault("moment", MOMENTS["rating"])
    return services.save(
        submission=submission,
        rater=by or UserFactory(),
        scores=given(submission.jam, *stars),
        **words,
    ).rating


__all__ = ["JudgeFactory", "frozen_submission", "given", "rate", "small_jam"]
