"""Ask for a further document about a certificate."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from trainer.accounts.models import Person
from trainer.certificates.models import (
    DocumentOrder,
)
from trainer.certificates.paper.places import PaperSize
from trainer.certificates.queries import certificate_for
from trainer.certificates.tasks import DocumentKind
from trainer.errors import Refused


def order_document(
    session: Session, *, public_id: str, kind: DocumentKind, person: Person, paper_size: PaperSize, now: datetime
) -> None:
    """Ask for a further document; the worker makes it. Asking again changes nothing.

    Raises:
        Missing: there is no such certificate, or it is none of this person's business.
        Refused: the certificate itself is already on paper of this size.
    """
    certificate_for(session, public_id=public_id, person=person)
    if kind.value == paper_size.value:
        raise Refused("The certificate itself is on this size of paper already.")
    asked = select(DocumentOrder.id).where(DocumentOrder.public_id == public_id, DocumentOrder.kind == kind.value)
    if session.scalar(asked) is None:
        session.add(DocumentOrder(public_id=public_id, kind=kind.value, at=now))
