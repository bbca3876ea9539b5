"""What status lists tell without a connection: each answer to the letter, and each moment on both sides."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from trainer.registry.notes import Checkpoint
from trainer.registry.status import Word
from trainer.registry.statuslists import StatusList, StatusPurpose
from trainer.verify.offline.standing import KnownStatus, is_behind, status_in_trust
from trainer.verify.trust.anchors import Freshness, Trust
from trainer.verify.trust.trust_file import read_trust
from trainer.verify.verdict import Check, Doubt

LOGGED = datetime(2026, 2, 1, 12, tzinfo=UTC)
HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)
REVOCATION_AT, SUSPENSION_AT = LOGGED + HOUR, LOGGED + 2 * HOUR
FIRST_ENDS, LAST_ENDS, UNTIL = LOGGED + 25 * HOUR, LOGGED + 26 * HOUR, LOGGED + 170 * HOUR
YESTERDAYS = read_trust((Path(__file__).parent / "vectors" / "trust-v1.json").read_text())
PLACE = 1001
FREE = bytes(126)  # 1,008 places
TAKEN = bytes(125) + b"\x40"
QUESTION = "Is it free of any later decision against it, as far as the status lists go?"


def trust(
    *, revoked: bytes = FREE, suspended: bytes = FREE, revocation_at: datetime = REVOCATION_AT, until: datetime = UNTIL
) -> Trust:
    lists = {
        StatusPurpose.SUSPENSION: StatusList(jwt="", bits=suspended, begins=SUSPENSION_AT, ends=LAST_ENDS),
        StatusPurpose.REVOCATION: StatusList(jwt="", bits=revoked, begins=revocation_at, ends=FIRST_ENDS),
    }
    checkpoint = Checkpoint(origin="localhost", size=9, root=bytes(32))
    return replace(YESTERDAYS, freshness=Freshness(until=until, note="", checkpoint=checkpoint, lists=lists))


def told(trust: Trust, *, place: int = PLACE, now: datetime = LOGGED + 3 * HOUR) -> KnownStatus:
    return status_in_trust(trust, place=place, logged_at=LOGGED, now=now)


def unknown(why: str) -> KnownStatus:
    since = "Status unknown since the checkpoint of 1 February 2026, 12:00 UTC"
    sentence = f"{since}: {why}, so a later revocation cannot be seen offline."
    return KnownStatus(word=None, as_of=LOGGED, fresh=False, sentence=sentence, check=None)


def test_without_lists_of_its_time_nothing_is_known_since_the_certificate_was_logged() -> None:
    empty = replace(trust(), freshness=replace(trust().freshness, lists={}))
    earlier = "this trust file is of an earlier version, which carries no status lists"
    assert told(YESTERDAYS) == unknown(earlier)
    assert told(empty) == unknown("this trust file carries no status lists")
    before = trust(revoked=TAKEN, revocation_at=LOGGED - SECOND)
    assert told(before) == unknown("the status lists in this trust file are older than the certificate")
    assert told(trust(revoked=TAKEN, revocation_at=LOGGED)).word is Word.REVOKED


SHOWS_REVOKED = KnownStatus(
    word=Word.REVOKED,
    as_of=REVOCATION_AT,
    sentence="is not valid: the issuer's list of 1 February 2026, 13:00 UTC shows it as revoked, which includes given "
    "back and replaced. Ask online which, and since when.",
    check=Check(
        question=QUESTION,
        holds=False,
        evidence="Its place in the issuer's signed list of 1 February 2026, 13:00 UTC says revoked.",
    ),
)
SHOWS_SUSPENDED = KnownStatus(
    word=Word.SUSPENDED,
    as_of=SUSPENSION_AT,
    sentence="is suspended: the issuer's list of 1 February 2026, 14:00 UTC shows it. Ask online whether it still is.",
    check=Check(
        question=QUESTION,
        holds=False,
        evidence="Its place in the issuer's signed list of 1 February 2026, 14:00 UTC says suspended.",
    ),
)


def test_a_certificate_whose_place_is_taken_is_told_to_have_ended_or_to_be_suspended() -> None:
    assert told(trust(revoked=TAKEN)) == SHOWS_REVOKED
    assert told(trust(suspended=TAKEN)) == SHOWS_SUSPENDED
    assert told(trust(revoked=TAKEN, suspended=TAKEN)) == SHOWS_REVOKED
    assert told(trust(revoked=TAKEN), now=UNTIL + HOUR) == SHOWS_REVOKED
    assert (SHOWS_REVOKED.ended, SHOWS_SUSPENDED.ended) == (Word.REVOKED, Word.SUSPENDED)


def test_a_certificate_that_has_no_place_in_a_list_is_neither_good_nor_bad() -> None:
    assert told(trust(), place=1007).check == told(trust()).check
    beyond = told(trust(), place=1008)
    assert beyond.ended is None
    assert beyond == KnownStatus(
        word=Doubt.UNREADABLE,
        as_of=REVOCATION_AT,
        sentence="The status lists in this trust file do not cover this certificate, so whether it holds cannot be "
        "said. Ask online.",
        check=Check(
            question=QUESTION,
            holds=False,
            evidence="The lists of 1 February 2026, 13:00 UTC have no place 1,008, which is the one that the "
            "credential names.",
        ),
    )


SINCE = "Not revoked or suspended as of 1 February 2026, 13:00 UTC, the date of the issuer's status lists"
LATER = "; what was decided later cannot be seen offline"
LISTS_OLD = ". They were to be relied on until 2 February 2026, 13:00 UTC: fetch a newer trust.json"
KEYS_OLD = ". The keys in this trust file are old as well: it was to be relied on until {until}"


@pytest.mark.parametrize(
    ("until", "now", "fresh", "rest"),
    [
        (UNTIL, FIRST_ENDS - SECOND, True, LATER),
        (UNTIL, FIRST_ENDS, False, LISTS_OLD),
        (UNTIL, UNTIL - SECOND, False, LISTS_OLD),
        (UNTIL, UNTIL, False, LISTS_OLD + KEYS_OLD.format(until="8 February 2026, 14:00 UTC")),
        (SUSPENSION_AT, SUSPENSION_AT - SECOND, True, LATER),
        (SUSPENSION_AT, SUSPENSION_AT, False, LATER + KEYS_OLD.format(until="1 February 2026, 14:00 UTC")),
    ],
)
def test_a_free_certificate_is_called_so_as_of_the_older_list_and_fresh_until_lists_or_keys_are_old(
    until: datetime, now: datetime, fresh: bool, rest: str
) -> None:
    assert told(trust(until=until), now=now) == KnownStatus(
        as_of=REVOCATION_AT,
        fresh=fresh,
        sentence=f"{SINCE}{rest}.",
        check=Check(
            question=QUESTION,
            holds=True,
            evidence="Its place in both of the issuer's signed lists is free; the older one is of 1 February 2026, "
            "13:00 UTC.",
        ),
    )
    assert told(trust(until=until), now=now).ended is None


def test_a_clock_is_behind_that_shows_more_than_five_minutes_before_a_dated_trust_file_was_made() -> None:
    made_at = trust().made_at
    early = made_at - timedelta(minutes=5)
    assert not is_behind(made_at, early)
    assert is_behind(made_at, early - SECOND)
    assert not is_behind(None, early - HOUR)
