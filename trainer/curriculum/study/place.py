"""Where in a lesson somebody stopped, and about how long the rest of it takes."""

import re
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from trainer.curriculum.values import Lesson


@dataclass(frozen=True)
class PlaceInLesson:
    """Where in a lesson somebody stopped: the words of the heading ("" at its top), and about how long the rest takes.

    Attributes:
        minutes: at least 1; the lesson's own, by the share of its words from there on.
    """

    heading: str
    minutes: int


def place_in(lesson: Lesson, anchor: str) -> PlaceInLesson:
    """Return where in a lesson this anchor is."""
    heading = next((heading.text for heading in lesson.headings if heading.id == anchor), "")
    share = _share_after(str(lesson.html), anchor) if heading else Fraction(1)
    return PlaceInLesson(heading, max(1, round(lesson.minutes * share)))


@lru_cache(maxsize=512)
def _share_after(html: str, anchor: str) -> Fraction:
    """Return which share of the words of a text comes after this anchor: all of them where there is no such."""
    head, found, rest = html.partition(f'id="{anchor}"')
    before, after = (len(re.sub(r"<[^>]*>", " ", part).split()) for part in (head, rest))
    return Fraction(after, before + after) if found and after else Fraction(1)
