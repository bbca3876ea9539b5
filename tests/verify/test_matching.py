"""Does a name fit? The answer never depends on how it is written, and never on guessing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainer.verify.matching import Match, match_names, words_of_name

WORD = st.text("abcdefghij", min_size=2, max_size=8)
NAME = st.lists(WORD, min_size=1, max_size=5, unique=True)


@pytest.mark.parametrize(
    ("asked", "holder"),
    [
        ("mara vogel", "Mara Vogel"),
        ("VOGEL, Mara", "Mara Vogel"),
        ("José Muñoz", "Jose\u0301 Munoz"),
        ("Anne Marie O'Brien", "Anne-Marie O’Brien"),
        ("Ｍａｒａ　Ｖｏｇｅｌ", "Mara Vogel"),
        ("Soren Osterby", "Søren Østerby"),
        ("STRASSER", "Straßer"),
        ("Νίκος Παπαδόπουλος", "ΝΙΚΟΣ ΠΑΠΑΔΟΠΟΥΛΟΣ"),
        ("Юлия Королёва", "юлия королева"),
        ("ﾊﾀﾞ ｹﾝ", "ハダ ケン"),
        ("Dr Mara\u200b Vogel", "Dr. Mara Vogel"),
    ],
)
def test_the_way_a_name_is_written_does_not_matter(asked: str, holder: str) -> None:
    assert match_names(asked, holder) is Match.YES


@pytest.mark.parametrize(
    ("asked", "holder"),
    [
        ("Vogel", "Mara Vogel"),
        ("M. Vogel", "Mara Vogel"),
        ("Mara Vogel", "M. Vogel"),
        ("Mara Vogel Schmidt", "Mara Vogel"),
        ("Mara A. Vogel", "Mara Anna Vogel"),
    ],
)
def test_a_word_left_out_or_an_initial_fits_in_part(asked: str, holder: str) -> None:
    assert match_names(asked, holder) is Match.PARTIAL


@pytest.mark.parametrize(
    ("asked", "holder"),
    [
        ("Mara Schmidt", "Mara Vogel"),
        ("M. V.", "Mara Vogel"),
        ("M", "Mara Vogel"),
        ("", "Mara Vogel"),
        ("…", "Mara Vogel"),
        ("Mueller", "Müller"),
        ("Mara Anna Ilse Tomas Vogel", "Mara Vogel"),
        ("Mara Mara", "Mara Vogel"),
        ("たなか さたお", "たなか さたえ"),
        ("はた けん", "はだ けん"),
    ],
)
def test_another_name_does_not_fit(asked: str, holder: str) -> None:
    assert match_names(asked, holder) is Match.NO


def test_nobody_is_found_by_a_list_of_all_the_common_names() -> None:
    assert match_names(" ".join(f"name{number}" for number in range(30)) + " mara vogel", "Mara Vogel") is Match.NO


@given(NAME, st.randoms())
def test_the_order_of_the_words_does_not_matter(words: list[str], random) -> None:
    shuffled = random.sample(words, len(words))
    assert match_names(" ".join(shuffled), " ".join(words)) is Match.YES


@given(NAME, st.sampled_from([" ", "-", ", ", " . ", "\t", "\u00a0"]))
def test_capitals_marks_and_punctuation_do_not_matter(words: list[str], gap: str) -> None:
    marked = gap.join("\u0301".join(word.upper()) for word in words)
    assert match_names(marked, " ".join(words)) is Match.YES


@given(NAME, NAME)
def test_yes_and_no_are_the_same_from_both_sides_unless_words_are_left_over(one: list[str], other: list[str]) -> None:
    there, back = match_names(" ".join(one), " ".join(other)), match_names(" ".join(other), " ".join(one))
    assert (there is Match.YES) == (back is Match.YES) == (set(one) == set(other))
    if not set(one) & set(other):
        assert there is back is Match.NO


@given(st.text(max_size=300), st.text(max_size=300))
def test_anything_may_be_asked(asked: str, holder: str) -> None:
    assert match_names(asked, holder) in Match
    assert all(word.isalnum() for word in words_of_name(asked)) or not asked.isascii()
    if words_of_name(holder) and len(holder) <= 200:
        assert match_names(holder, holder) is Match.YES
