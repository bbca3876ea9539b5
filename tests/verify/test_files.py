"""Files at the counter: the genuine one, and every way to tamper with it."""

import json
import random
import zipfile
from collections.abc import Callable
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.certificates.conftest import ISSUED
from tests.stage.deciding import decides
from trainer.accounts.models import Person
from trainer.certificates.models import Certificate
from trainer.db import Database
from trainer.lifecycle.acts import Act
from trainer.registry.notes import Signer
from trainer.registry.status import Reason
from trainer.verify.handed_in.marks import MOST_BEGINNINGS, hashes_of_file, named_in
from trainer.verify.queries import verdict_for_file
from trainer.verify.verdict import Doubt, Verdict, verdict_as_json


def judged(database: Database, log: Signer, content: bytes) -> Verdict:
    with database.reading() as session:
        return verdict_for_file(session, content=content, log=log.verifier, now=ISSUED)


def zip_file() -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("evil.txt", "evil")
    return out.getvalue()


UPDATE = (
    b"1 0 obj\n<</Type /Catalog>>\nendobj\nxref\n0 1\n0000000000 65535 f \n"
    b"trailer\n<</Size 2/Root 1 0 R/Prev 100>>\nstartxref\n50000\n%%EOF\n"
)
ADDITIONS = {
    "a newline": b"\n",
    "a ZIP file": zip_file(),
    "an incremental update": UPDATE,
    "many ends": b"%%EOF\n" * 50,
}


def test_the_genuine_file_is_genuine_and_valid(database: Database, log: Signer, pdf: bytes) -> None:
    verdict = judged(database, log, pdf)
    assert verdict.status == "valid"
    assert verdict.holds
    assert all(check.holds for check in verdict.checks)
    assert verdict.facts
    assert verdict.facts["holder"] == "Mara Vogel"


def test_a_genuine_file_of_a_revoked_certificate_does_not_hold(
    database: Database, pdf: bytes, certificate: Certificate, dana: Person, log: Signer
) -> None:
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
    verdict = judged(database, log, pdf)
    assert verdict.status == "revoked"
    assert not verdict.holds
    assert verdict.checks[0].holds  # the file itself is ours


def test_flipping_any_byte_is_noticed(database: Database, log: Signer, pdf: bytes) -> None:
    for at in random.Random(7).sample(range(len(pdf)), 20):
        changed = bytearray(pdf)
        changed[at] ^= 1
        verdict = judged(database, log, bytes(changed))
        assert isinstance(verdict.status, Doubt), at
        assert not verdict.holds
        assert verdict.facts is None


@pytest.mark.parametrize("added", ADDITIONS.values(), ids=ADDITIONS.keys())
def test_whatever_is_appended_is_counted(
    database: Database, log: Signer, pdf: bytes, certificate: Certificate, added: bytes
) -> None:
    verdict = judged(database, log, pdf + added)
    assert verdict.status is Doubt.ALTERED
    words = f"{len(added):,} {'byte was' if len(added) == 1 else 'bytes were'} added after issue"
    assert words in verdict.sentence
    assert certificate.number in verdict.checks[0].evidence


@pytest.mark.parametrize("share", [0.3, 0.6, 0.99])
def test_a_truncated_file_is_not_the_file(database: Database, log: Signer, pdf: bytes, share: float) -> None:
    assert isinstance(judged(database, log, pdf[: int(len(pdf) * share)]).status, Doubt)


def test_a_changed_page_with_our_metadata_is_called_by_its_name(
    database: Database, log: Signer, pdf: bytes, certificate: Certificate
) -> None:
    verdict = judged(database, log, pdf.replace(b"/MediaBox", b"/MediaBax"))
    assert verdict.status is Doubt.ALTERED
    assert f"names certificate {certificate.number} but is not the file we issued" in verdict.sentence


def test_a_foreign_pdf_is_not_ours(database: Database, log: Signer, certificate: Certificate) -> None:
    assert judged(database, log, b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n%%EOF\n").status is Doubt.NOT_GENUINE


def test_a_pdf_that_names_an_unknown_certificate_is_not_ours(
    database: Database, log: Signer, certificate: Certificate
) -> None:
    forged = b"%PDF-1.7\n<dc:identifier>http://localhost/c/" + b"a" * 26 + b"</dc:identifier>\n%%EOF\n"
    assert judged(database, log, forged).status is Doubt.NOT_GENUINE


@given(st.binary(max_size=300), st.integers(0, 30))
def test_the_marks_of_any_file_are_those_of_its_beginnings(noise: bytes, ends: int) -> None:
    import hashlib

    content = noise + b"%%EOF\n" * ends + noise
    marks = hashes_of_file(content)
    assert marks.whole == hashlib.sha256(content).hexdigest()
    assert len(marks.beginnings) <= MOST_BEGINNINGS
    assert all(hashlib.sha256(content[:at]).hexdigest() == digest for digest, at in marks.beginnings.items())


@given(st.binary(max_size=300))
def test_looking_for_our_name_never_fails(noise: bytes) -> None:
    named_in(b"<dc:identifier>" + noise + b"</dc:identifier>")


def test_the_verdict_can_be_written_as_json(database: Database, log: Signer, pdf: bytes) -> None:
    written = json.loads(json.dumps(verdict_as_json(judged(database, log, pdf))))
    assert written["status"] == "valid"
    assert set(written["checks"][0]) == {"question", "holds", "evidence"}
    assert written["certificate"]["number"]


def test_a_stranger_sends_the_genuine_file_and_reads_the_verdict_first(upload: Callable, pdf: bytes) -> None:
    answer = upload(pdf)
    assert answer.status_code == 200
    page = answer.text
    assert page.index("This file is the one we issued, and the certificate is valid.") < page.index("Mara Vogel")
    assert page.index("Mara Vogel") < page.index("How we know")


def test_an_altered_file_never_shows_facts_beside_the_verdict(upload: Callable, pdf: bytes) -> None:
    page = upload(pdf + b"\n").text
    assert "1 byte was added after issue" in page
    assert "Mara Vogel" not in page


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 100, 422),
        (b"", 422),
        (b"%PDF-" + b"\0" * (2 * 1024 * 1024 - 4), 413),
        (b"%PDF-" + b"\0" * (50 * 1024 * 1024), 413),
        (b"%PDF-1.7\n" + b"%%EOF\n" * 300_000, 200),
    ],
    ids=["PNG", "empty", "2 MB + 1", "50 MB", "300,000 ends"],
)
def test_any_other_upload_gets_one_clear_sentence(upload: Callable, content: bytes, code: int) -> None:
    assert upload(content).status_code == code


def test_a_file_without_a_name_on_it_still_counts_as_nothing(stranger) -> None:
    answer = stranger.send("/verify", {"reference": " "})
    assert answer.status_code == 422
    assert "choose a file" in answer.text


def test_checking_leaves_no_trace(upload: Callable, database: Database, pdf: bytes) -> None:
    from sqlalchemy import func, select

    from trainer.audit.models import AuditEntry

    with database.reading() as session:
        before = session.scalar(select(func.count()).select_from(AuditEntry))
    upload(pdf)
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(AuditEntry)) == before
