"""What is worth a look before a jam is published, as its parts say."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from jam import parts
from jam.models import Jam
from jam.set_up import Check, State


def checks_of(jam: Jam, moment: datetime) -> list[Check]:
    """What belongs to `jam`, what is missing first."""
    facts: dict[str, Any] = {}
    for part in parts.all_parts():
        facts |= part.check_facts()
    jam = Jam.objects.annotate(**facts).get(pk=jam.pk)
    found = [check for part in parts.all_parts() for check in part.checks(jam, moment)]
    return sorted(found, key=lambda check: list(State).index(check.state))
