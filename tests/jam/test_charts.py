"""Drawings of numbers: what is counted where, and that what is drawn is what the table says."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jam import charts
from jam.charts import Bar, Growth, growth, nice, signed, spread


def test_a_growth_counts_up_and_keeps_what_came_before_and_after_at_its_ends():
    found = growth("A", {-9: 2, 0: 1, 2: 3, 8: 1}, -3, 4)
    assert found.steps == ((-3, 2), (0, 3), (2, 6), (4, 7))
    assert [found.at(x) for x in (-4, -3, -1, 0, 1, 3, 4, 5)] == [None, 2, 2, 3, 3, 6, 7, None]
    assert growth("B", {}, 0, 0) == Growth("B", ((0, 0),))


@given(
    st.dictionaries(st.integers(-20, 20), st.integers(0, 50)),
    st.integers(-10, 0),
    st.integers(0, 10),
)
def test_no_count_is_lost_and_none_is_made_up(counts, first, last):
    found = growth("A", counts, first, last)
    assert found.last == sum(counts.values())
    totals = [total for _x, total in found.steps]
    assert totals == sorted(totals)
    assert found.steps[0][0] == first
    assert found.steps[-1][0] == last


@pytest.mark.parametrize(
    ("most", "top"),
    [(0, 2), (1, 2), (2, 2), (3, 4), (5, 6), (9, 10), (10, 10), (11, 20), (37, 40), (301, 400),
     (999, 1000), (1000, 1000), (1001, 2000)],
)  # fmt: skip
def test_the_top_of_an_axis_is_easy_to_read(most, top):
    assert nice(most) == top


@given(st.integers(0, 10**7))
def test_the_top_of_an_axis_has_a_whole_number_in_its_middle(most):
    assert nice(most) >= most
    assert nice(most) % 2 == 0


@given(st.integers(-500, 500), st.integers(0, 800), st.integers(2, 20))
def test_ticks_are_few_in_order_and_at_both_ends(first, length, most):
    found = spread(first, first + length, most)
    assert found == sorted(set(found))
    assert (found[0], found[-1]) == (first, first + length)
    assert len(found) <= most


def test_what_is_drawn_is_what_the_table_says():
    own, earlier = growth("Now", {0: 1, 2: 3}, 0, 2), growth("Then", {1: 4, 4: 4}, 0, 4)
    drawn = charts.lines("n", "Numbers", [own, earlier], first=0, last=4, head="Days", summary="S")
    assert [(line.label, line.total, line.dash) for line in drawn.lines] == [
        ("Now", 4, ""), ("Then", 8, "7 4")
    ]  # fmt: skip
    # From the left end at one up, to where there are four of eight.
    assert drawn.lines[0].path == "M44 159.2H224V97"
    assert drawn.lines[1].path == "M44 180H134V97H404V14"
    assert drawn.lines[0].end == (224, 97)
    assert [total for _y, total in drawn.ups] == [0, 4, 8]
    assert drawn.rows == (
        ("0", (1, 0)), ("1", (1, 4)), ("2", (4, 4)), ("3", (None, 4)), ("4", (None, 8))
    )  # fmt: skip


def test_every_line_is_told_apart_without_colour():
    growths = [growth(name, {0: 1}, 0, 1) for name in "ABCD"]
    drawn = charts.lines("n", "Numbers", growths, first=0, last=1, head="Days")
    assert len({line.dash for line in drawn.lines}) == 4


def test_bars():
    assert Bar("a", 3, 12).percent == 25
    assert Bar("a", 13, 12).percent == 100
    assert Bar("a", 0, 0).percent == 0


def test_a_minus_is_one():
    assert (signed(-3), signed(0), signed(2)) == ("−3", "0", "2")
