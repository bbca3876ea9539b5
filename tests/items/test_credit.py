"""What an answer earns: by hand for each kind and scheme, and as properties over all of them."""

from fractions import Fraction
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.items.conftest import WRITTEN, item_text, read_items
from trainer.items.answers import NO_ANSWER, ItemAnswer, answer_as_json, answer_from_json
from trainer.items.formats import FORMATS
from trainer.items.grading import credit_of, grade, written_points
from trainer.items.values import Item, ItemKind

GRADED = [kind for kind in ItemKind if kind is not ItemKind.CONCORDANCE]
BANK, WRONG = read_items(*(item_text(kind) for kind in WRITTEN))
assert BANK, WRONG
ITEMS: dict[ItemKind, Item] = {item.kind: item for item in BANK.items}


def with_scheme(kind: ItemKind, scheme: str) -> Item:
    bank, wrong = read_items(item_text(kind, keys=f"- scheme: {scheme}\n"))
    assert bank, wrong
    return bank.items[0]


@pytest.mark.parametrize(
    ("scheme", "chosen", "earned"),
    [
        ("exact", {0, 1}, 1),
        ("exact", {0}, 0),
        ("exact", {0, 1, 2}, 0),
        ("balanced", {0, 1}, 1),
        ("balanced", {0}, Fraction(1, 2)),
        ("balanced", {0, 2}, 0),
        ("balanced", {0, 1, 2}, Fraction(1, 2)),
        ("balanced", {2, 3}, 0),
        ("balanced", {0, 1, 2, 3}, 0),
    ],
)
def test_who_ticks_everything_earns_nothing(scheme: str, chosen: set[int], earned: Fraction) -> None:
    assert credit_of(with_scheme(ItemKind.MULTIPLE, scheme), frozenset(chosen)) == earned


@pytest.mark.parametrize(
    ("scheme", "places", "earned"),
    [
        ("neighbours", "1234", 1),
        ("neighbours", "2341", Fraction(2, 3)),
        ("neighbours", "4321", 0),
        ("neighbours", "1243", Fraction(1, 3)),
        ("places", "1243", Fraction(1, 2)),
        ("places", "2341", 0),
        ("exact", "1243", 0),
        ("exact", "1234", 1),
        ("places", "1134", Fraction(1, 2)),
        ("neighbours", "1134", Fraction(1, 3)),
    ],
)
def test_an_order_earns_for_what_follows_as_it_should(scheme: str, places: str, earned: Fraction) -> None:
    assert credit_of(with_scheme(ItemKind.ORDERING, scheme), tuple(places)) == earned


def test_a_line_without_a_place_earns_nothing_for_itself_and_its_neighbours() -> None:
    assert credit_of(ITEMS[ItemKind.ORDERING], ("1", "", "3", "4")) == Fraction(1, 3)
    assert credit_of(ITEMS[ItemKind.ORDERING], ("", "1", "2", "4")) == Fraction(1, 3)


@pytest.mark.parametrize(
    ("rows", "earned"), [(("0", "1", "0"), 1), (("0", "1", ""), Fraction(2, 3)), (("1", "0", "2"), 0)]
)
def test_each_row_earns_its_part(rows: tuple[str, ...], earned: Fraction) -> None:
    assert credit_of(ITEMS[ItemKind.MATCHING], rows) == earned
    assert credit_of(with_scheme(ItemKind.MATCHING, "exact"), rows) == (earned == 1)


@pytest.mark.parametrize(
    ("typed", "right"),
    [("158", 1), ("160", 1), ("156", 1), ("160.01", 0), ("155,9", 0), ("158 mmHg", 1), ("158 kPa", 0), ("hundred", 0)],
)
def test_a_number_is_right_within_its_tolerance_both_ends_among_it(typed: str, right: int) -> None:
    assert credit_of(ITEMS[ItemKind.NUMERIC], (typed,)) == right


@pytest.mark.parametrize(
    ("typed", "right"), [("14:35", 1), ("14:45", 1), ("14.25", 1), ("14:46", 0), ("2:35", 0), ("25:00", 0), ("875", 0)]
)
def test_a_time_of_day_is_read_as_people_write_it(typed: str, right: int) -> None:
    answers = "- [=] 14:35 ± 10\n  > Then.\n"
    bank, wrong = read_items(item_text(ItemKind.NUMERIC, answers).replace("- unit: mmHg", "- unit: clock"))
    assert bank, wrong
    assert credit_of(bank.items[0], (typed,)) == right


@pytest.mark.parametrize(
    ("typed", "right"),
    [
        ("Spontaneous clonus.", 1),
        ("  spontaneous   CLONUS ", 1),
        ("clonus without a stretching", 1),
        ("clonus", 0),
        ("inducible clonus", 0),
        ("no spontaneous clonus", 0),
    ],
)
def test_words_are_right_whatever_their_case_and_signs(typed: str, right: int) -> None:
    assert credit_of(ITEMS[ItemKind.SHORT], (typed,)) == right


@pytest.mark.parametrize("kind", GRADED)
def test_the_whole_key_earns_a_point_and_a_blank_nothing(kind: ItemKind) -> None:
    item = ITEMS[kind]
    assert credit_of(item, FORMATS[kind].key(item)) == 1
    assert credit_of(item, NO_ANSWER) == 0


def test_a_panel_is_no_key() -> None:
    item = ITEMS[ItemKind.CONCORDANCE]
    assert not item.key
    assert item.never_counts
    assert credit_of(item, frozenset({3})) == 0


@st.composite
def answers(draw: st.DrawFn) -> tuple[Item, ItemAnswer]:
    """Draw an item of any kind and scheme, and an answer that its page could send, or any other."""
    kind = draw(st.sampled_from(GRADED))
    scheme = draw(st.sampled_from(FORMATS[kind].schemes or (None,)))
    item = with_scheme(kind, scheme) if scheme else ITEMS[kind]
    whole = draw(st.sampled_from([len(item.rows) or len(item.options), 1]))
    filled = st.lists(st.sampled_from(["", "0", "1", "2", "3", "4", "158", "clonus"]), min_size=whole, max_size=whole)
    return item, draw(st.frozensets(st.integers(0, 5)) | filled.map(tuple))


@given(answers())
def test_no_answer_earns_less_than_nothing_or_more_than_a_point(drawn: tuple[Item, ItemAnswer]) -> None:
    item, answer = drawn
    earned = credit_of(item, answer)
    assert 0 <= earned <= 1
    if earned == 1 and item.kind not in (ItemKind.NUMERIC, ItemKind.CHART, ItemKind.SHORT):
        assert answer == FORMATS[item.kind].key(item)


@given(st.frozensets(st.integers(0, 3)), st.integers(0, 3), st.sampled_from(["exact", "balanced"]))
def test_one_right_option_more_never_costs_and_one_wrong_never_pays(
    chosen: frozenset[int], option: int, scheme: str
) -> None:
    item = SCHEMES[scheme]
    before, after = credit_of(item, chosen - {option}), credit_of(item, chosen | {option})
    assert after >= before if option in item.key else after <= before


SCHEMES = {scheme: with_scheme(ItemKind.MULTIPLE, scheme) for scheme in ("exact", "balanced")}


@given(st.lists(st.sampled_from(["", "0", "1", "2"]), min_size=3, max_size=3), st.integers(0, 2))
def test_one_row_put_right_never_costs(rows: list[str], row: int) -> None:
    item = ITEMS[ItemKind.MATCHING]
    better = [str(item.rows[row].key) if n == row else text for n, text in enumerate(rows)]
    assert credit_of(item, tuple(better)) >= credit_of(item, tuple(rows))


@given(st.sampled_from(GRADED), st.integers(0, 99))
def test_what_a_page_sends_back_is_what_was_kept(kind: ItemKind, seed: int) -> None:
    item, answering = ITEMS[kind], FORMATS[kind]
    order = answering.order(item, Random(seed))
    key = answering.key(item)
    assert answering.received(item, order, answering.sendable(item, order, key)) == key
    assert answer_from_json(answer_as_json(key)) == key


@given(st.integers(0, 200))
def test_lines_to_be_ordered_never_stand_in_their_order(seed: int) -> None:
    item = ITEMS[ItemKind.ORDERING]
    assert FORMATS[item.kind].order(item, Random(seed)) != (0, 1, 2, 3)


@pytest.mark.parametrize(
    ("credit", "written"),
    [
        (Fraction(9), "9"),
        (Fraction(19, 2), "9.5"),
        (Fraction(29, 3), "9.66"),
        (Fraction(999, 1000), "0.99"),
        (Fraction(0), "0"),
    ],
)
def test_points_are_never_rounded_up(credit: str, written: str) -> None:
    assert written_points(Fraction(credit)) == written


def test_what_has_no_key_is_left_aside_by_the_mark() -> None:
    panel, single = ITEMS[ItemKind.CONCORDANCE], ITEMS[ItemKind.SINGLE]
    graded = grade([panel, single], {single.id: single.key, panel.id: frozenset({3})}, pass_share=Fraction(1))
    assert (graded.out_of, graded.points, graded.passed, graded.wrong) == (1, 1, True, ())
