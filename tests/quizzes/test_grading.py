"""A mark is what was right, of all; a critical mistake fails whatever the mark."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.quizzes.conftest import an_item
from trainer.errors import Broken
from trainer.items.answers import Answers
from trainer.items.grading import grade
from trainer.items.values import Item

ITEM = st.builds(
    lambda right, critical: (right, critical), st.frozensets(st.integers(0, 3), min_size=1, max_size=3), st.booleans()
)
FORMS = st.lists(ITEM, min_size=1, max_size=12).map(
    lambda drawn: [an_item(f"i{n}", right=right, critical=critical) for n, (right, critical) in enumerate(drawn)]
)
SHARES = st.fractions(min_value=Fraction(1, 100), max_value=1)


@st.composite
def answered(draw, forms=FORMS) -> tuple[list[Item], Answers]:
    """A form with some answers, right and wrong; some are missing."""
    items = draw(forms)
    pick = st.none() | st.frozensets(st.integers(0, 3))
    picked = {item.id: draw(st.just(item.key) | pick) for item in items}
    return items, {name: chosen for name, chosen in picked.items() if chosen is not None}


@given(answered(), SHARES, st.data())
def test_correcting_an_answer_never_costs_anything(sat, share: Fraction, data) -> None:
    items, answers = sat
    item = data.draw(st.sampled_from(items))
    before = grade(items, answers, pass_share=share)
    after = grade(items, {**answers, item.id: item.key}, pass_share=share)
    assert after.points >= before.points
    assert after.passed >= before.passed
    assert set(after.wrong) <= set(before.wrong)


@given(answered(), SHARES, st.randoms())
def test_the_order_of_questions_and_answers_does_not_matter(sat, share: Fraction, random) -> None:
    items, answers = sat
    mixed, later = list(items), list(answers.items())
    random.shuffle(mixed)
    random.shuffle(later)
    one, other = grade(items, answers, pass_share=share), grade(mixed, dict(later), pass_share=share)
    assert (one.points, one.passed, set(one.wrong)) == (other.points, other.passed, set(other.wrong))


@given(answered(), SHARES)
def test_points_and_mistakes_make_up_the_whole(sat, share: Fraction) -> None:
    items, answers = sat
    result = grade(items, answers, pass_share=share)
    assert result.points + len(result.wrong) == result.out_of == len(items)
    assert result.share == Fraction(result.points, len(items))


@given(answered(), SHARES)
def test_a_wrong_critical_question_fails_whatever_the_mark(sat, share: Fraction) -> None:
    items, answers = sat
    critical = an_item("critical", critical=True)
    result = grade([*items, critical], {**answers, "critical": frozenset({1})}, pass_share=share)
    assert not result.passed
    assert "critical" in result.failed_critical


@given(FORMS, SHARES)
def test_everything_right_always_passes(items: list[Item], share: Fraction) -> None:
    assert grade(items, {item.id: item.key for item in items}, pass_share=share).passed


@given(FORMS, SHARES)
def test_nothing_answered_never_passes(items: list[Item], share: Fraction) -> None:
    result = grade(items, {}, pass_share=share)
    assert not result.passed
    assert result.points == 0


@given(answered(), SHARES, st.dictionaries(st.text(min_size=9), st.frozensets(st.integers(0, 3))))
def test_answers_to_other_questions_are_ignored(sat, share: Fraction, others) -> None:
    items, answers = sat
    assert grade(items, {**others, **answers}, pass_share=share) == grade(items, answers, pass_share=share)


@given(st.integers(1, 60), st.data())
def test_the_mark_passes_exactly_from_its_share_on(whole: int, data) -> None:
    points = data.draw(st.integers(1, whole))
    items = [an_item(f"i{n}") for n in range(whole)]
    answers = {item.id: item.key for item in items[:points]}
    exactly = Fraction(points, whole)
    assert grade(items, answers, pass_share=exactly).passed
    assert not grade(items, answers, pass_share=exactly + Fraction(1, 10**12)).passed


@pytest.mark.parametrize(("points", "passes"), [(9, False), (10, True)])
def test_eighty_per_cent_of_twelve_is_ten(points: int, passes: bool) -> None:
    items = [an_item(f"i{n}") for n in range(12)]
    answers = {item.id: item.key for item in items[:points]}
    assert grade(items, answers, pass_share=Fraction(80, 100)).passed is passes


@pytest.mark.parametrize("chosen", [{0}, {0, 1, 2}, {0, 2}, set()])
def test_several_answers_earn_their_point_only_together(chosen: set[int]) -> None:
    item = an_item("i", right=frozenset({0, 1}))
    assert grade([item], {"i": frozenset(chosen)}, pass_share=Fraction(1)).points == 0
    assert grade([item], {"i": frozenset({0, 1})}, pass_share=Fraction(1)).points == 1


def test_a_form_without_questions_is_not_graded() -> None:
    with pytest.raises(Broken, match="no questions"):
        grade([], {}, pass_share=Fraction(1))
