"""From a decision to a signed paper in the registry, and the further documents about it."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from trainer.certificates.credential.open_badge import credential_jwt, credential_of
from trainer.certificates.facts.claim import Claim, fingerprint
from trainer.certificates.facts.zone import zone_named
from trainer.certificates.models import (
    Certificate,
    Conferral,
    ConferralWithdrawal,
    Consent,
    Document,
    DocumentOrder,
    IssuingProblem,
)
from trainer.certificates.paper.attachments import enclosures
from trainer.certificates.paper.certificate_page import unsigned_paper
from trainer.certificates.paper.gate import check_paper
from trainer.certificates.paper.pdfa import Attachment
from trainer.certificates.paper.places import PaperSize
from trainer.certificates.paper.transcript import TopicMinutes, TranscriptText, met_in, unsigned_transcript
from trainer.certificates.queries import check_credential, choice_for_next
from trainer.certificates.signing.signature import signed_paper
from trainer.certificates.tasks import DocumentKind
from trainer.enrolment.models import Cohort, Enrolment
from trainer.enrolment.queries import release_with
from trainer.errors import Broken, Missing, Refused
from trainer.issuing.asked import asked_by
from trainer.issuing.tools import IssuingTools
from trainer.lifecycle.replacing.services import begin_replacing, superseded
from trainer.lifecycle.telling.services import tell_issued
from trainer.registry import services as registry
from trainer.registry.jose import unchecked
from trainer.registry.published.queries import give_status_place
from trainer.registry.published.services import ensure_key_published
from trainer.registry.queries import proof_of_credential
from trainer.requirements.catalogue import catalogue_of


def note_problem(session: Session, *, conferral_id: str, sentence: str, now: datetime) -> None:
    """Keep why a certificate, or a further document about it, could not be made just now."""
    session.add(IssuingProblem(conferral_id=conferral_id, sentence=sentence[:2000], at=now))


def issue(session: Session, *, conferral_id: str, tools: IssuingTools, now: datetime) -> tuple[Certificate, bool]:
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
    claim = conferral.conferred.issued_at(now)
    credential, paper = _entered(session, claim, tools, now)
    certificate = Certificate(
        public_id=claim.public_id,
        conferral_id=conferral.id,
        number=claim.number,
        claim=claim.plain(),
        pdf=paper,
        sha256=hashlib.sha256(paper).hexdigest(),
        issued_at=now,
        credential=credential,
    )
    session.add(certificate)
    session.flush()
    level = choice_for_next(session, person_id=conferral.person_id) if conferral.supersedes is None else None
    if level:
        session.add(Consent(public_id=claim.public_id, level=level, at=now))
    return certificate, True


def _entered(session: Session, claim: Claim, tools: IssuingTools, now: datetime) -> tuple[str, bytes]:
    """Sign the credential, commit to it in the log, lay out and sign the paper around it, and enter both."""
    ensure_key_published(session, certificate=tools.authority.signer, log=tools.log, now=now)
    status_index = give_status_place(session)
    document = credential_of(claim, base_url=tools.base_url, status_index=status_index)
    credential = credential_jwt(document, authority=tools.authority, base_url=tools.base_url)
    committed = registry.commit(
        session,
        public_id=claim.public_id,
        claim_sha256=fingerprint(claim),
        credential_sha256=hashlib.sha256(credential.encode()).hexdigest(),
        log=tools.log,
        now=now,
    )
    inside = enclosures(document, credential, committed.proof)
    unsigned = unsigned_paper(
        claim, base_url=tools.base_url, at=now, size=tools.size, attachments=inside, accent=tools.accent
    )
    paper = signed_paper(unsigned, tools.authority)
    check_paper(paper, address=claim.address(tools.base_url))
    tools.check(paper)
    registry.enter_certificate(
        session,
        paper=registry.FinishedPaper(
            public_id=claim.public_id,
            number=claim.number,
            sha256=hashlib.sha256(paper).hexdigest(),
            size=len(paper),
            status_index=status_index,
            issued_at=now,
            valid_until=claim.ends_at,
        ),
        committed=committed,
        log=tools.log,
    )
    return credential, paper


def issue_conferral(session: Session, *, conferral_id: str, tools: IssuingTools, now: datetime) -> Certificate:
    """Issue one certificate, and let it take the place of the one it replaces, if any; repeating it finds the first.

    Call it in one write transaction of its own, as `issue`.

    Raises:
        Refused: a name cannot be written, the decision was taken back, or what it replaces can no longer be.
        Broken: the paper did not pass a check, a key or a timestamp is not to be had, or the log cannot go on.
    """
    conferral = session.get_one(Conferral, conferral_id)
    if conferral.supersedes is not None:
        begin_replacing(session, replacement=conferral, now=now)
    certificate, is_new = issue(session, conferral_id=conferral_id, tools=tools, now=now)
    if not is_new:
        return certificate
    if conferral.supersedes is None:
        tell_issued(session, certificate=certificate, now=now)
        return certificate
    superseded(session, replacement=conferral, log=tools.log, now=now)
    return certificate


def make_document(session: Session, *, order_id: int, tools: IssuingTools, now: datetime) -> None:
    """Lay out, sign, check, enter and keep a further document; making it again changes nothing.

    Raises:
        Refused: a text cannot be written or is too long.
        Broken: the document did not pass a check, or a key or a timestamp is not to be had.
    """
    about = session.scalar(select(DocumentOrder.public_id).where(DocumentOrder.id == order_id))
    registry.lock_certificates(session, public_ids=(about,) if about else ())
    order = session.get(DocumentOrder, order_id)
    if order is None:
        raise Missing("Nobody asked for this document.")
    where = (Document.public_id == order.public_id, Document.kind == order.kind)
    if session.scalar(select(Document.sha256).where(*where)) is not None:
        return
    ensure_key_published(session, certificate=tools.authority.signer, log=tools.log, now=now)
    claim = Claim.read(session.get_one(Certificate, order.public_id).claim)
    pdf = signed_paper(_laid_out(session, order, claim, tools, now), tools.authority)
    check_paper(pdf, address=claim.address(tools.base_url))
    sha256 = hashlib.sha256(pdf).hexdigest()
    registry.enter_document(
        session, public_id=order.public_id, kind=order.kind, sha256=sha256, size=len(pdf), log=tools.log, now=now
    )
    session.add(Document(sha256=sha256, public_id=order.public_id, kind=order.kind, pdf=pdf, at=now))
    session.flush()


def _laid_out(session: Session, order: DocumentOrder, claim: Claim, tools: IssuingTools, now: datetime) -> bytes:
    certificate = session.get_one(Certificate, order.public_id)
    if order.kind == DocumentKind.TRANSCRIPT:
        transcript = _transcript(session, certificate, zone_named(claim.days.name))
        return unsigned_transcript(
            claim, transcript, base_url=tools.base_url, at=now, size=tools.size, accent=tools.accent
        )
    check_credential(session, certificate)
    inside: tuple[Attachment, ...] = ()
    if certificate.credential:
        proof = proof_of_credential(session, public_id=order.public_id)
        inside = enclosures(unchecked(certificate.credential), certificate.credential, proof)
    size = PaperSize(order.kind)
    return unsigned_paper(claim, base_url=tools.base_url, at=now, size=size, attachments=inside, accent=tools.accent)


def _transcript(session: Session, certificate: Certificate, zone: ZoneInfo) -> TranscriptText:
    conferral = session.get_one(Conferral, certificate.conferral_id)
    enrolment = session.get_one(Enrolment, conferral.enrolment_id)
    return TranscriptText(
        met=tuple(met_in(conferral.proof, zone, _asked(session, conferral.conferred.release))),
        topics=tuple(TopicMinutes(title=title, minutes=minutes) for title, minutes in conferral.conferred.topics),
        began_on=session.get_one(Cohort, enrolment.cohort_id).starts_on,
        enrolled_on=enrolment.enrolled_at.astimezone(zone).date(),
    )


def _asked(session: Session, release: str) -> Mapping[tuple[str, str], str]:
    """Return what each part of the content asks; nothing where the content cannot be read, which `doctor` tells.

    A transcript says what somebody did: it is not withheld for want of an explanation.
    """
    try:
        return asked_by(catalogue_of(release_with(session, release)))
    except (Broken, Missing):
        return {}
