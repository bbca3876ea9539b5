"""Whoever is signed in sees the law with its dates; a stranger is asked to sign in."""

import re
from datetime import UTC, datetime

import time_machine

from trainer.accounts.models import Person


@time_machine.travel(datetime(2026, 12, 1, tzinfo=UTC), tick=False)
def test_a_trainee_sees_what_was_read_when_and_what_is_past(as_, omar: Person, enrolled) -> None:
    enrolled(omar)
    shown = as_(omar).get("/law").text
    for words in ("Oregon", "Reported only", "Not found", "Past its date", "To be read again by", "18 April 2026"):
        assert words in shown


def test_a_director_in_no_cohort_sees_the_newest_release(as_, ada: Person, cohort) -> None:
    assert "The law, by place and date" in as_(ada).get("/law").text


def test_a_stranger_is_asked_to_sign_in(client) -> None:
    assert client.get("/law").status_code == 303


def test_a_source_without_an_address_leads_to_the_whole_reference(as_, omar: Person, enrolled) -> None:
    enrolled(omar)
    shown = as_(omar).get("/law").text
    for key in re.findall(r'href="#source-(\w+)"', shown):
        assert f'id="source-{key}"' in shown
    assert 'class="source-kind"' in shown


def test_the_way_back_is_named_after_where_it_leads(as_, omar: Person, sol: Person, ada: Person, enrolled) -> None:
    enrolled(omar)
    for person, words in ((omar, "My path"), (sol, "Examinations"), (ada, "Desk")):
        assert f'<a href="/">{words}</a>' in as_(person).get("/law").text
