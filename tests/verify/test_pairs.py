"""A number and a file sent together: neither is passed over, and the worse of the two comes first."""

from collections.abc import Callable
from io import BytesIO

import pytest

from tests.certificates.conftest import ISSUED
from tests.stage.deciding import decides
from trainer.accounts.models import Person
from trainer.certificates.models import Certificate
from trainer.db import Database
from trainer.lifecycle.acts import Act
from trainer.registry.notes import Signer
from trainer.registry.status import Reason
from trainer.verify.pairing import of_one_certificate
from trainer.verify.verdict import Doubt, Verdict


@pytest.fixture
def send(stranger) -> Callable[[str, bytes], str]:
    """Send what was typed and a file to the counter, and return the page."""

    def ask(typed: str, content: bytes) -> str:
        sent = {"reference": typed, "file": (BytesIO(content), "certificate.pdf")}
        answer = stranger.send("/verify", sent, content_type="multipart/form-data")
        assert answer.status_code == 200
        return " ".join(answer.text.split())

    return ask


@pytest.fixture
def revoked(
    database: Database, certificate: Certificate, award, enrol, omar: Person, dana: Person, log: Signer
) -> Certificate:
    """Somebody else's certificate, revoked."""
    other = award(enrol(omar), omar)
    with database.transaction() as session:
        decides(
            session,
            Act.REVOKE,
            dana,
            other.public_id,
            reason=Reason.CONDUCT,
            private_reason="Why.",
            log=log,
            now=ISSUED,
        )
    return other


def test_a_number_and_its_own_file_are_one_answer(send, certificate: Certificate, pdf: bytes) -> None:
    page = send(certificate.number, pdf)
    assert "This file is the one we issued" in page
    assert "What you typed is the number of the same certificate." in page


def test_a_revoked_number_beside_the_genuine_file_of_somebody_else_is_red(
    send, revoked: Certificate, certificate: Certificate, pdf: bytes
) -> None:
    page = send(revoked.number, pdf)
    assert 'class="verdict stop"' in page
    assert "Two different certificates" in page
    first = page.index("What you typed: <strong>Revoked</strong>")
    assert first < page.index("The file you sent: <strong>Valid</strong>")
    for certificate_shown in (revoked, certificate):
        assert f"/c/{certificate_shown.public_id}" in page
    assert f'download="receipt-{certificate.number}-' in page


@pytest.mark.parametrize("typed", ["nonsense", "1111-1111-1111", "https://evil.example/c/x"])
def test_a_genuine_file_does_not_make_a_number_that_nobody_has_good(send, pdf: bytes, typed: str) -> None:
    page = send(typed, pdf)
    assert 'class="verdict warn"' in page
    assert "The two do not belong together" in page
    assert page.index("What you typed: <strong>Not found") < page.index("The file you sent: <strong>Valid")


def test_a_good_number_does_not_make_a_foreign_file_good(send, certificate: Certificate) -> None:
    page = send(certificate.number, b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n%%EOF\n")
    assert 'class="verdict stop"' in page
    assert page.index("The file you sent: <strong>Not ours") < page.index("What you typed: <strong>Valid")


def test_an_altered_file_stays_altered_beside_its_own_number(send, certificate: Certificate, pdf: bytes) -> None:
    assert 'class="verdict stop"' in send(certificate.number, pdf + b"\n")


def test_two_answers_about_nothing_belong_to_nothing() -> None:
    def about(public_id: str) -> Verdict:
        return Verdict(status=Doubt.UNKNOWN, sentence="", checked_at=ISSUED, public_id=public_id)

    assert of_one_certificate(about("a"), about("a"))
    assert not of_one_certificate(about("a"), about("b"))
    assert not of_one_certificate(about(""), about(""))
    assert not of_one_certificate(about("a"), about(""))
