"""Who looks for a team in the jam that is being made, and what was asked at sign-up."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from jam import signing_up
from jam.models import Jam, SignUpQuestion, User
from submissions import services
from submissions.models import Submission

QUESTIONS: list[dict[str, Any]] = [
    {
        "text": "What would you like to learn here?",
        "help_text": "A line is enough.",
        "is_public": True,
    },
    {
        "text": "How much have you done in this field?",
        "kind": "choice",
        "options": "nothing yet\na course or two\nI work on it",
        "is_public": True,
    },
    {"text": "Is there anything that you cannot eat?", "help_text": "For those at a local site."},
]
CARDS: list[dict[str, Any]] = [
    {
        "text": "I have a question about attention heads and nobody to disagree with me yet. I "
        "write code; I would like somebody who draws figures that people understand.",
        "skills": "Python, PyTorch, patience",
        "interests": "attention, figures",
        "languages": " da en ",
        "time_zone": "Europe/Copenhagen",
    },
    {
        "text": "First hackathon. I count things carefully and ask what the baseline is. Happy to "
        "join whoever has started.",
        "skills": "statistics, R",
        "interests": "evaluation",
        "languages": " en es ",
        "time_zone": "America/Bogota",
    },
    {
        "text": "夜型です。小さなモデルで何かを作りたい。English is fine, slowly.",
        "skills": "JAX, web",
        "interests": "small models",
        "languages": " ja en ",
        "time_zone": "Asia/Tokyo",
    },
]
TEAM = {
    "text": "We are two, we have data and a first plot, and we need one more pair of eyes for the "
    "write-up. We meet in calls twice a day.",
    "skills": "data wrangling, plotting",
    "interests": "calibration, writing",
    "languages": " en ",
    "time_zone": "Europe/Lisbon",
}
SAID = ("How to tell noise from a finding", "To finish something", "What others are stuck on")
HOURS = {"wakes_at": 8, "sleeps_at": 23}


def look_for_teams(jam: Jam, moment: datetime) -> None:
    """Have people of `jam` who are on no team put up cards, and one of its teams too; one of them
    asks that team."""
    asked = [
        SignUpQuestion.objects.create(jam=jam, order=order, **question)
        for order, question in enumerate(QUESTIONS)
    ]
    alone = User.objects.filter(participations__jam=jam, participations__cancelled_at=None)
    alone = alone.exclude(contributions__submission__jam=jam).exclude(email__contains="ipant@")
    people = list(alone.order_by("pk")[: len(CARDS)])
    for user, said, card in zip(people, SAID, CARDS, strict=False):
        answers = {asked[0].pk: said, asked[1].pk: "a course or two"}
        signing_up.answer(jam=jam, user=user, answers=answers, shown=True, moment=moment)
        services.show_card(jam=jam, by=user, said=card | HOURS, moment=moment)
    team = Submission.objects.filter(jam=jam, withdrawn_at=None).order_by("pk").first()
    if team is None:
        return
    by = team.contributors.first().user
    services.show_card(jam=jam, by=by, said=TEAM | HOURS, submission=team, moment=moment)
    if people:
        services.ask(
            submission=team, user=people[0], by=people[0],
            text="I could write, and I have time on both days.", moment=moment,
        )  # fmt: skip
