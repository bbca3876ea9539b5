"""A knowledge examination: what its files must hold, how it is begun and sat, and what is told of it afterwards."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from tests.items.conftest import KEYS
from tests.quizzes.conftest import WITH_PRACTICE, course_files, enrolled_in
from trainer.authoring.release import Files, release_of
from trainer.cases.runs.models import Accommodation
from trainer.curriculum.course import parse
from trainer.db import Database, new_id
from trainer.items.forms import form_from_json
from trainer.quizzes.knowledge_exams import knowledge_exams_of, parse_knowledge_exams
from trainer.quizzes.models import QuizAttempt
from trainer.quizzes.values import Bank

HEAD = """\
exam: final
title: The final
summary: All of it.
minutes: 60
pass: 75%
attempts: 2
wait: 14 d
critical: 1
topics:
  ethics: {know: 0, apply: 3, evaluate: 0}
"""
TASKS = """\
note: Estimated.
tasks:
  - {task: "Talk", modules: {ethics: 100}, importance: 4, frequency: 2, source: pending survey}
"""
POOL = "".join(
    f"## Title {n} {{#final-{n}}}\n- kind: single\n{KEYS}{'- critical: yes' if n < 2 else '- critical: no'}\n\n"
    f"Asked {n}?\n\n- [x] Right {n}\n  > Because {n}.\n- [ ] Wrong {n}\n  > Not {n}.\n- [ ] Other {n}\n  > Nor {n}.\n\n"
    for n in range(6)
)


def files_with(head: str = HEAD, tasks: str = TASKS, pool: str = POOL) -> Files:
    exam = {"exams/final/exam.yaml": head, "exams/final/tasks.yaml": tasks, "exams/final/01-ethics.md": pool}
    return {**course_files(WITH_PRACTICE), **{path: text.encode() for path, text in exam.items() if text}}


KNOWN = parse(course_files())[0]


def wrong_in(files: Files) -> list[str]:
    return [str(message) for message in parse_knowledge_exams(files, KNOWN)[1]]


def test_a_sound_examination_is_a_bank_over_modules() -> None:
    exams, wrong = parse_knowledge_exams(files_with(), KNOWN)
    assert not wrong
    assert (exams["final"].serve, exams["final"].minutes, exams["final"].required_as) == (3, 60, "exam")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"head": HEAD.replace("apply: 3", "apply: 7")}, "asks for 7 items of level “apply”, and its pool has 6."),
        ({"head": HEAD.replace("critical: 1", "critical: 3")}, "asks for 3 critical items, and the pools have 2."),
        ({"head": HEAD.replace("ethics:", "ethic:")}, "There is no module “ethic”. Did you mean “ethics”?"),
        ({"head": HEAD.replace("exam: final", "exam: last")}, "“exam” should be “final”, like the name of the folder."),
        ({"head": HEAD.replace("75%", "0%")}, "“pass” should be a percentage from 1% to 100%"),
        ({"tasks": ""}, "Add tasks.yaml beside this file"),
        ({"tasks": TASKS.replace("100", "90")}, "add up to 90 per cent and not to 100."),
        ({"tasks": TASKS.replace("pending survey", "S9")}, "The source “S9” is not in references.yaml"),
        (
            {"tasks": TASKS.replace("importance: 4", "importance: 6")},
            "“importance” should be a whole number from 1 to 5",
        ),
        ({"pool": POOL.replace("- critical: no", "- use: practice", 1)}, "An examination has no practice."),
        ({"pool": POOL.replace("{#final-2}", "{#final-3}")}, "The id “final-3” is used on line"),
    ],
)
def test_what_is_wrong_with_its_files_is_named(change: dict[str, str], told: str) -> None:
    assert [message for message in wrong_in(files_with(**change)) if told in message]


def test_weights_that_the_tasks_do_not_bear_are_named() -> None:
    two = (
        HEAD.replace("apply: 3", "apply: 1").replace("know: 0", "know: 0")
        + "  touch: {know: 0, apply: 2, evaluate: 0}\n"
    )
    assert [
        told for told in wrong_in(files_with(head=two)) if "“ethics” is due 3.0 of 3 questions, and it has 1." in told
    ]


# --- people --------------------------------------------------------------------------------------


@dataclass
class Final:
    """One person's way to the final."""

    database: Database
    enrolment_id: str
    bank: Bank

    @property
    def address(self) -> str:
        return f"/examinations/{self.enrolment_id}/final"

    def begin(self, browser) -> str:
        answer = browser.send(self.address, {"sure": "y"})
        assert answer.status_code == 303, answer.text
        return answer.location

    def attempt(self, address: str) -> QuizAttempt:
        with self.database.reading() as session:
            return session.get_one(QuizAttempt, address.rsplit("/", 1)[1])

    def send(self, browser, address: str, *, right: int) -> None:
        """Answer as many questions rightly, critical ones first, and send."""
        form = form_from_json(self.attempt(address).form)
        ranked = sorted(range(len(form)), key=lambda n: not self.bank.item(form[n].item_id).critical)
        sent = {"seen": "0"}
        for rank, n in enumerate(ranked):
            wanted = 0 if rank < right else 1
            sent[f"q{n + 1}"] = str(form[n].order.index(wanted))
        browser.send(f"{address}/answers", sent)
        assert browser.send(f"{address}/submission").location == f"{address}/result"


@pytest.fixture
def final(database: Database, mara) -> Final:
    now = datetime.now(UTC) - timedelta(days=20)
    release = release_of(files_with())
    return Final(database, enrolled_in(database, mara, release, now=now), knowledge_exams_of(release)["final"])


def test_beginning_is_said_twice_and_a_second_click_draws_nothing(as_: Callable, mara, final: Final) -> None:
    browser = as_(mara)
    assert browser.get(final.address).status_code == 200
    refused = browser.send(final.address)
    assert refused.status_code == 422
    assert "Tick the box to begin" in refused.text
    assert final.begin(browser) == final.begin(browser)


def test_nobody_else_sees_or_begins_it_and_it_is_no_quiz(as_: Callable, mara, omar, final: Final) -> None:
    assert as_(omar).get(final.address).status_code == 404
    assert as_(omar).send(final.address, {"sure": "y"}).status_code == 404
    assert as_(mara).get(f"/quizzes/{final.enrolment_id}/final").status_code == 404
    assert as_(mara).send(f"/quizzes/{final.enrolment_id}/final", {"mode": "practice"}).status_code == 404


@pytest.mark.parametrize(("factor", "minutes"), [(None, 60), (150, 90), (125, 75), (0, None)])
def test_more_time_that_was_granted_is_on_the_clock(
    as_: Callable, mara, dana, final: Final, factor: int | None, minutes: int | None
) -> None:
    if factor is not None:
        with final.database.transaction() as session:
            session.add(
                Accommodation(
                    id=new_id(),
                    enrolment_id=final.enrolment_id,
                    factor=factor,
                    decided_by=dana.id,
                    reason="For a test.",
                    at=datetime.now(UTC),
                )
            )
    attempt = final.attempt(final.begin(as_(mara)))
    lasts = attempt.closes_at - attempt.started_at if attempt.closes_at else None
    assert lasts == (timedelta(minutes=minutes) if minutes else None)


@pytest.mark.parametrize(("right", "passed"), [(3, True), (2, False), (0, False)])
def test_afterwards_topics_are_told_and_never_a_question(
    as_: Callable, mara, final: Final, right: int, passed: bool
) -> None:
    browser = as_(mara)
    address = final.begin(browser)
    final.send(browser, address, right=right)
    page = browser.get(f"{address}/result").text
    assert ("Not passed" not in page) is passed
    assert f"{right} of 3 points" in page
    assert "Topic by topic" in page
    told = [text for text in ("Asked", "Right 0", "Because", "Title", "Wrong") if f"{text} " in page.split("<main")[1]]
    assert not told
    assert "Read the module again" not in page


def test_after_two_weeks_a_second_try_asks_nothing_of_the_first(
    as_: Callable, mara, final: Final, time_machine
) -> None:
    browser = as_(mara)
    first = final.begin(browser)
    final.send(browser, first, right=1)
    assert "The next try is possible from" in browser.get(final.address).text
    assert browser.send(final.address, {"sure": "y"}).status_code == 409
    time_machine.move_to(datetime.now(UTC) + timedelta(days=14, minutes=1))
    second = final.begin(as_(mara))
    asked = [{question.item_id for question in form_from_json(final.attempt(one).form)} for one in (first, second)]
    assert not asked[0] & asked[1]


def test_who_has_passed_has_nothing_left_to_sit(as_: Callable, mara, final: Final) -> None:
    browser = as_(mara)
    final.send(browser, final.begin(browser), right=3)
    answer = browser.send(final.address, {"sure": "y"})
    assert answer.status_code == 409
    assert "nothing left to sit" in answer.text
