"""Asking a host whether a link still answers, where the operator allows it.

It decides nothing: what came is shown beside the link, with the time. A link that does not answer
today may tomorrow, and a host may not like to be asked by a machine.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from jam import fetching, limits

# How long an answer holds.
HOLDS = timedelta(days=1)
# Links of a jam are asked until so long after its results.
UNTIL = timedelta(days=30)
# One host is asked so often a minute, one answer may take so long, and one sweep altogether.
MOST_A_MINUTE, SECONDS, SECONDS_OF_A_SWEEP = 30, 8, 40


def may_ask(url: str, moment: datetime) -> bool:
    """Whether the host has not been asked too often in this minute; this counts as asking."""
    try:
        host = urlsplit(url).hostname
    except ValueError:
        # Such an address has no host, and is refused without asking anybody.
        return True
    return limits.within(f"ask:{host}", MOST_A_MINUTE, 60, moment)


def answer_of(url: str, moment: datetime) -> dict[str, Any]:
    """What a host said: whether something is there, and its status or why there was none."""
    try:
        answer = fetching.ask(url, seconds=SECONDS)
    except fetching.NotFetched as refused:
        return {"at": moment.isoformat(), "there": False, "answer": refused.refusal.value}
    return {"at": moment.isoformat(), "there": answer.is_there, "answer": answer.status}
