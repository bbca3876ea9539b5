"""Two pages of one quiz: no older answer replaces a newer one, and nothing that was changed is lost in silence."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainer.items.merging import NO_ANSWER, SentPage, merged

A, B, C = (frozenset({place}) for place in range(3))
CHOICES = st.sampled_from([NO_ANSWER, A, B, C, A | B])


@pytest.mark.parametrize(
    ("here", "shown", "current", "changed", "kept"),
    [
        (B, A, A, False, True),  # changed on the page
        (B, A, A, True, True),
        (A, A, B, False, None),  # left alone on the page, and answered elsewhere
        (A, A, B, True, False),  # chosen here once more, and answered otherwise elsewhere
        (C, A, B, False, False),  # changed on both
        (C, A, B, True, False),
        (B, A, B, True, None),  # changed to the same on both
        (A, A, A, True, None),
        (NO_ANSWER, A, A, False, True),  # taken back
        (NO_ANSWER, A, B, False, False),
        (A, NO_ANSWER, NO_ANSWER, True, True),  # answered for the first time
        (A, NO_ANSWER, B, True, False),
    ],
)
def test_of_two_answers_the_newer_stands_until_somebody_says_which_it_is(here, shown, current, changed, kept) -> None:
    found = merged({"q": here}, shown={"q": shown}, current={"q": current}, changed=changed, tried={})
    assert dict(found.kept) == ({"q": here} if kept else {})
    assert dict(found.disputed) == ({"q": here} if kept is False else {})


@given(here=CHOICES, shown=CHOICES, current=CHOICES, changed=st.booleans())
def test_only_what_the_page_knew_of_is_replaced(here, shown, current, changed: bool) -> None:
    found = merged({"q": here}, shown={"q": shown}, current={"q": current}, changed=changed, tried={})
    if "q" in found.kept:
        assert current == shown
    if here not in (shown, current):
        assert ("q" in found.kept) is not ("q" in found.disputed), "a changed answer is saved or told of"


@given(here=CHOICES, shown=CHOICES, current=CHOICES)
def test_what_the_page_itself_has_sent_is_no_other_device(here, shown, current) -> None:
    found = merged({"q": here}, shown={"q": shown}, current={"q": current}, changed=True, tried={"q": [C, current]})
    assert not found.disputed
    assert dict(found.kept) == ({} if here == current else {"q": here})


def test_each_question_is_judged_by_itself() -> None:
    found = merged({"p": B, "q": B}, shown={"p": A}, current={"p": A, "q": C}, changed=True, tried={"p": [C]})
    assert (found.kept, found.disputed) == ({"p": B}, {"q": B})


def test_a_page_that_says_no_more_sends_all_that_it_shows_and_tried_nothing_before() -> None:
    page = SentPage(given={}, seen=None)
    assert (page.changed, page.tried) == (False, {})
