"""What a lesson says is found with the sentence around it; what is spelt nearly so is offered."""

from dataclasses import replace

import pytest
from markupsafe import Markup

from tests.curriculum.test_progress import lesson
from trainer.find.places import Findable, PlaceKind
from trainer.find.ranking import nearest
from trainer.find.sentences import lessons_saying, sentences_of

TEXT = Markup(
    '<p>It rains. Serotonin syndrome is an emergency.</p><h2 id="signs">Signs</h2><p>Look for <em>clonus</em>.</p>'
    "<figure><p>Hidden picture.</p></figure>"
)
SENTENCES = tuple(sentences_of(replace(lesson("m", "a"), html=TEXT)))


@pytest.mark.parametrize(
    ("asked", "anchor", "said"),
    [
        ("SEROTONIN-syndrome", "", "Serotonin syndrome is an emergency."),
        ("syndrome ser", "", "Serotonin syndrome is an emergency."),  # the beginning of a word is enough
        ("clonus", "signs", "Look for clonus."),
    ],
)
def test_a_sentence_is_found_under_its_heading(asked: str, anchor: str, said: str) -> None:
    (found,) = lessons_saying(SENTENCES, asked, 12)
    assert (found.kind, found.title, found.anchor, found.about) == (PlaceKind.LESSON, "a", anchor, said)


@pytest.mark.parametrize("asked", ["rains clonus", "tonin", "picture", "is", "", "ra"])
def test_what_no_sentence_says_is_not_found(asked: str) -> None:
    assert lessons_saying(SENTENCES, asked, 12) == ()


def test_a_long_sentence_is_cut_around_the_word_and_a_list_ends() -> None:
    long = Markup("<p>") + "many words before " * 30 + "clonus " + "and after " * 30 + Markup("</p>")
    lessons = [replace(lesson("m", str(n)), html=long) for n in range(4)]
    found = lessons_saying([row for one in lessons for row in sentences_of(one)], "clonus", 3)
    assert len(found) == 3
    assert "clonus" in found[0].about
    assert len(found[0].about) < 170


def test_a_word_that_is_spelt_nearly_so_is_offered() -> None:
    word = Findable(PlaceKind.WORD, "Serotonin toxicity", "x")
    person = Findable(PlaceKind.PERSON, "Seratonin Sen", "x")
    assert nearest([word, person], "seratonin") == [word]
    assert nearest([word, person], "seraphim") == []
    assert nearest([word, person], "") == []
