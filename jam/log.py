"""The log of acts: who did what, to whom, when, before and after, and why. Append-only."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Model

from jam.models import Act, Jam, User


def record(
    verb: str,
    target: Model,
    *,
    by: User | None,
    moment: datetime,
    jam: Jam | None = None,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    reason: str = "",
) -> Act:
    """Add a line to the log, in the transaction of what it tells of; `by` is None for the clock."""
    return Act.objects.create(
        jam=jam,
        actor=by,
        verb=verb,
        target_type=target._meta.label_lower,
        target_id=str(target.pk),
        # Where the target is a person, no name: the log outlives an account.
        target_name=(getattr(target, "name_in_log", "") or str(target))[:200],
        moment=moment,
        before=before or {},
        after=after or {},
        reason=reason,
    )
