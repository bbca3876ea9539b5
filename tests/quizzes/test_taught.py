"""Whoever got a question wrong is led to the heading under which it is taught."""

from dataclasses import replace

from markupsafe import Markup

from tests.quizzes.conftest import KNOWN, an_item
from trainer.curriculum.values import Course, Heading, Lesson
from trainer.quizzes.taught import PlaceTaught, where_taught

FIRST, SECOND, THIRD = (Heading(level=2, id=f"part-{number}", text=f"Part {number}") for number in (1, 2, 3))
CITED, UNCITED = '<a href="#ref-1">1</a>', '<a href="#ref-11">11</a>'


def course_with(text: str, *, headings: tuple[Heading, ...] = (FIRST, SECOND, THIRD)) -> tuple[Course, Lesson]:
    module = KNOWN.module("ethics")
    lesson = replace(module.lessons[0], html=Markup(text), headings=headings)
    return replace(KNOWN, modules=(replace(module, lessons=(lesson,)),)), lesson


def section(heading: Heading, text: str) -> str:
    return f'<h2 id="{heading.id}">{heading.text}</h2><p>{text}</p>'


def test_the_heading_is_the_one_under_which_the_source_is_cited() -> None:
    course, lesson = course_with(section(FIRST, UNCITED) + section(SECOND, CITED) + section(THIRD, ""))
    assert where_taught(an_item("asked"), course, "ethics") == [PlaceTaught(lesson=lesson, heading=SECOND)]


def test_of_several_headings_the_first_two_are_named() -> None:
    course, lesson = course_with(section(FIRST, CITED) + section(SECOND, CITED * 2) + section(THIRD, CITED))
    places = [PlaceTaught(lesson=lesson, heading=heading) for heading in (FIRST, SECOND)]
    assert where_taught(an_item("asked"), course, "ethics") == places


def test_before_the_first_heading_and_without_a_citation_the_lesson_is_named() -> None:
    for text in (CITED + section(FIRST, ""), section(FIRST, UNCITED)):
        course, lesson = course_with(text, headings=(FIRST,))
        assert where_taught(an_item("asked"), course, "ethics") == [PlaceTaught(lesson=lesson)]


def test_what_no_lesson_teaches_leads_nowhere() -> None:
    course, _ = course_with(section(FIRST, CITED), headings=(FIRST,))
    assert where_taught(replace(an_item("asked"), objective="another"), course, "ethics") == []
    assert where_taught(an_item("asked"), course, "law") == []
