"""The further documents that were asked for, and those that were made."""

import hashlib
from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from trainer.accounts.models import Person
from trainer.certificates.models import (
    Certificate,
    Document,
    DocumentOrder,
    IssuingProblem,
)
from trainer.certificates.queries import certificate_for
from trainer.certificates.tasks import DocumentKind, Ordered
from trainer.errors import Broken, Missing


def documents_ordered(session: Session, *, public_ids: Collection[str] | None = None) -> Sequence[Ordered]:
    """Return the documents that were asked for and not made yet, oldest first, each with its newest problem.

    With `public_ids` only those about these certificates. A problem counts for all that was asked for about a
    certificate by then.
    """
    made = (Document.public_id == DocumentOrder.public_id) & (Document.kind == DocumentOrder.kind)
    query = (
        select(DocumentOrder, Certificate.conferral_id)
        .join(Certificate, Certificate.public_id == DocumentOrder.public_id)
        .outerjoin(Document, made)
        .where(Document.sha256.is_(None))
        .order_by(DocumentOrder.id)
    )
    if public_ids is not None:
        query = query.where(DocumentOrder.public_id.in_(public_ids))
    return [_ordered(session, order, conferral_id) for order, conferral_id in session.execute(query)]


def _ordered(session: Session, order: DocumentOrder, conferral_id: str) -> Ordered:
    since = (IssuingProblem.conferral_id == conferral_id, IssuingProblem.at >= order.at)
    problems = session.scalars(select(IssuingProblem).where(*since).order_by(IssuingProblem.id)).all()
    return Ordered(
        order_id=order.id,
        public_id=order.public_id,
        kind=DocumentKind(order.kind),
        conferral_id=conferral_id,
        asked_at=order.at,
        tries=len(problems),
        problem=problems[-1].sentence if problems else "",
        failed_at=problems[-1].at if problems else None,
    )


def documents_of(session: Session, *, public_ids: Collection[str]) -> Mapping[tuple[str, str], bool]:
    """Say for each (certificate, kind) that was asked for whether the document is made."""
    made = (Document.public_id == DocumentOrder.public_id) & (Document.kind == DocumentOrder.kind)
    query = select(DocumentOrder.public_id, DocumentOrder.kind, Document.sha256).outerjoin(Document, made)
    rows = session.execute(query.where(DocumentOrder.public_id.in_(public_ids)))
    return {(public_id, kind): sha256 is not None for public_id, kind, sha256 in rows}


def document_for(session: Session, *, public_id: str, kind: str, person: Person) -> tuple[Document, Certificate]:
    """Return a document with its bytes, to whoever may have the certificate's paper.

    Raises:
        Missing: there is no such document, or it is none of this person's business.
        Broken: the stored document is not the one that was made.
    """
    certificate, _ = certificate_for(session, public_id=public_id, person=person)
    query = select(Document).options(undefer(Document.pdf))
    document = session.scalar(query.where(Document.public_id == public_id, Document.kind == kind))
    if document is None:
        raise Missing("This document has not been made yet.")
    if hashlib.sha256(document.pdf).hexdigest() != document.sha256:
        raise Broken(f"The stored {kind} of {certificate.number} was altered. Restore it from a backup.")
    return document, certificate
