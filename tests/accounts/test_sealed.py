"""What is carried through the sign-in page opens for one person, here, and not for ever."""

from datetime import timedelta

import pytest
import time_machine

from trainer.accounts.unsent_words import LONGEST_CARRIED, carried, seal_words, unsealed
from trainer.clock import utc_now


def test_the_longest_that_is_carried_comes_back_whole() -> None:
    for over in (0, 1):
        what = carried(person_id="p", path="/x", sent=[("n", "ä" * (LONGEST_CARRIED - 1 + over))])
        assert what.too_long == bool(over)
        assert unsealed(seal_words(what, secret="s"), secret="s", person_id="p") == what


@pytest.mark.parametrize("forged", ["", "nonsense", "gAAAAABo" + "A" * 200, "ä"])
def test_what_we_did_not_seal_opens_nothing(forged: str) -> None:
    assert unsealed(forged, secret="s", person_id="p") is None


def test_a_seal_opens_for_a_week_for_one_person_and_one_installation() -> None:
    what = carried(person_id="p", path="/x", sent=[("n", "words")])
    token = seal_words(what, secret="s")
    assert unsealed(token, secret="another", person_id="p") is None
    assert unsealed(token, secret="s", person_id="q") is None
    with time_machine.travel(utc_now() + timedelta(days=7, hours=1)):
        assert unsealed(token, secret="s", person_id="p") is None
