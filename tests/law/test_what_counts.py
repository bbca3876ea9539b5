"""What was not read in the rule itself carries nothing that counts: questions, cases, crosswalks look it up."""

from types import SimpleNamespace

import pytest

from tests.law.test_law import CELL, CELLS, PLACE, QUESTIONS, SOUND
from tests.quizzes.conftest import BANK, COURSE, PATH
from trainer.cases.script.values import Noted, ReviewStatus
from trainer.curriculum.course import parse
from trainer.law.values import Law
from trainer.quizzes.bank import check_banks
from trainer.requirements.law_in_cases import law_in_cases

REPORTED = CELL.replace("certainty: read", "certainty: reported")
LAW = f"{QUESTIONS}{PLACE}{CELLS.replace(f'next: {CELL}', f'next: {REPORTED}')}"
CROSSWALK = "crosswalks/oregon.yaml"


def said(bank: str = BANK, **changed: str) -> list[str]:
    files = {path: text.encode() for path, text in {**COURSE, PATH: bank, "law.yaml": LAW, **changed}.items()}
    course, wrong = parse(files)
    return [str(message) for message in (*wrong, *check_banks(files, course))]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("- law: oregon/who", ""),
        ("- law: oregon/who, oregon/records", ""),
        ("- law: oregon/whom", "There is no answer “oregon/whom” in law.yaml. Did you mean “oregon/who”?"),
        ("- law: oregon/next", "“oregon/next” is reported in law.yaml. Write “readiness: pending review”."),
    ],
)
def test_a_question_names_the_answers_on_which_it_rests(line: str, told: str) -> None:
    found = said(BANK.replace("{#item-1-id}", f"{{#item-1-id}}\n{line}"))
    assert found == ([f"{PATH}:33: {told}"] if told else [])


def test_a_question_that_waits_for_review_may_rest_on_a_report() -> None:
    assert said(BANK.replace("{#item-11-id}", "{#item-11-id}\n- law: oregon/next")) == []


@pytest.mark.parametrize(
    ("more", "line", "told"),
    [
        ("law: [oregon/who]", 0, ""),
        ("law: [oregon/wh]", 8, "There is no answer “oregon/wh” in law.yaml. Did you mean “oregon/who”?"),
        ("practicum_hours: forty", 8, "“practicum_hours” should be a number of hours."),
    ],
)
def test_a_crosswalk_names_the_answers_on_which_it_rests(more: str, line: int, told: str) -> None:
    assert said(**{CROSSWALK: f"{COURSE[CROSSWALK]}{more}\n"}) == ([f"{CROSSWALK}:{line}: {told}"] if told else [])


def test_topics_have_no_more_hours_than_the_regulator_asks_for() -> None:
    more = COURSE[CROSSWALK].replace("total_hours: 10", "total_hours: 2")
    assert said(**{CROSSWALK: more}) == [
        f"{CROSSWALK}:4: The topics add up to 2.5 hours, more than the 2 of “total_hours”."
    ]


@pytest.mark.parametrize(
    ("name", "status", "told"),
    [
        ("S1", ReviewStatus.LIVE, []),
        ("oregon/who", ReviewStatus.LIVE, []),
        ("oregon/next", ReviewStatus.DRAFT, []),
        ("oregon/next", ReviewStatus.REVIEWED, ["“oregon/next” is reported in law.yaml."]),
        ("oregon/nxt", ReviewStatus.DRAFT, ["There is no answer “oregon/nxt” in law.yaml."]),
    ],
)  # fmt: skip
def test_a_case_names_the_answers_among_its_sources(name: str, status: ReviewStatus, told: list[str]) -> None:
    law: Law = parse({"references.yaml": b"S1: {short: A, kind: rule, text: A.}", "law.yaml": LAW.encode()})[0].law
    case = SimpleNamespace(sources=(Noted(name, "why", 7),), head=SimpleNamespace(status=status))
    found = [str(message) for message in law_in_cases({"keys": case}, law)]
    assert [one.startswith(f"cases/keys/en.md:7: {begin}") for one, begin in zip(found, told, strict=True)] == [
        True
    ] * len(told)


def test_the_small_file_of_the_law_is_sound() -> None:
    assert LAW.startswith(SOUND[:50])
