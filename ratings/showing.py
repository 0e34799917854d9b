"""Numbers of the results as the reader's language writes them; files keep the point."""

from __future__ import annotations

from decimal import Decimal

from django.utils.formats import number_format

from ratings.tally.table import show


def shown(value: float | None) -> str:
    """A score to three decimals, as results are shown everywhere; "–" for None."""
    return "–" if value is None else number_format(Decimal(show(value)))


def rounded(value: float, decimals: int) -> str:
    """Another number, with so many decimals."""
    return number_format(Decimal(f"{value:.{decimals}f}"))
