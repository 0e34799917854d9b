"""Keeping robots from signing up, without asking anybody else.

A browser with JavaScript does a second or two of arithmetic while its reader types (proof of work,
as ALTCHA defines it: the number that, put behind a salt, has the given SHA-256). Without
JavaScript there is the hidden field, the confirmation by mail, and a narrower limit.
"""

from __future__ import annotations

import base64
import json
from datetime import datetime, timedelta
from typing import Any

from altcha.v1 import create_challenge, verify_solution
from django.core.cache import cache
from django.utils.crypto import salted_hmac

# About half of these have to be tried: a second on a laptop, some on a phone.
NUMBERS = 50_000
HOLDS = timedelta(hours=2)
# Sign-ups without a proof, from one address.
WITHOUT_PROOF_AN_HOUR = 10


def _key() -> str:
    return salted_hmac("jam.guarding", "proof", algorithm="sha256").hexdigest()


def challenge(moment: datetime) -> str:
    """A task for one sign-up, as JSON for static/js/proof.js."""
    task = create_challenge(max_number=NUMBERS, hmac_key=_key(), expires=moment + HOLDS)
    return json.dumps(task.to_dict())


def is_solved(answer: str, moment: datetime) -> bool:
    """Whether `answer` solves a task of ours that still holds and was not used before."""
    try:
        told: dict[str, Any] = json.loads(base64.b64decode(answer, validate=True))
        solved, _error = verify_solution(told, _key(), check_expires=False)
        expires = float(told["salt"].split("expires=")[1].split("&")[0])
    except (ValueError, TypeError, KeyError, IndexError, AttributeError):
        return False
    if not solved or moment.timestamp() > expires:
        return False
    return cache.add(f"proof:{told['challenge']}", 1, HOLDS.total_seconds())
