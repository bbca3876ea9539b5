"""What was marked and written in a moment and not sent: whichever page it stood on, nothing of it is replaced."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainer.cases.afterwards.versions import settled_text
from trainer.cases.runs.drafts import LONGEST_DRAFT, MOST_DRAFTS, ends_with, joined
from trainer.errors import Refused


@pytest.mark.parametrize(
    ("stands", "shown", "here", "holds"),
    [
        ("", "", "new", "new"),
        ("old", "old", "new", "new"),  # changed on a page that knew all
        ("old", "old", "", ""),  # and taken back
        ("old", "", "new", "old\n\nnew"),  # written on two pages
        ("old", "older", "older", "old"),  # left alone on the older page
        ("old", "older", "", "old"),
        ("old", "", "old", "old"),  # the same on both
        ("old\n\nnew", "", "new", "old\n\nnew"),  # sent twice
        ("old", "", "old and new", "old and new"),
        ("know", "", "no", "know\n\nno"),
        ("old", "old", None, "old"),  # a page without room for words
        ("old", "", None, "old"),
        ("", "old", "old, new", "old, new"),
        ("new", "two\nlines", "two\r\nlines", "new"),  # left alone, as a browser sends it
        ("", "", "two\r\nlines", "two\nlines"),
    ],
)
def test_words_that_a_page_did_not_know_of_are_joined_and_never_replaced(stands, shown, here, holds) -> None:
    assert joined(stands, shown=shown, here=here) == holds


def test_the_same_words_are_the_last_that_were_kept() -> None:
    assert ends_with("old", "old")
    assert not ends_with("know", "no")


@given(stands=st.text(max_size=20), shown=st.text(max_size=20), here=st.text(max_size=20))
def test_nothing_is_lost_but_what_a_page_had_shown(stands: str, shown: str, here: str) -> None:
    holds = joined(stands, shown=shown, here=here)
    assert stands in holds or stands == shown
    assert here.strip() in holds or here.strip() == shown
    assert joined(holds, shown=shown, here=here) == holds or holds == shown, "sent twice it is the same"


def test_one_page_brings_so_many_letters_at_most() -> None:
    assert LONGEST_DRAFT == 2000
    assert joined("", shown="", here=" " + "x" * 2001) == "x" * 2000


def test_a_page_gives_back_all_that_it_had_shown() -> None:
    both = "x" * 2000 + "\n\n" + "y" * 2000
    assert joined(both, shown=both, here=both) == both
    assert joined(both, shown=both, here=both + "z") == both
    assert joined(both, shown=both, here="z" * 2001) == "z" * 2001


def test_older_pages_bring_so_much_to_one_moment_and_no_more() -> None:
    assert MOST_DRAFTS == 10_000
    room = MOST_DRAFTS - len("\n\nnew")
    assert len(joined("x" * room, shown="", here="new")) == MOST_DRAFTS
    with pytest.raises(Refused, match=r"^So much has been written .* shorten what stands there\.$"):
        joined("x" * (room + 1), shown="", here="new")
    assert joined("x" * MOST_DRAFTS, shown="x" * MOST_DRAFTS, here="new") == "new", (
        "the page that knows all can shorten it"
    )


@pytest.mark.parametrize(
    ("stands", "shown", "here", "holds"),
    [
        ("a", "a", "b", "b"),
        ("b", "a", "a", "b"),
        ("b", "a", "b", "b"),
        ("a", "", "b", None),
        ("b", "a", "", None),
    ],
)
def test_of_two_changes_of_one_note_neither_replaces_the_other(stands, shown, here, holds) -> None:
    assert settled_text(stands, shown=shown, here=here) == holds
