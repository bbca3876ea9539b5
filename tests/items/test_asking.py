"""What a page shows of an open question, what it may send, and which questions never meet in a form."""

from collections.abc import Sequence
from fractions import Fraction
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.items.test_credit import GRADED, ITEMS
from tests.quizzes.conftest import a_bank, an_item
from trainer.items.answers import LONGEST_FIELD, NO_ANSWER
from trainer.items.asked import asked
from trainer.items.formats import FORMATS
from trainer.items.formats.format import Disclosure
from trainer.items.forms import Misshapen, Question, received_answers, tried_answers
from trainer.items.outcomes import Telling, TopicMark, questions_shown, small_topics_joined, topics_to_read
from trainer.items.values import Item, ItemKind, Level
from trainer.quizzes.disclosure import telling
from trainer.quizzes.form import draw_quiz

FORM = tuple(Question(item.id, FORMATS[item.kind].order(item, Random(n))) for n, item in enumerate(ITEMS.values()))
BY_ID = {item.id: item for item in ITEMS.values()}
NOTHING = frozenset[str]()


def reasons_of(item: Item) -> list[str]:
    return [str(part.reason_html) for part in (*item.options, *item.rows)]


@pytest.mark.parametrize("kind", ItemKind)
def test_no_reason_and_no_pattern_is_on_an_open_page(kind: ItemKind) -> None:
    item = ITEMS[kind]
    question = next(shown for shown in asked(FORM, BY_ID, {}) if shown.kind is kind)
    page = repr(question)
    assert not [reason for reason in reasons_of(item) if reason in page]
    if kind in (ItemKind.NUMERIC, ItemKind.SHORT):
        assert not [option.text for option in item.options if option.text != "*" and option.text in page]


def test_what_matches_is_not_told_by_where_it_stands() -> None:
    item = ITEMS[ItemKind.MATCHING]
    orders = {FORMATS[item.kind].order(item, Random(seed)) for seed in range(60)}
    assert len(orders) == 6


@pytest.mark.parametrize(
    ("kind", "sent", "told"),
    [
        (ItemKind.SINGLE, ["0", "1"], "has one answer; choose one."),
        (ItemKind.SINGLE, ["9"], "has options from 0 to 2."),
        (ItemKind.MULTIPLE, ["0", "٣"], "has options from 0 to 3."),
        (ItemKind.RECORD, ["0", "-1"], "has options from 0 to 3."),
        (ItemKind.ORDERING, ["1", "2"], "has 4 fields, and 2 arrived."),
        (ItemKind.ORDERING, ["1", "2", "3", "9"], "has places from 1 to 4."),
        (ItemKind.MATCHING, ["0", "1", "x"], "has options from 0 to 2."),
        (ItemKind.CLOZE, ["0"], "has 2 fields, and 1 arrived."),
        (ItemKind.NUMERIC, ["1", "2"], "has 1 field, and 2 arrived."),
        (ItemKind.SHORT, ["a" * (LONGEST_FIELD + 1)], "takes at most 200 letters in a field."),
        (ItemKind.SHORT, ["a" * 10_000], "takes at most 200 letters in a field."),
    ],
)
def test_what_is_no_answer_is_refused_in_words(kind: ItemKind, sent: Sequence[str], told: str) -> None:
    number = list(ITEMS).index(kind) + 1
    with pytest.raises(Misshapen) as refused:
        received_answers(FORM, BY_ID, {number: sent})
    assert str(refused.value) == f"Question {number} {told} Nothing of this page was saved."
    assert not any(tried_answers(FORM, BY_ID, {number: [sent]}).values())


def test_the_longest_text_is_kept_to_the_letter() -> None:
    number = list(ITEMS).index(ItemKind.SHORT) + 1
    kept = received_answers(FORM, BY_ID, {number: ["a" * LONGEST_FIELD]})
    assert kept == {ITEMS[ItemKind.SHORT].id: ("a" * LONGEST_FIELD,)}


@pytest.mark.parametrize("kind", GRADED)
def test_who_sends_blank_fields_has_not_answered(kind: ItemKind) -> None:
    number = list(ITEMS).index(kind) + 1
    blank = [" "] * len(asked(FORM, BY_ID, {})[number - 1].fields)
    assert received_answers(FORM, BY_ID, {number: blank}) == {ITEMS[kind].id: NO_ANSWER}


@pytest.mark.parametrize(
    ("kind", "answer", "told"),
    [
        (ItemKind.ORDERING, ("1", "", "3", ""), "2 of 4 places are still blank"),
        (ItemKind.ORDERING, ("1", "1", "3", "4"), "two lines have the same place"),
        (ItemKind.MATCHING, ("0", "", "1"), "1 of 3 rows are still blank"),
        (ItemKind.CLOZE, ("0", ""), "1 of 2 gaps are still blank"),
        (ItemKind.NUMERIC, ("many",), "“many” is no number"),
        (ItemKind.NUMERIC, ("158",), ""),
        (ItemKind.SHORT, ("clonus",), ""),
    ],
)
def test_what_an_answer_still_lacks_is_told_before_it_is_sent(
    kind: ItemKind, answer: tuple[str, ...], told: str
) -> None:
    shown = asked(FORM, BY_ID, {ITEMS[kind].id: answer})
    assert next(question.missing for question in shown if question.kind is kind) == told


def told(kind: ItemKind, answer: object, telling: Telling) -> str:
    sources = {key: None for item in ITEMS.values() for key in item.sources}
    shown = questions_shown(FORM, BY_ID, sources, {ITEMS[kind].id: answer}, telling)
    return repr(next(question for question in shown if question.kind is kind))


@pytest.mark.parametrize("kind", GRADED)
def test_a_failed_try_tells_no_key(kind: ItemKind) -> None:
    item = ITEMS[kind]
    own = told(kind, NO_ANSWER, Telling(whole=NOTHING, nothing=NOTHING))
    assert not [reason for reason in reasons_of(item) if reason in own]
    assert "belongs=None" in own
    held = told(kind, FORMATS[kind].key(item), Telling(whole=NOTHING, nothing=frozenset({item.id})))
    assert not [reason for reason in reasons_of(item) if reason in held]
    assert "correct=None" in held


@pytest.mark.parametrize("kind", GRADED)
def test_a_passed_form_tells_everything(kind: ItemKind) -> None:
    item = ITEMS[kind]
    whole = told(kind, FORMATS[kind].key(item), Telling(whole=frozenset({item.id}), nothing=NOTHING))
    spoken = [str(option.reason_html) for option in item.options if option.text != "*"]
    assert [reason for reason in spoken if reason in whole] == spoken
    assert "correct=True" in whole


def test_the_gaps_of_a_text_are_numbered_where_its_outcome_is_read() -> None:
    assert "The touch <strong>[1]</strong>, the talk <strong>[2]</strong>." in told(
        ItemKind.CLOZE, NO_ANSWER, Telling(whole=NOTHING, nothing=NOTHING)
    )


def test_a_number_read_wrongly_is_explained_by_what_was_read() -> None:
    own = told(ItemKind.NUMERIC, ("94",), Telling(whole=NOTHING, nothing=NOTHING))
    assert "The lower one." in own
    assert "The upper one." not in own
    assert "Look again." in told(ItemKind.NUMERIC, ("7",), Telling(whole=NOTHING, nothing=NOTHING))


def test_small_topics_are_told_together() -> None:
    marks = [TopicMark(title=name, earned=Fraction(n), out_of=n) for name, n in (("A", 3), ("B", 2), ("C", 1))]
    assert [(mark.title, mark.out_of) for mark in small_topics_joined(marks)] == [("A", 3), ("B · C", 3)]
    assert [(mark.title, mark.out_of) for mark in small_topics_joined(marks[:2])] == [("A · B", 5)]


@given(st.lists(st.integers(1, 6), min_size=1, max_size=9), st.data())
def test_nothing_told_of_a_topic_rests_on_one_or_two_questions(sizes: list[int], data: st.DataObject) -> None:
    marks = [
        TopicMark(title=f"T{n}", earned=Fraction(data.draw(st.integers(0, size))), out_of=size)
        for n, size in enumerate(sizes)
    ]
    groups = small_topics_joined(marks)
    assert all(mark.out_of >= 3 for mark in groups) or len(groups) == 1
    assert sum(mark.out_of for mark in groups) == sum(sizes)
    assert sum(mark.earned for mark in groups) == sum(mark.earned for mark in marks)
    lost = [mark.title for mark in groups if mark.earned < mark.out_of]
    assert list(topics_to_read(marks)) == [title for joined in lost for title in joined.split(" · ")]


def test_a_large_topic_stays_alone_while_the_small_ones_find_each_other() -> None:
    sizes = {"A": 1, "B": 9, "C": 2, "D": 3, "E": 1}
    marks = [TopicMark(title=name, earned=Fraction(n), out_of=n) for name, n in sizes.items()]
    assert [(mark.title, mark.out_of) for mark in small_topics_joined(marks)] == [("A · C · E", 4), ("B", 9), ("D", 3)]
    assert small_topics_joined([]) == []


def test_after_the_last_try_that_everybody_has_no_single_question_is_told() -> None:
    bank = a_bank(tuple(an_item(f"i{n}") for n in range(4)), {Level.KNOW: 4}, attempts=1)
    form = draw_quiz(bank, seed="s")

    def told_of(item_id: str, *, passed: bool, over: bool, spent: bool) -> Disclosure:
        how = telling(form, bank, counted=True, passed=passed, over=over, spent=spent, held=frozenset({"i1"}))
        return how.of(item_id)

    assert told_of("i0", passed=False, over=False, spent=True) is Disclosure.NOTHING
    assert told_of("i0", passed=False, over=False, spent=False) is Disclosure.OWN
    assert told_of("i1", passed=False, over=False, spent=False) is Disclosure.NOTHING
    assert told_of("i1", passed=False, over=True, spent=False) is Disclosure.OWN
    assert told_of("i1", passed=True, over=True, spent=False) is Disclosure.WHOLE


@pytest.mark.parametrize("kind", [ItemKind.MULTIPLE, ItemKind.RECORD])
def test_whoever_ticks_more_than_is_right_is_told_no_reason(kind: ItemKind) -> None:
    item = ITEMS[kind]
    right = sorted(item.key)
    wrong = [n for n in range(len(item.options)) if n not in item.key]
    for ticked in (range(len(item.options)), [*right, wrong[0]]):
        page = told(kind, frozenset(ticked), Telling(whole=NOTHING, nothing=NOTHING))
        assert not [reason for reason in reasons_of(item) if reason in page]
    page = told(kind, frozenset({right[0], wrong[0]}), Telling(whole=NOTHING, nothing=NOTHING))
    assert page.count("reason=Markup") == 2
