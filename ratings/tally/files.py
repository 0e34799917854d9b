"""The file of ratings: what results are computed from, as anybody can download and check it.

CSV in UTF-8 with the columns `submission,rater,criterion,score`: one row a score, sorted; a score
that is empty stands for "not applicable"; a submission without ratings has one row with the other
three empty. The digest of results is SHA-256 of this file.
"""

from __future__ import annotations

import csv
import json
import math
import re
from collections.abc import Iterable, Iterator
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any, TextIO

import numpy as np

from ratings.tally.table import OVERALL, Criterion, Ranking, Table

HEADER = ("submission", "rater", "criterion", "score")
STANDING = ("submission", "criterion", "n", "raw", "score", "low", "high", "rank")
# A number as programs write it. Python alone would take “1_0” and digits of any script.
NUMBER = re.compile(r"[ \t]*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?[ \t]*", re.ASCII | re.IGNORECASE)
RULES = ("mean", "itch", "adjusted")
# What the other numbers in the file of rules are: from, and below.
WITHIN = {"least": (1, 2**31), "seed": (0, 2**32)}
# Ratings are written so many at a time.
AT_ONCE = 10_000


class Unreadable(Exception):
    """A file that cannot be computed from: the line, from 1, and what is wrong with it."""

    def __init__(self, line: int, why: str):
        super().__init__(f"line {line}: {why}" if line else why)


def quoted(key: Any) -> str:
    """A cell of CSV."""
    text = str(key)
    return f'"{text.replace(chr(34), chr(34) * 2)}"' if set(text) & set(',"\r\n') else text


def written(table: Table) -> Iterator[bytes]:
    """The file of a table of whole stars, in pieces."""
    yield (",".join(HEADER) + "\n").encode()
    names = [quoted(criterion.key) for criterion in table.criteria]
    raters = [quoted(rater) for rater in table.raters]
    submissions = [quoted(submission) for submission in table.submissions]
    # Most ratings share their stars with many others: what follows the rater is made once for
    # each set of stars.
    tails: dict[bytes, list[str]] = {}
    # 0 where there is no row, 1 for "not applicable", stars beyond.
    coded = np.where(np.isnan(table.values), 1, table.values + 1).astype(np.int8).T.copy()
    ends = np.cumsum(table.ratings).tolist()
    begin = 0
    for start in range(0, len(submissions), AT_ONCE):
        out = []
        for place in range(start, min(start + AT_ONCE, len(submissions))):
            submission, end = submissions[place], ends[place]
            if begin == end:
                out.append(f"{submission},,,\n")
                continue
            for rater, code in zip(table.rater[begin:end].tolist(), coded[begin:end], strict=True):
                key = code.tobytes()
                if key not in tails:
                    tails[key] = ["", *(
                        f",{name},{stars - 1 if stars > 1 else ''}\n"
                        for name, stars in zip(names, code.tolist(), strict=True)
                    )]  # fmt: skip
                out.append(f"{submission},{raters[rater]}".join(tails[key]))
            begin = end
            if len(out) > AT_ONCE:
                yield "".join(out).encode()
                out = []
        yield "".join(out).encode()


def read(file: TextIO, weights: dict[str, Any] | None = None) -> Table:
    """The table of a file with any finite numbers as scores; `weights` by criterion, 1 for others.

    Raises Unreadable, and UnicodeDecodeError where the file's encoding is another.
    """
    rows = csv.reader(file, strict=True)
    scores: dict[tuple[str, str, str], Fraction | int | None] = {}
    submissions: dict[str, None] = {}
    criteria: dict[str, None] = dict.fromkeys(weights or ())
    numbers: dict[str, Fraction | int | None] = {}
    try:
        header = [cell.strip().casefold() for cell in next(rows, [])]
        if sorted(header) != sorted(HEADER):
            raise Unreadable(1, f"the first line must name the columns {','.join(HEADER)}")
        order = [header.index(name) for name in HEADER]
        for row in rows:
            if not row:
                continue
            if len(row) != len(HEADER):
                raise Unreadable(rows.line_num, f"{len(row)} cells instead of {len(HEADER)}")
            submission, rater, criterion, score = (row[place] for place in order)
            if not submission:
                raise Unreadable(rows.line_num, "no submission")
            submissions[submission] = None
            if not (rater or criterion or score):
                continue
            if not rater or not criterion:
                raise Unreadable(rows.line_num, "no rater" if criterion else "no criterion")
            if criterion.casefold() == OVERALL:
                raise Unreadable(rows.line_num, "“overall” is what all criteria make together")
            if (submission, rater, criterion) in scores:
                raise Unreadable(rows.line_num, "this rater's score stands here twice")
            if score not in numbers:
                numbers[score] = number_of(score, rows.line_num)
            criteria[criterion] = None
            scores[submission, rater, criterion] = numbers[score]
    except csv.Error as error:
        raise Unreadable(rows.line_num, str(error)) from None
    return Table.of(
        ((*key, score) for key, score in scores.items()),
        submissions,
        [Criterion(name, (weights or {}).get(name, 1)) for name in criteria],
    )


def standings(rankings: Iterable[Ranking]) -> Iterator[tuple[Any, ...]]:
    """The rows of a file of standings, with its header: what is published, and what `recompute`
    prints."""
    yield STANDING
    for ranking in rankings:
        for line in ranking.lines():
            yield (
                line.submission, line.criterion, line.n,
                line.raw, line.score, line.low, line.high, line.rank,
            )  # fmt: skip


def number_of(text: str, line: int) -> Fraction | int | None:
    """A score, exactly as it is written; None where there is none."""
    if not text:
        return None
    if not NUMBER.fullmatch(text):
        raise Unreadable(line, f"“{text[:40]}” is no number")
    try:
        number = Decimal(text)
        double = float(number)
    except (InvalidOperation, OverflowError):
        double = math.inf
    if not math.isfinite(double) or (double == 0 and number != 0):
        raise Unreadable(line, f"“{text[:40]}” is beyond what can be computed with")
    exact = Fraction(number)
    return exact.numerator if exact.denominator == 1 else exact


def read_rules(file: TextIO) -> dict[str, Any]:
    """What stands in the file beside the ratings: weights by criterion, and, where they are there,
    the rule, the seed and the least number of ratings. A bare object of weights will do.

    Raises Unreadable.
    """
    try:
        found = json.load(file, parse_float=Decimal, parse_constant=Decimal)
    except (ValueError, RecursionError) as error:
        raise Unreadable(0, f"not JSON: {error}") from None
    if not isinstance(found, dict):
        raise Unreadable(0, "not an object of weights by criterion")
    if not isinstance(found.get("weights"), dict):
        found = {"weights": found}
    for name, (first, end) in WITHIN.items():
        number = found.get(name, first)
        if type(number) is not int or not first <= number < end:
            raise Unreadable(0, f"“{name}” is no whole number from {first} to {end - 1}")
    if found.get("rule", RULES[0]) not in RULES:
        raise Unreadable(0, f"“rule” is none of {', '.join(RULES)}")
    weights = {name: weight_of(name, weight) for name, weight in found["weights"].items()}
    return {**found, "weights": weights}


def weight_of(name: str, weight: Any) -> Decimal | int:
    """A criterion's weight, as a number or as its text."""
    if isinstance(weight, str) and NUMBER.fullmatch(weight):
        weight = Decimal(weight)
    # Beyond a hundred digits nothing is meant, and all would be computed.
    is_number = type(weight) in (int, Decimal) and Decimal(weight).is_finite()
    if not is_number or weight < 0 or (weight and abs(Decimal(weight).adjusted()) > 100):
        raise Unreadable(0, f"the weight of “{name}” is no number from 0 up to a hundred digits")
    return weight


def lines(rows: Iterable[Iterable[Any]]) -> Iterator[str]:
    """Lines of CSV; numbers in full, nothing for None."""
    for row in rows:
        yield ",".join("" if cell is None else quoted(cell) for cell in row) + "\n"
