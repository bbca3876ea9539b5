"""My certificates; the paper itself."""

from flask import Blueprint, Response, make_response, request
from flask.typing import ResponseReturnValue

from trainer.accounts.access import me, signed_in
from trainer.certificates import services
from trainer.certificates.claim import Claim
from trainer.certificates.pages import Card, MinePage
from trainer.clock import utc_now
from trainer.registry.services import status_at
from trainer.web import reading, settings
from trainer.web.pages import show

bp = Blueprint("certificates", __name__)


@bp.get("/certificates/")
@signed_in
def mine() -> ResponseReturnValue:
    """Show my certificates, newest first."""
    now = utc_now()
    with reading() as session:
        signing = services.waiting(session, person_id=me().id)
        cards = [
            Card(
                claim=(claim := Claim.read(certificate.claim)),
                status=status_at(session, public_id=certificate.public_id, now=now),
                address=claim.address(settings().base_url),
            )
            for certificate in services.certificates_of(session, person_id=me().id)
        ]
    return show(MinePage(cards=cards, signing=signing))


@bp.get("/certificates/<public_id>.pdf")
@signed_in
def paper(public_id: str) -> Response:
    """Hand out the exact bytes that were issued."""
    with reading() as session:
        certificate, _conferral = services.certificate_for(session, public_id=public_id, person=me(), paper=True)
    response = make_response(certificate.pdf)
    response.mimetype = "application/pdf"
    response.headers.set("Content-Disposition", "attachment", filename=f"certificate-{certificate.number}.pdf")
    response.set_etag(certificate.sha256)
    response.make_conditional(request)
    return response
