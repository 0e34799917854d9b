"""What is posted where organizers set a jam up, so that what is allowed is also done."""

from __future__ import annotations

import json
from typing import Any

from jam import moving
from jam.models import Jam

# By address: the name of the list, and a new row in it.
LISTS = {
    "jam:hosts": ("hosts", {"name": "New"}),
    "jam:sign_up_questions": ("sign_up_questions", {"text": "New?", "kind": "short"}),
    "submissions:tracks": ("tracks", {"name": "New"}),
    "submissions:questions": ("submission_questions", {"text": "New?", "kind": "short"}),
    "ratings:criteria": ("criteria", {"name": "New", "weight": "1"}),
    "ratings:prizes": ("prizes", {"title": "New", "kind": "place", "place": "2"}),
}
FORMS = {
    "jam:new": {"title": "New", "time_zone": "UTC", "starts_at": "2031-05-04T10:00"},
    "jam:see_as": {"role": "visitor", "when": "now"},
    "jam:texts": {"title": "New", "hue": "1", "time_zone": "UTC"},
    "submissions:rules": {"team_size": "3", "ai_tools": "off", "discussion": "open"},
    "ratings:rules": {
        "eligibility": "judges", "rule": "mean", "target": "3", "least": "1", "queue_first": "0",
        "ratings_file": "never", "feedback": "results",
    },
}  # fmt: skip


def posted(jam: Jam, name: str) -> dict[str, Any]:
    """What is posted to the address `name`."""
    if name in LISTS:
        prefix, row = LISTS[name]
        counts = {f"{prefix}-TOTAL_FORMS": "1", f"{prefix}-INITIAL_FORMS": "0"}
        return counts | {f"{prefix}-0-{field}": value for field, value in row.items()}
    if name == "jam:dates":
        times = {field: f"{getattr(jam, field):%Y-%m-%dT%H:%M}" for field in moving.FIELDS}
        how = {"confirm": "1", "reason": "Why not"}
        return times | how | {"results_at": "2030-06-30T10:00"}
    if name == "admin_load":
        text = json.dumps("name\nNew\n")
        return {"kind": "jam.host", "jam": jam.slug, "name": "hosts.csv", "text": text}
    return FORMS.get(name, {})
