"""What is kept of a person who rates, and what becomes of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import CharField, Q, TextChoices
from django.db.models.functions import Cast
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jam.giving_roles import RoleRefusal
from jam.models import Jam, User
from jam.parts import Part
from jam.roles import Role
from jam.trust import Kept, Moves, Stays
from ratings import judging, services
from ratings.belongings import BELONGINGS
from ratings.models import (
    Answer,
    Appeal,
    Attestation,
    Award,
    Conflict,
    Judge,
    JudgeAssignment,
    Rating,
    Results,
    Skip,
)
from ratings.permissions import judges_refusal
from ratings.verbs import SKIPPING, TELLING
from submissions.models import Submission


class PeoplePart(Part):
    """People and their ratings: their own data, joining a team, leaving."""

    def personal_data(self, user: User) -> dict[str, Any]:
        return {
            "ratings": [
                {
                    "jam": rating.submission.jam.title,
                    # As it was handed in: the draft behind it is its team's alone.
                    "submission": rating.submission.frozen.title,
                    "saved at": rating.saved_at,
                    "complete": rating.is_complete,
                    "signed": rating.signed,
                    "strong": rating.strong,
                    "weak": rating.weak,
                    "next": rating.next,
                    "scores": [
                        {"criterion": s.criterion.name, "stars": s.stars, "remark": s.remark}
                        for s in rating.scores.all()
                    ],
                }
                for rating in Rating.objects.filter(rater=user)
                .select_related("submission__jam", "submission__frozen")
                .prefetch_related("scores__criterion")
            ],
            "skipped": list(
                Skip.objects.filter(rater=user).values(
                    "submission__frozen__title", "reason", "skipped_at"
                )
            ),
            "conflicts": list(
                Conflict.objects.filter(rater=user).values(
                    "submission__frozen__title", "kind", "declared_at"
                )
            ),
            "answers to raters": list(
                Answer.objects.filter(author=user).values(
                    "rating__submission__frozen__title", "text", "written_at"
                )
            ),
            "appeals": list(
                Appeal.objects.filter(author=user).values(
                    "submission__frozen__title", "text", "made_at", "answer"
                )
            ),
            "awards placed": list(
                Award.objects.filter(given_by=user).values(
                    "prize__title", "submission__frozen__title", "why", "given_at"
                )
            ),
            "ran": list(
                Attestation.objects.filter(rater=user).values(
                    "submission__frozen__title",
                    "outcome",
                    "environment",
                    "minutes",
                    "word",
                    "signed",
                    "changed_at",
                )
            ),
            "notes as a judge": list(
                user.judge_notes.values("submission__frozen__title", "text", "written_at")
            ),
            "given to judge": list(
                JudgeAssignment.objects.filter(judge__user=user).values(
                    "submission__frozen__title", "given_at"
                )
            ),
            "judge of": list(Judge.objects.filter(user=user).values_list("jam__title", flat=True)),
        }

    def contributors_added(
        self, submission: Submission, added: list[User], by: User, moment: datetime
    ) -> None:
        for user in added:
            services.become_own(submission=submission, rater=user, by=by, moment=moment)

    def kept(self) -> list[Kept]:
        return [
            Kept(
                _("What you rated, your stars and your words; as a judge also your notes"),
                _("The results were counted from it, and can be counted again. In public it stands "
                  "under a pseudonym, or under your name where you signed it."),
            ),
        ]  # fmt: skip

    def role_refusal(self, jam: Jam, role: str, moment: datetime) -> TextChoices | None:
        is_closed = role == Role.JUDGE and judges_refusal(jam, moment) is not None
        return RoleRefusal.CLOSED if is_closed else None

    def role_given(self, jam: Jam, user: User, role: str, by: User, moment: datetime) -> None:
        if role == Role.JUDGE:
            judging.name_judge(jam=jam, user=user, by=by, moment=moment)

    def acts_hidden(self, user: User, moment: datetime) -> Q:
        """Before the results, what tells those who contributed what raters gave, or why one would
        not rate what is theirs."""
        own = Submission.objects.in_the_running().filter(contributors__user=user.pk)
        under_way = Jam.objects.under_way(moment).filter(pk__in=own.values("jam"))
        keys = own.annotate(key=Cast("pk", CharField())).order_by().values("key")
        label = Submission._meta.label_lower
        skipped = Q(verb__in=SKIPPING, target_type=label, target_id__in=keys)
        return (Q(verb__in=TELLING) | skipped) & Q(jam__in=under_way.order_by().values("pk"))

    def person_left(self, user: User, moment: datetime) -> None:
        # They go on counting, without a name.
        Rating.objects.filter(rater=user).update(signed=False)
        Attestation.objects.filter(rater=user).update(signed=False)

    def belongings(self) -> list[Moves | Stays]:
        return BELONGINGS

    def merge_notes(self, user: User, other: User) -> list[str]:
        n = len(_own_rated(user, other))
        if not n:
            return []
        said = ngettext(
            "%(n)s rating is of work of the other account: it is voided, as a rating of one’s own.",
            "%(n)s ratings are of work of the other account: they are voided, as ratings of one’s "
            "own.",
            n,
        )
        return [said % {"n": n}]

    def people_merged(self, user: User, other: User, by: User, moment: datetime) -> None:
        for rating in _own_rated(user, other):
            services.become_own(
                submission=rating.submission, rater=rating.rater, by=by, moment=moment
            )


def _own_rated(user: User, other: User) -> list[Rating]:
    """What either of the two has rated of their work, save where the results are out: those do not
    change."""
    people = [user.pk, other.pk]
    own = Submission.objects.filter(contributors__user__in=people)
    decided = Results.objects.values("jam")
    ratings = Rating.objects.filter(
        rater__in=people, voided_at=None, submission__in=own.values("pk")
    )
    ratings = ratings.exclude(submission__jam__in=decided)
    return list(ratings.select_related("submission__jam", "rater").order_by("pk"))
