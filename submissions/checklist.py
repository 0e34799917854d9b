"""What a draft still lacks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from submissions.models import Submission, SubmissionRules


@dataclass(frozen=True)
class Item:
    """One thing on the checklist; `anchor` is the field of the editor where it is done."""

    label: Any
    done: bool
    anchor: str


def items_of(submission: Submission) -> list[Item]:
    """The checklist of a draft that was fetched by `with_checklist`."""
    rules = SubmissionRules.of(submission.jam)
    items = [
        Item(_("A title"), bool(submission.title.strip()), "id_title"),
        Item(_("An abstract"), bool(submission.abstract.strip()), "id_abstract"),
    ]
    if submission.has_tracks:
        items.append(Item(_("A track"), submission.track_id is not None, "id_track"))
    if rules.report_required:
        items.append(Item(_("A report as PDF"), submission.has_report, "files"))
    else:
        told = bool(submission.body.strip()) or submission.has_report
        items.append(Item(_("The work itself: a text, or a report as PDF"), told, "id_body"))
    if rules.repository_required:
        items.append(Item(_("A link to the code"), submission.has_repository, "links"))
    items.append(Item(_("A licence"), bool(submission.licence), "id_licence"))
    items += [
        Item(question.text, bool(answer), f"id_answer_{question.pk}")
        for question, answer in submission.asked
        if question.is_required
    ]
    if rules.ai_tools == rules.AiTools.REQUIRED:
        declared = bool(submission.ai_declaration)
        items.append(Item(_("Which AI tools were used, or that none were"), declared, "id_ai_use"))
    return items


def missing_from(submission: Submission) -> list[Item]:
    """What is still to do; nothing for a complete draft."""
    return [item for item in items_of(submission) if not item.done]
