"""What of ratings belongs to a person, for when two accounts are merged.

A rating counts as what its rater is, and stands in files under a pseudonym made of their key. So
what was rated moves only as a whole, in jams without results in which the account to keep is
nobody yet whom the rules know.
"""

from __future__ import annotations

from collections.abc import Callable

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from jam.belongings import DEEDS
from jam.models import Jam, User
from jam.trust import Moves, Stays
from ratings.models import (
    Answer,
    Appeal,
    Attestation,
    Award,
    Conflict,
    Helpful,
    Judge,
    JudgeAssignment,
    JudgeLink,
    JudgeNote,
    Practice,
    Pseudonym,
    Rating,
    Results,
    Skip,
)
from submissions.models import Contributor

RATED = _("What they rated, and what hangs on it")
WHY = _(
    "The results are out, or the account to keep rates, judges, organizes or contributed in the "
    "same jam. It stays with the closed account, and goes on counting."
)


def apart(user: User) -> QuerySet[Jam]:
    """Jams in which nothing that somebody else rated can become that of `user`."""
    here = {"submission__jam": OuterRef("pk")}
    return Jam.objects.filter(
        Q(imported_at__isnull=False)
        | Exists(Results.objects.filter(jam=OuterRef("pk")))
        | Exists(Rating.objects.filter(rater=user.pk, **here))
        | Exists(Judge.objects.filter(user=user.pk, jam=OuterRef("pk")))
        | Exists(Jam.organizers.through.objects.filter(user=user.pk, jam=OuterRef("pk")))
        | Exists(Contributor.objects.filter(user=user.pk, **here))
    ).order_by()


def _apart(path: str) -> Callable[[User, User], Q]:
    """Rows, from which `path` leads to the jam, that stay."""
    return lambda user, other: Q(**{f"{path}__in": apart(user).values("pk")})


_OF_SUBMISSION, _OF_JAM = _apart("submission__jam"), _apart("jam")
BELONGINGS = [
    Moves(Rating, "rater", RATED, WHY, _OF_SUBMISSION),
    Moves(Skip, "rater", RATED, WHY, _OF_SUBMISSION),
    Moves(Conflict, "rater", RATED, WHY, _OF_SUBMISSION),
    Moves(Attestation, "rater", RATED, WHY, _OF_SUBMISSION),
    Moves(Practice, "user", RATED, WHY, _OF_JAM),
    Moves(Judge, "user", _("Jams that they judge"), WHY, _OF_JAM),
    Moves(JudgeNote, "author", DEEDS),
    Moves(JudgeLink, "made_by", DEEDS),
    Moves(JudgeAssignment, "given_by", DEEDS),
    Moves(Answer, "author", DEEDS),
    Moves(Helpful, "by", DEEDS),
    Moves(Award, "given_by", DEEDS),
    Moves(Appeal, "author", DEEDS),
    Moves(Appeal, "answered_by", DEEDS),
    Moves(Rating, "voided_by", DEEDS),
    Stays(Pseudonym, "user", "of an imported jam, where all that was rated stays"),
    Stays(Results, "made_by", "frozen results do not change"),
]
