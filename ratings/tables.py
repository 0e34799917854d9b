"""How ratings and results stand in the archive of a jam."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from jam.archive.numbers import Keys, Numbers
from jam.archive.tables import Table
from jam.models import Jam
from ratings.models import (
    Anchor,
    Answer,
    Appeal,
    Attestation,
    Award,
    Conflict,
    Criterion,
    Example,
    Helpful,
    Judge,
    JudgeAssignment,
    JudgeLink,
    JudgeNote,
    Need,
    Practice,
    Prize,
    Pseudonym,
    Rating,
    RatingRules,
    Results,
    Score,
    Skip,
    Standing,
)
from ratings.tally.table import OVERALL


class Pseudonyms(Table):
    """What stands for each rater in published files. Where a jam was made they are computed, from
    keys that are other ones elsewhere."""

    def values(self, jam: Jam, numbers: Numbers, names: list[str]) -> Iterator[tuple[Any, ...]]:
        rules = RatingRules.objects.filter(jam=jam).select_related("jam").first()
        if rules is None:
            return
        rated = Rating.objects.filter(submission__jam=jam).order_by().values_list("rater")
        raters = {key for (key,) in rated.distinct()} | set(rules.pseudonyms)
        for key in sorted(raters, key=lambda key: numbers.number("jam.user", key)):
            known = {"user_id": key, "name": rules.pseudonym_of(key)}
            yield (0, *(known[name] for name in names))


class ResultsTable(Table):
    def tell(self, row: dict[str, Any], numbers: Numbers) -> None:
        def number(key: int) -> int | None:
            return numbers.number("ratings.criterion", key)

        row["criteria"] = [{**each, "id": number(each["id"])} for each in row["criteria"]]
        row["summary"] = {
            key if key == OVERALL else str(number(int(key))): told
            for key, told in row["summary"].items()
        }
        row["left_out"] = [numbers.number("ratings.rating", key) for key in row["left_out"]]

    def take(self, row: dict[str, Any], keys: Keys) -> None:
        def key(number: Any) -> int:
            return keys.key("ratings.criterion", number)

        row["criteria"] = [{**each, "id": key(each["id"])} for each in row["criteria"]]
        row["summary"] = {
            number if number == OVERALL else str(key(number)): told
            for number, told in row["summary"].items()
        }
        row["left_out"] = [keys.key("ratings.rating", number) for number in row["left_out"]]


def tables() -> list[Table]:
    of, of_rating = "submission__jam", "rating__submission__jam"
    hidden = {"is_personal": True}
    return [
        Table(
            RatingRules,
            "rating_rules",
            _("How it is rated"),
            left_out={
                "salt": "made the pseudonyms, which are there themselves",
                "pieces_are_stale": "is what the queue knows, which it finds anew",
            },
        ),
        Table(Criterion, "criteria", _("Criteria"), named_by=("name",)),
        Table(Judge, "judges", _("Judges")),
        Table(
            JudgeAssignment,
            "judge_assignments",
            _("What judges were given by hand"),
            "judge__jam",
            **hidden,
        ),
        Table(JudgeNote, "judge_notes", _("What judges said to each other"), of, **hidden),
        Table(Example, "rating_example", _("The example to practise on")),
        Table(Anchor, "rating_anchors", _("What the example deserves"), "example__jam"),
        Table(Practice, "practices", _("Who has practised"), **hidden),
        Table(
            Rating,
            "ratings",
            _("Ratings: who rated what, and in which words"),
            of,
            **hidden,
            left_out={"holds_place": "is what the queue knows, which it finds anew"},
        ),
        Table(Score, "scores", _("Stars of each rating"), of_rating),
        Pseudonyms(Pseudonym, "pseudonyms", _("Raters in published files"), **hidden),
        Table(Skip, "skips", _("What raters skipped"), of, **hidden),
        Table(Conflict, "conflicts", _("Conflicts that raters declared"), of, **hidden),
        Table(Answer, "rating_answers", _("What authors answered"), of_rating, **hidden),
        Table(Helpful, "rating_thanks", _("Ratings that helped"), of_rating, **hidden),
        Table(Attestation, "attestations", _("Who ran submissions, and how it went"), of, **hidden),
        ResultsTable(
            Results,
            "results",
            _("Results, version by version"),
            is_offered=True,
            comes_with_results=True,
            named_by=("version",),
        ),
        Table(
            Standing,
            "standings",
            _("Standings"),
            "results__jam",
            is_offered=True,
            comes_with_results=True,
        ),
        Table(Prize, "prizes", _("Prizes"), named_by=("title",)),
        Table(
            Award,
            "awards",
            _("Who won what"),
            "prize__jam",
            is_offered=True,
            comes_with_results=True,
        ),
        Table(Appeal, "appeals", _("Appeals"), of, **hidden),
    ]


def left_out() -> dict[type[Model], str]:
    """Models whose rows stay where they are, with the reason."""
    return {
        Need: "is what the queue knows, which it finds anew from the ratings",
        JudgeLink: "opens something where it was made, and nowhere else",
    }
