"""My certificates, the paper, and revocation."""

import hashlib
from collections.abc import Callable

from sqlalchemy import select

from trainer.accounts.models import Person
from trainer.audit.models import AuditEntry
from trainer.certificates.models import Certificate
from trainer.clock import utc_now
from trainer.db import Database
from trainer.registry.models import StatusChange
from trainer.registry.services import status_at

REASONS = {
    "reason": "conduct",
    "public_note": "Decided by the programme's board.",
    "private_reason": "The board's letter of 3 May.",
    "sure": "y",
}


def test_mara_sees_her_certificate_with_status_and_address(
    as_: Callable, mara: Person, certificate: Certificate
) -> None:
    page = as_(mara).get("/certificates/").text
    assert certificate.number in page
    assert f"/c/{certificate.public_id}" in page
    assert "Valid" in page


def test_omar_sees_a_calm_empty_page(as_: Callable, omar: Person, certificate: Certificate) -> None:
    page = as_(omar).get("/certificates/").text
    assert "No certificate yet" in page
    assert certificate.number not in page


def test_mara_downloads_the_exact_bytes_that_were_issued(as_: Callable, mara: Person, certificate: Certificate) -> None:
    answer = as_(mara).get(f"/certificates/{certificate.public_id}.pdf")
    assert hashlib.sha256(answer.data).hexdigest() == certificate.sha256
    assert answer.mimetype == "application/pdf"
    assert f"certificate-{certificate.number}.pdf" in answer.headers["Content-Disposition"]


def test_a_second_download_of_the_same_bytes_is_not_sent_again(
    as_: Callable, mara: Person, certificate: Certificate
) -> None:
    browser = as_(mara)
    path = f"/certificates/{certificate.public_id}.pdf"
    tag = browser.get(path).headers["ETag"]
    assert browser.get(path, headers={"If-None-Match": tag}).status_code == 304


def test_director_and_administrator_may_have_the_paper_and_others_may_not(
    as_: Callable, certificate: Certificate, dana: Person, ada: Person, omar: Person, nils: Person, sol: Person
) -> None:
    path = f"/certificates/{certificate.public_id}.pdf"
    answers = [as_(person).get(path).status_code for person in (dana, ada, omar, nils, sol)]
    assert answers == [200, 200, 404, 404, 404]


def test_dana_revokes_with_reasons_and_it_is_written_down(
    as_: Callable, certificate: Certificate, dana: Person, database: Database
) -> None:
    browser = as_(dana)
    path = f"/certificates/{certificate.public_id}/revocation"
    assert browser.get(path).status_code == 200
    answer = browser.send(path, REASONS)
    assert answer.location == f"/c/{certificate.public_id}"
    with database.reading() as session:
        status = status_at(session, public_id=certificate.public_id, now=utc_now())
        [act] = session.scalars(select(AuditEntry).where(AuditEntry.act == "revoke"))
    assert (status.word, status.reason_code) == ("revoked", "conduct")
    assert act.actor_id == dana.id
    assert "letter" not in browser.get(answer.location).text


def test_revoking_twice_is_recorded_once(
    as_: Callable, certificate: Certificate, dana: Person, database: Database
) -> None:
    browser = as_(dana)
    for _ in range(2):
        browser.send(f"/certificates/{certificate.public_id}/revocation", REASONS)
    with database.reading() as session:
        assert len(session.scalars(select(StatusChange)).all()) == 1
    assert "Nothing to do" in browser.get(f"/certificates/{certificate.public_id}/revocation").text


def test_a_revocation_without_reasons_changes_nothing(
    as_: Callable, certificate: Certificate, dana: Person, database: Database
) -> None:
    answer = as_(dana).send(f"/certificates/{certificate.public_id}/revocation", {})
    assert answer.status_code == 422
    with database.reading() as session:
        assert status_at(session, public_id=certificate.public_id, now=utc_now()).word == "valid"


def test_only_the_programmes_own_director_may_revoke(
    as_: Callable, certificate: Certificate, mara: Person, ada: Person, nils: Person
) -> None:
    path = f"/certificates/{certificate.public_id}/revocation"
    assert [as_(person).send(path, REASONS).status_code for person in (mara, ada, nils)] == [403, 403, 404]
