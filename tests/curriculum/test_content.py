"""The content that ships with the house is without mistakes."""

import re

from trainer.authoring.release import read_folder, release_of
from trainer.curriculum.course import check_course, read_course
from trainer.settings import ROOT

PHONE, LEAST = 390, 10.8
"""Pixels: how wide a figure is on a phone, where it goes from edge to edge, and how high its letters are at least."""


def test_the_modules_that_ship_hold_no_mistake() -> None:
    assert [str(message) for message in check_course(read_folder(ROOT / "content"))] == []


def test_no_letter_of_a_figure_is_too_small_to_read_on_a_phone() -> None:
    course, _ = read_course(release_of(read_folder(ROOT / "content")))
    pictures = re.compile(r'<svg[^>]* viewBox="0 0 (\d+) [^"]*".*?</svg>', re.DOTALL)
    small: list[tuple[str, float]] = []
    seen = 0
    for lesson in (lesson for module in course.modules for lesson in module.lessons):
        for picture in pictures.finditer(lesson.html):
            seen += 1
            sizes = map(float, re.findall(r'font-size="([\d.]+)"', picture[0]))
            small += [(lesson.path, size) for size in sizes if size * PHONE / int(picture[1]) < LEAST]
    assert seen > 30
    assert small == []
