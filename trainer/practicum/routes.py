"""Read and sign the promises of a programme."""

from flask import Blueprint, flash, redirect
from flask.typing import ResponseReturnValue

from trainer.accounts.access import me, only
from trainer.accounts.words import Role
from trainer.clock import utc_now
from trainer.curriculum.course import course_of
from trainer.enrolment.queries import enrolment_for, release_for
from trainer.errors import Missing
from trainer.practicum import services
from trainer.practicum.forms import SignatureForm
from trainer.practicum.pages import AttestationPage
from trainer.practicum.queries import signed_texts
from trainer.web import reading, transaction
from trainer.web.addresses_above import PageAbove, address_above
from trainer.web.pages import show

bp = Blueprint("practicum", __name__, url_prefix="/practicum")


@bp.route("/<enrolment_id>/attestations/<slug>", methods=["GET", "POST"])
@only(Role.TRAINEE)
def attestation(enrolment_id: str, slug: str) -> ResponseReturnValue:
    """Show the text; keep the signature when it is given."""
    person = me()
    with reading() as session:
        enrolment = enrolment_for(session, person_id=person.id, enrolment_id=enrolment_id)
        text = course_of(release_for(session, enrolment)).attestations.get(slug)
        if text is None:
            raise Missing("There is no such text in your programme.")
        signed = signed_texts(session, enrolment_id=enrolment_id).get((slug, text.hash))
    form = SignatureForm(signer=person.name)
    if signed is None and form.validate_on_submit():
        with transaction() as session:
            services.sign_attestation(
                session,
                enrolment_id=enrolment_id,
                attestation=slug,
                version=text.version,
                text_hash=text.hash,
                name_signed=form.name.data,
                now=utc_now(),
            )
        flash(f"You have signed “{text.title}”.")
        return redirect(address_above(PageAbove.PATH, enrolment_id=enrolment_id), code=303)
    page = AttestationPage(enrolment_id=enrolment_id, attestation=text, signed=signed, form=form)
    return show(page, 422 if form.errors and signed is None else 200)
