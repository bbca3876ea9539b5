"""The grade of a text: sentences and syllables as a person counts them, and the formula over them."""

from collections.abc import Callable

import pytest

from trainer.authoring.release import Files
from trainer.curriculum.course import hints, parse
from trainer.curriculum.language.readability import lesson_prose, reading_grade, syllables_of

COUNTED = """
1 the cat time dose asked walked loved once stopped one’s through brought breathe eyes lives takes
2 table little lesson wanted needed patient people asleep going wholly lovely session decide houses science client
2 being before poem careful useful
3 suicide idea medicine consider emotion period dangerous radio decided assessment
4 psychedelic ability information experience reality
5 facilitation association
6 responsibility
"""


@pytest.mark.parametrize(
    ("word", "count"),
    [(word, int(row.split()[0])) for row in COUNTED.strip().split("\n") for word in row.split()[1:]],
)
def test_syllables_are_counted_as_a_person_says_them(word: str, count: int) -> None:
    assert syllables_of(word) == count


def test_the_formula_is_that_of_flesch_and_kincaid() -> None:
    assert reading_grade("The cat sat on the mat. It was warm.") == round(0.39 * 9 / 2 + 11.8 * 9 / 9 - 15.59, 1)
    assert reading_grade("") == 0.0


def test_neither_a_title_nor_a_number_ends_a_sentence() -> None:
    assert reading_grade("Dr. Lund gave 5.6 mg. He sat.") == reading_grade("Dr Lund gave mg. He sat.")


def test_short_sentences_are_easier() -> None:
    long = (
        "Because the client, who had not slept, was afraid, the therapist, who saw it, waited, and they both sat down."
    )
    short = "The client had not slept. He was afraid. The therapist saw it. She waited. They both sat down."
    assert reading_grade(short) < reading_grade(long) - 5


def test_a_hard_lesson_is_named_and_may_be_published(spoil: Callable[..., Files]) -> None:
    path = "modules/01-ethics/01-why.md"
    files = spoil(path, "People", "Considerable psychological vulnerability, " * 12 + "people")
    course, messages = parse(files)
    assert messages == ()
    [told] = [one for one in hints(files, course) if one.path == path]
    assert "above 12. Shorten its sentences." in told.text


def test_what_a_module_lacks_is_named_once_each(files: Files) -> None:
    told = [one.text for one in hints(files, parse(files)[0])]
    assert told == ["This module has no exercise.md yet.", "This module has no summary.md yet."]


def test_only_sentences_are_read() -> None:
    lesson = """\
---
lesson: one
---
She waited [@S1]. He said:

## A heading that is never a sentence

- one [[stop signal|stop-signal]]
- two

| incomprehensibilities | a |
| --- | --- |
| b | c |

::: figure a.svg
alt: unintelligible
caption: Unintelligible.
:::

::: check known
Why?

- [x] Yes.
  > So it is.
:::
"""
    assert lesson_prose("a.md", lesson).split("\n") == [
        "She waited. He said.",
        "one stop signal.",
        "two.",
        "Why?",
        "Yes.",
        "So it is.",
    ]
