"""What is kept of a person who rates, and what becomes of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import CharField, Q, TextChoices
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from jam.giving_roles import RoleRefusal
from jam.models import Jam, User
from jam.parts import Part
from jam.roles import Role
from jam.trust import Kept
from ratings import judging, services
from ratings.models import (
    Answer,
    Appeal,
    Attestation,
    Award,
    Conflict,
    Judge,
    JudgeAssignment,
    Rating,
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
