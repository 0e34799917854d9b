"""The rule `mean`: the mean of the stars; overall, the weighted mean of the criteria's means."""

from __future__ import annotations

from ratings.tally.table import OVERALL, Line, Table, ranks


def standings(table: Table, least: int = 1) -> list[Line]:
    """A line for each submission on each criterion, then overall.

    Below `least` ratings there is no rank; without any rating there is no score either.
    """
    places = range(len(table.submissions))
    columns = [
        (criterion.key, table.counts[number], [table.mean(number, place) for place in places])
        for number, criterion in enumerate(table.criteria)
    ]
    columns.append((OVERALL, table.ratings, [table.overall(place) for place in places]))
    lines = []
    for key, counts, means in columns:
        ranked = [mean if counts[place] >= least else None for place, mean in enumerate(means)]
        for place, rank in enumerate(ranks(ranked)):
            raw = None if means[place] is None else float(means[place])
            lines.append(Line(table.submissions[place], key, int(counts[place]), raw, raw, rank))
    return lines
