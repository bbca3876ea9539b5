"""What a holder can have beside the certificate: a transcript, the other size of paper, a card, the credential."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.certificates.conftest import ISSUED
from tests.stage.deciding import decides
from trainer.certificates.audit.queries import audit_certificates
from trainer.certificates.documents.queries import documents_ordered
from trainer.certificates.models import Certificate, Document, DocumentOrder
from trainer.certificates.paper.gate import check_paper
from trainer.certificates.tasks import DocumentKind
from trainer.clock import utc_now
from trainer.db import Database
from trainer.issuing.services import make_document
from trainer.issuing.tools import IssuingTools
from trainer.lifecycle.acts import Act
from trainer.registry.audit.queries import audit_log, audit_registry
from trainer.registry.keys import verifier_in
from trainer.registry.status import Reason
from trainer.verify.handed_in.attachments import texts_in
from trainer.verify.queries import verdict_for_file


@pytest.fixture
def made(database: Database, tools: IssuingTools) -> Callable[[], list[Document]]:
    """Let the worker make what was ordered."""

    def make() -> list[Document]:
        with database.reading() as session:
            orders = [order.order_id for order in documents_ordered(session)]
        for order_id in orders:
            with database.transaction() as session:
                make_document(session, order_id=order_id, tools=tools, now=utc_now())
        with database.reading() as session:
            return [session.get(Document, one.sha256) for one in session.query(Document).order_by(Document.kind)]

    return make


@pytest.fixture
def order(as_, mara, certificate: Certificate) -> Callable[[str], int]:
    """Mara asks for a further document: `order("transcript")`."""
    return lambda kind: as_(mara).send(f"/certificates/{certificate.public_id}/documents/{kind}").status_code


def test_mara_orders_a_transcript_and_downloads_it(
    as_, mara, certificate: Certificate, order, made, tmp_path: Path
) -> None:
    browser, path = as_(mara), f"/certificates/{certificate.public_id}/documents/transcript.pdf"
    assert browser.get(path).status_code == 404
    assert order("transcript") == 303
    assert "is being made" in browser.get("/certificates/").text
    assert len(made()) == 1
    answer = browser.get(path)
    assert answer.mimetype == "application/pdf"
    (tmp_path / "transcript.pdf").write_bytes(answer.data)
    text = subprocess.run(
        ["pdftotext", "-layout", tmp_path / "transcript.pdf", "-"], capture_output=True, text=True, check=True
    ).stdout
    for fact in ("Mara Vogel", certificate.number, "Ethics and informed consent", "6 h 40 min", "12 h 34 min"):
        assert fact in text


def test_every_document_passes_the_gate_and_the_counter_and_is_in_the_log(
    database: Database, certificate: Certificate, tools: IssuingTools, order, made, settings
) -> None:
    assert [order(kind) for kind in ("transcript", "letter")] == [303, 303]
    address = f"{tools.base_url}/c/{certificate.public_id}"
    verifier = verifier_in(settings.instance)
    with database.reading() as session:
        for document in made():
            pdf = session.get(Document, document.sha256).pdf
            check_paper(pdf, address=address)
            assert verdict_for_file(session, content=pdf, log=verifier, now=utc_now()).holds
    with database.reading() as session:
        assert list(audit_log(session, verifier=verifier, step=lambda: None)) == []
        assert list(audit_registry(session, step=lambda: None)) == []
        assert list(audit_certificates(session, step=lambda: None)) == []


def test_the_other_size_of_paper_carries_the_same_credential(
    database: Database, certificate: Certificate, order, made
) -> None:
    order("letter")
    [letter] = made()
    with database.reading() as session:
        there = session.get_one(Certificate, certificate.public_id)
        assert texts_in(session.get_one(Document, letter.sha256).pdf)["credential"] == there.credential
        assert texts_in(there.pdf)["credential"] == there.credential


def test_ordering_twice_is_ordering_once(database: Database, order, made) -> None:
    assert [order("transcript"), order("transcript")] == [303, 303]
    assert len(made()) == len(made()) == 1
    assert order("transcript") == 303
    assert len(made()) == 1
    with database.reading() as session:
        assert session.query(DocumentOrder).count() == 1


def test_the_size_that_the_certificate_has_is_not_made_again(order) -> None:
    assert order("a4") == 409
    assert order("napkin") == 404


@pytest.mark.parametrize(
    "path", ["documents/transcript.pdf", "credential.jwt", "card", "documents/letter.pdf", "documents/napkin.pdf"]
)
def test_another_trainee_finds_nothing(as_, omar, nils, stranger, certificate, order, made, path: str) -> None:
    order("transcript")
    made()
    for browser in (as_(omar), as_(nils)):
        assert browser.get(f"/certificates/{certificate.public_id}/{path}").status_code == 404
        assert browser.send(f"/certificates/{certificate.public_id}/documents/letter").status_code == 404
    assert stranger.get(f"/certificates/{certificate.public_id}/{path}").status_code in (302, 303, 401)


def test_there_is_no_card_of_what_does_not_hold(
    as_, mara, dana, database: Database, log, certificate: Certificate
) -> None:
    assert "A card to print" in as_(mara).get("/certificates/").text
    with database.transaction() as session:
        decides(
            session,
            Act.REVOKE,
            dana,
            certificate.public_id,
            reason=Reason.CONDUCT,
            private_reason="Why.",
            log=log,
            now=ISSUED,
        )
    browser = as_(mara)
    card = browser.get(f"/certificates/{certificate.public_id}/card").text
    assert "No card to print" in card
    assert "Revoked" in card
    assert "data:image/svg+xml" not in card
    assert "Mara Vogel" not in card.partition("<main")[2]
    assert "A card to print" not in browser.get("/certificates/").text


def test_mara_takes_her_credential_and_a_card(as_, mara, database: Database, certificate: Certificate) -> None:
    browser = as_(mara)
    with database.reading() as session:
        credential = session.get_one(Certificate, certificate.public_id).credential
    assert browser.get(f"/certificates/{certificate.public_id}/credential.jwt").text == credential
    card = browser.get(f"/certificates/{certificate.public_id}/card").text
    assert certificate.number in card
    assert "data:image/svg+xml" in card


def test_the_badge_is_for_everybody_and_names_nobody(stranger, certificate: Certificate) -> None:
    answer = stranger.get(f"/c/{certificate.public_id}/badge.svg")
    assert answer.mimetype == "image/svg+xml"
    assert certificate.number in answer.text
    assert "Mara" not in answer.text
    assert stranger.get(f"/c/{'a' * 26}/badge.svg").status_code == 404


def test_the_holder_sees_how_to_share_it(as_, mara, certificate: Certificate) -> None:
    page = as_(mara).get("/certificates/").text
    for part in ("linkedin.com/profile/add", "badge.svg", "A card to print", "Request the transcript"):
        assert part in page
    assert {kind.value for kind in DocumentKind} == {"transcript", "a4", "letter"}
