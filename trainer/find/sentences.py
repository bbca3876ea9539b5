"""The text of the lessons, sentence by sentence, each with the heading under which it stands."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from trainer.curriculum.values import Lesson
from trainer.find.places import Findable, PlaceKind
from trainer.find.ranking import LONGEST_QUESTION, folded

_AROUND = 160
"""So many letters of a sentence are shown around what was asked for."""
_HEADING = re.compile(r'<h[23][^>]* id="([^"]+)"')
_ENDS = re.compile(r"(?<=[.?!…])\s+")
_BLOCKS = re.compile(r"</(?:p|li|h2|h3|td|th|dd|dt|figcaption|blockquote)>")
_ASIDE = re.compile(
    r'<section class="check".*?</section>|<(figure|form|svg)\b.*?</\1>|<sup class="cite".*?</sup>', re.DOTALL
)


@dataclass(frozen=True)
class LessonSentence:
    """One sentence of a lesson; `compared` is the same without capitals and signs, with a space before each word."""

    lesson: Lesson
    anchor: str
    text: str
    compared: str


def sentences_of(lesson: Lesson) -> Iterator[LessonSentence]:
    """Yield the sentences of a lesson in order, without its knowledge checks, pictures and sources."""
    anchor = ""
    for part in _BLOCKS.split(_ASIDE.sub("", str(lesson.html))):
        if found := _HEADING.search(part):
            anchor = found[1]
        for text in _ENDS.split(" ".join(Markup(part).striptags().split())):
            if compared := folded.__wrapped__(text):  # a text is compared once, and leaves room for what is asked
                yield LessonSentence(lesson, anchor, text, f" {compared}")


def lessons_saying(sentences: Iterable[LessonSentence], asked: str, most: int) -> Sequence[Findable]:
    """Return the lessons in which one sentence holds every word of the question, or the beginnings of its words.

    Each lesson is named once, at the first such sentence.
    """
    words = [f" {word}" for word in folded(asked[:LONGEST_QUESTION]).split()]
    found: dict[tuple[str, str], Findable] = {}
    if sum(map(len, words)) - len(words) < 3:  # one or two letters stand in every sentence
        return ()
    longest = max(words, key=len)
    for sentence in sentences:
        if longest not in sentence.compared or not all(word in sentence.compared for word in words):
            continue
        lesson = sentence.lesson
        if (lesson.module, lesson.slug) not in found:
            found[lesson.module, lesson.slug] = Findable(
                PlaceKind.LESSON,
                lesson.title,
                "curriculum.lesson",
                _around(sentence.text, longest.strip()),
                (("module", lesson.module), ("lesson", lesson.slug)),
                sentence.anchor,
                enrolled=True,
            )
            if len(found) == most:
                break
    return tuple(found.values())


def note_found(case: str, text: str) -> Findable:
    """Return a note of one's own after this case, as it is found."""
    said = " ".join(text.split())
    return Findable(PlaceKind.NOTE, case, "debrief.own_notes", _around(said, ""), enrolled=True)


def _around(text: str, word: str) -> str:
    """Return a sentence, or of a long one the part around a word."""
    if len(text) <= _AROUND:
        return text
    start = max(0, text.casefold().find(word) - _AROUND // 2)
    head = text[start:].split(" ", 1)[-1] if start else text
    cut = head if len(head) <= _AROUND else f"{head[:_AROUND].rsplit(' ', 1)[0]} …"
    return f"… {cut}" if start else cut
