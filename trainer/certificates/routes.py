"""My certificates, and all that I can have of them."""

from collections.abc import Collection, Mapping
from datetime import datetime
from html import escape

import segno
from flask import Blueprint, Response, flash, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from trainer.accounts.access import me, public, signed_in
from trainer.audit.words import NotedLook
from trainer.certificates import queries
from trainer.certificates.credential.badge import add_to_profile_link, badge_svg
from trainer.certificates.documents.queries import document_for, documents_of, documents_ordered
from trainer.certificates.documents.services import order_document
from trainer.certificates.facts.claim import Claim
from trainer.certificates.models import Certificate, Conferral
from trainer.certificates.pages import Card, FurtherDocument, MinePage, PrintedCardPage
from trainer.certificates.paper.places import PaperSize
from trainer.certificates.tasks import DocumentKind
from trainer.clock import utc_now
from trainer.errors import Missing
from trainer.registry.queries import status_at
from trainer.registry.status import Status
from trainer.requirements.queries import readable_proof
from trainer.trail.access import looked
from trainer.watches.queries import watching
from trainer.web import reading, settings, transaction
from trainer.web.pages import show

bp = Blueprint("certificates", __name__)


@bp.get("/certificates/")
@signed_in
def mine() -> ResponseReturnValue:
    """Show my certificates, newest first."""
    now = utc_now()
    with reading() as session:
        certificates = queries.certificates_of(session, person_id=me().id)
        public_ids = [certificate.public_id for certificate in certificates]
        made = documents_of(session, public_ids=public_ids)
        failing = {
            (order.public_id, order.kind)
            for order in documents_ordered(session, public_ids=public_ids)
            if order.problem
        }
        watchers = watching(session, public_ids=public_ids)
        undecided = queries.enrolments_without(session, person_id=me().id)
        proofs = [readable_proof(session, enrolment=enrolment, now=now) for enrolment in undecided]
        page = MinePage(
            decided_next=any(proof is not None and proof.met for proof in proofs),
            opened=request.args.get("keep", ""),
            signing=queries.waiting(session, person_id=me().id),
            cards=[
                _card(
                    certificate,
                    status_at(session, public_id=certificate.public_id, now=now),
                    made,
                    failing,
                    watchers[certificate.public_id],
                    now,
                )
                for certificate in certificates
            ],
        )
    return show(page)


def _card(
    certificate: Certificate,
    status: Status,
    made: Mapping[tuple[str, str], bool],
    failing: Collection[tuple[str, str]],
    watchers: int,
    now: datetime,
) -> Card:
    claim, base_url = Claim.read(certificate.claim), settings().base_url
    address = claim.address(base_url)
    kinds = [kind.value for kind in DocumentKind if kind.value != settings().paper_size]
    picture = url_for(".badge", public_id=claim.public_id)
    return Card(
        claim=claim,
        status=status,
        over=status.final_at is not None and now >= status.final_at,
        address=address,
        has_credential=certificate.has_credential,
        watchers=watchers,
        profile_link=add_to_profile_link(claim, base_url),
        embedding=f'<a href="{address}"><img src="{base_url}{picture}" alt="{escape(claim.credential)}"></a>',
        documents=[
            FurtherDocument(
                kind=kind,
                asked=(claim.public_id, kind) in made,
                made=made.get((claim.public_id, kind), False),
                fails=(claim.public_id, kind) in failing,
            )
            for kind in kinds
        ],
    )


@bp.post("/certificates/<public_id>/documents/<kind>")
@signed_in
def order(public_id: str, kind: str) -> ResponseReturnValue:
    """Ask for a further document; the worker makes it."""
    if kind not in set(DocumentKind):
        raise Missing("There is no such document.")
    with transaction() as session:
        order_document(
            session,
            public_id=public_id,
            kind=DocumentKind(kind),
            person=me(),
            paper_size=PaperSize(settings().paper_size),
            now=utc_now(),
        )
    flash("It is being made; in a few seconds it stands below, ready to download.")
    return redirect(url_for(".mine", keep=public_id, _anchor=f"keep-{public_id}"), code=303)


@bp.get("/certificates/<public_id>/documents/<kind>.pdf")
@signed_in
def document(public_id: str, kind: str) -> Response:
    """Hand out the exact bytes of a further document."""
    with reading() as session:
        found, certificate = document_for(session, public_id=public_id, kind=kind, person=me())
        _, conferral = queries.certificate_for(session, public_id=public_id, person=me())
    _note_look(certificate, conferral)
    return _download(found.pdf, "application/pdf", f"{kind}-{certificate.number}.pdf", found.sha256)


@bp.get("/certificates/<public_id>/credential.jwt")
@signed_in
def credential(public_id: str) -> Response:
    """Hand out the credential that machines read."""
    with reading() as session:
        certificate, conferral = queries.certificate_for(session, public_id=public_id, person=me(), paper=True)
        text = certificate.credential
    if text is None:
        raise Missing("This certificate was issued before there were credentials.")
    _note_look(certificate, conferral)
    return _download(text.encode(), "application/jwt", f"credential-{certificate.number}.jwt", certificate.sha256)


@bp.get("/certificates/<public_id>/card")
@signed_in
def card(public_id: str) -> ResponseReturnValue:
    """Show a card to print."""
    with reading() as session:
        certificate, _conferral = queries.certificate_for(session, public_id=public_id, person=me())
        status = status_at(session, public_id=public_id, now=utc_now())
    claim = Claim.read(certificate.claim)
    address = claim.address(settings().base_url)
    code = segno.make(address, error="m").svg_data_uri(border=2)
    return show(PrintedCardPage(claim=claim, status=status, address=address, code=code))


@bp.get("/c/<public_id>/badge.svg")
@public
def badge(public_id: str) -> Response:
    """Draw the picture that a holder puts on a page of their own; it names nobody."""
    with reading() as session:
        certificate = queries.certificate_by_id(session, public_id=public_id)
        if certificate is None:
            raise Missing("There is no such certificate.")
        status = status_at(session, public_id=public_id, now=utc_now())
    response = make_response(badge_svg(Claim.read(certificate.claim), status))
    response.mimetype = "image/svg+xml"
    response.headers["Cache-Control"] = "public, max-age=300"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


@bp.get("/certificates/<public_id>.pdf")
@signed_in
def paper(public_id: str) -> Response:
    """Hand out the exact bytes that were issued."""
    with reading() as session:
        certificate, conferral = queries.certificate_for(session, public_id=public_id, person=me(), paper=True)
    _note_look(certificate, conferral)
    return _download(certificate.pdf, "application/pdf", f"certificate-{certificate.number}.pdf", certificate.sha256)


def _note_look(certificate: Certificate, conferral: Conferral) -> None:
    if conferral.person_id != me().id:
        looked(NotedLook.CERTIFICATE, programme=conferral.programme, subject=f"certificate {certificate.number}")


def _download(content: bytes, kind: str, name: str, etag: str) -> Response:
    response = make_response(content)
    response.mimetype = kind
    response.headers.set("Content-Disposition", "attachment", filename=name)
    response.set_etag(etag)
    response.make_conditional(request)
    return response
