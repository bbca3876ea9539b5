"""Practice: another version each time, and two different ones played well in a row."""

import itertools
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainer.cases.runs.mastery import EndedRun, Mastery, mastered, next_variant, own_order

VARIANTS = ("no-touch", "hand-agreed", "crossed-out")
NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)

names = st.lists(st.from_regex(r"[a-z]{1,6}", fullmatch=True), min_size=1, max_size=6, unique=True)
histories = st.lists(st.tuples(st.sampled_from(VARIANTS), st.booleans()), max_size=8)


def played(*runs: tuple[str, bool]) -> list[EndedRun]:
    return [
        EndedRun(case="c", case_hash="h", variant=variant, passed=passed, ended_at=NOON + timedelta(hours=n))
        for n, (variant, passed) in enumerate(runs)
    ]


@pytest.mark.parametrize(
    ("runs", "done"),
    [
        ([], 0),
        ([("no-touch", True)], 1),
        ([("no-touch", True), ("no-touch", True)], 1),
        ([("no-touch", True), ("hand-agreed", False), ("crossed-out", True)], 1),
        ([("no-touch", True), ("hand-agreed", False)], 0),
        ([("no-touch", True), ("hand-agreed", True)], 2),
        ([("no-touch", True), ("hand-agreed", True), ("crossed-out", False)], 2),
        ([("no-touch", True), ("a version of an older text", True), ("hand-agreed", True)], 1),
    ],
)
def test_two_different_versions_in_a_row_are_mastery(runs, done) -> None:
    assert mastered(played(*runs), VARIANTS) == Mastery(done, 2)


def test_a_case_with_one_version_is_mastered_with_one() -> None:
    one = "only"
    assert mastered(played((one, True)), [one]).met
    assert not mastered(played((one, False)), [one]).met


@given(histories, histories)
def test_what_is_once_mastered_stays_so(before, after) -> None:
    if mastered(played(*before), VARIANTS).met:
        assert mastered(played(*before, *after), VARIANTS).met


@given(histories)
def test_mastery_is_two_neighbours_that_passed_and_differ(runs) -> None:
    pairs = itertools.pairwise(runs)
    assert mastered(played(*runs), VARIANTS).met == any(a[1] and b[1] and a[0] != b[0] for a, b in pairs)


@given(st.text(), st.text(), names)
def test_everybody_has_an_order_of_their_own_that_stays(person, slug, variants) -> None:
    order = own_order(person, slug, variants)
    assert sorted(order) == sorted(variants)
    assert order == own_order(person, slug, list(reversed(variants)))


@given(st.text(), names, st.integers(2, 12))
def test_nobody_meets_the_same_version_twice_in_a_row_and_everybody_meets_all(person, variants, runs) -> None:
    order, met = own_order(person, "c", variants), [""]
    for _ in range(max(runs, len(variants))):
        met.append(next_variant(order, met[-1]))
    assert len(variants) == 1 or all(a != b for a, b in itertools.pairwise(met))
    assert set(met[1:]) == set(variants)


def test_people_do_not_all_begin_with_the_same_version() -> None:
    first = [own_order(f"person {n}", "c", VARIANTS)[0] for n in range(300)]
    assert all(70 < first.count(one) < 130 for one in VARIANTS)
