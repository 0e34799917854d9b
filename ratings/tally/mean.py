"""The rule `mean`: the mean of the stars; overall, the weighted mean of the criteria's means."""

from __future__ import annotations

from ratings.tally.table import Column, Line, Ranking, Table, exact_keys


def rankings(table: Table, least: int = 1) -> list[Ranking]:
    """The standings on each criterion, then overall.

    Below `least` ratings there is no rank; without any rating there is no score either.
    """
    return [ranked(column, least) for column in table.columns]


def ranked(column: Column, least: int) -> Ranking:
    """A column's standings."""
    return column.ranked(column.raw, exact_keys(column.tops, column.bottoms), least)


def standings(table: Table, least: int = 1) -> list[Line]:
    """A line for each submission on each criterion, then overall."""
    return [line for ranking in rankings(table, least) for line in ranking.lines()]
