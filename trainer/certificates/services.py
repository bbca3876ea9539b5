"""Confer, issue and hand out certificates."""

import hashlib
import secrets
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import String, bindparam, exists, func, select
from sqlalchemy.orm import Session, undefer

from trainer.accounts.models import Person, Role
from trainer.accounts.queries import check_may_decide
from trainer.audit.services import note
from trainer.certificates.credential.open_badge import credential_jwt, credential_of
from trainer.certificates.facts.claim import STATEMENT, Claim, claim_issued, fingerprint, hours_of
from trainer.certificates.facts.number import number_from
from trainer.certificates.facts.zone import zone_named
from trainer.certificates.issuing import DocumentKind, Means, Ordered, Waiting
from trainer.certificates.models import (
    STANDS,
    Certificate,
    Conferral,
    ConferralWithdrawal,
    Consent,
    Document,
    DocumentOrder,
    IssuingProblem,
    Occasion,
)
from trainer.certificates.paper.attachments import enclosures
from trainer.certificates.paper.certificate_page import check_claim, unsigned_paper
from trainer.certificates.paper.gate import check_paper
from trainer.certificates.paper.pdfa import Attached
from trainer.certificates.paper.places import PaperSize
from trainer.certificates.paper.transcript import Topic, Transcript, met_in, unsigned_transcript
from trainer.certificates.queries import choice_for_next
from trainer.certificates.signing.signature import signed
from trainer.db import new_id
from trainer.enrolment.models import Cohort, Enrolment
from trainer.errors import Broken, Missing, Refused
from trainer.registry import services as registry
from trainer.registry.jose import unchecked
from trainer.registry.models import StatusChange
from trainer.registry.published.services import ensure_key_published, give_status_place
from trainer.registry.status import FINAL
from trainer.requirements.award import TakenBack
from trainer.requirements.hours import Learning
from trainer.requirements.programme import Programme
from trainer.requirements.rules import Proof, as_json

# written once: building a statement takes longer than running it
_CERTIFICATE = select(Certificate).where(Certificate.public_id == bindparam("about", type_=String))


def conferral_of(session: Session, *, enrolment_id: str) -> Conferral | None:
    """Return the newest decision to confer on this enrolment that was not taken back, or None; replacements aside."""
    mine = (Conferral.enrolment_id == enrolment_id, Conferral.occasion.in_((Occasion.FIRST, Occasion.AGAIN)))
    newest = select(Conferral).where(*mine, STANDS).order_by(Conferral.decided_at.desc(), Conferral.id.desc())
    return session.scalar(newest.limit(1))


def withdrawn_of(session: Session, *, enrolment_id: str) -> ConferralWithdrawal | None:
    """Return how the newest decision to confer on this enrolment was taken back, or None where none was."""
    mine = (Conferral.enrolment_id == enrolment_id, Conferral.occasion.in_((Occasion.FIRST, Occasion.AGAIN)))
    query = select(ConferralWithdrawal).join(Conferral, Conferral.id == ConferralWithdrawal.conferral_id).where(*mine)
    return session.scalar(query.order_by(ConferralWithdrawal.at.desc(), Conferral.id.desc()).limit(1))


def taken_back_of(session: Session, *, enrolment_id: str) -> TakenBack | None:
    """Return who took the newest decision to confer on this enrolment back, and when, or None where nobody did."""
    withdrawn = withdrawn_of(session, enrolment_id=enrolment_id)
    if withdrawn is None:
        return None
    return TakenBack(by=session.get_one(Person, withdrawn.decided_by).name, at=withdrawn.at)


def enrolments_without(session: Session, *, person_id: str) -> Sequence[Enrolment]:
    """Return where somebody is enrolled and nobody has decided about a certificate yet."""
    decided = exists().where(Conferral.enrolment_id == Enrolment.id, STANDS)
    return session.scalars(select(Enrolment).where(Enrolment.person_id == person_id, ~decided)).all()


def certificate_of(session: Session, *, enrolment_id: str) -> Certificate | None:
    """Return the newest certificate of this enrolment, without its paper, or None."""
    query = select(Certificate).join(Conferral, Conferral.id == Certificate.conferral_id)
    mine = query.where(Conferral.enrolment_id == enrolment_id)
    return session.scalar(mine.order_by(Certificate.issued_at.desc()).limit(1))


def waiting(
    session: Session, *, programmes: frozenset[str] | None = None, person_id: str | None = None
) -> Sequence[Waiting]:
    """Return the decisions that no certificate has followed yet, oldest first, each with its newest problem.

    One that was to replace a certificate which was ended meanwhile waits no more, since it can never be carried out;
    nor does one that was taken back.
    With `programmes` only those of these programmes, with `person_id` only those about this person.
    """
    tries = (
        select(
            IssuingProblem.conferral_id,
            func.count().label("count"),
            func.max(IssuingProblem.id).label("newest"),
        )
        .group_by(IssuingProblem.conferral_id)
        .subquery()
    )
    ended = exists().where(StatusChange.public_id == Conferral.supersedes, StatusChange.status.in_(FINAL))
    query = (
        select(Conferral, func.coalesce(tries.c.count, 0), IssuingProblem)
        .outerjoin(Certificate, Certificate.conferral_id == Conferral.id)
        .outerjoin(tries, tries.c.conferral_id == Conferral.id)
        .outerjoin(IssuingProblem, IssuingProblem.id == tries.c.newest)
        .where(Certificate.public_id.is_(None), ~ended, STANDS)
        .order_by(Conferral.decided_at, Conferral.id)
    )
    if programmes is not None:
        query = query.where(Conferral.programme.in_(programmes))
    if person_id is not None:
        query = query.where(Conferral.person_id == person_id)
    return [
        Waiting(
            conferral_id=conferral.id,
            enrolment_id=conferral.enrolment_id,
            holder=conferral.facts["holder"],
            credential=conferral.facts["credential"],
            asked_at=conferral.decided_at,
            tries=count,
            problem=problem.sentence if problem else "",
            failed_at=problem.at if problem else None,
        )
        for conferral, count, problem in session.execute(query)
    ]


def note_problem(session: Session, *, conferral_id: str, sentence: str, now: datetime) -> None:
    """Keep why a certificate, or a further document about it, could not be made just now."""
    session.add(IssuingProblem(conferral_id=conferral_id, sentence=sentence[:2000], at=now))


def certificates_of(session: Session, *, person_id: str) -> Sequence[Certificate]:
    """Return a person's certificates, newest first, without their papers."""
    query = select(Certificate).join(Conferral, Conferral.id == Certificate.conferral_id)
    return session.scalars(query.where(Conferral.person_id == person_id).order_by(Certificate.issued_at.desc())).all()


def certificate_by_id(session: Session, *, public_id: str) -> Certificate | None:
    """Return the certificate with this public id, without its paper, or None; for the public counter."""
    return session.scalar(_CERTIFICATE, {"about": public_id})


def certificate_for(
    session: Session, *, public_id: str, person: Person, paper: bool = False
) -> tuple[Certificate, Conferral]:
    """Return a certificate to its holder, or to a director or administrator of its programme.

    With `paper`, the stored bytes of the paper and the credential are read as well.

    Raises:
        Missing: there is no such certificate, or it is none of this person's business.
        Broken: the stored paper or credential is not the one that was issued.
    """
    query = select(Certificate, Conferral).join(Conferral, Conferral.id == Certificate.conferral_id)
    if paper:
        query = query.options(undefer(Certificate.pdf), undefer(Certificate.credential))
    found = session.execute(query.where(Certificate.public_id == public_id)).first()
    if found is not None:
        certificate, conferral = found
        desk = _holds(person, conferral.programme, Role.DIRECTOR, Role.ADMINISTRATOR)
        if conferral.person_id == person.id or desk:
            if paper and hashlib.sha256(certificate.pdf).hexdigest() != certificate.sha256:
                raise Broken(f"The stored paper of {certificate.number} was altered. Restore it from a backup.")
            if paper:
                _check_credential(session, certificate)
            return certificate, conferral
    raise Missing("There is no such certificate among yours.")


def _check_credential(session: Session, certificate: Certificate) -> None:
    digest = hashlib.sha256(certificate.credential.encode()).hexdigest() if certificate.credential else None
    entry = registry.entry_by_id(session, public_id=certificate.public_id)
    if entry is None or entry.credential_sha256 != digest:
        raise Broken(f"The stored credential of {certificate.number} was altered. Restore it from a backup.")


def confer(
    session: Session,
    *,
    enrolment: Enrolment,
    holder: Person,
    director: Person,
    proof: Proof,
    programme: Programme,
    cohort: Cohort,
    learned: Learning,
    issuer: str,
    now: datetime,
    follows: Conferral | None = None,
    reason: str = "",
) -> Conferral:
    """Keep the director's decision, with all that is to be certified; a second call finds the first.

    The certificate follows as soon as the worker has signed it: see `issue`. `learned` is what was studied, and what
    else counts. A decision that `follows` an earlier one has a reason; whether it may is for the caller
    to say.

    Raises:
        Refused: a requirement is not met, the director is not one or is the holder, or a name cannot be written.
    """
    # Whoever holds this row decides; on SQLite the write transaction itself is the turn.
    session.execute(select(Enrolment.id).where(Enrolment.id == enrolment.id).with_for_update())
    if follows is None and (already := conferral_of(session, enrolment_id=enrolment.id)) is not None:
        return already
    check_may_confer(session, director, enrolment)
    if follows is None and withdrawn_of(session, enrolment_id=enrolment.id) is not None:
        raise Refused("The decision was taken back before. Confer again from the record, with a reason.")
    if not proof.met:
        raise Refused("Some requirements are not met yet, so the certificate cannot be conferred.")
    public_id, number = new_id(), number_from(secrets.randbits(128))
    facts = {
        "public_id": public_id,
        "number": number,
        "holder": holder.name,
        "credential": programme.credential,
        "programme": programme.title,
        "version": programme.version,
        "cohort": cohort.name,
        "release": cohort.release_hash,
        "conferred_by": director.name,
        "issuer": issuer,
        "covered": [title for title, _ in learned.modules],
        "hours": str(hours_of(sum(minutes for _, minutes in learned.topics))),
        "hours_from": [list(part) for part in learned.made_of],
        "statement": STATEMENT,
        "validity_months": programme.validity_months,
        "runs_from": None,
        **({} if programme.time_zone == "UTC" else {"time_zone": programme.time_zone}),
        "topics": [list(topic) for topic in learned.topics],
    }
    check_claim(claim_issued(facts, at=now))
    conferral = Conferral(
        id=new_id(),
        public_id=public_id,
        enrolment_id=enrolment.id,
        person_id=enrolment.person_id,
        programme=enrolment.programme,
        decided_by=director.id,
        decided_at=now,
        release_hash=cohort.release_hash,
        proof={**as_json(proof), "reason": reason.strip()} if follows else as_json(proof),
        occasion=Occasion.AGAIN if follows else Occasion.FIRST,
        follows=follows.id if follows else None,
        facts=facts,
    )
    session.add(conferral)
    session.flush()
    note(
        session,
        actor_id=director.id,
        programme=conferral.programme,
        act="confer again" if follows else "confer",
        subject=f"certificate {number}",
        detail=f"for {holder.name}",
        now=now,
    )
    return conferral


def check_may_confer(session: Session, director: Person, enrolment: Enrolment) -> None:
    """Let a director of the programme decide, but never about themselves.

    Raises:
        Refused: this person does not direct the programme, it is their own certificate, or one of the two owes the
            other an office, be it through others.
    """
    if director.id == enrolment.person_id:
        raise Refused("Nobody confers their own certificate. Another director of the programme must decide.")
    check_may_decide(session, decider_id=director.id, about_id=enrolment.person_id)
    if not _holds(director, enrolment.programme, Role.DIRECTOR):
        raise Refused("Only a director of this programme can confer its certificate.")


def issue(session: Session, *, conferral_id: str, means: Means, now: datetime) -> tuple[Certificate, bool]:
    """Make the certificate of a conferral: sign, lay out, enter into the registry and its log, and keep it.

    Call it in one write transaction of its own: whatever fails, nothing of it is kept, and calling it again makes
    the same certificate. A second call finds the first.

    Returns:
        The certificate, and whether it was issued just now.

    Raises:
        Refused: a name has signs that our fonts cannot write, or the decision was taken back.
        Broken: the paper did not pass a check, a key or a timestamp is not to be had, or the log cannot go on.
    """
    conferral = session.scalar(select(Conferral).where(Conferral.id == conferral_id).with_for_update())
    if conferral is None:
        raise Missing("There is no such decision.")
    if (already := session.get(Certificate, conferral.public_id)) is not None:
        return already, False
    if session.get(ConferralWithdrawal, conferral.id) is not None:
        raise Refused("This decision was taken back, so no certificate follows from it.")
    claim = claim_issued(conferral.facts, at=now)
    ensure_key_published(session, certificate=means.authority.signer, log=means.log, now=now)
    status_index = give_status_place(session)
    document = credential_of(claim, base_url=means.base_url, status_index=status_index)
    credential = credential_jwt(document, authority=means.authority, base_url=means.base_url)
    committed = registry.commit(
        session,
        public_id=claim.public_id,
        claim_sha256=fingerprint(claim),
        credential_sha256=hashlib.sha256(credential.encode()).hexdigest(),
        log=means.log,
        now=now,
    )
    paper = signed(
        unsigned_paper(
            claim,
            base_url=means.base_url,
            at=now,
            size=means.size,
            attachments=enclosures(document, credential, committed.proof),
        ),
        means.authority,
    )
    check_paper(paper, address=claim.address(means.base_url))
    means.check(paper)
    sha256 = hashlib.sha256(paper).hexdigest()
    registry.enter(
        session,
        public_id=claim.public_id,
        number=claim.number,
        sha256=sha256,
        size=len(paper),
        committed=committed,
        status_index=status_index,
        issued_at=now,
        valid_until=claim.ends_at,
        log=means.log,
    )
    certificate = Certificate(
        public_id=claim.public_id,
        conferral_id=conferral.id,
        number=claim.number,
        claim=claim.plain(),
        pdf=paper,
        sha256=sha256,
        issued_at=now,
        credential=credential,
    )
    session.add(certificate)
    session.flush()
    level = choice_for_next(session, person_id=conferral.person_id) if conferral.supersedes is None else None
    if level:
        session.add(Consent(public_id=claim.public_id, level=level, at=now))
    return certificate, True


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


def ordered(session: Session, *, public_ids: Collection[str] | None = None) -> Sequence[Ordered]:
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


def make_document(session: Session, *, order_id: int, means: Means, now: datetime) -> None:
    """Lay out, sign, check, enter and keep a further document; making it again changes nothing.

    Raises:
        Refused: a text cannot be written or is too long.
        Broken: the document did not pass a check, or a key or a timestamp is not to be had.
    """
    about = session.scalar(select(DocumentOrder.public_id).where(DocumentOrder.id == order_id))
    registry.hold(session, public_ids=(about,) if about else ())
    order = session.get(DocumentOrder, order_id)
    if order is None:
        raise Missing("Nobody asked for this document.")
    where = (Document.public_id == order.public_id, Document.kind == order.kind)
    if session.scalar(select(Document.sha256).where(*where)) is not None:
        return
    ensure_key_published(session, certificate=means.authority.signer, log=means.log, now=now)
    claim = Claim.read(session.get_one(Certificate, order.public_id).claim)
    pdf = signed(_laid_out(session, order, claim, means, now), means.authority)
    check_paper(pdf, address=claim.address(means.base_url))
    sha256 = hashlib.sha256(pdf).hexdigest()
    registry.enter_document(
        session, public_id=order.public_id, kind=order.kind, sha256=sha256, size=len(pdf), log=means.log, now=now
    )
    session.add(Document(sha256=sha256, public_id=order.public_id, kind=order.kind, pdf=pdf, at=now))
    session.flush()


def _laid_out(session: Session, order: DocumentOrder, claim: Claim, means: Means, now: datetime) -> bytes:
    certificate = session.get_one(Certificate, order.public_id)
    if order.kind == DocumentKind.TRANSCRIPT:
        transcript = _transcript(session, certificate, zone_named(claim.days.name))
        return unsigned_transcript(claim, transcript, base_url=means.base_url, at=now, size=means.size)
    _check_credential(session, certificate)
    inside: tuple[Attached, ...] = ()
    if certificate.credential:
        proof = registry.proof_of_credential(session, public_id=order.public_id)
        inside = enclosures(unchecked(certificate.credential), certificate.credential, proof)
    return unsigned_paper(claim, base_url=means.base_url, at=now, size=PaperSize(order.kind), attachments=inside)


def _transcript(session: Session, certificate: Certificate, zone: ZoneInfo) -> Transcript:
    conferral = session.get_one(Conferral, certificate.conferral_id)
    enrolment = session.get_one(Enrolment, conferral.enrolment_id)
    return Transcript(
        met=tuple(met_in(conferral.proof, zone)),
        topics=tuple(Topic(title=title, minutes=minutes) for title, minutes in conferral.facts.get("topics", ())),
        began_on=session.get_one(Cohort, enrolment.cohort_id).starts_on,
        enrolled_on=enrolment.enrolled_at.astimezone(zone).date(),
    )


def _holds(person: Person, programme: str, *roles: Role) -> bool:
    return any(held.programme == programme and held.role in roles for held in person.memberships)


def _note(
    session: Session,
    conferral: Conferral,
    certificate: Certificate,
    *,
    actor: Person,
    act: str,
    detail: str,
    now: datetime,
) -> None:
    note(
        session,
        actor_id=actor.id,
        programme=conferral.programme,
        act=act,
        subject=f"certificate {certificate.number}",
        detail=detail,
        now=now,
    )
