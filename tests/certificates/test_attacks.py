"""What must not drift, and what must happen once."""

from collections.abc import Callable
from threading import Thread

from sqlalchemy import func, select, update

from tests.certificates.test_pages import REASONS
from trainer.accounts.models import Person
from trainer.audit.models import AuditEntry
from trainer.certificates.models import Certificate
from trainer.db import Database
from trainer.registry.models import StatusChange


def test_a_paper_that_was_altered_in_the_database_is_not_handed_out(
    as_: Callable, mara: Person, certificate: Certificate, tampering: Callable
) -> None:
    with tampering() as session:
        session.execute(update(Certificate).values(pdf=b"%PDF-1.7 another"))
    answer = as_(mara).get(f"/certificates/{certificate.public_id}.pdf")
    assert answer.status_code == 500
    assert "was altered" in answer.text


def test_revoking_eight_times_at_once_is_one_decision(
    as_: Callable, dana: Person, certificate: Certificate, database: Database
) -> None:
    path = f"/certificates/{certificate.public_id}/revocation"
    browsers, codes = [as_(dana) for _ in range(8)], []
    threads = [Thread(target=lambda one=one: codes.append(one.send(path, REASONS).status_code)) for one in browsers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert codes == [303] * 8
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(StatusChange)) == 1
        assert session.scalar(select(func.count()).select_from(AuditEntry).where(AuditEntry.act == "revoke")) == 1


def test_a_note_that_turns_the_line_around_is_refused(as_: Callable, dana: Person, certificate: Certificate) -> None:
    answer = as_(dana).send(
        f"/certificates/{certificate.public_id}/revocation", {**REASONS, "public_note": "\u202edilav si siht"}
    )
    assert answer.status_code == 422
