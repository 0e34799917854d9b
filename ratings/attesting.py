"""“I ran it”: what raters say of running a submission, and who reads it when.

While rating is open nobody reads more than their own: what others say would lead a rater, and how
many ran something tells who rated it. With the results everybody reads all of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from jam import timeline
from jam.errors import refuse
from jam.models import Jam, User
from ratings.models import Attestation
from ratings.permissions import attest_refusal, take_back_attestation_refusal
from ratings.services import under_lock
from submissions import ladders
from submissions.models import Submission
from submissions.reproducibility import Ladder

Outcome = Attestation.Outcome

# So many are shown with their words; the rest is counted.
MOST_SHOWN = 20


@dataclass(frozen=True)
class Tried:
    """What is said of a submission by those who ran it, or tried to."""

    attestations: tuple[Attestation, ...] = ()

    @property
    def shown(self) -> tuple[Attestation, ...]:
        return self.attestations[:MOST_SHOWN]

    @property
    def more(self) -> int:
        return len(self.attestations) - len(self.shown)

    def count(self, *outcomes: Outcome) -> int:
        return sum(each.outcome in outcomes for each in self.attestations)

    @property
    def counts(self) -> list[tuple[str, int]]:
        """How many of each outcome, by its words."""
        counted = [(str(outcome.label), self.count(outcome)) for outcome in Outcome]
        return [(label, n) for label, n in counted if n]


def are_open(jam: Jam, moment: datetime) -> bool:
    """Whether everybody may read the attestations of `jam`, which was fetched with its facts."""
    return bool(jam.has_results) and timeline.results_due(jam, moment)


def tried(submission: Submission) -> Tried:
    """All that is said of a submission, in one statement; in an order that tells nothing."""
    rows = Attestation.objects.filter(submission=submission).holding().select_related("rater")
    return Tried(tuple(rows.order_by("outcome", "word", "environment", "pk")))


def ladder_of(submission: Submission, found: Tried) -> Ladder:
    """The whole ladder of what was frozen: by its checks, and by the people who ran it."""
    described = found.count(Outcome.AS_DESCRIBED)
    ran = described + found.count(Outcome.WITH_CHANGES)
    return ladders.of_frozen(submission).with_people(ran, described)


def own(submission: Submission, user: User) -> QuerySet[Attestation]:
    """What `user` said of a submission."""
    return Attestation.objects.filter(submission=submission, rater=user)


@transaction.atomic
def attest(
    *, submission: Submission, rater: User, fields: dict[str, Any], moment: datetime
) -> Attestation:
    """Keep that `rater` ran `submission`, or tried to, in place of what they said before.

    `fields` are outcome, environment, minutes, word and signed. Raises Refused.
    """
    asking, submission = under_lock(submission, rater)
    refuse(attest_refusal(asking, submission, fields["outcome"], fields["word"], moment))
    attestation, _is_new = Attestation.objects.update_or_create(
        submission=submission,
        rater=rater,
        defaults={**fields, "changed_at": moment},
        create_defaults={**fields, "made_at": moment, "changed_at": moment},
    )
    return attestation


@transaction.atomic
def take_back(*, submission: Submission, rater: User, moment: datetime) -> None:
    """Have `rater` have said nothing of running `submission`. Raises Refused."""
    asking, submission = under_lock(submission, rater)
    said = own(submission, rater)
    refuse(take_back_attestation_refusal(asking, submission, said.exists(), moment))
    said.delete()
