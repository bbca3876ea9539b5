"""One dated file says what the law is: what may stand in it, and what is drawn from it."""

from datetime import date

import pytest

from trainer.authoring.messages import Message
from trainer.law.reading import EVERYWHERE, read_law
from trainer.law.values import Certainty, Law

KINDS = {"S1": "rule", "S2": "secondary", "S3": "machine"}
CELL = "{text: A licence., sources: [S1], read: 2026-03-01, certainty: read, every: 90}"
QUESTIONS = "questions:\n" + "".join(f"  {name}: Asked {name}\n" for name in EVERYWHERE)
PLACE = "places:\n  oregon:\n    title: Oregon\n    authority: A board\n    cells:\n"
CELLS = "".join(f"      {name}: {CELL}\n" for name in EVERYWHERE)
EVENT = '{date: 2023-07-01, place: oregon, text: "It begins.", sources: [S1], certainty: read}'
SOUND = f"{QUESTIONS}{PLACE}{CELLS}events:\n  - {EVENT}\n"


def read(text: str = SOUND) -> tuple[Law, tuple[Message, ...]]:
    return read_law(text, KINDS, ("secondary", "machine"))


def test_a_sound_file_answers_every_question_of_every_place() -> None:
    law, wrong = read()
    assert wrong == ()
    assert list(law.cells) == [f"oregon/{name}" for name in EVERYWHERE]
    cell = law.cells["oregon/who"]
    assert (cell.certainty, cell.counts, law.title(cell)) == (Certainty.READ, True, "Oregon: Asked who")
    assert [event.date for event in law.events] == ["2023-07-01"]


@pytest.mark.parametrize(
    ("old", "new", "line", "told"),
    [
        ("  who: Asked who\n", "", 1, "Add the question “who”: every place answers it."),
        (f"      next: {CELL}\n", "", 12, "“oregon” does not answer “next”. Add it, with certainty: unknown"),
        (f"      next: {CELL}", f"      nxt: {CELL}", 18, "There is no question “nxt” in this file."),
        ("sources: [S1]", "sources: []", 13, "Name at least one source, or write certainty: unknown."),
        ("sources: [S1]", "sources: [S9]", 13, "The source “S9” is not in references.yaml."),
        ("sources: [S1]", "sources: [S1, S1]", 13, "“S1” stands twice under sources. Keep one."),
        ("sources: [S1]", "sources: [S2]", 13, "“S2” is a report about a source, so this was not read."),
        ("sources: [S1]", "sources: [S3]", 13, "“S3” is written by a machine, so this was not read."),
        ("certainty: read", "certainty: sure", 13, "“certainty” should be one of read, reported, unknown."),
        ("read: 2026-03-01", "read: 2026-02-30", 13, "“read” should be the day on which it was read, a day such as"),
        ("read: 2026-03-01", "read: March", 13, "“read” should be the day on which it was read, a day such as"),
        ("every: 90", "every: 0", 13, "“every” should be after how many days to read it again, a whole number from 1"),
        ("every: 90", "every: 731", 13, "“every” should be after how many days"),
        ("every: 90", "evry: 90", 13, "The key “evry” is not known here. Did you mean “every”?"),
        ("read: 2026-03-01, ", "", 13, "Add the key “read”: the day on which it was read"),
        ("text: A licence., ", "", 13, "Add the key “text”: the answer"),
        ("every: 90", "every: 90, as_of: 2026-03-02", 13, "The law of 2026-03-02 was not there to be read"),
        ("every: 90", "every: 90, as_of: 2026-01-02, until: 2026-01-01", 13, "It ends on 2026-01-01, before the day"),
        ("read, every", "unknown, until: 2026-04-01, every", 13, "What is unknown has no end"),
        ("place: oregon", "place: orgon", 20, "There is no place “orgon” in this file. Did you mean “oregon”?"),
        ("date: 2023-07-01", "date: 2023-13", 20, "“date” should be a day, a month or a year that there is"),
        ("date: 2023-07-01", "date: July 2023", 20, "“date” should be a day, a month or a year, such as"),
    ],
)  # fmt: skip
def test_each_mistake_is_told_by_its_line(old: str, new: str, line: int, told: str) -> None:
    assert old in SOUND
    _, wrong = read(SOUND.replace(old, new, 1))
    assert [(m.line, m.text[: len(told)]) for m in wrong if m.text.startswith(told)] == [(line, told)]


def test_many_mistakes_are_told_at_once() -> None:
    _, wrong = read(SOUND.replace("sources: [S1]", "sources: [S2]"))
    assert len(wrong) == len(EVERYWHERE) + 1


@pytest.mark.parametrize(
    ("more", "due"),
    [("", date(2026, 5, 30)), (", until: 2026-04-01", date(2026, 4, 1)), (", until: 2027-04-01", date(2026, 5, 30))],
)
def test_an_answer_is_past_when_its_interval_or_its_text_has_ended(more: str, due: date) -> None:
    law, wrong = read(SOUND.replace("every: 90", f"every: 90{more}"))
    cell = law.cells["oregon/who"]
    assert (wrong, cell.due) == ((), due)
    assert not cell.past(due)
    assert cell.past(date.fromordinal(due.toordinal() + 1))


def test_events_stand_in_their_order_whatever_is_known_of_their_day() -> None:
    more = f"  - {EVENT.replace('2023-07-01', '2023')}\n  - {EVENT.replace('2023-07-01', '2022-11')}\n"
    law, _ = read(SOUND + more)
    assert [event.date for event in law.events] == ["2022-11", "2023", "2023-07-01"]


BLOCK = """\
      who:
        text: A licence.
        sources:
          - S1
        read: 2026-03-01
        certainty: read
        every: 90
        as_of: 2026-01-01
        until: 2026-12-31
"""
BLOCKS = SOUND.replace(f"      who: {CELL}\n", BLOCK)


@pytest.mark.parametrize(
    ("old", "new", "line", "told"),
    [
        ("- S1", "- S9", 16, "The source “S9” is not in references.yaml."),
        ("          - S1\n", "          - S1\n          - S1\n", 17, "“S1” stands twice under sources. Keep one."),
        ("- S1", "- S2", 18, "“S2” is a report about a source"),
        ("as_of: 2026-01-01", "as_of: 2026-03-02", 20, "The law of 2026-03-02 was not there to be read on 2026-03-01."),
        ("until: 2026-12-31", "until: 2025-12-31", 21, "It ends on 2025-12-31, before the day whose law it shows"),
        ("certainty: read\n", "certainty: unknown\n", 21, "What is unknown has no end: take out “until”, or say what"),
        ("sources:\n          - S1\n", "sources: []\n", 15, "Name at least one source, or write certainty: unknown."),
    ],
)  # fmt: skip
def test_a_mistake_stands_on_the_line_of_its_own_key(old: str, new: str, line: int, told: str) -> None:
    assert BLOCK in BLOCKS
    _, wrong = read(BLOCKS.replace(old, new, 1))
    assert [(m.path, m.line, m.text[: len(told)]) for m in wrong] == [("law.yaml", line, told)]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("read: 2026-03-01", "read: 2026-01-01"),  # read on the day whose law it shows
        ("until: 2026-12-31", "until: 2026-01-01"),
        ("        as_of: 2026-01-01\n", ""),
        ("        until: 2026-12-31\n", ""),
("certainty: read\n", "certainty: reported\n"),
    ],
)  # fmt: skip
def test_what_is_right_is_left_alone(old: str, new: str) -> None:
    assert old in BLOCKS
    assert read(BLOCKS.replace(old, new, 1))[1] == ()


def test_what_was_looked_for_and_not_found_needs_no_source() -> None:
    unknown = CELL.replace("[S1]", "[]").replace("certainty: read", "certainty: unknown")
    law, wrong = read(SOUND.replace(CELL, unknown, 1))
    assert (wrong, law.cells["oregon/who"].counts) == ((), False)


def test_everything_knows_its_line_and_what_was_written() -> None:
    law, _ = read(BLOCKS)
    cell = law.cells["oregon/who"]
    assert (cell.line, cell.as_of, cell.until) == (13, date(2026, 1, 1), date(2026, 12, 31))
    assert (law.places["oregon"].line, law.cells["oregon/next"].line, law.events[0].line) == (9, 26, 28)


def test_a_question_that_the_file_does_not_ask_is_missed_once_and_answered_for_nothing() -> None:
    _, wrong = read(SOUND.replace("  who: Asked who\n", "", 1).replace(f"      who: {CELL}\n", "", 1))
    assert [(message.line, message.text) for message in wrong] == [
        (1, "Add the question “who”: every place answers it.")
    ]
    _, wrong = read(f"# Law\n\n{SOUND}".replace("  who: Asked who\n", "", 1).replace(f"      who: {CELL}\n", "", 1))
    assert wrong[0].line == 3


def test_an_event_in_a_place_that_is_not_there_is_told_and_not_drawn() -> None:
    rows = ("date: 2023-07-01", "place: orgon", "text: It begins.", "sources: [S9]", "certainty: read")
    law, wrong = read(SOUND.replace(f"  - {EVENT}", "  - " + "\n    ".join(rows)))
    assert [message.line for message in wrong] == [21, 23]
    assert law.events == ()


def test_mistakes_stand_in_the_order_of_lines() -> None:
    _, wrong = read(SOUND.replace("sources: [S1]", "sources: [S2]").replace("every: 90", "every: 0"))
    assert [message.line for message in wrong] == sorted(message.line for message in wrong)
    assert len(wrong) == 2 * len(EVERYWHERE) + 1


def test_what_a_file_with_mistakes_holds_is_not_missed_elsewhere() -> None:
    law, wrong = read(SOUND.replace("certainty: read", "certainty: sure", 1))
    assert len(wrong) == 1
    assert (law.legible, law.cells) == (False, {})


def test_what_is_only_reported_may_rest_on_a_report() -> None:
    law, wrong = read(
        SOUND.replace(
            "sources: [S1], read: 2026-03-01, certainty: read", "sources: [S2], read: 2026-03-01, certainty: reported"
        )
    )
    assert (wrong[:-1], Law().legible) == ((), True)
    assert not law.cells["oregon/who"].counts
