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


def test_a_check_that_asks_what_counts_is_named_with_both_places() -> None:
    other = "A review looked at the consent forms of nineteen psychedelic trials. What had it found there?"
    (message,) = said(LESSON, ASKED, other)
    assert re.match(rf"{LESSON}:\d+: This check tells the answer of a question that counts \({BANK}:12\)\.", message)
    assert "write “- use: practice” in the one that counts" in message


def test_one_right_answer_in_the_same_words_is_enough() -> None:
    words = "They met the law, but said too little about vulnerability under the drug"
    (message,) = said(LESSON, ANSWER, words.upper())
    assert re.match(rf"{LESSON}:\d+: This check", message)


def test_a_case_that_asks_what_counts_is_named() -> None:
    other = "A review looked at the consent forms of nineteen psychedelic trials. What did it find?"
    (message,) = said(CASE, "\n## ", f"\n{other}\n\n## ")
    assert message.startswith(f"{CASE}:1: This case tells the answer of a question that counts ({BANK}:12).")


def test_kept_for_practice_it_may_be_told() -> None:
    (message,) = said("modules/10-session/bank.md", "- use: practice\n", "")
    assert re.match(r"modules/10-session/01-staying-beside\.md:\d+: This check tells the answer", message)


def test_banks_that_are_short_are_named_and_that_stops_nothing() -> None:
    files = read_folder(ROOT / "content")
    short = [str(one) for one in content_notes(files)]
    few = r"modules/[\w-]+/bank\.md:1: 3 tries that share nothing take \d+ questions of level “\w+”, and \d+ can count"
    assert any(re.match(few, one) for one in short)
    fewer = rf"{BANK}:1: Practice has \d+ questions to itself, fewer than the 12 of a try\. Write more of them\."
    assert any(re.fullmatch(fewer, one) for one in short)
