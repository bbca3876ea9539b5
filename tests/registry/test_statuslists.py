"""Status lists: what they show, how they grow, and that what was published is in the log."""

import base64
import gzip
import json
from collections.abc import Callable, Collection
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from openbadgeslib.ob3.status import check_credential_status, decode_encoded_list, set_indices
from openbadgeslib.ob3.verifier import OB3VerificationError, OB3Verifier
from openvc.status.bitstring import decode_bitstring, encode_bitstring, get_status_bit
from sqlalchemy import select, text

from tests.registry.issuer import BASE_URL, DID, Held, held_key, the_web
from trainer.clock import utc_now
from trainer.db import Database, new_id
from trainer.registry.audit.queries import audit_log, audit_registry
from trainer.registry.entries import EntryKind, public_entry
from trainer.registry.issuer_keys import KeyStatus
from trainer.registry.jose import signed_text
from trainer.registry.models import KeyEvent, LogEntry, RegistryEntry, StatusChange, StatusListVersion
from trainer.registry.notes import Signer
from trainer.registry.published.queries import due_lists, give_status_place
from trainer.registry.published.services import publish_status_lists, record_key_event
from trainer.registry.services import change_status
from trainer.registry.status import Decision, Reason, Word
from trainer.registry.statuslists import (
    LEAST,
    MOST_BYTES,
    BadStatusList,
    StatusPurpose,
    decoded,
    encoded,
    is_set,
    list_document,
    places_for,
    read_list,
)

NOW = datetime(2026, 3, 1, 9, 30, 15, tzinfo=UTC)
HOUR = timedelta(hours=1)
HELD = held_key()
KEYS = {HELD.kid: HELD.certificate}
EMPTY_OF_W3C = "uH4sIAAAAAAAAA-3BMQEAAADCoPVPbQwfoAAAAAAAAAAAAAAAAAAAAIC3AYbSVKsAQAAA"
OF_1EDTECH = json.loads((Path(__file__).parent / "vectors" / "statuslist.json").read_text(encoding="utf-8"))

places = st.sets(st.integers(0, LEAST - 1), max_size=50)


def set_in(bits: bytes) -> set[int]:
    return {8 * at + bit for at, byte in enumerate(bits) if byte for bit in range(8) if is_set(bits, 8 * at + bit)}


# the bits


@given(places)
def test_a_list_reads_back_as_it_was_written(taken: Collection[int]) -> None:
    assert set_in(decoded(encoded(taken, places=LEAST))) == taken


@given(places)
def test_strangers_libraries_read_the_same_bits(taken: Collection[int]) -> None:
    text = encoded(taken, places=LEAST)
    assert set_indices(decode_encoded_list(text)) == taken
    bits = decode_bitstring(text)
    assert all(get_status_bit(bits, place) for place in taken)
    assert decoded(encode_bitstring(bits)) == bits


def test_the_lists_of_w3c_and_1edtech_are_understood() -> None:
    assert set_in(decoded(EMPTY_OF_W3C)) == set()
    assert set_in(decoded(OF_1EDTECH["credentialSubject"]["encodedList"])) == {23}


def test_place_0_is_the_first_bit_of_the_first_byte() -> None:
    assert decoded(encoded([0, 15], places=LEAST))[:3] == b"\x80\x01\x00"


def packed(content: bytes) -> str:
    return "u" + base64.urlsafe_b64encode(content).rstrip(b"=").decode()


@pytest.mark.parametrize(
    ("odd", "said"),
    [
        ("H4sI", "multibase"),
        ("u!!!!", "not base64url of gzip"),
        (packed(b"not gzip"), "not base64url of gzip"),
        (packed(gzip.compress(bytes(LEAST // 8 - 1))), "fewer than 131,072"),
        (packed(gzip.compress(bytes(LEAST // 8))[:-9]), "cut short"),
        (packed(gzip.compress(bytes(LEAST // 8)) + b"more"), "followed by something else"),
        (packed(gzip.compress(bytes(MOST_BYTES + 1))), "larger than any of ours"),
        (packed(gzip.compress(bytes(200_000_000), 1)), "larger than any of ours"),
    ],
    ids=["no multibase", "no base64", "no gzip", "short", "cut", "tail", "large", "bomb"],
)
def test_a_list_that_is_none_is_refused(odd: str, said: str) -> None:
    with pytest.raises(BadStatusList, match=said):
        decoded(odd)


@pytest.mark.parametrize("place", [-1, LEAST])
def test_a_place_outside_the_list_says_neither_yes_nor_no(place: int) -> None:
    with pytest.raises(BadStatusList, match="no such place"):
        is_set(bytes(LEAST // 8), place)


def test_a_list_is_never_small_and_never_more_than_half_full() -> None:
    assert places_for(0) == places_for(LEAST // 2) == LEAST
    assert places_for(LEAST // 2 + 1) == 2 * LEAST
    assert places_for(1, highest=LEAST) == 2 * LEAST


# one list


def jwt_of(
    purpose: StatusPurpose = StatusPurpose.REVOCATION, now: datetime = NOW, key: Held = HELD, **changes: object
) -> str:
    document = list_document(purpose, encoded([7], places=LEAST), did=DID, base_url=BASE_URL, now=now)
    return signed_text({**document, **changes}, key=key, did=DID)


read = partial(read_list, purpose=StatusPurpose.REVOCATION, keys=KEYS, did=DID, base_url=BASE_URL, now=NOW)


def test_a_published_list_is_read_back() -> None:
    assert set_in(read(jwt_of())) == {7}


@pytest.mark.parametrize(
    ("jwt", "said"),
    [
        (jwt_of(StatusPurpose.SUSPENSION), "list for revocation"),
        (jwt_of(now=NOW - 24 * HOUR), "not in force"),
        (jwt_of(now=NOW + HOUR), "not in force"),
        (jwt_of(key=held_key()), "known keys"),
        (jwt_of(id="http://localhost/status/2"), "list for revocation"),
        (jwt_of(type=["VerifiableCredential"]), "list for revocation"),
        (jwt_of(validUntil="2036-03-01T09:30:15Z"), "list for revocation"),
        (jwt_of(therapistLicence="yes"), "list for revocation"),
        ("a.b.c", "not the issuer's"),
    ],
    ids=["purpose", "old", "future", "key", "address", "type", "long", "word", "text"],
)
def test_another_list_is_not_taken_for_it(jwt: str, said: str) -> None:
    with pytest.raises(BadStatusList, match=said):
        read(jwt)


# publishing


@pytest.fixture
def issue(database: Database, log: Signer) -> Callable[..., str]:
    """Enter a certificate with this place in the lists, or none: `issue(7)` gives its id."""

    def enter_one(place: int | None) -> str:
        public_id = new_id()
        with database.transaction() as session:
            session.add(
                RegistryEntry(
                    public_id=public_id,
                    number=public_id[:14],
                    sha256=public_id.ljust(64, "a"),
                    size=50_000,
                    claim_sha256="c0" * 32,
                    issued_at=NOW - 24 * HOUR,
                    valid_until=NOW + 9000 * HOUR,
                    status_index=place,
                )
            )
        return public_id

    return enter_one


@pytest.fixture
def act(database: Database, log: Signer) -> Callable[..., None]:
    """Change a status: `act(public_id, Word.REVOKED)`."""

    def change(public_id: str, word: Word) -> None:
        with database.transaction() as session:
            change_status(
                session,
                public_id=public_id,
                decision=Decision(
                    word=word,
                    at=NOW,
                    reason_code=Reason.CONDUCT,
                    private_reason="Why.",
                    successor="a" * 26 if word is Word.SUPERSEDED else None,
                ),
                log=log,
            )

    return change


@pytest.fixture
def publish(database: Database, log: Signer) -> Callable[..., list[str]]:
    """Publish what is due: `publish(NOW)` gives the purposes."""

    def publish_due(now: datetime = NOW) -> list[str]:
        with database.transaction() as session:
            made = publish_status_lists(
                session,
                sign_jwt=lambda document: signed_text(document, key=HELD, did=DID),
                did=DID,
                base_url=BASE_URL,
                log=log,
                now=now,
            )
            return [version.purpose for version in made]

    return publish_due


def shown(browser: FlaskClient, purpose: StatusPurpose, now: datetime = NOW) -> set[int]:
    return set_in(read(browser.get(f"/status/{purpose}").data.decode(), purpose=purpose, now=now))


def test_each_list_shows_what_it_is_for(
    stranger: FlaskClient, issue: Callable, act: Callable, publish: Callable
) -> None:
    words = (Word.REVOKED, Word.SURRENDERED, Word.SUPERSEDED, Word.SUSPENDED)
    for place, word in enumerate(words, start=100):
        act(issue(place), word)
    issue(200)  # is simply valid
    act(issue(None), Word.REVOKED)  # was issued before there were lists
    assert publish() == ["revocation", "suspension"]
    assert shown(stranger, StatusPurpose.REVOCATION) == {100, 101, 102}
    assert shown(stranger, StatusPurpose.SUSPENSION) == {103}


def test_a_suspension_that_was_lifted_or_ran_out_is_shown_no_more(
    database: Database, stranger: FlaskClient, issue: Callable, act: Callable, publish: Callable
) -> None:
    lifted, ending = issue(1), issue(2)
    act(lifted, Word.SUSPENDED)
    with database.transaction() as session:
        session.add(
            StatusChange(
                public_id=ending,
                status=Word.SUSPENDED,
                reason_code="conduct",
                public_note="",
                private_reason="",
                at=NOW,
                salt=bytes(32),
                until=NOW + 3 * HOUR,
            )
        )
    publish()
    assert shown(stranger, StatusPurpose.SUSPENSION) == {1, 2}
    act(lifted, Word.VALID)
    assert publish(NOW + HOUR) == ["suspension"]
    assert shown(stranger, StatusPurpose.SUSPENSION, NOW + HOUR) == {2}
    assert publish(NOW + 3 * HOUR) == ["suspension"]
    assert shown(stranger, StatusPurpose.SUSPENSION, NOW + 3 * HOUR) == set()


def test_nothing_is_published_twice_until_half_its_time_is_over(publish: Callable) -> None:
    assert publish() == ["revocation", "suspension"]
    assert publish() == []
    assert publish(NOW + 12 * HOUR - timedelta(seconds=1)) == []
    assert publish(NOW + 12 * HOUR) == ["revocation", "suspension"]


def test_lists_that_a_given_up_key_signed_are_published_anew_with_the_next_one(
    database: Database, log: Signer, publish: Callable
) -> None:
    publish()
    following = held_key()
    with database.transaction() as session:
        told = {"certificate_pem": HELD.pem, "trusted_size": None, "log": log, "now": NOW}
        record_key_event(session, kid=HELD.kid, event=KeyStatus.PUBLISHED, **told)
        assert due_lists(session, now=NOW) == []
        record_key_event(session, kid=HELD.kid, event=KeyStatus.COMPROMISED, **told)
        assert len(due_lists(session, now=NOW)) == 2
        publish_status_lists(
            session,
            sign_jwt=lambda document: signed_text(document, key=following, did=DID),
            did=DID,
            base_url=BASE_URL,
            log=log,
            now=NOW,
        )
        assert due_lists(session, now=NOW) == []


def test_a_list_can_be_fetched_from_any_site_and_kept_for_minutes(stranger: FlaskClient, publish: Callable) -> None:
    assert stranger.get("/status/revocation").status_code == 404
    publish()
    answer = stranger.get("/status/revocation")
    assert answer.mimetype == "application/vc+jwt"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Cache-Control"] == "public, max-age=300"
    assert stranger.get("/status/conduct").status_code == 404


def test_the_hash_of_every_published_list_is_in_the_log(database: Database, publish: Callable) -> None:
    publish()
    publish(NOW + 12 * HOUR)
    with database.reading() as session:
        versions = session.scalars(select(StatusListVersion).order_by(StatusListVersion.id)).all()
        logged = session.scalars(select(LogEntry).order_by(LogEntry.index)).all()
    assert [one.data for one in logged] == [
        b'{"purpose":"%s","sha256":"%s","t":"statuslist","v":1}' % (one.purpose.encode(), one.sha256.encode())
        for one in versions
    ]
    assert {one.public_id for one in logged} == {None}


def test_only_keys_and_lists_have_open_entries() -> None:
    with pytest.raises(ValueError, match="Only entries about keys"):
        public_entry(EntryKind.ISSUE, {"holder": "Mara"})
    with pytest.raises(ValueError, match="reserved"):
        public_entry(EntryKind.KEY, {"t": "issue"})


def test_a_place_is_drawn_among_the_free_ones(
    database: Database, issue: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    issue(5)
    drawn = iter([5, 5, 77])
    monkeypatch.setattr("secrets.randbelow", lambda places: next(drawn))
    with database.reading() as session:
        assert give_status_place(session) == 77


# auditing


@pytest.fixture
def audit(
    database: Database, log: Signer, issue: Callable, act: Callable, publish: Callable
) -> Callable[[], list[str]]:
    """Recompute what concerns the log and the lists, after a revocation was published."""
    publish()
    publish(NOW + 12 * HOUR)

    def all_of_it() -> list[str]:
        with database.reading() as session:
            found = [*audit_log(session, verifier=log.verifier, step=lambda: None)]
            return [*found, *audit_registry(session, step=lambda: None)]

    return all_of_it


def test_honest_lists_have_nothing_wrong(audit: Callable) -> None:
    assert audit() == []


ACTS = {
    "list deleted": ("DELETE FROM status_list_version WHERE id = 1", "Entry 1 of the log is about no certificate"),
    "list rewritten": (
        "UPDATE status_list_version SET jwt = 'x' WHERE id = 2",
        "Status list 2 (suspension) is not the",
    ),
    "list and hash rewritten": (
        "UPDATE status_list_version SET sha256 = '00' WHERE id = 2",
        "Status list 2 (suspension) is not in the log",
    ),
    "list called another": (
        "UPDATE status_list_version SET purpose = 'revocation' WHERE id = 2",
        "Status list 2 (revocation) is not in the log",
    ),
    "list dated back": (
        "UPDATE status_list_version SET at = (SELECT MIN(at) FROM status_list_version) WHERE id = 3",
        "Status list 3 (revocation) is dated 2026-03-01 09:30:15+00:00, but was logged 2026-03-01 21:30:15+00:00",
    ),
    "list added": (
        "INSERT INTO status_list_version (purpose, jwt, sha256, encoded, at, valid_until) "
        "SELECT purpose, jwt, sha256, encoded, at, valid_until FROM status_list_version WHERE id = 4",
        "Status list 5 (suspension) is not in the log",
    ),
}


@pytest.mark.parametrize("act_of", ACTS)
def test_tampering_with_lists_is_found_and_named(act_of: str, audit: Callable, tampering: Callable) -> None:
    how, said = ACTS[act_of]
    with tampering() as session:
        session.execute(text(how))
    found = audit()
    assert any(said in sentence for sentence in found), found


# what strangers' software makes of it


def test_an_open_badges_library_sees_a_revocation(
    database: Database, stranger: FlaskClient, issue: Callable, act: Callable, publish: Callable
) -> None:
    from tests.certificates.conftest import claim
    from trainer.certificates.credential.open_badge import credential_of

    with database.transaction() as session:
        session.add(KeyEvent(kid=HELD.kid, event="published", certificate=HELD.pem, at=NOW))
    public_id, now = issue(94_567), utc_now()
    until = now.date() + timedelta(days=400)
    credential = credential_of(claim(valid_until=until), base_url=BASE_URL, status_index=94_567)
    verifier = OB3Verifier.for_issuer_did(DID, download=the_web(stranger))
    publish(now)
    jwt = signed_text(credential, key=HELD, did=DID)
    badge = verifier.verify(jwt, check_status=True, download=the_web(stranger))
    check_credential_status(badge, download=the_web(stranger), verify_list=True)
    act(public_id, Word.REVOKED)
    publish(now)
    with pytest.raises(OB3VerificationError, match="'revocation' is set at index 94567"):
        verifier.verify(jwt, check_status=True, download=the_web(stranger))
