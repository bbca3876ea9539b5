"""The certificate on My path: in each of its states what it means and what to do."""

from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask, render_template_string

from trainer.registry.status import Status, Word
from trainer.requirements.award import Award, AwardState, TakenBack

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
LAST = date(2028, 11, 2)
CARD = '{% from "requirements/_award.html" import award_card %}{{ award_card(award, "Certificate of Completion") }}'


def award(word: Word, **about) -> Award:
    known = {key: about.pop(key) for key in ("took_place_of", "renewable_until", "over") if key in about}
    status = Status(word=word, since=NOW, **about)
    return Award(
        status=status, valid_until=LAST, public_id="x" * 26, number="K2QK", conferred_by="Dana Rivers", **known
    )


ENDS = {"final_at": NOW + timedelta(hours=24)}
STATES = {
    AwardState.SIGNING: (Award(), ("The certificate has been conferred", "It is being signed")),
    AwardState.VALID: (award(Word.VALID), ("You hold the certificate", "valid until", "K2QK", "Open my certificate")),
    AwardState.ENDING: (
        award(Word.VALID, renewable_until=LAST + timedelta(days=365)),
        ("Valid, ends soon", "If you want to renew it, tell your programme director: Dana Rivers", "2 November 2029"),
    ),
    AwardState.NOT_YET_VALID: (award(Word.NOT_YET_VALID), ("is not valid yet", "30 November 2026")),
    AwardState.EXPIRED: (award(Word.EXPIRED), ("has expired", "can no longer be renewed", "Dana Rivers")),
    AwardState.SUSPENDED: (
        award(Word.SUSPENDED, reason_code="under review", public_note="Until the board has met.", until=NOW),
        ("is suspended", "does not count meanwhile", "Under review", "Until the board has met.", "Dana Rivers"),
    ),
    AwardState.REVOKING: (
        award(Word.SUSPENDED, becomes=Word.REVOKED, reason_code="conduct", **ENDS),
        ("It was decided that your certificate is revoked", "That becomes final on", "Professional conduct", "Dana"),
    ),
    AwardState.GIVING_BACK: (
        award(Word.SUSPENDED, becomes=Word.SURRENDERED, **ENDS),
        ("You gave your certificate back", "That becomes final on", "Keep it after all"),
    ),
    AwardState.REVOKED: (
        award(Word.REVOKED, reason_code="conduct"),
        ("was revoked", "30 November 2026", "Professional conduct", "please talk with your programme director: Dana"),
    ),
    AwardState.SURRENDERED: (award(Word.SURRENDERED), ("You gave your certificate back", "that is final", "Dana")),
    AwardState.SUPERSEDED: (award(Word.SUPERSEDED, successor="y" * 26), ("was replaced", "is led to it")),
    AwardState.ERASED: (award(Word.ERASED, reason_code="erasure asked for"), ("has been erased", "to be deleted")),
}


def card(app: Flask, of: Award) -> str:
    with app.test_request_context():
        return " ".join(render_template_string(CARD, award=of).replace("\n", " ").split())


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_every_state_says_what_it_means_and_what_to_do(app: Flask) -> None:
    assert STATES.keys() | {AwardState.TAKEN_BACK} == set(AwardState)
    for state, (of, sentences) in STATES.items():
        assert of.stands is state
        said = card(app, of)
        assert [sentence for sentence in sentences if sentence not in said] == [], state
    assert Award(taken_back=TakenBack(by="Dana", at=NOW)).stands is AwardState.TAKEN_BACK


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_only_a_certificate_that_holds_leads_in_deep_green_and_none_is_shown_as_good_besides(app: Flask) -> None:
    deep = {state for state, (of, _) in STATES.items() if "card award deep" in card(app, of)}
    assert deep == {AwardState.SIGNING, AwardState.VALID, AwardState.ENDING}
    assert {state for state, (of, _) in STATES.items() if "state good" in card(app, of)} == {AwardState.VALID}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_took_the_place_of_another_says_so_and_what_is_over_is_not_offered(app: Flask) -> None:
    assert "It was renewed" in card(app, award(Word.VALID, took_place_of="renewal"))
    assert "your corrected name" in card(app, award(Word.VALID, took_place_of="correction"))
    over = card(app, award(Word.SUSPENDED, becomes=Word.SURRENDERED, over=True, **ENDS))
    assert "That is final since" in over
    assert "Keep it after all" not in over
    assert "That is final since" in card(app, award(Word.SUSPENDED, becomes=Word.REVOKED, over=True, **ENDS))
    assert "It can still be renewed, until" in card(app, award(Word.EXPIRED, renewable_until=LAST))
