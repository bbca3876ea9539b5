"""A question that counts and is told beforehand is named, by file and line."""

import re

from trainer.authoring.release import read_folder, release_of
from trainer.curriculum.course import course_of
from trainer.quizzes.bank import banks_of
from trainer.requirements.catalogue import content_notes
from trainer.requirements.told_beforehand import echoes
from trainer.settings import ROOT

LESSON = "modules/03-ethics/01-why-consent-is-different.md"
BANK = "modules/03-ethics/bank.md"
CASE = "cases/tablet/en.md"


def said(path: str, old: str, new: str) -> list[str]:
    """Return what the check says against the shipped content with one thing changed."""
    files = dict(read_folder(ROOT / "content"))
    assert old in files[path].decode()
    files[path] = files[path].decode().replace(old, new, 1).encode()
    release = release_of(files)
    return [str(one) for one in echoes(files, course_of(release), banks_of(release))]


ASKED = (
    "A colleague says: “If we explain everything well enough, our clients will know exactly what they agree to.” "
    "What is the best reply?"
)
ANSWER = "Good consent protects people from trespass, yet part of it stays unknowable."


STEM = "A review looked at the consent forms of nineteen psychedelic trials. How did it find them?"
NAMED = rf"a question that counts \({BANK}:\d+\)"


def test_a_check_that_asks_what_counts_is_named_with_both_places() -> None:
    (message,) = said(LESSON, ASKED, STEM.replace("find them", "find them there"))
    assert re.match(rf"{LESSON}:\d+: This check tells the answer of {NAMED}\.", message)
    assert "write “- use: practice” in the one that counts" in message


def test_one_right_answer_in_the_same_words_is_enough() -> None:
    words = "In line with the law, and thin on how vulnerable the drug makes one"
    (message,) = said(LESSON, ANSWER, words.upper())
    assert re.match(rf"{LESSON}:\d+: This check", message)


def test_a_case_that_asks_what_counts_is_named() -> None:
    (message,) = said(CASE, "\n## ", f"\n{STEM}\n\n## ")
    assert re.match(rf"{CASE}:1: This case tells the answer of {NAMED}\.", message)


def test_kept_for_practice_it_may_be_told() -> None:
    heading = "{#nineteen-forms}\n"
    assert said(BANK, heading, f"{heading}- use: practice\n") == []


def test_banks_that_are_short_are_named_and_that_stops_nothing() -> None:
    files = dict(read_folder(ROOT / "content"))
    assert not [note for note in content_notes(files) if note.path == BANK]
    files[BANK] = files[BANK].replace(b"attempts: 3", b"attempts: 9")
    short = [str(note) for note in content_notes(files)]
    few = rf"{BANK}:1: 9 tries that share nothing take \d+ questions of level “\w+”, and \d+ can count"
    assert any(re.match(few, note) for note in short)
    fewer = rf"{BANK}:1: Practice has \d+ questions to itself, fewer than the 12 of a try\. Write more of them\."
    assert any(re.fullmatch(fewer, note) for note in short)
