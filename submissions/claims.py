"""Teams on an idea, as its page tells of them."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Q

from jam.models import Idea, Jam
from jam.parts import Reader
from submissions.models import Origin, Submission
from submissions.permissions import origins_refusal, start_refusal


def told(jam: Jam, idea: Idea, reader: Reader) -> dict[str, Any]:
    """How many teams are on `idea`, and what this reader may do about it with which draft."""
    return {
        "teams": idea.teams,
        "is_before": jam.making_window.is_before(reader.moment),
        "starts_at": jam.starts_at,
        "drafts": _drafts(jam, idea, reader) if reader.is_participant else [],
        "may_start": start_refusal(jam, reader.participation, reader.moment) is None,
    }


def _drafts(jam: Jam, idea: Idea, reader: Reader) -> list[Submission]:
    joined = Q(idea=idea) | Q(idea__merged_into=idea)
    claims = Origin.objects.filter(joined, claimed_at__isnull=False, submission=OuterRef("pk"))
    own = Submission.objects.filter(jam=jam, withdrawn_at=None).of_team_member(reader.user)
    drafts = list(own.annotate(is_on_it=Exists(claims)).order_by("-saved_at"))
    for draft in drafts:
        draft.jam = jam
        draft.may_choose = origins_refusal(reader.user, draft, reader.moment) is None
    return drafts
