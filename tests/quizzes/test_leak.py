"""Nothing a browser receives while an attempt is open says which answer is right."""

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup
from werkzeug.test import TestResponse

from tests.quizzes.conftest import WITH_PRACTICE, Quiz, places_on, read
from trainer.items.asked import asked
from trainer.items.values import Item, ItemKind, Level, item_hash
from trainer.quizzes.form import draw_practice, draw_quiz
from trainer.quizzes.values import Bank

META = re.compile(
    r"\b(critical|apply|evaluate|pending|solid|readiness|level|blueprint|competency|C3|S1|Nayak|objective|list-elements)\b",
    re.IGNORECASE,
)
WRITTEN = re.compile(r"Reason\d+[a-d]|item-\d+-id|Heading\d+")
KNOWN_MARKS = {"data-attempt", "data-saving", "data-saved", "data-failed", "data-answered"} | {
    "data-count",
    "data-progress",
    "data-status",
    "data-question",
    "data-saved-for",
    "data-undecided",
    "data-two-for",
    "data-there",
    "data-there-at",
    "data-here",
    "data-here-at",
    "data-keep",
    "data-cut-off",
    "data-nothing",
}


def everything(answer: TestResponse) -> str:
    """Return all that a browser receives: the headers too."""
    return f"{answer.headers}\n{answer.text}"


def main_of(answer: TestResponse) -> str:
    """Return the part of a page between the frame that all pages share."""
    return re.search(r"<main.*</main>", answer.text, re.DOTALL)[0] if "<main" in answer.text else answer.text


@pytest.fixture(params=["counted", "practice"])
def open_answers(request, as_: Callable, mara, quiz: Quiz) -> dict[str, TestResponse]:
    """Everything the server says from the first look at a quiz until just before it is sent."""
    browser = as_(mara)
    said = {"intro": browser.get(quiz.address)}
    said["start"] = browser.send(quiz.address, {"mode": request.param})
    attempt = said["start"].location
    said["fresh"] = browser.get(attempt)
    right = quiz.right(attempt)
    for number in range(1, 5):
        said[f"right {number}"] = quiz.answer(browser, attempt, number, *map(int, right[f"q{number}"]))
    wrong = quiz.right(attempt, but=5)["q5"]
    said["wrong"] = quiz.answer(browser, attempt, 5, *map(int, wrong))
    said["nonsense"] = quiz.answer(browser, attempt, 6, 77)
    said["page sent"] = browser.send(f"{attempt}/answers", {**right, "seen": "0"})
    said["answered"] = browser.get(attempt)
    said["check"] = browser.get(f"{attempt}/check")
    said["result too early"] = browser.get(f"{attempt}/result")
    said["intro again"] = browser.get(quiz.address)
    said["json"] = browser.get(attempt, headers={"Accept": "application/json"})
    return said


def test_nothing_an_author_wrote_besides_question_and_options_is_sent(open_answers, quiz: Quiz) -> None:
    hashes = {item.hash for item in quiz.bank.items}
    for name, answer in open_answers.items():
        assert not WRITTEN.findall(everything(answer)), name
        assert not [one for one in hashes if one in everything(answer)], name
    assert len(re.findall(r"Stem\d+", open_answers["fresh"].text)) == 6


def test_no_level_source_readiness_or_critical_mark_is_sent(open_answers) -> None:
    for name, answer in open_answers.items():
        if not name.startswith("intro"):  # which says once, for all quizzes, what a critical question is
            assert not META.findall(main_of(answer)), name


def test_options_carry_their_place_and_nothing_else(open_answers) -> None:
    page = open_answers["fresh"].text
    assert places_on(page) == {f"q{number}": list("0123") for number in range(1, 7)}
    plain = r'<label class="choice"><input type="(?:radio|checkbox)" name="q\d" value="\d" autocomplete="off"><span>'
    assert len(re.findall(plain + r"Option\d+[a-d]\.</span></label>", page)) == page.count("Option") == 24


def test_no_attribute_of_the_page_is_made_for_the_key(open_answers) -> None:
    for name in ("fresh", "answered", "check"):
        found = set(re.findall(r"\s(data-[a-z-]+)", main_of(open_answers[name])))
        assert found <= KNOWN_MARKS, name
    assert set(re.findall(r'data-question="([^"]*)"', open_answers["fresh"].text)) == set("123456")


def test_a_right_answer_and_a_wrong_one_are_thanked_in_the_same_words(open_answers) -> None:
    right, wrong = open_answers["right 4"], open_answers["wrong"]
    assert right.json.keys() == wrong.json.keys() == {"saved_at", "seen", "answered"}
    assert (right.json["answered"], wrong.json["answered"]) == (4, 5)
    assert right.status_code == wrong.status_code
    assert set(right.headers.keys()) == set(wrong.headers.keys())


def test_the_page_is_kept_by_no_cache_between_us(open_answers) -> None:
    for name in ("fresh", "answered", "check"):
        assert re.search("no-store|private", open_answers[name].headers.get("Cache-Control", "")), name


def other_key(item: Item, turn: int) -> Item:
    """Return the item as if other options were right, for other reasons, with other marks."""
    count = len(item.options)
    options = tuple(
        replace(option, right=item.options[(n + turn) % count].right, reason_html=Markup("Other"), line=99)
        for n, option in enumerate(item.options)
    )
    changed = replace(item, options=options, title="Other", critical=not item.critical, level=Level.KNOW)
    return replace(changed, hash=item_hash(["other"]), sources=("S2",), line=99)


BANKS: Bank = read(WITH_PRACTICE)[0]


@given(st.integers(1, 3), st.text("abc", min_size=1), st.booleans())
def test_whatever_is_right_the_browser_is_shown_the_same(turn: int, seed: str, practice: bool) -> None:
    form = draw_practice(BANKS, seed=seed) if practice else draw_quiz(BANKS, seed=seed)
    answers = {question.item_id: frozenset({question.order[0]}) for question in form}
    other = replace(BANKS, items=tuple(other_key(item, turn) for item in BANKS.items))
    assert [item.key for item in other.items] != [item.key for item in BANKS.items]
    assert asked(form, BANKS.by_id, answers) == asked(form, other.by_id, answers)


def test_only_whether_several_may_be_chosen_is_told() -> None:
    form = draw_quiz(BANKS, seed="s")
    several = [BANKS.item(question.item_id).kind is ItemKind.MULTIPLE for question in form]
    assert [question.several for question in asked(form, BANKS.by_id, {})] == several
