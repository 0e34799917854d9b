from __future__ import annotations

import json
import os
import sys
from argparse import ArgumentTypeError
from dataclasses import asdict
from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser

from ratings.tally import adjusted, files, itch, mean
from ratings.tally.adjusted import Adjusted
from ratings.tally.places import Chances
from ratings.tally.table import Table

RULES = dict(zip(files.RULES, (mean, itch, adjusted), strict=True))


class Command(BaseCommand):
    help = (
        "Recompute standings from a file of ratings, as it is offered with the results of a jam. "
        "Prints one line for each submission and criterion, “overall” included."
    )
    # It reads a file and computes: no database, no settings of an installation.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("ratings", help="ratings.csv: submission,rater,criterion,score")
        parser.add_argument(
            "--rule", choices=RULES, help="default: as the rules say, else adjusted"
        )
        parser.add_argument("--weights", help="rules.json, or an object of weights by criterion")
        parser.add_argument("--least", type=least, help="ratings below which there is no rank")
        parser.add_argument("--seed", type=seed, help="where draws begin; in JSON alone they show")
        parser.add_argument("--format", choices=["csv", "json"], default="csv")

    def handle(self, **options: Any) -> None:
        rules = read(options["weights"], files.read_rules) if options["weights"] else {}
        table = read(options["ratings"], lambda file: files.read(file, rules.get("weights")))
        rule = options["rule"] or rules.get("rule", "adjusted")
        least, seed = (
            rules.get(name, default) if options[name] is None else options[name]
            for name, default in [("least", 1), ("seed", 0)]
        )
        if options["format"] == "csv":
            lines = files.lines(files.standings(RULES[rule].rankings(table, least=least)))
        else:
            lines = [json.dumps(told(table, rule, least, seed), indent=1, ensure_ascii=False), "\n"]
        try:
            for line in lines:
                self.stdout.write(line, ending="")
            self.stdout.flush()
        except BrokenPipeError:
            # Whoever reads has enough, as `head` has.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def least(text: str) -> int:
    return whole(text, *files.WITHIN["least"])


def seed(text: str) -> int:
    return whole(text, *files.WITHIN["seed"])


def whole(text: str, first: int, end: int) -> int:
    """A whole number from `first` on and below `end`, for argparse."""
    if not (text.isascii() and text.isdigit() and len(text) < 12 and first <= int(text) < end):
        raise ArgumentTypeError(f"a whole number from {first} to {end - 1} is wanted")
    return int(text)


def read(path: str, reading: Any) -> Any:
    """What `reading` makes of a file's text."""
    try:
        with open(path, encoding="utf-8-sig", newline="") as file:
            return reading(file)
    except OSError as error:
        raise CommandError(f"{path}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise CommandError(f"{path}: line {first_undecoded(path)}: not UTF-8") from None
    except files.Unreadable as error:
        raise CommandError(f"{path}: {error}") from None


def first_undecoded(path: str) -> int:
    """The number of the first line that is not UTF-8, from 1; the reader is ahead of it."""
    with open(path, "rb") as file:
        for number, line in enumerate(file, start=1):
            try:
                line.decode()
            except UnicodeDecodeError:
                return number
    return 1


def told(table: Table, rule: str, least: int, seed: int) -> dict[str, Any]:
    """The standings with what is told beside them, for programs."""
    found: list[Adjusted] = []
    if rule == "adjusted":
        found = [
            adjusted.adjusted(table, column, least=least, seed=seed) for column in table.columns
        ]
        rankings = [each.ranking for each in found]
    else:
        rankings = RULES[rule].rankings(table, least=least)
    standings = [
        dict(zip(files.STANDING, row, strict=True)) for row in list(files.standings(rankings))[1:]
    ]
    beside = [row for each in found for row in beside_of(each)]
    for standing, more in zip(standings, beside, strict=False):
        standing |= more
    return {
        "rule": rule,
        "least": least,
        "seed": seed,
        "criteria": {str(each.ranking.column.key): asdict(each.summary) for each in found},
        "standings": standings,
    }


def beside_of(found: Adjusted) -> list[dict[str, Any]]:
    """What the rule `adjusted` tells of each submission beside its score."""
    none = (None,) * len(Chances._fields)
    return [
        {
            **dict(zip(("rank_low", "rank_high", "top1", "top3", "top10"), chances or none,
                       strict=True)),
            "reliability": reliability,
            "strictness": strictness,
            "apart": is_apart,
        }
        for chances, reliability, strictness, is_apart in zip(
            found.chances, found.reliability, found.strictness, found.is_apart, strict=True
        )
    ]  # fmt: skip
