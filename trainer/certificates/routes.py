"""My certificates; the paper itself; revocation."""

from flask import Blueprint, Response, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from trainer.accounts.access import me, only, programmes_where, signed_in
from trainer.accounts.models import Role
from trainer.certificates import services
from trainer.certificates.claim import Claim
from trainer.certificates.forms import RevocationForm
from trainer.certificates.pages import Card, MinePage, RevocationPage
from trainer.clock import utc_now
from trainer.errors import Missing
from trainer.registry.services import log_key, status_at
from trainer.registry.status import Reason
from trainer.web import reading, settings, transaction
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


@bp.route("/certificates/<public_id>/revocation", methods=["GET", "POST"])
@only(Role.DIRECTOR)
def revocation(public_id: str) -> ResponseReturnValue:
    """Ask for reasons; then revoke, and write down who did it and why."""
    now = utc_now()
    with reading() as session:
        certificate, conferral = services.certificate_for(session, public_id=public_id, person=me())
        if conferral.programme not in programmes_where(Role.DIRECTOR):
            raise Missing(_("There is no such certificate in a programme that you direct."))
        status = status_at(session, public_id=public_id, now=now)
    form = RevocationForm()
    if not form.validate_on_submit():
        page = RevocationPage(
            claim=Claim.read(certificate.claim), status=status, enrolment_id=conferral.enrolment_id, form=form
        )
        return show(page, 422 if form.errors else 200)
    with transaction() as session:
        services.revoke(
            session,
            public_id=public_id,
            director=me(),
            reason=Reason(form.reason.data),
            public_note=form.public_note.data or "",
            private_reason=form.private_reason.data,
            log=log_key(session, instance=settings().instance, base_url=settings().base_url),
            now=now,
        )
    return redirect(url_for("verify.certificate", public_id=public_id), code=303)
