"""Counter and offline check agree as far as each can know; where they differ, the difference is one we state."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.certificates.conftest import ISSUED
from tests.verify.carrier import Carried, trust_for
from trainer.accounts.models import Person
from trainer.certificates.authority import Authority
from trainer.db import Database
from trainer.lifecycle.services import revoke
from trainer.registry.models import RegistryEntry
from trainer.registry.notes import Signer
from trainer.registry.status import Reason
from trainer.verify.offline import verify_offline
from trainer.verify.services import verdict_for_file

DAY = timedelta(days=1)


def as_it_is(pdf: bytes) -> bytes:
    return pdf


@pytest.mark.parametrize(
    ("change", "days", "revoked", "key", "online", "offline"),
    [
        (as_it_is, 30, False, {}, "valid", "valid"),
        (as_it_is, 900, False, {}, "expired", "expired"),
        (as_it_is, -9, False, {}, "not yet valid", "not yet valid"),
        (as_it_is, 30, True, {}, "revoked", "valid"),  # offline says as of when, and that it cannot know
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
            revoke(
                session,
                public_id=session.query(RegistryEntry).one().public_id,
                director=dana,
                reason=Reason.CONDUCT,
                public_note="",
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
