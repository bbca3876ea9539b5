"""What somebody types finds what they mean, the best first."""

import pytest

from trainer.accounts.words import Role
from trainer.find.places import Findable, PlaceKind, pages_for, site_page
from trainer.find.ranking import MOST_FOUND, best, folded, nearest

LADDER = Findable(PlaceKind.LESSON, "When it is hard: the distress ladder", "lesson", "In-session support")
WORD = Findable(PlaceKind.WORD, "Distress ladder", "word", "Presence; naming; breath")
PERSON = Findable(PlaceKind.PERSON, "Élodie Łukasz-Brontë", "record", "Autumn cohort")
PATH = site_page("My path", "path", "What comes next")
NUMBER = Findable(PlaceKind.CERTIFICATE, "K2QK-4KXK-JS74", "record", "Ilse Exemplar")
PLACES = (LADDER, WORD, PERSON, NUMBER, PATH)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("distress ladder", [WORD, LADDER]),  # all of the title, before a part of it
        ("dis", [WORD, LADDER]),
        ("ladder distress", [LADDER, WORD]),  # both hold the words; lessons come before words
        ("elodie bronte", [PERSON]),
        ("ÉLODIE", [PERSON]),
        ("autumn", [PERSON]),  # what stands beside a title counts as well
        ("ladder autumn", []),  # every word must occur
        ("istress", [LADDER, WORD]),
        ("k2qk 4k", [NUMBER]),
        ("2QK4KXKJS", [NUMBER]),
        ("ilse", [NUMBER]),
        ("nothing of this", []),
    ],
)
def test_every_word_occurs_and_the_beginning_of_a_title_comes_first(asked: str, found: list[Findable]) -> None:
    assert best(PLACES, asked) == found


def test_words_after_the_fourth_are_not_compared() -> None:
    assert nearest([WORD], "aaaa bbbb cccc ladser") == [WORD]
    assert nearest([WORD], "aaaa bbbb cccc dddd ladser") == []


def test_another_name_for_the_same_counts_as_much_as_the_title() -> None:
    word = Findable(PlaceKind.WORD, "Serotonin toxicity", "word", "Illness", also=("serotonin syndrome", "storm"))
    lesson = Findable(PlaceKind.LESSON, "Signs of a serotonin syndrome", "lesson")
    assert best([lesson, word], "Serotonin syndrome") == [word, lesson]
    assert best([lesson, word], "storm") == [word]
    long = Findable(PlaceKind.WORD, "SSRI", "word", also=("Serotonin reuptake inhibitor",))
    assert best([long, word], "serotonin") == [word, long]  # the title before another name that begins so
    assert best([long, word], "reuptake") == [long]
    assert best([lesson, word], "storm syndrome") == []  # two names are not one
    assert nearest([lesson, word], "storn") == [word]


@pytest.mark.parametrize("asked", ["", "   ", "…", "%_\\"])
def test_a_question_without_a_letter_shows_the_pages(asked: str) -> None:
    assert best(PLACES, asked) == [PATH]


def test_what_fits_alike_keeps_the_order_of_kinds_and_the_list_ends() -> None:
    alike = [Findable(kind, "Consent", kind) for kind in reversed(PlaceKind)]
    assert [place.kind for place in best(alike, "consent")] == list(PlaceKind)
    assert len(best([site_page(f"Page {n}", "x") for n in range(99)], "page")) == MOST_FOUND
    assert folded("K2QK-4KXK") == "k2qk 4kxk"


def test_nobody_is_offered_a_page_of_another_role() -> None:
    def of(*roles: Role) -> set[str]:
        return {place.endpoint for place in pages_for(frozenset(roles), signed_in=bool(roles))}

    assert "cohorts.desk" not in of(Role.TRAINEE) | of(Role.SUPERVISOR) | of()
    assert "requirements.paths" not in of(Role.DIRECTOR, Role.ADMINISTRATOR, Role.SUPERVISOR) | of()
    assert "accounts.account" not in of()


def test_each_way_to_fit_has_its_place() -> None:
    titles = ("Sub stance", "Stance", "A long stance", "Stance, and more of it", "Circumstance")
    rows = [site_page(title, "x") for title in titles] + [site_page("Other", "x", "About a stance")]
    order = ["Stance", "Stance, and more of it", "Sub stance", "A long stance", "Circumstance", "Other"]
    assert [place.title for place in best(rows, "stance")] == order
    loose = [
        Findable(PlaceKind.PAGE, "b a", "x"),
        Findable(PlaceKind.WORD, "a b", "x"),
        Findable(PlaceKind.PAGE, "ba ab", "x"),
    ]
    assert [place.title for place in best(loose, "a b")] == ["a b", "b a", "ba ab"]


def test_the_very_title_comes_before_one_that_begins_so_whatever_they_are() -> None:
    word, page = Findable(PlaceKind.WORD, "Set", "x"), site_page("Set and setting", "x")
    assert best([page, word], "set") == [word, page]


@pytest.mark.parametrize(
    ("asked", "near"),
    [
        ("ladder", True),
        ("lader", True),
        ("laddar", True),
        ("laxxer", False),  # 8 of 12 letters agree
        ("dis", False),  # short words are not compared
        ("", False),
    ],
)
def test_a_slip_is_forgiven_and_a_guess_is_not(asked: str, near: bool) -> None:
    assert (set(nearest(PLACES, asked)) == {WORD, LADDER}) is near
    assert not set(nearest(PLACES, asked)) & {PERSON, NUMBER, PATH}


def called(*titles: str, kind: PlaceKind = PlaceKind.LESSON) -> list[Findable]:
    return [Findable(kind, title, "x") for title in titles]


@pytest.mark.parametrize(
    ("title", "asked", "near"),
    [
        ("Rains", "rain", True),
        ("Rain", "rains", True),
        ("Set", "sets", False),  # a word of three letters is not compared
        ("Sets", "set", False),
    ],
)
def test_words_of_four_letters_are_compared_and_shorter_ones_are_not(title: str, asked: str, near: bool) -> None:
    assert bool(nearest(called(title), asked)) is near


def test_the_nearest_are_few_and_never_people() -> None:
    assert len(nearest(called("Ladder", "Madder", "Sadder"), "xadder")) == 2
    assert len(nearest(called(*(f"Ladder {number}" for number in range(6))), "lader")) == 4
    assert nearest(called("Ladder", kind=PlaceKind.PERSON), "lader") == []


def test_a_part_of_another_name_counts_no_more_than_a_part_of_a_title() -> None:
    lesson = Findable(PlaceKind.LESSON, "Zabcd", "x")
    word = Findable(PlaceKind.WORD, "Toxicity", "x", also=("zabce",))
    assert best([word, lesson], "abc") == [lesson, word]


def test_a_number_that_begins_so_stands_before_one_that_holds_it() -> None:
    inside, begins, ends = (
        Findable(PlaceKind.CERTIFICATE, number, "x")
        for number in ("9AB3-1111-1111", "AB31-1111-1111", "9111-1111-1AB3")
    )
    assert best([inside, ends, begins], "ab3") == [begins, inside, ends]
    assert best([begins], "ab 311") == [begins]
    assert best([begins, site_page("A b3", "x")], "ab31") == [begins]  # a title that is no number keeps its spaces
    assert best([site_page("Ab3 and more", "x")], "ab 3a") == []


def test_a_dozen_is_shown_and_eighty_letters_are_read() -> None:
    assert MOST_FOUND == 12
    assert best([site_page("x" * 80, "x")], "x" * 80 + "y") != []
    assert best([site_page("x" * 79 + "y", "x")], "x" * 79 + "z") == []
    assert best([site_page("x" * 80, "x")], "x" * 81) != best([site_page("x" * 79, "x")], "x" * 81) == []
