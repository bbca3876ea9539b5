"""Small numbers cannot be computed back, however the table is added and subtracted."""

from collections import defaultdict
from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise, product
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trainer.analytics.suppression import FEWEST, Cell, kept_back, share


def table(rows: Sequence[Sequence[int]]) -> list[Cell]:
    """A table of counts, of which the attacker knows every total."""
    return [
        Cell(f"row {r}", f"column {c}", people, (r, c)) for r, row in enumerate(rows) for c, people in enumerate(row)
    ]


def walked(people: int, places: int, rnd: Random) -> list[Cell]:
    """People who walk through places, forward only: a network as a case makes it."""
    counted: dict[tuple[str, str], int] = defaultdict(int)
    favourite = [rnd.choice([0.5, 0.8, 0.95]) for _ in range(places)]
    for _ in range(people):
        way, here = ["begin"], 0
        while here < places:
            way.append(f"place {here}")
            here += 1 if rnd.random() < favourite[here] else rnd.randint(1, 3)
        for tail, head in pairwise([*way, "end"]):
            counted[tail, head] += 1
    return [Cell(tail, head, count) for (tail, head), count in counted.items()]


def solvable(hidden: Sequence[Cell]) -> set[Cell]:
    """Find what an attacker can solve for who knows everything that is shown and every total (by elimination)."""
    places = {place for one in hidden for place in (one.tail, one.head)}
    rows = [[Fraction((one.head == place) - (one.tail == place)) for one in hidden] for place in places]
    pivot_of: dict[int, list[Fraction]] = {}
    for column in range(len(hidden)):
        at = next((row for row in rows if row[column]), None)
        if at is None:
            continue
        rows.remove(at)
        at = [value / at[column] for value in at]
        rows = [[v - row[column] * p for v, p in zip(row, at, strict=True)] for row in rows]
        pivot_of = {
            place: [v - row[column] * p for v, p in zip(row, at, strict=True)] for place, row in pivot_of.items()
        }
        pivot_of[column] = at
    return {hidden[place] for place, row in pivot_of.items() if sum(map(bool, row)) == 1}


def possible(rows: Sequence[Sequence[int]], back: frozenset[Cell]) -> dict[object, set[int]]:
    """Try every table with these totals in which what is shown is right and what is kept back is not nought."""
    height, width = len(rows), len(rows[0])
    hidden = {one.name for one in back}
    tried = [
        range(1, max(map(sum, rows)) + 1) if (r, c) in hidden else (rows[r][c],)
        for r in range(height)
        for c in range(width)
    ]
    seen: dict[object, set[int]] = defaultdict(set)
    for values in product(*tried):
        grid = [values[r * width : (r + 1) * width] for r in range(height)]
        same_rows = all(sum(grid[r]) == sum(rows[r]) for r in range(height))
        if same_rows and all(sum(g[c] for g in grid) == sum(r[c] for r in rows) for c in range(width)):
            for name in hidden:
                seen[name].add(grid[name[0]][name[1]])
    return seen


@given(st.integers(5, 80), st.integers(2, 9), st.integers(0, 10_000))
@settings(max_examples=150, deadline=None)
def test_no_small_number_of_a_walk_can_be_solved_for(people: int, places: int, seed: int) -> None:
    cells = walked(people, places, Random(seed))
    back = kept_back(cells)
    assert {one for one in cells if one.people < FEWEST} <= back
    if len(back) < len(cells):
        assert not {one for one in solvable(sorted(back, key=str)) if one.people < FEWEST}


def known_sums(hidden: frozenset[Cell]) -> list[int]:
    """Add up what can be added up: all that leaves a set of totals which nothing that is kept back enters."""
    places = sorted({place for one in hidden for place in (one.tail, one.head)}, key=str)
    sums = []
    for chosen in product([False, True], repeat=len(places)):
        inside = {place for place, is_in in zip(places, chosen, strict=True) if is_in}
        if not any(one.head in inside and one.tail not in inside for one in hidden):
            sums.append(sum(one.people for one in hidden if one.tail in inside and one.head not in inside))
    return sums


@given(st.integers(5, 60), st.integers(2, 6), st.integers(0, 10_000))
@settings(max_examples=100, deadline=None)
def test_no_sum_of_what_is_kept_back_is_small(people: int, places: int, seed: int) -> None:
    back = kept_back(walked(people, places, Random(seed)))
    assert all(total == 0 or total >= FEWEST for total in known_sums(back))


def test_two_small_numbers_do_not_add_up_to_a_small_sum() -> None:
    ways = [Cell("begin", "end", people, name) for name, people in enumerate((2, 2, 40, 9))]
    assert {one.people for one in kept_back(ways)} == {2, 9}


@given(st.lists(st.lists(st.integers(0, 8), min_size=3, max_size=3), min_size=2, max_size=2))
@settings(max_examples=80, deadline=None)
def test_each_small_number_of_a_table_could_be_another(rows: list[list[int]]) -> None:
    cells = table(rows)
    back = kept_back(cells)
    if len(back) == sum(one.people > 0 for one in cells):
        return  # nothing is shown at all
    seen = possible(rows, back)
    for one in back:
        if one.people < FEWEST:
            assert len(seen[one.name]) > 1, (rows, sorted(back, key=str))


def test_hiding_the_small_number_alone_would_give_it_away() -> None:
    rows = [[18, 2], [10, 10]]
    alone = [one for one in table(rows) if one.people < FEWEST]
    assert solvable(alone) == set(alone)
    assert len(kept_back(table(rows))) == 4


def test_a_table_without_small_numbers_is_shown_whole() -> None:
    assert kept_back(table([[5, 9], [7, 0]])) == frozenset()


def test_the_cheapest_numbers_are_given_up() -> None:
    back = kept_back(table([[3, 6, 50], [7, 8, 60], [40, 50, 60]]))
    assert {one.people for one in back} == {3, 6, 7, 8}


def test_five_people_in_five_ways_are_not_given_away_by_their_sum() -> None:
    ways = [Cell("begin", "end", people, name) for name, people in enumerate((1, 1, 1, 1, 1, 20, 30))]
    assert {one.people for one in kept_back(ways)} == {1, 20}


def test_five_people_in_five_ways_are_not_shown_at_all() -> None:
    cells = [Cell("begin", "end", 1, name) for name in range(5)]
    assert kept_back(cells) == frozenset(cells)


@pytest.mark.parametrize(
    ("count", "of", "shown", "few", "nearly"),
    [
        (2, 4, False, False, False),
        (0, 20, True, True, False),
        (4, 20, True, True, False),
        (5, 20, True, False, False),
        (15, 20, True, False, False),
        (16, 20, True, False, True),
        (20, 20, True, False, True),
    ],
)
def test_a_share_tells_no_number_below_five(count: int, of: int, shown: bool, few: bool, nearly: bool) -> None:
    one = share(count, of)
    assert (one.shown, one.few, one.nearly) == (shown, few, nearly)
    assert (one.count is not None) == (shown and not few and not nearly)


def test_shares_that_are_kept_back_look_alike() -> None:
    assert len({share(count, 40) for count in range(5)}) == 1
    assert len({share(count, 40) for count in range(36, 41)}) == 1
