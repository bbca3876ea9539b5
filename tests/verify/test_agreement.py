"""Counter and offline check agree as far as each can know; where they differ, the difference is one we state."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from tests.certificates.conftest import ISSUED
from tests.stage.deciding import decides
from tests.verify.carrier import Carried, trust_for
from tests.verify.rewritten import REWRITTEN, TEXTS
from trainer.accounts.models import Person
from trainer.certificates.credential.open_badge import credential_jwt
from trainer.certificates.models import Certificate
from trainer.certificates.signing.authority import Authority
from trainer.db import Database
from trainer.errors import Broken
from trainer.lifecycle.acts import Act
from trainer.registry.did import did_of
from trainer.registry.models import KeyEvent, RegistryEntry
from trainer.registry.notes import Signer
from trainer.registry.published.services import publish_status_lists
from trainer.registry.services import change_status
from trainer.registry.status import Decision, Reason, Word
from trainer.settings import Settings
from trainer.verify.offline.checking import verify_offline
from trainer.verify.queries import verdict_for_file
from trainer.verify.trust.anchors import Trust, kid_in
from trainer.verify.trust.queries import trust_file
from trainer.verify.trust.trust_file import read_trust

pytestmark = pytest.mark.usefixtures("each_file_is_read_once")

DAY = timedelta(days=1)


def as_it_is(pdf: bytes) -> bytes:
    return pdf


@pytest.mark.parametrize(
    ("change", "days", "revoked", "key", "online", "offline"),
    [
        (as_it_is, 30, False, {}, "valid", "valid"),
        (as_it_is, 900, False, {}, "expired", "expired"),
        (as_it_is, -9, False, {}, "not yet valid", "not yet valid"),
        (as_it_is, 30, True, {}, "revoked", "valid"),  # without status lists, offline says that it cannot know
        (lambda pdf: pdf + b"\n", 30, False, {}, "altered", "altered"),
        (lambda pdf: pdf.replace(b"/MediaBox", b"/MediaBax"), 30, False, {}, "altered", "altered"),
        (lambda pdf: b"%PDF-1.4\nforeign\n%%EOF\n", 30, False, {}, "not genuine", "not genuine"),
        (lambda pdf: b"", 30, False, {}, "unreadable", "unreadable"),
        # the registry knows every byte; a thief's page around a genuine credential looks the same offline
        (as_it_is, 30, False, {"status": "compromised", "trusted_size": 3}, "valid", "valid"),
        (as_it_is, 30, False, {"status": "compromised", "trusted_size": 2}, "valid", "not genuine"),
    ],
    ids=["good", "expired", "early", "revoked", "appended", "flipped", "foreign", "empty", "key before", "key after"],
)
def test_each_says_what_it_can_know(
    database: Database,
    log: Signer,
    in_registry: Carried,
    authority: Authority,
    dana: Person,
    change: Callable[[bytes], bytes],
    days: int,
    revoked: bool,
    key: dict[str, object],
    online: str,
    offline: str,
) -> None:
    if revoked:
        with database.transaction() as session:
            decides(
                session,
                Act.REVOKE,
                dana,
                session.query(RegistryEntry).one().public_id,
                reason=Reason.CONDUCT,
                private_reason="Why.",
                log=log,
                now=ISSUED + DAY,
            )
    content, now = change(in_registry.pdf), ISSUED + days * DAY
    trust = trust_for(authority, log=log, **key)
    with database.reading() as session:
        counter = verdict_for_file(session, content=content, log=log.verifier, now=now, trust=trust)
    alone = verify_offline(content, trust, now)
    assert (counter.status, alone.status) == (online, offline)
    if revoked:
        assert "a later revocation cannot be seen offline" in alone.sentence
    if key:
        assert counter.holds
        assert not alone.holds
    if not revoked and not key and counter.status == "valid":
        assert counter.holds
        assert alone.holds


@pytest.mark.parametrize(
    ("words", "online", "offline"),
    [
        ([], "valid", "valid"),
        ([Word.REVOKED], "revoked", "revoked"),
        ([Word.SUSPENDED], "suspended", "suspended"),
        ([Word.SUSPENDED, Word.VALID], "valid", "valid"),
        ([Word.SUSPENDED, Word.REVOKED], "revoked", "revoked"),
        ([Word.SURRENDERED], "surrendered", "revoked"),  # a list has one bit: it says that it ended, not how
        ([Word.SUPERSEDED], "superseded", "revoked"),
    ],
    ids=lambda value: "+".join(value) if isinstance(value, list) else None,
)
def test_each_says_what_was_decided_before_the_lists_were_published(
    database: Database,
    log: Signer,
    in_registry: Carried,
    published: Callable[[], Trust],
    act: Callable[..., None],
    words: list[Word],
    online: str,
    offline: str,
) -> None:
    for number, word in enumerate(words):
        act(word, at=ISSUED + DAY + number * timedelta(minutes=1))
    trust, now = published(), ISSUED + 2 * DAY
    with database.reading() as session:
        counter = verdict_for_file(session, content=in_registry.pdf, log=log.verifier, now=now, trust=trust)
    alone = verify_offline(in_registry.pdf, trust, now)
    assert (counter.status, alone.status) == (online, offline)
    assert counter.holds is alone.holds is (online == "valid")
    assert "3 February 2026, 12:00 UTC" in alone.sentence
    assert alone.fresh is alone.holds


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("word", [Word.VALID, Word.REVOKED, Word.SUSPENDED])
def test_of_everything_rewritten_each_says_that_it_is_altered_and_how_the_certificate_inside_stands(
    database: Database,
    log: Signer,
    in_registry: Carried,
    published: Callable[[], Trust],
    act: Callable[..., None],
    word: Word,
) -> None:
    if word is not Word.VALID:
        act(word, at=ISSUED + DAY)
    trust, now = published(), ISSUED + 2 * DAY
    told = set()
    for name, rewrite in REWRITTEN.items():
        content = rewrite(in_registry)
        with database.reading() as session:
            counter = verdict_for_file(session, content=content, log=log.verifier, now=now, trust=trust)
        alone = verify_offline(content, trust, now)
        told.add(alone.status)
        assert not counter.holds, name
        assert not alone.holds, name
        if alone.status != "altered":  # a mirrored JWT is only known online, and what is no text of ours to nobody
            continue
        assert counter.certificate_status is word, name
        good_text = name in TEXTS and word is Word.VALID  # which nothing proves to be in the log: no good is said of it
        assert alone.certificate_status is (None if good_text else word), name
        assert ("3 February 2026, 12:00 UTC" in alone.sentence) is not good_text, name
        assert alone.sentence.startswith("The certificate inside is ") is (word is not Word.VALID), name
    assert "altered" in told


def test_what_was_decided_after_the_lists_is_not_known_and_the_date_says_so(
    in_registry: Carried, published: Callable[[], Trust], act: Callable[..., None]
) -> None:
    trust = published()
    act(Word.REVOKED, at=ISSUED + 3 * DAY)
    verdict = verify_offline(in_registry.pdf, trust, ISSUED + 4 * DAY)
    assert verdict.holds
    assert not verdict.fresh
    assert "Not revoked or suspended as of 3 February 2026, 12:00 UTC" in verdict.sentence
    assert "fetch a newer trust.json" in verdict.sentence
    assert verify_offline(in_registry.pdf, published(ISSUED + 4 * DAY), ISSUED + 4 * DAY).status == "revoked"


def test_lists_by_a_key_that_was_given_up_are_not_handed_out(
    database: Database, in_registry: Carried, published: Callable[..., Trust], authority: Authority, settings: Settings
) -> None:
    published()
    pem = authority.signer.public_bytes(Encoding.PEM).decode()
    with database.transaction() as session:
        kid = kid_in(authority.signer)
        session.add(KeyEvent(kid=kid, event="compromised", certificate=pem, trusted_size=3, at=ISSUED + 2 * DAY))
    with database.reading() as session:
        trust = read_trust(trust_file(session, settings=settings, now=ISSUED + 2 * DAY))
        moved = replace(settings, base_url="http://moved.example")
        assert read_trust(trust_file(session, settings=moved, now=ISSUED + 2 * DAY)).freshness.lists == {}
    assert trust.freshness.lists == {}
    assert "Status unknown since" in verify_offline(in_registry.pdf, trust, ISSUED + 2 * DAY).sentence


def test_the_log_is_not_its_own_witness(
    database: Database, in_registry: Carried, log: Signer, settings: Settings
) -> None:
    named = replace(settings, witnesses=((log.witness.text(), ""),))
    with database.reading() as session, pytest.raises(Broken, match="the log's own key as a witness"):
        trust_file(session, settings=named, now=ISSUED)


@pytest.fixture
def act(database: Database, log: Signer, certificate: Certificate) -> Callable[..., None]:
    """Record a decision about Mara's certificate."""

    def change(word: Word, *, at: datetime) -> None:
        with database.transaction() as session:
            change_status(
                session,
                public_id=certificate.public_id,
                decision=Decision(
                    word=word,
                    at=at,
                    reason_code=Reason.CONDUCT,
                    private_reason="Why.",
                    successor="a" * 26 if word is Word.SUPERSEDED else None,
                ),
                log=log,
            )

    return change


@pytest.fixture
def published(
    database: Database, log: Signer, in_registry: Carried, authority: Authority, settings: Settings
) -> Callable[..., Trust]:
    """Publish the status lists and fetch the trust file, two days after the certificate or at another time."""

    def publish(now: datetime = ISSUED + 2 * DAY) -> Trust:
        with database.transaction() as session:
            publish_status_lists(
                session,
                sign_jwt=lambda document: credential_jwt(document, authority=authority, base_url=settings.base_url),
                did=did_of(settings.base_url),
                base_url=settings.base_url,
                log=log,
                now=now,
            )
        with database.reading() as session:
            return read_trust(trust_file(session, settings=settings, now=now))

    return publish
