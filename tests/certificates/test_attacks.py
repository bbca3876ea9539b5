"""What must not drift, and what must happen once."""

from collections.abc import Callable

from sqlalchemy import update

from trainer.accounts.models import Person
from trainer.certificates.models import Certificate


def test_a_paper_that_was_altered_in_the_database_is_not_handed_out(
    as_: Callable, mara: Person, certificate: Certificate, tampering: Callable
) -> None:
    with tampering() as session:
        session.execute(update(Certificate).values(pdf=b"%PDF-1.7 another"))
    answer = as_(mara).get(f"/certificates/{certificate.public_id}.pdf")
    assert answer.status_code == 500
    assert "was altered" in answer.text
