"""What of submissions belongs to a person, for when two accounts are merged."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from jam.belongings import BOTH, DEEDS
from jam.models import User
from jam.trust import Moves, Stays
from submissions.models import (
    Ask,
    Card,
    Certificate,
    Comment,
    Continuation,
    Contributor,
    Correction,
    File,
    LateGrant,
    Revision,
    Submission,
    TimeRequest,
    Upload,
)

ASKS = _("What teams and they have asked each other")
TEAMS = _("Submissions to which they contributed")


def _each_other(user: User, other: User) -> Q:
    people = [user.pk, other.pk]
    return Q(user__in=people, by__in=people) & ~Q(user=other.pk, by=other.pk)


_EACH_OTHER = _("The two have asked each other.")
BELONGINGS = [
    Moves(Contributor, "user", TEAMS, _("Both are in the team.")),
    Moves(Submission, "saved_by", TEAMS),
    Moves(File, "uploaded_by", _("Files that they uploaded")),
    Moves(Upload, "uploaded_by", _("Files that they uploaded"), BOTH),
    Moves(Comment, "author", _("Comments")),
    Moves(Card, "author", _("Cards of those who look for a team")),
    Moves(Ask, "user", ASKS, _EACH_OTHER, _each_other),
    Moves(Ask, "by", ASKS, _EACH_OTHER, _each_other),
    Moves(Ask, "answered_by", DEEDS),
    Moves(Certificate, "user", _("Certificates"), BOTH),
    Moves(Continuation, "added_by", DEEDS),
    Moves(LateGrant, "given_by", DEEDS),
    Moves(TimeRequest, "by", DEEDS),
    Moves(TimeRequest, "settled_by", DEEDS),
    Stays(Revision, "handed_in_by", "what was handed in is kept as it was"),
    Stays(Correction, "made_by", "a correction of what was handed in is kept as it was"),
]
