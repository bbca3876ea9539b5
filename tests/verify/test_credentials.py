"""Credentials, transcripts, erased people and stolen keys at the counter."""

import json
import logging
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from tests.certificates.conftest import ISSUED, claim
from tests.stage.deciding import decides
from tests.verify.carrier import Carried, carried, credential_text, paper_with
from trainer.accounts.models import Person
from trainer.certificates.models import Certificate
from trainer.certificates.signing.authority import Authority
from trainer.db import Database
from trainer.erasure.services import erase_person
from trainer.lifecycle.acts import Act
from trainer.registry.models import KeyEvent, RegistryEntry
from trainer.registry.notes import Signer
from trainer.registry.services import enter_document
from trainer.registry.status import Reason, Word
from trainer.settings import Settings
from trainer.verify.queries import verdict_for_file
from trainer.verify.trust.anchors import kid_in
from trainer.verify.trust.queries import trust_of
from trainer.verify.trust.trust_file import read_trust
from trainer.verify.verdict import Doubt, Verdict


@pytest.fixture
def judged(database: Database, log: Signer, settings: Settings) -> Callable[[bytes], Verdict]:
    """Ask the counter about a file."""

    def ask(content: bytes) -> Verdict:
        with database.reading() as session:
            trust = trust_of(session, settings=settings, now=ISSUED)
            return verdict_for_file(session, content=content, log=log.verifier, now=ISSUED, trust=trust)

    return ask


def enveloped(jwt: str) -> bytes:
    values = {
        "@context": "https://www.w3.org/ns/credentials/v2",
        "type": "EnvelopedVerifiableCredential",
        "id": f"data:application/vc+jwt,{jwt}",
    }
    return json.dumps(values).encode()


@pytest.mark.parametrize("form", [str.encode, lambda jwt: f"\n {jwt}\r\n".encode(), enveloped])
def test_a_credential_as_text_is_as_good_as_its_paper(judged, in_registry: Carried, form) -> None:
    verdict = judged(form(in_registry.jwt))
    assert verdict.status is Word.VALID
    assert verdict.holds
    assert verdict.sentence == "This credential is the one we issued, and the certificate is valid."


def test_a_credential_of_a_revoked_certificate_says_so(
    judged, in_registry: Carried, database: Database, dana: Person, log: Signer
) -> None:
    with database.transaction() as session:
        public_id = session.query(RegistryEntry).one().public_id
        decides(session, Act.REVOKE, dana, public_id, reason=Reason.CONDUCT, private_reason="Why.", log=log, now=ISSUED)
    assert judged(in_registry.jwt.encode()).status is Word.REVOKED
    assert judged(in_registry.pdf).status is Word.REVOKED


@pytest.mark.parametrize("text", ['{"holder": "Eve"}', "{", "eyJ.not.ajwt!", "{" * 100_000, '{"a": "eyJ"}'])
def test_a_credential_without_a_signature_is_not_taken_for_one(judged, in_registry: Carried, text: str) -> None:
    assert judged(text.encode()).status is Doubt.UNREADABLE


def test_a_credential_with_one_sign_changed_is_not_ours(judged, in_registry: Carried) -> None:
    for at in range(3, len(in_registry.jwt), 97):
        changed = in_registry.jwt[:at] + ("A" if in_registry.jwt[at] != "A" else "B") + in_registry.jwt[at + 1 :]
        assert judged(changed.encode()).status in (Doubt.NOT_GENUINE, Doubt.UNREADABLE), at


def test_a_pasted_credential_is_answered_on_the_spot(stranger, in_registry: Carried) -> None:
    answer = stranger.send("/verify", {"reference": in_registry.jwt})
    assert answer.status_code == 200
    assert "This credential is the one we issued" in answer.text


def test_a_pasted_text_that_is_too_long_is_said_to_be(stranger) -> None:
    assert stranger.send("/verify", {"reference": "eyJ" + "a" * 300_000}).status_code == 422


def test_a_forged_page_around_a_genuine_credential_shows_only_what_the_credential_says(
    upload: Callable, in_registry: Carried
) -> None:
    page = upload(in_registry.pdf.replace(b"/MediaBox", b"/MediaBax")).text
    assert page.index("This PDF has been changed.") < page.index("What we certified under this number")
    assert "Mara Vogel" in page
    assert "See the genuine record" in page


def test_a_transcript_is_known_as_well_as_a_paper(
    judged, in_registry: Carried, certificate: Certificate, database: Database, authority: Authority, log: Signer
) -> None:
    transcript = paper_with(claim(), authority, {})
    with database.transaction() as session:
        enter_document(
            session,
            public_id=certificate.public_id,
            kind="transcript",
            sha256=sha256(transcript).hexdigest(),
            size=len(transcript),
            log=log,
            now=ISSUED,
        )
    assert judged(transcript).facts
    assert judged(transcript).sentence.startswith("This transcript is the one we issued, and the certificate is valid")
    assert judged(in_registry.pdf).sentence.startswith("This file is the one we issued")
    assert "1 byte was added after issue" in judged(transcript + b"\n").sentence


def test_of_an_erased_person_only_the_proof_remains(
    judged, in_registry: Carried, certificate: Certificate, database: Database, mara: Person, ada: Person, log, stranger
) -> None:
    with database.transaction() as session:
        erase_person(session, person_id=mara.id, by=ada.id, log=log, now=ISSUED)
    for content in (in_registry.pdf, in_registry.jwt.encode(), in_registry.pdf.replace(b"/MediaBox", b"/MediaBax")):
        verdict = judged(content)
        assert verdict.status == "erased"
        assert not verdict.holds
        assert verdict.facts is None
        assert "its data was deleted on 1 February 2026" in verdict.sentence
    page = stranger.get(f"/c/{certificate.public_id}")
    assert page.status_code == 200
    assert "no longer on record" in page.text
    assert "Mara Vogel" not in page.text


def test_a_good_signature_that_the_registry_does_not_know_raises_an_alarm_and_nothing_else(
    judged, upload: Callable, in_registry: Carried, authority: Authority, caplog: pytest.LogCaptureFixture
) -> None:
    stolen = carried(claim("Eve Forger", public_id="e" * 26, number="2222-2222-2223"), authority)
    with caplog.at_level(logging.ERROR):
        page = upload(stolen.pdf).text
    assert "We did not issue this file." in page
    assert "We found no credential of ours in it." in page  # as of any foreign file: who stole the key learns nothing
    assert "what it signs is not in the registry" in caplog.text
    caplog.clear()
    with caplog.at_level(logging.ERROR):
        assert judged(stolen.jwt.encode()).status is Doubt.NOT_GENUINE
        upload(stolen.jwt.encode())
    assert "bears a good signature of ours" in caplog.text


def test_a_second_credential_with_the_number_of_a_genuine_one_is_not_ours(
    judged, in_registry: Carried, authority: Authority, database: Database
) -> None:
    with database.reading() as session:
        public_id = session.query(RegistryEntry).one().public_id
    assert judged(credential_text(claim("Eve", public_id=public_id), authority).encode()).status is Doubt.NOT_GENUINE


def test_before_anything_was_issued_there_is_nothing_to_pin(stranger) -> None:
    assert stranger.get("/trust.json").status_code == 404


def test_anybody_may_fetch_what_a_verifier_pins(
    stranger, in_registry: Carried, authority: Authority, log: Signer, database: Database
) -> None:
    kid, pem = kid_in(authority.signer), authority.signer.public_bytes(Encoding.PEM).decode()
    pinned = read_trust(stranger.get("/trust.json").text)
    assert (pinned.root, pinned.log, pinned.did) == (authority.root, log.verifier, "did:web:localhost")
    assert pinned.keys[kid].status == "published"
    with database.transaction() as session:
        for event, size in (("compromised", 3), ("retired", None)):
            session.add(KeyEvent(kid=kid, event=event, certificate=pem, trusted_size=size, at=ISSUED))
            session.flush()
    key = read_trust(stranger.get("/trust.json").text).keys[kid]
    assert (key.status, key.trusted_size) == ("compromised", 3)  # given up is given up, whatever is said later


def test_a_damaged_certificate_of_ours_is_the_operators_fault(
    stranger, in_registry: Carried, settings: Settings
) -> None:
    Path(settings.instance / "authority" / "root.pem").write_text("nonsense")
    answer = stranger.get("/trust.json")
    assert answer.status_code == 500
    assert str(settings.instance) not in answer.text
