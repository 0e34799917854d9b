"""The rule `mean`: the mean of the stars; overall, the weighted mean of the criteria's means."""

from __future__ import annotations

from ratings.tally.table import Line, Table, exact_keys


def standings(table: Table, least: int = 1) -> list[Line]:
    """A line for each submission on each criterion, then overall.

    Below `least` ratings there is no rank; without any rating there is no score either.
    """
    lines = []
    for column in table.columns():
        lines += column.lines(column.raw, exact_keys(column.tops, column.bottoms), least)
    return lines
