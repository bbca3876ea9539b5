"""Which texts can be written, and how they are fitted."""

import pytest

from trainer.certificates.paper.line_fitting import MM, TextPlace, fitted, wrapped
from trainer.certificates.paper.measure import width
from trainer.certificates.paper.scripts import DISPLAY, SANS, direction, graphemes, missing_signs
from trainer.errors import Refused

NAME = TextPlace(face=DISPLAY, room=170, largest=44, pair=30, smallest=5)
NAMES = ("J", "Bo Li", "W" * 80, "Wilhelmina Konstantina " * 3, "محمد بن عبد الله " * 4, "美" * 80, "김민준 " * 20)


@pytest.mark.parametrize("name", NAMES)
def test_a_name_keeps_every_sign_and_fits_its_line(name: str) -> None:
    fit = fitted(name, NAME, "The name")
    assert 1 <= len(fit.lines) <= 2
    assert all(width(line, DISPLAY) * fit.size <= 170 * MM for line in fit.lines)
    assert "".join(fit.lines).replace(" ", "") == name.replace(" ", "")


def test_a_short_name_stands_large_and_a_long_one_on_two_lines() -> None:
    assert fitted("Mara Vogel", NAME, "The name").size == 44
    assert len(fitted("Wilhelmina Konstantina Papadopoulou-Featherstone", NAME, "The name").lines) == 2


@pytest.mark.parametrize(
    "text",
    [
        "Łukasz Ångström",
        "e\u0301",
        "Ирина",
        "Ελευθερία",
        "مُحَمَّد",
        "علی\u200cرضا",
        "שָׁלוֹם",
        "䶮",
        "ガブリエル",
        "뷁",
        "张伟",
        "O’Neil-Ø",
    ],
)
def test_letters_of_eight_scripts_can_be_written(text: str) -> None:
    assert missing_signs(text) == ""


@pytest.mark.parametrize(
    ("text", "absent"),
    [
        ("a\u202eb", "\u202e"),
        ("a\u2069b", "\u2069"),
        ("a\u00adb", "\u00ad"),
        ("a\u200db", "a\u200d"),
        ("\u0301a", "\u0301"),
        ("ا\u0301", "ا\u0301"),
        ("x" + "\u0301" * 5, "x\u0301"),
        ("क", "क"),
        ("😀", "😀"),
        ("a\tb", "\t"),
    ],
)
def test_what_would_be_a_box_or_a_trick_is_missing(text: str, absent: str) -> None:
    assert missing_signs(text) == absent


def test_a_letter_is_never_parted_from_its_marks() -> None:
    assert list(graphemes("שָׁa\u0301\u0323b")) == ["שָׁ", "a\u0301\u0323", "b"]


@pytest.mark.parametrize(
    ("text", "way"),
    [("Mara", "ltr"), ("דוד Mara", "rtl"), ("(سارة) Sarah", "rtl"), ("12", "ltr"), ("Sarah سارة", "ltr")],
)
def test_a_text_runs_as_its_first_letter_does(text: str, way: str) -> None:
    assert direction(text) == way


def test_the_measure_knows_how_arabic_letters_join() -> None:
    joined, apart = width("بببب", DISPLAY), 4 * width("ب", DISPLAY)
    assert joined < 0.8 * apart


def test_a_long_title_goes_on_as_many_lines_as_it_needs_and_a_long_word_on_none() -> None:
    lines = wrapped("Recognising and responding to relational distress", face=SANS, room=30, size=8)
    assert lines is not None
    assert len(lines) > 1
    assert all(width(line, SANS) * 8 <= 30 * MM for line in lines)
    assert wrapped("W" * 60, face=SANS, room=30, size=8) is None


def test_an_address_ends_its_lines_after_a_stroke_or_a_dot() -> None:
    place = TextPlace(face=SANS, room=30, largest=7, pair=6, smallest=4, address=True)
    lines = fitted("https://certificates.example.org/c/", place, "The address").lines
    assert "".join(lines) == "https://certificates.example.org/c/"
    assert all(line[-1] in "/." for line in lines)


def test_what_would_be_too_small_to_read_is_refused() -> None:
    with pytest.raises(Refused, match="too long"):
        fitted("W" * 80, TextPlace(face=SANS, room=30, largest=9, pair=8, smallest=6), "The cohort's name")
